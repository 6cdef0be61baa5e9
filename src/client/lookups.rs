//! Lists: search, caller history, like cases, one's own work.

use reqwest::Method;

use super::{Client, ClientError};
use crate::wire::search::{
    CallerHistory, HistoryRequest, LikeCases, LikeRequest, SearchPage, SearchRequest, Work,
};
use crate::wire::suggest::{SuggestRequest, Suggestions};
use crate::wire::topic::HotTopics;

impl Client {
    /// `POST /v1/cases/search`: one page, newest first.
    pub async fn search(&self, request: &SearchRequest) -> Result<SearchPage, ClientError> {
        self.post(&["cases", "search"], request).await
    }

    /// `POST /v1/cases/like`: earlier cases that may be the same event.
    pub async fn like(&self, request: &LikeRequest) -> Result<LikeCases, ClientError> {
        self.post(&["cases", "like"], request).await
    }

    /// `POST /v1/suggest`: which matters and departments a text speaks for.
    pub async fn suggest(&self, request: &SuggestRequest) -> Result<Suggestions, ClientError> {
        self.post(&["suggest"], request).await
    }

    /// `POST /v1/suggest/rebuild`: learn everything anew.
    pub async fn rebuild_suggestions(&self) -> Result<(), ClientError> {
        self.send(self.request(Method::POST, &["suggest", "rebuild"])).await.map(drop)
    }

    /// `POST /v1/callers/history`: what a number called about before.
    pub async fn caller_history(&self, request: &HistoryRequest) -> Result<CallerHistory, ClientError> {
        self.post(&["callers", "history"], request).await
    }

    /// `GET /v1/topics`: what several callers told of one place within a day.
    pub async fn topics(&self) -> Result<HotTopics, ClientError> {
        self.get(&["topics"]).await
    }

    /// `GET /v1/work`: what is mine.
    pub async fn work(&self) -> Result<Work, ClientError> {
        self.get(&["work"]).await
    }
}

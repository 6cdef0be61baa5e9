//! Cases: file, read, change, act.

use reqwest::header::IF_MATCH;
use reqwest::{Method, RequestBuilder, StatusCode};

use super::exchange::send;
use super::{Client, ClientError};
use crate::domain::act::{Act, Verb};
use crate::domain::id::{CaseId, EventId};
use crate::domain::number::CaseNumber;
use crate::wire::act::body_of;
use crate::wire::case::{Batch, BatchResults, CallerBody, CaseView, NewCase, Timeline};

/// A case that was filed.
#[derive(Debug, Clone)]
pub struct Filed {
    /// The case as the server keeps it.
    pub case: CaseView,
    /// False if the same request had been taken before.
    pub created: bool,
}

impl Client {
    /// `PUT /v1/cases/{id}`: files a case; safe to repeat.
    pub async fn file_case(&self, id: CaseId, case: &NewCase) -> Result<Filed, ClientError> {
        let answer = send(self.request(Method::PUT, &["cases", &id.to_string()]).json(case)).await?;
        Ok(Filed { case: answer.json()?, created: answer.status == StatusCode::CREATED })
    }

    /// `POST /v1/cases/batch`: files up to 200 cases, each by itself; safe to repeat.
    pub async fn file_batch(&self, batch: &Batch) -> Result<BatchResults, ClientError> {
        self.post(&["cases", "batch"], batch).await
    }

    /// `GET /v1/cases/{id}`.
    pub async fn case(&self, id: CaseId) -> Result<CaseView, ClientError> {
        self.get(&["cases", &id.to_string()]).await
    }

    /// `GET /v1/cases/by-number/{number}`.
    pub async fn case_by_number(&self, number: &CaseNumber) -> Result<CaseView, ClientError> {
        self.get(&["cases", "by-number", number.as_str()]).await
    }

    /// `GET /v1/cases/{id}/events`.
    pub async fn timeline(&self, id: CaseId) -> Result<Timeline, ClientError> {
        self.get(&["cases", &id.to_string(), "events"]).await
    }

    /// `POST /v1/cases/{id}/caller`: who called, in full; the sight is recorded.
    pub async fn reveal_caller(&self, id: CaseId) -> Result<CallerBody, ClientError> {
        self.post(&["cases", &id.to_string(), "caller"], &serde_json::json!({})).await
    }

    /// `PATCH /v1/cases/{id}` for an amendment, `POST /v1/cases/{id}/{verb}` for any other act, on the case as
    /// it was at `version`; safe to repeat with the same `event_id`.
    pub async fn act(
        &self,
        id: CaseId,
        version: u32,
        event_id: EventId,
        act: Act,
    ) -> Result<CaseView, ClientError> {
        let (verb, body) = body_of(act, event_id).map_err(|_| ClientError::NotUnderstood)?;
        let id = id.to_string();
        let request: RequestBuilder = match verb {
            Verb::Amend => self.request(Method::PATCH, &["cases", &id]),
            verb => self.request(Method::POST, &["cases", &id, verb.code()]),
        };
        send(request.header(IF_MATCH, format!("\"{version}\"")).json(&body)).await?.json()
    }
}

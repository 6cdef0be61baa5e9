//! Search, caller history, like cases and one's own work: lists of case rows.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::case::CaseRow;
use super::topic::HotTopic;
use crate::domain::code::{DivisionCode, MatterCode};
use crate::domain::follow_up::{LastWord, Satisfaction};
use crate::domain::id::CaseId;
pub use crate::domain::likeness::Likeness;
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
pub use crate::domain::relevance::SearchOrder;

/// `POST /v1/cases/search`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    /// The query language of the desk; empty finds everything. At most 200 characters and 8 words.
    pub query: String,
    /// How many a page, 1 to 100; 20 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Where the last page ended; of the newest first only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// In which order; the newest first if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<SearchOrder>,
}

/// A page of a search, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SearchPage {
    /// The cases.
    pub cases: Vec<CaseHit>,
    /// Where the next page begins; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many there are, on the first page: exact where they fit on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Total>,
    /// Words of the query that were not understood as filters and were taken literally.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub literal: Vec<String>,
}

/// How many cases there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Total {
    /// So many.
    pub count: u64,
    /// False where there are more than that.
    pub exact: bool,
}

/// One case found.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CaseHit {
    /// The case.
    #[serde(flatten)]
    pub row: CaseRow,
    /// The part of the text around the first match, at most 120 characters.
    pub excerpt: String,
}

/// `POST /v1/callers/history`: what this number called about before.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HistoryRequest {
    /// The number in any usual form.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub number: PhoneNumber,
    /// How many, 1 to 100; 20 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// The answer: newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CallerHistory {
    /// The cases, newest first.
    pub cases: Vec<CaseRow>,
    /// How many there are in all.
    pub total: u64,
    /// How many of them are open.
    pub open: u64,
    /// What this caller said last when they were asked whether it was solved, among their hundred newest cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_word: Option<LastWordView>,
}

/// 上次满意度: what a caller said of an earlier case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LastWordView {
    /// The case.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub number: CaseNumber,
    /// When they were asked.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// 是否解决.
    pub solved: bool,
    /// 满意度.
    pub satisfaction: Satisfaction,
}

impl From<LastWord> for LastWordView {
    fn from(word: LastWord) -> Self {
        let LastWord { number, at, solved, satisfaction } = word;
        Self { number, at, solved, satisfaction }
    }
}

/// `POST /v1/cases/like`: earlier cases that may be the same event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LikeRequest {
    /// What has been typed so far.
    pub text: String,
    /// The place picked so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub division: Option<DivisionCode>,
    /// The place typed so far.
    #[serde(default)]
    pub detail: String,
    /// The matter picked so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub matter: Option<MatterCode>,
    /// The case being typed, which is not like itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub except: Option<CaseId>,
}

/// One like case.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LikeCase {
    /// The case.
    #[serde(flatten)]
    pub row: CaseRow,
    /// 0 to 100.
    pub score: u8,
    /// Why.
    pub because: Vec<Likeness>,
}

/// The answer: the likest first, at most ten.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LikeCases {
    /// The cases.
    pub cases: Vec<LikeCase>,
    /// The hot topic that what is being typed belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hot: Option<Box<HotTopic>>,
}

/// `GET /v1/work`: what is mine.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Work {
    /// What I took in the last day, newest first, at most 100.
    pub taken: Vec<CaseRow>,
    /// What I took and is not finished, the nearest deadline first, at most 100.
    pub open: Vec<CaseRow>,
    /// What I took and came back, the longest waiting first, at most 100.
    pub returned: Vec<CaseRow>,
    /// The server's clock.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub as_of: Timestamp,
}

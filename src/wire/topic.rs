//! Hot topics: what several callers told of one place within a day.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::code::{DepartmentCode, DivisionCode, MatterCode};
use crate::domain::id::CaseId;

/// A hot topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct HotTopic {
    /// The title of its newest case.
    pub title: String,
    /// The street or district, where all have the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub division: Option<DivisionCode>,
    /// The place in words that most name; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place_detail: String,
    /// The matter, where all have the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub matter: Option<MatterCode>,
    /// How many different callers.
    pub callers: u64,
    /// How many cases.
    pub total: u64,
    /// How many of them are not finished.
    pub open: u64,
    /// When the first caller was heard.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub first_at: Timestamp,
    /// When the last one was.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub last_at: Timestamp,
    /// The departments that have them, the one with the most first.
    #[cfg_attr(feature = "server", schema(value_type = Vec<String>))]
    pub departments: Vec<DepartmentCode>,
    /// The newest of its cases.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
    pub newest: CaseId,
}

/// `GET /v1/topics`: what several callers told of one place within a day, the most callers first; at most twenty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct HotTopics {
    /// The topics.
    pub topics: Vec<HotTopic>,
    /// The server's clock.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub as_of: Timestamp,
}

impl HotTopic {
    /// A topic as it is told; none of an empty one.
    pub fn of(topic: &crate::domain::topic::Topic<'_>) -> Option<Self> {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Some(Self {
            title: topic.title().to_owned(),
            division: topic.division().cloned(),
            place_detail: topic.place().unwrap_or_default().to_owned(),
            matter: topic.matter().cloned(),
            callers: count(topic.callers()),
            total: count(topic.calls().len()),
            open: count(topic.open()),
            first_at: topic.first_at(),
            last_at: topic.last_at(),
            departments: topic.departments(),
            newest: topic.calls().last()?.case,
        })
    }
}

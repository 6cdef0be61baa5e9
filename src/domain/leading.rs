//! 并单 and 拆单: one case for one event. One case leads; what others called about is merged into it.
//!
//! A merged case keeps everything of its own: its number, which its caller was told, its caller, their secrecy and its
//! notes. It only has no course of its own until that is undone. There are no chains: a case that leads others is not
//! merged, and merging into a merged case is merging into its leader.

use serde::{Deserialize, Serialize};

use super::case::Case;
use super::event::EventBody;
use super::id::CaseId;
use super::number::CaseNumber;
use super::progress::{Refusal, Rule};

/// The most cases that one leads. An outage of a whole city has a notice of its own.
pub const ATTACHED_MOST: usize = 500;

/// A case that is merged into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Its identity.
    pub id: CaseId,
    /// The number that its caller was told.
    pub number: CaseNumber,
}

impl Case {
    /// What is recorded when this case is merged into `leader`; none where the number names no case.
    pub(super) fn merged_into(&self, leader: Option<&Self>) -> Result<EventBody, Refusal> {
        let refuse = |rule| Err(Refusal { state: self.state(), rule });
        if self.state().is_finished() {
            // Before all others: whoever asks twice is told that it is done.
            let merged = self.progress.merged().is_some();
            return refuse(if merged { Rule::IsMerged } else { Rule::MustBeOpen });
        }
        let Some(leader) = leader else { return refuse(Rule::NoSuchLeader) };
        if leader.id == self.id {
            return refuse(Rule::IntoItself);
        }
        if !self.attached.is_empty() {
            return refuse(Rule::LeadsOthers);
        }
        if leader.state().is_finished() {
            return refuse(Rule::LeaderFinished);
        }
        if leader.attached.len() >= ATTACHED_MOST {
            return refuse(Rule::TooManyAttached);
        }
        Ok(EventBody::Merged { into: leader.id, number: leader.number.clone() })
    }

    /// What is recorded when that is undone, be the leading case finished or not.
    pub(super) fn unmerged(&self, reason: String) -> Result<EventBody, Refusal> {
        let refuse = || Refusal { state: self.state(), rule: Rule::MustBeMerged };
        let merged = self.progress.merged().ok_or_else(refuse)?;
        Ok(EventBody::Unmerged { from: merged.into, number: merged.number.clone(), reason })
    }

    /// What is recorded on the leading case when `body` is recorded on this one; none where it says nothing of another.
    pub fn for_its_leader(&self, body: &EventBody) -> Option<EventBody> {
        let (case, number) = (self.id, self.number.clone());
        match body {
            EventBody::Merged { .. } => Some(EventBody::Attached { case, number }),
            EventBody::Unmerged { .. } => Some(EventBody::Detached { case, number }),
            _ => None,
        }
    }
}

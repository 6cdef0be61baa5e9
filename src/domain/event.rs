//! What happened to a case: append-only, and the truth of which the case is the projection.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::AccountName;
use super::amendment::Amendment;
use super::case::Intake;
use super::code::DepartmentCode;
use super::follow_up::FollowUp;
use super::id::{CaseId, EventId};
use super::number::CaseNumber;

/// One event in the life of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEvent {
    /// Made by the desk that asked for it, so that the same act sent twice is one event.
    pub id: EventId,
    /// The case.
    pub case_id: CaseId,
    /// 1, 2, 3 … without a gap.
    pub seq: u32,
    /// When the server took it.
    pub at: Timestamp,
    /// Who did it.
    pub by: AccountName,
    /// What happened.
    pub body: EventBody,
}

/// 派单: which departments, and what they are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// 主办: answers for the case.
    pub lead: DepartmentCode,
    /// 协办: help, each with a task of its own.
    #[serde(default)]
    pub assisting: Vec<DepartmentCode>,
    /// 转派意见.
    #[serde(default)]
    pub opinion: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum EventBody {
    /// 受理.
    Registered {
        /// What was taken down.
        intake: Box<Intake>,
        /// The number told to the caller.
        number: CaseNumber,
        /// When the caller was heard.
        received_at: Timestamp,
        /// What the desk's clock said of that, where it cannot be right; `received_at` is then the server's time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        told_at: Option<Timestamp>,
        /// Whether it came so late that a lead has to look at it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_late: bool,
    },
    /// Fields were changed.
    Amended {
        /// The new values.
        changes: Box<Amendment>,
    },
    /// 当场答复.
    Answered {
        /// What the caller was told.
        answer: String,
    },
    /// 派单.
    Dispatched {
        /// To whom.
        order: Order,
        /// Until when.
        due_at: Timestamp,
    },
    /// 改派: taken from the departments that had it and given to others.
    Redispatched {
        /// To whom.
        order: Order,
        /// Until when.
        due_at: Timestamp,
        /// Why.
        reason: String,
    },
    /// 签收.
    Signed {
        /// By which department.
        department: DepartmentCode,
    },
    /// 退单.
    Returned {
        /// By which department.
        department: DepartmentCode,
        /// Why.
        reason: String,
    },
    /// 答复.
    Replied {
        /// By which department.
        department: DepartmentCode,
        /// What was done, for the hotline.
        reply: String,
        /// What the caller may be told.
        public_answer: String,
    },
    /// A note, by anybody who may see the case.
    Noted {
        /// The note.
        text: String,
    },
    /// 催办.
    Reminded {
        /// Whether the caller asked for it.
        by_caller: bool,
        /// What was said.
        text: String,
    },
    /// 回访: the caller was asked whether it was solved.
    FollowedUp {
        /// What they said, if they were reached.
        outcome: FollowUp,
        /// In their words, or why they were not reached.
        text: String,
    },
    /// 重办: dispatched again after a bad follow-up.
    Reworked {
        /// To whom.
        order: Order,
        /// Until when.
        due_at: Timestamp,
        /// What was wrong.
        reason: String,
    },
    /// 办结.
    Closed {
        /// How it ended.
        result: String,
    },
    /// Open again, for dispatch.
    Reopened {
        /// Why.
        reason: String,
    },
    /// 作废.
    Voided {
        /// Why.
        reason: String,
    },
    /// 核实: a lead looked at a case whose time is doubtful or that came late.
    Confirmed,
    /// 并单: merged into a leading case.
    Merged {
        /// The leading case.
        into: CaseId,
        /// Its number.
        number: CaseNumber,
    },
    /// 拆单: on its own again, as it was before.
    Unmerged {
        /// The case that led.
        from: CaseId,
        /// Its number.
        number: CaseNumber,
        /// Why.
        reason: String,
    },
    /// 并单, on the leading case: another was merged into it.
    Attached {
        /// The other case.
        case: CaseId,
        /// Its number.
        number: CaseNumber,
    },
    /// 拆单, on the leading case: another is on its own again.
    Detached {
        /// The other case.
        case: CaseId,
        /// Its number.
        number: CaseNumber,
    },
}

impl EventBody {
    /// The event's code in the store, on the wire and in the locales (`event.code`).
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "registered",
            Self::Amended { .. } => "amended",
            Self::Answered { .. } => "answered",
            Self::Dispatched { .. } => "dispatched",
            Self::Redispatched { .. } => "redispatched",
            Self::Signed { .. } => "signed",
            Self::Returned { .. } => "returned",
            Self::Replied { .. } => "replied",
            Self::Noted { .. } => "noted",
            Self::Reminded { .. } => "reminded",
            Self::FollowedUp { .. } => "followed_up",
            Self::Reworked { .. } => "reworked",
            Self::Closed { .. } => "closed",
            Self::Reopened { .. } => "reopened",
            Self::Voided { .. } => "voided",
            Self::Confirmed => "confirmed",
            Self::Merged { .. } => "merged",
            Self::Unmerged { .. } => "unmerged",
            Self::Attached { .. } => "attached",
            Self::Detached { .. } => "detached",
        }
    }
}

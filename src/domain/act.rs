//! The acts on a case: what a person may ask for, and the decision whether it happens.
//!
//! [`Case::decide`] turns an act into the event it causes or into a refusal. It is asked twice: by the
//! desk, to show what is allowed and why not, and by the server inside the transaction, which decides.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::{Actor, Permission};
use super::amendment::Amendment;
use super::calendar::Calendar;
use super::case::{Case, Intake};
use super::code::{DepartmentCode, State, code_enum};
use super::deadline::DeadlineRules;
use super::event::{CaseEvent, EventBody, Order};
use super::follow_up::FollowUp;
use super::number::CaseNumber;
use super::progress::{Refusal, Rule};

/// What a person asks to be done with a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// Change fields.
    Amend(Box<Amendment>),
    /// 当场答复.
    Answer {
        /// What the caller was told.
        answer: String,
    },
    /// 派单.
    Dispatch(Order),
    /// 改派.
    Redispatch {
        /// To whom.
        order: Order,
        /// Why.
        reason: String,
    },
    /// 签收.
    Sign {
        /// By which department.
        department: DepartmentCode,
    },
    /// 退单.
    Return {
        /// By which department.
        department: DepartmentCode,
        /// Why.
        reason: String,
    },
    /// 答复.
    Reply {
        /// By which department.
        department: DepartmentCode,
        /// For the hotline.
        reply: String,
        /// For the caller.
        public_answer: String,
    },
    /// A note.
    Note {
        /// The note.
        text: String,
    },
    /// 催办.
    Remind {
        /// Whether the caller asked for it.
        by_caller: bool,
        /// What was said.
        text: String,
    },
    /// 回访.
    FollowUp {
        /// What the caller said, if they were reached.
        outcome: FollowUp,
        /// In their words, or why they were not reached.
        text: String,
    },
    /// 重办.
    Rework {
        /// To whom.
        order: Order,
        /// What was wrong.
        reason: String,
    },
    /// 办结.
    Close {
        /// How it ended.
        result: String,
    },
    /// Open again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// 作废.
    Void {
        /// Why.
        reason: String,
    },
    /// 核实: a lead has looked at a case whose time is doubtful or that came late.
    Confirm,
    /// 并单: the same event as an earlier case, which leads from now on.
    Merge {
        /// The number of the leading case, or of one that is merged into it.
        into: CaseNumber,
    },
    /// 拆单: it was another event after all.
    Unmerge {
        /// Why.
        reason: String,
    },
}

code_enum! {
    /// The verb of an act: its route (`/v1/cases/{id}/{verb}`), its action on the desk and its name in the locales.
    Verb = "verb" {
        /// Change fields.
        Amend = "amend",
        /// 当场答复.
        Answer = "answer",
        /// 派单.
        Dispatch = "dispatch",
        /// 改派.
        Redispatch = "redispatch",
        /// 签收.
        Sign = "sign",
        /// 退单.
        Return = "return",
        /// 答复.
        Reply = "reply",
        /// Write a note.
        Note = "note",
        /// 催办.
        Remind = "remind",
        /// 回访.
        FollowUp = "follow_up",
        /// 重办.
        Rework = "rework",
        /// 办结.
        Close = "close",
        /// Open again.
        Reopen = "reopen",
        /// 作废.
        Void = "void",
        /// 核实.
        Confirm = "confirm",
        /// 并单.
        Merge = "merge",
        /// 拆单.
        Unmerge = "unmerge",
    }
}

impl Verb {
    /// What a role needs for this act at least.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Amend
            | Self::Answer
            | Self::Dispatch
            | Self::Redispatch
            | Self::FollowUp
            | Self::Rework
            | Self::Remind
            | Self::Close
            | Self::Reopen
            | Self::Merge
            | Self::Unmerge => Permission::TakeCases,
            Self::Sign | Self::Return | Self::Reply => Permission::HandleCases,
            Self::Note => Permission::SignedIn,
            Self::Void | Self::Confirm => Permission::SteerShift,
        }
    }
}

impl Act {
    /// Its verb.
    pub const fn verb(&self) -> Verb {
        match self {
            Self::Amend(_) => Verb::Amend,
            Self::Answer { .. } => Verb::Answer,
            Self::Dispatch(_) => Verb::Dispatch,
            Self::Redispatch { .. } => Verb::Redispatch,
            Self::Sign { .. } => Verb::Sign,
            Self::Return { .. } => Verb::Return,
            Self::Reply { .. } => Verb::Reply,
            Self::Note { .. } => Verb::Note,
            Self::Remind { .. } => Verb::Remind,
            Self::FollowUp { .. } => Verb::FollowUp,
            Self::Rework { .. } => Verb::Rework,
            Self::Close { .. } => Verb::Close,
            Self::Reopen { .. } => Verb::Reopen,
            Self::Void { .. } => Verb::Void,
            Self::Confirm => Verb::Confirm,
            Self::Merge { .. } => Verb::Merge,
            Self::Unmerge { .. } => Verb::Unmerge,
        }
    }

    /// The departments it names, to be looked up in the profile.
    pub fn departments(&self) -> Vec<&DepartmentCode> {
        match self {
            Self::Dispatch(order) | Self::Redispatch { order, .. } | Self::Rework { order, .. } => {
                std::iter::once(&order.lead).chain(&order.assisting).collect()
            }
            Self::Sign { department } | Self::Return { department, .. } | Self::Reply { department, .. } => {
                vec![department]
            }
            _ => Vec::new(),
        }
    }
}

/// Whether the state of a case and a person's role allow an act, as far as that can be told without its details.
pub const fn allowed(verb: Verb, state: State, actor: &Actor) -> Result<(), Rule> {
    if !verb.permission().granted_to(actor.role) {
        return Err(Rule::NotYourRole);
    }
    let rule = match verb {
        Verb::Unmerge if !matches!(state, State::Merged) => Rule::MustBeMerged,
        Verb::Note | Verb::Confirm | Verb::Unmerge => return Ok(()),
        // The caller of a merged case is asked as well.
        Verb::FollowUp if state.is_to_be_followed_up() => return Ok(()),
        Verb::FollowUp => Rule::NothingToFollowUp,
        // What becomes of it is decided on the case that leads.
        _ if matches!(state, State::Merged) => Rule::IsMerged,
        Verb::Amend | Verb::Remind | Verb::Close | Verb::Merge if state.is_finished() => Rule::MustBeOpen,
        Verb::Void if matches!(state, State::Voided) => Rule::MustBeOpen,
        Verb::Answer | Verb::Dispatch if !matches!(state, State::Registered) => Rule::MustBeRegistered,
        Verb::Redispatch | Verb::Sign | Verb::Return | Verb::Reply if !state.is_with_department() => {
            Rule::MustBeWithDepartment
        }
        Verb::Rework if !matches!(state, State::Replied) => Rule::MustBeReplied,
        Verb::Reopen if !matches!(state, State::Closed | State::Answered | State::Voided) => {
            Rule::MustBeFinished
        }
        _ => return Ok(()),
    };
    Err(rule)
}

/// The rules of the city by which an act is decided.
#[derive(Debug, Clone, Copy)]
pub struct CityRules<'a> {
    /// How long each kind of case may take.
    pub deadlines: &'a DeadlineRules,
    /// Which days count.
    pub calendar: &'a Calendar,
}

impl CityRules<'_> {
    /// When a case like `intake`, dispatched at `at`, must be finished.
    pub fn due_at(&self, intake: &Intake, at: Timestamp) -> Timestamp {
        self.deadlines.due_at(intake.kind, intake.urgency, at, self.calendar)
    }
}

impl Case {
    /// The event that `act` causes, or the rule that refuses it. `leader` is the case that a merge is to be led by: the
    /// one that leads, not one that is merged itself.
    pub fn decide(
        &self,
        act: Act,
        leader: Option<&Self>,
        actor: &Actor,
        rules: CityRules<'_>,
        at: Timestamp,
    ) -> Result<EventBody, Refusal> {
        let refuse = |rule| Err(Refusal { state: self.state(), rule });
        if !actor.may(act.verb().permission()) {
            return refuse(Rule::NotYourRole);
        }
        if let Act::Sign { department } | Act::Return { department, .. } | Act::Reply { department, .. } =
            &act
            && !actor.speaks_for(department)
        {
            return refuse(Rule::NotYourDepartment);
        }
        if act.verb() == Verb::Void && !self.attached.is_empty() {
            return refuse(Rule::LeadsOthers);
        }
        let due_at = rules.due_at(&self.intake, at);
        let body = match act {
            Act::Amend(changes) => EventBody::Amended { changes },
            Act::Answer { answer } => EventBody::Answered { answer },
            Act::Dispatch(order) => EventBody::Dispatched { order: order.without_repeats(), due_at },
            Act::Redispatch { order, reason } => {
                EventBody::Redispatched { order: order.without_repeats(), due_at, reason }
            }
            Act::Sign { department } => EventBody::Signed { department },
            Act::Return { department, reason } => EventBody::Returned { department, reason },
            Act::Reply { department, reply, public_answer } => {
                EventBody::Replied { department, reply, public_answer }
            }
            Act::Note { text } => EventBody::Noted { text },
            Act::Remind { by_caller, text } => EventBody::Reminded { by_caller, text },
            Act::FollowUp { outcome, text } => EventBody::FollowedUp { outcome, text },
            Act::Rework { order, reason } => {
                EventBody::Reworked { order: order.without_repeats(), due_at, reason }
            }
            Act::Close { result } => EventBody::Closed { result },
            Act::Reopen { reason } => EventBody::Reopened { reason },
            Act::Void { reason } => EventBody::Voided { reason },
            Act::Confirm if !self.is_to_be_confirmed() => return refuse(Rule::NothingToConfirm),
            Act::Confirm => EventBody::Confirmed,
            Act::Merge { .. } => self.merged_into(leader)?,
            Act::Unmerge { reason } => self.unmerged(reason)?,
        };
        self.progress.clone().after(&body, at)?;
        Ok(body)
    }
}

impl Order {
    /// The same order with each department named once, the lead not among the assisting.
    fn without_repeats(mut self) -> Self {
        let mut seen = std::collections::BTreeSet::from([self.lead.clone()]);
        self.assisting.retain(|code| seen.insert(code.clone()));
        self
    }
}

/// The next event of `case`.
pub fn next_event(
    case: &Case,
    id: super::id::EventId,
    by: &Actor,
    at: Timestamp,
    body: EventBody,
) -> CaseEvent {
    CaseEvent { id, case_id: case.id, seq: case.version + 1, at, by: by.name.clone(), body }
}

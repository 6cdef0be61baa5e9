//! How far a case has come: a type that cannot be in two states, and its transitions.
//!
//! Each transition consumes the state it starts from; a refused one names that state and the rule.
//! [`Progress::after`] is the one table of what follows what, for new events and for replayed ones alike.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::code::{DepartmentCode, State, code_enum};
use super::event::{EventBody, Order};
use super::id::CaseId;
use super::number::CaseNumber;

code_enum! {
    /// Where one department's task stands.
    TaskState = "task_state" {
        /// 待签收.
        Waiting = "waiting",
        /// 已签收.
        Signed = "signed",
        /// 已答复.
        Replied = "replied",
    }
}

/// What one department has to do with the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The department.
    pub department: DepartmentCode,
    /// Where its task stands.
    pub state: TaskState,
    /// When it came there.
    pub since: Timestamp,
    /// What it replied, once it has.
    pub reply: String,
}

impl Task {
    fn new(department: DepartmentCode, at: Timestamp) -> Self {
        Self { department, state: TaskState::Waiting, since: at, reply: String::new() }
    }
}

/// The departments that have the case, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// 主办.
    pub lead: Task,
    /// 协办.
    pub assisting: Vec<Task>,
    /// 转派意见.
    pub opinion: String,
    /// When it was dispatched.
    pub dispatched_at: Timestamp,
    /// When it must be finished.
    pub due_at: Timestamp,
    /// 公开答复: what the caller may be told, once the lead department has replied.
    pub public_answer: String,
}

impl Assignment {
    fn new(order: Order, at: Timestamp, due_at: Timestamp) -> Self {
        let assisting = order.assisting.into_iter().map(|code| Task::new(code, at)).collect();
        Self {
            lead: Task::new(order.lead, at),
            assisting,
            opinion: order.opinion,
            dispatched_at: at,
            due_at,
            public_answer: String::new(),
        }
    }

    /// The task of `department`, if it has one.
    pub fn task(&self, department: &DepartmentCode) -> Option<&Task> {
        std::iter::once(&self.lead).chain(&self.assisting).find(|task| task.department == *department)
    }

    fn task_mut(&mut self, department: &DepartmentCode) -> Option<&mut Task> {
        std::iter::once(&mut self.lead).chain(&mut self.assisting).find(|task| task.department == *department)
    }

    /// Every department that has the case, the lead first.
    pub fn departments(&self) -> impl Iterator<Item = &DepartmentCode> {
        std::iter::once(&self.lead).chain(&self.assisting).map(|task| &task.department)
    }
}

/// 退单: who sent it back, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The department.
    pub department: DepartmentCode,
    /// Its reason.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// The state of a case, with what only that state has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Progress {
    /// 待派单.
    Registered {
        /// The last return, if it came back.
        returned: Option<Returned>,
    },
    /// 待签收.
    Dispatched(Assignment),
    /// 办理中.
    InProgress(Assignment),
    /// 待回访.
    Replied(Assignment),
    /// 已办结.
    Closed {
        /// Who had it last, if anybody did.
        assignment: Option<Assignment>,
        /// How it ended.
        result: String,
    },
    /// 当场答复.
    Answered {
        /// What the caller was told.
        answer: String,
    },
    /// 已并单.
    Merged(Merged),
    /// 已作废.
    Voided {
        /// Why.
        reason: String,
    },
}

/// 并单: which case leads, and what comes back when that is undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// The leading case.
    pub into: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// How far the case had come by itself.
    pub before: Box<Progress>,
}

impl Default for Progress {
    fn default() -> Self {
        Self::Registered { returned: None }
    }
}

/// An act that the state of the case, or its fields, do not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("refused in state {}: {rule}", state.code())]
pub struct Refusal {
    /// The state the case is in.
    pub state: State,
    /// The rule that refuses.
    pub rule: Rule,
}

code_enum! {
    /// Why an act is refused; `rule.code` is its sentence in the locales.
    Rule = "rule" {
        /// Only a case that is waiting for dispatch.
        MustBeRegistered = "must_be_registered",
        /// Only a case that a department has.
        MustBeWithDepartment = "must_be_with_department",
        /// Only a case that has been dispatched and not been finished.
        MustBeDispatched = "must_be_dispatched",
        /// Only a case with a reply.
        MustBeReplied = "must_be_replied",
        /// Only a case whose caller has been answered, or was told that the leading case will be.
        NothingToFollowUp = "nothing_to_follow_up",
        /// Only a case that is not finished.
        MustBeOpen = "must_be_open",
        /// Only a case that is finished.
        MustBeFinished = "must_be_finished",
        /// The department has no task in this case.
        NotItsTask = "not_its_task",
        /// The department signed already.
        AlreadySigned = "already_signed",
        /// The department has to sign first.
        SignFirst = "sign_first",
        /// The department replied already.
        AlreadyReplied = "already_replied",
        /// A case is registered once.
        RegisteredOnce = "registered_once",
        /// The actor does not speak for that department.
        NotYourDepartment = "not_your_department",
        /// Nothing about the case waits for a lead.
        NothingToConfirm = "nothing_to_confirm",
        /// The act needs a role the actor does not have.
        NotYourRole = "not_your_role",
        /// The case is merged: what becomes of it is decided on the leading one.
        IsMerged = "is_merged",
        /// Only a case that is merged.
        MustBeMerged = "must_be_merged",
        /// No case has the number that a case is to be merged into.
        NoSuchLeader = "no_such_leader",
        /// A case is not merged into itself, nor into one that is merged into it.
        IntoItself = "into_itself",
        /// The case that is to lead is finished.
        LeaderFinished = "leader_finished",
        /// Others are merged into the case.
        LeadsOthers = "leads_others",
        /// So many are merged into the leading case that there is no room for another.
        TooManyAttached = "too_many_attached",
    }
}

type Next = Result<Progress, Refusal>;

impl Progress {
    /// The state word.
    pub const fn state(&self) -> State {
        match self {
            Self::Registered { .. } => State::Registered,
            Self::Dispatched(_) => State::Dispatched,
            Self::InProgress(_) => State::InProgress,
            Self::Replied(_) => State::Replied,
            Self::Closed { .. } => State::Closed,
            Self::Answered { .. } => State::Answered,
            Self::Merged(_) => State::Merged,
            Self::Voided { .. } => State::Voided,
        }
    }

    /// Which case leads it, if it is merged.
    pub const fn merged(&self) -> Option<&Merged> {
        match self {
            Self::Merged(merged) => Some(merged),
            _ => None,
        }
    }

    /// The departments that have it, or had it last.
    pub const fn assignment(&self) -> Option<&Assignment> {
        match self {
            Self::Dispatched(a) | Self::InProgress(a) | Self::Replied(a) => Some(a),
            Self::Closed { assignment, .. } => assignment.as_ref(),
            _ => None,
        }
    }

    /// The state after an event, or why it cannot follow.
    pub fn after(self, body: &EventBody, at: Timestamp) -> Next {
        match body {
            EventBody::Registered { .. } => self.refuse(Rule::RegisteredOnce),
            EventBody::Amended { .. } | EventBody::Reminded { .. } => self.while_open(),
            EventBody::Noted { .. }
            | EventBody::Confirmed
            | EventBody::Attached { .. }
            | EventBody::Detached { .. } => Ok(self),
            EventBody::FollowedUp { .. } => self.once_answered(),
            EventBody::Answered { answer } => self.answer(answer.clone()),
            EventBody::Dispatched { order, due_at } => self.dispatch(order.clone(), at, *due_at),
            EventBody::Redispatched { order, due_at, .. } => self.redispatch(order.clone(), at, *due_at),
            EventBody::Signed { department } => self.sign(department, at),
            EventBody::Returned { department, reason } => self.send_back(department, reason.clone(), at),
            EventBody::Replied { department, reply, public_answer } => {
                self.reply(department, reply.clone(), public_answer.clone(), at)
            }
            EventBody::Reworked { order, due_at, .. } => self.rework(order.clone(), at, *due_at),
            EventBody::Closed { result } => self.close(result.clone()),
            EventBody::Reopened { .. } => self.reopen(),
            EventBody::Voided { reason } => self.void(reason.clone()),
            EventBody::Merged { into, number } => self.merge(*into, number.clone()),
            EventBody::Unmerged { .. } => self.unmerge(),
        }
    }

    /// Of a merged case one rule says all that needs to be said.
    fn refuse(&self, rule: Rule) -> Next {
        let rule = if matches!(self, Self::Merged(_)) { Rule::IsMerged } else { rule };
        Err(Refusal { state: self.state(), rule })
    }

    fn while_open(self) -> Next {
        if self.state().is_finished() { self.refuse(Rule::MustBeOpen) } else { Ok(self) }
    }

    fn once_answered(self) -> Next {
        if self.state().is_to_be_followed_up() { Ok(self) } else { self.refuse(Rule::NothingToFollowUp) }
    }

    fn answer(self, answer: String) -> Next {
        match self {
            Self::Registered { .. } => Ok(Self::Answered { answer }),
            other => other.refuse(Rule::MustBeRegistered),
        }
    }

    fn dispatch(self, order: Order, at: Timestamp, due_at: Timestamp) -> Next {
        match self {
            Self::Registered { .. } => Ok(Self::Dispatched(Assignment::new(order, at, due_at))),
            other => other.refuse(Rule::MustBeRegistered),
        }
    }

    fn redispatch(self, order: Order, at: Timestamp, due_at: Timestamp) -> Next {
        match self {
            Self::Dispatched(_) | Self::InProgress(_) => {
                Ok(Self::Dispatched(Assignment::new(order, at, due_at)))
            }
            other => other.refuse(Rule::MustBeWithDepartment),
        }
    }

    fn sign(self, department: &DepartmentCode, at: Timestamp) -> Next {
        let state = self.state();
        let (Self::Dispatched(mut assignment) | Self::InProgress(mut assignment)) = self else {
            return self.refuse(Rule::MustBeWithDepartment);
        };
        let refuse = |rule| Err(Refusal { state, rule });
        match assignment.task_mut(department) {
            None => return refuse(Rule::NotItsTask),
            Some(task) if task.state != TaskState::Waiting => return refuse(Rule::AlreadySigned),
            Some(task) => (task.state, task.since) = (TaskState::Signed, at),
        }
        if assignment.lead.state == TaskState::Waiting {
            Ok(Self::Dispatched(assignment))
        } else {
            Ok(Self::InProgress(assignment))
        }
    }

    /// A lead department's return takes the case back; an assisting one's only ends its own task.
    fn send_back(self, department: &DepartmentCode, reason: String, at: Timestamp) -> Next {
        let state = self.state();
        let (Self::Dispatched(mut assignment) | Self::InProgress(mut assignment)) = self else {
            return self.refuse(Rule::MustBeWithDepartment);
        };
        let refuse = |rule| Err(Refusal { state, rule });
        match assignment.task(department) {
            None => return refuse(Rule::NotItsTask),
            Some(task) if task.state == TaskState::Replied => return refuse(Rule::AlreadyReplied),
            Some(_) => {}
        }
        if assignment.lead.department == *department {
            return Ok(Self::Registered {
                returned: Some(Returned { department: department.clone(), reason, at }),
            });
        }
        assignment.assisting.retain(|task| task.department != *department);
        if state == State::Dispatched {
            Ok(Self::Dispatched(assignment))
        } else {
            Ok(Self::InProgress(assignment))
        }
    }

    fn reply(self, department: &DepartmentCode, reply: String, public_answer: String, at: Timestamp) -> Next {
        let state = self.state();
        let (Self::Dispatched(mut assignment) | Self::InProgress(mut assignment)) = self else {
            return self.refuse(Rule::MustBeWithDepartment);
        };
        let refuse = |rule| Err(Refusal { state, rule });
        match assignment.task_mut(department) {
            None => return refuse(Rule::NotItsTask),
            Some(task) => match task.state {
                TaskState::Waiting => return refuse(Rule::SignFirst),
                TaskState::Replied => return refuse(Rule::AlreadyReplied),
                TaskState::Signed => {
                    (task.state, task.since) = (TaskState::Replied, at);
                    task.reply = reply;
                }
            },
        }
        if assignment.lead.department == *department {
            assignment.public_answer = public_answer;
            return Ok(Self::Replied(assignment));
        }
        if state == State::Dispatched {
            Ok(Self::Dispatched(assignment))
        } else {
            Ok(Self::InProgress(assignment))
        }
    }

    fn rework(self, order: Order, at: Timestamp, due_at: Timestamp) -> Next {
        match self {
            Self::Replied(_) => Ok(Self::Dispatched(Assignment::new(order, at, due_at))),
            other => other.refuse(Rule::MustBeReplied),
        }
    }

    fn close(self, result: String) -> Next {
        match self {
            Self::Registered { .. } => Ok(Self::Closed { assignment: None, result }),
            Self::Dispatched(a) | Self::InProgress(a) | Self::Replied(a) => {
                Ok(Self::Closed { assignment: Some(a), result })
            }
            other => other.refuse(Rule::MustBeOpen),
        }
    }

    fn reopen(self) -> Next {
        match self {
            Self::Closed { .. } | Self::Answered { .. } | Self::Voided { .. } => Ok(Self::default()),
            other => other.refuse(Rule::MustBeFinished),
        }
    }

    fn void(self, reason: String) -> Next {
        match self {
            Self::Voided { .. } | Self::Merged(_) => self.refuse(Rule::MustBeOpen),
            _ => Ok(Self::Voided { reason }),
        }
    }

    fn merge(self, into: CaseId, number: CaseNumber) -> Next {
        let before = Box::new(self.while_open()?);
        Ok(Self::Merged(Merged { into, number, before }))
    }

    fn unmerge(self) -> Next {
        match self {
            Self::Merged(Merged { before, .. }) => Ok(*before),
            other => other.refuse(Rule::MustBeMerged),
        }
    }
}

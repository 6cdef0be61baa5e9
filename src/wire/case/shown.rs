//! What the server shows of a case: its line in a list, the whole of it without who called, and its timeline.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::account::AccountName;
use crate::domain::amendment::Amendment;
use crate::domain::case::{Caller, Case, Place};
use crate::domain::code::{Channel, DepartmentCode, DivisionCode, Kind, MatterCode, Sex, State, Urgency};
use crate::domain::event::{CaseEvent, EventBody, Order};
use crate::domain::follow_up::Told;
use crate::domain::id::{CaseId, EventId};
use crate::domain::normalise::is_invisible;
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
use crate::domain::progress::{Assignment, Progress, Task, TaskState};
use crate::wire::presence::Present;

/// A case as a line of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CaseRow {
    /// Its id.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
    pub id: CaseId,
    /// Its number.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub number: CaseNumber,
    /// Its version.
    pub version: u32,
    /// Where it stands.
    pub state: State,
    /// 标题.
    pub title: String,
    /// 诉求类型.
    pub kind: Kind,
    /// 紧急程度.
    pub urgency: Urgency,
    /// 保密.
    pub confidential: bool,
    /// 事项分类.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub matter: Option<MatterCode>,
    /// The street or district.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub division: Option<DivisionCode>,
    /// 主办单位.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub department: Option<DepartmentCode>,
    /// When the caller was heard.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
    /// When it must be finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = DateTime))]
    pub due_at: Option<Timestamp>,
    /// Who took it.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub taken_by: AccountName,
    /// 退单次数.
    pub bounces: u32,
    /// 回访: what the caller said when they were asked whether it was solved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followed_up: Option<Told>,
    /// When they were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = DateTime))]
    pub followed_up_at: Option<Timestamp>,
    /// 存疑: what the desk's clock said of the time of receipt, where it cannot be right and no lead has confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = DateTime))]
    pub told_at: Option<Timestamp>,
    /// 迟报: it was long on its way, and no lead has confirmed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// 主单: the case that it is merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leader: Option<LeaderView>,
    /// 并入: how many cases are merged into it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attached: u32,
    /// Who else has it before them now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<Present>,
}

impl From<&Case> for CaseRow {
    fn from(case: &Case) -> Self {
        Self {
            id: case.id,
            number: case.number.clone(),
            version: case.version,
            state: case.state(),
            title: case.intake.title.clone(),
            kind: case.intake.kind,
            urgency: case.intake.urgency,
            confidential: case.intake.is_confidential(),
            matter: case.intake.matter.clone(),
            division: case.intake.place.division.clone(),
            department: case.progress.assignment().map(|a| a.lead.department.clone()),
            received_at: case.received_at,
            due_at: case.due_at(),
            taken_by: case.taken_by.clone(),
            bounces: case.bounces,
            followed_up: case.followed.map(|followed| followed.outcome.into()),
            followed_up_at: case.followed.map(|followed| followed.at),
            told_at: case.told_at,
            late: case.is_late,
            leader: None,
            attached: u32::try_from(case.attached.len()).unwrap_or(u32::MAX),
            present: Vec::new(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// 主单: what a merged case shows of the one that leads it, for what becomes of the one is what becomes of the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LeaderView {
    /// Its id.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
    pub id: CaseId,
    /// Its number.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub number: CaseNumber,
    /// Its version.
    pub version: u32,
    /// Where it stands.
    pub state: State,
    /// When it must be finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = DateTime))]
    pub due_at: Option<Timestamp>,
}

impl From<&Case> for LeaderView {
    fn from(case: &Case) -> Self {
        Self {
            id: case.id,
            number: case.number.clone(),
            version: case.version,
            state: case.state(),
            due_at: case.due_at(),
        }
    }
}

/// A case that is merged into the one that is shown: whom to call back as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AttachedView {
    /// Its id.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
    pub id: CaseId,
    /// The number that its caller was told.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub number: CaseNumber,
    /// When its caller was heard.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
    /// 保密: its caller asked for secrecy, whoever else did not.
    pub confidential: bool,
    /// Masked; absent for departments, which have nothing to do with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<MaskedCaller>,
}

impl From<&Case> for AttachedView {
    fn from(case: &Case) -> Self {
        Self {
            id: case.id,
            number: case.number.clone(),
            received_at: case.received_at,
            confidential: case.intake.is_confidential(),
            caller: Some((&case.intake.caller).into()),
        }
    }
}

/// Who called, as far as it is shown without asking: the name's first character, the numbers starred.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MaskedCaller {
    /// Such as `张**`.
    pub name: String,
    /// Where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Such as `138****8000`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Such as `138****8000`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

impl From<&Caller> for MaskedCaller {
    fn from(caller: &Caller) -> Self {
        let name = caller
            .name
            .chars()
            .find(|c| !is_invisible(*c))
            .map(|first| format!("{first}**"))
            .unwrap_or_default();
        Self {
            name,
            sex: caller.sex,
            number: caller.number.as_ref().map(PhoneNumber::masked),
            contact: caller.contact.as_ref().map(PhoneNumber::masked),
        }
    }
}

/// One department's task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TaskView {
    /// The department.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub department: DepartmentCode,
    /// Where its task stands.
    pub state: TaskState,
    /// Since when.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub since: Timestamp,
    /// What it replied.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reply: String,
}

impl From<&Task> for TaskView {
    fn from(task: &Task) -> Self {
        Self {
            department: task.department.clone(),
            state: task.state,
            since: task.since,
            reply: task.reply.clone(),
        }
    }
}

/// The departments that have the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AssignmentView {
    /// 主办.
    pub lead: TaskView,
    /// 协办.
    pub assisting: Vec<TaskView>,
    /// 转派意见.
    pub opinion: String,
    /// When it was dispatched.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub dispatched_at: Timestamp,
    /// When it must be finished.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub due_at: Timestamp,
    /// 公开答复.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub public_answer: String,
}

impl From<&Assignment> for AssignmentView {
    fn from(assignment: &Assignment) -> Self {
        Self {
            lead: (&assignment.lead).into(),
            assisting: assignment.assisting.iter().map(TaskView::from).collect(),
            opinion: assignment.opinion.clone(),
            dispatched_at: assignment.dispatched_at,
            due_at: assignment.due_at,
            public_answer: assignment.public_answer.clone(),
        }
    }
}

/// A case as it is shown: everything but who called, which is masked here and revealed by a request of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CaseView {
    /// What every list shows of it.
    #[serde(flatten)]
    pub row: CaseRow,
    /// 来源渠道.
    pub channel: Channel,
    /// Masked; absent for a department when the case is confidential.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<MaskedCaller>,
    /// 诉求内容.
    pub text: String,
    /// The place in words.
    pub place_detail: String,
    /// 事发时间.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = DateTime))]
    pub occurred_at: Option<Timestamp>,
    /// 被反映对象.
    pub target: String,
    /// 旧工单.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub earlier_case: Option<CaseNumber>,
    /// 标签.
    #[serde(default)]
    pub tags: Vec<String>,
    /// 受理备注.
    pub remark: String,
    /// When the server took it.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub registered_at: Timestamp,
    /// The departments that have it, or had it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<AssignmentView>,
    /// What the caller was told, how it ended, or why it was voided or returned.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub result: String,
    /// 催办次数.
    pub reminders: u32,
    /// 重办次数.
    pub reworks: u32,
    /// 并入: the cases merged into it, in the order they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attached_cases: Vec<AttachedView>,
}

impl From<&Case> for CaseView {
    fn from(case: &Case) -> Self {
        let result = match &case.progress {
            Progress::Closed { result, .. } => result.clone(),
            Progress::Answered { answer } => answer.clone(),
            Progress::Voided { reason } => reason.clone(),
            Progress::Registered { returned: Some(returned) } => returned.reason.clone(),
            _ => String::new(),
        };
        let intake = &case.intake;
        Self {
            row: case.into(),
            channel: intake.channel,
            caller: Some((&intake.caller).into()),
            text: intake.text.clone(),
            place_detail: intake.place.detail.clone(),
            occurred_at: intake.occurred_at,
            target: intake.target.clone(),
            earlier_case: intake.earlier_case.clone(),
            tags: intake.tags.clone(),
            remark: intake.remark.clone(),
            registered_at: case.registered_at,
            assignment: case.progress.assignment().map(AssignmentView::from),
            result,
            reminders: case.reminders,
            reworks: case.reworks,
            attached_cases: Vec::new(),
        }
    }
}

impl From<&CaseView> for Amendment {
    /// The fields that can be amended, as they are shown: all but who called.
    fn from(case: &CaseView) -> Self {
        let row = &case.row;
        Self {
            channel: Some(case.channel),
            kind: Some(row.kind),
            caller: None,
            matter: Some(row.matter.clone()),
            title: Some(row.title.clone()),
            text: Some(case.text.clone()),
            place: Some(Place { division: row.division.clone(), detail: case.place_detail.clone() }),
            occurred_at: Some(case.occurred_at),
            target: Some(case.target.clone()),
            urgency: Some(row.urgency),
            confidential: Some(row.confidential),
            earlier_case: Some(case.earlier_case.clone()),
            tags: Some(case.tags.clone()),
            remark: Some(case.remark.clone()),
        }
    }
}

/// One entry of a case's timeline (`GET /v1/cases/{id}/events`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct EventView {
    /// The event.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
    pub id: EventId,
    /// 1, 2, 3 … without a gap.
    pub seq: u32,
    /// When.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// Who.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub by: AccountName,
    /// What: `event.code` in the locales.
    pub event: String,
    /// The departments it names, the lead first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "server", schema(value_type = Vec<String>))]
    pub departments: Vec<DepartmentCode>,
    /// What was written: the opinion, the reason, the reply, the note.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The number of the other case, of a merge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub other: Option<CaseNumber>,
    /// What a follow-up brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Told>,
    /// The fields an amendment changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The deadline it set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = DateTime))]
    pub due_at: Option<Timestamp>,
    /// What the desk's clock said when the case was taken, where that cannot be right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = DateTime))]
    pub told_at: Option<Timestamp>,
    /// When the caller was heard, of a case that came so late that a lead has to look at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = DateTime))]
    pub late_since: Option<Timestamp>,
}

impl From<&CaseEvent> for EventView {
    fn from(event: &CaseEvent) -> Self {
        let named =
            |order: &Order| std::iter::once(&order.lead).chain(&order.assisting).cloned().collect::<Vec<_>>();
        let (departments, text, due_at) = match &event.body {
            EventBody::Registered { .. }
            | EventBody::Amended { .. }
            | EventBody::Confirmed
            | EventBody::Merged { .. }
            | EventBody::Attached { .. }
            | EventBody::Detached { .. } => (Vec::new(), String::new(), None),
            EventBody::Answered { answer } => (Vec::new(), answer.clone(), None),
            EventBody::Dispatched { order, due_at } => (named(order), order.opinion.clone(), Some(*due_at)),
            EventBody::Redispatched { order, due_at, reason }
            | EventBody::Reworked { order, due_at, reason } => {
                (named(order), joined(reason, &order.opinion), Some(*due_at))
            }
            EventBody::Signed { department } => (vec![department.clone()], String::new(), None),
            EventBody::Returned { department, reason } => (vec![department.clone()], reason.clone(), None),
            EventBody::Replied { department, reply, public_answer } => {
                (vec![department.clone()], joined(reply, public_answer), None)
            }
            EventBody::Noted { text }
            | EventBody::Reminded { text, .. }
            | EventBody::FollowedUp { text, .. }
            | EventBody::Closed { result: text }
            | EventBody::Reopened { reason: text }
            | EventBody::Unmerged { reason: text, .. }
            | EventBody::Voided { reason: text } => (Vec::new(), text.clone(), None),
        };
        let other = match &event.body {
            EventBody::Merged { number, .. }
            | EventBody::Unmerged { number, .. }
            | EventBody::Attached { number, .. }
            | EventBody::Detached { number, .. } => Some(number.clone()),
            _ => None,
        };
        let outcome = match &event.body {
            EventBody::FollowedUp { outcome, .. } => Some((*outcome).into()),
            _ => None,
        };
        let fields = match &event.body {
            EventBody::Amended { changes } => changes.fields().into_iter().map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let (told_at, late_since) = match &event.body {
            EventBody::Registered { told_at, is_late, received_at, .. } => {
                (*told_at, is_late.then_some(*received_at))
            }
            _ => (None, None),
        };
        Self {
            id: event.id,
            seq: event.seq,
            at: event.at,
            by: event.by.clone(),
            event: event.body.code().to_owned(),
            departments,
            text,
            other,
            outcome,
            fields,
            due_at,
            told_at,
            late_since,
        }
    }
}

/// Two texts a line apart, without an empty one.
fn joined(first: &str, second: &str) -> String {
    [first, second].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

/// `GET /v1/cases/{id}/events`: the timeline, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Timeline {
    /// Every event so far.
    pub events: Vec<EventView>,
}

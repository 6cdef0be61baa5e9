//! Cases: what a desk sends to file one, and what the server shows of one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::presence::Present;
use super::sent::SentBody;
use crate::domain::account::AccountName;
use crate::domain::act::Act;
use crate::domain::amendment::Amendment;
use crate::domain::case::{Caller, Case, Intake, Place};
use crate::domain::code::{Channel, DepartmentCode, DivisionCode, Kind, MatterCode, Sex, State, Urgency};
use crate::domain::event::{CaseEvent, EventBody, Order};
use crate::domain::id::{CaseId, EventId};
use crate::domain::normalise::is_invisible;
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
use crate::domain::progress::{Assignment, Progress, Task, TaskState};

/// Who called, in full.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CallerBody {
    /// At most 500 characters.
    pub name: String,
    /// Where given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// The number the call came from, in any usual form.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub number: Option<PhoneNumber>,
    /// The number to call back, in any usual form.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub contact: Option<PhoneNumber>,
}

impl From<CallerBody> for Caller {
    fn from(body: CallerBody) -> Self {
        Self { name: body.name, sex: body.sex, number: body.number, contact: body.contact }
    }
}

impl From<Caller> for CallerBody {
    fn from(caller: Caller) -> Self {
        Self { name: caller.name, sex: caller.sex, number: caller.number, contact: caller.contact }
    }
}

/// Where it happened.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PlaceBody {
    /// A street or district of the city profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub division: Option<DivisionCode>,
    /// At most 500 characters.
    pub detail: String,
}

impl From<PlaceBody> for Place {
    fn from(body: PlaceBody) -> Self {
        Self { division: body.division, detail: body.detail }
    }
}

impl From<Place> for PlaceBody {
    fn from(place: Place) -> Self {
        Self { division: place.division, detail: place.detail }
    }
}

/// To which departments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OrderBody {
    /// 主办.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub lead: DepartmentCode,
    /// 协办.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(value_type = Vec<String>))]
    pub assisting: Vec<DepartmentCode>,
    /// 转派意见, at most 500 characters.
    #[serde(default)]
    pub opinion: String,
}

impl From<OrderBody> for Order {
    fn from(body: OrderBody) -> Self {
        Self { lead: body.lead, assisting: body.assisting, opinion: body.opinion }
    }
}

impl From<Order> for OrderBody {
    fn from(order: Order) -> Self {
        Self { lead: order.lead, assisting: order.assisting, opinion: order.opinion }
    }
}

/// The fields of an intake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct IntakeBody {
    /// 来源渠道.
    pub channel: Channel,
    /// 诉求类型.
    pub kind: Kind,
    /// 来电人.
    #[serde(default)]
    pub caller: CallerBody,
    /// 事项分类.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub matter: Option<MatterCode>,
    /// 标题, at most 120 characters.
    pub title: String,
    /// 诉求内容, at most 20,000 characters.
    pub text: String,
    /// 事发地.
    #[serde(default)]
    pub place: PlaceBody,
    /// 事发时间.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = DateTime))]
    pub occurred_at: Option<Timestamp>,
    /// 被反映对象, at most 500 characters.
    #[serde(default)]
    pub target: String,
    /// 紧急程度.
    pub urgency: Urgency,
    /// 保密.
    #[serde(default)]
    pub confidential: bool,
    /// 旧工单.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub earlier_case: Option<CaseNumber>,
    /// 标签: at most 20 of at most 40 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// 受理备注, at most 500 characters.
    #[serde(default)]
    pub remark: String,
}

impl From<IntakeBody> for Intake {
    fn from(body: IntakeBody) -> Self {
        Self {
            channel: body.channel,
            kind: body.kind,
            caller: body.caller.into(),
            matter: body.matter,
            title: body.title,
            text: body.text,
            place: body.place.into(),
            occurred_at: body.occurred_at,
            target: body.target,
            urgency: body.urgency,
            confidential: body.confidential,
            earlier_case: body.earlier_case,
            tags: body.tags,
            remark: body.remark,
        }
    }
}

impl From<Intake> for IntakeBody {
    fn from(intake: Intake) -> Self {
        Self {
            channel: intake.channel,
            kind: intake.kind,
            caller: intake.caller.into(),
            matter: intake.matter,
            title: intake.title,
            text: intake.text,
            place: intake.place.into(),
            occurred_at: intake.occurred_at,
            target: intake.target,
            urgency: intake.urgency,
            confidential: intake.confidential,
            earlier_case: intake.earlier_case,
            tags: intake.tags,
            remark: intake.remark,
        }
    }
}

impl std::fmt::Debug for CallerBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CallerBody(***)")
    }
}

/// What is done with a case in the same breath as filing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// 待派单: it waits for dispatch.
    Register,
    /// 当场答复: answered on the spot, at most 20,000 characters.
    Answer(String),
    /// 派单.
    Dispatch(OrderBody),
}

/// A case as it is taken down: what a desk keeps until it is filed, and what is brought in by a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCase {
    /// The number told to the caller; without one the server gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub number: Option<CaseNumber>,
    /// When the caller was heard.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
    /// The fields.
    pub intake: IntakeBody,
    /// What is done at once.
    pub outcome: Outcome,
}

/// `PUT /v1/cases/{id}`: files a case. The same body again is answered with the same case, whatever `sent` says by then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SentCase {
    /// The number told to the caller; without one the server gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub number: Option<CaseNumber>,
    /// When the caller was heard, by the desk's clock. One that cannot be right is kept beside the server's time.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
    /// The fields.
    pub intake: IntakeBody,
    /// What is done at once.
    pub outcome: Outcome,
    /// What the desk knew of the time, from format 2 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<SentBody>,
}

impl SentCase {
    /// The body that sends `case`.
    pub fn new(case: NewCase, sent: SentBody) -> Self {
        let NewCase { number, received_at, intake, outcome } = case;
        let sent = (sent != SentBody::default()).then_some(sent);
        Self { number, received_at, intake, outcome, sent }
    }
}

/// One of `POST /v1/cases/batch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BatchItem {
    /// The case's id.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
    pub id: CaseId,
    /// The case.
    pub case: NewCase,
}

/// `POST /v1/cases/batch`: up to 200 cases, each filed by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The cases.
    pub cases: Vec<BatchItem>,
}

/// What became of one case of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct BatchResult {
    /// The case's id.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
    pub id: CaseId,
    /// 201 filed, 200 was there already, otherwise what `problem` says.
    pub status: u16,
    /// Its number, if it was filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub number: Option<CaseNumber>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<super::problem::Problem>,
}

/// The answer to a batch, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct BatchResults {
    /// One a case.
    pub results: Vec<BatchResult>,
}

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
    /// 存疑: what the desk's clock said of the time of receipt, where it cannot be right and no lead has confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = DateTime))]
    pub told_at: Option<Timestamp>,
    /// 迟报: it was long on its way, and no lead has confirmed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
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
            told_at: case.told_at,
            late: case.is_late,
            present: Vec::new(),
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
            EventBody::Registered { .. } | EventBody::Amended { .. } | EventBody::Confirmed => {
                (Vec::new(), String::new(), None)
            }
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
            | EventBody::Closed { result: text }
            | EventBody::Reopened { reason: text }
            | EventBody::Voided { reason: text } => (Vec::new(), text.clone(), None),
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

/// `PATCH /v1/cases/{id}`: the fields that change, with the id of the act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AmendBody {
    /// Made by the desk: the same id again is the same act.
    #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
    pub event_id: EventId,
    /// What the desk knew of the time, from format 2 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<SentBody>,
    /// Only the fields that change, named and limited as in [`IntakeBody`]; `null` empties a field that may be empty.
    #[cfg_attr(feature = "server", schema(value_type = Object))]
    pub changes: Amendment,
}

impl From<AmendBody> for (EventId, Act) {
    fn from(body: AmendBody) -> Self {
        (body.event_id, Act::Amend(Box::new(body.changes)))
    }
}

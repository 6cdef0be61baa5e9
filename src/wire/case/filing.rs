//! What a desk sends of a case: the intake that files one, a batch of them, and what amends one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::act::Act;
use crate::domain::amendment::Amendment;
use crate::domain::case::{Caller, Intake, Place};
use crate::domain::code::{Channel, DepartmentCode, DivisionCode, Kind, MatterCode, Sex, Urgency};
use crate::domain::event::Order;
use crate::domain::id::{CaseId, EventId};
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
use crate::wire::problem::Problem;
use crate::wire::sent::SentBody;

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
    pub problem: Option<Problem>,
}

/// The answer to a batch, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct BatchResults {
    /// One a case.
    pub results: Vec<BatchResult>,
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

//! The case: what was taken down, who took it, and how far it has come.
//!
//! A [`Case`] is the projection of its events (`event.rs`); only [`Case::apply`] changes one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::AccountName;
use super::code::{Channel, DivisionCode, Kind, MatterCode, Sex, State, Urgency};
use super::event::{CaseEvent, EventBody};
use super::follow_up::Followed;
use super::id::CaseId;
use super::leading::Attached;
use super::number::CaseNumber;
use super::phone::PhoneNumber;
use super::progress::Progress;

/// Who called. `Debug` says nothing of the person.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Caller {
    /// 姓名, as given; may be empty.
    pub name: String,
    /// 性别, where given.
    pub sex: Option<Sex>,
    /// 来电号码: the number the call came from.
    pub number: Option<PhoneNumber>,
    /// 联系方式: the number to call back.
    pub contact: Option<PhoneNumber>,
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Caller(***)")
    }
}

/// 事发地: where it happened.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Place {
    /// The street or district, from the city profile.
    pub division: Option<DivisionCode>,
    /// Road, estate, building, door.
    pub detail: String,
}

/// What the call-taker writes down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// 来源渠道.
    pub channel: Channel,
    /// 诉求类型.
    pub kind: Kind,
    /// 来电人.
    pub caller: Caller,
    /// 事项分类.
    pub matter: Option<MatterCode>,
    /// 标题.
    pub title: String,
    /// 诉求内容.
    pub text: String,
    /// 事发地.
    pub place: Place,
    /// 事发时间.
    pub occurred_at: Option<Timestamp>,
    /// 被反映对象.
    pub target: String,
    /// 紧急程度.
    pub urgency: Urgency,
    /// 保密, as asked for; see [`Intake::is_confidential`].
    pub confidential: bool,
    /// 旧工单: an earlier case on the same matter.
    pub earlier_case: Option<CaseNumber>,
    /// 标签.
    pub tags: Vec<String>,
    /// 受理备注: a remark to the department.
    pub remark: String,
}

impl Intake {
    /// Whether the caller must stay unnamed: because it was asked for, or because this is a report (举报).
    pub fn is_confidential(&self) -> bool {
        self.confidential || self.kind == Kind::Report
    }
}

/// 工单: one complaint, request or question, from intake to close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its identity.
    pub id: CaseId,
    /// 工单编号, as told to the caller.
    pub number: CaseNumber,
    /// The number of events so far; the last one's `seq`.
    pub version: u32,
    /// What was taken down, with later amendments.
    pub intake: Intake,
    /// Who took it.
    pub taken_by: AccountName,
    /// When the caller was heard.
    pub received_at: Timestamp,
    /// When the server took it.
    pub registered_at: Timestamp,
    /// 存疑: what the desk's clock said, where it cannot be right and no lead has confirmed the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
    /// 迟报: it was long on its way, and no lead has confirmed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_late: bool,
    /// How far it has come.
    pub progress: Progress,
    /// 退单次数: how often departments sent it back.
    pub bounces: u32,
    /// 催办次数.
    pub reminders: u32,
    /// 重办次数, reopening among them.
    pub reworks: u32,
    /// 回访: the follow-up that counts, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followed: Option<Followed>,
    /// 并入的工单: the cases that this one leads, in the order they came; see `leading.rs`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attached: Vec<Attached>,
}

impl Case {
    /// The state word of the case.
    pub fn state(&self) -> State {
        self.progress.state()
    }

    /// Whether a lead has to look at it, because its time is doubtful or it came late.
    pub fn is_to_be_confirmed(&self) -> bool {
        self.told_at.is_some() || self.is_late
    }

    /// When it must be finished, while a department has it.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.progress.assignment().filter(|_| !self.state().is_finished()).map(|a| a.due_at)
    }

    /// The case that the first event of a history makes; any other event makes none.
    pub fn from_first(event: &CaseEvent) -> Option<Self> {
        let EventBody::Registered { intake, number, received_at, told_at, is_late } = &event.body else {
            return None;
        };
        Some(Self {
            id: event.case_id,
            number: number.clone(),
            version: event.seq,
            intake: (**intake).clone(),
            taken_by: event.by.clone(),
            received_at: *received_at,
            registered_at: event.at,
            told_at: *told_at,
            is_late: *is_late,
            progress: Progress::Registered { returned: None },
            bounces: 0,
            reminders: 0,
            reworks: 0,
            followed: None,
            attached: Vec::new(),
        })
    }

    /// Replays a whole history.
    pub fn replay<'a>(mut events: impl Iterator<Item = &'a CaseEvent>) -> Option<Self> {
        let mut case = Self::from_first(events.next()?)?;
        events.for_each(|event| case.apply(event));
        Some(case)
    }

    /// Takes in one more event that [`Case::decide`](super::act) has allowed.
    pub fn apply(&mut self, event: &CaseEvent) {
        self.version = event.seq;
        match &event.body {
            EventBody::Amended { changes } => changes.clone().apply_to(&mut self.intake),
            EventBody::Reminded { .. } => self.reminders += 1,
            EventBody::Returned { .. } => self.bounces += 1,
            EventBody::Reworked { .. } | EventBody::Reopened { .. } => self.reworks += 1,
            EventBody::FollowedUp { outcome, .. } => {
                self.followed = Some(Followed::after(self.followed, event.at, *outcome));
            }
            EventBody::Confirmed => (self.told_at, self.is_late) = (None, false),
            EventBody::Attached { case, number } => {
                self.attached.push(Attached { id: *case, number: number.clone() });
            }
            EventBody::Detached { case, .. } => self.attached.retain(|other| other.id != *case),
            _ => {}
        }
        // A stored history was decided when it was made, so the refusal can only come from a damaged one.
        if let Ok(next) = self.progress.clone().after(&event.body, event.at) {
            self.progress = next;
        }
    }
}

impl State {
    /// Whether nothing more is expected of anybody.
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Closed | Self::Answered | Self::Merged | Self::Voided)
    }

    /// Whether the caller has been answered, so that they can be asked whether it is solved.
    pub const fn is_to_be_followed_up(self) -> bool {
        matches!(self, Self::Replied | Self::Closed | Self::Answered | Self::Merged)
    }

    /// Whether a department has it and has not replied yet.
    pub const fn is_with_department(self) -> bool {
        matches!(self, Self::Dispatched | Self::InProgress)
    }
}

//! Acts on a case: `POST /v1/cases/{id}/{verb}`, each with its own body, an event id and `If-Match`.

use serde::{Deserialize, Serialize};

use super::case::OrderBody;
use super::sent::SentBody;
use crate::domain::act::{Act, Verb};
use crate::domain::code::DepartmentCode;
use crate::domain::follow_up::FollowUp;
#[cfg(feature = "server")]
use crate::domain::follow_up::Told;
use crate::domain::id::EventId;
use crate::domain::number::CaseNumber;

/// Declares the body of each verb once, and how it becomes an [`Act`].
macro_rules! bodies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $kind:ty),* $(,)? } => $act:expr;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
            #[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
            #[serde(deny_unknown_fields)]
            pub struct $name {
                /// Made by the desk: the same id again is the same act.
                #[cfg_attr(feature = "server", schema(value_type = String, format = Uuid))]
                pub event_id: EventId,
                /// What the desk knew of the time, from format 2 on.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub sent: Option<SentBody>,
                $($(#[$fdoc])* pub $field: $kind,)*
            }

            impl From<$name> for (EventId, Act) {
                fn from(body: $name) -> Self {
                    let build: fn($name) -> Act = $act;
                    (body.event_id, build(body))
                }
            }
        )+
    };
}

bodies! {
    /// 当场答复.
    AnswerBody {
        /// What the caller was told, at most 20,000 characters.
        answer: String,
    } => |b| Act::Answer { answer: b.answer };
    /// 派单.
    DispatchBody {
        /// To whom.
        order: OrderBody,
    } => |b| Act::Dispatch(b.order.into());
    /// 改派.
    RedispatchBody {
        /// To whom.
        order: OrderBody,
        /// Why, at most 500 characters.
        reason: String,
    } => |b| Act::Redispatch { order: b.order.into(), reason: b.reason };
    /// 签收.
    SignBody {
        /// By which department.
        #[cfg_attr(feature = "server", schema(value_type = String))]
        department: DepartmentCode,
    } => |b| Act::Sign { department: b.department };
    /// 退单.
    ReturnBody {
        /// By which department.
        #[cfg_attr(feature = "server", schema(value_type = String))]
        department: DepartmentCode,
        /// Why, at most 500 characters.
        reason: String,
    } => |b| Act::Return { department: b.department, reason: b.reason };
    /// 答复.
    ReplyBody {
        /// By which department.
        #[cfg_attr(feature = "server", schema(value_type = String))]
        department: DepartmentCode,
        /// For the hotline, at most 20,000 characters.
        reply: String,
        /// For the caller, at most 20,000 characters.
        public_answer: String,
    } => |b| Act::Reply { department: b.department, reply: b.reply, public_answer: b.public_answer };
    /// A note.
    NoteBody {
        /// At most 20,000 characters.
        text: String,
    } => |b| Act::Note { text: b.text };
    /// 催办.
    RemindBody {
        /// Whether the caller asked for it.
        by_caller: bool,
        /// At most 500 characters.
        text: String,
    } => |b| Act::Remind { by_caller: b.by_caller, text: b.text };
    /// 回访.
    FollowUpBody {
        /// What the caller said, if they were reached.
        #[cfg_attr(feature = "server", schema(value_type = Told))]
        outcome: FollowUp,
        /// In their words, or why they were not reached; at most 500 characters, may be empty.
        text: String,
    } => |b| Act::FollowUp { outcome: b.outcome, text: b.text };
    /// 重办.
    ReworkBody {
        /// To whom.
        order: OrderBody,
        /// What was wrong, at most 500 characters.
        reason: String,
    } => |b| Act::Rework { order: b.order.into(), reason: b.reason };
    /// 办结.
    CloseBody {
        /// How it ended, at most 500 characters.
        result: String,
    } => |b| Act::Close { result: b.result };
    /// Open again.
    ReopenBody {
        /// Why, at most 500 characters.
        reason: String,
    } => |b| Act::Reopen { reason: b.reason };
    /// 作废.
    VoidBody {
        /// Why, at most 500 characters.
        reason: String,
    } => |b| Act::Void { reason: b.reason };
    /// 核实.
    ConfirmBody {} => |_| Act::Confirm;
    /// 并单.
    MergeBody {
        /// The number of the case that leads from now on. That of a case merged before stands for the one that leads it.
        #[cfg_attr(feature = "server", schema(value_type = String))]
        into: CaseNumber,
    } => |b| Act::Merge { into: b.into };
    /// 拆单.
    UnmergeBody {
        /// Why, at most 500 characters.
        reason: String,
    } => |b| Act::Unmerge { reason: b.reason };
}

/// The verb, the event id and the JSON body by which a desk asks for `act`.
pub fn body_of(
    act: Act,
    event_id: EventId,
    sent: Option<SentBody>,
) -> serde_json::Result<(Verb, serde_json::Value)> {
    use serde_json::to_value;
    let verb = act.verb();
    let body = match act {
        Act::Amend(changes) => to_value(super::case::AmendBody { event_id, sent, changes: *changes }),
        Act::Answer { answer } => to_value(AnswerBody { event_id, sent, answer }),
        Act::Dispatch(order) => to_value(DispatchBody { event_id, sent, order: order.into() }),
        Act::Redispatch { order, reason } => {
            to_value(RedispatchBody { event_id, sent, order: order.into(), reason })
        }
        Act::Sign { department } => to_value(SignBody { event_id, sent, department }),
        Act::Return { department, reason } => to_value(ReturnBody { event_id, sent, department, reason }),
        Act::Reply { department, reply, public_answer } => {
            to_value(ReplyBody { event_id, sent, department, reply, public_answer })
        }
        Act::Note { text } => to_value(NoteBody { event_id, sent, text }),
        Act::Remind { by_caller, text } => to_value(RemindBody { event_id, sent, by_caller, text }),
        Act::FollowUp { outcome, text } => to_value(FollowUpBody { event_id, sent, outcome, text }),
        Act::Rework { order, reason } => to_value(ReworkBody { event_id, sent, order: order.into(), reason }),
        Act::Close { result } => to_value(CloseBody { event_id, sent, result }),
        Act::Reopen { reason } => to_value(ReopenBody { event_id, sent, reason }),
        Act::Void { reason } => to_value(VoidBody { event_id, sent, reason }),
        Act::Confirm => to_value(ConfirmBody { event_id, sent }),
        Act::Merge { into } => to_value(MergeBody { event_id, sent, into }),
        Act::Unmerge { reason } => to_value(UnmergeBody { event_id, sent, reason }),
    };
    Ok((verb, body?))
}

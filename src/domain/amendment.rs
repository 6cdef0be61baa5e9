//! Changes to the fields of a case after intake (`PATCH`): which fields, and what they become.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::case::{Caller, Intake, Place};
use super::code::{Channel, Kind, MatterCode, Urgency};
use super::number::CaseNumber;

/// One optional change a field; an absent field stays as it is.
///
/// The doubly optional fields tell "leave it" (`None`) from "empty it" (`Some(None)`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Amendment {
    #[serde(skip_serializing_if = "Option::is_none")]
    /// 来源渠道.
    pub channel: Option<Channel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// 诉求类型.
    pub kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// 来电人, whole.
    pub caller: Option<Caller>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    /// 事项分类.
    pub matter: Option<Option<MatterCode>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// 标题.
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// 诉求内容.
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// 事发地, whole.
    pub place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    /// 事发时间.
    pub occurred_at: Option<Option<Timestamp>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// 被反映对象.
    pub target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// 紧急程度.
    pub urgency: Option<Urgency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// 保密.
    pub confidential: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    /// 旧工单.
    pub earlier_case: Option<Option<CaseNumber>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// 标签.
    pub tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// 受理备注.
    pub remark: Option<String>,
}

/// Reads a present field, `null` included, as `Some`: with `default`, only an absent one is `None`.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl Amendment {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Writes the changes into `intake`.
    pub fn apply_to(self, intake: &mut Intake) {
        fn put<T>(field: &mut T, change: Option<T>) {
            if let Some(value) = change {
                *field = value;
            }
        }
        put(&mut intake.channel, self.channel);
        put(&mut intake.kind, self.kind);
        put(&mut intake.caller, self.caller);
        put(&mut intake.matter, self.matter);
        put(&mut intake.title, self.title);
        put(&mut intake.text, self.text);
        put(&mut intake.place, self.place);
        put(&mut intake.occurred_at, self.occurred_at);
        put(&mut intake.target, self.target);
        put(&mut intake.urgency, self.urgency);
        put(&mut intake.confidential, self.confidential);
        put(&mut intake.earlier_case, self.earlier_case);
        put(&mut intake.tags, self.tags);
        put(&mut intake.remark, self.remark);
    }

    /// The names of the fields it changes, as on the wire.
    pub fn fields(&self) -> Vec<&'static str> {
        let named = [
            ("channel", self.channel.is_some()),
            ("kind", self.kind.is_some()),
            ("caller", self.caller.is_some()),
            ("matter", self.matter.is_some()),
            ("title", self.title.is_some()),
            ("text", self.text.is_some()),
            ("place", self.place.is_some()),
            ("occurred_at", self.occurred_at.is_some()),
            ("target", self.target.is_some()),
            ("urgency", self.urgency.is_some()),
            ("confidential", self.confidential.is_some()),
            ("earlier_case", self.earlier_case.is_some()),
            ("tags", self.tags.is_some()),
            ("remark", self.remark.is_some()),
        ];
        named.into_iter().filter_map(|(name, changed)| changed.then_some(name)).collect()
    }
}

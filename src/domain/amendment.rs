//! Changes to the fields of a case after intake (`PATCH`): which fields, and what they become.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::case::{Caller, Intake, Place};
use super::code::{Channel, Kind, MatterCode, Urgency, code_enum};
use super::number::CaseNumber;

code_enum! {
    /// The fields that can be changed, as they are named on the wire.
    Field = "changed" {
        /// 来源渠道.
        Channel = "channel",
        /// 诉求类型.
        Kind = "kind",
        /// 来电人, whole.
        Caller = "caller",
        /// 事项分类.
        Matter = "matter",
        /// 标题.
        Title = "title",
        /// 诉求内容.
        Text = "text",
        /// 事发地, whole.
        Place = "place",
        /// 事发时间.
        OccurredAt = "occurred_at",
        /// 被反映对象.
        Target = "target",
        /// 紧急程度.
        Urgency = "urgency",
        /// 保密.
        Confidential = "confidential",
        /// 旧工单.
        EarlierCase = "earlier_case",
        /// 标签.
        Tags = "tags",
        /// 受理备注.
        Remark = "remark",
    }
}

/// One optional change a field; an absent field stays as it is. Where it stands for what somebody saw of a case, an
/// absent field is one they did not see.
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
        self.changed().map(Field::code).collect()
    }

    /// The fields it names.
    pub fn changed(&self) -> impl Iterator<Item = Field> {
        Field::ALL.iter().copied().filter(|field| self.names(*field))
    }

    /// The same without a field.
    #[must_use]
    pub fn without(mut self, field: Field) -> Self {
        self.take(&Self::default(), field);
        self
    }
}

/// Declares once which field of the struct is which [`Field`].
macro_rules! each {
    ($($variant:ident = $field:ident),+ $(,)?) => {
        impl Amendment {
            /// Whether it says anything of `field`.
            pub const fn names(&self, field: Field) -> bool {
                match field { $(Field::$variant => self.$field.is_some()),+ }
            }

            /// Whether both say the same of `field`, be it nothing.
            pub fn agrees(&self, other: &Self, field: Field) -> bool {
                match field { $(Field::$variant => self.$field == other.$field),+ }
            }

            /// Says of `field` what `from` says, be it nothing.
            pub fn take(&mut self, from: &Self, field: Field) {
                match field { $(Field::$variant => self.$field.clone_from(&from.$field)),+ }
            }
        }

        impl From<Intake> for Amendment {
            /// Every field as it is.
            fn from(intake: Intake) -> Self {
                Self { $($field: Some(intake.$field)),+ }
            }
        }
    };
}

each! {
    Channel = channel,
    Kind = kind,
    Caller = caller,
    Matter = matter,
    Title = title,
    Text = text,
    Place = place,
    OccurredAt = occurred_at,
    Target = target,
    Urgency = urgency,
    Confidential = confidential,
    EarlierCase = earlier_case,
    Tags = tags,
    Remark = remark,
}

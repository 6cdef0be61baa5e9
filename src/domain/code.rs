//! Codes: the short stable words by which the wire, the store and the data files name things.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A code that is none of those the type knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{code}` is not a {kind}")]
pub struct UnknownCode {
    /// What was asked for, such as `channel`.
    pub kind: &'static str,
    /// What was given.
    pub code: String,
}

/// Declares a closed list of codes once: variant, code, and with them parsing, printing and `ALL`.
macro_rules! code_enum {
    ($(#[$doc:meta])* $name:ident = $kind:literal { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code on the wire and in the store; `KIND.code` is the key of its name in the locales.
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }

            /// What this list is called, such as `channel`.
            pub const KIND: &'static str = $kind;
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.code()) }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::code::UnknownCode;
            fn from_str(code: &str) -> Result<Self, Self::Err> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err($crate::domain::code::UnknownCode { kind: $kind, code: code.to_owned() }),
                }
            }
        }
    };
}
pub(crate) use code_enum;

/// Declares a newtype over a code that a city profile defines: ASCII letters, digits, `-`, `_` and `.`, 1 to 40 of them.
macro_rules! profile_code {
    ($(#[$doc:meta])* $name:ident = $kind:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl FromStr for $name {
            type Err = UnknownCode;
            fn from_str(code: &str) -> Result<Self, Self::Err> { Self::try_from(code.to_owned()) }
        }
        impl TryFrom<String> for $name {
            type Error = UnknownCode;
            fn try_from(code: String) -> Result<Self, Self::Error> {
                let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
                if (1..=40).contains(&code.len()) && code.bytes().all(plain) {
                    Ok(Self(code))
                } else {
                    Err(UnknownCode { kind: $kind, code })
                }
            }
        }
        impl From<$name> for String {
            fn from(code: $name) -> Self { code.0 }
        }
    };
}

profile_code! {
    /// The code of a department (承办单位).
    DepartmentCode = "department"
}
profile_code! {
    /// The code of a matter (事项) on the third level.
    MatterCode = "matter"
}
profile_code! {
    /// The code of a division: a district or a street.
    DivisionCode = "division"
}

code_enum! {
    /// How the request came in (来源渠道).
    Channel = "channel" {
        /// 12345 by telephone.
        Phone = "phone",
        /// The mayor's mailbox.
        Mailbox = "mailbox",
        /// A text message.
        Sms = "sms",
        /// The hotline's app.
        App = "app",
        /// The hotline's web page.
        Web = "web",
        /// A WeChat account.
        Wechat = "wechat",
        /// A Weibo account.
        Weibo = "weibo",
        /// In person.
        WalkIn = "walk_in",
        /// Handed over by another line, 110 among them.
        Transferred = "transferred",
    }
}
code_enum! {
    /// What the caller wants (诉求类型).
    Kind = "kind" {
        /// 咨询: asks how something is done.
        Consult = "consult",
        /// 求助: asks for something to be done.
        Help = "help",
        /// 投诉: is wronged by somebody.
        Complaint = "complaint",
        /// 举报: reports a breach of law; always confidential.
        Report = "report",
        /// 建议: proposes something.
        Suggestion = "suggestion",
        /// 表扬: praises somebody.
        Praise = "praise",
    }
}
code_enum! {
    /// How fast it must go (紧急程度).
    Urgency = "urgency" {
        /// 一般.
        Ordinary = "ordinary",
        /// 紧急.
        Urgent = "urgent",
        /// 特急: life or limb.
        Emergency = "emergency",
    }
}
code_enum! {
    /// Where a case stands.
    State = "state" {
        /// 待派单: taken, not with any department.
        Registered = "registered",
        /// 待签收: dispatched, the lead department has not signed.
        Dispatched = "dispatched",
        /// 办理中: signed by the lead department.
        InProgress = "in_progress",
        /// 待回访: the lead department replied.
        Replied = "replied",
        /// 已办结: closed after the reply.
        Closed = "closed",
        /// 当场答复: answered on the spot, and by that closed.
        Answered = "answered",
        /// 已并单: one with another case.
        Merged = "merged",
        /// 已作废: filed in error.
        Voided = "voided",
    }
}
code_enum! {
    /// 性别, where the caller gave it.
    Sex = "sex" {
        /// 男.
        Male = "male",
        /// 女.
        Female = "female",
    }
}
code_enum! {
    /// What an account may do (see `domain::role`).
    Role = "role" {
        /// 受理员: takes calls.
        Agent = "agent",
        /// 值班长: steers the shift.
        Lead = "lead",
        /// 培训师: runs practice calls.
        Trainer = "trainer",
        /// 承办单位: handles the cases of its own departments.
        Handler = "handler",
        /// 审计: reads the audit trail.
        Auditor = "auditor",
        /// 管理员: accounts and the city profile, and all that a lead may.
        Admin = "admin",
    }
}

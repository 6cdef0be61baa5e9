//! Identities that a desk makes by itself: version 7 UUIDs, in one canonical form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::{Uuid, Variant, Version};

/// Text that is not a version 7 UUID in its canonical form (lower case, hyphens, no braces).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a version 7 UUID in canonical form")]
pub struct NotAnId;

fn version_7(text: &str) -> Result<Uuid, NotAnId> {
    let id = Uuid::try_parse(text).map_err(|_| NotAnId)?;
    let canonical = id.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == text;
    let right = id.get_version() == Some(Version::SortRand) && id.get_variant() == Variant::RFC4122;
    if canonical && right { Ok(id) } else { Err(NotAnId) }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// The identity of something made at `unix_ms` (milliseconds), told apart by ten random bytes.
            pub fn new(unix_ms: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
            }

            /// When it was made, in milliseconds since 1970.
            pub fn unix_ms(self) -> u64 { (self.0.as_u128() >> 80) as u64 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(&self.0.hyphenated(), f) }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, Self::Err> { version_7(text).map(Self) }
        }
        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, Self::Error> { text.parse() }
        }
        impl From<$name> for String {
            fn from(id: $name) -> Self { id.to_string() }
        }
    };
}

id! {
    /// A case, named at the first keystroke of its draft.
    CaseId
}
id! {
    /// One act on a case; the same act sent twice carries the same one.
    EventId
}
id! {
    /// One installation of the desk: what a station code is leased to.
    DeskId
}

/// A draft that amends a case has, from its opening on, the identity of the act that it becomes.
impl From<CaseId> for EventId {
    fn from(draft: CaseId) -> Self {
        Self(draft.0)
    }
}

impl From<EventId> for CaseId {
    fn from(act: EventId) -> Self {
        Self(act.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_version_7_is_taken() {
        let id = CaseId::new(1_795_424_523_000, [7; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.unix_ms(), 1_795_424_523_000);
        let text = id.to_string();
        for wrong in [
            text.to_uppercase(),
            format!("{{{text}}}"),
            text.replace('-', ""),
            "00000000-0000-0000-0000-000000000000".to_owned(),
            "b6a7b810-9dad-11d1-80b4-00c04fd430c8".to_owned(),
            "..%2f..%2fetc%2fpasswd".to_owned(),
            String::new(),
            "a".repeat(4096),
        ] {
            assert_eq!(wrong.parse::<CaseId>(), Err(NotAnId), "{wrong}");
        }
    }
}

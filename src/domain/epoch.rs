//! The epoch of a store: a word that is made with it and changes when it is put back from a backup.
//!
//! Whoever sees another epoch than before knows that what was taken since the backup may be gone, and sends it again;
//! each case and act is done once for its id, so that sending too much is harmless.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// 128 random bits; 32 lower-case hexadecimal digits as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Epoch(u128);

/// Text that is not an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an epoch has 32 hexadecimal digits")]
pub struct NotAnEpoch;

impl Epoch {
    /// The epoch of these random bytes.
    pub const fn new(random: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(random))
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for Epoch {
    type Err = NotAnEpoch;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let canonical = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let bits = u128::from_str_radix(text, 16).ok().filter(|_| canonical);
        bits.map(Self).ok_or(NotAnEpoch)
    }
}

impl TryFrom<String> for Epoch {
    type Error = NotAnEpoch;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Epoch> for String {
    fn from(epoch: Epoch) -> Self {
        epoch.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_has_one_form() {
        let epoch = Epoch::new([0x0a; 16]);
        assert_eq!(epoch.to_string(), "0a".repeat(16));
        assert_eq!(epoch.to_string().parse(), Ok(epoch));
        let text = epoch.to_string();
        for wrong in
            ["", "0", &text[1..], &text.to_uppercase(), &format!("{text}0"), &format!("+{}", &text[1..])]
        {
            assert_eq!(wrong.parse::<Epoch>(), Err(NotAnEpoch), "{wrong}");
        }
    }
}

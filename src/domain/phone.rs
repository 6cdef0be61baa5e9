//! Telephone numbers (first cut, replaced by the full one).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A telephone number in its normalised form.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// Text that is no telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a telephone number")]
pub struct PhoneError;

impl PhoneNumber {
    /// Reads a number in any usual form.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if (3..=20).contains(&digits.len()) { Ok(Self(digits)) } else { Err(PhoneError) }
    }

    /// The normalised digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Grouped for reading.
    pub fn display(&self) -> String {
        self.0.clone()
    }

    /// With the middle starred.
    pub fn masked(&self) -> String {
        let (n, keep) = (self.0.len(), 3.min(self.0.len() / 3));
        format!("{}****{}", &self.0[..keep], &self.0[n - keep..])
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(***)")
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

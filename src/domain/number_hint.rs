//! Digits typed into a query, as the telephone or case number they may be. `Debug` tells none of them.

use std::fmt;

use super::normalise::normalise;
use super::number::CaseNumber;
use super::phone::{PhoneKind, PhoneNumber};

/// How digits are to be looked up among telephone and case numbers.
#[derive(Clone, PartialEq, Eq)]
pub enum NumberHint {
    /// A whole case number, its check digits in order.
    Case(CaseNumber),
    /// A whole telephone number.
    Phone(PhoneNumber),
    /// The beginning of either, or all of a short one.
    Prefix(String),
    /// The last four digits of either.
    LastFour(String),
}

impl NumberHint {
    /// How to look up digits typed bare: a whole number, six digits or more of its beginning, or its last four.
    pub fn of(text: &str) -> Option<Self> {
        let digits = digits_of(text)?;
        if let Ok(number) = CaseNumber::parse(&digits) {
            return Some(Self::Case(number));
        }
        match PhoneNumber::parse(text) {
            // Shorter ones may be whole or the beginning of a longer one.
            Ok(number) if digits.len() >= 10 || number.kind() == PhoneKind::Foreign => {
                Some(Self::Phone(number))
            }
            _ if digits.len() == 4 => Some(Self::LastFour(digits)),
            _ if (6..=18).contains(&digits.len()) => Some(Self::Prefix(digits)),
            _ => None,
        }
    }

    /// As [`Self::of`] for a filter, where three digits are enough for a beginning.
    pub(super) fn of_filter(text: &str) -> Option<Self> {
        let short = || digits_of(text).filter(|digits| matches!(digits.len(), 3 | 5)).map(Self::Prefix);
        let with_extension =
            || Some(Self::Phone(PhoneNumber::parse(text).ok().filter(|n| n.extension().is_some())?));
        Self::of(text).or_else(short).or_else(with_extension)
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Case(number) => number.as_str().to_owned(),
            Self::Phone(number) => String::from(number.clone()),
            Self::Prefix(digits) | Self::LastFour(digits) => digits.clone(),
        }
    }
}

/// The digits of a text that has nothing but digits and the signs numbers are grouped with.
pub(super) fn digits_of(text: &str) -> Option<String> {
    let normal = normalise(text);
    let is_sign = |c: char| matches!(c, '-' | '(' | ')' | '+' | ' ' | '‐' | '–' | '—');
    let plain = normal.chars().all(|c| c.is_ascii_digit() || is_sign(c));
    let digits: String = normal.chars().filter(char::is_ascii_digit).collect();
    (plain && !digits.is_empty()).then_some(digits)
}

impl fmt::Debug for NumberHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Case(_) => "Case(…)",
            Self::Phone(_) => "Phone(…)",
            Self::Prefix(_) => "Prefix(…)",
            Self::LastFour(_) => "LastFour(…)",
        })
    }
}

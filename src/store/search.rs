//! Finding cases by words, facts and numbers, newest first.
//!
//! A query of the domain becomes one [`Expression`] over terms, which each engine turns into its own language
//! (`sqlite/search.rs`); nothing a person types is ever syntax.

use crate::domain::account::AccountName;

/// What the index keeps of a case: terms with a blank between them.
#[derive(Clone, PartialEq, Eq)]
pub struct IndexEntry {
    /// The words of the case.
    pub body: String,
    /// The caller's name and numbers.
    pub caller: String,
    /// State, departments and the like, and the case number.
    pub filters: String,
}

/// Which terms a case must have.
#[derive(Clone, PartialEq, Eq)]
pub enum Expression {
    /// These terms one after the other; the last may be only the beginning of one.
    Phrase {
        /// At least one.
        terms: Vec<String>,
        /// Whether the last is a beginning.
        prefix: bool,
    },
    /// All of them; at least one.
    All(Vec<Expression>),
    /// One of them; at least one.
    Any(Vec<Expression>),
    /// The first, and not the second.
    Without(Box<[Expression; 2]>),
}

/// A walk through the index, newest first.
#[derive(Clone)]
pub struct Lookup {
    /// What is looked for; absent for every case.
    pub expression: Option<Expression>,
    /// Whether the caller's name and numbers may be looked at.
    pub callers: bool,
    /// Only keys below this one.
    pub below: i64,
    /// Only cases received then or later, in milliseconds.
    pub since: Option<i64>,
    /// Only cases received before, in milliseconds.
    pub until: Option<i64>,
    /// Only cases that are due before, in milliseconds.
    pub due_before: Option<i64>,
    /// The most keys.
    pub limit: u32,
}

/// Which part of which number a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberPart {
    /// A caller's number from its beginning.
    Phone,
    /// Its last four digits.
    PhoneEnd,
    /// A case number from its beginning.
    Case,
    /// Its last four digits.
    CaseEnd,
}

// The tokens below follow `domain::terms::filter_token`: a digit and a letter in one token, which no text gives.

/// The token of a number, or with fewer digits the beginning of it.
pub(super) fn number_token(part: NumberPart, digits: &str) -> String {
    let mark = match part {
        NumberPart::Phone => "0t",
        NumberPart::PhoneEnd => "0l",
        NumberPart::Case => "0x",
        NumberPart::CaseEnd => "0y",
    };
    format!("{mark}{digits}")
}

/// The token of the account that took a case.
pub(super) fn account_token(name: &AccountName) -> String {
    use std::fmt::Write;
    let mut token = "0b".to_owned();
    for byte in name.as_str().bytes() {
        // Writing to a string cannot fail.
        let _ = write!(token, "{byte:02x}");
    }
    token
}

/// The token that every case has: what exclusions exclude from.
pub(super) fn every_case_token() -> String {
    "0e".to_owned()
}

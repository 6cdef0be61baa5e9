//! One cell of a table, as a spreadsheet may be shown it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_i18n::t;

use crate::domain::number::CaseNumber;
use crate::domain::safe::SafeText;

/// The most that Excel keeps in a cell, in UTF-16 units.
const EXCEL_CELL: usize = 32_767;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Empty,
    Text(String),
    /// A list; the parts hold no separator of their own that matters.
    List(Vec<String>),
    Count(u32),
    Time(Timestamp),
    Number(CaseNumber),
}

impl Value {
    /// The text, or nothing.
    pub(super) fn of_text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// What there may be.
    pub(super) fn of_option<T: ToString>(value: Option<&T>) -> Self {
        value.map_or(Self::Empty, |value| Self::of_text(value.to_string()))
    }

    /// For a person: what steers or hides is written out, a case number is grouped, so that no spreadsheet takes its
    /// 18 digits for a quantity and rounds it.
    pub(super) fn shown(&self, zone: &TimeZone) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => SafeText::block(text).into_cow().into_owned(),
            Self::List(parts) => {
                SafeText::line(&parts.join(&t!("cli.export.between"))).into_cow().into_owned()
            }
            Self::Count(count) => count.to_string(),
            Self::Time(at) => local(*at, zone),
            Self::Number(number) => number.grouped(),
        }
    }

    /// For a program: as it is kept.
    pub(super) fn json(&self, zone: &TimeZone) -> serde_json::Value {
        match self {
            Self::Empty => serde_json::Value::Null,
            Self::Text(text) => text.as_str().into(),
            Self::List(parts) => parts.clone().into(),
            Self::Count(count) => (*count).into(),
            Self::Time(at) => local(*at, zone).into(),
            Self::Number(number) => number.as_str().into(),
        }
    }
}

/// The time in the city, with its offset: whoever reads it elsewhere reads the same instant.
fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A text that no spreadsheet takes for a formula, also after it has cut the blanks off.
pub(super) fn guarded(text: String) -> String {
    let begins =
        |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if begins(&text) || begins(text.trim_start()) { format!("'{text}") } else { text }
}

/// The text as far as Excel keeps it, and whether that is less than all.
pub(super) fn fitting(text: &str) -> (Cow<'_, str>, bool) {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > EXCEL_CELL {
            // One unit for the mark that something is missing.
            let end = text[..at].char_indices().next_back().map_or(0, |(last, _)| last);
            return (format!("{}…", &text[..end]).into(), true);
        }
    }
    (text.into(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_formula() {
        for text in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "\u{3000}=1", "=cmd|' /C calc'!A0"]
        {
            assert!(guarded(text.to_owned()).starts_with('\''), "{text:?}");
        }
        for text in ["", "路灯不亮", "1-2", "a=b", "'=1"] {
            assert_eq!(guarded(text.to_owned()), text);
        }
    }

    #[test]
    fn a_cell_holds_what_excel_holds() {
        let fits = "字".repeat(EXCEL_CELL);
        assert_eq!(fitting(&fits), (fits.as_str().into(), false));
        for long in ["字".repeat(EXCEL_CELL + 1), "😀".repeat(EXCEL_CELL)] {
            let (cut, was_cut) = fitting(&long);
            assert!(was_cut && cut.encode_utf16().count() <= EXCEL_CELL && cut.ends_with('…'));
        }
    }
}

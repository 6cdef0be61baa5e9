//! Where in a query somebody is typing, and what can stand there: the name of a filter, or a value of it.

use std::ops::Range;

use super::query::is_quote;
use super::query_name::Name;
pub use super::query_name::{Spelling, spellings};

/// What can be completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The name of a filter, if it is one at all.
    Name,
    /// A department.
    Department,
    /// A matter.
    Matter,
    /// A division.
    Place,
    /// A state.
    State,
    /// A kind.
    Kind,
    /// What a case is.
    Flag,
    /// A day or span of days.
    Date,
}

/// A word that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// The bytes of the query that a completion comes in the place of.
    pub range: Range<usize>,
    /// What it is to become.
    pub wanted: Wanted,
}

/// The word before `caret`, a byte of `text`, where it can be completed: only at the end of a word, and not within
/// quotation marks.
pub fn unfinished(text: &str, caret: usize) -> Option<Unfinished> {
    let (before, after) = (text.get(..caret)?, text.get(caret..)?);
    let at_end = after.chars().next().is_none_or(char::is_whitespace);
    if !at_end || before.chars().filter(|c| is_quote(*c)).count() % 2 == 1 {
        return None;
    }
    let start = before.char_indices().rev().find(|(_, c)| c.is_whitespace() || is_quote(*c));
    let start = start.map_or(0, |(at, c)| at + c.len_utf8());
    let word = &before[start..];
    let Some(colon) = word.find([':', '：']) else {
        return (!word.is_empty()).then_some(Unfinished { range: start..caret, wanted: Wanted::Name });
    };
    let wanted = match Name::of(&word[..colon])? {
        Name::Department => Wanted::Department,
        Name::Matter => Wanted::Matter,
        Name::Place => Wanted::Place,
        Name::State => Wanted::State,
        Name::Kind => Wanted::Kind,
        Name::Is => Wanted::Flag,
        Name::Since | Name::Until => Wanted::Date,
        // Numbers and accounts stand in no table of the desk.
        Name::By | Name::Phone | Name::Number => return None,
    };
    let value = start + colon + word[colon..].chars().next().map_or(0, char::len_utf8);
    Some(Unfinished { range: value..caret, wanted })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at_end(text: &str) -> Option<(&str, Wanted)> {
        unfinished(text, text.len()).map(|found| (&text[found.range], found.wanted))
    }

    #[test]
    fn tells_what_is_being_typed() {
        for (text, found) in [
            ("zt", Some(("zt", Wanted::Name))),
            ("噪声 状", Some(("状", Wanted::Name))),
            ("噪声 ", None),
            ("", None),
            ("状态:", Some(("", Wanted::State))),
            ("噪声　状态：办", Some(("办", Wanted::State))),
            ("dept:cg", Some(("cg", Wanted::Department))),
            ("\"夜间 施工\"is:", Some(("", Wanted::Flag))),
            ("\"夜间 is:", None),
            ("自:昨", Some(("昨", Wanted::Date))),
            ("电话:138", None),
            ("时间:昨", None),
        ] {
            assert_eq!(at_end(text), found, "{text}");
        }
        // Within a word nothing is completed; between two words the first is.
        assert_eq!(unfinished("状态:办理", 7), None);
        assert_eq!(unfinished("状态: 噪声", 7).map(|found| found.range), Some(7..7));
        assert_eq!(unfinished("状态", 1), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn any_text_and_any_caret_are_answered(text in "[\\PC状态：:\"“ 　]{0,20}", caret in 0_usize..60) {
            if let Some(found) = unfinished(&text, caret) {
                prop_assert!(text.get(found.range.clone()).is_some() && found.range.end == caret);
            }
        }
    }
}

//! Index terms: what a text is found by. Chinese has no spaces, so runs of it are cut into overlapping pairs.
//!
//! The normal form is cut into runs of one script. A run of Han, kana or Hangul gives its overlapping pairs and, last,
//! its final character alone: 噪声扰民 gives `噪声 声扰 扰民 民`. Letters and digits give one term a run, so `C盘`,
//! `3号线` and `京A12345` are found by any of their parts. Whatever is typed is then a phrase of such terms: pairs that
//! stand one after the other spell the text exactly, and a single character is the beginning of a pair or the final
//! one. The rules, which [`contains`](super::find::contains) states a second time without any index:
//!
//! - a Chinese run is found by any part of it, down to one character;
//! - a run of letters is found whole, and so are digits, save that four or more digits at the end of the query may
//!   be the beginning of a longer run;
//! - between two runs any blanks and punctuation are alike;
//! - a query of nothing but 7 to 20 digits, grouped or not, is found in any number that begins with them, however
//!   that is grouped with blanks, hyphens or brackets (`138-0013-8000`), from the start of any group.
//!
//! Terms are separated by a blank and hold no other ASCII than lower-case letters or digits, never both, so that any
//! tokeniser that splits at blanks keeps them whole. [`filter_token`], [`BARRIER`] and numbers without their grouping
//! begin with `0` and a letter, so no word of a text or a query can be taken for them.

use super::code::code_enum;
use super::normalise::Normalised;
pub use super::runs::is_dense;
use super::runs::{NUMBER_DIGITS, Script, number_at, number_only, runs};

/// Stands between two texts in one index entry: no phrase reaches across it and no query contains it.
pub const BARRIER: &str = "0z";

/// From this many digits a number at the end of a query may be the beginning of a longer one.
pub const PREFIX_DIGITS: usize = 4;

/// What a number without its grouping begins with in the index.
const NUMBER: &str = "0n";
/// A longer run of letters or digits is known by its beginning: engines bound the length of a term.
pub(super) const TERM_LIMIT: usize = 64;

code_enum! {
    /// What a case can be narrowed down by inside the index.
    FilterField = "filter_field" {
        /// A department that has the case.
        Department = "department",
        /// The state.
        State = "state",
        /// The kind.
        Kind = "kind",
        /// The matter.
        Matter = "matter",
        /// The division.
        Division = "division",
        /// Whether it is confidential.
        Confidential = "confidential",
    }
}

/// The terms of a text, separated by blanks, in the order of the text.
pub fn index_terms(text: &str) -> String {
    index_terms_of([text])
}

/// The terms of several texts in one entry; no phrase is found across two of them.
pub fn index_terms_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut terms = String::new();
    for text in texts {
        if !terms.is_empty() {
            push(&mut terms, BARRIER.chars());
        }
        let normal = Normalised::of(text);
        let chars = normal.chars();
        let runs = runs(chars);
        for run in &runs {
            let part = &chars[run.at.clone()];
            if run.script == Script::Dense {
                for pair in part.windows(2) {
                    push(&mut terms, pair.iter().copied());
                }
                push(&mut terms, part[part.len() - 1..].iter().copied());
            } else {
                push(&mut terms, part.iter().copied().take(TERM_LIMIT));
            }
        }
        for at in 0..runs.len() {
            let number = number_at(chars, &runs[at..]);
            if number.len() >= NUMBER_DIGITS {
                push(&mut terms, NUMBER.chars().chain(number.chars()));
            }
        }
    }
    terms
}

/// A term that stands for a fact about the case and not for a word in it. Different codes give different terms.
pub fn filter_token(field: FilterField, code: &str) -> String {
    use std::fmt::Write;
    // A digit and a letter: no text gives a term of both.
    let mut token = match field {
        FilterField::Department => "0d",
        FilterField::State => "0s",
        FilterField::Kind => "0k",
        FilterField::Matter => "0m",
        FilterField::Division => "0p",
        FilterField::Confidential => "0c",
    }
    .to_owned();
    for byte in code.bytes() {
        match byte {
            b'a'..=b'y' | b'0'..=b'9' => token.push(char::from(byte)),
            _ => {
                let _ = write!(token, "z{byte:02x}");
            }
        }
    }
    token
}

/// What to look up in the index: these terms one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The terms, at least one.
    pub terms: Vec<String>,
    /// Whether the last one is only the beginning of a term.
    pub prefix: bool,
}

impl Match {
    /// The terms by which `text`, a word or phrase of a query, is found; `None` if it holds nothing that is indexed
    /// (only punctuation). In an `exact` phrase a number at the end is the whole number.
    pub fn of(text: &str, exact: bool) -> Option<Self> {
        let normal = Normalised::of(text);
        let chars = normal.chars();
        let runs = runs(chars);
        if let Some(digits) = number_only(chars, &runs) {
            return Some(Self { terms: vec![format!("{NUMBER}{digits}")], prefix: true });
        }
        let (last, before) = runs.split_last()?;
        let mut terms = Vec::new();
        let mut push = |part: &[char]| terms.push(part.iter().take(TERM_LIMIT).collect());
        for run in before {
            let part = &chars[run.at.clone()];
            if run.script == Script::Dense {
                part.windows(2).for_each(&mut push);
                push(&part[part.len() - 1..]);
            } else {
                push(part);
            }
        }
        let part = &chars[last.at.clone()];
        let prefix = match last.script {
            Script::Dense if part.len() == 1 => {
                push(part);
                true
            }
            Script::Dense => {
                part.windows(2).for_each(&mut push);
                false
            }
            Script::Letters => {
                push(part);
                false
            }
            Script::Digits => {
                push(part);
                !exact && part.len() >= PREFIX_DIGITS && part.len() < TERM_LIMIT
            }
        };
        Some(Self { terms, prefix })
    }
}

fn push(terms: &mut String, term: impl Iterator<Item = char>) {
    if !terms.is_empty() {
        terms.push(' ');
    }
    terms.extend(term);
}

#[cfg(test)]
mod tests {
    use super::super::find::{contains, marks};
    use super::super::query::Query;
    use super::*;
    use proptest::prelude::*;

    /// What an index does with a match: terms one after the other, the last one perhaps only begun.
    fn looked_up(terms: &str, word: &str, exact: bool) -> bool {
        let terms: Vec<&str> = terms.split(' ').collect();
        let Some(wanted) = Match::of(word, exact) else { return false };
        terms.windows(wanted.terms.len()).any(|window| {
            window.iter().zip(&wanted.terms).enumerate().all(|(at, (term, want))| {
                if wanted.prefix && at + 1 == wanted.terms.len() {
                    term.starts_with(want)
                } else {
                    term == want
                }
            })
        })
    }

    #[test]
    fn cuts_by_script() {
        for (text, terms) in [
            ("噪声扰民", "噪声 声扰 扰民 民"),
            ("乘3号线到C盘", "乘 3 号线 线到 到 c 盘"),
            ("京A12345", "京 a 12345"),
            ("𠮷野家，路", "𠮷野 野家 家 路"),
            ("Café NOISE", "café noise"),
            ("电138-0013-8000", "电 138 0013 8000 0n13800138000 0n00138000"),
            ("１２３４５６７", "1234567 0n1234567"),
            ("，。！ -_", ""),
            ("", ""),
        ] {
            assert_eq!(index_terms(text), terms, "{text}");
        }
    }

    #[test]
    fn finds_any_part_of_a_word() {
        let text = "市民反映：幸福路12号樓下，夜間施工噪聲擾民，电话 138-0013-8000；车牌京A12345，乘3号线。";
        let terms = index_terms(text);
        for (word, found) in [
            ("噪声", true),
            ("噪", true),
            ("民", true),
            ("线", true),
            ("施工噪声扰民", true),
            ("扰民噪声", false),
            ("楼下夜间", false),
            ("楼下，夜间", true),
            ("楼下 夜间", true),
            ("下夜", false),
            ("12号", true),
            ("2号", false),
            ("1", false),
            ("3号线", true),
            ("京A12345", true),
            ("a12345", true),
            ("12345", true),
            ("1234", true),
            ("123", false),
            ("a123", false),
            ("a1234", true),
            ("13800138000", true),
            ("1380013", true),
            ("138 0013 8000", true),
            ("00138000", true),
            ("38001380", false),
            ("0013", true),
            ("8000", true),
            ("800", false),
            ("138-0013-80", true),
            ("电话138", true),
        ] {
            assert_eq!(contains(text, word, false), found, "{word}");
            assert_eq!(looked_up(&terms, word, false), found, "{word} in the index");
        }
        assert!(!contains(text, "1234", true) && contains(text, "12345", true));
        assert_eq!(Match::of("，。", false), None);
    }

    #[test]
    fn nothing_typed_is_a_filter() {
        let token = filter_token(FilterField::Department, "CG-07.a");
        assert_eq!(token, "0dz43z47z2d07z2ea");
        assert_ne!(token, filter_token(FilterField::Department, "cg-07.a"));
        let entry = format!("{} {BARRIER} {token}", index_terms("0d07"));
        for word in [token.as_str(), BARRIER, "0d", "0d07z"] {
            assert!(!looked_up(&token, word, false) && !looked_up(BARRIER, word, false), "{word}");
        }
        assert!(looked_up(&entry, "0d07", false));
        assert!(!looked_up(&index_terms_of(["前", "后"]), "前后", false));
    }

    #[test]
    fn marks_the_original() {
        let text = "夜間施工，ｎｏｉｓｅ噪\u{200b}聲；13800138000";
        let query = Query::parse("施工 noise 噪声 \"工\" -夜间 1380013");
        let marked: Vec<&str> = marks(text, &query).into_iter().map(|mark| &text[mark]).collect();
        assert_eq!(marked, ["施工", "ｎｏｉｓｅ噪\u{200b}聲", "1380013"]);
        assert!(marks(text, &Query::parse("，")).is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, max_global_rejects: 5000, ..ProptestConfig::default() })]

        #[test]
        fn the_index_finds_what_the_text_contains(
            text in "[甲乙か가𠮷aéB019 ，\\-\\u{301}]{0,24}",
            word in "[甲乙か가aB019 ，\\-]{1,9}",
            exact in any::<bool>(),
        ) {
            prop_assert_eq!(looked_up(&index_terms(&text), &word, exact), contains(&text, &word, exact));
        }

        #[test]
        fn every_part_of_a_chinese_text_is_found(text in "[甲乙丙か𠮷，]{1,16}", from in 0usize..9, length in 1usize..9) {
            let part: String = text.chars().skip(from).take(length).collect();
            let part = part.trim_matches('，');
            prop_assume!(!part.is_empty());
            prop_assert!(looked_up(&index_terms(&text), part, false), "{} in {}", part, text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn terms_are_clean_and_marks_are_in_order(text in "\\PC{0,40}", word in "\\PC{1,6}") {
            for term in index_terms(&text).split(' ').filter(|term| !term.starts_with("0n")) {
                let ascii: Vec<u8> = term.bytes().filter(u8::is_ascii).collect();
                prop_assert!(ascii.iter().all(u8::is_ascii_lowercase) || ascii.iter().all(u8::is_ascii_digit), "{}", term);
            }
            let marks = marks(&format!("{text}{word}{text}"), &Query::parse(&word));
            prop_assert!(marks.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
    }
}

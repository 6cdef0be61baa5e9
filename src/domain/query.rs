//! The query language, the same on the desk, the command line and the API.
//!
//! Words must all match; `"a phrase"` is taken as it stands; `-word` must not match; `state:closed`, `单位:城管` and
//! the like narrow down. Any text is a query: what is not understood is taken as a word, with a note that says where.
//! `Display` writes a query so that it reads back the same.

use std::fmt;
use std::ops::Range;

use super::code::{Kind, State, code_enum};
use super::number::CaseNumber;
pub use super::number_hint::NumberHint;
use super::number_hint::digits_of;
use super::query_date::DateSpec;
use super::query_name::Name;
use super::terms::Match;

/// The longest query, in characters.
pub const QUERY_LIMIT: usize = 200;
/// The most words of a query.
pub const WORDS_LIMIT: usize = 8;

code_enum! {
    /// What was not taken as it was perhaps meant.
    NoteCode = "query_note" {
        /// Longer than [`QUERY_LIMIT`]; the server refuses it.
        TooLong = "too_long",
        /// More words than [`WORDS_LIMIT`]; the server refuses it.
        TooMany = "too_many",
        /// The filter has no such value: taken as a word.
        UnknownValue = "unknown_value",
        /// No such day, or not of the years 2000 to 2099: taken as a word.
        BadDate = "bad_date",
        /// Not a telephone or case number: taken as a word.
        BadNumber = "bad_number",
        /// 18 digits whose check digits do not fit: misheard or mistyped.
        Check = "check",
        /// A filter without a value: left out.
        EmptyFilter = "empty_filter",
        /// A filter cannot be excluded: taken as a word.
        ExcludedFilter = "excluded_filter",
        /// A quotation mark is not closed: the phrase goes to the end.
        OpenQuote = "open_quote",
        /// Nothing that can be searched for, such as a comma: left out.
        NothingToFind = "nothing_to_find",
    }
}

code_enum! {
    /// What a case is, for `is:`.
    Flag = "flag" {
        /// 超期: past its deadline.
        Overdue = "overdue",
        /// 我的: taken by the one who asks.
        Mine = "mine",
        /// 未结: not finished.
        Open = "open",
        /// 退回: sent back by a department and not dispatched again.
        Returned = "returned",
        /// 存疑: taken at a time that the desk's clock told wrongly, and not confirmed by a lead.
        Doubtful = "doubtful",
        /// 迟报: long on its way, and not confirmed by a lead.
        Late = "late",
        /// 不满意: the caller said so when they were asked last.
        Dissatisfied = "dissatisfied",
    }
}

/// A word or phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As typed, without quotation marks and minus; see [`Match::of`] for what is looked up.
    pub text: String,
    /// Typed in quotation marks.
    pub exact: bool,
    /// Typed after a minus: the case must not hold it.
    pub excluded: bool,
}

/// What narrows a query down. Filters of one sort widen each other, of different sorts narrow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// `dept:` a department by code or name.
    Department(String),
    /// `state:`.
    State(State),
    /// `kind:`.
    Kind(Kind),
    /// `matter:` by code or name.
    Matter(String),
    /// `place:` a division by code or name.
    Place(String),
    /// `by:` the account that took the case.
    By(String),
    /// `phone:`.
    Phone(NumberHint),
    /// `no:` the case number.
    Number(NumberHint),
    /// `since:` from the first of these days.
    Since(DateSpec),
    /// `until:` to the last of these days.
    Until(DateSpec),
    /// `is:`.
    Is(Flag),
}

/// A place in the text that was not taken as it was perhaps meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryNote {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What about it.
    pub code: NoteCode,
}

/// A query that has been read. Its `Debug` tells no words: people search for names and numbers.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// All of these must match; every one of them has a [`Match`].
    pub words: Vec<Word>,
    /// What it is narrowed down by.
    pub filters: Vec<Filter>,
    /// What was not understood, in the order of the text.
    pub notes: Vec<QueryNote>,
}

impl Query {
    /// Reads any text.
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        if text.chars().nth(QUERY_LIMIT).is_some() {
            query.note(0..text.len(), NoteCode::TooLong);
        }
        let mut rest = text;
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                break;
            }
            let start = text.len() - rest.len();
            rest = query.read_one(text, start);
        }
        query.join_numbers();
        if query.words.len() > WORDS_LIMIT {
            query.note(0..text.len(), NoteCode::TooMany);
        }
        query
    }

    /// Whether nothing is asked for, so that everything is found.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.filters.is_empty()
    }

    /// Whether it is longer than the limits; such a query is refused.
    pub fn over_limit(&self) -> Option<NoteCode> {
        let mut codes = self.notes.iter().map(|note| note.code);
        codes.find(|code| matches!(code, NoteCode::TooLong | NoteCode::TooMany))
    }

    /// How to look the query up among telephone and case numbers beside the texts, when its only word is a number.
    pub fn number_hint(&self) -> Option<NumberHint> {
        match self.words.as_slice() {
            [word] if !word.exact && !word.excluded => NumberHint::of(&word.text),
            _ => None,
        }
    }

    /// Reads the word or filter at byte `start`, which is no blank; gives what is left.
    fn read_one<'a>(&mut self, text: &'a str, start: usize) -> &'a str {
        let body = text[start..].trim_start_matches(is_minus);
        let excluded = body.len() < text.len() - start;
        if body.starts_with(is_quote) {
            let (phrase, rest, closed) = quoted(body);
            let range = start..text.len() - rest.len();
            if !closed {
                self.note(range.clone(), NoteCode::OpenQuote);
            }
            self.word(phrase.to_owned(), true, excluded, range);
            return rest;
        }
        let end = body.find(|c: char| c.is_whitespace() || is_quote(c)).unwrap_or(body.len());
        let (mut raw, mut rest) = body.split_at(end);
        let Some((name, value)) =
            raw.split_once([':', '：']).and_then(|(name, value)| Some((Name::of(name)?, value)))
        else {
            self.word(raw.to_owned(), false, excluded, start..text.len() - rest.len());
            return rest;
        };
        let mut value = value;
        let mut in_quotes = false;
        if value.is_empty() && rest.starts_with(is_quote) {
            let closed;
            (value, rest, closed) = quoted(rest);
            in_quotes = true;
            if !closed {
                self.note(start..text.len(), NoteCode::OpenQuote);
            }
            raw = raw.trim_end_matches([':', '：']);
        }
        let range = start..text.len() - rest.len();
        let read = if excluded {
            Err(NoteCode::ExcludedFilter)
        } else if value.trim().is_empty() {
            Err(NoteCode::EmptyFilter)
        } else {
            name.filter(value.trim())
        };
        match read {
            Ok(filter) => self.filters.push(filter),
            Err(code) => {
                self.note(range.clone(), code);
                let literal = if in_quotes { format!("{raw}:{value}") } else { raw.to_owned() };
                if !value.trim().is_empty() {
                    self.word(literal, in_quotes, excluded, range);
                }
            }
        }
        rest
    }

    fn word(&mut self, text: String, exact: bool, excluded: bool, range: Range<usize>) {
        if Match::of(&text, exact).is_none() {
            self.note(range, NoteCode::NothingToFind);
            return;
        }
        if digits_of(&text).is_some_and(|digits| digits.len() == 18) && CaseNumber::parse(&text).is_err() {
            self.note(range, NoteCode::Check);
        }
        self.words.push(Word { text, exact, excluded });
    }

    fn note(&mut self, range: Range<usize>, code: NoteCode) {
        self.notes.push(QueryNote { range, code });
    }

    /// Puts the groups of a number that was typed with blanks together into one word.
    fn join_numbers(&mut self) {
        let is_group = |word: &Word| !word.exact && !word.excluded && digits_of(&word.text).is_some();
        let mut from = 0;
        while from < self.words.len() {
            let groups = self.words[from..].iter().take_while(|word| is_group(word)).count();
            if groups > 1 {
                let typed: Vec<&str> =
                    self.words[from..from + groups].iter().map(|word| word.text.as_str()).collect();
                let joined = match NumberHint::of(&typed.join(" ")) {
                    Some(NumberHint::Case(number)) => Some(number.as_str().to_owned()),
                    Some(NumberHint::Phone(number)) => Some(String::from(number)),
                    _ => None,
                };
                if let Some(text) = joined.filter(|text| digits_of(text).is_some()) {
                    let word = Word { text, exact: false, excluded: false };
                    self.words.splice(from..from + groups, [word]);
                }
            }
            from += groups.max(1);
        }
    }
}

/// The text between the quotation mark that `text` begins with and the next one, what follows, and whether there is a
/// next one. All marks are alike: an input method gives “ for ” as often as not.
fn quoted(text: &str) -> (&str, &str, bool) {
    let mut inside = text.chars();
    inside.next();
    let inside = inside.as_str();
    match inside.find(is_quote) {
        Some(end) => {
            let mut after = inside[end..].chars();
            after.next();
            (&inside[..end], after.as_str(), true)
        }
        None => (inside, "", false),
    }
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '＂' | '「' | '」' | '『' | '』')
}

fn is_minus(c: char) -> bool {
    matches!(c, '-' | '－' | '−')
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Query({} words, {} filters, {} notes)",
            self.words.len(),
            self.filters.len(),
            self.notes.len()
        )
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minus = if self.excluded { "-" } else { "" };
        if self.exact { write!(f, "{minus}\"{}\"", self.text) } else { write!(f, "{minus}{}", self.text) }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, value) = match self {
            Self::Department(value) => ("dept", value.clone()),
            Self::State(state) => ("state", state.to_string()),
            Self::Kind(kind) => ("kind", kind.to_string()),
            Self::Matter(value) => ("matter", value.clone()),
            Self::Place(value) => ("place", value.clone()),
            Self::By(value) => ("by", value.clone()),
            Self::Phone(hint) => ("phone", hint.text()),
            Self::Number(hint) => ("no", hint.text()),
            Self::Since(date) => ("since", date.to_string()),
            Self::Until(date) => ("until", date.to_string()),
            Self::Is(flag) => ("is", flag.to_string()),
        };
        if value.contains(char::is_whitespace) {
            write!(f, "{name}:\"{value}\"")
        } else {
            write!(f, "{name}:{value}")
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.words.iter().map(ToString::to_string);
        let parts: Vec<String> = words.chain(self.filters.iter().map(ToString::to_string)).collect();
        f.write_str(&parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::phone::PhoneNumber;
    use super::*;
    use proptest::prelude::*;

    fn notes(query: &Query) -> Vec<NoteCode> {
        query.notes.iter().map(|note| note.code).collect()
    }

    #[test]
    fn reads_the_language_in_both_tongues() {
        for (text, same) in [
            ("噪声 扰民", "噪声 扰民"),
            ("\"夜间 施工\" -电梯 －「幸福 路」", "\"夜间 施工\" -电梯 -\"幸福 路\""),
            ("“夜间 施工”噪声", "\"夜间 施工\" 噪声"),
            ("单位：城管局 状态:办理中 类型：投诉", "dept:城管局 state:in_progress kind:complaint"),
            ("ｓｔａｔｅ：ｃｌｏｓｅｄ STATE:In-Progress", "state:closed state:in_progress"),
            ("事项:噪声 地点：\"幸福 街道\" 受理人:w01", "matter:噪声 place:\"幸福 街道\" by:w01"),
            ("自：２０２６－１１－２３ 至:今天", "since:2026-11-23 until:today"),
            ("since:7d until:上周", "since:7d until:1w"),
            ("是:超期 是：我的 is:open 是:退回", "is:overdue is:mine is:open is:returned"),
            ("is:存疑 is:迟报", "is:doubtful is:late"),
            ("电话:138 0013", "0013 phone:138"),
            ("phone:8000 电话:+86-138-0013-8000", "phone:8000 phone:13800138000"),
            ("no:261123 编号:261123-154203", "no:261123 no:261123154203"),
            ("时间：昨天 http://a", "时间：昨天 http://a"),
            ("138 0013 8000", "13800138000"),
            ("+86 138 0013 8000 噪声", "13800138000 噪声"),
            ("2024 2025", "2024 2025"),
        ] {
            let query = Query::parse(text);
            assert_eq!(query.to_string(), same, "{text}");
            assert_eq!(notes(&query), [], "{text}");
        }
    }

    #[test]
    fn takes_literally_what_it_does_not_know_and_says_where() {
        use NoteCode::{
            BadDate, BadNumber, Check, EmptyFilter, ExcludedFilter, NothingToFind, OpenQuote, UnknownValue,
        };
        for (text, same, place, code) in [
            ("噪声 state:nowhere", "噪声 state:nowhere", "state:nowhere", UnknownValue),
            ("类型：“a b”", "\"类型:a b\"", "类型：“a b”", UnknownValue),
            ("since:2026-02-30", "since:2026-02-30", "since:2026-02-30", BadDate),
            ("phone:abc", "phone:abc", "phone:abc", BadNumber),
            ("state: 噪声", "噪声", "state:", EmptyFilter),
            ("-state:closed", "-state:closed", "-state:closed", ExcludedFilter),
            ("噪声 \"夜间 施工", "噪声 \"夜间 施工\"", "\"夜间 施工", OpenQuote),
            ("噪声 ， ", "噪声", "，", NothingToFind),
            ("- 噪声", "噪声", "-", NothingToFind),
            ("261123154203004200", "261123154203004200", "261123154203004200", Check),
        ] {
            let query = Query::parse(text);
            assert_eq!(query.to_string(), same, "{text}");
            assert_eq!(notes(&query), [code], "{text}");
            assert_eq!(&text[query.notes[0].range.clone()], place, "{text}");
        }
    }

    #[test]
    fn engine_syntax_is_only_text() {
        let text = "\" AND NEAR(a OR* ^b col:x (( '; drop table cases;-- $1 {{7*7}} % _ \\ \0";
        let query = Query::parse(text);
        assert!(
            query.filters.is_empty()
                && query.words.iter().all(|word| Match::of(&word.text, word.exact).is_some())
        );
        assert_eq!(Query::parse(&"(".repeat(5000)).words, []);
        assert_eq!(Query::parse(&"a OR ".repeat(20_000)).over_limit(), Some(NoteCode::TooLong));
        assert_eq!(Query::parse("a b c d e f g h").over_limit(), None);
        assert_eq!(Query::parse("a b c d e f g h i").over_limit(), Some(NoteCode::TooMany));
        assert_eq!(Query::parse(&"噪".repeat(200)).over_limit(), None);
    }

    #[test]
    fn knows_a_number_typed_bare() {
        let noon = jiff::civil::date(2026, 11, 23).at(12, 0, 0, 0);
        let number = CaseNumber::new(noon, 42.try_into().unwrap());
        let phone = |text: &str| Some(NumberHint::Phone(PhoneNumber::parse(text).unwrap()));
        for (text, hint) in [
            (number.as_str(), Some(NumberHint::Case(number.clone()))),
            (&number.grouped(), Some(NumberHint::Case(number.clone()))),
            ("138-0013-8000 状态:办理中", phone("13800138000")),
            ("(0755) 2345 6789", phone("075523456789")),
            ("8000", Some(NumberHint::LastFour("8000".into()))),
            ("２６１１２３", Some(NumberHint::Prefix("261123".into()))),
            ("23456789", Some(NumberHint::Prefix("23456789".into()))),
            ("12345", None),
            ("110", None),
            ("噪声", None),
            ("8000 噪声", None),
            ("-8000", None),
            ("\"8000\"", None),
        ] {
            assert!(Query::parse(text).number_hint() == hint, "{text}");
        }
        assert_eq!(format!("{:?}", Query::parse("13800138000")), "Query(1 words, 0 filters, 0 notes)");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn reads_back_the_same(parts in prop::collection::vec(prop_oneof![
            Just("state:closed"), Just("状态："), Just("phone:"), Just("no:"), Just("since:"), Just("昨天"), Just("dept:"),
            Just("\""), Just("“"), Just("-"), Just(" "), Just(" "), Just("　"), Just("138"), Just("0013"), Just("8000"),
            Just("0755"), Just("+86"), Just("噪声"), Just("，"), Just("a"), Just(":"), Just("转8"), Just("\u{200b}"), Just("("),
        ], 0..14), odd in "\\PC{0,6}") {
            let query = Query::parse(&format!("{}{odd}", parts.concat()));
            let again = Query::parse(&query.to_string());
            prop_assert_eq!(&again.words, &query.words);
            prop_assert_eq!(&again.filters, &query.filters);
        }
    }
}

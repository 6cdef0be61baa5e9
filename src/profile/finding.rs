//! What is wrong with a city profile, and where: the one answer of the checker.

use std::fmt;

use crate::domain::code::code_enum;
use crate::domain::safe::SafeText;

code_enum! {
    /// What can be wrong; `profile.finding.CODE` is the sentence in the locales.
    FindingCode = "finding" {
        /// A file is not there.
        MissingFile = "missing_file",
        /// A file is there and cannot be read.
        Unreadable = "unreadable",
        /// A file is larger than any profile has reason to be.
        TooLarge = "too_large",
        /// Not UTF-8.
        NotUtf8 = "not_utf8",
        /// Starts with a byte order mark.
        Bom = "bom",
        /// Not TOML, or not CSV.
        Syntax = "syntax",
        /// A key or column nobody reads.
        UnknownKey = "unknown_key",
        /// A key or column that must be there.
        MissingKey = "missing_key",
        /// A number where a text belongs, and the like.
        WrongType = "wrong_type",
        /// A value that is none of those allowed.
        BadValue = "bad_value",
        /// A code used twice.
        DuplicateCode = "duplicate_code",
        /// Two things by one name, which nobody could tell apart.
        DuplicateName = "duplicate_name",
        /// Another name of one thing by which another is known as well.
        AmbiguousAlias = "ambiguous_alias",
        /// A parent that is not in the file.
        UnknownParent = "unknown_parent",
        /// Something above itself.
        Cycle = "cycle",
        /// A reference to a department that is not there.
        UnknownDepartment = "unknown_department",
        /// A reference to a division that is not there.
        UnknownDivision = "unknown_division",
        /// A reference to a matter that is not there.
        UnknownMatter = "unknown_matter",
        /// A matter with an empty level.
        MissingLevel = "missing_level",
        /// No name.
        EmptyName = "empty_name",
        /// Control, direction or zero-width characters in a text that people read.
        UnsafeText = "unsafe_text",
        /// A file without a single entry.
        EmptyList = "empty_list",
        /// A time zone that does not exist.
        UnknownZone = "unknown_zone",
        /// One day both off and worked.
        HolidayIsWorkday = "holiday_is_workday",
        /// A deadline rule for a kind that the city does not use.
        RuleForUnusedKind = "rule_for_unused_kind",
        /// A deadline of no time at all.
        EmptyTerm = "empty_term",
    }
}

impl FindingCode {
    /// Whether something in the file was not read at all, so that it may also seem to be missing elsewhere.
    pub(super) fn loses_entries(self) -> bool {
        use FindingCode as C;
        matches!(self, C::MissingFile | C::Unreadable | C::TooLarge | C::NotUtf8)
            || matches!(self, C::Syntax | C::UnknownKey | C::MissingKey | C::WrongType | C::BadValue)
    }
}

/// One thing wrong, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file's name within the profile directory.
    pub file: String,
    /// Line, counted from 1; absent where the whole file is meant.
    pub line: Option<usize>,
    /// Column in characters, counted from 1.
    pub column: Option<usize>,
    /// What is wrong.
    pub code: FindingCode,
    /// What it is about: a code, a key, a name.
    pub what: String,
    /// What more there is to know, such as the values allowed; empty where there is nothing.
    pub detail: String,
}

impl Finding {
    /// A finding about a whole file.
    pub fn of_file(file: &str, code: FindingCode, what: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            column: None,
            code,
            what: what.into(),
            detail: String::new(),
        }
    }

    /// The same with more to say.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// The same at a place.
    #[must_use]
    pub fn at(self, line: usize, column: Option<usize>) -> Self {
        Self { line: Some(line), column, ..self }
    }

    /// `FILE:LINE:COLUMN`, as editors and terminals understand it.
    pub fn place(&self) -> String {
        match (self.line, self.column) {
            (Some(line), Some(column)) => format!("{}:{line}:{column}", self.file),
            (Some(line), None) => format!("{}:{line}", self.file),
            _ => self.file.clone(),
        }
    }

    /// The sentence for people, in `locale` (`zh-CN` or `en`).
    pub fn text(&self, locale: &str) -> String {
        let key = format!("profile.finding.{}", self.code);
        let detail = match self.detail.as_str() {
            "" => String::new(),
            detail if locale == "en" => format!(" ({detail})"),
            detail => format!("（{detail}）"),
        };
        // A profile is a file, and a file may hold what moves the reader's cursor.
        let (what, detail) = (SafeText::line(&self.what), SafeText::line(&detail));
        rust_i18n::t!(&key, locale = locale, what = what, detail = detail).into_owned()
    }
}

/// For a log and for `?`: the place and the code. People are shown [`Finding::text`].
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.code)
    }
}

//! `snippets.toml`: a line for each text, `zx = "来电人咨询{事项}，已当场答复。"`. Triggers other than letters and digits stand
//! in quotes, as TOML asks.

use std::path::Path;

use rust_i18n::t;
use toml::de::DeValue;

use super::{LONGEST_TRIGGER, Snippet, Snippets, words};
use crate::desk::own_file::{self, Fault, Faults, Malformed, OwnFileError, line_at};
use crate::domain::check::TEXT_LIMIT;
use crate::domain::normalise::normalise;

/// Why a line of `snippets.toml` cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SnippetFault {
    /// It is no TOML in UTF-8.
    Malformed(Malformed),
    /// The trigger is none of letters, digits and Han, or too long.
    NoTrigger,
    /// The value is no text.
    NotAText,
    /// The text is empty, or longer than any field.
    NoText,
    /// Another trigger, on this line, differs in width or case alone.
    Twice(usize),
}

/// Why `snippets.toml` cannot be used.
pub type SnippetsError = OwnFileError<SnippetFault>;

impl From<Malformed> for SnippetFault {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl Fault for SnippetFault {
    fn sentence(&self) -> String {
        match self {
            Self::Malformed(malformed) => return malformed.sentence(),
            Self::NoTrigger => t!("snippet.no_trigger", n = LONGEST_TRIGGER),
            Self::NotAText => t!("snippet.not_a_text"),
            Self::NoText => t!("snippet.no_text", n = TEXT_LIMIT),
            Self::Twice(line) => t!("snippet.twice", line = line),
        }
        .into_owned()
    }
}

impl Snippets {
    /// What the file says; nothing if it is not there.
    pub fn load(path: &Path) -> Result<Self, SnippetsError> {
        own_file::load(path, Self::parse)
    }

    pub(in crate::desk) fn parse(bytes: &[u8]) -> Result<Self, Faults<SnippetFault>> {
        let document = own_file::document(bytes)?;
        let mut written: Vec<_> = document.get_ref().iter().collect();
        written.sort_by_key(|(trigger, _)| trigger.span().start);
        let (mut all, mut faults) = (Vec::<(usize, Snippet)>::new(), Faults::new());
        for (trigger, value) in written {
            let line = line_at(bytes, trigger.span().start);
            let trigger: &str = trigger.get_ref();
            match read(trigger, value.get_ref(), &all) {
                Ok(snippet) => all.push((line, snippet)),
                Err(fault) => faults.push((line, trigger.to_owned(), fault)),
            }
        }
        all.sort_by(|(_, one), (_, other)| one.normal.cmp(&other.normal));
        let all = all.into_iter().map(|(_, snippet)| snippet).collect();
        own_file::unless_faulty(Self(all), faults)
    }
}

fn read(trigger: &str, text: &DeValue<'_>, before: &[(usize, Snippet)]) -> Result<Snippet, SnippetFault> {
    // What no caret could find is no trigger.
    if words(trigger).first() != Some(&(0..trigger.len())) {
        return Err(SnippetFault::NoTrigger);
    }
    let DeValue::String(text) = text else { return Err(SnippetFault::NotAText) };
    if text.trim().is_empty() || text.chars().count() > TEXT_LIMIT {
        return Err(SnippetFault::NoText);
    }
    let normal = normalise(trigger);
    if normal.is_empty() {
        return Err(SnippetFault::NoTrigger);
    }
    if let Some((line, _)) = before.iter().find(|(_, snippet)| snippet.normal == normal) {
        return Err(SnippetFault::Twice(*line));
    }
    Ok(Snippet { trigger: trigger.to_owned(), text: text.trim_end().to_owned(), normal })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wrong(text: &str) -> Faults<SnippetFault> {
        Snippets::parse(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_line_is_a_text() {
        let file = "zx = \"咨询{事项}\"\n\"谢谢\" = '''\n感谢\n来电\n'''\n";
        let own = Snippets::parse(file.as_bytes()).unwrap();
        assert_eq!(own.exact("zx").unwrap().text, "咨询{事项}");
        assert_eq!(own.exact("谢谢").unwrap().text, "感谢\n来电");
        assert_eq!(Snippets::parse(b"").unwrap(), Snippets::default());
    }

    #[test]
    fn every_fault_has_its_line_and_its_reason() {
        use SnippetFault as F;
        for (file, line, name, fault) in [
            ("\n\"a-b\" = \"x\"", 2, "a-b", F::NoTrigger),
            ("\"\" = \"x\"", 1, "", F::NoTrigger),
            ("abcdefghijklmnopqrstu = \"x\"", 1, "abcdefghijklmnopqrstu", F::NoTrigger),
            ("[zx]\na = \"x\"", 1, "zx", F::NotAText),
            ("zx = 3", 1, "zx", F::NotAText),
            ("zx = \" \"", 1, "zx", F::NoText),
            ("zx = \"a\"\n\nZX = \"b\"", 3, "ZX", F::Twice(1)),
            ("\u{feff}zx = \"a\"", 1, "-", F::Malformed(Malformed::Encoding)),
        ] {
            assert_eq!(wrong(file), [(line, name.to_owned(), fault)], "{file}");
        }
        let bare = wrong("a = \"x\"\n谢谢 = \"y\"");
        assert!(matches!(&bare[..], [(2, _, SnippetFault::Malformed(Malformed::Syntax(_)))]));
        assert_eq!(wrong("a = 1\nb = 2").len(), 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn any_file_is_read_or_refused(file in "[zx谢=\"'\n\\[\\]{} \\PC]{0,60}") {
            if let Err(faults) = Snippets::parse(file.as_bytes()) {
                prop_assert!(!faults.is_empty());
            }
        }
    }
}

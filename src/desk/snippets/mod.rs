//! A person's own short texts: a few letters before the caret stand for a sentence.
//!
//! They lie in `snippets.toml` and are read at the start of the desk, as the keys are. What stands for what is looked
//! up here; `expand.rs` puts it in.

mod file;

pub use file::{SnippetFault, SnippetsError};

use std::iter;
use std::ops::Range;

use crate::domain::normalise::normalise;

/// The longest trigger, in characters.
pub const LONGEST_TRIGGER: usize = 20;

/// From this character on, scripts are written without blanks: any part of a run may be a word.
const DENSE_FROM: char = '\u{2e80}';

/// One text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// What is typed for it.
    pub trigger: String,
    /// The text, with `{slots}` as in a template.
    pub text: String,
    /// The trigger in its normal form.
    normal: String,
}

/// All texts of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippets(Vec<Snippet>);

impl Snippets {
    /// The one that `word` is the trigger of; full width and capitals do not matter.
    pub fn exact(&self, word: &str) -> Option<&Snippet> {
        let word = normalise(word);
        self.0.iter().find(|snippet| snippet.normal == word)
    }

    /// Those whose trigger begins with `word`, by their triggers.
    pub fn beginning_with(&self, word: &str) -> Vec<&Snippet> {
        let word = normalise(word);
        let begins = |snippet: &&Snippet| !word.is_empty() && snippet.normal.starts_with(&word);
        self.0.iter().filter(begins).collect()
    }
}

/// What kind of character a word is made of; words of two kinds stand beside each other without a blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Any part of a run may be a word.
    Dense,
    Letters,
    Digits,
}

fn script(c: char) -> Option<Script> {
    match c {
        _ if !c.is_alphanumeric() => None,
        DENSE_FROM.. => Some(Script::Dense),
        _ if c.is_numeric() => Some(Script::Digits),
        _ => Some(Script::Letters),
    }
}

/// The words that end where `before` ends, the longest first, as its bytes: a word begins where the script changes,
/// and at every character of a script without blanks.
pub fn words(before: &str) -> Vec<Range<usize>> {
    let mut backwards = before.char_indices().rev().peekable();
    let run = iter::from_fn(|| {
        let (at, c) = backwards.next()?;
        let this = script(c)?;
        let left = backwards.peek().and_then(|(_, c)| script(*c));
        Some((at, this == Script::Dense || left != Some(this)))
    });
    let begins = run.take(LONGEST_TRIGGER).filter_map(|(at, begins)| begins.then_some(at));
    let mut words: Vec<_> = begins.map(|at| at..before.len()).collect();
    words.reverse();
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn own(pairs: &[(&str, &str)]) -> Snippets {
        let snippet = |(trigger, text): &(&str, &str)| Snippet {
            trigger: (*trigger).to_owned(),
            text: (*text).to_owned(),
            normal: normalise(trigger),
        };
        Snippets(pairs.iter().map(snippet).collect())
    }

    #[test]
    fn words_end_at_the_caret_and_begin_where_the_script_changes() {
        for (before, found) in [
            ("zx", &["zx"][..]),
            ("请说zx", &["请说zx", "说zx", "zx"]),
            ("12号", &["12号", "号"]),
            ("a12zx", &["a12zx", "12zx", "zx"]),
            ("路灯 谢谢", &["谢谢", "谢"]),
            ("zx ", &[]),
            ("好，", &[]),
            ("", &[]),
        ] {
            let words: Vec<_> = words(before).into_iter().map(|at| &before[at]).collect();
            assert_eq!(words, found, "{before}");
        }
        assert!(words(&"x".repeat(21)).is_empty());
        assert_eq!(words(&"灯".repeat(5000)).len(), LONGEST_TRIGGER);
    }

    #[test]
    fn a_trigger_is_found_whole_or_by_its_beginning_in_any_width_and_case() {
        let own = own(&[("zx", "咨询"), ("zxj", "咨询局"), ("谢谢", "感谢来电")]);
        assert_eq!(own.exact("ＺＸ").map(|snippet| &*snippet.text), Some("咨询"));
        assert_eq!(own.exact("z"), None);
        assert_eq!(own.beginning_with("Z").len(), 2);
        assert_eq!(own.beginning_with("謝").len(), 1);
        assert_eq!((own.beginning_with("").len(), own.exact("")), (0, None));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn any_text_has_words_at_its_end(before in "[zx1谢路\u{301}\u{600}\u{200d}，\\PC]{0,40}") {
            let mut longer = usize::MAX;
            for at in words(&before) {
                let word = before.get(at.clone());
                prop_assert!(word.is_some_and(|word| word.chars().all(char::is_alphanumeric)));
                prop_assert!(at.end == before.len() && at.len() < longer && !at.is_empty());
                longer = at.len();
            }
        }
    }
}

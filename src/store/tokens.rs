//! What an index keeps of an entry's terms, and which of them a phrase asks for.
//!
//! The index knows which cases have a token and not where it stands in them. So a token says what stands beside what:
//! the pairs of Han text do so by themselves, and where Han, letters and digits meet, the two are one token more (`3·号`).
//! A character has a token of its own, or one character would be looked up as the beginning of every pair. Most words
//! are settled by that; of the others the case itself is read (`sought.rs`).

use crate::domain::terms::{BARRIER, is_dense};

/// What the token of a single character begins with.
const CHARACTER: &str = "0h";
/// What a token of the caller's name begins with.
pub(super) const CALLER: &str = "0q";
/// Stands between two that meet; no term has it.
const MEETS: char = '·';

/// The most bytes of a token that every engine keeps; of what is longer, the beginning is kept, and the case read.
pub(super) const LONGEST: usize = 1000;

/// A token as far as it is kept.
pub(super) fn cut(token: &str) -> &str {
    &token[..token.floor_char_boundary(LONGEST)]
}

/// A token to look up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// The token.
    pub(super) text: String,
    /// Whether it is only the beginning of one.
    pub(super) begins: bool,
}

/// What a phrase is looked up by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tokens {
    /// A case that holds the phrase has all of these; at least one.
    pub(super) all: Vec<Token>,
    /// Whether a case that has them holds it.
    pub(super) settle: bool,
}

/// A term as the domain cuts it (`domain/terms.rs`).
#[derive(Clone, Copy)]
enum Term<'a> {
    /// Two characters of a Han run.
    Pair(&'a str),
    /// The last character of one.
    Last(&'a str),
    /// A run of letters or of digits.
    Run(&'a str),
}

impl<'a> Term<'a> {
    fn of(term: &'a str) -> Self {
        let first = term.chars().next().filter(|c| is_dense(*c));
        match first {
            Some(c) if c.len_utf8() == term.len() => Self::Last(term),
            Some(_) => Self::Pair(term),
            None => Self::Run(term),
        }
    }

    /// What it begins with, as the one that is met.
    fn head(self) -> &'a str {
        match self {
            Self::Pair(term) => &term[..term.chars().next().map_or(0, char::len_utf8)],
            Self::Last(term) | Self::Run(term) => term,
        }
    }

    fn is_run(self) -> bool {
        matches!(self, Self::Run(_))
    }
}

/// Whether a term stands for a fact and for no word of a text.
pub(super) fn is_fact(term: &str) -> bool {
    let mut chars = term.chars();
    chars.next() == Some('0') && chars.next().is_some_and(|c| c.is_ascii_lowercase() && c != 'n')
}

/// Adds the tokens of an entry's terms to `out`, each behind a blank and `mark`.
pub(super) fn write(terms: &str, mark: &str, out: &mut String) {
    let mut push = |parts: &[&str]| {
        out.push(' ');
        out.push_str(mark);
        parts.iter().for_each(|part| out.push_str(part));
    };
    let mut before: Option<Term<'_>> = None;
    for term in terms.split(' ').filter(|term| !term.is_empty()) {
        if term == BARRIER {
            before = None;
            continue;
        }
        if term.starts_with("0n") {
            push(&[term]);
            continue;
        }
        let term = Term::of(term);
        if let Some(one) = before.filter(|one| one.is_run() || term.is_run()) {
            let mut meets = [0; 2];
            push(&[one.head(), MEETS.encode_utf8(&mut meets), term.head()]);
        }
        match term {
            Term::Pair(pair) => {
                push(&[pair]);
                push(&[CHARACTER, term.head()]);
                before = None;
            }
            Term::Last(last) => {
                push(&[CHARACTER, last]);
                before = Some(term);
            }
            Term::Run(run) => {
                push(&[run]);
                before = Some(term);
            }
        }
    }
}

impl Tokens {
    /// What to look up for these terms one after the other, the last perhaps only a beginning.
    pub(super) fn of(terms: &[String], prefix: bool) -> Self {
        let cut: Vec<Term<'_>> = terms.iter().map(|term| Term::of(term)).collect();
        let whole = |text: String| Token { text, begins: false };
        let last = cut.len().saturating_sub(1);
        let mut all = Vec::new();
        let mut meets_before = false;
        // Whether one token after the other spells the phrase; two that share a character do not.
        let mut pieces = 0;
        for (at, term) in cut.iter().copied().enumerate() {
            let meets = match (term, cut.get(at + 1)) {
                (Term::Pair(_), _) | (_, None) => None,
                (_, Some(next)) => (term.is_run() || next.is_run()).then_some(*next),
            };
            match term {
                Term::Pair(pair) => all.push(whole(pair.to_owned())),
                Term::Last(one)
                    if !meets_before
                        && meets.is_none()
                        && (at == last || at == 0 || !is_pair(cut[at - 1])) =>
                {
                    all.push(whole(format!("{CHARACTER}{one}")));
                }
                Term::Run(run) if !meets_before && meets.is_none() => {
                    all.push(Token { text: run.to_owned(), begins: prefix && at == last });
                }
                Term::Last(_) | Term::Run(_) => {}
            }
            if let Some(next) = meets {
                let begins = prefix && at + 1 == last && next.is_run();
                all.push(Token { text: format!("{}{MEETS}{}", term.head(), next.head()), begins });
            }
            meets_before = meets.is_some();
            pieces += 1;
        }
        // A pair at the end of a meeting goes on beyond it, and a run met on both sides is in two tokens.
        let settle = (pieces == 1 || (pieces == 2 && all.len() == 1))
            && all.iter().all(|token: &Token| token.text.len() < LONGEST - CALLER.len());
        Self { all, settle }
    }
}

fn is_pair(term: Term<'_>) -> bool {
    matches!(term, Term::Pair(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::terms::{Match, index_terms};

    fn asked(word: &str) -> (Vec<String>, bool) {
        let found = Match::of(word, false).unwrap();
        let tokens = Tokens::of(&found.terms, found.prefix);
        let star = |token: Token| if token.begins { format!("{}*", token.text) } else { token.text };
        (tokens.all.into_iter().map(star).collect(), tokens.settle)
    }

    #[test]
    fn an_entry_says_what_stands_beside_what() {
        for (text, tokens) in [
            ("噪声扰民", " 噪声 0h噪 声扰 0h声 扰民 0h扰 0h民"),
            ("乘3号线", " 0h乘 乘·3 3 3·号 号线 0h号 0h线"),
            ("京A12345", " 0h京 京·a a a·12345 12345"),
            ("路，下", " 0h路 0h下"),
            ("电1380013", " 0h电 电·1380013 1380013 0n1380013"),
        ] {
            let mut out = String::new();
            write(&index_terms(text), "", &mut out);
            assert_eq!(out, tokens, "{text}");
        }
        let mut out = String::new();
        write(&format!("甲 {BARRIER} 3"), "0q", &mut out);
        assert_eq!(out, " 0q0h甲 0q3");
    }

    #[test]
    fn a_phrase_asks_for_as_few_as_tell_it() {
        for (word, tokens, settle) in [
            ("噪", vec!["0h噪"], true),
            ("噪声", vec!["噪声"], true),
            ("噪声扰", vec!["噪声", "声扰"], false),
            ("3号", vec!["3·号"], true),
            ("3号线", vec!["3·号", "号线"], false),
            ("a12345", vec!["a·12345*"], true),
            ("京a12345", vec!["京·a", "a·12345*"], false),
            ("楼下，夜间", vec!["楼下", "夜间"], false),
            ("下，夜", vec!["0h下", "0h夜"], false),
            ("12345", vec!["12345*"], true),
            ("noise", vec!["noise"], true),
            ("13800138000", vec!["0n13800138000*"], true),
        ] {
            let tokens: Vec<String> = tokens.into_iter().map(str::to_owned).collect();
            assert_eq!(asked(word), (tokens, settle), "{word}");
        }
    }
}

//! Finding what holds an expression, for an index that knows which cases have a token and not where it stands in them.
//!
//! The expression becomes text in the engine's own language ([`Dialect`]), in which every token is quoted, so nothing a
//! person types is ever syntax. What the tokens of a word leave open (`tokens.rs`) is seen on the case itself, mostly at
//! a glance: its text has the very characters. Hardly any case is read in vain, for most that have the tokens have the
//! word.

use super::StoreError;
use super::cases::entry_of;
use super::holds::holds;
use super::search::{Expression, IndexEntry, Lookup};
use super::tokens::{self, CALLER, Token, Tokens};
use super::tx::{Row, Tx, statements};
use crate::domain::case::Case;
use crate::domain::terms::{BARRIER, is_dense};

/// The most cases that are read at once to see whether they hold what was asked.
const READ_AT_ONCE: u32 = 400;

statements! {
    /// By primary key: what a case is found by, and what later events added to it.
    TEXTS = "SELECT document, written FROM case_file WHERE key = $1";
}

/// How an engine writes what is looked for.
pub(super) struct Dialect {
    /// Between two that must both be there.
    pub(super) and: &'static str,
    /// Between two of which one must be.
    pub(super) or: &'static str,
    /// Before what must not be there.
    pub(super) not: &'static str,
    /// Adds a token, or what begins with it, behind a mark.
    pub(super) token: fn(&mut String, &'static str, &Token),
}

/// An index that can be walked from the newest on.
pub(super) trait Index {
    /// How it is asked.
    const DIALECT: Dialect;

    /// The next keys below one that have what `words` ask for, the newest first.
    fn walk(&mut self, words: &str, below: i64, limit: u32) -> Result<Vec<i64>, StoreError>;

    /// The snapshot that is walked.
    fn tx(&mut self) -> &mut dyn Tx;
}

/// What the index keeps of an entry: its tokens with blanks between them.
pub(super) fn tokens_of(entry: &IndexEntry) -> String {
    let mut terms = String::with_capacity(4 * entry.body.len());
    tokens::write(&entry.body, "", &mut terms);
    let (facts, words): (Vec<&str>, Vec<&str>) =
        entry.caller.split(' ').partition(|term| tokens::is_fact(term) && *term != BARRIER);
    tokens::write(&words.join(" "), CALLER, &mut terms);
    for fact in facts.into_iter().chain(entry.filters.split(' ')) {
        terms.push(' ');
        terms.push_str(fact);
    }
    terms
}

/// The keys of the cases that hold an expression, the newest first.
pub(super) fn find<I: Index>(
    index: &mut I,
    lookup: &Lookup,
    expression: &Expression,
) -> Result<Vec<i64>, StoreError> {
    let words = text_of::<I>(expression, lookup.callers, Excluded::Settled);
    if is_settled(expression) {
        return index.walk(&words, lookup.below, lookup.limit);
    }
    let without = text_of::<I>(expression, lookup.callers, Excluded::Perhaps);
    let excludes = without != words;
    let (mut found, mut below, mut at_once) = (Vec::new(), lookup.below, lookup.limit);
    loop {
        let keys = index.walk(&words, below, at_once)?;
        let more = keys.len() == at_once as usize;
        // Those that have not even the tokens of what is excluded; there are no more of them in the same stretch.
        let clean = if excludes { index.walk(&without, below, at_once)? } else { Vec::new() };
        below = keys.last().copied().unwrap_or(below);
        for key in keys {
            if found.len() == lookup.limit as usize {
                break;
            }
            let is_clean = clean.binary_search_by(|clean| key.cmp(clean)).is_ok();
            if is_hit(index.tx(), key, lookup, expression, is_clean)? {
                found.push(key);
            }
        }
        if !more || found.len() == lookup.limit as usize {
            return Ok(found);
        }
        at_once = at_once.saturating_mul(2).clamp(8, READ_AT_ONCE);
    }
}

/// Whether the case at `key`, which has the tokens, is what was asked for.
fn is_hit(
    tx: &mut dyn Tx,
    key: i64,
    lookup: &Lookup,
    expression: &Expression,
    is_clean: bool,
) -> Result<bool, StoreError> {
    let row = tx.row(TEXTS, &[key.into()])?.ok_or(StoreError::Damaged { what: "search index" })?;
    if lookup.callers && is_plain_to_see(&row, expression, is_clean)? {
        return Ok(true);
    }
    let case: Case = row.json(0)?;
    Ok(holds(&entry_of(tx, &case, row.text(1)?)?, expression, lookup.callers))
}

/// Whether having the tokens is holding the expression.
fn is_settled(expression: &Expression) -> bool {
    match expression {
        Expression::Phrase { terms, prefix } => Tokens::of(terms, *prefix).settle,
        Expression::All(parts) | Expression::Any(parts) => parts.iter().all(is_settled),
        Expression::Without(both) => both.iter().all(is_settled),
    }
}

/// Whether a case that has the tokens holds the expression without a closer look; false says nothing. Han text stands
/// in a document as it is, and all of a document but codes and the caller is searched. `is_clean` where it has nothing
/// of what is excluded.
fn is_plain_to_see(row: &Row, expression: &Expression, is_clean: bool) -> Result<bool, StoreError> {
    Ok(match expression {
        _ if is_settled(expression) => true,
        Expression::Phrase { terms, .. } => match spelt(terms) {
            Some(text) => row.text(0)?.contains(&text) || row.text(1)?.contains(&text),
            None => false,
        },
        Expression::All(parts) => {
            for part in parts {
                if !is_plain_to_see(row, part, is_clean)? {
                    return Ok(false);
                }
            }
            true
        }
        Expression::Any(parts) => match parts.as_slice() {
            [only] => is_plain_to_see(row, only, is_clean)?,
            _ => false,
        },
        Expression::Without(both) => {
            (is_clean || is_settled(&both[1])) && is_plain_to_see(row, &both[0], is_clean)?
        }
    })
}

/// The text that pairs of one run spell; none for other terms.
fn spelt(terms: &[String]) -> Option<String> {
    let mut text = String::new();
    for (at, term) in terms.iter().enumerate() {
        let mut chars = term.chars();
        let (Some(one), Some(two), None) = (chars.next(), chars.next(), chars.next()) else { return None };
        if !is_dense(one) || (at > 0 && !text.ends_with(one)) {
            return None;
        }
        if at == 0 {
            text.push(one);
        }
        text.push(two);
    }
    Some(text)
}

/// What is done with an exclusion whose tokens do not settle it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Excluded {
    /// It is left out: what is excluded must be sure to hold.
    Settled,
    /// What has its tokens is excluded, and perhaps too much.
    Perhaps,
}

/// The expression in the engine's own language.
fn text_of<I: Index>(expression: &Expression, callers: bool, excluded: Excluded) -> String {
    let mut text = String::new();
    write(&mut text, &I::DIALECT, expression, callers, excluded);
    text
}

fn write(out: &mut String, dialect: &Dialect, expression: &Expression, callers: bool, excluded: Excluded) {
    let mut joined = |parts: &[Expression], word: &str| {
        out.push('(');
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                out.push_str(word);
            }
            write(out, dialect, part, callers, excluded);
        }
        out.push(')');
    };
    match expression {
        Expression::All(parts) => joined(parts, dialect.and),
        Expression::Any(parts) => joined(parts, dialect.or),
        Expression::Without(both) if excluded == Excluded::Perhaps || is_settled(&both[1]) => {
            joined(both.as_slice(), dialect.not);
        }
        Expression::Without(both) => write(out, dialect, &both[0], callers, excluded),
        Expression::Phrase { terms, prefix } => {
            let all = Tokens::of(terms, *prefix).all;
            match terms.as_slice() {
                [fact] if tokens::is_fact(fact) && (callers || !is_of_caller(fact)) => {
                    write_all(out, dialect, &all, "");
                }
                // Nothing has such a token.
                [fact] if tokens::is_fact(fact) => {
                    (dialect.token)(out, "", &Token { text: "0none".to_owned(), begins: false });
                }
                _ if callers => {
                    out.push('(');
                    write_all(out, dialect, &all, "");
                    out.push_str(dialect.or);
                    write_all(out, dialect, &all, CALLER);
                    out.push(')');
                }
                _ => write_all(out, dialect, &all, ""),
            }
        }
    }
}

/// Whether a fact tells something of the caller: the tokens of telephone numbers.
fn is_of_caller(fact: &str) -> bool {
    fact.starts_with("0t") || fact.starts_with("0l")
}

fn write_all(out: &mut String, dialect: &Dialect, all: &[Token], mark: &'static str) {
    out.push('(');
    for (index, token) in all.iter().enumerate() {
        if index > 0 {
            out.push_str(dialect.and);
        }
        (dialect.token)(out, mark, token);
    }
    out.push(')');
}

//! The search index of `SQLite`: FTS5 without content and without places, one row a case, newest first by rowid.
//!
//! Every token is quoted, so nothing a person types is ever syntax here. With `ORDER BY rowid DESC LIMIT` the walk
//! ends at the page's last hit; sorting by anything else would visit every hit first. Rows are numbered by the seconds
//! of their keys: FTS5 keeps the distance from each row to the next, and a thousandth of it is two bytes less, a
//! hundred times a case.
//!
//! What the tokens of a word leave open (`tokens.rs`) is seen on the case itself, mostly at a glance: its text has the
//! very characters. Hardly any case is read in vain, for most that have the tokens have the word.

use std::fmt::Write;

use super::tokens::{self, CALLER, Token, Tokens};
use super::tx::SqliteTx;
use crate::domain::case::Case;
use crate::domain::terms::is_dense;
use crate::store::cases::entry_of;
use crate::store::holds::holds;
use crate::store::search::{Expression, IndexEntry, Lookup};
use crate::store::tx::Row;
use crate::store::{Param, StoreError, Tx};

/// Milliseconds from one row of the index to the next; every key is a multiple.
pub(super) const KEY_STEP: i64 = 1000;
/// The most cases that are read at once to see whether they hold what was asked.
const READ_AT_ONCE: u32 = 400;

const FORGET: &str = "DELETE FROM case_search WHERE rowid = $1";
const REMEMBER: &str = "INSERT INTO case_search (rowid, terms) VALUES ($1, $2)";
/// By the index alone.
const WALK: &str = "SELECT rowid * 1000 FROM case_search
    WHERE case_search MATCH $1 AND rowid < $2 AND rowid >= $3 ORDER BY rowid DESC LIMIT $4";
/// By the index, each hit checked against its row by primary key.
const CHECKED_WALK: &str =
    "SELECT key FROM case_search CROSS JOIN case_file ON key = case_search.rowid * 1000
    WHERE case_search MATCH $1 AND case_search.rowid < $2 AND case_search.rowid >= $3
      AND received_at < $4 AND due_at < $5
    ORDER BY case_search.rowid DESC LIMIT $6";
/// The same where no deadline is asked for.
const DATED_WALK: &str = "SELECT key FROM case_search CROSS JOIN case_file ON key = case_search.rowid * 1000
    WHERE case_search MATCH $1 AND case_search.rowid < $2 AND case_search.rowid >= $3 AND received_at < $4
    ORDER BY case_search.rowid DESC LIMIT $5";
/// By primary key, without words.
const LIST: &str = "SELECT key FROM case_file WHERE key < $1 AND key >= $2 AND received_at < $3
    ORDER BY key DESC LIMIT $4";
/// By primary key: what a case is found by.
const TEXTS: &str = "SELECT document, written FROM case_file WHERE key = $1";

/// Every statement of the search.
#[cfg(test)]
pub(in crate::store) const STATEMENTS: &[&str] =
    &[FORGET, REMEMBER, WALK, CHECKED_WALK, DATED_WALK, LIST, TEXTS];

/// Replaces the entry under `key`.
pub(super) fn index(tx: &mut SqliteTx<'_>, key: i64, entry: &IndexEntry) -> Result<(), StoreError> {
    let row = Param::Int(key / KEY_STEP);
    let mut terms = String::with_capacity(4 * entry.body.len());
    tokens::write(&entry.body, "", &mut terms);
    let (facts, words): (Vec<&str>, Vec<&str>) = entry
        .caller
        .split(' ')
        .partition(|term| tokens::is_fact(term) && *term != crate::domain::terms::BARRIER);
    tokens::write(&words.join(" "), CALLER, &mut terms);
    for fact in facts.into_iter().chain(entry.filters.split(' ')) {
        terms.push(' ');
        terms.push_str(fact);
    }
    tx.exec(FORGET, &[row])?;
    tx.exec(REMEMBER, &[row, (&terms).into()]).map(drop)
}

/// The keys found, newest first.
pub(super) fn lookup(tx: &mut SqliteTx<'_>, lookup: &Lookup) -> Result<Vec<i64>, StoreError> {
    let Some(expression) = &lookup.expression else {
        // A key is never less than the time of receipt, so this bound loses nothing.
        let since = lookup.since.unwrap_or(i64::MIN);
        let until = lookup.until.unwrap_or(i64::MAX);
        let rows = tx.rows(LIST, &[lookup.below.into(), since.into(), until.into(), lookup.limit.into()])?;
        return rows.iter().map(|row| row.int(0)).collect();
    };
    let sought = Sought { lookup, words: match_text(expression, lookup.callers, Excluded::Settled) };
    if is_settled(expression) {
        return sought.walk(tx, lookup.below, lookup.limit);
    }
    let without = Sought { lookup, words: match_text(expression, lookup.callers, Excluded::Perhaps) };
    let excludes = without.words != sought.words;
    let (mut found, mut below, mut at_once) = (Vec::new(), lookup.below, lookup.limit);
    loop {
        let keys = sought.walk(tx, below, at_once)?;
        let more = keys.len() == at_once as usize;
        // Those that have not even the tokens of what is excluded; there are no more of them in the same stretch.
        let clean = if excludes { without.walk(tx, below, at_once)? } else { Vec::new() };
        below = keys.last().copied().unwrap_or(below);
        for key in keys {
            let is_clean = clean.binary_search_by(|clean| key.cmp(clean)).is_ok();
            if found.len() < lookup.limit as usize && sought.is_hit(tx, key, expression, is_clean)? {
                found.push(key);
            }
        }
        if !more || found.len() == lookup.limit as usize {
            return Ok(found);
        }
        at_once = at_once.saturating_mul(2).clamp(8, READ_AT_ONCE);
    }
}

/// A lookup and its words in FTS5's own language.
struct Sought<'a> {
    lookup: &'a Lookup,
    words: String,
}

impl Sought<'_> {
    /// The next keys that have the tokens.
    fn walk(&self, tx: &mut SqliteTx<'_>, below: i64, limit: u32) -> Result<Vec<i64>, StoreError> {
        let Lookup { since, until, due_before, .. } = self.lookup;
        let words = Param::Text(&self.words);
        let (below, since) = (row_from(below).into(), row_from(since.unwrap_or(i64::MIN)).into());
        let limit = limit.into();
        let rows = match (until, due_before) {
            (until, Some(due)) => {
                let until = until.unwrap_or(i64::MAX).into();
                tx.rows(CHECKED_WALK, &[words, below, since, until, (*due).into(), limit])?
            }
            (Some(until), None) => tx.rows(DATED_WALK, &[words, below, since, (*until).into(), limit])?,
            (None, None) => tx.rows(WALK, &[words, below, since, limit])?,
        };
        rows.iter().map(|row| row.int(0)).collect()
    }

    /// Whether the case at `key`, which has the tokens, is what was asked for.
    fn is_hit(
        &self,
        tx: &mut SqliteTx<'_>,
        key: i64,
        expression: &Expression,
        is_clean: bool,
    ) -> Result<bool, StoreError> {
        let row = tx.row(TEXTS, &[key.into()])?.ok_or(StoreError::Damaged { what: "search index" })?;
        if self.lookup.callers && is_plain_to_see(&row, expression, is_clean)? {
            return Ok(true);
        }
        let case: Case = row.json(0)?;
        Ok(holds(&entry_of(&case, row.text(1)?), expression, self.lookup.callers))
    }
}

/// The first row whose key is not less.
fn row_from(key: i64) -> i64 {
    let below = key.div_euclid(KEY_STEP);
    if key.rem_euclid(KEY_STEP) == 0 { below } else { below + 1 }
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

/// The expression in FTS5's own language.
fn match_text(expression: &Expression, callers: bool, excluded: Excluded) -> String {
    let mut text = String::new();
    write(&mut text, expression, callers, excluded);
    text
}

fn write(out: &mut String, expression: &Expression, callers: bool, excluded: Excluded) {
    let mut joined = |parts: &[Expression], word: &str| {
        out.push('(');
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                out.push_str(word);
            }
            write(out, part, callers, excluded);
        }
        out.push(')');
    };
    match expression {
        Expression::All(parts) => joined(parts, " AND "),
        Expression::Any(parts) => joined(parts, " OR "),
        Expression::Without(both) if excluded == Excluded::Perhaps || is_settled(&both[1]) => {
            joined(both.as_slice(), " NOT ");
        }
        Expression::Without(both) => write(out, &both[0], callers, excluded),
        Expression::Phrase { terms, prefix } => {
            let all = Tokens::of(terms, *prefix).all;
            match terms.as_slice() {
                [fact] if tokens::is_fact(fact) && (callers || !is_of_caller(fact)) => {
                    write_all(out, &all, "");
                }
                // Nothing has such a token.
                [fact] if tokens::is_fact(fact) => out.push_str("\"0none\""),
                _ if callers => {
                    out.push('(');
                    write_all(out, &all, "");
                    out.push_str(" OR ");
                    write_all(out, &all, CALLER);
                    out.push(')');
                }
                _ => write_all(out, &all, ""),
            }
        }
    }
}

/// Whether a fact tells something of the caller: the tokens of telephone numbers.
fn is_of_caller(fact: &str) -> bool {
    fact.starts_with("0t") || fact.starts_with("0l")
}

fn write_all(out: &mut String, all: &[Token], mark: &str) {
    out.push('(');
    for (index, token) in all.iter().enumerate() {
        // Tokens hold neither quotes nor NUL (domain/terms.rs); should one, it must still not end the string.
        let plain = token.text.replace(['"', '\0'], " ");
        let (and, star) = (if index > 0 { " AND " } else { "" }, if token.begins { " *" } else { "" });
        // Writing to a string cannot fail.
        let _ = write!(out, "{and}\"{mark}{plain}\"{star}");
    }
    out.push(')');
}

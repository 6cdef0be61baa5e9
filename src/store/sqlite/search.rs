//! The search index of `SQLite`: FTS5 without content and without places, one row a case, newest first by rowid.
//!
//! With `ORDER BY rowid DESC LIMIT` the walk ends at the page's last hit; sorting by anything else would visit every hit
//! first. Rows are numbered by the seconds of their keys: FTS5 keeps the distance from each row to the next, and a
//! thousandth of it is two bytes less, a hundred times a case.

use std::fmt::Write;

use super::tx::SqliteTx;
use crate::store::search::{IndexEntry, Lookup};
use crate::store::sought::{Dialect, Index, find, tokens_of};
use crate::store::tokens::Token;
use crate::store::{Param, StoreError, Tx};

/// Milliseconds from one row of the index to the next; every key is a multiple.
pub(super) const KEY_STEP: i64 = 1000;

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

/// Every statement of the search.
#[cfg(test)]
pub(in crate::store) const STATEMENTS: &[&str] = &[FORGET, REMEMBER, WALK, CHECKED_WALK, DATED_WALK, LIST];

/// Replaces the entry under `key`.
pub(super) fn index(tx: &mut SqliteTx<'_>, key: i64, entry: &IndexEntry) -> Result<(), StoreError> {
    let row = Param::Int(key / KEY_STEP);
    let terms = tokens_of(entry);
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
    find(&mut Walk { tx, lookup }, lookup, expression)
}

/// A walk through the rows of FTS5.
struct Walk<'a, 'c> {
    tx: &'a mut SqliteTx<'c>,
    lookup: &'a Lookup,
}

impl Index for Walk<'_, '_> {
    const DIALECT: Dialect = Dialect { and: " AND ", or: " OR ", not: " NOT ", token: write_token };

    fn walk(&mut self, words: &str, below: i64, limit: u32) -> Result<Vec<i64>, StoreError> {
        let Self { tx, lookup: Lookup { since, until, due_before, .. } } = self;
        let words = Param::Text(words);
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

    fn tx(&mut self) -> &mut dyn Tx {
        self.tx
    }
}

/// The first row whose key is not less.
fn row_from(key: i64) -> i64 {
    let below = key.div_euclid(KEY_STEP);
    if key.rem_euclid(KEY_STEP) == 0 { below } else { below + 1 }
}

fn write_token(out: &mut String, mark: &'static str, token: &Token) {
    // Tokens hold neither quotes nor NUL (domain/terms.rs); should one, it must still not end the string.
    let plain = token.text.replace(['"', '\0'], " ");
    // Writing to a string cannot fail.
    let _ = write!(out, "\"{mark}{plain}\"{}", if token.begins { " *" } else { "" });
}

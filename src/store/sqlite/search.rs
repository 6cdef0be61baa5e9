//! The search index of `SQLite`: FTS5 without content, one row a case under its key, newest first by rowid.
//!
//! Every term is quoted, so nothing a person types is ever syntax here. With `ORDER BY rowid DESC LIMIT` the walk
//! ends at the page's last hit; sorting by anything else would visit every hit first.

use std::fmt::Write;

use super::tx::SqliteTx;
use crate::store::search::{Expression, IndexEntry, Lookup};
use crate::store::{Param, StoreError, Tx};

const FORGET: &str = "DELETE FROM case_search WHERE rowid = $1";
const REMEMBER: &str = "INSERT INTO case_search (rowid, body, caller, filters) VALUES ($1, $2, $3, $4)";
/// By the index alone.
const WALK: &str = "SELECT rowid FROM case_search
    WHERE case_search MATCH $1 AND rowid < $2 AND rowid >= $3 ORDER BY rowid DESC LIMIT $4";
/// By the index, each hit checked against its row by primary key.
const CHECKED_WALK: &str =
    "SELECT case_search.rowid FROM case_search CROSS JOIN case_file ON key = case_search.rowid
    WHERE case_search MATCH $1 AND case_search.rowid < $2 AND case_search.rowid >= $3
      AND received_at < $4 AND due_at < $5
    ORDER BY case_search.rowid DESC LIMIT $6";
/// The same where no deadline is asked for.
const DATED_WALK: &str =
    "SELECT case_search.rowid FROM case_search CROSS JOIN case_file ON key = case_search.rowid
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
    tx.exec(FORGET, &[key.into()])?;
    let columns = [key.into(), (&entry.body).into(), (&entry.caller).into(), (&entry.filters).into()];
    tx.exec(REMEMBER, &columns).map(drop)
}

/// The keys found, newest first.
pub(super) fn lookup(tx: &mut SqliteTx<'_>, lookup: &Lookup) -> Result<Vec<i64>, StoreError> {
    let Lookup { expression, callers, below, since, until, due_before, limit } = lookup;
    let (below, until, limit) =
        (Param::Int(*below), until.unwrap_or(i64::MAX), Param::Int(i64::from(*limit)));
    // A key is never less than the time of receipt, so this bound loses nothing.
    let since = Param::Int(since.unwrap_or(i64::MIN));
    let rows = match expression {
        None => tx.rows(LIST, &[below, since, until.into(), limit])?,
        Some(expression) => {
            let words = match_text(expression, *callers);
            let words = Param::Text(&words);
            match due_before {
                Some(due) => {
                    tx.rows(CHECKED_WALK, &[words, below, since, until.into(), (*due).into(), limit])?
                }
                None if until < i64::MAX => {
                    tx.rows(DATED_WALK, &[words, below, since, until.into(), limit])?
                }
                None => tx.rows(WALK, &[words, below, since, limit])?,
            }
        }
    };
    rows.iter().map(|row| row.int(0)).collect()
}

/// The expression in FTS5's own language.
fn match_text(expression: &Expression, callers: bool) -> String {
    let mut text = String::new();
    if callers {
        write(&mut text, expression);
    } else {
        text.push_str("{body filters} : (");
        write(&mut text, expression);
        text.push(')');
    }
    text
}

fn write(out: &mut String, expression: &Expression) {
    let mut joined = |parts: &[Expression], word: &str| {
        out.push('(');
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                out.push_str(word);
            }
            write(out, part);
        }
        out.push(')');
    };
    match expression {
        Expression::All(parts) => joined(parts, " AND "),
        Expression::Any(parts) => joined(parts, " OR "),
        Expression::Without(both) => joined(both.as_slice(), " NOT "),
        Expression::Phrase { terms, prefix } => {
            // Terms hold neither quotes nor NUL (domain/terms.rs); should one, it must still not end the string.
            let plain: Vec<String> = terms.iter().map(|term| term.replace(['"', '\0'], " ")).collect();
            let star = if *prefix { " *" } else { "" };
            // Writing to a string cannot fail.
            let _ = write!(out, "\"{}\"{star}", plain.join(" "));
        }
    }
}

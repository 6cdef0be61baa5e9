//! The search index of PostgreSQL: a `tsvector` a case under GIN, walked by us from the newest month to the oldest.
//!
//! GIN answers all that has a word before the first of it can be told, and the planner, asked for the newest of a word,
//! walks the keys through everything that has not got it. So a walk looks at the newest rows one by one, which ends soon
//! for what is common, then asks GIN for the newest days, each a token of its own, and for whole months only when that
//! has shown that there is not much. The partitions are named in the statements: planning for all of them costs more
//! than reading in one.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::months::{self, Month};
use super::tx::PostgresTx;
use crate::store::search::{IndexEntry, Lookup};
use crate::store::sought::{Dialect, Index, find, tokens_of};
use crate::store::tokens::{LONGEST, Token, cut};
use crate::store::{Param, StoreError, Tx};

/// So many of the newest cases are looked at one by one.
const NEWEST: i64 = 500;
/// Then so many days are asked for at once, before the rest of the month.
const DAYS: [i64; 2] = [1, 3];
/// So many months are asked for one by one; what a walk has not found enough of in these is rare, and asked for in all
/// the others at once.
const ALONE: usize = 2;
/// A day in milliseconds.
const DAY: i64 = 86_400_000;
/// A key is never so much later than the time of receipt that it stands for.
const DRIFT: i64 = 31 * DAY;
/// The most bytes of tokens that a row can have.
const MOST_TOKENS: usize = 900_000;

/// By primary key.
const REMEMBER: &str =
    "INSERT INTO case_terms (key, terms) VALUES ($1, array_to_tsvector(string_to_array($2, ' ')))
    ON CONFLICT (key) DO UPDATE SET terms = excluded.terms";

/// Every statement of the search that is the same for all months.
#[cfg(test)]
pub(in crate::store) const STATEMENTS: &[&str] = &[REMEMBER];

/// Replaces the entry under `key`.
pub(super) fn index(tx: &mut PostgresTx<'_>, key: i64, entry: &IndexEntry) -> Result<(), StoreError> {
    let terms = tokens_of(entry);
    let of_day = day_token(key.div_euclid(DAY));
    let mut tokens = BTreeSet::from([of_day.as_str()]);
    let mut bytes = 0;
    for token in terms.split(' ').map(cut).filter(|token| !token.is_empty()) {
        if bytes + token.len() > MOST_TOKENS {
            break;
        }
        if tokens.insert(token) {
            bytes += token.len();
        }
    }
    let tokens = tokens.into_iter().collect::<Vec<_>>().join(" ");
    tx.exec(REMEMBER, &[key.into(), (&tokens).into()]).map(drop)
}

/// The keys found, newest first.
pub(super) fn lookup(tx: &mut PostgresTx<'_>, lookup: &Lookup) -> Result<Vec<i64>, StoreError> {
    let mut walk = Walk { tx, lookup };
    match &lookup.expression {
        Some(expression) => find(&mut walk, lookup, expression),
        None => walk.list(),
    }
}

/// The token of a day since 1970, by which GIN finds what was received on it.
fn day_token(day: i64) -> String {
    format!("0v{day}")
}

/// A walk through the months.
struct Walk<'a, 'c> {
    tx: &'a mut PostgresTx<'c>,
    lookup: &'a Lookup,
}

/// Where to look, by which words, and for how many.
struct Stretch<'a> {
    words: &'a str,
    below: i64,
    from: i64,
    limit: usize,
}

impl Index for Walk<'_, '_> {
    const DIALECT: Dialect = Dialect { and: " & ", or: " | ", not: " & !", token: write_token };

    fn walk(&mut self, words: &str, below: i64, limit: u32) -> Result<Vec<i64>, StoreError> {
        let limit = limit as usize;
        let (months, mut below, since) = self.months(below)?;
        let (mut window, mut days, mut alone) = (NEWEST, DAYS.iter(), ALONE);
        let mut found = Vec::new();
        for month in &months {
            let from = since.max(month.starts);
            below = below.min(month.ends);
            if alone == 0 {
                let rest = Stretch { words, below, from: since, limit: limit - found.len() };
                found.extend(self.by_terms("", &rest)?);
                break;
            }
            if window > 0 {
                let stretch = Stretch { words, below, from, limit: limit - found.len() };
                found.extend(self.one_by_one(&month.name, &stretch, window)?);
                if found.len() >= limit {
                    break;
                }
                let (seen, last) = self.window(month, below, from, window)?;
                if seen < window {
                    window -= seen;
                    continue;
                }
                (window, below) = (0, last);
            }
            while let Some(count) = days.next().filter(|_| below > from) {
                let day = (below - 1).div_euclid(DAY);
                let oldest = day - (count - 1);
                let any: Vec<String> = (oldest..=day).map(day_token).collect();
                let words = format!("{words} & ({})", any.join("|"));
                let stretch = Stretch {
                    words: &words,
                    below,
                    from: from.max(oldest * DAY),
                    limit: limit - found.len(),
                };
                found.extend(self.by_terms(&month.name, &stretch)?);
                if found.len() >= limit {
                    return Ok(found);
                }
                below = stretch.from;
            }
            if below > from {
                let rest = Stretch { words, below, from, limit: limit - found.len() };
                found.extend(self.by_terms(&month.name, &rest)?);
                if found.len() >= limit {
                    break;
                }
            }
            alone -= 1;
        }
        Ok(found)
    }

    fn tx(&mut self) -> &mut dyn Tx {
        self.tx
    }
}

impl Walk<'_, '_> {
    /// The months to look at, the newest first, and between which keys.
    fn months(&mut self, below: i64) -> Result<(Vec<Month>, i64, i64), StoreError> {
        // A key is never less than the time of receipt.
        let since = self.lookup.since.unwrap_or(i64::MIN);
        let below = below.min(self.lookup.until.map_or(i64::MAX, |until| until.saturating_add(DRIFT)));
        let mut months = months::all(self.tx)?;
        months.retain(|month| month.starts < below && month.ends > since);
        Ok((months, below, since))
    }

    /// Every case, without words.
    fn list(&mut self) -> Result<Vec<i64>, StoreError> {
        let (months, below, since) = self.months(self.lookup.below)?;
        let limit = self.lookup.limit as usize;
        let until = self.lookup.until.unwrap_or(i64::MAX);
        let mut found = Vec::new();
        for month in &months {
            if found.len() >= limit {
                break;
            }
            let sql = list_of(&month.name);
            let limit = count(limit - found.len());
            found.extend(self.keys(&sql, &[below.into(), since.into(), until.into(), limit.into()])?);
        }
        Ok(found)
    }

    /// Looks at the newest `window` rows of a month; ends with the last that is wanted.
    fn one_by_one(
        &mut self,
        month: &str,
        stretch: &Stretch<'_>,
        window: i64,
    ) -> Result<Vec<i64>, StoreError> {
        let sql = newest_of(month, &self.checked(month, 6));
        let Stretch { words, below, from, limit } = *stretch;
        let limit = count(limit);
        self.checked_keys(&sql, &[below.into(), from.into(), window.into(), words.into(), limit.into()])
    }

    /// How many of the newest `window` rows there are, and the oldest of them.
    fn window(
        &mut self,
        month: &Month,
        below: i64,
        from: i64,
        window: i64,
    ) -> Result<(i64, i64), StoreError> {
        let sql = window_of(&month.name);
        let rows = self.tx.rows_of(&sql, &[below.into(), from.into(), window.into()])?;
        let row = rows.first().ok_or(StoreError::Damaged { what: "count" })?;
        Ok((row.int(0)?, row.opt_int(1)?.unwrap_or(from)))
    }

    /// Asks GIN, in one month or in all. A sum is no column, so that nothing is walked by its keys.
    fn by_terms(&mut self, month: &str, stretch: &Stretch<'_>) -> Result<Vec<i64>, StoreError> {
        let sql = terms_of(month, &self.checked(month, 5));
        let Stretch { words, below, from, limit } = *stretch;
        self.checked_keys(&sql, &[words.into(), below.into(), from.into(), count(limit).into()])
    }

    /// What is asked of the row of a case beside its words, with parameters from `first` on.
    fn checked(&self, month: &str, first: usize) -> String {
        let under = if month.is_empty() { "" } else { "_" };
        let row = |rule: String| {
            format!("EXISTS (SELECT 1 FROM case_row{under}{month} AS c WHERE c.key = t.key AND {rule})")
        };
        match (self.lookup.until, self.lookup.due_before) {
            (None, None) => "true".to_owned(),
            (Some(_), None) => row(format!("c.received_at < ${first}")),
            (None, Some(_)) => row(format!("c.due_at < ${first}")),
            (Some(_), Some(_)) => row(format!("c.received_at < ${first} AND c.due_at < ${}", first + 1)),
        }
    }

    fn checked_keys(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<i64>, StoreError> {
        let mut params = params.to_vec();
        params.extend(self.lookup.until.map(Param::Int));
        params.extend(self.lookup.due_before.map(Param::Int));
        self.keys(sql, &params)
    }

    fn keys(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<i64>, StoreError> {
        self.tx.rows_of(sql, params)?.iter().map(|row| row.int(0)).collect()
    }
}

/// By primary key: every case of a month.
fn list_of(month: &str) -> String {
    format!(
        "SELECT key FROM case_row_{month} WHERE key < $1 AND key >= $2 AND received_at < $3
         ORDER BY key DESC LIMIT $4"
    )
}

/// By primary key: those of the newest that have the words.
fn newest_of(month: &str, checked: &str) -> String {
    format!(
        "SELECT t.key FROM (SELECT key, terms FROM case_terms_{month} WHERE key < $1 AND key >= $2
           ORDER BY key DESC LIMIT $3) AS t
         WHERE t.terms @@ $4::text::tsquery AND {checked} ORDER BY t.key DESC LIMIT $5"
    )
}

/// By primary key: how many that were, and the oldest.
fn window_of(month: &str) -> String {
    format!(
        "SELECT count(*), min(key) FROM (SELECT key FROM case_terms_{month} WHERE key < $1 AND key >= $2
           ORDER BY key DESC LIMIT $3) AS newest"
    )
}

/// By `case_by_terms`: those of a month that have the words, or of all months.
fn terms_of(month: &str, checked: &str) -> String {
    let under = if month.is_empty() { "" } else { "_" };
    format!(
        "SELECT t.key FROM case_terms{under}{month} AS t
         WHERE t.terms @@ $1::text::tsquery AND t.key + 0 < $2 AND t.key + 0 >= $3 AND {checked}
         ORDER BY t.key + 0 DESC LIMIT $4"
    )
}

/// The statements of one month, and those of all.
#[cfg(test)]
pub(in crate::store) fn statements_of(month: &str) -> Vec<String> {
    let late = |month: &str| {
        let under = if month.is_empty() { "" } else { "_" };
        format!("EXISTS (SELECT 1 FROM case_row{under}{month} AS c WHERE c.key = t.key AND c.due_at < $5)")
    };
    vec![
        list_of(month),
        newest_of(month, "true"),
        window_of(month),
        terms_of(month, "true"),
        terms_of("", "true"),
        terms_of(month, &late(month)),
        terms_of("", &late("")),
    ]
}

fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn write_token(out: &mut String, mark: &'static str, token: &Token) {
    let whole = format!("{mark}{}", token.text);
    // Tokens hold neither quotes nor NUL (domain/terms.rs); should one, it must still not end the string.
    let plain = cut(&whole).replace(['\'', '\\', '\0'], " ");
    // What is longer than a token can be is stored cut, and looked for in the same way.
    let begins = token.begins || whole.len() > LONGEST;
    // Writing to a string cannot fail.
    let _ = write!(out, "'{plain}'{}", if begins { ":*" } else { "" });
}

//! The months of intake: each has its partitions, made ahead and, where a case is older or newer, on demand.

use super::connection::Connection;
use super::fault::Fault;
use super::tx::PostgresTx;
use crate::store::{Param, StoreError};

/// By primary key; a row a month.
pub(super) const MONTHS: &str = "SELECT starts, ends, name FROM case_month ORDER BY starts DESC";
/// By primary key.
pub(super) const MAKE: &str = "SELECT make_month($1)";

/// Every statement of the months.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[MONTHS, MAKE];

/// So long before it begins a month has its partitions; also how far apart they are looked for.
const AHEAD_MS: i64 = 28 * 86_400_000;

/// A month and what its partitions are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Month {
    /// The first key that lies in it.
    pub(super) starts: i64,
    /// The first that does not.
    pub(super) ends: i64,
    /// Its partitions end with it. Six digits, so that it may stand in a statement.
    pub(super) name: String,
}

/// The months, the newest first.
pub(super) fn all(tx: &mut PostgresTx<'_>) -> Result<Vec<Month>, StoreError> {
    if let Some(months) = &tx.months {
        return Ok(months.clone());
    }
    let rows = tx.rows_of(MONTHS, &[])?;
    let month = |row: &crate::store::Row| {
        let name = row.text(2)?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(StoreError::Damaged { what: "name of a month" });
        }
        Ok(Month { starts: row.int(0)?, ends: row.int(1)?, name: name.to_owned() })
    };
    let months: Vec<Month> = rows.iter().map(month).collect::<Result<_, _>>()?;
    tx.months = Some(months.clone());
    Ok(months)
}

/// Makes the month that a key lies in, if there is none.
pub(super) fn make(connection: &mut Connection, key: i64) -> Result<(), Fault> {
    connection.query(MAKE, &[Param::Int(key)]).map(drop)
}

/// Makes this month and the two that come. Asked for by every server, done by the first.
pub(super) fn make_ahead(connection: &mut Connection) -> Result<(), Fault> {
    let now = "SELECT (extract(epoch FROM now()) * 1000)::bigint";
    let rows = connection.rows(now, &[])?;
    let now = rows.first().and_then(|row| row.int(0).ok()).unwrap_or_default();
    (0..3).try_for_each(|month| make(connection, now + month * AHEAD_MS))
}

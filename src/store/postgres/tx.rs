//! A transaction: what the commands see of a connection, and what went wrong on it.

use super::connection::Connection;
use super::fault::Fault;
use super::months::Month;
use super::search;
use crate::store::search::{IndexEntry, Lookup};
use crate::store::{Param, Row, StoreError, Tx};

/// By the number of the oldest transaction under way that may write an event.
pub(super) const SETTLED: &str = "SELECT feed_settled()";

/// Is heard once it is committed.
pub(super) const ANNOUNCE: &str = "SELECT pg_notify('huiyin_feed', $1)";

/// A transaction under way.
pub(super) struct PostgresTx<'c> {
    connection: &'c mut Connection,
    /// The first thing that went wrong; nothing is kept after it.
    fault: Option<Fault>,
    /// How far apart those who write at the same time look for what is free.
    spread: Option<u64>,
    /// The months, once they were asked for.
    pub(super) months: Option<Vec<Month>>,
}

impl<'c> PostgresTx<'c> {
    /// Over a connection that is inside a transaction. `spread` is a random number where others are in the way.
    pub(super) fn new(connection: &'c mut Connection, spread: Option<u64>) -> Self {
        Self { connection, fault: None, spread, months: None }
    }

    /// What went wrong.
    pub(super) fn fault(self) -> Option<Fault> {
        self.fault
    }

    /// The rows of a statement that is made for a partition.
    pub(super) fn rows_of(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, StoreError> {
        let rows = self.connection.rows(sql, params);
        self.noting(rows)
    }

    fn noting<T>(&mut self, done: Result<T, Fault>) -> Result<T, StoreError> {
        done.map_err(|fault| {
            self.fault.get_or_insert_with(|| fault.clone());
            fault.into()
        })
    }
}

impl Tx for PostgresTx<'_> {
    fn exec(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        let touched = self.connection.execute(sql, params);
        self.noting(touched)
    }

    fn rows(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>, StoreError> {
        self.rows_of(sql, params)
    }

    fn index(&mut self, key: i64, entry: &IndexEntry) -> Result<(), StoreError> {
        search::index(self, key, entry)
    }

    fn lookup(&mut self, lookup: &Lookup) -> Result<Vec<i64>, StoreError> {
        search::lookup(self, lookup)
    }

    fn announce(&mut self, word: &str) -> Result<(), StoreError> {
        self.exec(ANNOUNCE, &[word.into()]).map(drop)
    }

    fn settled(&mut self) -> Result<i64, StoreError> {
        self.row(SETTLED, &[])?.ok_or(StoreError::Damaged { what: "feed" })?.int(0)
    }

    fn apart(&self, most: i64) -> i64 {
        self.spread.map_or(0, |random| i64::try_from(random % most.unsigned_abs().max(1)).unwrap_or(0))
    }
}

//! The transaction of `SQLite`: statements are prepared once a connection and bound by position.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql};

use super::{failed, search};
use crate::store::search::{IndexEntry, Lookup};
use crate::store::{Param, Row, StoreError, Tx, Value};

/// A savepoint of the writer, or a snapshot.
pub(super) struct SqliteTx<'c> {
    connection: &'c Connection,
}

impl<'c> SqliteTx<'c> {
    /// Over a connection that is inside a transaction.
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self { connection }
    }
}

impl Tx for SqliteTx<'_> {
    fn exec(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(failed("preparing a statement"))?;
        bind(&mut statement, params)?;
        let touched = statement.raw_execute().map_err(failed("changing rows"))?;
        Ok(touched as u64)
    }

    fn rows(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(failed("preparing a statement"))?;
        bind(&mut statement, params)?;
        let columns = statement.column_count();
        let doing = "reading rows";
        let mut rows = statement.raw_query();
        let mut answer = Vec::new();
        while let Some(row) = rows.next().map_err(failed(doing))? {
            let values =
                (0..columns).map(|column| row.get_ref(column).map_err(failed(doing)).and_then(value));
            answer.push(Row::new(values.collect::<Result<_, _>>()?));
        }
        Ok(answer)
    }

    fn index(&mut self, key: i64, entry: &IndexEntry) -> Result<(), StoreError> {
        search::index(self, key, entry)
    }

    fn key_step(&self) -> i64 {
        search::KEY_STEP
    }

    fn lookup(&mut self, lookup: &Lookup) -> Result<Vec<i64>, StoreError> {
        search::lookup(self, lookup)
    }
}

fn bind(statement: &mut Statement<'_>, params: &[Param<'_>]) -> Result<(), StoreError> {
    for (index, param) in params.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, param).map_err(failed("binding a parameter"))?;
    }
    Ok(())
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn value(value: ValueRef<'_>) -> Result<Value, StoreError> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(value) => Ok(Value::Int(value)),
        ValueRef::Blob(bytes) => Ok(Value::Blob(bytes.to_vec())),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(StoreError::Damaged { what: "text" }),
        },
        ValueRef::Real(_) => Err(StoreError::Damaged { what: "number" }),
    }
}

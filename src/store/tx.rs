//! The small synchronous interface that every command of the store is written against, one per engine.
//!
//! SQL is plain text with `$1..$n` in the order of first use, which `SQLite` and PostgreSQL both take. What
//! cannot be said in one SQL for both engines, the search index, has methods of its own.

use super::error::StoreError;
use super::search::{IndexEntry, Lookup};

/// A value handed to a statement.
#[derive(Clone, Copy)]
pub enum Param<'a> {
    /// SQL's `NULL`.
    Null,
    /// A whole number; times are milliseconds since 1970.
    Int(i64),
    /// Text without NUL.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Param<'_> {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl<'a> From<&'a Value> for Param<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Int(number) => Self::Int(*number),
            Value::Text(text) => Self::Text(text),
            Value::Blob(bytes) => Self::Blob(bytes),
        }
    }
}

impl From<jiff::Timestamp> for Param<'_> {
    fn from(value: jiff::Timestamp) -> Self {
        Self::Int(value.as_millisecond())
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A value that came from a statement.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// SQL's `NULL`.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// One row of an answer; columns are counted from 0. There is no `Debug`: a row may hold anything of a caller.
#[derive(Clone, PartialEq, Eq)]
pub struct Row(Vec<Value>);

impl Row {
    /// A row of these values.
    pub fn new(values: Vec<Value>) -> Self {
        Self(values)
    }

    /// Its values.
    pub(super) fn values(&self) -> &[Value] {
        &self.0
    }

    /// The whole number in `column`.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or(StoreError::Damaged { what: "number" })
    }

    /// The whole number in `column`, if there is one.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(column) {
            Some(Value::Int(value)) => Ok(Some(*value)),
            Some(Value::Null) => Ok(None),
            _ => Err(StoreError::Damaged { what: "number" }),
        }
    }

    /// The text in `column`.
    pub fn text(&self, column: usize) -> Result<&str, StoreError> {
        match self.0.get(column) {
            Some(Value::Text(value)) => Ok(value),
            _ => Err(StoreError::Damaged { what: "text" }),
        }
    }

    /// The text in `column`, if there is one.
    pub fn opt_text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self.0.get(column) {
            Some(Value::Null) => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    /// The bytes in `column`.
    pub fn blob(&self, column: usize) -> Result<&[u8], StoreError> {
        match self.0.get(column) {
            Some(Value::Blob(value)) => Ok(value),
            _ => Err(StoreError::Damaged { what: "blob" }),
        }
    }

    /// The time in `column`.
    pub fn time(&self, column: usize) -> Result<jiff::Timestamp, StoreError> {
        jiff::Timestamp::from_millisecond(self.int(column)?).map_err(|_| StoreError::Damaged { what: "time" })
    }

    /// The text in `column` as a code, name, id or number.
    pub fn parsed<T: std::str::FromStr>(&self, column: usize) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|_| StoreError::Damaged { what: "code" })
    }

    /// The document in `column`.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T, StoreError> {
        // The cause is dropped: it may quote the document.
        serde_json::from_str(self.text(column)?).map_err(|_| StoreError::Damaged { what: "document" })
    }
}

/// A transaction, or a snapshot for reading.
pub trait Tx {
    /// Runs a statement that changes something; answers how many rows it touched.
    fn exec(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, StoreError>;

    /// Runs a statement that answers rows.
    fn rows(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>, StoreError>;

    /// Puts the words of the case at `key` into the search index, in place of those it had.
    fn index(&mut self, key: i64, entry: &IndexEntry) -> Result<(), StoreError>;

    /// The keys of the cases that a lookup finds, newest first.
    fn lookup(&mut self, lookup: &Lookup) -> Result<Vec<i64>, StoreError>;

    /// Says a word that passes to every server of this store, once what was written is committed. Where there is one
    /// server only, nobody hears it.
    fn announce(&mut self, word: &str) -> Result<(), StoreError> {
        let _ = word;
        Ok(())
    }

    /// Places in the feed below this one are settled: no event will come to stand there any more.
    fn settled(&mut self) -> Result<i64, StoreError> {
        Ok(i64::MAX)
    }

    /// What the key of a case is a multiple of, in milliseconds.
    fn key_step(&self) -> i64 {
        1
    }

    /// How far from the first free key or number to begin, below `most`: where others look for one at the same time, all
    /// would find the same.
    fn apart(&self, _most: i64) -> i64 {
        0
    }

    /// The first row of an answer.
    fn row(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, params)?.into_iter().next())
    }
}

/// A document as it is stored.
pub(super) fn document<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Damaged { what: "document" })
}

/// Declares named statements and, as `STATEMENTS`, the list of them that a test prepares on every engine.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)+) => {
        $($(#[$doc])* const $name: &str = $sql;)+

        /// Every statement of this aggregate.
        #[cfg(test)]
        pub(super) const STATEMENTS: &[&str] = &[$($name),+];
    };
}
pub(super) use statements;

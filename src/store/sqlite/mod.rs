//! `SQLite`, the embedded default: one writer thread (`writer.rs`) and a stack of reading connections.
//!
//! A reader takes the connection that was used last, so that its statements and pages are warm, and puts it
//! back when it is dropped.

mod backup;
mod schema;
mod search;
mod tx;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

pub use self::backup::Copied;
pub(super) use self::backup::{back_up, put_back};
use self::tx::SqliteTx;
use self::writer::{Message, Writer};
use super::{Command, Engine, Reader, StoreError, Tx};

/// How many connections wait for readers.
const IDLE_READERS: usize = 16;

/// The engine over one file.
pub(super) struct Sqlite {
    pool: Arc<Pool>,
    messages: Mutex<Option<mpsc::Sender<Message>>>,
    changes: watch::Sender<i64>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Sqlite {
    /// Opens the file and starts the writer.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = schema::open_writer(path)?;
        let (messages, inbox) = mpsc::channel();
        let (writer, changes) = Writer::new(connection, inbox)?;
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || writer.run())
            .map_err(|error| StoreError::Open { path: path.to_owned(), kind: error.kind() })?;
        Ok(Self {
            pool: Arc::new(Pool { path: path.to_owned(), idle: Mutex::default() }),
            messages: Mutex::new(Some(messages)),
            changes,
            thread: Mutex::new(Some(thread)),
        })
    }

    fn send(&self, message: Message) -> Result<(), StoreError> {
        match &*lock(&self.messages) {
            Some(messages) => messages.send(message).map_err(|_| StoreError::Closed),
            None => Err(StoreError::Closed),
        }
    }
}

impl Engine for Sqlite {
    fn submit(&self, command: Box<dyn Command>) -> Result<(), StoreError> {
        self.send(Message::Command(command))
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        if lock(&self.messages).is_none() {
            return Err(StoreError::Closed);
        }
        let idle = lock(&self.pool.idle).pop();
        let connection = idle.map_or_else(|| schema::open_reader(&self.pool.path), Ok)?;
        Ok(Box::new(SqliteReader { connection: Some(connection), pool: Arc::clone(&self.pool) }))
    }

    fn readers_at_once(&self) -> Option<usize> {
        None
    }

    fn changes(&self) -> watch::Receiver<i64> {
        // One process serves a database of this engine and holds its lock, so its own commits are all there are.
        self.changes.subscribe()
    }

    fn close(&self) -> oneshot::Receiver<()> {
        let (done, closed) = oneshot::channel();
        let _ = self.send(Message::Close(done));
        lock(&self.messages).take();
        lock(&self.pool.idle).clear();
        closed
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        lock(&self.messages).take();
        let thread = lock(&self.thread).take();
        // A command may hold the last clone of the store; the writer cannot wait for itself.
        if let Some(thread) = thread.filter(|thread| thread.thread().id() != std::thread::current().id()) {
            let _ = thread.join();
        }
    }
}

struct SqliteReader {
    connection: Option<Connection>,
    pool: Arc<Pool>,
}

impl Reader for SqliteReader {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Tx)) -> Result<(), StoreError> {
        let connection = self.connection.as_ref().ok_or(StoreError::Closed)?;
        let doing = "reading a snapshot";
        let snapshot = connection.unchecked_transaction().map_err(failed(doing))?;
        work(&mut SqliteTx::new(&snapshot));
        snapshot.finish().map_err(failed(doing))
    }

    fn interrupter(&self) -> Box<dyn Fn() + Send> {
        match &self.connection {
            Some(connection) => {
                let handle = connection.get_interrupt_handle();
                Box::new(move || handle.interrupt())
            }
            None => Box::new(|| ()),
        }
    }
}

impl Drop for SqliteReader {
    fn drop(&mut self) {
        let mut idle = lock(&self.pool.idle);
        // A connection left inside a transaction, by a panic, would show an old snapshot for ever.
        if let Some(connection) = self.connection.take().filter(Connection::is_autocommit)
            && idle.len() < IDLE_READERS
        {
            idle.push(connection);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Turns the engine's error into ours. Its text is dropped, for it may quote what a person typed.
fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |error| match error.sqlite_error() {
        Some(inner) => match inner.code {
            rusqlite::ErrorCode::ConstraintViolation => StoreError::Constraint,
            rusqlite::ErrorCode::DiskFull => StoreError::DiskFull,
            rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked => StoreError::Busy,
            rusqlite::ErrorCode::OperationInterrupted => StoreError::TimedOut,
            _ => StoreError::Engine { code: inner.extended_code.to_string(), doing },
        },
        None => StoreError::Engine { code: "0".to_owned(), doing },
    }
}

#[cfg(test)]
pub(super) use self::schema::SEARCH_SINCE;

/// The statements of the search, which are this engine's own.
#[cfg(test)]
pub(super) const SEARCH_STATEMENTS: &[&str] = search::STATEMENTS;

/// Prepares each statement on a fresh file.
#[cfg(test)]
pub(super) fn prepare_all(
    path: &Path,
    statements: impl Iterator<Item = &'static str>,
) -> rusqlite::Result<()> {
    let connection = schema::open_writer(path).map_err(|_| rusqlite::Error::InvalidQuery)?;
    for sql in statements {
        connection.prepare(sql).inspect_err(|error| eprintln!("{error}: {sql}"))?;
    }
    Ok(())
}

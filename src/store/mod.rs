//! Where the server keeps its cases: one interface, one body of SQL, one folder per engine.
//!
//! A command is a function of a [`Tx`]. [`Store::write`] runs it in the engine's group commit and answers once
//! it is durable; [`Store::read`] runs it against a snapshot on the calling thread. The aggregates (`cases`,
//! `accounts`, …) are such functions; only schema and search differ from engine to engine.

pub mod accounts;
pub mod attempts;
pub mod audit;
pub mod cases;
pub mod epoch;
pub mod error;
pub mod feed;
mod holds;
pub mod lessons;
pub mod like;
pub mod presence;
pub mod search;
pub mod sessions;
mod sqlite;
pub mod stations;
pub mod topics;
pub mod tx;

#[cfg(test)]
mod conformance;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};

use crate::domain::epoch::Epoch;

pub use error::StoreError;
pub use sqlite::Copied;
pub use tx::{Param, Row, Tx, Value};

/// How many commands may wait for the writer at once.
const QUEUE: usize = 256;
/// How long a command waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many slow readings run at once.
const SLOW_READERS: usize = 4;
/// How long a slow reading may take.
const SLOW_LIMIT: Duration = Duration::from_secs(2);

/// One engine under the store.
trait Engine: Send + Sync {
    /// Hands a command to the writer.
    fn submit(&self, command: Box<dyn Command>) -> Result<(), StoreError>;
    /// A reader of one snapshot.
    fn reader(&self) -> Result<Box<dyn Reader>, StoreError>;
    /// The last place in the feed, after each commit.
    fn changes(&self) -> watch::Receiver<i64>;
    /// Finishes what is queued and closes; the answer comes when it is done.
    fn close(&self) -> oneshot::Receiver<()>;
}

/// Reads one snapshot.
trait Reader: Send {
    /// Runs `work` against the snapshot.
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Tx)) -> Result<(), StoreError>;
    /// Makes a running [`Reader::run`] end early with [`StoreError::TimedOut`], from another thread.
    fn interrupter(&self) -> Box<dyn Fn() + Send>;
}

/// A command in the writer's queue.
trait Command: Send {
    /// Whether a power cut must not take it once it is answered.
    fn lasts(&self) -> bool;
    /// Does the work; false undoes it.
    fn run(&mut self, tx: &mut dyn Tx) -> bool;
    /// Tells the caller, once the group is durable or has failed.
    fn answer(self: Box<Self>, durable: Result<(), StoreError>);
}

struct Pending<F, T, E> {
    work: Option<F>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
    lasts: bool,
    _place: OwnedSemaphorePermit,
}

impl<F, T, E> Command for Pending<F, T, E>
where
    F: FnOnce(&mut dyn Tx) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn lasts(&self) -> bool {
        self.lasts
    }

    fn run(&mut self, tx: &mut dyn Tx) -> bool {
        self.result = self.work.take().map(|work| work(tx));
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, durable: Result<(), StoreError>) {
        let answer = match (durable, self.result) {
            (Err(error), Some(Ok(_)) | None) => Err(error.into()),
            (_, Some(result)) => result,
            (Ok(()), None) => Err(StoreError::Panicked.into()),
        };
        // A caller that went away no longer asks; what it did stands.
        let _ = self.reply.send(answer);
    }
}

/// The server's store. Clones share it.
#[derive(Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
    queue: Arc<Semaphore>,
    slow: Arc<Semaphore>,
}

impl Store {
    /// Opens the `SQLite` file at `path`, making and migrating it as needed. A file of a newer version, a damaged
    /// one or another program's is refused untouched.
    pub fn sqlite(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::over(Arc::new(sqlite::Sqlite::open(path)?)))
    }

    /// Copies the `SQLite` file at `path` to `to`, where nothing may be yet, whether it is served meanwhile or not.
    pub fn back_up(path: &Path, to: &Path) -> Result<Copied, StoreError> {
        sqlite::back_up(path, to)
    }

    /// Puts a copy in the place of the `SQLite` file at `path`, which nobody may serve; says where that is kept now.
    pub fn put_back(
        from: &Path,
        path: &Path,
        epoch: Epoch,
        at: Timestamp,
    ) -> Result<(Copied, Option<PathBuf>), StoreError> {
        sqlite::put_back(from, path, epoch, at)
    }

    fn over(engine: Arc<dyn Engine>) -> Self {
        Self { engine, queue: Arc::new(Semaphore::new(QUEUE)), slow: Arc::new(Semaphore::new(SLOW_READERS)) }
    }

    /// Runs a command in the writer's next group; an `Err` undoes it and nothing else. Answers once the group is
    /// durable. When the queue stays full for five seconds: [`StoreError::Busy`].
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.submit(true, work).await
    }

    /// The same for what a power cut may take: it waits for no sync and adds none to those of others.
    pub async fn write_passing<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.submit(false, work).await
    }

    async fn submit<T, E, F>(&self, lasts: bool, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&self.queue).acquire_owned())
            .await
            .map_err(|_| StoreError::Busy)?
            .map_err(|_| StoreError::Closed)?;
        let (reply, answer) = oneshot::channel();
        self.engine.submit(Box::new(Pending {
            work: Some(work),
            result: None,
            reply,
            lasts,
            _place: place,
        }))?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Reads one snapshot on the calling thread: for readings shorter than a millisecond.
    pub fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, E>,
        E: From<StoreError>,
    {
        let mut reader = self.engine.reader()?;
        run(reader.as_mut(), work)
    }

    /// Reads one snapshot on a thread for long work, a few at a time, for at most two seconds
    /// ([`StoreError::TimedOut`]). Dropping the future ends the reading.
    pub async fn read_slow<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&self.slow).acquire_owned())
            .await
            .map_err(|_| StoreError::Busy)?
            .map_err(|_| StoreError::Closed)?;
        let mut reader = self.engine.reader()?;
        let limit = Interrupt(Arc::new(Mutex::new(Some(reader.interrupter()))));
        let running = Arc::clone(&limit.0);
        let mut task = tokio::task::spawn_blocking(move || {
            let _place = place;
            let result = run(reader.as_mut(), work);
            // Disarmed before the reader goes back to others: a late interrupt must not hit their work.
            running.lock().unwrap_or_else(PoisonError::into_inner).take();
            drop(reader);
            result
        });
        let done = if let Ok(done) = tokio::time::timeout(SLOW_LIMIT, &mut task).await {
            done
        } else {
            drop(limit);
            task.await
        };
        done.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
    }

    /// How many commands wait for the writer or are being written.
    pub fn queued(&self) -> usize {
        QUEUE.saturating_sub(self.queue.available_permits())
    }

    /// The last place in the event feed, seen anew after each commit.
    pub fn changes(&self) -> watch::Receiver<i64> {
        self.engine.changes()
    }

    /// Finishes what is queued, tidies the file and closes it. Later commands answer [`StoreError::Closed`].
    pub async fn close(&self) {
        // The sender is dropped when the writer has gone, which is as good an answer.
        let _ = self.engine.close().await;
    }
}

fn run<T, E: From<StoreError>>(
    reader: &mut dyn Reader,
    work: impl FnOnce(&mut dyn Tx) -> Result<T, E>,
) -> Result<T, E> {
    let mut work = Some(work);
    let mut result = None;
    reader.run(&mut |tx| result = work.take().map(|work| work(tx)))?;
    result.unwrap_or_else(|| Err(StoreError::Closed.into()))
}

/// Ends a reading when dropped, unless it has ended by itself.
struct Interrupt(Arc<Mutex<Option<Stop>>>);

/// What stops a statement under way.
type Stop = Box<dyn Fn() + Send>;

impl Drop for Interrupt {
    fn drop(&mut self) {
        if let Some(interrupt) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            interrupt();
        }
    }
}

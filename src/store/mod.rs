//! Where the server keeps its cases: one interface, one body of SQL, one folder per engine.
//!
//! A command is a function of a [`Tx`]. [`Store::write`] runs it in a transaction of the engine and answers once it is
//! durable; [`Store::read`] runs it against a snapshot, where that is quickest. The aggregates (`cases`, `accounts`, …)
//! are such functions; only schema and search differ from engine to engine.
//!
//! A command may be run more than once: where others write at the same time, a transaction that collides with one of
//! theirs is undone and its command run again. So it is an `FnMut` that keeps what it was given.

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
pub mod migrate;
mod postgres;
pub mod presence;
pub mod retention;
pub mod search;
pub mod sessions;
mod sought;
mod sqlite;
pub mod stations;
mod tokens;
pub mod topics;
pub mod tx;

#[cfg(test)]
mod conformance;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, oneshot, watch};

use crate::domain::epoch::Epoch;

pub use error::{Distrust, StoreError, Trouble};
use retention::{Held, KeptError};
pub use sqlite::Copied;
pub use tx::{Param, Row, Tx, Value};

/// How many commands may wait for the writer at once.
const QUEUE: usize = 256;
/// How long a command waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(5);
/// With fewer places left in the queue than this, no long reading begins: what people have submitted goes first.
const PRESSED: usize = QUEUE / 4;
/// How many slow readings run at once.
const SLOW_READERS: usize = 4;
/// How many of them may wait for their turn.
const SLOW_QUEUE: usize = 256;
/// How long a slow reading may take.
const SLOW_LIMIT: Duration = Duration::from_secs(2);

/// One engine under the store.
trait Engine: Send + Sync {
    /// Hands a command to those that write.
    fn submit(&self, command: Box<dyn Command>) -> Result<(), StoreError>;
    /// A reader of one snapshot. Waits for nothing: what takes time is done when it runs.
    fn reader(&self) -> Result<Box<dyn Reader>, StoreError>;
    /// A reader for what takes time, which gives way to all others where there is little room. Any copy may serve it
    /// that has come to the place `seen`; none may where nothing is known of that.
    fn long_reader(&self, _seen: Option<i64>) -> Result<Box<dyn Reader>, StoreError> {
        self.reader()
    }
    /// The place that a copy must have come to, to have all that was written here; `None` where there are no copies.
    fn reached(&self) -> Option<i64> {
        None
    }
    /// What became of readings of lists, a copy each and the primary last; empty where there are no copies.
    fn targets(&self) -> Vec<Target> {
        Vec::new()
    }
    /// How many short readings run at once on threads of their own; `None` where they run on the calling thread.
    fn readers_at_once(&self) -> Option<usize>;
    /// The last place in the feed, after each commit.
    fn changes(&self) -> watch::Receiver<i64>;
    /// The words that servers of this store say, this one among them; `None` where it is the only one.
    fn announced(&self) -> Option<broadcast::Receiver<Arc<str>>> {
        None
    }
    /// Finishes what is queued and closes; the answer comes when it is done.
    fn close(&self) -> oneshot::Receiver<()>;
}

/// Reads one snapshot.
trait Reader: Send {
    /// Runs `work` against the snapshot; against another, from its beginning, where a copy fails in the middle.
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Tx)) -> Result<(), StoreError>;
    /// Makes a running [`Reader::run`] end early with [`StoreError::TimedOut`], from another thread.
    fn interrupter(&self) -> Box<dyn Fn() + Send>;
}

/// Where lists are read, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `replica1` in the order they were named, or `primary`.
    pub name: String,
    /// How many lists it has answered.
    pub reads: u64,
    /// How many it was passed over for, since it had not come far enough.
    pub behind: u64,
    /// How many times it was left out for a while, since it did not answer.
    pub left_out: u64,
    /// How far it was behind when it was asked last.
    pub lag: Duration,
}

/// A command in the writer's queue.
trait Command: Send {
    /// How it is to be written.
    fn care(&self) -> Care;
    /// Does the work, perhaps for the second time; false undoes it.
    fn run(&mut self, tx: &mut dyn Tx) -> bool;
    /// Tells the caller, once the group is durable or has failed.
    fn answer(self: Box<Self>, durable: Result<(), StoreError>);
}

/// How a command is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    /// As if nobody else wrote meanwhile.
    Alone,
    /// The same, and whatever it may collide over is a row that it writes itself.
    OwnRows,
    /// As that, and a power cut may take it.
    Passing,
}

impl Care {
    /// Whether a power cut must not take it once it is answered.
    fn lasts(self) -> bool {
        self != Self::Passing
    }
}

struct Pending<F, T, E> {
    work: F,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
    care: Care,
    _place: OwnedSemaphorePermit,
}

impl<F, T, E> Command for Pending<F, T, E>
where
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn care(&self) -> Care {
        self.care
    }

    fn run(&mut self, tx: &mut dyn Tx) -> bool {
        // Should it panic this time, nothing is left of the time before.
        self.result = None;
        self.result = Some((self.work)(tx));
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
    quick: Arc<Semaphore>,
    slow: Arc<Semaphore>,
    slow_queue: Arc<Semaphore>,
    shed: Arc<AtomicU64>,
}

impl Store {
    /// Opens the `SQLite` file at `path`, making and migrating it as needed. A file of a newer version, a damaged
    /// one or another program's is refused untouched.
    pub fn sqlite(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::over(Arc::new(sqlite::Sqlite::open(path)?)))
    }

    /// Opens the PostgreSQL database at a `postgres://` address, making and migrating what is in it as needed. A schema of
    /// a newer version and another program's database are refused untouched. It waits for the database: never to be
    /// called on a thread of an asynchronous runtime.
    pub fn postgres(url: &str) -> Result<Self, StoreError> {
        Self::postgres_with(url, &[])
    }

    /// The same with copies of it that only read, each at an address of its own. None of them need be there: what they
    /// do not answer, the database answers.
    pub fn postgres_with(url: &str, replicas: &[&str]) -> Result<Self, StoreError> {
        Ok(Self::over(Arc::new(postgres::Postgres::open(url, replicas)?)))
    }

    /// Where a `postgres://` address leads, in words that hold no secret, and the version of the schema there; `None` where
    /// nothing is yet. Changes nothing. It waits, as [`Store::postgres`] does.
    pub fn schema_at(url: &str) -> Result<(PathBuf, Option<i64>), StoreError> {
        postgres::schema_at(url)
    }

    /// What a PostgreSQL database holds of one month of intake (`YYYYMM`, in UTC) that may be let go at `at`: one before
    /// the last, in which nothing is unfinished. It waits, as [`Store::postgres`] does.
    pub fn month_at(url: &str, name: &str, at: Timestamp) -> Result<Held, KeptError> {
        postgres::month_at(url, name, at)
    }

    /// Forgets that month for good, with all that its cases are found by, and records it in the audit trail; answers
    /// what there was. It waits, as [`Store::postgres`] does.
    pub fn drop_month(url: &str, name: &str, at: Timestamp) -> Result<Held, KeptError> {
        postgres::drop_month(url, name, at)
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

    /// Begins another epoch in a store that was put back by other means than [`Store::put_back`]: desks send again what
    /// was taken since.
    pub async fn was_put_back(&self, epoch: Epoch, at: Timestamp) -> Result<(), StoreError> {
        self.write(move |tx| epoch::was_put_back(tx, epoch, at)).await
    }

    fn over(engine: Arc<dyn Engine>) -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        let quick = engine.readers_at_once().unwrap_or_default();
        Self {
            engine,
            queue: places(QUEUE),
            quick: places(quick),
            slow: places(SLOW_READERS),
            slow_queue: places(SLOW_READERS + SLOW_QUEUE),
            shed: Arc::default(),
        }
    }

    /// Runs a command as if nobody else wrote meanwhile; an `Err` undoes it and nothing else. Answers once it is
    /// durable. When the queue stays full for five seconds: [`StoreError::Busy`].
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.submit(Care::Alone, work).await
    }

    /// The same, at less cost where many write, for a command whose every collision with others is over a row that it
    /// writes itself: the case it changes, an id or a number that must be nobody else's. One that reads what others
    /// may change, and writes something else for it, is none.
    pub async fn write_own<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.submit(Care::OwnRows, work).await
    }

    /// The same for what a power cut may take: it waits for no sync and adds none to those of others.
    pub async fn write_passing<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.submit(Care::Passing, work).await
    }

    async fn submit<T, E, F>(&self, care: Care, work: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let place = place_in(&self.queue).await?;
        let (reply, answer) = oneshot::channel();
        self.engine.submit(Box::new(Pending { work, result: None, reply, care, _place: place }))?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Reads one snapshot: for readings shorter than a millisecond. They run on the calling thread where the engine is
    /// in this process, and on a thread that may wait where it is not.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if self.engine.readers_at_once().is_none() {
            return self.read_here(work);
        }
        let place = place_in(&self.quick).await?;
        on_thread(self.engine.reader()?, place, once(work)).await?
    }

    /// The same on the calling thread, whatever the engine: for programs that have nothing else to do meanwhile, and
    /// never on a thread of an asynchronous runtime.
    pub fn read_here<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, E>,
        E: From<StoreError>,
    {
        run(self.engine.reader()?.as_mut(), once(work))?
    }

    /// Reads one snapshot on a thread for long work, a few at a time, for at most two seconds
    /// ([`StoreError::TimedOut`]). Dropping the future ends the reading. While much waits to be written, none begins, and
    /// neither where too many wait for their turn or there is no connection to spare ([`StoreError::Busy`]).
    pub async fn read_slow<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let place = self.counting(self.place_of_slow().await)?;
        let reader = self.engine.long_reader(None)?;
        self.counting(on_thread(reader, place, once(work)).await)?
    }

    /// The same for lists, on a copy that has come to the place `seen` ([`Store::reached`]) where there is one. Where
    /// nothing is known of what the asker has seen, the database itself is read. `work` may be run again.
    pub async fn read_list<T, E, F>(&self, seen: Option<i64>, work: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let place = self.counting(self.place_of_slow().await)?;
        let reader = self.engine.long_reader(seen)?;
        self.counting(on_thread(reader, place, work).await)?
    }

    /// Places for a slow reading, among those that wait and among those that run.
    async fn place_of_slow(&self) -> Result<[OwnedSemaphorePermit; 2], StoreError> {
        if self.queue.available_permits() < PRESSED {
            return Err(StoreError::Busy);
        }
        let waits = Arc::clone(&self.slow_queue).try_acquire_owned().map_err(|_| StoreError::Busy)?;
        Ok([waits, place_in(&self.slow).await?])
    }

    /// Counts what was turned away.
    fn counting<T>(&self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        if matches!(done, Err(StoreError::Busy)) {
            self.shed.fetch_add(1, Ordering::Relaxed);
        }
        done
    }

    /// The place that a copy must have come to, to have all that was written here until now; `None` where the engine has
    /// no copies, or nothing was written yet.
    pub fn reached(&self) -> Option<i64> {
        self.engine.reached()
    }

    /// What became of readings of lists, a copy each and the primary last; empty where there are no copies.
    pub fn targets(&self) -> Vec<Target> {
        self.engine.targets()
    }

    /// How many commands wait for the writer or are being written.
    pub fn queued(&self) -> usize {
        QUEUE.saturating_sub(self.queue.available_permits())
    }

    /// How many long readings were turned away for the sake of what waits to be written.
    pub fn shed(&self) -> u64 {
        self.shed.load(Ordering::Relaxed)
    }

    /// The last place in the event feed, seen anew after each commit.
    pub fn changes(&self) -> watch::Receiver<i64> {
        self.engine.changes()
    }

    /// What servers of this store say by [`Tx::announce`], this one among them; `None` where it is the only one.
    pub fn announced(&self) -> Option<broadcast::Receiver<Arc<str>>> {
        self.engine.announced()
    }

    /// Finishes what is queued, tidies the file and closes it. Later commands answer [`StoreError::Closed`].
    pub async fn close(&self) {
        // The sender is dropped when the writer has gone, which is as good an answer.
        let _ = self.engine.close().await;
    }
}

/// A place among those that may run, once there is one.
async fn place_in(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, StoreError> {
    tokio::time::timeout(PATIENCE, Arc::clone(places).acquire_owned())
        .await
        .map_err(|_| StoreError::Busy)?
        .map_err(|_| StoreError::Closed)
}

/// Runs `work` on a thread that may wait, for a while; what comes of it, unless it comes to nothing.
async fn on_thread<T, E, F>(
    mut reader: Box<dyn Reader>,
    place: impl Send + 'static,
    work: F,
) -> Result<Result<T, E>, StoreError>
where
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
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
    done.unwrap_or(Err(StoreError::Panicked))
}

fn run<T, E>(
    reader: &mut dyn Reader,
    mut work: impl FnMut(&mut dyn Tx) -> Result<T, E>,
) -> Result<Result<T, E>, StoreError> {
    let mut result = None;
    reader.run(&mut |tx| result = Some(work(tx)))?;
    result.ok_or(StoreError::Closed)
}

/// Work that can be done once, for readers that may do it again and do not.
fn once<T, E: From<StoreError>>(
    work: impl FnOnce(&mut dyn Tx) -> Result<T, E>,
) -> impl FnMut(&mut dyn Tx) -> Result<T, E> {
    let mut work = Some(work);
    move |tx| match work.take() {
        Some(work) => work(tx),
        None => Err(StoreError::Closed.into()),
    }
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

//! PostgreSQL, for a city on many machines: any number of servers over one database.
//!
//! Commands are written by a few threads (`writer.rs`), read on connections from a pool (`reader.rs`), and what any
//! server writes is heard of by all (`feed.rs`). Whatever grows lies in a partition for each month of intake
//! (`months.rs`, `migrations/`); the commands see the same tables as everywhere, which are views here.

mod address;
mod connection;
mod fault;
mod feed;
mod forget;
mod months;
mod passfile;
mod pool;
mod reader;
mod replica;
mod schema;
mod search;
mod tls;
mod tx;
mod unserved;
mod value;
mod writer;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, broadcast, oneshot, watch};

use self::address::{Address, SharedAddress};
use self::connection::Connection;
use self::feed::Follower;
use self::pool::Pool;
use self::reader::PostgresReader;
use self::replica::Replicas;
use self::tx::PostgresTx;
use self::writer::{WRITERS, Writers};
use super::retention::{Held, KeptError};
use super::{Command, Engine, Reader, StoreError, Target, epoch};

/// How many short readings run at once.
const READERS: usize = 8;
/// How many connections readers have, quick and slow.
const IDLE_READERS: usize = 12;
/// How many words of servers may wait for this one to hear them; each is said again by who stays.
const WORDS: usize = 256;
/// How often a server looks whether a month is to be made.
const MONTHS_EVERY: Duration = Duration::from_hours(6);

/// The engine over one database.
pub(super) struct Postgres {
    pool: Arc<Pool>,
    replicas: Arc<Replicas>,
    writers: Arc<Writers>,
    changes: watch::Sender<i64>,
    words: broadcast::Sender<Arc<str>>,
    stop: watch::Sender<bool>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Postgres {
    /// Brings the database to the newest schema, and starts those that write and follow. Waits: never on a thread of a
    /// runtime.
    pub(super) fn open(url: &str, replicas: &[&str]) -> Result<Self, StoreError> {
        let address: SharedAddress = Arc::new(Address::parse(url)?);
        schema::prepare(&address)?;
        let replicas = Arc::new(Replicas::new(replicas, epoch_at(&address)?, IDLE_READERS)?);
        let committed = Arc::new(Notify::new());
        let (stop, stopped) = watch::channel(false);
        let changes = watch::Sender::new(0);
        let words = broadcast::Sender::new(WORDS);
        let follower = Follower {
            address: Arc::clone(&address),
            committed: Arc::clone(&committed),
            stopped: stopped.clone(),
            changes: changes.clone(),
            words: words.clone(),
        };
        let pool = Pool::new(Arc::clone(&address), WRITERS + IDLE_READERS);
        let writers = Writers::new(Arc::clone(&pool), committed);
        let mut threads = vec![thread(&address, "store-feed", move || follower.work())?];
        for _ in 0..WRITERS {
            let writers = Arc::clone(&writers);
            threads.push(thread(&address, "store-writer", move || writers.work())?);
        }
        let of_months = Arc::clone(&address);
        threads.push(thread(&address, "store-months", move || make_months(&of_months, stopped))?);
        Ok(Self { pool, replicas, writers, changes, words, stop, threads: Mutex::new(threads) })
    }
}

impl Postgres {
    /// The connections, until it is closed. Those who write close them, behind the last command.
    fn open_pool(&self) -> Result<Arc<Pool>, StoreError> {
        if *self.stop.borrow() { Err(StoreError::Closed) } else { Ok(Arc::clone(&self.pool)) }
    }
}

/// The epoch of the store there, by which its copies are known.
fn epoch_at(address: &Address) -> Result<String, StoreError> {
    let mut connection = Connection::open(address, None)?;
    Ok(epoch::current(&mut PostgresTx::new(&mut connection, None))?.to_string())
}

/// Where an address leads, and the version of the schema there.
pub(super) fn schema_at(url: &str) -> Result<(PathBuf, Option<i64>), StoreError> {
    let address = Address::parse(url)?;
    Ok((address.shown(), schema::look(&address)?))
}

/// What there is of a month (`YYYYMM`) that may be let go. Waits: never on a thread of a runtime.
pub(super) fn month_at(url: &str, name: &str, at: Timestamp) -> Result<Held, KeptError> {
    forget::look(&mut of_months(url)?, name, at)
}

/// Lets it go for good. Waits: never on a thread of a runtime.
pub(super) fn drop_month(url: &str, name: &str, at: Timestamp) -> Result<Held, KeptError> {
    forget::forget(&mut of_months(url)?, &mut of_months(url)?, name, at)
}

/// A connection for what takes as long as it takes, to a database whose schema is this program's.
fn of_months(url: &str) -> Result<Connection, StoreError> {
    let address = Address::parse(url)?;
    schema::require(&address)?;
    let mut connection = Connection::open(&address, None)?;
    connection.take_time()?;
    Ok(connection)
}

impl Engine for Postgres {
    fn submit(&self, command: Box<dyn Command>) -> Result<(), StoreError> {
        self.writers.submit(command)
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        Ok(Box::new(PostgresReader::new(self.open_pool()?)))
    }

    fn long_reader(&self, seen: Option<i64>) -> Result<Box<dyn Reader>, StoreError> {
        let pool = self.open_pool()?;
        Ok(Box::new(match seen {
            Some(seen) if !self.replicas.is_empty() => {
                PostgresReader::of_a_list(pool, Arc::clone(&self.replicas), seen)
            }
            _ => PostgresReader::of_long(pool),
        }))
    }

    fn reached(&self) -> Option<i64> {
        self.writers.reached()
    }

    fn targets(&self) -> Vec<Target> {
        self.replicas.targets()
    }

    fn readers_at_once(&self) -> Option<usize> {
        Some(READERS)
    }

    fn changes(&self) -> watch::Receiver<i64> {
        self.changes.subscribe()
    }

    fn announced(&self) -> Option<broadcast::Receiver<Arc<str>>> {
        Some(self.words.subscribe())
    }

    fn close(&self) -> oneshot::Receiver<()> {
        let (done, closed) = oneshot::channel();
        self.writers.close(Some(done));
        self.replicas.close();
        self.stop.send_replace(true);
        closed
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.writers.close(None);
        self.replicas.close();
        self.stop.send_replace(true);
        let threads = std::mem::take(&mut *lock(&self.threads));
        // A command may hold the last clone of the store; a writer cannot wait for itself.
        for thread in threads.into_iter().filter(|thread| thread.thread().id() != std::thread::current().id())
        {
            let _ = thread.join();
        }
    }
}

/// Makes months ahead from time to time. Whoever comes second finds them made.
fn make_months(address: &Address, mut stopped: watch::Receiver<bool>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() else { return };
    loop {
        let slept = runtime.block_on(async {
            tokio::select! {
                _ = stopped.changed() => false,
                () = tokio::time::sleep(MONTHS_EVERY) => true,
            }
        });
        if !slept {
            return;
        }
        let made = Connection::open(address, None)
            .map_err(StoreError::from)
            .and_then(|mut connection| Ok(months::make_ahead(&mut connection)?));
        if let Err(why) = made {
            // They are made on demand as well.
            tracing::warn!("no month was made ahead: {why}");
        }
    }
}

fn thread(
    address: &Address,
    name: &str,
    work: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, StoreError> {
    let builder = std::thread::Builder::new().name(name.to_owned());
    builder.spawn(work).map_err(|error| StoreError::Open { path: address.shown(), kind: error.kind() })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
pub(super) use self::search::statements_of as search_statements;

/// The statements that are this engine's own.
#[cfg(test)]
pub(super) const STATEMENTS: &[&[&str]] = &[
    search::STATEMENTS,
    months::STATEMENTS,
    forget::STATEMENTS,
    &[tx::SETTLED, tx::ANNOUNCE],
    &[feed::ENDS],
];

/// Prepares each statement in a fresh database.
#[cfg(test)]
pub(super) fn prepare_all(
    url: &str,
    statements: impl Iterator<Item = &'static str>,
) -> Result<(), StoreError> {
    let address = Address::parse(url)?;
    schema::prepare(&address)?;
    let mut connection = Connection::open(&address, None)?;
    for sql in statements {
        connection.prepared(sql).inspect_err(|fault| eprintln!("{fault:?}: {sql}"))?;
    }
    Ok(())
}

/// How a statement is run once it is prepared, as its plan says.
#[cfg(test)]
pub(super) fn explain(url: &str, sql: &str) -> Result<String, StoreError> {
    let mut connection = Connection::open(&Address::parse(url)?, None)?;
    let params = (1..=99).take_while(|n| sql.contains(&format!("${n}"))).map(|_| "NULL").collect::<Vec<_>>();
    connection.batch(&format!("PREPARE explained AS {sql}"), "explaining")?;
    let given = if params.is_empty() { String::new() } else { format!("({})", params.join(", ")) };
    let rows = connection.rows(&format!("EXPLAIN (COSTS OFF) EXECUTE explained{given}"), &[])?;
    Ok(rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?.join("\n"))
}

//! Writing: a few threads, each command a transaction of its own, again where it collided with another.
//!
//! A command was written as if nobody else wrote. Under `SERIALIZABLE` the database sees to that and refuses what would
//! not have come out so; what collides only over rows that it writes itself is safe, and cheaper, on a snapshot. Both are
//! refused before they commit, so they can be run again. Only where the answer to a `COMMIT` does not come is it unknown
//! what became of it; that is told, and whoever asked asks again under the same id.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, oneshot};

use super::fault::Fault;
use super::pool::Pool;
use super::tx::PostgresTx;
use super::{lock, months};
use crate::store::{Care, Command, StoreError};

/// How many write at once.
pub(super) const WRITERS: usize = 16;
/// How long a command may wait for a server that writes, or for a connection to it, and try again beside others.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a name that is taken is tried again: it may have been taken by the same command of another.
const TAKEN_AT_MOST: u32 = 20;
/// The longest pause before the same again.
const PAUSE: Duration = Duration::from_millis(50);
/// The pause before another look for a server.
const AWAY: Duration = Duration::from_millis(200);

/// Commits, and says in the same answer up to where a copy must have come to have this commit.
const COMMIT: &str = "COMMIT; SELECT feed_floor(pg_snapshot_xmax(pg_current_snapshot()))";

struct Queued {
    command: Box<dyn Command>,
    since: Instant,
}

#[derive(Default)]
struct Inbox {
    queue: VecDeque<Queued>,
    closed: bool,
    at_work: usize,
    closing: Vec<oneshot::Sender<()>>,
}

/// The commands that wait, and what those that write share.
pub(super) struct Writers {
    inbox: Mutex<Inbox>,
    more: Condvar,
    pool: Arc<Pool>,
    /// Told after each commit that lasts.
    committed: Arc<Notify>,
    /// The place below which all is committed that was committed when the last of them was; none is 0.
    reached: AtomicI64,
}

/// What became of an attempt.
enum Outcome {
    /// It is durable.
    Done,
    /// The command refused what was asked, and is undone.
    Refused,
    /// It failed, and is undone.
    Failed(Fault),
    /// Nobody knows.
    Unknown,
}

impl Writers {
    /// An empty queue; `committed` is told of what was written.
    pub(super) fn new(pool: Arc<Pool>, committed: Arc<Notify>) -> Arc<Self> {
        Arc::new(Self {
            inbox: Mutex::default(),
            more: Condvar::new(),
            pool,
            committed,
            reached: AtomicI64::new(0),
        })
    }

    /// The place that another copy must have come to, to have all that was written here; none before the first.
    pub(super) fn reached(&self) -> Option<i64> {
        Some(self.reached.load(Ordering::Acquire)).filter(|place| *place > 0)
    }

    /// Puts a command into the queue.
    pub(super) fn submit(&self, command: Box<dyn Command>) -> Result<(), StoreError> {
        let mut inbox = lock(&self.inbox);
        if inbox.closed {
            return Err(StoreError::Closed);
        }
        inbox.queue.push_back(Queued { command, since: Instant::now() });
        self.more.notify_one();
        Ok(())
    }

    /// Takes no more; `done` is told when what waits is written.
    pub(super) fn close(&self, done: Option<oneshot::Sender<()>>) {
        let mut inbox = lock(&self.inbox);
        inbox.closed = true;
        inbox.closing.extend(done);
        self.more.notify_all();
    }

    /// Writes until there is nothing more to come.
    pub(super) fn work(&self) {
        lock(&self.inbox).at_work += 1;
        while let Some(queued) = self.next() {
            self.serve(queued);
        }
        let mut inbox = lock(&self.inbox);
        inbox.at_work -= 1;
        if inbox.at_work == 0 {
            self.pool.close();
            for done in inbox.closing.drain(..) {
                // Whoever asked may have gone.
                let _ = done.send(());
            }
        }
    }

    fn next(&self) -> Option<Queued> {
        let mut inbox = lock(&self.inbox);
        loop {
            if let Some(queued) = inbox.queue.pop_front() {
                return Some(queued);
            }
            if inbox.closed {
                return None;
            }
            inbox = self.more.wait(inbox).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn serve(&self, queued: Queued) {
        let Queued { mut command, since } = queued;
        let care = command.care();
        let (begun, mut attempt) = (Instant::now(), 0);
        let answer = loop {
            let fault = match self.attempt(command.as_mut(), care, attempt) {
                Outcome::Done => {
                    if care.lasts() {
                        self.committed.notify_one();
                    }
                    break Ok(());
                }
                Outcome::Refused => break Ok(()),
                Outcome::Unknown => break Err(StoreError::Unanswered),
                Outcome::Failed(fault) => fault,
            };
            attempt += 1;
            let pause = match &fault {
                Fault::Taken if attempt > TAKEN_AT_MOST => break Err(fault.into()),
                Fault::Taken | Fault::Collision => pause(attempt),
                Fault::NoMonth(key) => match self.make_month(*key) {
                    Ok(()) => Duration::ZERO,
                    Err(fault) => break Err(fault.into()),
                },
                Fault::Gone => {
                    self.pool.clear();
                    AWAY
                }
                _ => break Err(fault.into()),
            };
            // While nobody writes, all that waits in the queue waits for the same; a collision is its own.
            let waited = if fault == Fault::Gone { since } else { begun };
            if waited.elapsed() + pause > PATIENCE {
                break Err(fault.into());
            }
            // Nobody calls it back before that.
            std::thread::park_timeout(pause);
        };
        command.answer(answer);
    }

    fn attempt(&self, command: &mut dyn Command, care: Care, attempt: u32) -> Outcome {
        let begin = match care {
            Care::Alone => "BEGIN ISOLATION LEVEL SERIALIZABLE",
            Care::OwnRows => "BEGIN ISOLATION LEVEL REPEATABLE READ",
            Care::Passing => "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL synchronous_commit = off",
        };
        let mut connection = match self.pool.begin(begin, PATIENCE) {
            Ok(connection) => connection,
            Err(fault) => return Outcome::Failed(fault),
        };
        let spread = if attempt > 0 { Some(random()) } else { None };
        let mut tx = PostgresTx::new(&mut connection, spread);
        let kept = catch_unwind(AssertUnwindSafe(|| command.run(&mut tx))).unwrap_or(false);
        let outcome = match tx.fault() {
            Some(Fault::Gone) => return Outcome::Failed(Fault::Gone),
            Some(fault) => Outcome::Failed(fault),
            None if kept => match connection.ask(COMMIT, "committing") {
                Ok(told) => {
                    let place = told.first().and_then(|place| place.as_deref()?.parse().ok());
                    self.reached.fetch_max(place.unwrap_or_default(), Ordering::AcqRel);
                    Outcome::Done
                }
                // It may have been done before the answer was lost.
                Err(Fault::Gone | Fault::Stopped) => return Outcome::Unknown,
                Err(fault) => Outcome::Failed(fault),
            },
            None => Outcome::Refused,
        };
        let is_over = matches!(outcome, Outcome::Done) || connection.batch("ROLLBACK", "undoing").is_ok();
        if is_over {
            self.pool.put_back(connection);
        }
        outcome
    }

    fn make_month(&self, key: i64) -> Result<(), Fault> {
        let mut connection = self.pool.begin("BEGIN", PATIENCE)?;
        months::make(&mut connection, key)?;
        connection.batch("COMMIT", "making a month")?;
        self.pool.put_back(connection);
        Ok(())
    }
}

/// Longer from time to time, and never the same for two that collided.
fn pause(attempt: u32) -> Duration {
    let most = PAUSE.min(Duration::from_millis(1 << attempt.min(10)));
    most.mul_f64(f64::from(u32::try_from(random() >> 32).unwrap_or(0)) / f64::from(u32::MAX))
}

fn random() -> u64 {
    let mut bytes = [0; 8];
    // Without a source of chance, all wait alike, which is only slower.
    let _ = getrandom::fill(&mut bytes);
    u64::from_ne_bytes(bytes)
}

//! Copies that only read: standbys of the primary, which serve lists while they keep up with it.
//!
//! A copy is asked, in the same message that begins its snapshot, how far that snapshot has come. One that has not come to
//! the place the asker has seen is passed over for this once; one that fails, hangs, was promoted or is of another city is
//! left out for a while, and a single reading tries it again. Whatever happens to a copy, the primary answers.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::address::{Address, SharedAddress};
use super::connection::Connection;
use super::fault::Fault;
use super::lock;
use super::pool::Pool;
use crate::store::{StoreError, Target};

/// A copy further behind than this serves nobody, whatever they have seen.
const LAG: Duration = Duration::from_secs(10);
/// For how long a copy is left out at first, and at most.
const OUT: Duration = Duration::from_secs(1);
const OUT_AT_MOST: Duration = Duration::from_secs(30);

/// Begins a snapshot, and says how far it has come: what is below the first is in it. The last is the time by which it is
/// behind, in milliseconds; a copy that receives nothing any more cannot know, and counts from the last it had.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SELECT feed_floor(pg_snapshot_xmin(pg_current_snapshot())), pg_is_in_recovery(),
        (SELECT value FROM meta WHERE name = 'epoch'),
        CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver)
            THEN 0 ELSE (extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::bigint END";

/// The copies of one database.
pub(super) struct Replicas {
    all: Vec<Replica>,
    /// Of the store they are copies of.
    epoch: String,
    next: AtomicUsize,
    /// How many lists the primary has answered.
    primary: AtomicU64,
}

/// One copy.
struct Replica {
    pool: Arc<Pool>,
    out: Mutex<Out>,
    reads: AtomicU64,
    behind: AtomicU64,
    left_out: AtomicU64,
    lag_ms: AtomicU64,
}

/// Until when a copy is left out, and for how long the next time.
#[derive(Default)]
struct Out {
    until: Option<Instant>,
    next: Duration,
}

/// A copy was tried and did not answer.
struct LeftOut;

/// A snapshot of a copy that has come far enough.
pub(super) struct Taken {
    which: usize,
    pub(super) connection: Connection,
}

impl Replicas {
    /// Those at `urls`; none is spoken to yet.
    pub(super) fn new(urls: &[&str], epoch: String, idle: usize) -> Result<Self, StoreError> {
        let replica = |url: &&str| {
            let address: SharedAddress = Arc::new(Address::parse(url)?.of_a_copy());
            Ok(Replica {
                pool: Pool::new(address, idle),
                out: Mutex::default(),
                reads: AtomicU64::new(0),
                behind: AtomicU64::new(0),
                left_out: AtomicU64::new(0),
                lag_ms: AtomicU64::new(0),
            })
        };
        let all = urls.iter().map(replica).collect::<Result<_, StoreError>>()?;
        Ok(Self { all, epoch, next: AtomicUsize::new(0), primary: AtomicU64::new(0) })
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// A snapshot of a copy that has come to `seen`, each taking its turn; `None` where only the primary has.
    pub(super) fn begin(&self, seen: i64) -> Option<Taken> {
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let found =
            (0..self.all.len()).map(|nth| first.wrapping_add(nth) % self.all.len()).find_map(|which| {
                let replica = self.all.get(which)?;
                match replica.begin(seen, &self.epoch) {
                    Ok(None) => None,
                    Ok(Some(connection)) => Some(Some(Taken { which, connection })),
                    // It may have taken its time: there is none left for another that may hang.
                    Err(LeftOut) => Some(None),
                }
            });
        found.flatten()
    }

    /// Where a snapshot leads, to stop what runs there.
    pub(super) fn address(&self, taken: &Taken) -> Option<&SharedAddress> {
        self.all.get(taken.which).map(|replica| replica.pool.address())
    }

    /// Takes a snapshot back that has answered.
    pub(super) fn answered(&self, mut taken: Taken) {
        let Some(replica) = self.all.get(taken.which) else { return };
        replica.reads.fetch_add(1, Ordering::Relaxed);
        if taken.connection.batch("ROLLBACK", "ending a snapshot").is_ok() {
            replica.pool.put_back(taken.connection);
        }
    }

    /// Leaves a copy out that failed in the middle of a reading. A reading that collides with what the copy replays says
    /// nothing about the copy.
    pub(super) fn failed(&self, taken: Taken, fault: &Fault) {
        if let Some(replica) = self.all.get(taken.which).filter(|_| *fault != Fault::Collision) {
            replica.leave_out(fault);
        }
    }

    /// Counts a list that the primary answers.
    pub(super) fn primary_reads(&self) {
        self.primary.fetch_add(1, Ordering::Relaxed);
    }

    /// Keeps no connection from now on.
    pub(super) fn close(&self) {
        self.all.iter().for_each(|replica| replica.pool.close());
    }

    /// What became of readings, the primary last.
    pub(super) fn targets(&self) -> Vec<Target> {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let copy = |(nth, replica): (usize, &Replica)| Target {
            name: format!("replica{}", nth + 1),
            reads: read(&replica.reads),
            behind: read(&replica.behind),
            left_out: read(&replica.left_out),
            lag: Duration::from_millis(read(&replica.lag_ms)),
        };
        let mut all: Vec<_> = self.all.iter().enumerate().map(copy).collect();
        if !all.is_empty() {
            let (reads, none) = (read(&self.primary), 0);
            let name = "primary".to_owned();
            all.push(Target { name, reads, behind: none, left_out: none, lag: Duration::ZERO });
        }
        all
    }
}

impl Replica {
    fn begin(&self, seen: i64, epoch: &str) -> Result<Option<Connection>, LeftOut> {
        if !self.may_be_asked() {
            return Ok(None);
        }
        let (mut connection, told) = match self.pool.begin_asking(BEGIN) {
            Ok(begun) => begun,
            Err(fault) => {
                self.leave_out(&fault);
                return Err(LeftOut);
            }
        };
        let column = |nth: usize| told.get(nth).and_then(Option::as_deref);
        let number = |nth| column(nth).and_then(|text| text.parse::<i64>().ok());
        if column(1) != Some("t") || column(2) != Some(epoch) {
            tracing::warn!("a replica is no standby of this database");
            self.leave_out(&Fault::Gone);
            return Err(LeftOut);
        }
        *lock(&self.out) = Out::default();
        // What was never told is as far behind as can be.
        let lag = Duration::from_millis(number(3).unwrap_or(i64::MAX).max(0).unsigned_abs());
        self.lag_ms.store(u64::try_from(lag.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        if lag <= LAG && number(0).is_some_and(|come| come >= seen) {
            return Ok(Some(connection));
        }
        self.behind.fetch_add(1, Ordering::Relaxed);
        if connection.batch("ROLLBACK", "ending a snapshot").is_ok() {
            self.pool.put_back(connection);
        }
        Ok(None)
    }

    /// Of those who ask after it was left out, the first may try it; the others go on without.
    fn may_be_asked(&self) -> bool {
        let mut out = lock(&self.out);
        match out.until {
            None => true,
            Some(until) if Instant::now() < until => false,
            Some(_) => {
                out.until = Some(Instant::now() + out.next);
                true
            }
        }
    }

    fn leave_out(&self, fault: &Fault) {
        self.left_out.fetch_add(1, Ordering::Relaxed);
        self.pool.clear();
        let mut out = lock(&self.out);
        let time = out.next.clamp(OUT, OUT_AT_MOST);
        *out = Out { until: Some(Instant::now() + time), next: (2 * time).min(OUT_AT_MOST) };
        let cause = StoreError::from(fault.clone());
        tracing::warn!(seconds = time.as_secs(), "a replica is left out for a while: {cause}");
    }
}

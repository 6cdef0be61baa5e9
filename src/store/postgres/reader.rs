//! Reading: a snapshot on a connection of its own, that can be stopped from another thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio_postgres::CancelToken;

use super::address::SharedAddress;
use super::connection::stop;
use super::fault::Fault;
use super::lock;
use super::pool::Pool;
use super::replica::Replicas;
use super::tx::PostgresTx;
use crate::store::{Reader, StoreError, Tx};

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// How long a short reading waits for a connection: as long as it may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Reads one snapshot.
pub(super) struct PostgresReader {
    pool: Arc<Pool>,
    /// How long it waits for a connection where there is none to spare.
    patience: Duration,
    /// Copies that may be read in its place by whoever has seen no more than the place.
    copies: Option<(Arc<Replicas>, i64)>,
    running: Arc<Mutex<Option<(SharedAddress, CancelToken)>>>,
    stopped: Arc<AtomicBool>,
}

impl PostgresReader {
    /// A reader on the next connection that is free when it runs.
    pub(super) fn new(pool: Arc<Pool>) -> Self {
        Self { pool, patience: PATIENCE, copies: None, running: Arc::default(), stopped: Arc::default() }
    }

    /// The same for what takes time: it leaves connections that are scarce to those who write, and to short readings.
    pub(super) fn of_long(pool: Arc<Pool>) -> Self {
        Self { patience: Duration::ZERO, ..Self::new(pool) }
    }

    /// The same on a copy that has come to the place `seen`, where there is one when it runs.
    pub(super) fn of_a_list(pool: Arc<Pool>, copies: Arc<Replicas>, seen: i64) -> Self {
        Self { copies: Some((copies, seen)), ..Self::of_long(pool) }
    }

    /// Whether a copy has answered.
    fn run_on_copy(&self, work: &mut dyn FnMut(&mut dyn Tx)) -> bool {
        let Some((copies, seen)) = &self.copies else { return false };
        if self.stopped.load(Ordering::SeqCst) {
            return false;
        }
        if let Some(mut taken) = copies.begin(*seen) {
            let address = copies.address(&taken).cloned();
            *lock(&self.running) = address.map(|address| (address, taken.connection.cancel_token()));
            let mut tx = PostgresTx::new(&mut taken.connection, None);
            work(&mut tx);
            let fault = tx.fault();
            let in_time = lock(&self.running).take().is_some();
            match fault {
                None if in_time => copies.answered(taken),
                Some(fault) if in_time => {
                    copies.failed(taken, &fault);
                    copies.primary_reads();
                    return false;
                }
                // It has answered, or was told to stop: nobody waits for another.
                _ => {}
            }
            return true;
        }
        copies.primary_reads();
        false
    }
}

impl Reader for PostgresReader {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Tx)) -> Result<(), StoreError> {
        if self.run_on_copy(work) {
            return Ok(());
        }
        let mut connection = self.pool.begin(BEGIN, self.patience)?;
        *lock(&self.running) = Some((Arc::clone(self.pool.address()), connection.cancel_token()));
        if self.stopped.load(Ordering::SeqCst) {
            return Err(StoreError::TimedOut);
        }
        let mut tx = PostgresTx::new(&mut connection, None);
        work(&mut tx);
        let fault = tx.fault();
        let token = lock(&self.running).take();
        // One that was told to stop may hear of it late, when others use it; one without an answer is of no use.
        if token.is_some()
            && fault != Some(Fault::Gone)
            && connection.batch("ROLLBACK", "ending a snapshot").is_ok()
        {
            self.pool.put_back(connection);
        }
        Ok(())
    }

    fn interrupter(&self) -> Box<dyn Fn() + Send> {
        let (running, stopped) = (Arc::clone(&self.running), Arc::clone(&self.stopped));
        Box::new(move || {
            stopped.store(true, Ordering::SeqCst);
            if let Some((address, token)) = lock(&running).take() {
                stop(&address, token);
            }
        })
    }
}

//! Reading: a snapshot on a connection of its own, that can be stopped from another thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio_postgres::CancelToken;

use super::connection::stop;
use super::fault::Fault;
use super::lock;
use super::pool::Pool;
use super::tx::PostgresTx;
use crate::store::{Reader, StoreError, Tx};

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Reads one snapshot.
pub(super) struct PostgresReader {
    pool: Arc<Pool>,
    running: Arc<Mutex<Option<CancelToken>>>,
    stopped: Arc<AtomicBool>,
}

impl PostgresReader {
    /// A reader on the next connection that is free when it runs.
    pub(super) fn new(pool: Arc<Pool>) -> Self {
        Self { pool, running: Arc::default(), stopped: Arc::default() }
    }
}

impl Reader for PostgresReader {
    fn run(&mut self, work: &mut dyn FnMut(&mut dyn Tx)) -> Result<(), StoreError> {
        let mut connection = self.pool.begin(BEGIN)?;
        *lock(&self.running) = Some(connection.cancel_token());
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
        let address = Arc::clone(self.pool.address());
        Box::new(move || {
            stopped.store(true, Ordering::SeqCst);
            if let Some(token) = lock(&running).take() {
                stop(&address, token);
            }
        })
    }
}

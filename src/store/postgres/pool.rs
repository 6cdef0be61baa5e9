//! Connections that wait to be used again, the one used last on top, so that its statements are prepared and few are
//! open where little is to do.
//!
//! Those who read and those who write share them: where the database has fewer to give than are wanted, nobody sits on
//! one that another waits for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::address::SharedAddress;
use super::connection::Connection;
use super::fault::Fault;
use super::lock;
use crate::store::StoreError;

/// How often a database that has none to spare is asked again, while none is put back.
const AGAIN: Duration = Duration::from_millis(500);

/// Where connections are taken from and put back.
pub(super) struct Pool {
    address: SharedAddress,
    idle: Mutex<Vec<Connection>>,
    /// Told when one is put back.
    returned: Condvar,
    most: usize,
    closed: AtomicBool,
}

impl Pool {
    /// An empty one, which keeps `most` connections.
    pub(super) fn new(address: SharedAddress, most: usize) -> Arc<Self> {
        let (idle, returned, closed) = (Mutex::default(), Condvar::new(), AtomicBool::new(false));
        Arc::new(Self { address, idle, returned, most, closed })
    }

    /// Where its connections lead.
    pub(super) const fn address(&self) -> &SharedAddress {
        &self.address
    }

    /// A connection inside the transaction that `begin` begins. One that has died while it waited is not counted: the
    /// next is tried, and at last a new one. Where the database has none to spare, one that is put back within
    /// `patience` will do.
    pub(super) fn begin(&self, begin: &str, patience: Duration) -> Result<Connection, Fault> {
        self.begin_by(patience, |connection| connection.batch(begin, "beginning"))
            .map(|(connection, ())| connection)
    }

    /// The same where the last statement of `begin` answers a row, which is told by its columns. It waits for nobody.
    pub(super) fn begin_asking(&self, begin: &str) -> Result<(Connection, Vec<Option<String>>), Fault> {
        self.begin_by(Duration::ZERO, |connection| connection.ask(begin, "beginning"))
    }

    fn begin_by<T>(
        &self,
        patience: Duration,
        begin: impl Fn(&mut Connection) -> Result<T, Fault>,
    ) -> Result<(Connection, T), Fault> {
        let since = Instant::now();
        loop {
            let waiting = lock(&self.idle).pop();
            let is_new = waiting.is_none();
            let mut connection = match waiting {
                Some(connection) if connection.is_closed() => continue,
                Some(connection) => connection,
                None => match self.open() {
                    Err(Fault::Full) if since.elapsed() < patience => {
                        self.wait_for_another(AGAIN.min(patience));
                        continue;
                    }
                    opened => opened?,
                },
            };
            match begin(&mut connection) {
                Ok(told) => return Ok((connection, told)),
                // Where another can be asked, nobody waits twice for one that may hang.
                Err(Fault::Gone) if !is_new && !self.address.is_of_a_copy() => {}
                Err(fault) => return Err(fault),
            }
        }
    }

    /// Waits until somebody has put one back, or a while has passed.
    fn wait_for_another(&self, at_most: Duration) {
        let none = |idle: &mut Vec<Connection>| idle.is_empty();
        let waited = self.returned.wait_timeout_while(lock(&self.idle), at_most, none);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// A new connection. What is in its way may be put right, or another host may take over: for those who wait, it is
    /// gone. What does not pass by itself is for the log.
    fn open(&self) -> Result<Connection, Fault> {
        Connection::open(&self.address, None).map_err(|why| {
            let fault = Fault::from(&why);
            if !why.passes() {
                tracing::warn!("{}", StoreError::from(why));
            }
            fault
        })
    }

    /// Takes a connection back that is in no transaction.
    pub(super) fn put_back(&self, connection: Connection) {
        let mut idle = lock(&self.idle);
        if !self.closed.load(Ordering::SeqCst) && idle.len() < self.most && !connection.is_closed() {
            idle.push(connection);
            self.returned.notify_one();
        }
    }

    /// Lets all go that wait: they lead where nobody is any more.
    pub(super) fn clear(&self) {
        let gone = std::mem::take(&mut *lock(&self.idle));
        drop(gone);
    }

    /// Keeps none from now on.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.clear();
    }
}

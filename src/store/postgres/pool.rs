//! Connections that wait to be used again, the one used last on top, so that its statements are prepared and few are
//! open where little is to do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::address::SharedAddress;
use super::connection::Connection;
use super::fault::Fault;
use super::lock;
use std::sync::Mutex;

/// Where connections are taken from and put back.
pub(super) struct Pool {
    address: SharedAddress,
    idle: Mutex<Vec<Connection>>,
    most: usize,
    closed: AtomicBool,
}

impl Pool {
    /// An empty one, which keeps `most` connections.
    pub(super) fn new(address: SharedAddress, most: usize) -> Arc<Self> {
        Arc::new(Self { address, idle: Mutex::default(), most, closed: AtomicBool::new(false) })
    }

    /// Where its connections lead.
    pub(super) const fn address(&self) -> &SharedAddress {
        &self.address
    }

    /// A connection inside the transaction that `begin` begins. One that has died while it waited is not counted: the
    /// next is tried, and at last a new one.
    pub(super) fn begin(&self, begin: &str) -> Result<Connection, Fault> {
        self.begin_by(|connection| connection.batch(begin, "beginning")).map(|(connection, ())| connection)
    }

    /// The same where the last statement of `begin` answers a row; tells its columns.
    pub(super) fn begin_asking(&self, begin: &str) -> Result<(Connection, Vec<Option<String>>), Fault> {
        self.begin_by(|connection| connection.ask(begin, "beginning"))
    }

    fn begin_by<T>(
        &self,
        begin: impl Fn(&mut Connection) -> Result<T, Fault>,
    ) -> Result<(Connection, T), Fault> {
        loop {
            let waiting = lock(&self.idle).pop();
            let is_new = waiting.is_none();
            let mut connection = match waiting {
                Some(connection) if connection.is_closed() => continue,
                Some(connection) => connection,
                None => self.open()?,
            };
            match begin(&mut connection) {
                Ok(told) => return Ok((connection, told)),
                // Where another can be asked, nobody waits twice for one that may hang.
                Err(Fault::Gone) if !is_new && !self.address.is_of_a_copy() => {}
                Err(fault) => return Err(fault),
            }
        }
    }

    /// A new connection. Whoever is not believed now may be renewed, or another may take over: for those who wait, it is
    /// gone. Why is for the log.
    fn open(&self) -> Result<Connection, Fault> {
        Connection::open(&self.address, None).map_err(|fault| match fault {
            Fault::Distrusted(why) => {
                tracing::warn!("{} is not believed: {why}", self.address.shown().display());
                Fault::Gone
            }
            other => other,
        })
    }

    /// Takes a connection back that is in no transaction.
    pub(super) fn put_back(&self, connection: Connection) {
        let mut idle = lock(&self.idle);
        if !self.closed.load(Ordering::SeqCst) && idle.len() < self.most && !connection.is_closed() {
            idle.push(connection);
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

    /// Whether [`Pool::close`] was called.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
}

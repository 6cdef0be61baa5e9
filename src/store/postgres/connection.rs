//! One connection: its own small runtime, so that a thread may wait for it, and its statements, each prepared once.
//!
//! Every wait has an end on this side too. A server whose machine stands still confirms nothing and refuses nothing;
//! whoever waits for it would hold up what comes behind.

use std::collections::HashMap;
use std::future::poll_fn;
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::UnboundedSender;
use tokio_postgres::tls::NoTls;
use tokio_postgres::{
    AsyncMessage, CancelToken, Client, Connection as Driver, Error, SimpleQueryMessage, Socket, Statement,
};

use super::address::{Address, Place, SharedAddress};
use super::fault::Fault;
use super::tls::Tls;
use super::unserved::{Unserved, trouble};
use super::value::{self, Bound};
use crate::store::{Param, Row, Trouble};

/// How long a statement may go unanswered. The server ends it a little earlier.
const ANSWER: Duration = Duration::from_secs(12);
/// How long a connection may take in all, with its handshakes and all hosts that are tried.
const CONNECT: Duration = Duration::from_secs(6);

/// The same where everything of a month is gone through.
const LONG: Duration = Duration::from_hours(24);

/// The same two for a copy, in whose place another answers within the time that a reading has.
const COPY: Duration = Duration::from_secs(1);

/// What holds for every connection. Statements here find few rows by an index or nothing at all: plans are made once a
/// statement, and by indexes whatever the statistics say, which a new or a quickly growing table does not have.
const SETTINGS: &str = "SET statement_timeout = 10000; SET lock_timeout = 5000;
    SET idle_in_transaction_session_timeout = 15000; SET plan_cache_mode = force_generic_plan;
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off;
    SET max_parallel_workers_per_gather = 0; SET client_min_messages = error; SET timezone = 'UTC'";

/// A connection to the database.
pub(super) struct Connection {
    client: Client,
    statements: HashMap<String, Statement>,
    /// How long a statement may go unanswered.
    patience: Duration,
    /// Gone once it is dropped.
    runtime: Option<Runtime>,
}

impl Connection {
    /// Connects to the first host that serves; what the database announces goes to `heard`. Waits: never on a thread of
    /// a runtime.
    pub(super) fn open(address: &Address, heard: Option<UnboundedSender<String>>) -> Result<Self, Unserved> {
        let mut hosts = Vec::new();
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            hosts.push((String::new(), Trouble::Other("runtime".to_owned())));
            return Err(Unserved { path: address.shown(), hosts });
        };
        let (most, patience) = if address.is_of_a_copy() { (COPY, COPY) } else { (CONNECT, ANSWER) };
        let tried = address.hosts();
        // One that is silent leaves the others their share.
        let most = most / u32::try_from(tried.len()).unwrap_or(1).max(1);
        for (nth, place) in tried {
            let opening = open(place, address.tls(), heard.clone());
            let opened = runtime.block_on(async { tokio::time::timeout(most, opening).await });
            match opened.unwrap_or(Err(Trouble::Silent)) {
                Ok(client) => {
                    address.served(nth);
                    let statements = HashMap::new();
                    return Ok(Self { client, statements, patience, runtime: Some(runtime) });
                }
                Err(why) => hosts.push((place.name.clone(), why)),
            }
        }
        runtime.shutdown_background();
        Err(Unserved { path: address.shown(), hosts })
    }

    /// By which a statement under way is stopped.
    pub(super) fn cancel_token(&self) -> CancelToken {
        self.client.cancel_token()
    }

    /// Whether it is known to be of no more use.
    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// From now on a statement may take as long as it takes. A machine that is gone is noticed all the same, by the system.
    pub(super) fn take_time(&mut self) -> Result<(), Fault> {
        self.patience = LONG;
        self.batch("SET statement_timeout = 0", "taking time")
    }

    /// Runs statements without parameters.
    pub(super) fn batch(&mut self, sql: &str, doing: &'static str) -> Result<(), Fault> {
        let Self { client, runtime, patience, .. } = self;
        wait((runtime.as_ref(), *patience), doing, client.batch_execute(sql))
    }

    /// Runs statements without parameters; tells the columns of the last row they answer.
    pub(super) fn ask(&mut self, sql: &str, doing: &'static str) -> Result<Vec<Option<String>>, Fault> {
        let Self { client, runtime, patience, .. } = self;
        let told = wait((runtime.as_ref(), *patience), doing, client.simple_query(sql))?;
        let row = told.iter().rev().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        Ok(row
            .map_or_else(Vec::new, |row| (0..row.len()).map(|nth| row.get(nth).map(str::to_owned)).collect()))
    }

    /// Runs a statement that changes something; answers how many rows it touched.
    pub(super) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Fault> {
        let statement = self.prepared(sql)?;
        let Self { client, runtime, patience, .. } = self;
        let bound = params.iter().map(|param| Bound(*param));
        wait((runtime.as_ref(), *patience), "changing rows", client.execute_raw(&statement, bound))
    }

    /// Runs a statement that answers rows.
    pub(super) fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<tokio_postgres::Row>, Fault> {
        let statement = self.prepared(sql)?;
        let Self { client, runtime, patience, .. } = self;
        let bound = params.iter().map(|param| Bound(*param));
        wait((runtime.as_ref(), *patience), "reading rows", async {
            client.query_raw(&statement, bound).await?.try_collect().await
        })
    }

    /// The same, with its rows as the commands read them.
    pub(super) fn rows(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Fault> {
        self.query(sql, params)?.iter().map(value::row).collect()
    }

    /// Lets `future` run on this connection's thread, together with the connection.
    pub(super) fn block_on<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        self.runtime.as_ref().map(|runtime| runtime.block_on(future))
    }

    /// A statement that this connection has prepared, now or before.
    pub(super) fn prepared(&mut self, sql: &str) -> Result<Statement, Fault> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement =
            wait((self.runtime.as_ref(), self.patience), "preparing a statement", self.client.prepare(sql))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // It may be dropped where waiting is not allowed.
            runtime.shutdown_background();
        }
    }
}

fn wait<T>(
    (runtime, patience): (Option<&Runtime>, Duration),
    doing: &'static str,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Fault> {
    let Some(runtime) = runtime else { return Err(Fault::Gone) };
    match runtime.block_on(async { tokio::time::timeout(patience, answer).await }) {
        Ok(answered) => answered.map_err(|error| Fault::of(&error, doing)),
        Err(_) => Err(Fault::Gone),
    }
}

async fn open(
    place: &Place,
    tls: Option<&Tls>,
    heard: Option<UnboundedSender<String>>,
) -> Result<Client, Trouble> {
    let failed = |error: Error| trouble(&error);
    let client = if let Some(tls) = tls {
        let (client, driver) = place.config.connect(tls.clone()).await.map_err(failed)?;
        tokio::spawn(drive(driver, heard));
        client
    } else {
        let (client, driver) = place.config.connect(NoTls).await.map_err(failed)?;
        tokio::spawn(drive(driver, heard));
        client
    };
    client.batch_execute(SETTINGS).await.map_err(failed)?;
    Ok(client)
}

/// Moves what comes and goes, for as long as somebody waits for it.
async fn drive<T>(mut driver: Driver<Socket, T>, heard: Option<UnboundedSender<String>>)
where
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = poll_fn(|context| driver.poll_message(context)).await {
        if let (AsyncMessage::Notification(told), Some(heard)) = (message, &heard) {
            // Whoever listened may be gone.
            let _ = heard.send(told.payload().to_owned());
        }
    }
}

/// Stops what runs under `token`, on a thread of its own: whoever wants it stopped may not be able to wait.
pub(super) fn stop(address: &SharedAddress, token: CancelToken) {
    let address = std::sync::Arc::clone(address);
    let stopping = move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        let stopped = runtime.block_on(async {
            let told = async {
                match address.tls() {
                    Some(tls) => token.cancel_query(tls.clone()).await,
                    None => token.cancel_query(NoTls).await,
                }
            };
            tokio::time::timeout(CONNECT, told).await
        });
        if !matches!(stopped, Ok(Ok(()))) {
            tracing::warn!("a reading could not be told to stop; the server ends it by itself");
        }
    };
    // Without a thread, the statement's own limit ends it.
    let _ = std::thread::Builder::new().name("store-stop".to_owned()).spawn(stopping);
}

//! The embedded server: started by whoever is first on a database, found by everybody else.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use rust_i18n::t;
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::context::Context;
use super::failure::Failure;
use super::host::{Host, embedded_only, lock_file, read_note, try_lock};
use crate::client::Client;
use crate::domain::secret::Secret;

/// How long to wait for the server of another process.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks at whether it answers.
const LOOK: Duration = Duration::from_millis(50);

/// The embedded server: this process's own, or another's.
pub(super) struct Embedded {
    client: Client,
    setup: Option<Secret>,
    /// None if another process has it.
    host: Option<Host>,
}

impl Embedded {
    /// A client of it, not signed in.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The word that allows the first account to be made.
    pub(super) fn setup(&self) -> Option<&Secret> {
        self.setup.as_ref()
    }

    /// Stops it, if it is this process's own.
    pub(super) async fn stop(self) {
        drop(self.client);
        if let Some(host) = self.host {
            host.stop().await;
        }
    }
}

/// Starts the embedded server, or finds the one that another process runs on the same database.
pub(super) async fn attach(context: &Context) -> Result<Embedded, Failure> {
    let database = embedded_only(&context.config)?;
    let until = Instant::now() + PATIENCE;
    loop {
        let lock = lock_file(database)?;
        if try_lock(&lock)? {
            let host = start(context, lock, None).await?;
            let client = Client::new(host.url(), None)?.with_clock(context.clock.clone());
            return Ok(Embedded { client, setup: host.setup().cloned(), host: Some(host) });
        }
        // Another process holds it; its note may be a moment away, or be the last one's.
        if let Some(note) = read_note(database) {
            let client =
                Client::new(&note.url, authority(context)?.as_deref())?.with_clock(context.clock.clone());
            if client.setup().await.is_ok() {
                return Ok(Embedded { client, setup: note.setup.map(Secret::new), host: None });
            }
        }
        if Instant::now() >= until {
            return Err(Failure::refused("host_silent", t!("cli.host.silent", path = database.display())));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Waits, on a thread that wakes for nothing else, until the process that holds the database ends, and starts the
/// server in its place, at the address where every desk looks for it. Only for a process that stays.
pub(super) fn take_over_later(context: &Context, embedded: &Embedded) -> Result<(), Failure> {
    if embedded.host.is_some() {
        return Ok(());
    }
    let lock = lock_file(&context.config.database)?;
    let context = context.clone();
    let (runtime, client) = (Handle::current(), embedded.client.clone());
    std::thread::Builder::new().name("takeover".to_owned()).spawn(move || {
        if lock.lock().is_err() {
            return;
        }
        let listen =
            client.server().trim_end_matches('/').strip_prefix("http://").and_then(|at| at.parse().ok());
        runtime.block_on(async {
            match start(&context, lock, listen).await {
                // It serves until the process ends.
                Ok(host) => {
                    tracing::info!(url = host.url(), "took the database over");
                    std::future::pending::<()>().await;
                }
                Err(failure) => tracing::error!(?failure, "cannot take the database over"),
            }
        });
    })?;
    Ok(())
}

/// Starts at `listen` if that is given and free, and else where the last one was if it is, and else anywhere.
async fn start(context: &Context, lock: std::fs::File, listen: Option<SocketAddr>) -> Result<Host, Failure> {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let at = listen.or_else(|| last_address(&context.config.database)).filter(|at| is_free(*at));
    Host::start(context, Some(lock), at.unwrap_or(anywhere), None, Duration::ZERO).await
}

/// Where the last server of the database was, if it ended without putting its note away.
fn last_address(database: &Path) -> Option<SocketAddr> {
    let address: SocketAddr = read_note(database)?.url.strip_prefix("http://")?.parse().ok()?;
    address.ip().is_loopback().then_some(address)
}

fn is_free(address: SocketAddr) -> bool {
    address.ip().is_loopback() && std::net::TcpListener::bind(address).is_ok()
}

fn authority(context: &Context) -> Result<Option<Vec<u8>>, Failure> {
    let Some(path) = &context.config.ca else { return Ok(None) };
    let unreadable = |source| crate::config::ConfigError::Unreadable { path: path.clone(), source };
    Ok(Some(std::fs::read(path).map_err(unreadable)?))
}

//! Holding a database: its lock, the server over it, and the note that tells other programs where it listens.
//!
//! The lock is the system's and goes with the process, however that ends. The note (`….server.json` beside the
//! database, for its owner's eyes) is written by who holds the lock and by nobody else.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rust_i18n::t;
use serde::{Deserialize, Serialize};

use super::context::Context;
use super::failure::Failure;
use crate::config::Config;
use crate::domain::secret::Secret;
use crate::profile::Profile;
use crate::server::{Running, Server, ServerOptions, Tls, random_secret};
use crate::store::{Store, StoreError, accounts};

/// Between two signs of life to desks on the same machine. The system tells them at once when the server ends, so
/// this only finds sessions that have run out; each one wakes a desk that nobody touches.
const HEARTBEAT_HERE: Duration = Duration::from_mins(5);

/// Where the server of a database listens.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Note {
    /// Its address.
    pub(super) url: String,
    /// The process, for the person who looks for it.
    pid: u32,
    /// The word that allows the first account to be made, while there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) setup: Option<String>,
}

/// The lock of a database, not necessarily held.
pub(super) fn lock_file(database: &Path) -> Result<File, Failure> {
    let folder = database.parent().unwrap_or(Path::new("/"));
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let opened = builder.create(folder).and_then(|()| private().open(beside(database, ".lock")));
    opened.map_err(|error| Failure::file(database, &error))
}

/// Takes the lock, or says that another program has it.
pub(super) fn try_lock(lock: &File) -> Result<bool, Failure> {
    match lock.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// The note beside a database, if there is one that is whole.
#[cfg(feature = "desk")]
pub(super) fn read_note(database: &Path) -> Option<Note> {
    serde_json::from_slice(&fs::read(beside(database, ".server.json")).ok()?).ok()
}

/// The city that the settings name, or the demonstration city.
pub(super) fn city(config: &Config) -> Result<Arc<Profile>, Failure> {
    match &config.profile {
        None => Ok(Arc::new(Profile::demonstration().clone())),
        Some(dir) => Profile::load(dir).map(Arc::new).map_err(|findings| {
            // Told when the failure is: the desk may have the terminal now.
            let tag = crate::i18n::current().tag();
            let mut told: Vec<String> =
                findings.iter().map(|found| format!("{}: {}", found.place(), found.text(tag))).collect();
            told.push(t!("cli.profile.bad", path = dir.display()).into_owned());
            Failure::usage("profile_bad", told.join("\n"))
        }),
    }
}

/// Opens the database of the settings. Waits where that is another machine's: never on a thread of a runtime.
pub(super) fn open_store(config: &Config) -> Result<Store, Failure> {
    let opened = match &config.postgres {
        Some(address) => {
            let replicas: Vec<_> = config.replicas.iter().map(Secret::expose).collect();
            Store::postgres_with(address.expose(), &replicas)
        }
        None => Store::sqlite(&config.database),
    };
    opened.map_err(|error| Failure::from(&error))
}

/// The embedded database, for what is done with that alone.
pub(super) fn embedded_only(config: &Config) -> Result<&Path, Failure> {
    match config.postgres {
        Some(_) => Err(Failure::usage("database_file", t!("cli.store.file_only"))),
        None => Ok(&config.database),
    }
}

/// A server over an embedded database whose lock this process holds, or over one that many servers share.
pub(super) struct Host {
    running: Running,
    store: Store,
    url: String,
    setup: Option<Secret>,
    /// The embedded database, and its lock, which is freed last.
    own: Option<(PathBuf, File)>,
}

impl Host {
    /// Starts the server, and writes the note where there is a lock to the database; that must be held. Once it is told
    /// to stop, it goes on for as long as `linger`.
    pub(super) async fn start(
        context: &Context,
        lock: Option<File>,
        listen: SocketAddr,
        tls: Option<Tls>,
        linger: Duration,
    ) -> Result<Self, Failure> {
        let config = &context.config;
        let city = city(config)?;
        let opening = config.clone();
        let opened = tokio::task::spawn_blocking(move || open_store(&opening)).await;
        let store = opened.map_err(anyhow::Error::from)??;
        let empty =
            !store.read(|tx| accounts::any(tx)).await.map_err(|error: StoreError| Failure::from(&error))?;
        let setup = empty.then(random_secret).transpose().map_err(anyhow::Error::from)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let mut options = ServerOptions::new(listen, store.clone(), city, context.clock.clone());
        if tls.is_none() {
            options.limits.heartbeat = HEARTBEAT_HERE;
        }
        options.limits.linger = linger;
        options.tls = tls;
        options.setup_secret.clone_from(&setup);
        options.sessions.idle = Duration::from_mins(u64::from(config.session_idle_minutes));
        options.sessions.absolute = Duration::from_hours(u64::from(config.session_hours));
        let running =
            Server::start(options).await.map_err(|error| Failure::from(anyhow::Error::from(error)))?;
        let url = format!("{scheme}://{}", running.local_addr());
        let own = lock.map(|lock| (config.database.clone(), lock));
        let host = Self { running, store, url, setup, own };
        host.write_note()?;
        Ok(host)
    }

    /// Where it listens, as an address for clients.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The word that allows the first account to be made, while there was none at the start.
    pub(super) fn setup(&self) -> Option<&Secret> {
        self.setup.as_ref()
    }

    /// Reads the certificate again, where there is one. One that does not serve is told in the log, and the one
    /// before goes on.
    pub(super) fn renew_certificate(&self) {
        match self.running.renew_certificate() {
            Ok(()) => tracing::info!("certificate read again"),
            Err(error) => {
                let error = anyhow::Error::from(error);
                tracing::error!("the certificate stays: {error:#}");
            }
        }
    }

    /// Stops gracefully and frees the database.
    pub(super) async fn stop(self) {
        if let Some((database, _)) = &self.own {
            let _ = fs::remove_file(beside(database, ".server.json"));
        }
        self.running.stop().await;
        self.store.close().await;
    }

    fn write_note(&self) -> io::Result<()> {
        let Some((database, _)) = &self.own else { return Ok(()) };
        let setup = self.setup.as_ref().map(|secret| secret.expose().to_owned());
        let note = Note { url: self.url.clone(), pid: std::process::id(), setup };
        let aside = beside(database, ".server.new");
        let mut file = private().truncate(true).open(&aside)?;
        file.write_all(&serde_json::to_vec(&note)?)?;
        fs::rename(aside, beside(database, ".server.json"))
    }
}

fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A file made for its owner only.
fn private() -> fs::OpenOptions {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

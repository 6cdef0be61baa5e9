//! The server: the REST API over the store, on loopback inside the desk's process or over TLS by `huiyin serve`.
//!
//! `router.rs` is the table of contents; `routes/` has a file for each resource; `request.rs` is what holds for every
//! request; `listen.rs` is what holds for every connection. It has no timer of its own: what is out of date is swept
//! when somebody signs in, so that a server nobody uses writes and wakes for nothing.

mod app;
mod auth;
mod certificate;
mod excerpt;
mod filing;
mod finding;
mod format;
mod if_match;
mod json;
mod leading;
mod learning;
mod limits;
mod listen;
mod metrics;
mod openapi;
mod password;
mod path;
mod place;
mod presence;
mod problem;
mod request;
mod router;
mod routes;
mod sse;
mod stall;
mod token;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::HeaderValue;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use auth::Access;
pub use certificate::Tls;
pub use limits::{Limits, SessionRules};
pub use listen::ListenError;
pub use openapi::openapi_json;
pub use password::{NotTaken, PASSWORD_MAX, PASSWORD_MIN, hash_new};
pub use router::{RouteRule, route_rules};
pub use token::random_secret;

use self::app::App;
use self::certificate::Certificate;
use self::listen::Listening;
use self::metrics::Metrics;
use self::password::Passwords;
use crate::clock::Clock;
use crate::domain::secret::Secret;
use crate::profile::Profile;
use crate::store::{Store, StoreError, epoch};

/// What a server is made of.
pub struct ServerOptions {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Needed wherever other machines can reach the address.
    pub tls: Option<Tls>,
    /// Where everything is kept. Closing it is its owner's, after the server has stopped.
    pub store: Store,
    /// The city.
    pub profile: Arc<Profile>,
    /// The time.
    pub clock: Clock,
    /// Who knows it may make the first account; without one, nobody may.
    pub setup_secret: Option<Secret>,
    /// Caps and patience.
    pub limits: Limits,
    /// How long a sign-in lasts.
    pub sessions: SessionRules,
}

impl ServerOptions {
    /// A server at `listen` with the usual limits, without TLS and without a setup secret.
    pub fn new(listen: SocketAddr, store: Store, profile: Arc<Profile>, clock: Clock) -> Self {
        let (limits, sessions) = (Limits::default(), SessionRules::default());
        Self { listen, tls: None, store, profile, clock, setup_secret: None, limits, sessions }
    }
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It cannot listen.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// Something it is made of does not work: the store cannot be read, or the city not be written as JSON.
    #[error("cannot prepare the server")]
    Prepare(#[source] anyhow::Error),
}

/// Starts servers.
#[derive(Debug)]
pub struct Server;

impl Server {
    /// Starts one on the current tokio runtime.
    pub async fn start(options: ServerOptions) -> Result<Running, StartError> {
        let ServerOptions { listen, tls, store, profile, clock, setup_secret, limits, sessions } = options;
        let certificate = tls.map(Certificate::read).transpose()?.map(Arc::new);
        let acceptor = certificate.as_ref().map(Certificate::acceptor).transpose()?;
        let listener = listen::bind(listen, acceptor.is_some()).await?;
        let address = listener.local_addr().map_err(|error| ListenError::Bind(listen, error))?;

        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let passwords = Passwords::new(cores, limits.hash_wait);
        let profile_body =
            routes::profile::body(&profile).map_err(|error| StartError::Prepare(error.into()))?;
        let prepare = |error: StoreError| StartError::Prepare(error.into());
        let epoch = store.read(|tx| epoch::current(tx)).await.map_err(prepare)?.to_string();
        let epoch = HeaderValue::try_from(epoch).map_err(|error| StartError::Prepare(error.into()))?;
        let (stop, stopping) = watch::channel(false);
        let metrics = Metrics::default();
        let open = metrics.connections().clone();
        let learning = learning::Learning::new(&profile);
        let name = random_secret().map_err(|error| StartError::Prepare(error.into()))?;
        let app = Arc::new(App {
            name: name.expose()[..16].to_owned(),
            store,
            epoch,
            profile,
            profile_body,
            learning,
            clock,
            passwords,
            setup_secret,
            limits: limits.clone(),
            sessions,
            metrics,
            hub: sse::Hub::default(),
            recent_calls: std::sync::Mutex::default(),
            stopping: stopping.clone(),
        });
        let router = router::table().router(&app);
        let listening = Listening { listener, tls: acceptor, router, limits, open, stop: stopping };
        tokio::spawn(presence::hear_others(Arc::clone(&app)));
        let task = tokio::spawn(listening.run());
        tracing::info!(%address, "listening");
        Ok(Running { address, certificate, stop, task })
    }
}

/// A server that runs. Dropping it stops it without waiting.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    certificate: Option<Arc<Certificate>>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Reads the certificate and its key again, where there is one: the next handshake shows it. One that does not
    /// serve is refused, and the one before goes on.
    pub fn renew_certificate(&self) -> Result<(), ListenError> {
        self.certificate.as_ref().map_or(Ok(()), |certificate| certificate.renew())
    }

    /// Stops gracefully: not ready any more, nothing accepted, open requests answered within the drain deadline. The
    /// store is its owner's to close afterwards.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        self.wait().await;
    }

    /// Waits until it has stopped.
    pub async fn wait(self) {
        let Self { stop, task, .. } = self;
        // A panic of the accepting task was logged where it happened; there is nothing left to stop.
        let _ = task.await;
        drop(stop);
    }
}

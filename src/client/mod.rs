//! The desk's and the commands' way to the data: the REST API, one function a route.
//!
//! A [`Client`] is an address and, once signed in, a token; it is cheap to clone. It follows no redirect, uses
//! no proxy, and speaks plain HTTP only where every address of the host is this machine's own.

mod accounts;
mod address;
mod backoff;
mod cases;
mod discards;
mod error;
mod exchange;
mod facts;
mod heard;
mod live;
mod lookups;
mod presence;
mod profile;
mod sessions;

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Url};

use crate::clock::Clock;
use crate::domain::secret::Secret;

pub use backoff::{equal_jitter, full_jitter};
pub use cases::Filed;
pub use error::{ClientError, NextStep, NoAnswer};
pub use facts::ServerFacts;
pub use live::{Live, LiveStream};
pub use profile::FetchedProfile;

/// How long a connection may rest: less than the server lets it (5 s), so that no request meets a closing one.
const POOLED: Duration = Duration::from_secs(4);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer may take, to its last byte.
const ANSWER: Duration = Duration::from_secs(15);
/// And how much longer for each byte of the request: half of what the slowest line carries, or a long case would begin
/// again and again there.
const A_BYTE: Duration = Duration::from_millis(10);
/// How long sent bytes may go without a sign that they arrived: a line that went dead without a word is known by then.
#[cfg(target_os = "linux")]
const UNHEARD: Duration = Duration::from_secs(9);
/// How long a connection to another machine may rest before the system asks whether its other end is still there, and how
/// often; so the live stream knows of a dead line though it has nothing to send.
#[cfg(target_os = "linux")]
const STILL_THERE: Duration = Duration::from_secs(3);
/// How long the live stream may be silent; the server says something at least every 15 seconds.
const SILENCE: Duration = Duration::from_secs(45);
/// The same on this machine, where the end of a server is told by the system and a sign of life comes every 5 minutes.
const SILENCE_HERE: Duration = Duration::from_mins(15);

/// A server, and who asks.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    /// Ends in `/`.
    base: Url,
    token: Option<Secret>,
    clock: Clock,
    heard: Arc<heard::Heard>,
}

impl Client {
    /// A client of `server` (such as `https://hotline.example:8345`), not signed in. With `ca` (PEM) only that
    /// authority is believed; without, those of the system. Nothing is sent yet.
    pub fn new(server: &str, ca: Option<&[u8]>) -> Result<Self, ClientError> {
        // Another part of the program may have been first with the same provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base = address::base(server)?;
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("huiyin/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .http1_only()
            .connect_timeout(CONNECT)
            .pool_idle_timeout(POOLED)
            .tcp_nodelay(true);
        #[cfg(target_os = "linux")]
        {
            builder = builder.tcp_user_timeout(UNHEARD);
            if base.scheme() != "http" {
                builder = builder.tcp_keepalive(STILL_THERE).tcp_keepalive_interval(STILL_THERE);
            }
        }
        builder = match (base.scheme(), ca) {
            // The system's certificates are not even read.
            ("http", _) => builder.tls_certs_only([]).dns_resolver(address::OnlyLoopback),
            (_, Some(pem)) => {
                let bundle = Certificate::from_pem_bundle(pem).map_err(|_| ClientError::BadAuthority)?;
                if bundle.is_empty() {
                    return Err(ClientError::BadAuthority);
                }
                builder.https_only(true).tls_certs_only(bundle)
            }
            (_, None) => builder.https_only(true),
        };
        let http = builder.build().map_err(|error| error::of_transport(&error))?;
        Ok(Self { http, base, token: None, clock: Clock::default(), heard: Arc::default() })
    }

    /// The same server, compared with another clock than this machine's.
    #[must_use]
    pub fn with_clock(&self, clock: Clock) -> Self {
        Self { clock, ..self.clone() }
    }

    /// The same server, asked with `token`.
    #[must_use]
    pub fn with_token(&self, token: Secret) -> Self {
        Self { token: Some(token), ..self.clone() }
    }

    /// The same server, asked by nobody.
    #[must_use]
    pub fn without_token(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// Whether it asks for somebody.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// The server's address.
    pub fn server(&self) -> &str {
        self.base.as_str()
    }

    /// How long the live stream may be silent. Plain HTTP never leaves this machine.
    fn silence(&self) -> Duration {
        if self.base.scheme() == "http" { SILENCE_HERE } else { SILENCE }
    }

    /// The address of a route; each segment is escaped.
    fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push("v1").extend(segments);
        }
        url
    }

    fn authorization(&self) -> Option<HeaderValue> {
        let token = self.token.as_ref()?;
        let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.base.as_str())
            .field("signed_in", &self.has_token())
            .finish_non_exhaustive()
    }
}

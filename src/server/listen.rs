//! From a socket to requests: plain HTTP on loopback, TLS everywhere else, HTTP/1.1 only.
//!
//! axum's own `serve` lets a half-sent header stay for ever and can then never stop, so connections are served on
//! hyper's http1 builder with every timeout set (`tests/it/raw_http.rs` sends what they are for). Each connection is a
//! task in one set: stopping tells them all to finish, waits, and then ends those that did not. Before that all goes on
//! for a while, and every answer is the last of its connection, so that no request meets one that is being closed.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures_util::FutureExt as _;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::limits::Limits;
use super::metrics::Gauge;
use super::stall::Stall;

/// Heads larger than this are cut off by the parser; smaller ones are judged, and answered in our words, by
/// `request.rs`. Room enough for a request line of 64 KiB, so that one is told that its URI is too long.
const HEAD_BUFFER: usize = 80 * 1024;

/// Why a server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Plain HTTP beyond this machine would show every password on the way.
    #[error("{0} is reachable from other machines: that needs a certificate")]
    NeedsTls(SocketAddr),
    /// The address cannot be had.
    #[error("cannot listen on {0}")]
    Bind(SocketAddr, #[source] std::io::Error),
    /// The certificate or its key cannot be read.
    #[error("cannot read the certificate or its key")]
    Pem(#[source] rustls_pki_types::pem::Error),
    /// The key is not the certificate's, or either is not usable.
    #[error("the certificate and its key do not serve")]
    Tls(#[source] rustls::Error),
}

/// Takes the address, unless it is reachable from elsewhere without TLS.
pub(crate) async fn bind(address: SocketAddr, tls: bool) -> Result<TcpListener, ListenError> {
    if !tls && !address.ip().is_loopback() {
        return Err(ListenError::NeedsTls(address));
    }
    TcpListener::bind(address).await.map_err(|error| ListenError::Bind(address, error))
}

/// One listening server.
pub(crate) struct Listening {
    /// Where connections come from.
    pub(crate) listener: TcpListener,
    /// What speaks TLS, where it is spoken.
    pub(crate) tls: Option<TlsAcceptor>,
    /// What answers.
    pub(crate) router: Router,
    /// Caps and patience.
    pub(crate) limits: Limits,
    /// Counts the open connections.
    pub(crate) open: Gauge,
    /// Turns true when no more is accepted and what is open has to end.
    pub(crate) stop: watch::Receiver<bool>,
}

impl Listening {
    /// Serves until told to stop, then until every request is answered or the drain deadline has passed.
    pub(crate) async fn run(mut self) {
        let room = Arc::new(Semaphore::new(self.limits.connections));
        let mut tasks = JoinSet::new();
        let connection = Arc::new(Connection {
            tls: self.tls.take(),
            http: builder(&self.limits),
            router: self.router.clone(),
            handshake: self.limits.handshake,
            write_stall: self.limits.write_stall,
            linger: self.limits.linger,
        });
        let serve = |stream: TcpStream, place: Option<OwnedSemaphorePermit>| {
            let (connection, stop) = (Arc::clone(&connection), self.stop.clone());
            let counted = self.open.up();
            async move {
                connection.serve(stream, stop).await;
                drop((counted, place));
            }
        };
        let mut over = pin!(stopped_for(self.stop.clone(), self.limits.linger));
        loop {
            // A connection without room waits in the kernel's queue, where it costs nothing here.
            let accepted = async {
                let place = Arc::clone(&room).acquire_owned().await;
                (self.listener.accept().await, place)
            };
            tokio::select! {
                () = over.as_mut() => break,
                Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
                (accepted, place) = accepted => match accepted {
                    Ok((stream, _)) => drop(tasks.spawn(serve(stream, place.ok()))),
                    Err(error) => {
                        // Out of file descriptors, most often; accepting again at once would spin.
                        tracing::warn!(kind = %error.kind(), "cannot accept a connection");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                },
            }
        }
        // What the kernel has taken for us already would be cut off by closing.
        while let Some(Ok((stream, _))) = self.listener.accept().now_or_never() {
            tasks.spawn(serve(stream, None));
        }
        drop(self.listener);
        let drained = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(self.limits.drain, drained).await.is_err() {
            tracing::warn!(connections = tasks.len(), "ended connections that would not end");
            tasks.shutdown().await;
        }
    }
}

/// Resolves when the server has been told to stop, or nobody is left to tell it.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, which is as good as its word.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Resolves so long after that.
async fn stopped_for(mut stop: watch::Receiver<bool>, time: Duration) {
    stopped(&mut stop).await;
    tokio::time::sleep(time).await;
}

fn builder(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_read)
        .max_headers(limits.headers)
        .max_header_size(HEAD_BUFFER)
        .max_buf_size(HEAD_BUFFER.next_power_of_two())
        .half_close(false);
    http
}

/// What every connection is served with.
struct Connection {
    tls: Option<TlsAcceptor>,
    http: http1::Builder,
    router: Router,
    handshake: Duration,
    write_stall: Duration,
    linger: Duration,
}

impl Connection {
    async fn serve(&self, stream: TcpStream, stop: watch::Receiver<bool>) {
        // Answers are written whole; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let stream = Stall::new(stream, self.write_stall);
        match &self.tls {
            None => self.speak(stream, stop).await,
            Some(tls) => {
                if let Ok(Ok(stream)) = tokio::time::timeout(self.handshake, tls.accept(stream)).await {
                    self.speak(stream, stop).await;
                } else {
                    tracing::debug!("no TLS handshake");
                }
            }
        }
    }

    async fn speak(&self, io: impl AsyncRead + AsyncWrite + Unpin, stop: watch::Receiver<bool>) {
        let service = TowerToHyperService::new(self.router.clone());
        let mut connection = pin!(self.http.serve_connection(TokioIo::new(io), service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stopped_for(stop, self.linger) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "connection ended");
        }
    }
}

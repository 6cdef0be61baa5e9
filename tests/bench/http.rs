//! The least of an HTTP/1.1 client that keeps its connections: what loads the server must not be what limits it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::table::Times;

/// How many clients there are at once.
pub(crate) const CLIENTS: usize = 64;

/// A request as it goes over the line.
pub(crate) fn request(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// One connection that stays.
pub(crate) struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("connecting to the server")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request, reads its answer and gives the body; anything but a 2xx is an error.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> anyhow::Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let head = loop {
            if let Some(at) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            ensure!(self.stream.read_buf(&mut self.read).await? > 0, "the server closed the connection");
        };
        let text = String::from_utf8_lossy(&self.read[..head]).to_ascii_lowercase();
        let length = text.split("content-length:").nth(1).and_then(|rest| rest.lines().next());
        let length: usize = length.map_or(Ok(0), |digits| digits.trim().parse())?;
        while self.read.len() < head + length {
            ensure!(self.stream.read_buf(&mut self.read).await? > 0, "the server closed the connection");
        }
        ensure!(text.starts_with("http/1.1 2"), "{}", String::from_utf8_lossy(&self.read));
        Ok(&self.read[head..])
    }
}

/// What a load came to.
pub(crate) struct Load {
    /// Of each request.
    pub(crate) times: Times,
    /// Requests a second.
    pub(crate) rate: f64,
}

/// Sends every request once, [`CLIENTS`] at a time, each client as soon as its last one is answered.
pub(crate) fn load(address: SocketAddr, requests: &Arc<Vec<Vec<u8>>>) -> anyhow::Result<Load> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let next = Arc::new(AtomicUsize::new(0));
        let mut clients = Vec::with_capacity(CLIENTS);
        for _ in 0..CLIENTS {
            clients.push(Connection::open(address).await?);
        }
        let began = Instant::now();
        let tasks: Vec<_> = clients
            .into_iter()
            .map(|mut client| {
                let (requests, next) = (Arc::clone(requests), Arc::clone(&next));
                tokio::spawn(async move {
                    let mut times = Vec::new();
                    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let sent = Instant::now();
                        client.ask(request).await?;
                        times.push(sent.elapsed());
                    }
                    anyhow::Ok(times)
                })
            })
            .collect();
        let mut times: Vec<Duration> = Vec::with_capacity(requests.len());
        for task in tasks {
            times.extend(task.await??);
        }
        let rate = times.len() as f64 / began.elapsed().as_secs_f64();
        Ok(Load { times: Times::new(times), rate })
    })
}

/// Sends the requests one after the other on one connection.
pub(crate) fn one_by_one(address: SocketAddr, requests: &[Vec<u8>]) -> anyhow::Result<Times> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut client = Connection::open(address).await?;
        let mut times = Vec::with_capacity(requests.len());
        for request in requests {
            let sent = Instant::now();
            client.ask(request).await?;
            times.push(sent.elapsed());
        }
        Ok(Times::new(times))
    })
}

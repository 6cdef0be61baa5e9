//! The line between a desk and its server, which a story may cut, slow down, let lose, repeat or swap what it carries, or
//! lead to somebody else.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};

use super::RUNTIME;

/// How long a request is held back for another to overtake it: less than a desk waits for its answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Bytes go both ways.
    Whole,
    /// Nobody is reached, and who was connected is cut off.
    Cut,
    /// Requests arrive and are answered; the answers do not come back.
    Deaf,
    /// The same for one request; whoever comes next finds it whole.
    DeafOnce,
    /// Connections are taken, and nothing ever comes back.
    HalfOpen,
    /// So many bytes a second each way.
    Slow(u64),
    /// It breaks after so many bytes of what a desk sends.
    RequestsBreak(usize),
    /// It breaks after so many bytes of what the server answers.
    AnswersBreak(usize),
    /// Every case that is filed arrives twice, and the second answer comes back.
    Twice,
    /// Of two cases that are filed, the first is held back until the second is through.
    Swapped,
    /// Of two searches, the first is held back until the second is answered.
    SearchesSwapped,
    /// The sign-in page of a network answers, with success.
    Page,
    /// Another service answers, with success and JSON.
    Stranger,
    /// A server that has no room answers: come back in so many seconds.
    Busy(u64),
    /// Cases are filed with a server that knows another format.
    TooFarApart,
}

/// A proxy on a port of its own.
#[derive(Debug)]
pub(super) struct Line {
    /// Where a desk connects.
    pub(super) address: SocketAddr,
    inside: Arc<Inside>,
}

#[derive(Debug)]
struct Inside {
    state: watch::Sender<State>,
    /// Where it leads, on this machine.
    port: AtomicU16,
    /// Lets go of the request that is held back.
    held_back: Mutex<Option<oneshot::Sender<()>>>,
    /// How many requests were repeated or overtaken.
    meddled: AtomicUsize,
}

impl Line {
    /// A whole line to `server`.
    pub(super) fn to(server: SocketAddr) -> Self {
        let inside = Arc::new(Inside {
            state: watch::Sender::new(State::Whole),
            port: AtomicU16::new(server.port()),
            held_back: Mutex::default(),
            meddled: AtomicUsize::new(0),
        });
        let listener = RUNTIME.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::clone(&inside);
        RUNTIME.spawn(async move {
            while let Ok((desk, _)) = listener.accept().await {
                let inside = Arc::clone(&shared);
                tokio::spawn(async move { inside.carry(desk).await });
            }
        });
        Self { address, inside }
    }

    /// Leads to another server from the next connection on.
    pub(super) fn lead_to(&self, server: SocketAddr) {
        self.inside.port.store(server.port(), Ordering::SeqCst);
    }

    /// From now on it is like this; who was connected is cut off.
    pub(super) fn become_like(&self, state: State) {
        self.inside.state.send_replace(state);
    }

    /// Whether a request is held back.
    pub(super) fn holds_back(&self) -> bool {
        self.inside.held_back.lock().unwrap().is_some()
    }

    /// How many requests it has repeated or let be overtaken.
    pub(super) fn meddled(&self) -> usize {
        self.inside.meddled.load(Ordering::SeqCst)
    }
}

impl Inside {
    /// Carries one connection for as long as the line stays as it is.
    async fn carry(&self, mut desk: TcpStream) {
        let mut state = self.state.subscribe();
        let began = *state.borrow_and_update();
        let carried = async {
            match began {
                State::Cut => {}
                State::HalfOpen => std::future::pending().await,
                State::Page => {
                    answer(&mut desk, "200 OK", "content-type: text/html", "<h1>登录网络</h1>").await;
                }
                State::Stranger => {
                    answer(&mut desk, "200 OK", "content-type: application/json", r#"{"ok":true}"#).await;
                }
                State::Busy(seconds) => {
                    let again = format!("retry-after: {seconds}");
                    answer(&mut desk, "503 Service Unavailable", &again, "").await;
                }
                _ => {
                    let Ok(upstream) = self.upstream().await else { return };
                    self.lead(desk, upstream, began).await;
                }
            }
        };
        tokio::select! {
            () = carried => {}
            _ = state.wait_for(|now| *now != began) => {}
        }
    }

    async fn upstream(&self) -> io::Result<TcpStream> {
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port.load(Ordering::SeqCst))).await
    }

    async fn lead(&self, mut desk: TcpStream, mut upstream: TcpStream, state: State) {
        let everything = usize::MAX;
        match state {
            State::Slow(rate) => {
                both_ways(&mut desk, &mut upstream, (everything, everything), Some(rate)).await;
            }
            State::RequestsBreak(n) => both_ways(&mut desk, &mut upstream, (n, everything), None).await,
            State::AnswersBreak(n) => both_ways(&mut desk, &mut upstream, (everything, n), None).await,
            State::Twice | State::Swapped | State::SearchesSwapped | State::TooFarApart => {
                self.read(desk, upstream, state).await;
            }
            State::Deaf | State::DeafOnce => {
                // The request goes through and is answered; then it breaks before the desk hears a word.
                let (mut from_desk, _) = desk.split();
                let (mut from_server, mut to_server) = upstream.split();
                let mut swallowed = [0; 1024];
                tokio::select! {
                    _ = tokio::io::copy(&mut from_desk, &mut to_server) => {}
                    _ = from_server.read(&mut swallowed) => {}
                }
                if state == State::DeafOnce {
                    self.state.send_replace(State::Whole);
                }
                let _ = to_server.shutdown().await;
            }
            _ => drop(copy_bidirectional(&mut desk, &mut upstream).await),
        }
    }

    /// Reads what is asked, and meddles with it where a case is filed, or looked for.
    async fn read(&self, mut desk: TcpStream, mut upstream: TcpStream, state: State) {
        let Some(request) = whole_request(&mut desk).await else { return };
        let meant: &[u8] = match state {
            State::SearchesSwapped => b"POST /v1/cases/search",
            _ => b"PUT /v1/cases/",
        };
        if !request.starts_with(meant) {
            if upstream.write_all(&request).await.is_ok() {
                let _ = copy_bidirectional(&mut desk, &mut upstream).await;
            }
            return;
        }
        let answer = match state {
            State::TooFarApart => {
                let problem = r#"{"type":"https://huiyin.invalid/problems/update_needed","title":"","status":426,"code":"update_needed"}"#;
                say("426 Upgrade Required", "content-type: application/problem+json", problem)
            }
            State::Twice => {
                asked(&mut upstream, &request).await;
                let Ok(mut again) = self.upstream().await else { return };
                self.meddled.fetch_add(1, Ordering::SeqCst);
                asked(&mut again, &request).await
            }
            _ => {
                let overtaken = self.held_back.lock().unwrap().take();
                if overtaken.is_none() {
                    let (release, released) = oneshot::channel();
                    *self.held_back.lock().unwrap() = Some(release);
                    // Whoever comes alone goes on at last.
                    let _ = tokio::time::timeout(PATIENCE, released).await;
                }
                let answer = asked(&mut upstream, &request).await;
                if let Some(release) = overtaken {
                    self.meddled.fetch_add(1, Ordering::SeqCst);
                    let _ = release.send(());
                }
                answer
            }
        };
        let _ = desk.write_all(&answer).await;
    }
}

/// Carries at most so many bytes each way, at that rate, and breaks.
async fn both_ways(desk: &mut TcpStream, upstream: &mut TcpStream, most: (usize, usize), rate: Option<u64>) {
    let (mut from_desk, mut to_desk) = desk.split();
    let (mut from_server, mut to_server) = upstream.split();
    tokio::select! {
        () = one_way(&mut from_desk, &mut to_server, most.0, rate) => {}
        () = one_way(&mut from_server, &mut to_desk, most.1, rate) => {}
    }
}

async fn one_way(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    mut most: usize,
    rate: Option<u64>,
) {
    let mut bytes = vec![0; if rate.is_some() { 20 } else { 4096 }];
    while most > 0 {
        let Ok(read @ 1..) = from.read(&mut bytes).await else { return };
        let carried = read.min(most);
        if let Some(rate) = rate {
            tokio::time::sleep(Duration::from_millis(1000 * carried as u64 / rate)).await;
        }
        if to.write_all(&bytes[..carried]).await.is_err() {
            return;
        }
        most -= carried;
    }
}

/// The next request with its body, asking for the connection to be closed behind it unless it is the live stream.
async fn whole_request(desk: &mut TcpStream) -> Option<Vec<u8>> {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let read = desk.read(&mut piece).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&piece[..read]);
        let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
        let length = text.split("content-length:").nth(1).and_then(|rest| rest.split("\r\n").next());
        let length = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
        if bytes.len() >= head + 4 + length {
            if !bytes.starts_with(b"GET /v1/events") {
                bytes.splice(head..head, *b"\r\nconnection: close");
            }
            return Some(bytes);
        }
    }
}

/// What the server answers.
async fn asked(upstream: &mut TcpStream, request: &[u8]) -> Vec<u8> {
    let mut answer = Vec::new();
    if upstream.write_all(request).await.is_ok() {
        let _ = upstream.read_to_end(&mut answer).await;
    }
    answer
}

/// Answers whatever is asked with the same.
async fn answer(desk: &mut TcpStream, status: &str, header: &str, body: &str) {
    if whole_request(desk).await.is_some() {
        let _ = desk.write_all(&say(status, header, body)).await;
        let _ = desk.shutdown().await;
    }
}

fn say(status: &str, header: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{header}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}

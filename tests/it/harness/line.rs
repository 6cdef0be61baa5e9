//! The line between a desk and its server, which a story may cut, mend, or make lose every answer.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::RUNTIME;

/// How the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Bytes go both ways.
    Whole,
    /// Nobody is reached, and who was connected is cut off.
    Cut,
    /// Requests arrive and are answered; the answers do not come back.
    Deaf,
    /// The same for one request; whoever comes next finds it whole.
    DeafOnce,
}

/// A proxy on a port of its own.
#[derive(Debug)]
pub(super) struct Line {
    /// Where a desk connects.
    pub(super) address: SocketAddr,
    state: Arc<watch::Sender<State>>,
    /// Where it leads, on this machine.
    port: Arc<AtomicU16>,
}

impl Line {
    /// A whole line to `server`.
    pub(super) fn to(server: SocketAddr) -> Self {
        let state = Arc::new(watch::Sender::new(State::Whole));
        let watched = Arc::clone(&state);
        let listener = RUNTIME.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let port = Arc::new(AtomicU16::new(server.port()));
        let leads_to = Arc::clone(&port);
        RUNTIME.spawn(async move {
            while let Ok((desk, _)) = listener.accept().await {
                let server = SocketAddr::from((Ipv4Addr::LOCALHOST, leads_to.load(Ordering::SeqCst)));
                tokio::spawn(carry(desk, server, Arc::clone(&watched)));
            }
        });
        Self { address, state, port }
    }

    /// Leads to another server from the next connection on.
    pub(super) fn lead_to(&self, server: SocketAddr) {
        self.port.store(server.port(), Ordering::SeqCst);
    }

    /// Cuts it: everybody is disconnected and nobody gets through.
    pub(super) fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// From now on requests get through and answers are lost; who was connected is cut off.
    pub(super) fn lose_answers(&self) {
        self.state.send_replace(State::Deaf);
    }

    /// Loses the next answer only.
    pub(super) fn lose_answer(&self) {
        self.state.send_replace(State::DeafOnce);
    }

    /// Makes it whole again.
    pub(super) fn mend(&self) {
        self.state.send_replace(State::Whole);
    }
}

/// Carries one connection for as long as the line stays as it is.
async fn carry(mut desk: TcpStream, server: SocketAddr, line: Arc<watch::Sender<State>>) {
    let mut state = line.subscribe();
    let began = *state.borrow_and_update();
    if began == State::Cut {
        return;
    }
    let Ok(mut upstream) = TcpStream::connect(server).await else { return };
    if began == State::Whole {
        tokio::select! {
            _ = copy_bidirectional(&mut desk, &mut upstream) => {}
            _ = state.wait_for(|now| *now != began) => {}
        }
        return;
    }
    // The request goes through and is answered; then the connection breaks before the desk hears a word.
    let (mut from_desk, _) = desk.split();
    let (mut from_server, mut to_server) = upstream.split();
    let mut swallowed = [0; 1024];
    tokio::select! {
        _ = tokio::io::copy(&mut from_desk, &mut to_server) => {}
        _ = tokio::io::AsyncReadExt::read(&mut from_server, &mut swallowed) => {}
        _ = state.wait_for(|now| *now != began) => {}
    }
    if began == State::DeafOnce {
        line.send_replace(State::Whole);
    }
    let _ = to_server.shutdown().await;
}

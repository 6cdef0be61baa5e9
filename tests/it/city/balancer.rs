//! The one address of many servers: each connection is led to the next of them that takes it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

use crate::harness::RUNTIME;

/// What a city has before its servers. It looks at nothing that passes.
pub(super) struct Balancer {
    address: SocketAddr,
    servers: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Balancer {
    /// On a port of its own, before nobody yet.
    pub(super) fn new() -> Self {
        let servers: Arc<Mutex<Vec<SocketAddr>>> = Arc::default();
        let listener = RUNTIME.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let behind = Arc::clone(&servers);
        RUNTIME.spawn(async move {
            let turn = Arc::new(AtomicUsize::new(0));
            while let Ok((desk, _)) = listener.accept().await {
                tokio::spawn(lead(desk, Arc::clone(&behind), Arc::clone(&turn)));
            }
        });
        Self { address, servers }
    }

    /// Where desks connect.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Leads to these from now on; who is connected stays so.
    pub(super) fn lead_to(&self, urls: &[&str]) {
        let address = |url: &&str| url.strip_prefix("http://").unwrap().parse().unwrap();
        *self.servers.lock().unwrap() = urls.iter().map(address).collect();
    }
}

async fn lead(mut desk: TcpStream, servers: Arc<Mutex<Vec<SocketAddr>>>, turn: Arc<AtomicUsize>) {
    let mut servers = servers.lock().unwrap().clone();
    let first = turn.fetch_add(1, Ordering::Relaxed) % servers.len().max(1);
    servers.rotate_left(first);
    for server in servers {
        if let Ok(mut server) = TcpStream::connect(server).await {
            // Either end may break off.
            let _ = copy_bidirectional(&mut desk, &mut server).await;
            return;
        }
    }
}

//! How much of anything the server takes, and how long it waits. One list, so that a test can turn each one down.

use std::time::Duration;

/// Caps and patience towards connections and requests.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Open connections at once; further ones wait to be accepted.
    pub connections: usize,
    /// For the TLS handshake.
    pub handshake: Duration,
    /// For the head of a request, and for a connection on which none comes.
    pub head_read: Duration,
    /// For the body of a request.
    pub body_read: Duration,
    /// For the answer to begin.
    pub answer: Duration,
    /// For a client that reads nothing of what is sent to it.
    pub write_stall: Duration,
    /// After it was told to stop, until nothing more is accepted: whoever asks meanwhile is answered, and told to come on
    /// another connection.
    pub linger: Duration,
    /// For open requests to end when the server stops.
    pub drain: Duration,
    /// Most header lines.
    pub headers: usize,
    /// Most bytes of all headers together.
    pub header_bytes: usize,
    /// Most bytes of a request target.
    pub uri_bytes: usize,
    /// Clients of the live stream at once.
    pub listeners: usize,
    /// Between two signs of life on a live stream that has nothing to tell.
    pub heartbeat: Duration,
    /// How long a live stream that has much to tell believes that its session still holds.
    pub recheck: Duration,
    /// For a turn to hash a password.
    pub hash_wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            handshake: Duration::from_secs(5),
            head_read: Duration::from_secs(5),
            body_read: Duration::from_secs(15),
            answer: Duration::from_secs(20),
            write_stall: Duration::from_secs(30),
            linger: Duration::ZERO,
            drain: Duration::from_secs(20),
            headers: 64,
            header_bytes: 16 * 1024,
            uri_bytes: 4 * 1024,
            listeners: 512,
            heartbeat: Duration::from_secs(15),
            recheck: Duration::from_secs(15),
            hash_wait: Duration::from_secs(2),
        }
    }
}

/// How long a sign-in lasts, and how many an account may have.
#[derive(Debug, Clone)]
pub struct SessionRules {
    /// Without a request.
    pub idle: Duration,
    /// However busy: a shift.
    pub absolute: Duration,
    /// At once for one account; the oldest ends when there is one more.
    pub per_account: u32,
    /// Failed sign-ins within [`SessionRules::failure_window`] after which the account has to wait.
    pub failures: u32,
    /// How far back failures count.
    pub failure_window: Duration,
    /// How long it has to wait after each failure from then on. Short, so that nobody can lock out a shift.
    pub failure_wait: Duration,
}

impl Default for SessionRules {
    fn default() -> Self {
        Self {
            idle: Duration::from_mins(30),
            absolute: Duration::from_hours(12),
            per_account: 5,
            failures: 10,
            failure_window: Duration::from_mins(15),
            failure_wait: Duration::from_secs(30),
        }
    }
}

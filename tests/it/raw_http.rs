//! Bad HTTP, byte by byte: what a client library would never send.

use std::time::{Duration, Instant};

use huiyin::server::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::served::Served;

/// Patience short enough for a test; a limit that is not kept makes the test hang and fail.
fn impatient() -> Limits {
    let short = Duration::from_millis(300);
    Limits { head_read: short, body_read: short, write_stall: short, drain: short, ..Limits::default() }
}

async fn connect(served: &Served) -> TcpStream {
    TcpStream::connect(served.address).await.unwrap()
}

/// Sends `bytes` and reads until the server closes the connection, for ten seconds at most.
async fn until_closed(served: &Served, bytes: &[u8]) -> String {
    let mut stream = connect(served).await;
    // The server may close while we are still sending; what it said first counts.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
    read.expect("the connection stays open").ok();
    String::from_utf8_lossy(&answer).into_owned()
}

fn statuses(answer: &str) -> Vec<&str> {
    answer.match_indices("HTTP/1.1 ").map(|(at, start)| &answer[at + start.len()..][..3]).collect()
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_closed() {
    let served = Served::empty(impatient()).await;
    let long_uri = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "u".repeat(70 * 1024));
    let longish_uri = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "u".repeat(5000));
    let many = format!("GET /livez HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: 1\r\n".repeat(150));
    let large = |bytes| format!("GET /livez HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(bytes));
    let post = |head: &str, body: &str| {
        format!("POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{head}\r\n{body}")
    };
    for (what, bytes, status) in [
        ("no host", "GET /livez HTTP/1.1\r\n\r\n".to_owned(), "400"),
        ("two hosts", "GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".to_owned(), "400"),
        ("two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"), "400"),
        ("another encoding", post("Transfer-Encoding: xchunked\r\n", "{}"), "400"),
        ("an endless chunk", post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"), "400"),
        ("a folded header", "GET /livez HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n".to_owned(), "400"),
        ("a blank in a name", "GET /livez HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n".to_owned(), "400"),
        ("no request", "hello\r\n\r\n".to_owned(), "400"),
        ("a TLS hello", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}".to_owned(), "400"),
        ("a very long target", long_uri, "414"),
        ("a long target", longish_uri, "414"),
        ("150 headers", many, "431"),
        ("20 KB of headers", large(20 * 1024), "431"),
        ("600 KB of headers", large(600 * 1024), "431"),
        ("10 GB to come", post("Content-Length: 10737418240\r\n", ""), "413"),
        ("257 KB", post("Content-Length: 263168\r\n", &"x".repeat(263_168)), "413"),
    ] {
        let answer = until_closed(&served, bytes.as_bytes()).await;
        assert_eq!(statuses(&answer), [status], "{what}: {answer}");
    }
}

#[tokio::test]
async fn chunks_and_a_length_end_the_connection_with_one_answer() {
    let served = Served::empty(impatient()).await;
    let (chunked, length) = ("Transfer-Encoding: chunked\r\n", "Content-Length: 100\r\n");
    for both in [format!("{chunked}{length}"), format!("{length}{chunked}")] {
        let smuggled = format!(
            "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{both}\r\n\
             2\r\n{{}}\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
        );
        let answer = until_closed(&served, smuggled.as_bytes()).await;
        assert_eq!(statuses(&answer), ["422"], "{answer}");
    }
}

#[tokio::test]
async fn who_dawdles_is_let_go() {
    let served = Served::empty(impatient()).await;
    for (what, bytes, answered) in [
        ("silence", "", None),
        ("half a head", "GET /livez HTTP/1.1\r\nHo", None),
        ("an idle connection", "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", Some("204")),
        (
            "half a body",
            "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
            Some("408"),
        ),
    ] {
        let began = Instant::now();
        let answer = until_closed(&served, bytes.as_bytes()).await;
        assert!(began.elapsed() >= Duration::from_millis(250), "{what}: closed at once");
        assert_eq!(statuses(&answer).first().copied(), answered, "{what}: {answer}");
    }
}

#[tokio::test]
async fn stopping_does_not_wait_for_those_who_never_finish() {
    let limits = Limits { head_read: Duration::from_mins(1), ..impatient() };
    let mut served = Served::empty(limits).await;
    let mut half = connect(&served).await;
    half.write_all(b"GET /livez HTTP/1.1\r\nHo").await.unwrap();
    let mut idle = connect(&served).await;
    idle.write_all(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut byte = [0; 12];
    idle.read_exact(&mut byte).await.unwrap();
    let stopped = tokio::time::timeout(Duration::from_secs(10), served.stop()).await;
    assert!(stopped.is_ok(), "the server does not stop");
    assert!(TcpStream::connect(served.address).await.is_err());
}

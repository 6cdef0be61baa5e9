//! A client that counts every byte: a request that is cut off, before or in the middle of its answer, fails the story.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::harness::PROGRAM_PASSWORD;

/// One person, on one connection at a time, which is kept for as long as the server says so.
pub(super) struct Raw {
    address: String,
    token: String,
    stream: Option<BufReader<TcpStream>>,
}

/// What came back, whole.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<u32>,
    body: Vec<u8>,
}

impl Raw {
    /// Signed in.
    pub(super) fn person(url: &str, name: &str) -> Self {
        let address = url.strip_prefix("http://").unwrap().to_owned();
        let mut raw = Self { address, token: String::new(), stream: None };
        let answer = raw.ask("POST", "/v1/sessions", &json!({"name": name, "password": PROGRAM_PASSWORD}));
        let session: Value = serde_json::from_slice(&answer.body).unwrap();
        session["token"].as_str().unwrap().clone_into(&mut raw.token);
        raw
    }

    /// Asks once.
    pub(super) fn ask(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        let Self { address, token, stream } = self;
        let stream = stream.get_or_insert_with(|| BufReader::new(TcpStream::connect(&*address).unwrap()));
        let body = body.to_string();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.get_mut().write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(stream.read_line(&mut head).unwrap() > 0, "{method} was cut off after {head:?}");
        }
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        };
        let mut body = vec![0; header("Content-Length").unwrap().parse().unwrap()];
        stream.read_exact(&mut body).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let retry_after = header("Retry-After").map(|seconds| seconds.parse().unwrap());
        if header("Connection").is_some_and(|said| said == "close") {
            self.stream = None;
        }
        Answer { status, retry_after, body }
    }
}

//! Those who take up room and say nothing, or say it very slowly, beside those who work.

use std::time::{Duration, Instant};

use huiyin::server::Limits;
use reqwest::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::served::{Served, id, new_case};

async fn silent(served: &Served, count: usize) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    for _ in 0..count {
        streams.push(TcpStream::connect(served.address).await.unwrap());
    }
    streams
}

#[tokio::test]
async fn two_hundred_silent_connections_are_in_nobodys_way() {
    let limits = Limits { head_read: Duration::from_mins(5), ..Limits::default() };
    let served = Served::with(limits).await;
    let agent = served.person("agent", &[]).await;
    let crowd = silent(&served, 200).await;
    for n in 0..40 {
        let (path, case) = (format!("/v1/cases/{}", id(n)), new_case("井盖破损"));
        let filed = agent.send(Method::PUT, &path, &case, StatusCode::CREATED);
        tokio::time::timeout(Duration::from_secs(5), filed).await.unwrap();
    }
    assert_eq!(crowd.len(), 200);
}

#[tokio::test]
async fn a_crowd_at_the_door_is_let_go_and_the_next_is_served() {
    let short = Duration::from_millis(200);
    let limits = Limits { connections: 20, head_read: short, drain: short, ..Limits::default() };
    let served = Served::with(limits).await;
    let crowd = silent(&served, 100).await;
    let began = Instant::now();
    // Behind a hundred who say nothing, with room for twenty at a time.
    let newcomer = reqwest::Client::new();
    let answer = newcomer.get(format!("http://{}/livez", served.address)).send();
    let answer = tokio::time::timeout(Duration::from_secs(10), answer).await.unwrap().unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert!(began.elapsed() >= 3 * short, "the cap does not hold: {:?}", began.elapsed());
    for mut stream in crowd {
        let mut nothing = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut nothing)).await;
        closed.expect("a silent connection stays open").ok();
        assert!(nothing.is_empty());
    }
}

#[tokio::test]
async fn a_body_that_dribbles_is_not_waited_for() {
    let limits = Limits { body_read: Duration::from_millis(300), ..Limits::default() };
    let served = Served::empty(limits).await;
    let stream = TcpStream::connect(served.address).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    let head = "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    to.write_all(format!("{head}Content-Length: 100000\r\n\r\n{{").as_bytes()).await.unwrap();
    // Each byte comes well within any patience between two bytes; all of them together do not.
    let dribble = tokio::spawn(async move {
        while to.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), from.read_to_end(&mut answer)).await;
    read.expect("the connection stays open").ok();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("\"too_slow\""), "{answer}");
    tokio::time::timeout(Duration::from_secs(10), dribble).await.unwrap().unwrap();
}

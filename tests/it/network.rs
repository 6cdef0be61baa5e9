//! The client against what answers in the place of a server: sign-in pages of networks, proxies, broken lines,
//! servers of a later version. Nothing of it may count as success.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use huiyin::client::{Client, ClientError, Live, NextStep, NoAnswer};
use huiyin::domain::id::CaseId;
use huiyin::domain::secret::Secret;
use huiyin::wire::case::NewCase;
use huiyin::wire::lenient;
use huiyin::wire::profile::ProfileBody;
use huiyin::wire::search::{HistoryRequest, LikeRequest, SearchRequest};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::served::{Person, Served, id, new_case, read};

/// Whatever asks is told the same.
struct Canned {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Canned {
    /// Answers every connection with `bytes` and closes it.
    async fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Arc<[u8]> = bytes.into().into();
        Self::doing(move |mut stream| {
            let bytes = Arc::clone(&bytes);
            async move {
                // Who hears too much closes early, which is their right.
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
            }
        })
        .await
    }

    /// Reads the head of every request and leaves the rest to `answer`.
    async fn doing<F>(answer: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let mut head = Vec::new();
                while !head.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => head.push(byte),
                        Err(_) => break,
                    }
                }
                tokio::spawn(answer(stream));
            }
        });
        Self { address, asked }
    }

    fn client(&self) -> Client {
        let client = Client::new(&format!("http://{}", self.address), None).unwrap();
        client.with_token(Secret::new("token".to_owned()))
    }
}

fn answer(status: &str, kind: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn case_id() -> CaseId {
    id(1).parse().unwrap()
}

/// Files a case and asks for a page, which must fail in the same way.
async fn refused(client: &Client) -> ClientError {
    let case: NewCase = serde_json::from_value(new_case("路灯不亮")).unwrap();
    let filed = client.file_case(case_id(), &case).await.unwrap_err();
    let read = client.case(case_id()).await.unwrap_err();
    assert_eq!(filed.code(), read.code());
    filed
}

#[tokio::test]
async fn only_a_server_of_ours_is_believed() {
    let portal = "<html><body>请登录上网</body></html>";
    let too_far_apart = json!({
        "type": "https://huiyin.invalid/problems/update_needed", "title": "update needed", "status": 426,
        "code": "update_needed", "request_id": "r",
    });
    let too_far_apart = too_far_apart.to_string();
    for (what, bytes, code, next) in [
        ("a sign-in page", answer("200 OK", "text/html", portal), "not_our_server", NextStep::Retry),
        ("the same as 201", answer("201 Created", "text/html", portal), "not_our_server", NextStep::Retry),
        ("without a type", "HTTP/1.1 200 OK\r\n\r\nok".to_owned(), "not_our_server", NextStep::Retry),
        ("other JSON", answer("200 OK", "application/json", "{\"ok\":1}"), "not_our_server", NextStep::Retry),
        ("a page as JSON", answer("200 OK", "application/json", portal), "not_our_server", NextStep::Retry),
        ("nothing", "HTTP/1.1 204 No Content\r\n\r\n".to_owned(), "not_our_server", NextStep::Retry),
        (
            "a later server",
            answer("200 OK", "application/json\r\nHuiyin-Epoch: later", "{}"),
            "not_understood",
            NextStep::Update,
        ),
        ("no such page", answer("404 Not Found", "text/html", portal), "not_our_server", NextStep::Retry),
        ("forbidden by a proxy", answer("403 Forbidden", "text/html", ""), "not_our_server", NextStep::Retry),
        ("a bad gateway", answer("502 Bad Gateway", "text/html", ""), "unavailable", NextStep::Retry),
        (
            "a later problem",
            answer("422 No", "application/problem+json", "{\"code\":\"quantum\"}"),
            "not_understood",
            NextStep::Update,
        ),
        (
            "a server that is too new or too old",
            answer("426 Upgrade Required", "application/problem+json", &too_far_apart),
            "update_needed",
            NextStep::Update,
        ),
        ("another protocol", "SSH-2.0-OpenSSH_9.9\r\n".to_owned(), "offline", NextStep::Retry),
        ("silence and an end", String::new(), "offline", NextStep::Retry),
    ] {
        let canned = Canned::saying(bytes).await;
        let error = refused(&canned.client()).await;
        assert_eq!((error.code(), error.next_step()), (code, next), "{what}");
    }
    let busy = "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n";
    let error = refused(&Canned::saying(busy).await.client()).await;
    assert_eq!(error.next_step(), NextStep::RetryAfter(Duration::from_secs(7)));
}

#[tokio::test]
async fn signing_out_at_a_sign_in_page_is_no_sign_out() {
    let canned = Canned::saying(answer("200 OK", "text/html", "<html>")).await;
    let error = canned.client().sign_out().await.unwrap_err();
    assert!(matches!(error, ClientError::NotOurServer { status: 200 }), "{error:?}");
    let mut live = canned.client().live(None);
    let told = live.next().await;
    assert!(matches!(told, Some(Live::Disconnected(ClientError::NotOurServer { status: 200 }))), "{told:?}");
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let elsewhere = Canned::saying(answer("200 OK", "application/json", "{}")).await;
    for status in [301_u16, 302, 303, 307, 308] {
        let to = elsewhere.address;
        let canned = Canned::saying(format!(
            "HTTP/1.1 {status} Over There\r\nLocation: http://{to}/v1/cases\r\nContent-Length: 0\r\n\r\n"
        ))
        .await;
        let error = refused(&canned.client()).await;
        assert!(matches!(error, ClientError::NotOurServer { status: got } if got == status), "{error:?}");
    }
    assert_eq!(elsewhere.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    const MIB: usize = 1024 * 1024;
    let announced = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17825792\r\n\r\n{";
    let error = Canned::saying(announced).await.client().setup().await.unwrap_err();
    assert!(matches!(error, ClientError::NotUnderstood), "{error:?}");

    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let canned = Canned::doing(move |mut stream| {
        let counted = Arc::clone(&counted);
        async move {
            let head =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
            stream.write_all(head.as_bytes()).await.unwrap();
            let mut chunk = b"10000\r\n".to_vec();
            chunk.resize(chunk.len() + 0x10000, b' ');
            chunk.extend_from_slice(b"\r\n");
            while stream.write_all(&chunk).await.is_ok() {
                counted.fetch_add(0x10000, Ordering::SeqCst);
            }
        }
    })
    .await;
    let error = canned.client().setup().await.unwrap_err();
    assert!(matches!(error, ClientError::NotUnderstood), "{error:?}");
    let sent = sent.load(Ordering::SeqCst);
    // What lies in the buffers of the system comes on top of the sixteen that are read.
    assert!((16 * MIB - 0x10000..32 * MIB).contains(&sent), "{sent}");
}

#[tokio::test]
async fn half_an_answer_is_none() {
    let json = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n";
    for half in [
        "HTTP/1.1 20",
        "HTTP/1.1 201 Created\r\nContent-Type: applica",
        &format!("{json}Content-Length: 100\r\n\r\n{{\"id\":"),
        &format!("{json}Transfer-Encoding: chunked\r\n\r\n20\r\n{{\"id\":"),
        &format!("{json}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n"),
    ] {
        let error = refused(&Canned::saying(half).await.client()).await;
        assert!(matches!(error, ClientError::Offline(_)), "{half}: {error:?}");
        assert_eq!(error.next_step(), NextStep::Retry);
    }
}

/// Time runs by itself while everybody waits, so nobody does.
#[tokio::test(start_paused = true)]
async fn a_silent_or_endless_server_is_given_up() {
    let silent = Canned::doing(|stream| async move {
        tokio::time::sleep(Duration::from_hours(1)).await;
        drop(stream);
    })
    .await;
    let dribbling = Canned::doing(|mut stream| async move {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        while stream.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    })
    .await;
    for server in [silent, dribbling] {
        let began = tokio::time::Instant::now();
        let error = server.client().setup().await.unwrap_err();
        assert!(matches!(error, ClientError::Offline(NoAnswer::TooSlow)), "{error:?}");
        assert!(began.elapsed() <= Duration::from_secs(16), "{:?}", began.elapsed());
        let mut live = server.client().live(None);
        let told = live.next().await;
        assert!(matches!(told, Some(Live::Disconnected(_))), "{told:?}");
    }
}

/// Puts a field of a later version into every object.
fn later(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(later),
        Value::Object(fields) => {
            fields.values_mut().for_each(later);
            fields.insert("of_a_later_version".to_owned(), json!({"a": [1, null]}));
        }
        _ => {}
    }
}

/// A client of a server that answers as ours just did, and knows more than we do.
async fn newer(person: &Person<'_>, method: Method, path: &str, body: Value) -> Client {
    let sent = person.request(method, path).json(&body).send().await.unwrap();
    let mut value = read(sent, reqwest::StatusCode::OK).await;
    later(&mut value);
    Canned::saying(answer("200 OK", "application/json", &value.to_string())).await.client()
}

#[tokio::test]
async fn the_answers_of_a_later_server_are_understood() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let department = huiyin::profile::Profile::demonstration().departments()[0].code.to_string();
    let mut case = new_case("路灯三天不亮了");
    case["outcome"] = json!({"dispatch": {"lead": department, "opinion": "请核实"}});
    let path = format!("/v1/cases/{}", id(1));
    agent.send(Method::PUT, &path, &case, reqwest::StatusCode::CREATED).await;
    let (get, post) = (Method::GET, Method::POST);
    let none = Value::Null;

    newer(&agent, get.clone(), "/v1/setup", none.clone()).await.setup().await.unwrap();
    newer(&agent, get.clone(), "/v1/sessions/current", none.clone()).await.current_session().await.unwrap();
    let seen = newer(&agent, get.clone(), &path, none.clone()).await.case(case_id()).await.unwrap();
    assert_eq!(seen.row.title, "路灯不亮");
    let events = newer(&agent, get.clone(), &format!("{path}/events"), none.clone()).await;
    assert_eq!(events.timeline(case_id()).await.unwrap().events.len(), 2);
    newer(&agent, get.clone(), "/v1/work", none.clone()).await.work().await.unwrap();
    let caller = newer(&agent, post.clone(), &format!("{path}/caller"), json!({})).await;
    assert_eq!(caller.reveal_caller(case_id()).await.unwrap().name, "周小满");
    let query = json!({"query": "路灯"});
    let request: SearchRequest = serde_json::from_value(query.clone()).unwrap();
    let page = newer(&agent, post.clone(), "/v1/cases/search", query).await.search(&request).await.unwrap();
    assert_eq!(page.cases.len(), 1);
    let text = json!({"text": "路灯三天不亮了"});
    let request: LikeRequest = serde_json::from_value(text.clone()).unwrap();
    newer(&agent, post.clone(), "/v1/cases/like", text).await.like(&request).await.unwrap();
    let number = json!({"number": "13800138000"});
    let request: HistoryRequest = serde_json::from_value(number.clone()).unwrap();
    let history = newer(&agent, post.clone(), "/v1/callers/history", number).await;
    assert_eq!(history.caller_history(&request).await.unwrap().total, 1);
    let desk = json!({"desk": id(7)});
    let lease = newer(&agent, post.clone(), "/v1/stations", desk).await;
    lease.lease_station(id(7).parse().unwrap(), None).await.unwrap();
    let batch = json!({"cases": [{"id": id(1), "case": case}]});
    let request = serde_json::from_value(batch.clone()).unwrap();
    let results = newer(&agent, post, "/v1/cases/batch", batch).await.file_batch(&request).await.unwrap();
    assert_eq!(results.results[0].status, 200);
    let profile = newer(&agent, get, "/v1/profile", none).await.profile(None).await.unwrap().unwrap();
    let profile: ProfileBody = lenient::read(&profile.body).unwrap();
    assert!(profile.departments.len() >= 40);

    let mut problem = json!({
        "type": "x", "title": "x", "status": 422, "code": "invalid", "request_id": "r",
        "errors": [{"pointer": "/intake/text", "code": "of_a_later_version"}],
    });
    later(&mut problem);
    let canned = Canned::saying(answer("422 No", "application/problem+json", &problem.to_string())).await;
    assert_eq!(refused(&canned.client()).await.next_step(), NextStep::Rejected);
}

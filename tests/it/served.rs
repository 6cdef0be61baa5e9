//! A real server on a real port over a real store, for stories that speak HTTP themselves.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use huiyin::clock::Clock;
use huiyin::domain::secret::Secret;
use huiyin::profile::Profile;
use huiyin::server::{Limits, Running, Server, ServerOptions};
use huiyin::store::Store;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// The word by which the first account is made.
pub(crate) const SETUP: &str = "the word on the slip of paper";
/// The password of every account of these stories.
pub(crate) const PASSWORD: &str = "Tide-Lamp-47-quay";

/// A server with its store in a folder of its own, gone when dropped.
pub(crate) struct Served {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Its time, which a story may move.
    pub(crate) clock: Clock,
    /// The store below it.
    pub(crate) store: Store,
    running: Option<Running>,
    client: Client,
    _folder: tempfile::TempDir,
}

impl Served {
    /// The usual server at a time that stands still, with an administrator called `admin`.
    pub(crate) async fn start() -> Self {
        Self::with(Limits::default()).await
    }

    /// The same with other limits.
    pub(crate) async fn with(limits: Limits) -> Self {
        let served = Self::empty(limits).await;
        let account = json!({"name": "admin", "password": PASSWORD, "role": "admin"});
        let made =
            served.request(Method::POST, "/v1/accounts/first").header("Huiyin-Setup", SETUP).json(&account);
        assert_eq!(made.send().await.unwrap().status(), StatusCode::CREATED);
        served
    }

    /// A server without any account.
    pub(crate) async fn empty(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::sqlite(&folder.path().join("huiyin.db")).unwrap();
        let clock = Clock::manual("2026-11-23T15:42:03+08:00".parse().unwrap());
        let profile = Arc::new(Profile::demonstration().clone());
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut options = ServerOptions::new(listen, store.clone(), profile, clock.clone());
        options.setup_secret = Some(Secret::new(SETUP.to_owned()));
        options.limits = limits;
        let running = Server::start(options).await.unwrap();
        let address = running.local_addr();
        // reqwest asks for one even where nothing is encrypted; another story may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { address, clock, store, running: Some(running), client: Client::new(), _folder: folder }
    }

    /// A request without a session.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    /// Signs in.
    pub(crate) async fn sign_in(&self, name: &str) -> Person<'_> {
        let body = json!({"name": name, "password": PASSWORD});
        let answer = self.request(Method::POST, "/v1/sessions").json(&body).send().await.unwrap();
        let session: Value = read(answer, StatusCode::CREATED).await;
        Person { served: self, token: session["token"].as_str().unwrap().to_owned() }
    }

    /// Makes an account of `role` with that name and signs it in.
    pub(crate) async fn person(&self, role: &str, departments: &[&str]) -> Person<'_> {
        let admin = self.sign_in("admin").await;
        let account = json!({"name": role, "password": PASSWORD, "role": role, "departments": departments});
        admin.send(Method::POST, "/v1/accounts", &account, StatusCode::CREATED).await;
        self.sign_in(role).await
    }

    /// Stops the server gracefully.
    pub(crate) async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }
}

/// Somebody who has signed in.
pub(crate) struct Person<'a> {
    served: &'a Served,
    /// The token of the session.
    pub(crate) token: String,
}

impl Person<'_> {
    /// A request in this person's session.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.served.request(method, path).bearer_auth(&self.token)
    }

    /// Sends `body` and expects `status`; gives the answer's JSON, null where there is none.
    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value, status: StatusCode) -> Value {
        read(self.request(method, path).json(body).send().await.unwrap(), status).await
    }

    /// Gets `path`, which must be there.
    pub(crate) async fn get(&self, path: &str) -> Value {
        read(self.request(Method::GET, path).send().await.unwrap(), StatusCode::OK).await
    }

    /// Acts on a case at `version` and expects `status`.
    pub(crate) async fn act(
        &self,
        id: &str,
        version: u32,
        verb: &str,
        body: &Value,
        status: StatusCode,
    ) -> Value {
        let request = self.request(Method::POST, &format!("/v1/cases/{id}/{verb}"));
        read(request.header("If-Match", format!("\"{version}\"")).json(body).send().await.unwrap(), status)
            .await
    }
}

/// The JSON of an answer with the status that was expected.
pub(crate) async fn read(answer: Response, status: StatusCode) -> Value {
    let got = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!(got, status, "{text}");
    if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
}

/// A body for `PUT /v1/cases/{id}` with this text.
pub(crate) fn new_case(text: &str) -> Value {
    json!({
        "received_at": "2026-11-23T15:42:03+08:00",
        "intake": {
            "channel": "phone", "kind": "complaint", "title": "路灯不亮", "text": text, "urgency": "ordinary",
            "caller": {"name": "周小满", "number": "13800138000"},
            "place": {"detail": "望湖路12号"},
        },
        "outcome": "register",
    })
}

/// The `n`-th id, for cases and events.
pub(crate) fn id(n: u8) -> String {
    format!("019aafa0-0000-7000-8000-0000000000{n:02x}")
}

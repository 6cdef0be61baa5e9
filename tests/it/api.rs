//! The API from outside: what each role may, what is told apart, what is done once.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::served::{PASSWORD, Served, id, new_case, read};

#[tokio::test]
async fn a_case_is_filed_read_dispatched_and_answered_for() {
    let served = Served::start().await;
    let department = huiyin::profile::Profile::demonstration().departments()[0].code.to_string();
    let agent = served.person("agent", &[]).await;
    let handler = served.person("handler", &[&department]).await;
    let path = format!("/v1/cases/{}", id(1));

    let filed = agent.send(Method::PUT, &path, &new_case("路灯三天不亮了"), StatusCode::CREATED).await;
    assert_eq!((filed["version"].as_u64(), filed["state"].as_str()), (Some(1), Some("registered")));
    assert_eq!(filed["caller"]["number"], "138****8000");
    assert_eq!(agent.get(&path).await, filed);
    assert_eq!(agent.get(&format!("/v1/cases/by-number/{}", filed["number"].as_str().unwrap())).await, filed);
    let caller = agent.send(Method::POST, &format!("{path}/caller"), &json!({}), StatusCode::OK).await;
    assert_eq!((caller["name"].as_str(), caller["number"].as_str()), (Some("周小满"), Some("13800138000")));

    let refused = handler.request(Method::GET, &path).send().await.unwrap();
    read(refused, StatusCode::NOT_FOUND).await;
    let order = json!({"event_id": id(2), "order": {"lead": department, "opinion": "请核实"}});
    let sent = agent.act(&id(1), 1, "dispatch", &order, StatusCode::OK).await;
    assert_eq!((sent["version"].as_u64(), sent["state"].as_str()), (Some(2), Some("dispatched")));
    let sign = json!({"event_id": id(3), "department": department});
    let signed = handler.act(&id(1), 2, "sign", &sign, StatusCode::OK).await;
    assert_eq!(signed["state"], "in_progress");
    // The same act again is the same act, whatever version it names.
    assert_eq!(handler.act(&id(1), 2, "sign", &sign, StatusCode::OK).await, signed);

    let stale = json!({"event_id": id(4), "reason": "重复"});
    let problem = agent
        .act(&id(1), 2, "close", &json!({"event_id": id(4), "result": "好"}), StatusCode::PRECONDITION_FAILED)
        .await;
    assert_eq!((problem["code"].as_str(), problem["version"].as_u64()), (Some("stale"), Some(3)));
    agent.act(&id(1), 3, "void", &stale, StatusCode::FORBIDDEN).await;
    let timeline = agent.get(&format!("{path}/events")).await;
    let events: Vec<_> =
        timeline["events"].as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["registered", "dispatched", "signed"]);
}

#[tokio::test]
async fn a_case_is_filed_once_for_ever() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let admin = served.sign_in("admin").await;
    let path = format!("/v1/cases/{}", id(1));
    let first = agent.send(Method::PUT, &path, &new_case("水管漏水"), StatusCode::CREATED).await;
    served.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(agent.send(Method::PUT, &path, &new_case("水管漏水"), StatusCode::OK).await, first);
    agent.send(Method::PUT, &path, &new_case("水管不漏"), StatusCode::CONFLICT).await;
    admin.send(Method::PUT, &path, &new_case("水管漏水"), StatusCode::NOT_FOUND).await;
}

#[tokio::test]
async fn ten_failures_make_an_account_wait_and_no_longer() {
    let served = Served::start().await;
    let attempt = |password: &'static str| {
        let body = json!({"name": "admin", "password": password});
        served.request(Method::POST, "/v1/sessions").json(&body).send()
    };
    for _ in 0..10 {
        assert_eq!(attempt("not the password").await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }
    let waits = attempt(PASSWORD).await.unwrap();
    assert_eq!(
        (waits.status(), waits.headers()["retry-after"].as_bytes()),
        (StatusCode::TOO_MANY_REQUESTS, &b"30"[..])
    );
    served.clock.advance(std::time::Duration::from_secs(30));
    assert_eq!(attempt(PASSWORD).await.unwrap().status(), StatusCode::CREATED);
    assert_eq!(attempt("not the password").await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

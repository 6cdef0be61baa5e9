//! The same thing sent again, by one or by many, over HTTP: it is done once, and everybody gets an answer.

use std::time::Duration;

use huiyin::domain::act::Act;
use huiyin::domain::secret::Secret;
use huiyin::store::{accounts, audit, feed};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{RUNTIME, Server};
use crate::served::{PASSWORD, Person, Served, id, new_case, read};

fn departments() -> [String; 2] {
    let all = huiyin::profile::Profile::demonstration().departments();
    [all[0].code.to_string(), all[1].code.to_string()]
}

async fn dispatched(agent: &Person<'_>, n: u8, department: &str) {
    let mut case = new_case("路灯三天不亮了");
    case["outcome"] = json!({"dispatch": {"lead": department, "opinion": "请核实"}});
    agent.send(Method::PUT, &format!("/v1/cases/{}", id(n)), &case, StatusCode::CREATED).await;
}

#[tokio::test]
async fn a_department_that_repeats_its_return_hears_that_it_arrived() {
    let served = Served::start().await;
    let [own, other] = departments();
    let agent = served.person("agent", &[]).await;
    let handler = served.person("handler", &[&own]).await;
    dispatched(&agent, 1, &own).await;
    let back = json!({"event_id": id(2), "department": own, "reason": "不属于我单位职责"});
    let first = handler.act(&id(1), 2, "return", &back, StatusCode::OK).await;
    assert_eq!((first["state"].as_str(), first["version"].as_u64()), (Some("registered"), Some(3)));
    let order = json!({"event_id": id(3), "order": {"lead": other, "opinion": "内部意见"}});
    agent.act(&id(1), 3, "dispatch", &order, StatusCode::OK).await;

    // The answer is the one that was lost, and says nothing of what others did since.
    assert_eq!(handler.act(&id(1), 2, "return", &back, StatusCode::OK).await, first);
    let mut another = back.clone();
    another["reason"] = "别的理由".into();
    handler.act(&id(1), 2, "return", &another, StatusCode::CONFLICT).await;
    another["event_id"] = id(4).into();
    handler.act(&id(1), 4, "return", &another, StatusCode::NOT_FOUND).await;
    // Nor is somebody else's event a way in.
    let borrowed = json!({"event_id": id(3), "text": "?"});
    handler.act(&id(1), 4, "note", &borrowed, StatusCode::NOT_FOUND).await;
    let gone = handler.request(Method::GET, &format!("/v1/cases/{}", id(1))).send().await.unwrap();
    read(gone, StatusCode::NOT_FOUND).await;
    let timeline = agent.get(&format!("/v1/cases/{}/events", id(1))).await;
    assert_eq!(timeline["events"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_thousand_equal_cases_at_once_are_one() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let path = format!("/v1/cases/{}", id(1));
    let (case, token) = (new_case("水管爆裂"), agent.token.clone());
    let mut sending = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let requests: Vec<_> =
            (0..10).map(|_| served.request(Method::PUT, &path).bearer_auth(&token).json(&case)).collect();
        sending.spawn(async move {
            let mut told = Vec::new();
            for request in requests {
                let answer = request.send().await.unwrap();
                let (status, text) = (answer.status(), answer.text().await.unwrap());
                told.push((status, serde_json::from_str::<Value>(&text).unwrap()));
            }
            told
        });
    }
    let told: Vec<_> = sending.join_all().await.into_iter().flatten().collect();
    let count = |wanted| told.iter().filter(|(status, _)| *status == wanted).count();
    assert_eq!((told.len(), count(StatusCode::CREATED), count(StatusCode::OK)), (1000, 1, 999));
    assert!(told.iter().all(|(_, case)| *case == told[0].1));
    assert_eq!(served.store.read_here(|tx| feed::since(tx, 0, 10)).unwrap().len(), 1);
    let about = id(1);
    let entries =
        served.store.read_here(|tx| audit::page(tx, audit::About::Subject(&about), None, 10)).unwrap();
    assert_eq!(entries.len(), 1, "{entries:?}");
    let found = agent.send(Method::POST, "/v1/cases/search", &json!({"query": "水管"}), StatusCode::OK).await;
    assert_eq!(found["cases"].as_array().unwrap().len(), 1);
}

async fn put(person: &Person<'_>, path: &str, body: &Value, status: StatusCode) {
    let answer = person.request(Method::PUT, path).json(body).send().await.unwrap();
    assert_eq!(answer.status(), status);
}

#[tokio::test]
async fn that_something_was_thrown_away_is_recorded_once_for_each_who_says_so() {
    let served = Served::start().await;
    let (agent, other) = (served.person("agent", &[]).await, served.person("lead", &[]).await);
    let path = format!("/v1/discards/{}", id(1));
    let body = json!({"case": id(2), "at": "2026-11-23T15:42:03+08:00"});
    for _ in 0..3 {
        put(&agent, &path, &body, StatusCode::NO_CONTENT).await;
    }
    put(&other, &path, &body, StatusCode::NO_CONTENT).await;
    let more = json!({"case": id(2), "at": "2026-11-23T15:42:03+08:00", "text": "望湖路路灯不亮"});
    put(&agent, &path, &more, StatusCode::UNPROCESSABLE_ENTITY).await;
    let about = id(2);
    let entries =
        served.store.read_here(|tx| audit::page(tx, audit::About::Subject(&about), None, 10)).unwrap();
    let by: Vec<_> = entries.iter().map(|entry| entry.actor.as_ref().unwrap().as_str()).collect();
    assert_eq!(by, ["lead", "agent"]);
    assert!(entries.iter().all(|entry| entry.action == "outbox.discard" && entry.detail.starts_with(&id(1))));
}

/// Acts on case 1 at version 1, all at once; what each was told.
async fn at_once(agent: &Person<'_>, served: &Served, bodies: Vec<Value>) -> Vec<(StatusCode, Value)> {
    let mut sending = tokio::task::JoinSet::new();
    for body in bodies {
        let request = served.request(Method::POST, &format!("/v1/cases/{}/note", id(1)));
        let request = request.bearer_auth(&agent.token).header("If-Match", "\"1\"").json(&body);
        sending.spawn(async move {
            let answer = request.send().await.unwrap();
            (answer.status(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
        });
    }
    sending.join_all().await
}

#[tokio::test]
async fn an_act_sent_many_times_at_once_is_done_once() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    agent
        .send(Method::PUT, &format!("/v1/cases/{}", id(1)), &new_case("水管爆裂"), StatusCode::CREATED)
        .await;
    let note = json!({"event_id": id(2), "text": "已回电"});
    let told = at_once(&agent, &served, vec![note; 200]).await;
    assert!(told.iter().all(|(status, case)| *status == StatusCode::OK && case["version"] == 2), "{told:?}");
    assert_eq!(served.store.read_here(|tx| feed::since(tx, 0, 10)).unwrap().len(), 2);
}

#[tokio::test]
async fn of_many_acts_on_one_version_one_is_done() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    agent
        .send(Method::PUT, &format!("/v1/cases/{}", id(1)), &new_case("水管爆裂"), StatusCode::CREATED)
        .await;
    let notes = (10..110).map(|n| json!({"event_id": id(n), "text": format!("第{n}条")}));
    let told = at_once(&agent, &served, notes.collect()).await;
    let count = |wanted| told.iter().filter(|(status, _)| *status == wanted).count();
    assert_eq!((count(StatusCode::OK), count(StatusCode::PRECONDITION_FAILED)), (1, 99));
    assert_eq!(served.store.read_here(|tx| feed::since(tx, 0, 10)).unwrap().len(), 2);
}

#[tokio::test]
async fn an_id_is_its_authors_and_for_one_content() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let lead = served.person("lead", &[]).await;
    let path = format!("/v1/cases/{}", id(1));
    let first = agent.send(Method::PUT, &path, &new_case("水管漏水"), StatusCode::CREATED).await;
    let note = json!({"event_id": id(2), "text": "已回电"});
    let noted = agent.act(&id(1), 1, "note", &note, StatusCode::OK).await;
    let answer = agent.request(Method::PUT, &path).json(&new_case("水管不漏")).send().await.unwrap();
    assert_eq!(answer.headers()["etag"], "\"2\"", "the version that stands");
    let problem = read(answer, StatusCode::CONFLICT).await;
    assert_eq!((problem["code"].as_str(), problem["version"].as_u64()), (Some("conflict"), Some(2)));
    let other = json!({"event_id": id(2), "text": "没有回电"});
    assert_eq!(agent.act(&id(1), 1, "note", &other, StatusCode::CONFLICT).await["version"], 2);
    for text in ["水管漏水", "水管不漏"] {
        let problem = lead.send(Method::PUT, &path, &new_case(text), StatusCode::NOT_FOUND).await;
        assert_eq!(problem["code"], "not_found");
        assert!(!problem.to_string().contains("水管"), "{problem}");
    }
    assert_eq!((agent.get(&path).await, first["number"].clone()), (noted.clone(), noted["number"].clone()));
}

#[test]
fn an_answer_that_was_lost_is_given_again() {
    let server = Server::start();
    let client = server.client();
    let password = Secret::new(crate::harness::PASSWORD.to_owned());
    let session = RUNTIME.block_on(client.sign_in(&"agent".parse().unwrap(), &password)).unwrap();
    let client = client.with_token(Secret::new(session.token));
    let (case_id, event) = (id(1).parse().unwrap(), id(2).parse().unwrap());
    let case = serde_json::from_value(new_case("水管爆裂")).unwrap();
    let file = || RUNTIME.block_on(client.file_case(case_id, &case));
    let note = || {
        let note = Act::Note { text: "已回电".to_owned() };
        RUNTIME.block_on(client.act(case_id, 1, event, note))
    };

    // The first try may end on a connection that was cut before it was used; the second is sure to arrive.
    server.lose_answers();
    assert!([file(), file()].into_iter().all(|lost| lost.unwrap_err().is_offline()));
    server.come_back();
    assert!(!file().unwrap().created, "it had arrived");
    server.lose_answers();
    assert!([note(), note()].into_iter().all(|lost| lost.unwrap_err().is_offline()));
    server.come_back();
    assert_eq!((note().unwrap().row.version, note().unwrap().row.version), (2, 2));
    assert_eq!(server.store.read_here(|tx| feed::since(tx, 0, 10)).unwrap().len(), 2);
}

#[tokio::test]
async fn a_list_is_no_object() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let sign_in = json!(["agent", PASSWORD]);
    let answer = served.request(Method::POST, "/v1/sessions").json(&sign_in).send().await.unwrap();
    let problem = read(answer, StatusCode::UNPROCESSABLE_ENTITY).await;
    assert_eq!(problem["errors"][0], json!({"pointer": "", "code": "invalid_value"}));
    let case = new_case("路灯不亮");
    let listed = json!([null, case["received_at"], case["intake"], case["outcome"]]);
    let path = format!("/v1/cases/{}", id(1));
    agent.send(Method::PUT, &path, &listed, StatusCode::UNPROCESSABLE_ENTITY).await;
    agent.send(Method::PUT, &path, &case, StatusCode::CREATED).await;
}

#[tokio::test]
async fn a_department_is_told_when_a_case_is_taken_from_it() {
    let served = Served::start().await;
    let [own, other] = departments();
    let agent = served.person("agent", &[]).await;
    let lead = served.person("lead", &[]).await;
    let handler = served.person("handler", &[&own]).await;
    let mut live = handler.request(Method::GET, "/v1/events").send().await.unwrap();
    live.chunk().await.unwrap();
    dispatched(&agent, 1, &own).await;
    let redispatch =
        json!({"event_id": id(2), "order": {"lead": other, "opinion": ""}, "reason": "职责划分"});
    lead.act(&id(1), 2, "redispatch", &redispatch, StatusCode::OK).await;
    // From now on it is none of its business: only the next case is told again.
    agent.act(&id(1), 3, "note", &json!({"event_id": id(3), "text": "已电话告知"}), StatusCode::OK).await;
    dispatched(&agent, 4, &own).await;
    let back = json!({"event_id": id(5), "department": own, "reason": "不属于我单位职责"});
    handler.act(&id(4), 2, "return", &back, StatusCode::OK).await;

    let mut told = String::new();
    let hear = async {
        while !told.contains("\"returned\"") {
            told.push_str(std::str::from_utf8(&live.chunk().await.unwrap().unwrap()).unwrap());
        }
    };
    tokio::time::timeout(Duration::from_secs(10), hear).await.unwrap();
    let changes: Vec<Value> =
        told.lines().filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok()).collect();
    let events: Vec<_> = changes
        .iter()
        .map(|change| (change["case"].as_str().unwrap(), change["event"].as_str().unwrap()))
        .collect();
    let (first, second) = (id(1), id(4));
    assert_eq!(
        events,
        [
            (&*first, "registered"),
            (&*first, "dispatched"),
            (&*first, "redispatched"),
            (&*second, "registered"),
            (&*second, "dispatched"),
            (&*second, "returned"),
        ]
    );
}

#[tokio::test]
async fn ones_own_password_is_changed_by_the_old_one() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let elsewhere = served.sign_in("agent").await;
    let path = "/v1/accounts/me/password";
    let change = |old: &str, new: &str| json!({"old": old, "new": new});
    for (body, pointer, code) in [
        (change("not the password", "Harbour-Kite-92"), "/old", "invalid_value"),
        (change(PASSWORD, "12345678"), "/new", "too_common"),
        (change(PASSWORD, "short"), "/new", "too_short"),
    ] {
        let problem = agent.send(Method::PUT, path, &body, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert_eq!(problem["errors"][0]["pointer"], pointer);
        assert_eq!(problem["errors"][0]["code"], code);
    }
    agent.send(Method::PUT, path, &change(PASSWORD, "Harbour-Kite-92"), StatusCode::NO_CONTENT).await;
    assert_eq!(agent.get("/v1/sessions/current").await["name"], "agent");
    let ended = elsewhere.request(Method::GET, "/v1/work").send().await.unwrap();
    read(ended, StatusCode::UNAUTHORIZED).await;
    for (password, status) in [(PASSWORD, StatusCode::UNAUTHORIZED), ("Harbour-Kite-92", StatusCode::CREATED)]
    {
        let body = json!({"name": "agent", "password": password});
        let answer = served.request(Method::POST, "/v1/sessions").json(&body).send().await.unwrap();
        read(answer, status).await;
    }
    // An unlocked desk is no place to guess at leisure.
    for _ in 0..10 {
        let guess = change("not the password", "Harbour-Kite-93");
        agent.send(Method::PUT, path, &guess, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let right = change("Harbour-Kite-92", "Harbour-Kite-93");
    agent.send(Method::PUT, path, &right, StatusCode::TOO_MANY_REQUESTS).await;
}

#[tokio::test]
async fn a_password_kept_under_weaker_parameters_is_made_stronger_by_signing_in() {
    let served = Served::start().await;
    // PASSWORD under 8 MiB and one pass, as an earlier version might have kept it.
    let params = argon2::Params::new(8 * 1024, 1, 1, None).unwrap();
    let weak = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let weak = argon2::PasswordHasher::hash_password(&weak, PASSWORD.as_bytes()).unwrap().to_string();
    let name: huiyin::domain::account::AccountName = "admin".parse().unwrap();
    let (account, kept) = (name.clone(), weak.clone());
    let done = served.store.write(move |tx| accounts::rehash(tx, &account, kept.clone())).await;
    done.unwrap();
    let first = served.sign_in("admin").await;
    let stored = served.store.read_here(|tx| accounts::find(tx, &name)).unwrap().unwrap().password;
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    served.sign_in("admin").await;
    assert_eq!(served.store.read_here(|tx| accounts::find(tx, &name)).unwrap().unwrap().password, stored);
    first.get("/v1/sessions/current").await;
}

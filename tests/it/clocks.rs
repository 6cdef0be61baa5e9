//! Desks whose clocks are wrong, and cases that were long on their way: taken, marked, and looked at by a lead.

use std::time::Duration;

use huiyin::client::Client;
use huiyin::clock::Clock;
use huiyin::domain::act::Act;
use huiyin::domain::epoch::Epoch;
use huiyin::store::epoch;
use huiyin::wire::sent::SentBody;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{RUNTIME, Seat, Server, order};
use crate::served::{Person, Served, id, new_case};

/// Files case `n` as received `hours` after now by the desk's clock, and what came of it.
async fn filed(agent: &Person<'_>, now: Timestamp, n: u8, hours: i64, sent: Value) -> Value {
    let mut case = new_case("半夜施工噪声");
    case["received_at"] = now.checked_add(SignedDuration::from_hours(hours)).unwrap().to_string().into();
    case["sent"] = sent;
    let request = agent.request(Method::PUT, &format!("/v1/cases/{}", id(n))).header("Huiyin-Format", 2);
    crate::served::read(request.json(&case).send().await.unwrap(), StatusCode::CREATED).await
}

async fn found(agent: &Person<'_>, query: &str) -> Vec<String> {
    let page = agent.send(Method::POST, "/v1/cases/search", &json!({"query": query}), StatusCode::OK).await;
    page["cases"].as_array().unwrap().iter().map(|case| case["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_time_that_cannot_be_right_is_doubted_until_a_lead_confirms_it() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let lead = served.person("lead", &[]).await;
    let now = served.clock.now();
    // Three days ahead, and the desk knew it; three days behind, by what nobody sets; an hour ahead, knowing nothing.
    let day = 24 * 3_600_000;
    let wild = [
        (1, 72, json!({"clock_offset_ms": -3 * day})),
        (2, -72, json!({"clock_offset_ms": 0, "age_seconds": 30})),
        (3, 1, json!({})),
        (4, -24 * 365 * 56, json!({})),
    ];
    for (n, hours, sent) in wild {
        let case = filed(&agent, now, n, hours, sent).await;
        let told: Timestamp = case["told_at"].as_str().unwrap().parse().unwrap();
        assert_eq!(told.duration_since(now), SignedDuration::from_hours(hours));
        assert_eq!(case["received_at"], case["registered_at"], "{case}");
    }
    // Two hours ahead and known to be: put right, and nothing to be said.
    let explained = filed(&agent, now, 5, 2, json!({"clock_offset_ms": -7_200_000})).await;
    assert_eq!((explained.get("told_at"), &explained["received_at"]), (None, &explained["registered_at"]));
    assert_eq!(found(&lead, "is:存疑").await, [id(4), id(3), id(2), id(1)]);

    let timeline = lead.get(&format!("/v1/cases/{}/events", id(1))).await;
    let told: Timestamp = timeline["events"][0]["told_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(told, now + SignedDuration::from_hours(72));
    let confirm = |n: u8| json!({"event_id": id(n)});
    agent.act(&id(1), 1, "confirm", &confirm(0x31), StatusCode::FORBIDDEN).await;
    let confirmed = lead.act(&id(1), 1, "confirm", &confirm(0x31), StatusCode::OK).await;
    assert_eq!((confirmed.get("told_at"), confirmed["version"].as_u64()), (None, Some(2)));
    assert_eq!(lead.act(&id(1), 1, "confirm", &confirm(0x31), StatusCode::OK).await, confirmed);
    let refused = lead.act(&id(5), 1, "confirm", &confirm(0x32), StatusCode::CONFLICT).await;
    assert_eq!(refused["rule"], "nothing_to_confirm");
    assert_eq!(found(&lead, "is:doubtful").await, [id(4), id(3), id(2)]);
    // What the desk said stays in the record.
    assert_eq!(lead.get(&format!("/v1/cases/{}/events", id(1))).await["events"][0], timeline["events"][0]);
}

#[tokio::test]
async fn a_case_that_was_long_on_its_way_is_taken_and_waits_for_a_lead() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let lead = served.person("lead", &[]).await;
    let now = served.clock.now();
    for (n, hours) in [(1, -72), (2, -73)] {
        let case = filed(&agent, now, n, hours, json!({"age_seconds": -hours * 3600})).await;
        let received: Timestamp = case["received_at"].as_str().unwrap().parse().unwrap();
        assert_eq!(received.duration_since(now), SignedDuration::from_hours(hours));
        assert_eq!((case.get("told_at"), case["late"] == true), (None, n == 2));
    }
    assert_eq!(found(&lead, "is:迟报").await, [id(2)]);
    let timeline = lead.get(&format!("/v1/cases/{}/events", id(2))).await;
    assert!(timeline["events"][0]["late_since"].is_string(), "{timeline}");
    // What is brought in from elsewhere is as old as it is.
    let mut old = new_case("两年前的工单");
    old["received_at"] = "2024-11-23T15:42:03+08:00".into();
    let mut cases = vec![json!({"id": id(3), "case": old})];
    for (n, never) in [(4, "1900-01-01T00:00:00Z"), (5, "2026-11-23T16:00:00+08:00")] {
        old["received_at"] = never.into();
        cases.push(json!({"id": id(n), "case": old}));
    }
    let told = agent.send(Method::POST, "/v1/cases/batch", &json!({"cases": cases}), StatusCode::OK).await;
    let status: Vec<_> = told["results"].as_array().unwrap().iter().map(|result| &result["status"]).collect();
    assert_eq!(status, [201, 422, 422]);
    assert_eq!(found(&lead, "is:late").await, [id(2)]);
    lead.act(&id(2), 1, "confirm", &json!({"event_id": id(0x31)}), StatusCode::OK).await;
    assert!(found(&lead, "is:late").await.is_empty());
}

#[test]
fn a_lead_sees_what_is_doubtful_and_late_and_confirms_it_by_a_key() {
    let server = Server::start();
    for (text, hours) in [("半夜施工噪声", 72), ("三天前停水", -73)] {
        server.file_with(text, |case| {
            case.received_at = case.received_at.checked_add(SignedDuration::from_hours(hours)).unwrap();
        });
    }
    let mut desk = Seat { size: (100, 40), ..Seat::default() }.signed_in(&server, "lead");
    desk.keys("f3").assert_shows(&["[存疑]半夜施工噪声", "[迟报]三天前停水"]);
    desk.type_text("是:迟报")
        .keys("enter")
        .assert_shows(&["迟报，须值班长核实", "受理于 2026-11-20 14:42，迟报"]);
    desk.keys("esc f3 ctrl-a").type_text("是:存疑").keys("enter");
    desk.assert_shows(&["受理时间存疑：工作台的时钟说是 2026-11-26 15:42", "以服务器收到的时间为准"]);
    desk.keys("y").until_shows("操作已完成").assert_hides("受理时间存疑");
    desk.assert_shows(&["核实  lead", "以服务器收到的时间为准"]);
    desk.keys("y").assert_shows(&["没有待核实的事项"]);
    let mut agent = Seat { seed: 2, ..Seat::default() }.signed_in(&server, "agent");
    agent.keys("f3").type_text("是:迟报").keys("enter").keys("y").assert_shows(&["您的岗位不能这样做"]);
}

#[test]
fn the_deadline_runs_from_the_servers_time_whatever_the_desk_says() {
    let server = Server::start();
    let case = |told: i64| {
        let filed = server.file_with("夜间施工", |case| {
            case.received_at = case.received_at.checked_add(SignedDuration::from_hours(told)).unwrap();
        });
        server.person("lead").act(&filed, Act::Dispatch(order("cgj"))).unwrap().row.due_at.unwrap()
    };
    let due = case(0);
    for told in [-2000, -100, 48, 2000] {
        assert_eq!(case(told), due, "{told}");
    }
}

#[test]
fn a_client_knows_the_epoch_and_how_far_its_clock_is_off() {
    let server = Server::start();
    let slow = Clock::manual(server.clock.now() - SignedDuration::from_mins(7));
    let client = server.client().with_clock(slow);
    assert_eq!((client.epoch(), client.clock_offset()), (None, None));
    RUNTIME.block_on(client.setup()).unwrap();
    let kept = server.store.read_here(|tx| epoch::current(tx)).unwrap();
    assert_eq!(client.with_token(huiyin::domain::secret::Secret::new("x".to_owned())).epoch(), Some(kept));
    let off = client.clock_offset().unwrap() - SignedDuration::from_mins(7);
    assert!(off.abs() <= SignedDuration::from_secs(1), "{off}");
    // Another epoch counts from the next start of the server on.
    let begun = Epoch::new([9; 16]);
    RUNTIME.block_on(server.store.write(move |tx| epoch::begin(tx, begun))).unwrap();
    assert_eq!(server.store.read_here(|tx| epoch::current(tx)), Ok(begun));
}

#[test]
fn a_refusal_tells_the_epoch_as_well() {
    let server = Server::start();
    let client: Client = server.client();
    RUNTIME.block_on(client.work()).unwrap_err();
    assert!(client.epoch().is_some());
    server.go_dark();
    let known = client.epoch();
    RUNTIME.block_on(client.setup()).unwrap_err();
    assert_eq!(client.epoch(), known);
    server.later(Duration::ZERO);
}

#[test]
fn a_case_sent_again_after_a_restart_is_the_same_case() {
    let server = Server::start();
    let case: huiyin::wire::case::NewCase = serde_json::from_value(new_case("路灯不亮")).unwrap();
    let send = |sent| {
        let agent = server.person("agent");
        RUNTIME.block_on(agent.client.send_case(id(1).parse().unwrap(), &case, sent)).unwrap()
    };
    let first = send(SentBody { desk: None, clock_offset_ms: Some(-3000), age_seconds: Some(4) });
    server.later(Duration::from_hours(80));
    let again = send(SentBody { clock_offset_ms: Some(86_400_000 * 9), ..SentBody::default() });
    assert_eq!((first.created, again.created), (true, false));
    assert_eq!(first.case, again.case);
}

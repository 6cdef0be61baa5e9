//! One city on many machines: servers as processes of their own over a primary and its synchronous standby, desks that
//! file one case after the other, and everything that can be taken away from them.
//!
//! What must hold is what holds for one server: whatever was acknowledged is there, once, as its desk sent it.

mod balancer;
mod hall;
mod hosts;
mod moving;
mod pressed;
mod raw;
mod replicas;
mod retention;
mod town;
mod trust;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};

use huiyin::client::Live;
use huiyin::clock::Clock;
use huiyin::domain::act::Act;
use huiyin::domain::id::{CaseId, EventId};
use huiyin::domain::presence::Doing;
use huiyin::store::audit::{self, About};
use huiyin::store::{Store, StoreError, cases};
use reqwest::{Client, Method, StatusCode};
use rustix::process::Signal;
use serde_json::{Value, json};

use self::hall::Hall;
use self::raw::Raw;
use self::town::{Town, signed_in};
use crate::cluster::Cluster;
use crate::harness::{Home, PROGRAM_PASSWORD, RUNTIME};
use crate::served::{id, new_case};
use crate::serving::Serving;
use crate::sync::chain;

/// The town that a story asks for, or a word that it was skipped.
macro_rules! town_or_skip {
    ($servers:expr) => {
        match Town::start($servers) {
            Ok(town) => town,
            Err(why) => return println!("skipped: {why}"),
        }
    };
}

use town_or_skip;

/// A client that speaks HTTP itself. It asks for a provider even where nothing is encrypted; another may have been first.
fn http() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new()
}

/// Every acknowledged case is there once under the number that was told, is what its events make of it, and stands in
/// the audit trail once; and there is no case that nobody sent.
fn assert_all_are_there_once(database: &str, acknowledged: &BTreeMap<CaseId, String>) {
    let store = Store::postgres(database).unwrap();
    let mut numbers = BTreeSet::new();
    for (id, number) in acknowledged {
        let read = store.read_here(|tx| {
            let audited = audit::page(tx, About::Subject(&id.to_string()), None, 10)?;
            Ok::<_, StoreError>((cases::find(tx, *id)?, cases::timeline(tx, *id)?, audited))
        });
        let (case, events, audited) = read.unwrap();
        let case = case.unwrap_or_else(|| panic!("{id} was acknowledged and is lost"));
        assert_eq!(&case.number.to_string(), number);
        assert!(numbers.insert(number), "two cases have the number {number}");
        chain(*id, &case, &events).unwrap();
        assert_eq!((events.len(), audited.len()), (1, 1));
    }
    RUNTIME.block_on(store.close());
}

#[test]
fn nothing_acknowledged_is_lost_when_a_server_and_then_the_primary_are_killed() {
    let mut town = town_or_skip!(3);
    let hall = Hall::open(&town, 12);
    hall.until_acknowledged(100);
    town.servers[0].kill();
    hall.until_acknowledged(100);
    town.pair.primary.kill();
    town.pair.promote().unwrap();
    hall.until_acknowledged(200);
    let acknowledged = hall.close();
    assert_all_are_there_once(&town.database, &acknowledged);
    let cases = town.pair.standby.sql("city", "SELECT count(*) FROM case_map").unwrap();
    assert_eq!(cases, acknowledged.len().to_string());
}

#[test]
fn servers_are_started_anew_one_after_the_other_and_no_case_notices() {
    let mut town = town_or_skip!(3);
    let hall = Hall::open(&town, 6);
    for nth in 0..3 {
        hall.until_acknowledged(30);
        let next = town.server(nth);
        let before = std::mem::replace(&mut town.servers[nth], next);
        town.balance();
        before.end();
    }
    hall.until_acknowledged(30);
    let acknowledged = hall.close();
    assert_all_are_there_once(&town.database, &acknowledged);
}

#[test]
fn no_request_is_cut_off_while_servers_are_started_anew() {
    let mut town = town_or_skip!(2);
    let names: Vec<_> = (0..6).map(|nth| format!("desk{nth}")).collect();
    town.hire(&names);
    let (closing, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
    let url = town.balancer.url();
    let filed: usize = thread::scope(|scope| {
        let work = |name: &str| {
            let (mut raw, mut filed) = (Raw::person(&url, name), 0);
            while !closing.load(Ordering::Acquire) {
                let path = format!("/v1/cases/{}", uuid::Uuid::now_v7());
                let mut case = new_case("望湖路路灯不亮");
                case["received_at"] = json!(Clock::default().now().to_string());
                loop {
                    let answer = raw.ask("PUT", &path, &case);
                    answered.fetch_add(1, Ordering::AcqRel);
                    if answer.status != 503 {
                        assert!(matches!(answer.status, 200 | 201), "{}", answer.status);
                        break;
                    }
                    assert!(answer.retry_after > Some(0));
                }
                filed += 1;
            }
            filed
        };
        let desks: Vec<_> = names.iter().map(|name| scope.spawn(move || work(name))).collect();
        let until_answered = |more: usize| {
            let enough = answered.load(Ordering::Acquire) + more;
            while answered.load(Ordering::Acquire) < enough
                && !desks.iter().any(ScopedJoinHandle::is_finished)
            {
                thread::yield_now();
            }
        };
        for nth in [0, 1, 0, 1] {
            until_answered(60);
            let next = town.server(nth);
            let before = std::mem::replace(&mut town.servers[nth], next);
            // Whoever leads to it hears of it late.
            before.signal(Signal::TERM);
            until_answered(10);
            town.balance();
            before.end();
        }
        until_answered(60);
        closing.store(true, Ordering::Release);
        desks.into_iter().map(|desk| desk.join().unwrap()).sum()
    });
    let cases = town.pair.primary.sql("city", "SELECT count(*) FROM case_map").unwrap();
    assert_eq!(cases, filed.to_string());
}

#[test]
fn ten_servers_that_start_at_once_make_the_schema_once() {
    let cluster = match Cluster::shared() {
        Ok(cluster) => cluster,
        Err(why) => return println!("skipped: {why}"),
    };
    let database = cluster.database();
    let epochs: BTreeSet<String> = thread::scope(|scope| {
        let start = || {
            let home = Home::empty();
            let serving = Serving::start(&home, &["--database", &database.url()]);
            let answer = RUNTIME.block_on(http().get(format!("{}/v1/setup", serving.url)).send()).unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            answer.headers()["Huiyin-Epoch"].to_str().unwrap().to_owned()
        };
        let started: Vec<_> = (0..10).map(|_| scope.spawn(start)).collect();
        started.into_iter().map(|server| server.join().unwrap()).collect()
    });
    assert_eq!(epochs.len(), 1);
}

#[test]
fn what_is_done_at_one_server_is_heard_at_another_in_the_order_of_each_case() {
    let town = town_or_skip!(2);
    town.hire(&["here".to_owned(), "there".to_owned()]);
    let (here, there) = (signed_in(&town.servers[0].url, "here"), signed_in(&town.servers[1].url, "there"));
    let cases: Vec<CaseId> = (1..=5).map(|n| id(n).parse().unwrap()).collect();
    let heard = RUNTIME.block_on(async {
        let mut stream = there.live(None);
        assert!(matches!(stream.next().await, Some(Live::Connected)));
        for case in &cases {
            here.file_case(*case, &serde_json::from_value(new_case("井盖破损")).unwrap()).await.unwrap();
        }
        // Each act at the other server than the one before it.
        for version in 1..=6_u32 {
            let client = if version % 2 == 0 { &here } else { &there };
            for (nth, case) in (0..).zip(&cases) {
                let act = Act::Note { text: format!("第 {version} 次核实") };
                let event = EventId::new(1, [u8::try_from(version).unwrap() * 16 + nth; 10]);
                client.act(*case, version, event, act).await.unwrap();
            }
        }
        let mut heard: BTreeMap<CaseId, Vec<u32>> = BTreeMap::new();
        while heard.values().map(Vec::len).sum::<usize>() < 5 * 7 {
            match stream.next().await.unwrap() {
                Live::Change { change, .. } => heard.entry(change.case).or_default().push(change.version),
                other => panic!("{other:?}"),
            }
        }
        heard
    });
    assert!(cases.iter().all(|case| heard[case] == [1, 2, 3, 4, 5, 6, 7]), "{heard:?}");
}

#[test]
fn who_has_a_case_before_them_at_one_server_is_seen_at_another() {
    let town = town_or_skip!(2);
    town.hire(&["here".to_owned(), "there".to_owned()]);
    let (here, there) = (signed_in(&town.servers[0].url, "here"), signed_in(&town.servers[1].url, "there"));
    let case: CaseId = id(1).parse().unwrap();
    let seen = RUNTIME.block_on(async {
        here.file_case(case, &serde_json::from_value(new_case("井盖破损")).unwrap()).await.unwrap();
        let mut stream = there.live(None);
        assert!(matches!(stream.next().await, Some(Live::Connected)));
        here.say_presence(case, Doing::Editing).await.unwrap();
        loop {
            if let Live::Presence(change) = stream.next().await.unwrap() {
                break change;
            }
        }
    });
    assert_eq!((seen.case, seen.present.len()), (case, 1));
    assert_eq!((seen.present[0].name.as_str(), seen.present[0].doing), ("here", Doing::Editing));
}

#[test]
fn a_session_holds_and_ends_at_every_server_and_guesses_are_counted_together() {
    let town = town_or_skip!(2);
    let http = http();
    let ask = |method: Method, server: usize, path: &str, token: &str, body: &Value| {
        let request = http.request(method, format!("{}{path}", town.servers[server].url)).bearer_auth(token);
        RUNTIME.block_on(request.json(body).send()).unwrap().status()
    };
    let sign_in = |server: usize, password: &str| {
        let body = json!({"name": "boss", "password": password});
        let sent = http.post(format!("{}/v1/sessions", town.servers[server].url)).json(&body).send();
        RUNTIME.block_on(async { sent.await.unwrap().json::<Value>().await }).unwrap()
    };
    let session = sign_in(0, PROGRAM_PASSWORD);
    let token = session["token"].as_str().unwrap();
    assert_eq!(ask(Method::GET, 1, "/v1/sessions/current", token, &Value::Null), StatusCode::OK);
    assert_eq!(ask(Method::DELETE, 1, "/v1/sessions/current", token, &Value::Null), StatusCode::NO_CONTENT);
    assert_eq!(ask(Method::GET, 0, "/v1/sessions/current", token, &Value::Null), StatusCode::UNAUTHORIZED);
    let codes: Vec<_> =
        (0..11).map(|n| sign_in(n % 2, "not the password")["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(codes[..10], vec!["wrong_password".to_owned(); 10]);
    assert_eq!(codes[10], "too_many");
}

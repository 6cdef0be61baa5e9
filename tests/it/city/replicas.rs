//! Copies that only read: they serve lists while they keep up, whoever wrote sees it at once, and nothing is asked of them
//! that the primary would not answer in their place.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use huiyin::client::Client;
use huiyin::domain::id::CaseId;
use huiyin::wire::search::SearchRequest;
use reqwest::Method;
use serde_json::json;

use super::town::{Town, signed_in};
use super::{http, town_or_skip};
use crate::harness::{Home, PROGRAM_PASSWORD, RUNTIME};
use crate::served::{id, new_case};
use crate::serving::Serving;

/// A server over a town with copies at these addresses.
fn serving(town: &Town, replicas: &[String]) -> Serving {
    let mut arguments = vec!["--database", &town.database];
    arguments.extend(replicas.iter().flat_map(|url| ["--replica", url]));
    Serving::start(&Home::empty(), &arguments)
}

fn file(client: &Client, n: u8) -> CaseId {
    let case = serde_json::from_value(new_case("望湖路路灯不亮")).unwrap();
    RUNTIME.block_on(client.file_case(id(n).parse().unwrap(), &case)).unwrap().case.row.id
}

fn found(client: &Client) -> Vec<CaseId> {
    let asked: SearchRequest = serde_json::from_value(json!({"query": "望湖路"})).unwrap();
    let page = RUNTIME.block_on(client.search(&asked)).unwrap();
    page.cases.iter().map(|hit| hit.row.id).collect()
}

/// A figure of a server about one of the places it reads lists from.
fn figure(server: &Serving, name: &str, target: &str) -> u64 {
    let sent = http().get(format!("{}/metrics", server.url)).send();
    let text = RUNTIME.block_on(async { sent.await.unwrap().text().await.unwrap() });
    let mut wanted = String::new();
    let _ = write!(wanted, "{name}{{target=\"{target}\"}} ");
    let line = text.lines().find_map(|line| line.strip_prefix(&wanted));
    line.unwrap_or_else(|| panic!("no {wanted} in\n{text}")).parse().unwrap()
}

const READS: &str = "huiyin_list_reads_total";

/// Asks until the copy has answered once more: it follows as fast as it can.
fn until_it_answers(server: &Serving, client: &Client) -> Vec<CaseId> {
    let before = figure(server, READS, "replica1");
    loop {
        let found = found(client);
        if figure(server, READS, "replica1") > before {
            return found;
        }
    }
}

#[test]
fn who_wrote_sees_it_though_the_replica_is_held_back_and_later_there_as_well() {
    let town = town_or_skip!(1);
    town.hire(&["desk0".to_owned()]);
    let replica = town.pair.replica.url("city");
    let (here, there) = (serving(&town, std::slice::from_ref(&replica)), serving(&town, &[replica]));
    let desk = signed_in(&here.url, "desk0");
    let first = file(&desk, 1);
    assert_eq!(until_it_answers(&here, &desk), [first]);

    let mut written = vec![first];
    for (hold, is_held, release) in [
        (
            "SELECT pg_wal_replay_pause()",
            "SELECT pg_get_wal_replay_pause_state() = 'paused'",
            "SELECT pg_wal_replay_resume()",
        ),
        (
            "ALTER SYSTEM SET recovery_min_apply_delay = '1h'",
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'RecoveryApplyDelay')",
            "ALTER SYSTEM RESET recovery_min_apply_delay",
        ),
    ] {
        let tell = |what: &str| {
            town.pair.replica.sql("city", what).unwrap();
            town.pair.replica.sql("city", "SELECT pg_reload_conf()").unwrap();
        };
        tell(hold);
        while town.pair.replica.sql("city", is_held).unwrap() == "f" {
            // A commit, which it has to be held back before.
            town.pair.primary.sql("city", "SELECT pg_current_xact_id()").unwrap();
        }
        written.insert(0, file(&desk, u8::try_from(written.len()).unwrap() + 1));
        let before = figure(&here, READS, "replica1");
        assert_eq!(found(&desk), written);
        // What one server wrote, another does not look for in the copy either.
        let elsewhere = signed_in(&there.url, "desk0");
        assert_eq!(found(&elsewhere), written);
        assert_eq!(figure(&here, READS, "replica1"), before);
        assert!(figure(&here, "huiyin_replica_behind_total", "replica1") >= 1);

        tell(release);
        assert_eq!(until_it_answers(&here, &desk), written);
        assert_eq!(until_it_answers(&there, &elsewhere), written);
    }
}

#[test]
fn of_two_replicas_one_dies_in_the_middle_of_a_search_and_no_search_fails() {
    let mut town = town_or_skip!(1);
    town.hire(&["desk0".to_owned()]);
    // Every look for words takes a while on a replica, and none on the primary.
    let slow = "ALTER DATABASE city SET search_path = public, pg_catalog;
        CREATE FUNCTION looks_long(terms TSVECTOR, words TSQUERY) RETURNS BOOLEAN LANGUAGE plpgsql STABLE AS $$ BEGIN
          PERFORM pg_sleep(0.05) WHERE pg_is_in_recovery(); RETURN terms OPERATOR(pg_catalog.@@) words; END $$;
        CREATE OPERATOR @@ (LEFTARG = tsvector, RIGHTARG = tsquery, FUNCTION = looks_long)";
    town.pair.primary.sql("city", slow).unwrap();
    // The standby serves as well as the other.
    let replicas = [town.pair.replica.url("city"), town.pair.standby.url("city")];
    let server = serving(&town, &replicas);
    let desk = signed_in(&server.url, "desk0");
    let first = file(&desk, 1);
    while figure(&server, READS, "replica1").min(figure(&server, READS, "replica2")) == 0 {
        assert_eq!(found(&desk), [first]);
    }
    let dead = AtomicBool::new(false);
    thread::scope(|scope| {
        let searches = || {
            let mut behind = 0;
            while behind < 5 {
                behind += usize::from(dead.load(Ordering::Acquire));
                assert_eq!(found(&desk), [first]);
            }
        };
        let searching: Vec<_> = (0..3).map(|_| scope.spawn(searches)).collect();
        let asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        while town.pair.replica.sql("city", asleep).unwrap() == "0" {}
        town.pair.replica.kill();
        dead.store(true, Ordering::Release);
        searching.into_iter().for_each(|searching| searching.join().unwrap());
    });
    assert!(figure(&server, "huiyin_replica_left_out_total", "replica1") >= 1);
    let before = figure(&server, READS, "replica2");
    while figure(&server, READS, "replica2") == before {
        assert_eq!(found(&desk), [first]);
    }
}

#[test]
fn a_replica_that_is_killed_hangs_or_is_promoted_is_left_out_and_nothing_fails() {
    let mut town = town_or_skip!(1);
    town.hire(&["desk0".to_owned()]);
    let server = serving(&town, &[town.pair.replica.url("city")]);
    let desk = signed_in(&server.url, "desk0");
    let first = file(&desk, 1);
    assert_eq!(until_it_answers(&server, &desk), [first]);

    let frozen = town.pair.replica.freeze();
    assert_eq!(found(&desk), [first]);
    drop(frozen);
    assert_eq!(until_it_answers(&server, &desk), [first]);
    town.pair.replica.kill();
    let second = file(&desk, 2);
    assert_eq!(found(&desk), [second, first]);
    assert!(figure(&server, "huiyin_replica_left_out_total", "replica1") >= 2);
    town.pair.replica.start().unwrap();
    assert_eq!(until_it_answers(&server, &desk), [second, first]);

    town.pair.replica.sql("postgres", "SELECT pg_promote(true)").unwrap();
    let (third, before) = (file(&desk, 3), figure(&server, READS, "replica1"));
    assert_eq!(found(&desk), [third, second, first]);
    assert_eq!(figure(&server, READS, "replica1"), before);
}

#[test]
fn who_says_no_place_reads_where_everything_is_written() {
    let town = town_or_skip!(1);
    let server = serving(&town, &[town.pair.replica.url("city")]);
    let http = http();
    let ask = |path: &str, token: &str, place: Option<&str>, body: &serde_json::Value| {
        let mut request = http.request(Method::POST, format!("{}{path}", server.url)).bearer_auth(token);
        if let Some(place) = place {
            request = request.header("Huiyin-Place", place);
        }
        RUNTIME.block_on(request.json(body).send()).unwrap()
    };
    let session = ask("/v1/sessions", "", None, &json!({"name": "boss", "password": PROGRAM_PASSWORD}));
    let told: i64 = session.headers()["Huiyin-Place"].to_str().unwrap().parse().unwrap();
    let session: serde_json::Value = RUNTIME.block_on(session.json()).unwrap();
    let token = session["token"].as_str().unwrap();
    for place in [None, Some("-1"), Some("far"), Some("9223372036854775807"), Some("99999999999999999999")] {
        let answer = ask("/v1/cases/search", token, place, &json!({"query": ""}));
        assert!(answer.status().is_success(), "{place:?}");
        assert!(!answer.headers().contains_key("Huiyin-Place"));
    }
    assert_eq!(figure(&server, READS, "replica1"), 0);
    while figure(&server, READS, "replica1") == 0 {
        ask("/v1/cases/search", token, Some(&told.to_string()), &json!({"query": ""}));
    }
}

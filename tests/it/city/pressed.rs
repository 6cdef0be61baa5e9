//! A database that is slow, or has few connections: what was submitted goes through, and searches are let go.

use std::thread;

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::http;
use crate::cluster::{CARELESS, Cluster, Database};
use crate::harness::{Home, PROGRAM_PASSWORD, RUNTIME};
use crate::served::{id, new_case};
use crate::serving::Serving;

/// PostgreSQL's own way to look for words, which takes as many seconds as stand in a table.
const LOOKS_LONG: &str = "CREATE TABLE slow (seconds DOUBLE PRECISION NOT NULL);
    CREATE FUNCTION looks_long(terms TSVECTOR, words TSQUERY) RETURNS BOOLEAN LANGUAGE plpgsql STABLE AS $$
    BEGIN
      PERFORM pg_sleep(coalesce((SELECT max(seconds) FROM slow), 0));
      RETURN terms OPERATOR(pg_catalog.@@) words;
    END $$;
    CREATE OPERATOR @@ (LEFTARG = tsvector, RIGHTARG = tsquery, FUNCTION = looks_long)";
/// How many sleep in it.
const ASLEEP: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

/// One server over a database of its own, and somebody who takes calls there.
struct Desk {
    serving: Serving,
    http: Client,
    token: String,
}

impl Desk {
    fn at(database: &Database<'_>) -> Self {
        let (home, url) = (Home::empty(), database.url());
        let password = home.path().join("password").display().to_string();
        home.done(&[
            "user",
            "add",
            "desk0",
            "--role=agent",
            "--password-file",
            &password,
            "--database",
            &url,
        ]);
        let serving = Serving::start(&home, &["--database", &url]);
        let mut desk = Self { serving, http: http(), token: String::new() };
        let body = json!({"name": "desk0", "password": PROGRAM_PASSWORD});
        let session: Value = RUNTIME.block_on(async {
            desk.asks(Method::POST, "/v1/sessions", &body).await.unwrap().json().await.unwrap()
        });
        session["token"].as_str().unwrap().clone_into(&mut desk.token);
        desk
    }

    fn asks(&self, method: Method, path: &str, body: &Value) -> JoinHandle<Response> {
        let request = self.http.request(method, format!("{}{path}", self.serving.url));
        let sent = request.bearer_auth(&self.token).json(body).send();
        RUNTIME.spawn(async { sent.await.unwrap() })
    }

    fn submits(&self, n: u8) -> JoinHandle<Response> {
        self.asks(Method::PUT, &format!("/v1/cases/{}", id(n)), &new_case("望湖路路灯不亮"))
    }

    fn searches(&self) -> JoinHandle<Response> {
        self.asks(Method::POST, "/v1/cases/search", &json!({"query": "望湖路"}))
    }
}

fn answer(asked: JoinHandle<Response>) -> Response {
    RUNTIME.block_on(asked).unwrap()
}

/// It is told to come again, in the words of the API.
fn assert_is_put_off(answer: Response) {
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers()["Retry-After"].to_str().unwrap().parse::<u32>().unwrap() > 0);
    assert_eq!(answer.headers()["Content-Type"], "application/problem+json");
    let problem: Value = RUNTIME.block_on(answer.json()).unwrap();
    assert_eq!(problem["code"], "busy");
}

#[test]
fn what_is_submitted_goes_through_while_searches_have_taken_all_that_they_may() {
    let cluster = match Cluster::shared() {
        Ok(cluster) => cluster,
        Err(why) => return println!("skipped: {why}"),
    };
    let database = cluster.database();
    // What lies beside the tables is found before what PostgreSQL has.
    let first = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$";
    database.sql(first).unwrap();
    let desk = Desk::at(&database);
    database.sql(LOOKS_LONG).unwrap();
    assert_eq!(answer(desk.submits(1)).status(), StatusCode::CREATED);
    assert_eq!(answer(desk.searches()).status(), StatusCode::OK);

    database.sql("INSERT INTO slow VALUES (60)").unwrap();
    let searches: Vec<_> = (0..30).map(|_| desk.searches()).collect();
    while database.sql(ASLEEP).unwrap() != "4" {
        thread::yield_now();
    }
    for n in 2..=20 {
        assert_eq!(answer(desk.submits(n)).status(), StatusCode::CREATED);
    }
    // Not one of them has found anything, nor failed: those under way had their time, the others waited for theirs.
    searches.into_iter().map(answer).for_each(assert_is_put_off);

    database.sql("DELETE FROM slow").unwrap();
    let found: Value = RUNTIME.block_on(answer(desk.searches()).json()).unwrap();
    assert_eq!(found["cases"].as_array().unwrap().len(), 20);
    desk.serving.end();
}

#[test]
fn a_statement_that_runs_into_its_limit_is_put_off_and_done_the_next_time() {
    let cluster = match Cluster::shared() {
        Ok(cluster) => cluster,
        Err(why) => return println!("skipped: {why}"),
    };
    let database = cluster.database();
    let desk = Desk::at(&database);
    let never_ends = "CREATE FUNCTION never_ends() RETURNS TRIGGER LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$;
        CREATE TRIGGER never_ends BEFORE INSERT ON case_map FOR EACH ROW EXECUTE FUNCTION never_ends()";
    database.sql(never_ends).unwrap();
    let submitted = desk.submits(1);
    while database.sql(ASLEEP).unwrap() != "1" {
        thread::yield_now();
    }
    // Whoever only reads is in nobody's way.
    assert_eq!(answer(desk.searches()).status(), StatusCode::OK);
    assert_is_put_off(answer(submitted));
    assert_eq!(database.sql(ASLEEP).unwrap(), "0");
    database.sql("DROP TRIGGER never_ends ON case_map").unwrap();
    assert_eq!(answer(desk.submits(1)).status(), StatusCode::CREATED);
    assert_eq!(answer(desk.submits(1)).status(), StatusCode::OK);
    desk.serving.end();
}

#[test]
fn with_fewer_connections_than_are_wanted_all_that_is_submitted_is_taken() {
    let cluster = match Cluster::start(&[CARELESS, &["max_connections=10"]].concat()) {
        Ok(cluster) => cluster,
        Err(why) => return println!("skipped: {why}"),
    };
    let database = cluster.database();
    let desk = Desk::at(&database);
    // First those who read have all of them, then those who write want some.
    for _ in 0..3 {
        let searches: Vec<_> = (0..40).map(|_| desk.searches()).collect();
        let submitted: Vec<_> = (1..=40).map(|n| desk.submits(n)).collect();
        for answer in submitted.into_iter().map(answer) {
            assert!(answer.status().is_success(), "{}", answer.status());
        }
        for answer in searches.into_iter().map(answer) {
            if answer.status() != StatusCode::OK {
                assert_is_put_off(answer);
            }
        }
    }
    assert_eq!(answer(desk.searches()).status(), StatusCode::OK);
    desk.serving.end();
}

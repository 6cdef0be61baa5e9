//! From one machine to many and back, and a database that was put back by means of its own.

use huiyin::client::Client;
use huiyin::domain::id::CaseId;
use huiyin::domain::secret::Secret;
use serde_json::Value;

use super::town::password;
use crate::cluster::Cluster;
use crate::harness::{Home, RUNTIME};
use crate::served::{id, new_case};
use crate::serving::Serving;

/// The word by which `boss` is known from here on.
fn token(url: &str) -> Secret {
    let client = Client::new(url, None).unwrap();
    Secret::new(RUNTIME.block_on(client.sign_in(&"boss".parse().unwrap(), &password())).unwrap().token)
}

fn signed_in(url: &str, token: &Secret) -> Client {
    Client::new(url, None).unwrap().with_token(token.clone())
}

/// Files the `n`-th case.
fn file(client: &Client, n: u8) -> CaseId {
    let case = serde_json::from_value(new_case(&format!("第{n}件停水"))).unwrap();
    RUNTIME.block_on(client.file_case(id(n).parse().unwrap(), &case)).unwrap().case.row.id
}

fn migrated(home: &Home, from: &str, to: &str) -> Value {
    serde_json::from_str(&home.done(&["migrate", "--from", from, "--to", to, "--json"])).unwrap()
}

#[test]
fn a_county_moves_up_while_it_works_and_moves_back() {
    let cluster = match Cluster::shared() {
        Ok(cluster) => cluster,
        Err(why) => return println!("skipped: {why}"),
    };
    let (database, home) = (cluster.database(), Home::with_boss());
    let (city, own) = (database.url(), format!("sqlite:{}/data/huiyin.db", home.path().display()));
    let serving = Serving::start(&home, &[]);
    let token = token(&serving.url);
    let desk = signed_in(&serving.url, &token);
    file(&desk, 1);
    assert_eq!(migrated(&home, &own, &city)["finished"], false);
    let second = file(&desk, 2);
    serving.end();
    let told = migrated(&home, &own, &city);
    assert_eq!((told["finished"].as_bool(), told["cases"]["count"].as_u64()), (Some(true), Some(2)));

    let serving = Serving::start(&home, &["--database", &city]);
    let moved = signed_in(&serving.url, &token);
    assert_eq!(RUNTIME.block_on(moved.case(second)).unwrap().text, "第2件停水");
    assert_eq!(moved.epoch(), desk.epoch());
    file(&moved, 3);
    serving.end();
    let again = home.run(&["migrate", "--from", &own, "--to", &city]);
    assert_eq!(again.status.code(), Some(1), "{}", String::from_utf8_lossy(&again.stderr));
    let back = format!("sqlite:{}/back.db", home.path().display());
    assert_eq!(migrated(&home, &city, &back)["cases"]["count"], 3);
}

#[test]
fn what_is_not_a_store_or_the_same_one_is_refused() {
    let home = Home::with_boss();
    let own = format!("sqlite:{}/data/huiyin.db", home.path().display());
    let missing = format!("sqlite:{}/missing.db", home.path().display());
    for (from, to, code) in [
        ("huiyin.db", own.as_str(), 2),
        ("sqlite:", &own, 2),
        (&own, &own, 2),
        (&missing, &own, 1),
        (&own, "postgres://nobody@127.0.0.1:1/none", 1),
    ] {
        let refused = home.run(&["migrate", "--from", from, "--to", to]);
        assert_eq!(refused.status.code(), Some(code), "{from} to {to}");
    }
    assert!(!home.path().join("missing.db").exists());
}

#[test]
fn a_database_that_was_put_back_by_its_own_means_begins_another_epoch() {
    let cluster = match Cluster::shared() {
        Ok(cluster) => cluster,
        Err(why) => return println!("skipped: {why}"),
    };
    let (database, home) = (cluster.database(), Home::empty());
    let (url, word) = (database.url(), home.path().join("password").display().to_string());
    let add = ["user", "add", "boss", "--role", "admin", "--password-file", &word, "--database", &url];
    home.done(&add);
    let serving = Serving::start(&home, &["--database", &url]);
    let token = token(&serving.url);
    let desk = signed_in(&serving.url, &token);
    file(&desk, 1);
    serving.end();
    let told: Value =
        serde_json::from_str(&home.done(&["restore", "--in-place", "--database", &url, "--json"])).unwrap();
    let serving = Serving::start(&home, &["--database", &url]);
    let later = signed_in(&serving.url, &token);
    assert!(RUNTIME.block_on(later.current_session()).is_err());
    assert_ne!(later.epoch(), desk.epoch());
    assert_eq!(told["epoch"], later.epoch().unwrap().to_string());
}

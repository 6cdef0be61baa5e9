//! Backups by the real program, while it serves and put back when it does not.

use std::fs;

use huiyin::client::Client;
use huiyin::domain::account::AccountName;
use huiyin::domain::secret::Secret;
use serde_json::Value;

use crate::harness::{Home, PROGRAM_PASSWORD, RUNTIME};
use crate::served::{id, new_case};
use crate::serving::Serving;

fn client(url: &str) -> Client {
    let client = Client::new(url, None).unwrap();
    let name: AccountName = "boss".parse().unwrap();
    let session = RUNTIME.block_on(client.sign_in(&name, &Secret::new(PROGRAM_PASSWORD.to_owned()))).unwrap();
    client.with_token(Secret::new(session.token))
}

/// Files the `n`-th case; whether it was new.
fn filed(client: &Client, n: u8) -> bool {
    let case = serde_json::from_value(new_case(&format!("第{n}件停水"))).unwrap();
    RUNTIME.block_on(client.file_case(id(n).parse().unwrap(), &case)).unwrap().created
}

#[test]
fn what_was_taken_since_the_backup_is_missed_and_taken_again_once() {
    let home = Home::with_boss();
    let copy = home.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    let serving = Serving::start(&home, &[]);
    let desk = client(&serving.url);
    assert!(filed(&desk, 1));
    let told: Value = serde_json::from_str(&home.done(&["backup", copy, "--json"])).unwrap();
    assert_eq!((told["cases"].as_u64(), told["backup"].as_str()), (Some(1), Some(copy)));
    let before = desk.epoch().unwrap();
    assert_eq!(told["epoch"], before.to_string());
    assert!(filed(&desk, 2));

    // Not under a server's feet, and not over a backup.
    let refused = home.run(&["restore", copy, "--json"]);
    let why: Value = serde_json::from_slice(&refused.stderr).unwrap();
    assert_eq!((refused.status.code(), why["error"]["code"].as_str()), (Some(1), Some("host_held")), "{why}");
    assert_eq!(home.run(&["backup", copy]).status.code(), Some(1));
    serving.end();

    let told: Value = serde_json::from_str(&home.done(&["restore", copy, "--json"])).unwrap();
    assert!(fs::exists(told["kept"].as_str().unwrap()).unwrap(), "{told}");
    let serving = Serving::start(&home, &[]);
    // The session is gone with the store that it began in; the epoch says why.
    let gone = Client::new(&serving.url, None).unwrap().with_token(Secret::new("0".repeat(64)));
    RUNTIME.block_on(gone.work()).unwrap_err();
    assert_ne!(gone.epoch(), Some(before));
    let desk = client(&serving.url);
    assert_eq!((filed(&desk, 1), filed(&desk, 2), filed(&desk, 2)), (false, true, false));
    assert_eq!(desk.epoch().unwrap().to_string(), told["epoch"]);
}

#[test]
fn a_backup_that_is_none_is_refused_in_words() {
    let home = Home::with_boss();
    let bad = home.path().join("notes.txt");
    fs::write(&bad, "早上开会").unwrap();
    let database = home.path().join("data/huiyin.db");
    let before = fs::read(&database).unwrap();
    let refused = home.run(&["restore", bad.to_str().unwrap()]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(said.contains("notes.txt"), "{said}");
    assert_eq!(fs::read(&database).unwrap(), before);
    assert_eq!(home.run(&["restore", "no-such-file"]).status.code(), Some(1));
}

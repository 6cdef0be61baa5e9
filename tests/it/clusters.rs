//! The throw-away clusters do what the stories ask of them: otherwise a story on them shows nothing.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::cluster::Cluster;
use crate::pair::Pair;

/// Long enough for a commit that waits for nobody, many times over.
const A_WHILE: Duration = Duration::from_millis(300);

#[test]
fn each_test_has_a_database_of_its_own_and_its_copy_is_as_full() {
    let cluster = match Cluster::shared() {
        Ok(cluster) => cluster,
        Err(why) => return println!("skipped: {why}"),
    };
    let (one, other) = (cluster.database(), cluster.database());
    one.sql("CREATE TABLE word (word TEXT); INSERT INTO word VALUES ('路灯')").unwrap();
    assert!(other.sql("SELECT * FROM word").is_err());
    let name = one.url().rsplit('/').next().unwrap().to_owned();
    let copy = cluster.database_like(&name);
    assert_eq!(copy.sql("SELECT word FROM word"), Ok("路灯".to_owned()));
}

#[test]
fn a_server_that_was_killed_comes_back_on_its_port_with_what_was_committed() {
    let mut cluster = match Cluster::start(&[]) {
        Ok(cluster) => cluster,
        Err(why) => return println!("skipped: {why}"),
    };
    let url = cluster.node().url("postgres");
    cluster.node().sql("postgres", "CREATE TABLE word (word TEXT)").unwrap();
    cluster.node_mut().kill();
    assert!(cluster.node().sql("postgres", "SELECT 1").is_err());
    cluster.node_mut().start().unwrap();
    assert_eq!(cluster.node().url("postgres"), url);
    assert_eq!(cluster.node().sql("postgres", "SELECT count(*) FROM word"), Ok("0".to_owned()));
}

#[test]
fn a_pair_answers_when_both_have_it_and_goes_on_when_one_is_gone() {
    let mut pair = match Pair::start() {
        Ok(pair) => pair,
        Err(why) => return println!("skipped: {why}"),
    };
    pair.primary.sql("postgres", "CREATE TABLE word (word TEXT)").unwrap();
    let hangs = pair.standby.freeze();
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        let primary = &pair.primary;
        scope.spawn(move || tell.send(primary.sql("postgres", "INSERT INTO word VALUES ('井盖')")).unwrap());
        assert!(told.recv_timeout(A_WHILE).is_err(), "it was answered though the standby hangs");
        drop(hangs);
        assert_eq!(told.recv(), Ok(Ok(String::new())));
    });
    pair.primary.kill();
    pair.promote().unwrap();
    let written = "INSERT INTO word VALUES ('路灯') RETURNING (SELECT count(*) FROM word)";
    assert_eq!(pair.standby.sql("postgres", written), Ok("1".to_owned()));
    assert_eq!(pair.replica.sql("postgres", "SELECT pg_is_in_recovery()"), Ok("t".to_owned()));
}

//! A database with several hosts, of which none can be used: each is told with its own reason.

use tokio::net::TcpListener;

use crate::harness::{Home, RUNTIME};
use crate::pair::Pair;

#[test]
fn of_several_hosts_each_is_told_with_its_reason() {
    let mut pair = match Pair::start() {
        Ok(pair) => pair,
        Err(why) => return println!("skipped: {why}"),
    };
    pair.primary.sql("postgres", "CREATE DATABASE city").unwrap();
    // It takes connections and says nothing.
    let mute = RUNTIME.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let (mute, standby) = (mute.local_addr().unwrap().to_string(), pair.standby.address());
    while pair.standby.sql("city", "SELECT 1").is_err() {}
    let home = Home::empty();
    let start = |language: &str, hosts: &[&str], database: &str| {
        let url = format!("postgres://huiyin:s3cret@{}/{database}", hosts.join(","));
        let output = home.run(&["--language", language, "serve", "--listen=127.0.0.1:0", "--database", &url]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
        said
    };
    let primary = pair.primary.address();
    let said = start("en", &[&primary], "nowhere");
    assert!(said.contains(&format!("{primary} has no such database")), "{said}");

    pair.primary.kill();
    for (language, refuses, silent, copy) in [
        ("zh-CN", "拒绝连接", "没有应答", "是备库，不接受写入"),
        ("en", "refuses connections", "does not answer", "is a standby, which takes no writes"),
    ] {
        let said = start(language, &[&primary, &mute, &standby], "city");
        for (host, why) in [(&primary, refuses), (&mute, silent), (&standby, copy)] {
            assert!(said.contains(&format!("{host} {why}")), "{said}");
        }
    }
}

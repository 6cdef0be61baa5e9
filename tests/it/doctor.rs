//! `huiyin doctor` and `huiyin password`, as the real program runs them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use huiyin::clock::Clock;
use huiyin::domain::id::CaseId;
use huiyin::domain::secret::Secret;
use huiyin::journal::{DraftRecord, Journal, JournalError};
use serde_json::Value;

use crate::harness::{Home, PROGRAM_PASSWORD};
use crate::served::new_case;

/// Runs the program as somebody whose name is in every variable and every path.
fn run(home: &Home, arguments: &[&str], more: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_huiyin"));
    command.env_clear().envs(home.environment());
    command.env("HOME", home.path()).env("USER", "zhangtanzhen").env("LOGNAME", "zhangtanzhen");
    command.env("HOSTNAME", "tanzhen-pc").env("SSH_CONNECTION", "10.9.8.7 1 10.9.8.6 22");
    command.envs(more.iter().copied()).arg("--home").arg(home.path()).args(arguments);
    command.output().unwrap()
}

/// The verdict on one thing.
fn verdict(output: &Output, check: &str) -> String {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|line| line["check"] == check).unwrap()["verdict"].as_str().unwrap().to_owned()
}

#[test]
fn the_doctor_tells_nothing_personal() {
    let home = Home::with_boss();
    let case = home.path().join("case.json");
    fs::write(&case, new_case("欧阳探针投诉路灯").to_string()).unwrap();
    home.done(&["case", "new", "--from", case.to_str().unwrap()]);
    let mut desk = home.desk(&[]);
    desk.until_shows("受理").type_text("16900007788").until_shows("已保存");
    desk.quit();
    let output = run(&home, &["doctor"], &[]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("草稿") && said.contains("1 份") && said.contains("~/state"), "{said}");
    for secret in
        ["探针", "7788", "zhangtanzhen", "tanzhen-pc", "10.9.8", "boss", home.path().to_str().unwrap()]
    {
        assert!(!said.contains(secret), "{secret}\n{said}");
    }
}

#[test]
fn the_doctor_finds_what_is_wrong_and_says_what_to_do() {
    let home = Home::with_boss();
    let check = |arguments: &[&str], more: &[(&str, &str)]| {
        run(&home, &[&["doctor", "--json"], arguments].concat(), more)
    };
    let good = check(&[], &[]);
    assert_eq!((verdict(&good, "locale"), verdict(&good, "terminal")), ("ok".into(), "ok".into()));
    assert_eq!(verdict(&check(&[], &[("LANG", "zh_CN.GBK")]), "locale"), "look");
    let dumb = check(&[], &[("TERM", "dumb")]);
    assert_eq!((verdict(&dumb, "terminal").as_str(), dumb.status.code()), ("bad", Some(1)));
    assert_eq!(verdict(&check(&["--server", "http://127.0.0.1:1"], &[]), "server"), "bad");
    fs::create_dir_all(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), "theme = \"zhangtanzhen\"\n").unwrap();
    assert_eq!(verdict(&check(&[], &[]), "theme"), "bad");
    fs::write(home.path().join("config/config.toml"), "them = \"dark\"\n").unwrap();
    let said = String::from_utf8(run(&home, &["doctor"], &[]).stdout).unwrap();
    assert!(said.contains("~/config/config.toml:1: them: 没有这项设置") && said.contains("下一步"), "{said}");
}

#[test]
fn the_doctor_finds_what_is_wrong_in_files_of_ones_own() {
    let home = Home::with_boss();
    let config = home.path().join("config");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("keys.toml"), "[desk]\nsubmit = [\"s\"]\n").unwrap();
    fs::write(config.join("snippets.toml"), "[[snippet]]\n").unwrap();
    let city = home.path().join("city");
    fs::create_dir(&city).unwrap();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/profile/demo")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), city.join(entry.file_name())).unwrap();
    }
    fs::write(city.join("knowledge.toml"), "[[article]]\ntitle = 3\n").unwrap();
    let settings = format!("profile = {:?}\n", city.to_str().unwrap());
    fs::write(config.join("config.toml"), settings).unwrap();
    let output = run(&home, &["doctor", "--json"], &[]);
    for check in ["keys", "snippets", "profile"] {
        assert_eq!(verdict(&output, check), "bad", "{check}");
    }
    let said = String::from_utf8(run(&home, &["doctor"], &[]).stdout).unwrap();
    for line in ["~/config/keys.toml:2: desk.submit", "~/config/snippets.toml:1", "~/city"] {
        assert!(said.contains(line), "no {line} in {said}");
    }
}

#[test]
fn the_doctor_asks_a_terminal_and_leaves_it_as_it_was() {
    let home = Home::with_boss();
    let mut terminal = home.desk(&["doctor"]);
    terminal.until_shows("终端没有回答光标位置");
    terminal.ended();
}

#[test]
fn one_changes_ones_own_password() {
    let home = Home::with_boss();
    let new = home.path().join("new");
    fs::write(&new, "Harbour-Kite-93-lamp").unwrap();
    fs::set_permissions(&new, fs::Permissions::from_mode(0o600)).unwrap();
    let new = new.to_str().unwrap();
    let state = home.path().join("state");
    let boss = "boss".parse().unwrap();
    let kept = |password: &str| {
        // Another test's child holds the lock of a journal that is closed here, from its fork to its start.
        let journal = loop {
            match Journal::open(&state, "embedded", &Clock::default(), |_| {}) {
                Err(JournalError::InUse) => std::thread::yield_now(),
                opened => break opened.unwrap(),
            }
        };
        let unlocked = journal.unlock(&boss, &Secret::new(password.to_owned()));
        unlocked.map(|()| {
            let (id, updated_at) = (CaseId::new(1_795_424_523_000, [1; 10]), Clock::default().now());
            journal.save_draft(DraftRecord { id, version: 1, updated_at, body: "{}".to_owned() });
            journal.drafts().unwrap().records.len()
        })
    };
    assert_eq!(kept(PROGRAM_PASSWORD).unwrap(), 1);
    assert!(home.done(&["password", "--new-password-file", new]).contains("密码已修改"));
    assert_eq!(home.run(&["search", "x"]).status.code(), Some(1));
    home.done(&["search", "x", "--password-file", new]);
    // The drafts on this machine go with it.
    assert!(kept(PROGRAM_PASSWORD).is_err());
    assert_eq!(kept("Harbour-Kite-93-lamp").unwrap(), 1);
}

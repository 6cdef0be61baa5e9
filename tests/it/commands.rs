//! The commands of the real program, as scripts use them.

use std::fs;

use serde_json::{Value, json};

use crate::harness::Home;
use crate::served::new_case;

#[test]
fn what_is_printed_cannot_steer_a_terminal() {
    let home = Home::with_boss();
    let nasty = "\u{1b}]52;c;x\u{7}正文\u{9b}2J\u{202e}反\u{200b}\u{e000}\r覆盖";
    let mut case = new_case(nasty);
    case["intake"]["title"] = json!(nasty);
    case["intake"]["place"]["detail"] = json!(nasty);
    let file = home.path().join("case.json");
    fs::write(&file, case.to_string()).unwrap();
    let number = home.done(&["case", "new", "--from", file.to_str().unwrap()]);
    for arguments in
        [vec!["case", "show", number.trim()], vec!["search", "正文"], vec!["search", "覆盖", "--json"]]
    {
        let said = home.done(&arguments);
        assert!(said.contains("正文"), "{arguments:?}: {said}");
        let steers = |c: &char| {
            c.is_control() && *c != '\n'
                || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{e000}'..='\u{f8ff}')
        };
        let json = arguments.contains(&"--json");
        assert_eq!(
            said.chars().find(steers).filter(|c| !json || c.is_ascii()),
            None,
            "{arguments:?}: {said:?}"
        );
    }
    let shown: Value = serde_json::from_str(&home.done(&["case", "show", number.trim(), "--json"])).unwrap();
    assert_eq!(shown["case"]["text"], nasty);
}

#[test]
fn the_exit_code_says_done_refused_or_used_wrongly() {
    let home = Home::with_boss();
    for (arguments, code) in [
        (vec!["search", "噪声"], 0),
        (vec!["version"], 0),
        (vec!["case", "show", "261123154203000198"], 1),
        (vec!["case", "show", "1"], 2),
        (vec!["import"], 2),
        (vec!["no-such-command"], 2),
        (vec!["--server", "http://10.0.0.1:1", "search", "噪声"], 1),
    ] {
        let output = home.run(&arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(code == 0 || !said.is_empty(), "{arguments:?} fails in silence");
    }
}

#[test]
fn nothing_of_a_caller_is_in_a_log_and_no_name_forges_a_line_of_it() {
    let home = Home::with_boss();
    let mut case = new_case("河东小区电梯困人两小时");
    case["intake"]["caller"] = json!({
        "name": "欧阳探针\"}\n{\"level\":\"error\"",
        "number": "169 0000 7788",
    });
    let file = home.path().join("case.json");
    fs::write(&file, case.to_string()).unwrap();
    let number = home.done(&["case", "new", "--from", file.to_str().unwrap()]);
    home.done(&["case", "show", number.trim()]);
    home.done(&["search", "电梯困人"]);
    // Refused ones tell their cause to the log: that must not hold what was refused.
    case["intake"]["occurred_at"] = json!("欧阳探针");
    fs::write(&file, case.to_string()).unwrap();
    assert!(!home.run(&["case", "new", "--from", file.to_str().unwrap()]).status.success());
    let state = home.path().join("state");
    let logs: Vec<_> = fs::read_dir(state)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
        .collect();
    assert!(!logs.is_empty());
    for log in logs {
        let text = fs::read_to_string(&log).unwrap();
        for canary in ["欧阳", "探针", "7788", "困人", "\"level\":\"error\""] {
            assert!(!text.contains(canary), "{canary} in {}:\n{text}", log.display());
        }
    }
}

#[test]
fn a_follow_up_is_written_down_shown_and_exported() {
    let home = Home::with_boss();
    let number = home.done(&["case", "new", "--text", "望湖路路灯不亮", "--answer", "今晚修"]);
    let number = number.trim();
    let follow_up = |more: &[&str]| home.run(&[&["case", "follow-up", number][..], more].concat());
    for wrong in [&[][..], &["--not-reached", "--unsolved"], &["--satisfaction", "delighted"]] {
        assert_eq!(follow_up(wrong).status.code(), Some(2), "{wrong:?}");
    }
    assert!(
        follow_up(&["--satisfaction", "dissatisfied", "--unsolved", "--text", "又灭了"]).status.success()
    );
    assert!(follow_up(&["--not-reached"]).status.success());
    let shown = home.done(&["case", "show", number]);
    assert!(shown.contains("回访: 不满意，未解决") && shown.contains("又灭了"), "{shown}");
    assert!(shown.contains("未联系上"), "{shown}");
    let line: Value = serde_json::from_str(&home.done(&["export", "--format", "jsonl"])).unwrap();
    let told = ["satisfaction", "satisfaction_name", "solved", "contacted"].map(|key| line[key].as_str());
    assert_eq!(told, [Some("dissatisfied"), Some("不满意"), Some("no"), Some("yes")]);
}

#[test]
fn a_lead_has_everything_learned_anew() {
    let home = Home::with_boss();
    assert!(home.done(&["suggest", "rebuild"]).contains("全部重学"));
    let told: Value = serde_json::from_str(&home.done(&["suggest", "rebuild", "--json"])).unwrap();
    assert_eq!(told, json!({"rebuilding": true}));
    assert_eq!(home.run(&["suggest"]).status.code(), Some(2));
}

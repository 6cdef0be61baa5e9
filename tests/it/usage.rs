//! How the command line speaks: help and complaints in two languages, advice, JSON, completion, the manual.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::Home;

/// What a run says on stderr, and its exit code.
fn complaint(home: &Home, arguments: &[&str]) -> (i32, String) {
    let output = home.run(arguments);
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// The commands of the program, as its JSON-less help names them.
fn commands(home: &Home) -> Vec<String> {
    let help = home.done(&["--help"]);
    let after = help.split("命令：").nth(1).unwrap().lines().skip(1);
    after.map_while(|line| line.split_whitespace().next().map(str::to_owned)).collect()
}

#[test]
fn wrong_use_is_told_in_the_language_of_the_person_with_what_to_do() {
    let home = Home::empty();
    for (arguments, zh, en) in [
        (&["serach"][..], "没有命令 serach，是不是 search？", "There is no command serach; is it search?"),
        (
            &["search", "--limt", "3"],
            "没有参数 --limt，是不是 --limit？",
            "There is no argument --limt; is it --limit?",
        ),
        (&["search", "--limit", "0"], "要写 1 到 100000 的整数", "a whole number from 1 to 100000"),
        (&["case", "show", "261123154203000199"], "校验位不符", "the check digits do not fit"),
        (&["case", "new", "--kind", "x", "--text", "y"], "可以是：consult, help", "it can be: consult, help"),
        (&["case", "new"], "缺少 --text", "--text"),
        (&["case"], "还要写明做什么", "What is to be done is missing"),
        (&["import"], "缺少 <FILE>", "<FILE> is missing"),
    ] {
        let (code, said) = complaint(&home, arguments);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(zh) && said.contains("\n下一步：看 huiyin"), "{arguments:?}: {said}");
        let (_, said) = complaint(&home, &[&["--language", "en"], arguments].concat());
        assert!(said.contains(en) && said.contains("\nNext: see huiyin"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_server_that_others_could_reach_is_told_what_it_lacks() {
    let home = Home::with_boss();
    let (code, said) = complaint(&home, &["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("必须有证书\n下一步：给出 --tls-cert 和 --tls-key"), "{said}");
    let files = ["cert.pem", "key.pem"].map(|name| {
        let path = home.path().join(name);
        fs::write(&path, "no PEM").unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        path.display().to_string()
    });
    let [certificate, key] = &files;
    let (code, said) =
        complaint(&home, &["serve", "--listen", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", key]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("读不懂") && said.contains("\n下一步：两个都要 PEM 格式"), "{said}");
}

#[test]
fn what_is_missing_is_refused_alike_and_in_words() {
    let home = Home::with_boss();
    for arguments in [
        &["import", "nowhere.csv"][..],
        &["case", "new", "--from", "nowhere.json"],
        &["search", "x", "--password-file", "nowhere"],
        &["search", "x", "--ca", "nowhere", "--server", "https://127.0.0.1:1"],
    ] {
        let (code, said) = complaint(&home, arguments);
        assert_eq!(code, 1, "{arguments:?}: {said}");
        assert!(said.contains("nowhere") && said.contains("没有这个文件\n下一步：核对路径"), "{said}");
    }
}

#[test]
fn with_json_a_failure_is_one_line_of_json() {
    let home = Home::with_boss();
    for (arguments, code, name) in [
        (&["case", "show", "261123154203000198", "--json"][..], 1, "not_found"),
        (&["--json", "serach"], 2, "unknown_command"),
        (&["import", "nowhere.csv", "--json"], 1, "file_not_found"),
        (&["search", "x", "--json", "--user", "nobody"], 1, "wrong_password"),
    ] {
        let output = home.run(arguments);
        assert_eq!(output.status.code(), Some(code));
        let said: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(said["error"]["code"], name);
        assert!(["message", "next"].iter().all(|key| !said["error"][key].as_str().unwrap().is_empty()));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_wrong_setting_is_told_in_the_language_of_the_person() {
    let home = Home::empty();
    fs::create_dir(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), "\nlisten = \"there\"\n").unwrap();
    let (code, said) = complaint(&home, &["search", "x"]);
    assert_eq!(code, 2);
    assert!(said.contains("config.toml:2: listen: 要写地址和端口"), "{said}");
    let (_, said) = complaint(&home, &["search", "x", "--language", "en"]);
    assert!(said.contains("config.toml:2: listen: an address and a port"), "{said}");
}

#[test]
fn the_language_of_help_is_that_of_the_settings() {
    let home = Home::empty();
    let zh = home.done(&["search", "--help"]);
    assert!(
        zh.contains("查询工单") && zh.contains("最多多少条［默认 20］") && !zh.contains("find cases"),
        "{zh}"
    );
    let heads: Vec<_> = zh.lines().filter(|line| line.ends_with(['：', ':'])).collect();
    assert_eq!(heads, ["参数：", "选项：", "通用选项："]);
    assert!(zh.contains("用法：huiyin search [选项] [QUERY]..."), "{zh}");
    assert!(home.done(&["case", "--help"]).contains("用法：huiyin case [选项] <命令>"));
    fs::create_dir(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), "language = \"en\"\n").unwrap();
    let en = home.done(&["search", "--help"]);
    assert!(en.contains("find cases") && en.contains("[HUIYIN_SERVER]"), "{en}");
    assert!(!en.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{en}");
}

#[test]
fn a_shell_can_read_its_completion() {
    let home = Home::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = home.done(&["completions", shell]);
        assert!(script.contains("dispatch") && script.contains("password-file"), "{shell}");
    }
    let script = home.path().join("huiyin.bash");
    fs::write(&script, home.done(&["completions", "bash"])).unwrap();
    let check = Command::new("bash").arg("-n").arg(script).stdin(Stdio::null()).output().unwrap();
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
}

#[test]
fn the_manual_lists_every_command() {
    let home = Home::empty();
    let page = home.done(&["man"]).replace("\\-", "-");
    let commands = commands(&home);
    assert!(commands.len() > 8, "{commands:?}");
    for command in commands.iter().filter(|name| *name != "help") {
        assert!(page.contains(&format!(".SS \"huiyin {command}\"")), "{command}\n{page}");
    }
}

#[test]
fn what_is_printed_for_people_is_printed_for_scripts_too() {
    let home = Home::with_boss();
    let json = |arguments: &[&str]| -> Value { serde_json::from_str(&home.done(arguments)).unwrap() };
    assert_eq!(json(&["user", "list", "--json"])["role"], "admin");
    assert_eq!(json(&["user", "disable", "boss", "--json"])["disabled"], true);
    assert_eq!(json(&["user", "enable", "boss", "--json"])["disabled"], false);
    assert!(json(&["version", "--json"])["features"].as_array().unwrap().len() == 2);
    let table = home.path().join("a.csv");
    fs::write(&table, "受理时间,诉求内容\n2026-11-20 08:00,路灯不亮\n不是时间,井盖\n").unwrap();
    let dry = json(&["import", table.to_str().unwrap(), "--dry-run", "--json"]);
    assert_eq!(dry["rows"][0]["title"], "路灯不亮");
    assert!(dry["rows"][1]["refused"].as_str().unwrap().starts_with("received_at"));
    let output = home.run(&["profile", "check", home.path().to_str().unwrap(), "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!findings["findings"].as_array().unwrap().is_empty());
}

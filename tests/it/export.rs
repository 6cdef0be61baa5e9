//! Cases exported by the real program: what a spreadsheet and another program make of them.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use serde_json::{Value, json};

use crate::harness::Home;
use crate::served::new_case;

/// Files a case with this text, and changes of its own.
fn file(home: &Home, text: &str, change: impl FnOnce(&mut Value)) {
    let mut case = new_case(text);
    change(&mut case);
    let path = home.path().join("case.json");
    fs::write(&path, case.to_string()).unwrap();
    home.done(&["case", "new", "--from", path.to_str().unwrap()]);
}

/// The records of a CSV text, the header first.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn no_spreadsheet_computes_what_a_caller_said() {
    let home = Home::with_boss();
    let nasty = [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\"=1",
        "＝1",
        "多\r\n行,引\"号",
        "反\u{202e}转\u{1b}[2J",
    ];
    for text in nasty {
        file(&home, text, |case| case["intake"]["title"] = json!("标题"));
    }
    let said = home.done(&["export", "--columns", "text", "--bom"]);
    assert!(said.starts_with('\u{feff}') && said.contains("\r\n"));
    let texts: Vec<_> =
        records(said.trim_start_matches('\u{feff}')).into_iter().map(|mut r| r.remove(0)).collect();
    assert_eq!(texts[0], "诉求内容");
    assert_eq!(texts.len(), nasty.len() + 1);
    for text in &texts[1..] {
        assert!(!text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']), "{text}");
        assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{text:?}");
    }
    assert!(texts.contains(&"多\n行,引\"号".to_owned()), "{texts:?}");

    let book = home.path().join("a.xlsx");
    home.done(&["export", "-o", book.to_str().unwrap(), "--columns", "number,text,bounces"]);
    let mut book: Xlsx<_> = open_workbook(&book).unwrap();
    assert!(book.worksheet_formula("工单").unwrap().is_empty());
    let range = book.worksheet_range("工单").unwrap();
    assert_eq!(range.height(), nasty.len() + 1);
    for row in range.rows().skip(1) {
        assert!(matches!(&row[0], Data::String(number) if number.len() == 18), "{row:?}");
        assert!(matches!(row[1], Data::String(_)) && matches!(row[2], Data::Float(_)), "{row:?}");
    }
}

#[test]
fn every_page_is_exported_and_another_city_can_import_it() {
    let home = Home::with_boss();
    let row = |n: u32| format!("2026-11-{:02} 08:00:{:02},路灯不亮之{n},投诉", n % 20 + 1, n % 60);
    let rows = (0..230).map(row).collect::<Vec<_>>().join("\n");
    let table = home.path().join("a.csv");
    fs::write(&table, format!("受理时间,诉求内容,诉求类型\n{rows}")).unwrap();
    home.done(&["import", table.to_str().unwrap()]);
    let exported = home.path().join("b.csv");
    let said = home.done(&["export", "-o", exported.to_str().unwrap()]);
    assert!(said.contains("已导出 230 件"), "{said}");
    let mut texts: Vec<_> =
        home.done(&["export", "--columns", "text", "--json"]).lines().map(str::to_owned).collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 230);

    let elsewhere = Home::with_boss();
    let said = elsewhere.done(&["import", exported.to_str().unwrap(), "--json"]);
    assert_eq!(
        serde_json::from_str::<Value>(&said).unwrap(),
        json!({ "accepted": 230, "repeated": 0, "refused": 0 })
    );
    let one = |home: &Home| -> Value {
        let said = home.done(&[
            "export",
            "路灯不亮之7",
            "--json",
            "--limit",
            "1",
            "--columns",
            "text,kind,received_at",
        ]);
        serde_json::from_str(&said).unwrap()
    };
    assert_eq!(one(&home), one(&elsewhere));
    assert_eq!(one(&home)["received_at"], "2026-11-08T08:00:07+08:00");
}

#[test]
fn callers_stay_masked_and_what_is_confidential_stays_at_home() {
    let home = Home::with_boss();
    file(&home, "路灯不亮", |case| {
        case["intake"]["caller"] = json!({ "name": "欧阳探针", "number": "13900005678" });
    });
    file(&home, "请为我保密", |case| case["intake"]["confidential"] = json!(true));
    for format in ["csv", "jsonl"] {
        let said = home.done(&["export", "--format", format]);
        assert!(said.contains("139****5678") && said.contains("欧**"), "{said}");
        assert!(
            !said.contains("探针") && !said.contains("13900005678") && !said.contains("请为我保密"),
            "{said}"
        );
    }
    let said = home.run(&["export"]).stderr;
    assert!(String::from_utf8(said).unwrap().contains("另有 1 件"));
}

#[test]
fn an_export_that_fails_leaves_no_file() {
    let home = Home::with_boss();
    let path = home.path().join("a.csv");
    fs::write(&path, "旧的").unwrap();
    for arguments in [
        &["export", "x", "--server", "http://127.0.0.1:1", "--user", "no one"][..],
        &["export", "--columns", "phone"],
    ] {
        let output = home.run(&[arguments, &["-o", path.to_str().unwrap()]].concat());
        assert!(!output.status.success());
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "旧的");
    let parts = fs::read_dir(home.path())
        .unwrap()
        .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().contains(".part"));
    assert_eq!(parts.count(), 0);
    assert_eq!(home.run(&["export", "--format", "xlsx"]).status.code(), Some(2));
}

#[test]
fn an_export_that_is_ended_leaves_no_file() {
    let home = Home::with_boss();
    let path = home.path().join("a.xlsx");
    fs::write(&path, "旧的").unwrap();
    // A server that hears everything and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", silent.local_addr().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_huiyin"));
    command.env_clear().envs(home.environment()).arg("--home").arg(home.path());
    command.args(["export", "--server", &server, "-o", path.to_str().unwrap()]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let heard = silent.accept().unwrap();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    drop(heard);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("已取消"), "{said}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "旧的");
    let names = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!names.into_iter().any(|name| name.to_string_lossy().contains(".part")));
}

#[test]
fn a_full_disk_is_told() {
    let home = Home::with_boss();
    for n in 0..3 {
        file(&home, &format!("路灯不亮{n}").repeat(500), |_| {});
    }
    for format in ["csv", "jsonl"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_huiyin"));
        command.env_clear().envs(home.environment()).arg("--home").arg(home.path());
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command.args(["export", "--columns", "text", "--format", format]).stdout(full).output();
        let output = output.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && said.contains("磁盘已满"), "{format}: {said}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_news() {
    let home = Home::with_boss();
    for n in 0..3 {
        file(&home, &format!("路灯不亮{n}"), |_| {});
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_huiyin"));
    command.env_clear().envs(home.environment()).arg("--home").arg(home.path()).arg("export");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

//! Letting a month of intake go by `huiyin retention`, as an administrator or a script does.

use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::harness::Home;
use crate::serving::Serving;

/// Two cases of January 2024 with three events, the second unfinished.
const JANUARY: &str = "SELECT make_month(1704153600000);
    INSERT INTO case_file (key, id, number, version, state, unfinished, departments, taken_by, received_at, content, written,
        document) SELECT 1704153600000 + n, 'c' || n, 'n' || n, 1, 'registered', n, '', 'boss', 1704153600000 + n, '', '', '{}'
      FROM generate_series(0, 1) n;
    INSERT INTO case_event (case_id, seq, id, at, actor, kind, state, body)
      SELECT 'c' || n / 2, 1 + n % 2, 'e' || n, 0, 'boss', 'x', 'registered', '{}' FROM generate_series(0, 2) n";

#[test]
fn a_month_goes_once_it_is_finished_and_somebody_has_said_so() {
    let cluster = match Cluster::shared() {
        Ok(cluster) => cluster,
        Err(why) => return println!("skipped: {why}"),
    };
    let (database, home) = (cluster.database(), Home::empty());
    let url = database.url();
    let drop = |month: &str, more: &[&str]| {
        let output = home.run(&[&["retention", "drop", month, "--database", &url], more].concat());
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code().unwrap(), said)
    };
    // Nothing is made in a database that was named by mistake.
    assert_eq!(drop("202401", &["--yes"]).0, 1);
    assert_eq!(
        database.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
        Ok("0".to_owned())
    );

    let serving = Serving::start(&home, &["--database", &url]);
    database.sql(JANUARY).unwrap();
    let this = database.sql("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMM')").unwrap();
    for (month, code, words) in [
        ("202401", 1, "202401 还有 1 件工单没有办结"),
        (&*this, 1, "是本月、上月或以后的月份"),
        ("202313", 2, "要写年和月六位数字"),
        ("2024-1", 2, "要写年和月六位数字"),
        ("202312", 1, "没有 202312 这个月"),
    ] {
        let (exit, said) = drop(month, &["--yes"]);
        assert!(exit == code && said.contains(words), "{said}");
    }
    database.sql("UPDATE case_row SET unfinished = 0").unwrap();
    let (exit, said) = drop("202401", &["--language", "en"]);
    let goes =
        "202401 would go for good: 2 cases with 3 events, received from 2024-01-01 08:00 to 2024-02-01 08:00";
    assert!(exit == 1 && said.contains(goes) && said.contains("add --yes"), "{said}");
    assert_eq!(database.sql("SELECT count(*) FROM case_file"), Ok("2".to_owned()));

    let (exit, said) = drop("202401", &["--yes", "--json"]);
    assert_eq!(exit, 0, "{said}");
    let told: Value = serde_json::from_str(&said).unwrap();
    let (from, until) = ("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z");
    assert_eq!(told, json!({"dropped": "202401", "from": from, "until": until, "cases": 2, "events": 3}));
    let left = "SELECT (SELECT count(*) FROM case_map), (SELECT count(*) FROM event_map),
        (SELECT count(*) FROM pg_tables WHERE tablename LIKE '%202401'),
        (SELECT string_agg(action || ' ' || subject || ': ' || detail, '') FROM audit WHERE action = 'month.drop')";
    assert_eq!(database.sql(left), Ok("0|0|0|month.drop 202401: 2 cases, 3 events".to_owned()));
    assert!(drop("202401", &["--yes"]).1.contains("没有 202401 这个月"));
    serving.end();
}

#[test]
fn the_embedded_database_keeps_everything() {
    let home = Home::with_boss();
    let output = home.run(&["retention", "drop", "202401", "--yes"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("SQLite）保留全部工单"), "{said}");
}

#[test]
fn at_a_terminal_the_month_is_typed_again() {
    let cluster = match Cluster::shared() {
        Ok(cluster) => cluster,
        Err(why) => return println!("skipped: {why}"),
    };
    let (database, home) = (cluster.database(), Home::empty());
    let url = database.url();
    Serving::start(&home, &["--database", &url]).end();
    database.sql(JANUARY).unwrap();
    database.sql("UPDATE case_row SET unfinished = 0").unwrap();
    for (answer, exit, left) in [("y", 1, "2"), ("202401", 0, "0")] {
        let mut terminal = home.desk(&["retention", "drop", "202401", "--database", &url]);
        terminal.until_shows("输入 202401 确认");
        terminal.type_text(&format!("{answer}\r"));
        assert_eq!(terminal.ended(), exit);
        assert_eq!(database.sql("SELECT count(*) FROM case_file"), Ok(left.to_owned()));
    }
}

//! How the statements are run in a database with cases of several months: by an index that narrows, whatever the table.

use super::*;
use crate::store::{cases, postgres};

/// The tables that grow without end.
const GROWING: &[&str] = &["case_row", "case_map", "case_terms", "event_row", "event_map"];

/// The nodes of a plan that go through a growing table without an index that narrows them down.
fn sweeping(plan: &str) -> Vec<&str> {
    let lines: Vec<&str> = plan.lines().collect();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if !line.contains(" on ") || !GROWING.iter().any(|table| line.contains(&format!(" on {table}"))) {
            continue;
        }
        if line.contains("Update on") || line.contains("Insert on") {
            continue;
        }
        let under = lines[at + 1..].iter().take_while(|below| depth(below) > depth(line));
        let narrows = under.take_while(|below| !below.contains("->")).any(|below| below.contains("Cond:"));
        if line.contains("Seq Scan") || !narrows {
            found.push(*line);
        }
    }
    found
}

#[test]
fn no_statement_sweeps_through_a_growing_table() {
    let Some(database) = database() else { return };
    let url = database.url();
    let store = Store::postgres(&url).unwrap();
    let fill = store.write_own(|tx| {
        for month in 0..4 {
            for n in 0..50 {
                let received_at = minute(-month * 43_200 - n);
                file(tx, Filing { received_at, ..filing("路灯不亮") }, rules())?;
            }
        }
        Ok::<_, FilingError>(())
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(fill).unwrap();
    // A month that is known to be empty is gone through as it likes.
    let empty = "SELECT drop_month(name) FROM case_month
        WHERE NOT EXISTS (SELECT 1 FROM case_map WHERE key >= starts AND key < ends)";
    database.sql(empty).unwrap();
    database.sql("ANALYZE").unwrap();
    let shared = cases::ALL_STATEMENTS.iter().copied().flatten().chain(feed::STATEMENTS).copied();
    let own = postgres::STATEMENTS.iter().copied().flatten().copied();
    let month = database.sql("SELECT max(name) FROM case_month").unwrap();
    let of_months = postgres::search_statements(&month);
    let mut explained = 0;
    for sql in shared.chain(own).map(str::to_owned).chain(of_months) {
        let plan = postgres::explain(&url, &sql).unwrap();
        assert_eq!(sweeping(&plan), Vec::<&str>::new(), "{sql}\n{plan}");
        explained += 1;
    }
    assert!(explained > 25, "{explained}");
}

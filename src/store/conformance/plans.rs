//! How the statements are run in a database with cases of several months: by an index that narrows, whatever the table.

use super::*;
use crate::store::{cases, lessons, postgres, topics};

/// The tables that grow without end.
const GROWING: &[&str] = &["case_row", "case_map", "case_terms", "event_row", "event_map"];

/// Some thousand cases in four months, and none in others: where there is next to nothing, one plan is as good as another.
const FILL: &str = "
    SELECT make_month(1795424400000 - m * 2592000000) FROM generate_series(0, 3) m;
    CREATE TEMP TABLE filed AS SELECT 1795424400000 - m * 2592000000 - n * 60000 AS key, m || '-' || n AS id, n
      FROM generate_series(0, 3) m, generate_series(0, 1999) n;
    INSERT INTO case_file (key, id, number, version, state, unfinished, departments, taken_by, received_at, due_at,
        caller_key, contact_key, content, written, document)
      SELECT key, id, id, 1, 'registered', (n % 10 = 0)::int, '', 'agent' || n % 40, key, CASE WHEN n % 3 = 0 THEN key END,
        CASE WHEN n % 2 = 0 THEN 't' || n % 700 END, CASE WHEN n % 2 = 1 THEN 't' || n % 700 END, '', '', '{}' FROM filed;
    INSERT INTO case_event (case_id, seq, id, at, actor, kind, state, body)
      SELECT id, 1, id, 0, 'x', 'registered', 'registered', '{}' FROM filed;
    INSERT INTO case_terms SELECT key, array_to_tsvector(ARRAY['0e', 'w' || key / 60000 % 97]) FROM filed;
    DO $$ DECLARE empty TEXT; BEGIN
      FOR empty IN SELECT name FROM case_month WHERE NOT EXISTS (SELECT 1 FROM case_map WHERE key >= starts AND key < ends)
      LOOP
        EXECUTE format('DROP TABLE case_row_%1$s, event_row_%1$s, case_terms_%1$s', empty);
        DELETE FROM case_month WHERE name = empty;
      END LOOP;
    END $$;
    ANALYZE";

/// The nodes of a plan that go through a growing table without an index that narrows them down.
fn sweeping(plan: &str) -> Vec<&str> {
    let lines: Vec<&str> = plan.lines().collect();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if !line.contains(" on ") || !GROWING.iter().any(|table| line.contains(&format!(" on {table}"))) {
            continue;
        }
        // How the rows are found stands below.
        if ["Update on", "Insert on", "Delete on"].iter().any(|node| line.contains(node)) {
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
    drop(Store::postgres(&url).unwrap());
    database.sql(FILL).unwrap();
    let shared = cases::ALL_STATEMENTS
        .iter()
        .copied()
        .flatten()
        .chain(feed::STATEMENTS)
        .chain(lessons::STATEMENTS)
        .chain(topics::STATEMENTS)
        .copied();
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

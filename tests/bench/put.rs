//! Filing cases over HTTP with 64 clients, beside a loop that inserts the same rows one transaction each.

use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use huiyin::domain::terms::index_terms_of;
use huiyin::sample::SampleCase;
use huiyin::store::cases::FirstAct;
use huiyin::wire::case::{NewCase, Outcome};
use rusqlite::params;

use crate::filled::{CASES, Filled, id, outcome, plain, sample};
use crate::home::{Home, folder};
use crate::http::{CLIENTS, load, request};
use crate::table::{Times, median, print};

/// Cases a round over HTTP.
const FILED: usize = 20_000;
/// Rows a round in the loop, which is slower.
const INSERTED: usize = 3_000;
/// Blocks a round for the disk alone.
const SYNCED: usize = 1_000;
const ROUNDS: usize = 3;

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let filled = Filled::new(CASES)?;
    let home = Home::new(Some(&filled.database()))?;
    let looped = folder()?;
    let beside = looped.path().join("cases.db");
    std::fs::copy(filled.database(), &beside)?;
    // Cases that the database does not have yet: the generator's next ones of another length.
    let cases: Vec<_> = sample((FILED * ROUNDS) as u64)?.collect();
    let served = home.serve()?;

    let (mut rows, mut ratios) = (Vec::new(), Vec::new());
    for (round, cases) in cases.chunks(FILED).enumerate() {
        let requests = cases.iter().map(|case| put(case, &served.token)).collect::<Result<Vec<_>, _>>()?;
        let put = load(served.address, &Arc::new(requests))?;
        let single = one_by_one(&beside, &cases[..INSERTED])?;
        let (synced, sync_rate) = disk(looped.path())?;
        ratios.push(put.rate / single.1);
        let row = |what: &str, rate: f64, times: &Times| {
            vec![format!("{what}, round {}", round + 1), format!("{rate:.0}"), times.cell()]
        };
        rows.push(row(&format!("`PUT`, {CLIENTS} clients"), put.rate, &put.times));
        rows.push(row("single inserts, one loop", single.1, &single.0));
        rows.push(row("4 KiB and `fdatasync`, one loop", sync_rate, &synced));
    }
    print("Filing a case, durable, into 100,000", &["", "a second", "p50 / p99 ms"], &rows);
    crate::table::say(&format!("\nPUT to single inserts, median of {ROUNDS} rounds: {:.1}", median(ratios)));
    Ok(())
}

/// A case as a desk sends it.
pub(crate) fn new_case(case: &SampleCase) -> NewCase {
    NewCase {
        number: None,
        received_at: case.received_at,
        intake: case.intake.clone().into(),
        outcome: match outcome(case) {
            FirstAct::Register => Outcome::Register,
            FirstAct::Answer(answer) => Outcome::Answer(answer),
            FirstAct::Dispatch(order) => Outcome::Dispatch(order.into()),
        },
    }
}

fn put(case: &SampleCase, token: &str) -> anyhow::Result<Vec<u8>> {
    let body = new_case(case);
    Ok(request("PUT", &format!("/v1/cases/{}", id(1, case)), token, &serde_json::to_string(&body)?))
}

/// What a program does that has no store of ours: a transaction for each case with its row, its event, its entry in
/// the audit trail and its words in the index, under the settings that `SQLite` comes with but for WAL.
fn one_by_one(database: &Path, cases: &[SampleCase]) -> anyhow::Result<(Times, f64)> {
    let connection = plain(database)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         INSERT INTO case_search (case_search, rank) VALUES ('automerge', 4);
         INSERT INTO case_search (case_search, rank) VALUES ('crisismerge', 16);
         INSERT INTO case_search (case_search, rank) VALUES ('usermerge', 4);",
    )?;
    let first: i64 = connection.query_row("SELECT max(key) + 1 FROM case_file", [], |row| row.get(0))?;
    let mut times = Vec::with_capacity(cases.len());
    let began = Instant::now();
    for (key, case) in (first..).zip(cases) {
        let started = Instant::now();
        insert(&connection, key, case)?;
        times.push(started.elapsed());
    }
    let rate = times.len() as f64 / began.elapsed().as_secs_f64();
    Ok((Times::new(times), rate))
}

fn insert(connection: &rusqlite::Connection, key: i64, case: &SampleCase) -> anyhow::Result<()> {
    let intake = &case.intake;
    let document = serde_json::to_string(intake)?;
    let body = index_terms_of([intake.title.as_str(), &intake.text, &intake.place.detail, &intake.target]);
    let number = intake.caller.number.as_ref().map_or("", |number| number.as_str());
    let (id, at) = (format!("single-{key}"), case.received_at.as_millisecond());
    connection.execute_batch("BEGIN IMMEDIATE")?;
    connection
        .prepare_cached(
            "INSERT INTO case_file (key, id, number, version, state, unfinished, departments, taken_by,
                received_at, caller_key, content, written, document)
             VALUES (?1, ?2, ?2, 1, 'registered', 1, ?3, 'agent00', ?4, ?5, zeroblob(32), '', ?6)",
        )?
        .execute(params![key, id, case.lead.as_str(), at, number, document])?;
    connection
        .prepare_cached(
            "INSERT INTO case_event (case_id, seq, id, at, actor, kind, state, body)
             VALUES (?1, 1, ?1, ?2, 'agent00', 'registered', 'registered', ?3)",
        )?
        .execute(params![id, at, document])?;
    connection
        .prepare_cached(
            "INSERT INTO audit (at, actor, action, subject, request, detail)
             VALUES (?1, 'agent00', 'case.file', ?2, '', '')",
        )?
        .execute(params![at, id])?;
    connection
        .prepare_cached("INSERT INTO case_search (rowid, terms) VALUES (?1, ?2)")?
        .execute(params![key, format!("{body} 0t{number} 0e 0sregistered")])?;
    connection.execute_batch("COMMIT")?;
    Ok(())
}

/// What the disk allows: a block is appended and made durable, again and again.
pub(crate) fn disk(folder: &Path) -> anyhow::Result<(Times, f64)> {
    let path = folder.join("blocks");
    let mut file = std::fs::File::create(&path)?;
    file.write_all(&[0])?;
    let began = Instant::now();
    let mut times = Vec::with_capacity(SYNCED);
    for block in 0..SYNCED {
        let started = Instant::now();
        file.write_all_at(&[7; 4096], block as u64 * 4096)?;
        file.sync_data()?;
        times.push(started.elapsed());
    }
    Ok((Times::new(times), SYNCED as f64 / began.elapsed().as_secs_f64()))
}

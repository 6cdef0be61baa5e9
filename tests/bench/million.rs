//! Search over a million cases, or over as many as `HUIYIN_BENCH_CASES` says: each sort of query, beside a `LIKE` scan and
//! `SQLite`'s own trigram index; recall against a plain reading of every case; while cases are filed; and from a key to
//! the results on the screen.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::ensure;
use huiyin::domain::case::Case;
use huiyin::domain::id::CaseId;
use huiyin::domain::normalise::normalise;
use huiyin::domain::terms::index_terms_of;
use huiyin::store::cases::FilingError;
use huiyin::store::search::{IndexEntry, page};
use huiyin::store::{Store, StoreError};
use rusqlite::Connection;

use crate::filled::{fill, plain, sample};
use crate::home::Home;
use crate::lean::Lean;
use crate::processor::OnProcessor;
use crate::search::{WARM, by_store, numbers, pieces, plan, scanned, sorts};
use crate::start::sign_in;
use crate::table::{Times, mark, ms, print, ratio, say};

/// Cases where nothing is said.
const CASES: u64 = 1_000_000;
/// Queries of each length that are held against a plain reading.
const EACH_LENGTH: usize = 25;
/// Queries of a sort that a scan is made for.
const SCANNED: usize = 20;
/// How long cases are filed while it is searched.
const FILED_FOR: Duration = Duration::from_secs(10);
/// Words typed at the desk.
const TYPED: usize = 150;
/// Rows that must stand on the screen, and how many characters of each title.
const ROWS: usize = 8;
const TITLE: usize = 8;

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let count = std::env::var("HUIYIN_BENCH_CASES").ok().map_or(Ok(CASES), |count| count.parse())?;
    let filled = Lean::to_be_changed(count)?;
    let rows = plain(&filled.database())?;
    let bytes = index_bytes(&rows)? as f64 / count as f64;
    say(&format!("index: {} bytes a case (at most 450)", mark(bytes, 450.0)));
    let store = Store::sqlite(&filled.database())?;
    each_sort(&store, &rows, &filled.database(), count)?;
    recall(&store, &rows, count)?;
    while_filing(&store, count)?;
    let words = shown_by(&store, &pieces(&sample(count)?, 2, count)?)?;
    drop((store, rows));
    let home = Home::around(&filled.database())?;
    at_the_desk(&home, &words)?;
    // Last, for what it puts into the index is in no case.
    indexing(&home.database(), count)
}

/// What the index of words takes in the file.
fn index_bytes(rows: &Connection) -> anyhow::Result<i64> {
    let sql = "SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE AND name LIKE 'case_search%'";
    Ok(rows.query_row(sql, [], |row| row.get(0))?)
}

fn each_sort(store: &Store, rows: &Connection, database: &Path, count: u64) -> anyhow::Result<()> {
    let trigram = trigram(rows, &database.with_file_name("trigram.db"))?;
    let (mut table, mut mixed) = (Vec::new(), Vec::new());
    let mut all = sorts(&sample(count)?, &numbers(rows)?, count)?;
    for length in [5, 6, 7, 8] {
        all.push(("", pieces(&sample(count)?, length, count)?, false));
    }
    for (name, queries, is_text) in &all {
        let length = queries[0].chars().count();
        let times = by_store(store, queries)?;
        if *is_text || name.is_empty() {
            mixed.extend(queries[WARM..WARM + EACH_LENGTH].to_vec());
        }
        if name.is_empty() {
            continue;
        }
        let mut row = vec![(*name).to_owned(), times.cell()];
        let scan = if *is_text { Some(scanned(rows, queries, SCANNED)?) } else { None };
        let three = if *is_text && length >= 3 { Some(by_trigram(&trigram, rows, queries)?) } else { None };
        for other in [scan, three] {
            row.extend(match other {
                Some(other) => [other.cell(), format!("{:.1}", ratio(other.at(99), times.at(99)))],
                None => ["–".to_owned(), "–".to_owned()],
            });
        }
        table.push(row);
    }
    let heads = ["", "store", "`LIKE` scan", "to store, p99", "trigram", "to store, p99"];
    print(&format!("First page of {count} cases, newest first, p50 / p99 ms"), &heads, &table);
    // Of every length the same number, in turn.
    let turns: Vec<String> =
        (0..EACH_LENGTH).flat_map(|n| mixed.iter().skip(n).step_by(EACH_LENGTH).cloned()).collect();
    let warm: Vec<String> = turns[..WARM].iter().chain(&turns).cloned().collect();
    let times = by_store(store, &warm)?;
    let [p50, p99] = [50, 99].map(|at| times.at(at).as_secs_f64() * 1000.0);
    let n = turns.len();
    say(&format!("\n{n} mixed, 1 to 8 characters: p50 {} ms, p99 {} ms", mark(p50, 0.5), mark(p99, 10.0)));
    Ok(())
}

/// `SQLite`'s own index of three characters over the same texts, in a file of its own.
fn trigram(rows: &Connection, path: &Path) -> anyhow::Result<Connection> {
    let began = Instant::now();
    let index = Connection::open(path)?;
    index.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
         CREATE VIRTUAL TABLE words USING fts5(text, content = '', tokenize = 'trigram'); BEGIN;",
    )?;
    let mut insert = index.prepare("INSERT INTO words (rowid, text) VALUES (?1, ?2)")?;
    let mut all = rows.prepare("SELECT key, document, written FROM case_file ORDER BY key")?;
    let mut all = all.query([])?;
    while let Some(row) = all.next()? {
        let case: Case = serde_json::from_str(row.get_ref(1)?.as_str()?)?;
        insert.execute((row.get::<_, i64>(0)?, texts(&case, row.get_ref(2)?.as_str()?)))?;
    }
    drop(insert);
    index.execute_batch("COMMIT; INSERT INTO words (words) VALUES ('optimize')")?;
    say(&format!("the trigram index is made in {:.0} s", began.elapsed().as_secs_f64()));
    Ok(index)
}

/// All that a case is found by, in one text.
fn texts(case: &Case, written: &str) -> String {
    let intake = &case.intake;
    let own = [
        &intake.title,
        &intake.text,
        &intake.place.detail,
        &intake.target,
        &intake.remark,
        &intake.caller.name,
    ];
    let all: Vec<&str> = own.into_iter().chain(&intake.tags).map(String::as_str).chain([written]).collect();
    all.join("\u{1e}")
}

fn by_trigram(index: &Connection, rows: &Connection, queries: &[String]) -> anyhow::Result<Times> {
    let mut find =
        index.prepare("SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid DESC LIMIT 20")?;
    let mut fetch = rows.prepare("SELECT document FROM case_file WHERE key = ?1")?;
    let mut times = Vec::new();
    for text in &queries[WARM..] {
        let started = OnProcessor::begin();
        let keys = find.query_map([format!("\"{text}\"")], |row| row.get::<_, i64>(0))?;
        for key in keys {
            let _: Case = serde_json::from_str(&fetch.query_row([key?], |row| row.get::<_, String>(0))?)?;
        }
        times.push(started.elapsed());
    }
    Ok(Times::new(times))
}

/// Each query's hits, page after page to the end, against a plain reading of every case.
fn recall(store: &Store, rows: &Connection, count: u64) -> anyhow::Result<()> {
    let mut words = Vec::new();
    for length in 1..=8 {
        words.extend(pieces(&sample(count)?, length, count)?.into_iter().skip(WARM).take(EACH_LENGTH));
    }
    // How many, and which: the order does not matter.
    let mut read = vec![(0_u64, 0_u128); words.len()];
    let mut all = rows.prepare("SELECT document, written FROM case_file")?;
    let mut all = all.query([])?;
    while let Some(row) = all.next()? {
        let case: Case = serde_json::from_str(row.get_ref(0)?.as_str()?)?;
        let text = texts(&case, row.get_ref(1)?.as_str()?);
        let normal = text.split('\u{1e}').map(normalise).collect::<Vec<_>>().join("\u{1e}");
        for (word, (many, which)) in words.iter().zip(&mut read) {
            if normal.contains(word.as_str()) {
                *many += 1;
                *which = which.wrapping_add(number(case.id)?);
            }
        }
    }
    let (mut right, mut hits) = (0, 0);
    for (word, (many, which)) in words.iter().zip(read) {
        let mut plan = plan(&format!("\"{word}\""))?;
        plan.limit = 2000;
        let mut found = (0_u64, 0_u128);
        loop {
            let result = store.read_here(|tx| page(tx, &plan))?;
            for hit in &result.hits {
                found.0 += 1;
                found.1 = found.1.wrapping_add(number(hit.case.id)?);
            }
            plan.after = result.next;
            if plan.after.is_none() {
                break;
            }
        }
        right += usize::from(found == (many, which));
        hits += many;
    }
    let all = words.len();
    say(&format!(
        "recall and precision: {right} of {all} queries have the very cases of a plain reading ({hits} hits)"
    ));
    ensure!(right == all, "something is missed or found that is not there");
    Ok(())
}

fn number(id: CaseId) -> anyhow::Result<u128> {
    Ok(id.to_string().parse::<uuid::Uuid>()?.as_u128())
}

/// Two characters, again and again, while somebody files case after case, each committed by itself.
fn while_filing(store: &Store, count: u64) -> anyhow::Result<()> {
    let done = Arc::new(AtomicBool::new(false));
    let (writer, stop) = (store.clone(), Arc::clone(&done));
    let filing = std::thread::spawn(move || -> anyhow::Result<usize> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut filed = 0;
        for case in sample(count)?.skip(7) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            runtime.block_on(writer.write(move |tx| fill(tx, 3, &case)))?;
            filed += 1;
        }
        Ok::<_, FilingError>(filed).map_err(Into::into)
    });
    let queries = pieces(&sample(count)?, 2, count)?;
    let (mut times, began) = (Vec::new(), Instant::now());
    while began.elapsed() < FILED_FOR {
        for text in &queries {
            let plan = plan(text)?;
            let started = OnProcessor::begin();
            let _ = store.read_here(|tx| page(tx, &plan))?;
            times.push(started.elapsed());
        }
    }
    done.store(true, Ordering::Relaxed);
    let filed = filing.join().map_err(|_| anyhow::anyhow!("the filing panicked"))??;
    let times = Times::new(times);
    let p50 = times.at(50).as_secs_f64() * 1000.0;
    let rate = filed as f64 / FILED_FOR.as_secs_f64();
    let p99 = ms(times.at(99));
    say(&format!("while {rate:.0} cases a second are filed: p50 {} ms, p99 {p99} ms", mark(p50, 1.0)));
    Ok(())
}

/// What it takes to put a case into the index, alone of all that filing is. The database is of no use afterwards.
fn indexing(database: &Path, count: u64) -> anyhow::Result<()> {
    let store = Store::sqlite(database)?;
    let first: i64 = plain(database)?.query_row("SELECT max(key) FROM case_file", [], |row| row.get(0))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut times = Vec::new();
    for (n, case) in (1..).zip(sample(count)?.take(2000)) {
        let intake = case.intake;
        let took = runtime.block_on(store.write(move |tx| {
            let started = OnProcessor::begin();
            let own = [&intake.title, &intake.text, &intake.place.detail, &intake.target];
            let entry = IndexEntry {
                body: index_terms_of(own.map(String::as_str)),
                caller: index_terms_of([intake.caller.name.as_str()]) + " 0t16100000000 0l0000",
                filters: "0e 0sregistered 0khelp 0b6167656e74 0x261123154203004271 0y4271".to_owned(),
            };
            tx.index(first + n * 3_600_000, &entry)?;
            Ok::<_, StoreError>(started.elapsed())
        }))?;
        times.push(took);
    }
    let mean = times.iter().sum::<Duration>().as_secs_f64() * 1000.0 / times.len() as f64;
    let times = Times::new(times);
    say(&format!(
        "indexing a case: mean {} ms (at most 0.2), p50 / p99 {} ms",
        mark(mean, 0.2),
        times.cell()
    ));
    Ok(())
}

/// Words, each with the titles of the newest cases that have it.
fn shown_by(store: &Store, words: &[String]) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let titles = |word: &String| -> anyhow::Result<Vec<String>> {
        let plan = plan(word)?;
        let found = store.read_here(|tx| page(tx, &plan))?;
        let titles = found.hits.iter().map(|hit| hit.case.intake.title.chars().take(TITLE).collect());
        Ok(titles.take(ROWS).collect())
    };
    words.iter().map(|word| Ok((word.clone(), titles(word)?))).collect()
}

/// Whether these titles stand in rows one below the other.
fn lists(screen: &vt100::Screen, titles: &[String]) -> bool {
    let rows: Vec<String> = screen.rows(0, screen.size().1.into()).collect();
    rows.windows(titles.len())
        .any(|rows| rows.iter().zip(titles).all(|(row, title)| row.contains(title.as_str())))
}

/// From the last byte of a word sent to the frame in which the rows of what it finds stand, one below the other, where
/// other rows stood.
fn at_the_desk(home: &Home, words: &[(String, Vec<String>)]) -> anyhow::Result<()> {
    let mut desk = sign_in(home, (120, 36))?;
    let quiet = Duration::from_millis(120);
    desk.send("\x1bOR")?;
    desk.rest(quiet * 5)?;
    let mut times = Vec::new();
    for (word, titles) in words {
        desk.send("\x15")?;
        desk.rest(quiet)?;
        // Of rows that stand there already nobody can tell when they came.
        if times.len() < TYPED && !desk.sees(|screen| lists(screen, titles)) {
            times.push(desk.answered(word, |screen| lists(screen, titles))?);
            desk.rest(quiet)?;
        }
    }
    let times = Times::new(times);
    let p99 = times.at(99).as_secs_f64() * 1000.0;
    let (n, p50) = (times.len(), ms(times.at(50)));
    say(&format!(
        "from a word typed to its rows on the screen, {n} words: p50 {p50} ms, p99 {} ms (at most 33)",
        mark(p99, 33.0)
    ));
    Ok(())
}

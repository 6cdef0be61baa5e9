//! The store over PostgreSQL beside the one over `SQLite` and beside plain statements, on the same invented cases: a
//! million, or as many as `HUIYIN_BENCH_CASES` says. What is measured is the time that somebody waits, for the work is
//! done in another process; so only the ratios of one run can be trusted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use huiyin::domain::number::CaseNumber;
use huiyin::domain::phone::PhoneNumber;
use huiyin::sample::SampleCase;
use huiyin::store::cases::FilingError;
use huiyin::store::search::page;
use huiyin::store::{Store, StoreError, Tx, cases};
use tokio_postgres::{Client, NoTls};

use crate::cluster::programs::Programs;
use crate::crowd::{Crowd, FILED};
use crate::filled::{fill, plain, sample};
use crate::http::CLIENTS;
use crate::lean::Lean;
use crate::search::{WARM, numbers, plan, sorts, spread};
use crate::table::{Times, ms, print, ratio, say};

/// Cases where nothing is said.
const CASES: u64 = 1_000_000;
/// Cases in one transaction while the database is filled.
const FILLED_AT_ONCE: usize = 50;
/// Cases filed by all clients together, each in a transaction of its own.
const CREATED: usize = 20_000;
/// Queries of a sort, after others to warm up: what is larger than the memory takes its time.
const SEARCHED: usize = 60;
/// Cases whose number or caller is looked up.
const LOOKED_UP: usize = 400;
/// Connections that the plain statements go over: as many as a server writes on.
const CONNECTIONS: usize = 16;

/// A store, and of how many cases its row of them is.
struct Side {
    store: Store,
    cases: u64,
}

impl Side {
    /// So many of its cases, spread over all of them.
    fn spread(&self, many: usize) -> anyhow::Result<Vec<SampleCase>> {
        let (cases, step) = (sample(self.cases)?, self.cases / many as u64);
        Ok((0..many as u64).map(|n| cases.case(n * step)).collect())
    }
}

/// Prints the figures; says so where there is no PostgreSQL.
pub(crate) fn run() -> anyhow::Result<()> {
    let programs = match Programs::find() {
        Ok(programs) => programs,
        Err(why) => {
            say(&format!("skipped: {why}"));
            return Ok(());
        }
    };
    let count = std::env::var("HUIYIN_BENCH_CASES").ok().map_or(Ok(CASES), |count| count.parse())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let crowd = Crowd::new(programs, count, |url, count| {
        let (store, cases) = (Store::postgres(url)?, sample(count)?.collect());
        runtime.block_on(async {
            file(&store, 0, cases, CONNECTIONS, FILLED_AT_ONCE).await?;
            store.close().await;
            Ok(())
        })
    })?;
    let size: u64 = crowd.sql("SELECT pg_database_size(current_database())")?.parse()?;
    say(&format!("{} bytes a case, with its indexes", size / count));
    let lean = Lean::to_be_changed(count)?;
    let ours = Side { store: Store::postgres(&crowd.url())?, cases: count.min(FILED) };
    let embedded = Side { store: Store::sqlite(&lean.database())?, cases: count };
    let raw = runtime.block_on(connect(&crowd.url()))?;

    searches([&ours, &embedded], [&numbers_of(&crowd)?, &numbers(&plain(&lean.database())?)?], count)?;
    early_stop(&ours.store, &plain(&lean.database())?)?;
    lookups([&ours, &embedded], &runtime, &raw, count)?;
    creation([&ours, &embedded], &runtime, &crowd.url(), count)?;
    runtime.block_on(async {
        ours.store.close().await;
        embedded.store.close().await;
    });
    Ok(())
}

/// The numbers of cases spread over all that there are.
fn numbers_of(crowd: &Crowd) -> anyhow::Result<Vec<String>> {
    let ends = crowd.sql("SELECT min(key), max(key) FROM case_map")?;
    let (from, to) = ends.split_once('|').context("the first key and the last")?;
    let keys: Vec<String> = spread(from.parse()?, to.parse()?).map(|key| key.to_string()).collect();
    let found = crowd.sql(&format!(
        "SELECT number FROM unnest(ARRAY[{}]::bigint[]) of, LATERAL
            (SELECT number FROM case_map WHERE key >= of ORDER BY key LIMIT 1) first",
        keys.join(",")
    ))?;
    Ok(found.lines().map(str::to_owned).collect())
}

async fn connect(url: &str) -> anyhow::Result<Client> {
    let (client, driver) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(driver);
    Ok(client)
}

/// Files cases, so many in a transaction, by so many clients; the time of each transaction.
async fn file(
    store: &Store,
    row: u8,
    cases: Vec<SampleCase>,
    clients: usize,
    at_once: usize,
) -> anyhow::Result<Times> {
    let (cases, next) = (Arc::new(cases), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..clients)
        .map(|_| {
            let (store, cases, next) = (store.clone(), Arc::clone(&cases), Arc::clone(&next));
            tokio::spawn(async move {
                let mut times = Vec::new();
                loop {
                    let from = next.fetch_add(at_once, Ordering::Relaxed);
                    let to = (from + at_once).min(cases.len());
                    if from >= to {
                        return Ok::<_, FilingError>(times);
                    }
                    let (some, began) = (Arc::clone(&cases), Instant::now());
                    let all =
                        move |tx: &mut dyn Tx| some[from..to].iter().try_for_each(|case| fill(tx, row, case));
                    store.write_own(all).await?;
                    times.push(began.elapsed());
                }
            })
        })
        .collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await??);
    }
    Ok(Times::new(times))
}

/// Each sort of query: its first page, by either store. Words and callers are those of the cases that both have.
fn searches(sides: [&Side; 2], numbers: [&[String]; 2], count: u64) -> anyhow::Result<()> {
    let both = sides[0].cases.min(sides[1].cases);
    let [here, there] = numbers.map(|numbers| sorts(&sample(both)?, numbers, both));
    let mut table = Vec::new();
    for ((name, here, _), (_, there, _)) in here?.iter().zip(&there?) {
        let first_pages = |side: &Side, queries: &[String]| -> anyhow::Result<Times> {
            let mut times = Vec::new();
            for text in &queries[..WARM + SEARCHED] {
                let (plan, began) = (plan(text)?, Instant::now());
                side.store.read_here(|tx| page(tx, &plan))?;
                times.push(began.elapsed());
            }
            Ok(Times::new(times.split_off(WARM)))
        };
        let (here, there) = (first_pages(sides[0], here)?, first_pages(sides[1], there)?);
        let [p50, p99] = [50, 99].map(|at| format!("{:.1}", ratio(here.at(at), there.at(at))));
        table.push(vec![(*name).to_owned(), here.cell(), there.cell(), p50, p99]);
    }
    let heads = ["", "PostgreSQL", "SQLite", "p50, times as long", "p99"];
    print(&format!("First page of {count} cases, newest first, p50 / p99 ms"), &heads, &table);
    Ok(())
}

/// A word that a tenth of all cases have, beside one that few have.
fn early_stop(ours: &Store, rows: &rusqlite::Connection) -> anyhow::Result<()> {
    let mut common = Vec::new();
    for word in ["路", "小区", "反映"] {
        let share: f64 = rows.query_row(
            "SELECT avg(document LIKE ?1) FROM (SELECT document FROM case_file ORDER BY key DESC LIMIT 20000)",
            [format!("%{word}%")],
            |row| row.get(0),
        )?;
        let (plan, mut times) = (plan(word)?, Vec::new());
        for _ in 0..50 {
            let began = Instant::now();
            ours.read_here(|tx| page(tx, &plan))?;
            times.push(began.elapsed());
        }
        common.push(format!("{word} (in {:.0} %) {} ms", share * 100.0, Times::new(times).cell()));
    }
    say(&format!("\nfirst page of common words, p50 / p99: {}", common.join(", ")));
    Ok(())
}

/// A case by its number, what a number called about before, and the newest of a queue; beside the plain statement.
fn lookups(
    sides: [&Side; 2],
    runtime: &tokio::runtime::Runtime,
    raw: &Client,
    count: u64,
) -> anyhow::Result<()> {
    // By either store, which gave them in the order of its own filing.
    let numbers = |side: &Side| -> anyhow::Result<Vec<CaseNumber>> {
        let number = |case: &SampleCase| {
            let found = side.store.read_here(|tx| cases::find(tx, crate::filled::id(0, case)))?;
            Ok(found.context("a case that was filed")?.number)
        };
        side.spread(LOOKED_UP)?.iter().map(number).collect()
    };
    let [here, there] = sides.map(numbers);
    let (here, there) = (here?, there?);
    let [ours, embedded] = sides.map(|side| &side.store);
    let callers = sides[0].spread(LOOKED_UP)?.into_iter().filter_map(|case| case.intake.caller.number);
    let phones: Vec<PhoneNumber> = callers.collect();
    let mut table = Vec::new();
    let mut add = |name: &str, of: [Times; 2], plain: Option<Times>| {
        let [here, there] = &of;
        let beside =
            plain.as_ref().map(|plain| (plain.cell(), format!("{:.1}", ratio(here.at(50), plain.at(50)))));
        let (cell, times) = beside.unwrap_or_else(|| ("–".to_owned(), "–".to_owned()));
        let sqlite = format!("{:.1}", ratio(here.at(50), there.at(50)));
        table.push(vec![name.to_owned(), here.cell(), there.cell(), sqlite, cell, times]);
    };
    let by_number = |store: &Store, numbers: &Vec<CaseNumber>| {
        timed(numbers, |number| {
            let found = store.read_here(|tx| cases::find_by_number(tx, number))?;
            ensure!(found.is_some(), "a case is not found by its number");
            Ok(())
        })
    };
    let statement = "SELECT document FROM case_row WHERE key = (SELECT key FROM case_map WHERE number = $1)";
    let beside = runtime.block_on(async {
        let statement = raw.prepare(statement).await?;
        let mut times = Vec::new();
        for number in &here {
            let began = Instant::now();
            raw.query_one(&statement, &[&number.as_str()]).await?;
            times.push(began.elapsed());
        }
        Ok::<_, tokio_postgres::Error>(Times::new(times))
    })?;
    add("a case by its number", [by_number(ours, &here)?, by_number(embedded, &there)?], Some(beside));
    let history = |store: &Store| {
        timed(&phones, |phone| {
            store.read_here(|tx| cases::history(tx, phone, "010", 20)).map(drop).map_err(Into::into)
        })
    };
    add("what a number called about before", [history(ours)?, history(embedded)?], None);
    let queues: Vec<_> =
        ["state:registered", "state:dispatched", "state:in_progress", "is:overdue"].repeat(50);
    let queue = |store: &Store| {
        timed(&queues, |text| {
            let plan = plan(text)?;
            store.read_here(|tx| page(tx, &plan)).map(drop).map_err(Into::into)
        })
    };
    add("a page of a queue", [queue(ours)?, queue(embedded)?], None);
    let heads = ["", "PostgreSQL", "SQLite", "times as long", "plain statement", "times as long"];
    print(&format!("Looked up among {count} cases, p50 / p99 ms"), &heads, &table);
    Ok(())
}

fn timed<T>(of: &[T], mut work: impl FnMut(&T) -> anyhow::Result<()>) -> anyhow::Result<Times> {
    let mut times = Vec::with_capacity(of.len());
    for one in of {
        let began = Instant::now();
        work(one)?;
        times.push(began.elapsed());
    }
    Ok(Times::new(times))
}

/// Cases filed one a transaction by 64 clients, beside rows of the same documents inserted by plain statements.
fn creation(
    sides: [&Side; 2],
    runtime: &tokio::runtime::Runtime,
    url: &str,
    count: u64,
) -> anyhow::Result<()> {
    // Of today, under ids that neither store has yet, even where the cases are kept and were added to before.
    let cases = sample(count + CREATED as u64)?;
    let new: Vec<_> = (count..count + CREATED as u64).map(|n| cases.case(n)).collect();
    let mut row = 1;
    for side in sides {
        while side.store.read_here(|tx| cases::find(tx, crate::filled::id(row, &new[0])))?.is_some() {
            row += 1;
        }
    }
    let mut table = Vec::new();
    let mut rates = Vec::new();
    for (name, side) in ["PostgreSQL, 64 clients", "SQLite, 64 clients"].into_iter().zip(sides) {
        let began = Instant::now();
        let times = runtime.block_on(file(&side.store, row, new.clone(), CLIENTS, 1))?;
        let rate = CREATED as f64 / began.elapsed().as_secs_f64();
        rates.push(rate);
        table.push(vec![name.to_owned(), format!("{rate:.0}"), times.cell()]);
    }
    let documents: Vec<String> =
        new.iter().map(|case| serde_json::to_string(&case.intake)).collect::<Result<_, _>>()?;
    let began = Instant::now();
    let times = runtime.block_on(inserted(url, Arc::new(documents)))?;
    let rate = CREATED as f64 / began.elapsed().as_secs_f64();
    table.push(vec![format!("plain inserts, {CONNECTIONS} connections"), format!("{rate:.0}"), times.cell()]);
    print("Filing a case, durable", &["", "a second", "p50 / p99 ms"], &table);
    say(&format!(
        "\nPostgreSQL to SQLite {:.2}, to plain inserts {:.2} (p50 of an insert {} ms)",
        rates[0] / rates[1],
        rates[0] / rate,
        ms(times.at(50))
    ));
    Ok(())
}

/// Five plain statements a transaction, as filing has them: a row, a name, an event, its name, an entry in the trail.
async fn inserted(url: &str, documents: Arc<Vec<String>>) -> anyhow::Result<Times> {
    let setup = connect(url).await?;
    setup
        .batch_execute(
            "DROP TABLE IF EXISTS bare;
            CREATE TABLE bare (key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, document TEXT)",
        )
        .await?;
    let next = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (url, documents, next) = (url.to_owned(), Arc::clone(&documents), Arc::clone(&next));
            tokio::spawn(async move {
                let mut client = connect(&url).await?;
                let insert = client.prepare("INSERT INTO bare (document) VALUES ($1)").await?;
                let mut times = Vec::new();
                while let Some(document) = documents.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let began = Instant::now();
                    let transaction = client.transaction().await?;
                    for _ in 0..5 {
                        transaction.execute(&insert, &[document]).await?;
                    }
                    transaction.commit().await?;
                    times.push(began.elapsed());
                }
                Ok::<_, anyhow::Error>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await??);
    }
    Ok::<_, StoreError>(Times::new(times)).map_err(Into::into)
}

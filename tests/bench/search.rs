//! The first page of a search over 100,000 cases: by the store, over HTTP, and by a `LIKE` scan beside them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use huiyin::domain::query::{Filter, Query};
use huiyin::domain::relevance::SearchOrder;
use huiyin::profile::Profile;
use huiyin::sample::Sample;
use huiyin::store::search::{Scope, SearchPlan, page};
use huiyin::store::{Store, StoreError};
use jiff::Timestamp;
use rusqlite::Connection;

use crate::filled::{CASES, Filled, plain, sample};
use crate::home::{Home, NAME};
use crate::http::{CLIENTS, load, one_by_one, request};
use crate::processor::OnProcessor;
use crate::table::{Times, ms, print, ratio};

/// Queries of a sort that are measured, after [`WARM`] others of the sort.
const MEASURED: usize = 200;
pub(crate) const WARM: usize = 20;
/// Queries of a sort that a scan is made for.
const SCANNED: usize = 40;
/// Cases a page.
const PAGE: u32 = 20;

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let filled = Filled::new(CASES)?;
    let home = Home::new(Some(&filled.database()))?;
    let served = home.serve()?;
    let store = Store::sqlite(&filled.database())?;
    let rows = plain(&filled.database())?;
    let sorts = sorts(&sample(CASES)?, &numbers(&rows)?, CASES)?;

    let (mut table, mut everything) = (Vec::new(), Vec::new());
    for (name, queries, scan) in &sorts {
        let by_store = by_store(&store, queries)?;
        let ask = |query: &String| {
            let body = serde_json::json!({"query": query, "limit": PAGE}).to_string();
            request("POST", "/v1/cases/search", &served.token, &body)
        };
        let requests: Vec<_> = queries.iter().map(ask).collect();
        one_by_one(served.address, &requests[..WARM])?;
        let over_http = one_by_one(served.address, &requests[WARM..])?;
        let mut row = vec![(*name).to_owned(), by_store.cell(), over_http.cell()];
        if *scan {
            let scanned = scanned(&rows, queries, SCANNED)?;
            row.extend([scanned.cell(), format!("{:.1}", ratio(scanned.at(99), by_store.at(99)))]);
        } else {
            row.extend(["–".to_owned(), "–".to_owned()]);
        }
        table.push(row);
        everything.extend(requests);
    }
    let heads = ["", "store", "over HTTP", "`LIKE` scan", "scan to store, p99"];
    print("First page of 100,000 cases, newest first, p50 / p99 ms", &heads, &table);
    let load = load(served.address, &Arc::new(everything))?;
    let (rate, p50, p99) = (load.rate, ms(load.times.at(50)), ms(load.times.at(99)));
    crate::table::say(&format!(
        "\nall of these, {CLIENTS} clients: {rate:.0} a second, p50 {p50} ms, p99 {p99} ms"
    ));
    Ok(())
}

/// A sort of query: its name, the queries, and whether a scan for the same text says something.
pub(crate) type Sort = (&'static str, Vec<String>, bool);

/// The numbers of cases spread over all that a file of the store has.
pub(crate) fn numbers(rows: &Connection) -> anyhow::Result<Vec<String>> {
    let mut first = rows.prepare("SELECT number FROM case_file WHERE key >= ?1 ORDER BY key LIMIT 1")?;
    // Two questions, each answered by one end of the keys.
    let ends = "SELECT (SELECT min(key) FROM case_file), (SELECT max(key) FROM case_file)";
    let (from, to): (i64, i64) = rows.query_row(ends, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    spread(from, to).map(|key| Ok(first.query_row([key], |row| row.get(0))?)).collect()
}

/// As many keys as there are queries of a sort, evenly between two.
pub(crate) fn spread(from: i64, to: i64) -> impl Iterator<Item = i64> {
    let step = (to - from) / i64::try_from(WARM + MEASURED).unwrap_or(i64::MAX);
    (0..WARM + MEASURED).scan(from, move |at, _| Some(std::mem::replace(at, *at + step)))
}

/// Queries of each sort, drawn from the cases themselves, so that each has an answer.
pub(crate) fn sorts(sample: &Sample<'_>, numbers: &[String], count: u64) -> anyhow::Result<Vec<Sort>> {
    let piece = |length: usize| pieces(sample, length, count);
    let (two, four) = (piece(2)?, piece(4)?);
    let each = |with: &dyn Fn(&String, usize) -> String| -> Vec<String> {
        two.iter().enumerate().map(|(n, word)| with(word, n)).collect()
    };
    let departments = Profile::demonstration().departments();
    let phones = (0..count).filter_map(|n| sample.case(n * 97 % count).intake.caller.number);
    let phones: Vec<String> = phones.take(WARM + MEASURED).map(|phone| phone.as_str().to_owned()).collect();
    let last_four = |number: &String| number[number.len() - 4..].to_owned();
    Ok(vec![
        ("1 character", piece(1)?, true),
        ("2 characters", two.clone(), true),
        ("3 characters", piece(3)?, true),
        ("4 characters", four.clone(), true),
        ("a phrase of 6, quoted", piece(6)?.iter().map(|text| format!("\"{text}\"")).collect(), false),
        ("two words", two.iter().zip(four.iter().rev()).map(|(a, b)| format!("{a} {b}")).collect(), false),
        ("a word without another", each(&|word, n| format!("{word} -{}", four[n])), false),
        ("a word and a state", each(&|word, _| format!("{word} state:registered")), false),
        ("a word and a kind", each(&|word, _| format!("{word} kind:report")), false),
        (
            "a word and a department",
            each(&|word, n| format!("{word} dept:{}", departments[n % departments.len()].code)),
            false,
        ),
        ("a case number", numbers.to_vec(), false),
        ("the last four digits of a case number", numbers.iter().map(last_four).collect(), false),
        ("a caller's number", phones.clone(), false),
        ("the last four digits of a caller's number", phones.iter().map(last_four).collect(), false),
    ])
}

/// Different runs of so many Han characters from the texts of cases: common words come as often as they are.
pub(crate) fn pieces(sample: &Sample<'_>, length: usize, count: u64) -> anyhow::Result<Vec<String>> {
    let wanted = WARM + MEASURED;
    let mut found = BTreeSet::new();
    let mut drawn = Vec::with_capacity(wanted);
    for n in 0..count {
        let text: Vec<char> = sample.case(n * 7919 % count).intake.text.chars().collect();
        let from = usize::try_from(n)? * 31 % text.len().max(1);
        let Some(piece) = text.get(from..from + length) else { continue };
        if piece.iter().all(|c| ('\u{4e00}'..='\u{9fff}').contains(c)) {
            let piece: String = piece.iter().collect();
            if found.insert(piece.clone()) {
                drawn.push(piece);
            }
        }
        if drawn.len() == wanted {
            return Ok(drawn);
        }
    }
    anyhow::bail!("only {} different runs of {length} characters", drawn.len())
}

pub(crate) fn by_store(store: &Store, queries: &[String]) -> anyhow::Result<Times> {
    let mut times = Vec::with_capacity(queries.len());
    for text in queries {
        let started = OnProcessor::begin();
        let plan = plan(text)?;
        let found = store.read_here(|tx| page(tx, &plan))?;
        times.push(started.elapsed());
        // Two of the sorts may rightly find nothing: a word that every case of a rare kind lacks.
        ensure!(found.hits.len() <= PAGE as usize, "{text}: a page of {}", found.hits.len());
    }
    Ok::<_, StoreError>(Times::new(times.split_off(WARM))).map_err(Into::into)
}

/// What the server makes of a query.
pub(crate) fn plan(text: &str) -> anyhow::Result<SearchPlan> {
    let mut query = Query::parse(text);
    let mut departments = None;
    query.filters.retain(|filter| match filter {
        Filter::Department(name) => {
            let found = Profile::demonstration().resolve_department(name);
            departments = Some(found.into_iter().map(|found| found.code.clone()).collect());
            false
        }
        _ => true,
    });
    Ok(SearchPlan {
        query,
        departments,
        matters: None,
        divisions: None,
        takers: None,
        since: None,
        until: None,
        now: "2026-11-23T18:00:00+08:00".parse::<Timestamp>()?,
        asking: NAME.parse().ok().context("a name")?,
        scope: Scope::All,
        callers: true,
        order: SearchOrder::Newest,
        limit: PAGE,
        after: None,
    })
}

/// The same pages without an index of words.
pub(crate) fn scanned(rows: &Connection, queries: &[String], many: usize) -> anyhow::Result<Times> {
    let mut scan =
        rows.prepare("SELECT document FROM case_file WHERE document LIKE ?1 ORDER BY key DESC LIMIT 20")?;
    let mut times: Vec<Duration> = Vec::with_capacity(SCANNED);
    for text in queries.iter().skip(WARM).take(many) {
        let started = OnProcessor::begin();
        let found = scan.query_map([format!("%{text}%")], |row| row.get::<_, String>(0))?;
        ensure!(found.filter_map(Result::ok).count() > 0, "{text} is not found");
        times.push(started.elapsed());
    }
    Ok(Times::new(times))
}

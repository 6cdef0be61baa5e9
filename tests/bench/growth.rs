//! Search as cases grow: ten million, or as many as `HUIYIN_BENCH_CASES` says, beside a tenth of them in the same run.

use std::time::Duration;

use huiyin::store::search::page;
use huiyin::store::{Store, StoreError};
use tokio::runtime::{Builder, Runtime};

use crate::filled::{plain, sample};
use crate::lean::Lean;
use crate::processor::OnProcessor;
use crate::search::{WARM, numbers, pieces, plan, sorts};
use crate::table::{Times, mark, print, ratio, say};

/// Cases where nothing is said.
const CASES: u64 = 10_000_000;
/// How often each sort is asked for, turn by turn with the other database.
const ROUNDS: usize = 3;
/// What is counted for a query that the store ended, which it does after two seconds.
const ENDED: Duration = Duration::from_secs(2);
/// Queries of each length in the mix, and their lengths.
const EACH_LENGTH: usize = 25;
const LENGTHS: std::ops::RangeInclusive<usize> = 1..=8;

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let count = std::env::var("HUIYIN_BENCH_CASES").ok().map_or(Ok(CASES), |count| count.parse())?;
    let few = count / 10;
    let databases = [Lean::new(few)?, Lean::new(count)?];
    let stores = [Store::sqlite(&databases[0].database())?, Store::sqlite(&databases[1].database())?];
    let mut mixed: Vec<Vec<String>> =
        LENGTHS.map(|length| pieces(&sample(count)?, length, count)).collect::<Result<_, _>>()?;
    let warm = mixed.iter_mut().flat_map(|of| of.drain(..WARM)).step_by(LENGTHS.count()).collect::<Vec<_>>();
    // Of every length the same number, in turn.
    let turn_by_turn = (0..EACH_LENGTH).flat_map(|n| mixed.iter().map(move |of| of[n].clone()));
    let mixed: Vec<String> = warm.into_iter().chain(turn_by_turn).collect();
    let [there, here] = turns(&stores, [&mixed, &mixed])?;
    anyhow::ensure!(here.at(100) < ENDED, "a word was not looked up to the end");
    say(&format!(
        "{} mixed, 1 to 8 characters: {} beside {} ms; median {} times (at most 1.2), p99 {} ms (at most 30)",
        mixed.len() - WARM,
        here.cell(),
        there.cell(),
        mark(ratio(here.at(50), there.at(50)), 1.2),
        mark(here.at(99).as_secs_f64() * 1000.0, 30.0),
    ));

    let sorts_of =
        |n: usize, count| sorts(&sample(count)?, &numbers(&plain(&databases[n].database())?)?, count);
    let mut table = Vec::new();
    for ((name, few, is_text), (_, many, _)) in sorts_of(0, few)?.into_iter().zip(sorts_of(1, count)?) {
        // The same words for both; a number is found only where it is.
        let few = if is_text || name.contains("word") || name.contains("phrase") { &many } else { &few };
        let [few, many] = turns(&stores, [few, &many])?;
        let to_few = ratio(many.at(50), few.at(50));
        let cells = (few.cell(), many.cell());
        let ended = many.all().into_iter().filter(|time| *time >= ENDED).count();
        table.push(vec![name.to_owned(), cells.0, cells.1, format!("{to_few:.2}"), ended.to_string()]);
    }
    let heads = ["", &format!("{few} cases"), &format!("{count} cases"), "to the fewer, p50", "ended"];
    print("First page, newest first, p50 / p99 ms", &heads, &table);
    Ok(())
}

/// The queries of each database, several times, turn by turn.
fn turns(stores: &[Store; 2], queries: [&Vec<String>; 2]) -> anyhow::Result<[Times; 2]> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut all = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for ((store, queries), all) in stores.iter().zip(queries).zip(&mut all) {
            let times: Result<Vec<_>, _> = queries.iter().map(|query| one(&runtime, store, query)).collect();
            all.extend(times?.split_off(WARM));
        }
    }
    Ok(all.map(Times::new))
}

/// One of them as the server reads it, which ends what takes long.
fn one(runtime: &Runtime, store: &Store, query: &str) -> anyhow::Result<Duration> {
    let plan = plan(query)?;
    let read = store.read_slow(move |tx| {
        let began = OnProcessor::begin();
        page(tx, &plan)?;
        Ok::<_, StoreError>(began.elapsed())
    });
    match runtime.block_on(read) {
        Err(StoreError::TimedOut) => Ok(ENDED),
        read => Ok(read?),
    }
}

//! Search as cases grow: ten million, or as many as `HUIYIN_BENCH_CASES` says, beside a tenth of them in the same run.

use huiyin::store::Store;

use crate::filled::{plain, sample};
use crate::lean::Lean;
use crate::search::{WARM, by_store, pieces, sorts};
use crate::table::{Times, mark, print, ratio, say};

/// Cases where nothing is said.
const CASES: u64 = 10_000_000;
/// How often each sort is asked for, turn by turn with the other database.
const ROUNDS: usize = 3;
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
    say(&format!(
        "{} mixed, 1 to 8 characters: {} beside {} ms; median {} times (at most 1.2), p99 {} ms (at most 30)",
        mixed.len() - WARM,
        here.cell(),
        there.cell(),
        mark(ratio(here.at(50), there.at(50)), 1.2),
        mark(here.at(99).as_secs_f64() * 1000.0, 30.0),
    ));

    let sorts_of = |n: usize, count| sorts(&sample(count)?, &plain(&databases[n].database())?, count);
    let mut table = Vec::new();
    for ((name, few, is_text), (_, many, _)) in sorts_of(0, few)?.into_iter().zip(sorts_of(1, count)?) {
        // The same words for both; a number is found only where it is.
        let few = if is_text || name.contains("word") || name.contains("phrase") { &many } else { &few };
        let [few, many] = turns(&stores, [few, &many])?;
        let to_few = ratio(many.at(50), few.at(50));
        table.push(vec![name.to_owned(), few.cell(), many.cell(), format!("{to_few:.2}")]);
    }
    let heads = ["", &format!("{few} cases"), &format!("{count} cases"), "to the fewer, p50"];
    print("First page, newest first, p50 / p99 ms", &heads, &table);
    Ok(())
}

/// The queries of each database, several times, turn by turn.
fn turns(stores: &[Store; 2], queries: [&Vec<String>; 2]) -> anyhow::Result<[Times; 2]> {
    let mut all = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for ((store, queries), all) in stores.iter().zip(queries).zip(&mut all) {
            all.extend(by_store(store, queries)?.all());
        }
    }
    Ok(all.map(Times::new))
}

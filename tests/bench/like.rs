//! Like cases: how often an earlier message is found when it comes again, and how long the search for like cases takes
//! over 100,000 cases, or over as many as `HUIYIN_BENCH_CASES` says.

use std::path::Path;

use anyhow::ensure;
use huiyin::store::Store;
use huiyin::store::like::{LikeQuery, like};

use crate::filled::{CASES, Filled, sample};
use crate::messages::told_again;
use crate::processor::OnProcessor;
use crate::search::WARM;
use crate::table::{Times, print, say};

/// Cases that are asked for.
const ASKED: u64 = 220;

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    match std::env::var_os("HUIYIN_TEST_DATA") {
        None => say("real messages: skipped, HUIYIN_TEST_DATA is not set"),
        Some(folder) => of_messages(&Path::new(&folder).join("messages.csv"))?,
    }
    let count = std::env::var("HUIYIN_BENCH_CASES").ok().map_or(Ok(CASES), |count| count.parse())?;
    let filled = Filled::new(count)?;
    let store = Store::sqlite(&filled.database())?;
    let (mut whole, mut begun) = (Vec::new(), Vec::new());
    for n in 0..ASKED {
        let case = sample(count)?.case(n * 7919 % count);
        let query = LikeQuery {
            text: case.intake.text.clone(),
            detail: case.intake.place.detail.clone(),
            division: case.intake.place.division.clone(),
            matter: case.intake.matter.clone(),
            except: None,
            now: "2026-11-23T18:00:00+08:00".parse()?,
        };
        let short = LikeQuery { text: case.intake.text.chars().take(12).collect(), ..query.clone() };
        for (query, times) in [(query, &mut whole), (short, &mut begun)] {
            let started = OnProcessor::begin();
            let found = store.read_here(|tx| like(tx, &query))?;
            times.push(started.elapsed());
            ensure!(found.len() <= 10, "more than is answered");
        }
    }
    let rows = [("the whole text", whole), ("its first twelve characters", begun)];
    let rows = rows.map(|(name, mut times)| vec![name.to_owned(), Times::new(times.split_off(WARM)).cell()]);
    print(&format!("Like cases among {count}, with place and matter, p50 / p99 ms"), &["", "store"], &rows);
    Ok(())
}

fn of_messages(table: &Path) -> anyhow::Result<()> {
    let folder = crate::home::folder()?;
    let store = Store::sqlite(&folder.path().join("cases.db"))?;
    let rows: Vec<Vec<String>> = told_again(&store, table)?
        .iter()
        .map(|found| {
            vec![
                found.how.to_owned(),
                found.asked.to_string(),
                found.first.to_string(),
                format!("{} ({} %)", found.in_three, found.percent()),
            ]
        })
        .collect();
    let heads = ["told again", "asked", "first", "in the first three"];
    print("Real messages that come again", &heads, &rows);
    Ok(())
}

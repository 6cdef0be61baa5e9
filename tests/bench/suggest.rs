//! How well matters are suggested from what was learned, and what that costs.

use std::path::Path;

use huiyin::profile::Profile;

use crate::labelled::{Told, read, tell};
use crate::table::{Times, print, say};

/// How often a suggestion is made; the least time counts.
const TIMES: usize = 5;
/// Shufflings of the messages.
const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

pub(crate) fn run() -> anyhow::Result<()> {
    let Some(folder) = std::env::var_os("HUIYIN_TEST_DATA") else {
        say("suggest: skipped, HUIYIN_TEST_DATA names no folder with labelled.csv");
        return Ok(());
    };
    let messages = read(&Path::new(&folder).join("labelled.csv"))?;
    let mut rows = Vec::new();
    let mut last = None;
    for (name, profile) in
        [("bare first levels", None), ("with the words of the profile", Some(Profile::demonstration()))]
    {
        let told: Vec<Told> =
            SEEDS.iter().map(|seed| tell(&messages, profile, *seed, TIMES)).collect::<anyhow::Result<_>>()?;
        let f1 = told.iter().map(Told::macro_f1);
        let (lowest, highest) =
            f1.clone().fold((1.0_f64, 0.0_f64), |(lowest, highest), f1| (lowest.min(f1), highest.max(f1)));
        let mean = f1.sum::<f64>() / SEEDS.len() as f64;
        let all = |times: fn(&Told) -> &Vec<std::time::Duration>| {
            Times::new(told.iter().flat_map(|told| times(told).clone()).collect()).cell()
        };
        rows.push(vec![
            name.to_owned(),
            format!("{mean:.3} ({lowest:.3} to {highest:.3})"),
            all(|told| &told.suggesting),
            all(|told| &told.learning),
            format!("{:.1}", told[0].stored as f64 / 1e6),
        ]);
        last = told.into_iter().next();
    }
    print(
        &format!("{} messages, five-fold, {} shufflings:", messages.len(), SEEDS.len()),
        &["", "macro-F1", "a suggestion, p50 / p99 ms", "a lesson, p50 / p99 ms", "stored, MB"],
        &rows,
    );
    if let Some(told) = last {
        confusion(&told);
    }
    Ok(())
}

fn confusion(told: &Told) {
    let mut heads = vec!["is \\ told"];
    heads.extend(told.labels.iter().map(String::as_str));
    heads.push("another of the 15");
    let rows: Vec<Vec<String>> = told
        .labels
        .iter()
        .zip(&told.confusion)
        .map(|(label, row)| std::iter::once(label.clone()).chain(row.iter().map(u32::to_string)).collect())
        .collect();
    print("With the words of the profile, the first shuffling:", &heads, &rows);
}

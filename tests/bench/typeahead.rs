//! From a letter to the candidates, in a table of 20,000 codes.

use std::time::{Duration, Instant};

use huiyin::desk::widgets::table::{Entry, Table};
use huiyin::profile::Profile;
use ib_pinyin::pinyin::{PinyinData, PinyinNotation};

use crate::table::{Times, ms, print};

const CODES: usize = 20_000;
/// Entries that are looked for, by one to four letters each.
const WORDS: usize = 500;
/// Candidates that are asked for, as a picker does.
const CANDIDATES: usize = 50;
/// What a letter may take at the 99th percentile, in milliseconds.
const AT_MOST: f64 = 2.0;

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let began = Instant::now();
    let table = Table::new(entries());
    let made = began.elapsed();
    let mut of_length = vec![Vec::new(); 4];
    for n in 0..WORDS {
        let entry = &table.entries()[n * 7919 % CODES];
        let initials = initials(&entry.name);
        for (length, times) in (1..).zip(&mut of_length) {
            let word: String = initials.chars().take(length).collect();
            let typed = Instant::now();
            let found = table.matches(&word, CANDIDATES);
            times.push(typed.elapsed());
            anyhow::ensure!(!found.is_empty(), "{word} finds nothing");
        }
    }
    let row = |name: String, times: Vec<Duration>| {
        let times = Times::new(times);
        let kept = if times.at(99).as_secs_f64() * 1000.0 <= AT_MOST { "✓" } else { "✗" };
        vec![name, times.cell(), format!("{} {kept}", ms(times.at(99)))]
    };
    let all = of_length.concat();
    let mut rows: Vec<_> =
        (1..).zip(of_length).map(|(length, times)| row(format!("{length} initials"), times)).collect();
    rows.push(row("all".to_owned(), all));
    print("From a letter to the candidates, 20,000 codes", &["", "p50 / p99 ms", "p99, at most 2 ms"], &rows);
    crate::table::say(&format!("the table was made in {} ms", ms(made)));
    Ok(())
}

/// Streets and matters of the demonstration city, paired until there are enough.
fn entries() -> Vec<Entry> {
    let city = Profile::demonstration();
    let (divisions, matters) = (city.divisions(), city.matters());
    (0..CODES)
        .map(|n| {
            let division = &divisions[n % divisions.len()];
            let matter = &matters[n / divisions.len() % matters.len()];
            Entry {
                code: format!("{n:06}"),
                name: format!("{}{}{}", division.name, matter.level3, n % 97),
                extra: vec![matter.level3.clone()],
                path: matter.level2.clone(),
            }
        })
        .collect()
}

fn initials(name: &str) -> String {
    let pinyin = PinyinData::new(PinyinNotation::Ascii);
    let mut initials = String::new();
    for c in name.chars() {
        let mut first = None;
        pinyin.get_pinyins_and_for_each(c, |reading| {
            first = first.or_else(|| reading.notation(PinyinNotation::Ascii)?.chars().next());
        });
        initials.extend(first);
    }
    initials
}

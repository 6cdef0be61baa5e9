//! Reading one case by its id over HTTP with 64 clients, beside the smallest answer the server has.

use std::sync::Arc;

use crate::filled::{CASES, Filled, id, sample};
use crate::home::Home;
use crate::http::{CLIENTS, load, request};
use crate::table::{median, print};

/// Cases read a round; each case is another one.
const READ: usize = 50_000;
const ROUNDS: usize = 3;

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let filled = Filled::new(CASES)?;
    let home = Home::new(Some(&filled.database()))?;
    let served = home.serve()?;
    let all = sample(CASES)?;
    let some = CASES / READ as u64;
    let case =
        |n: u64| request("GET", &format!("/v1/cases/{}", id(0, &all.case(n * some))), &served.token, "");
    // Not in the order in which they lie on the disk.
    let cases = (0..READ as u64).map(|n| case(n * 7919 % READ as u64)).collect();
    let (cases, floor) = (Arc::new(cases), Arc::new(vec![request("GET", "/livez", "", ""); READ]));

    let (mut rows, mut ratios) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let alive = load(served.address, &floor)?;
        let read = load(served.address, &cases)?;
        ratios.push(read.rate / alive.rate);
        for (what, load) in [("`GET /v1/cases/{id}`", read), ("`GET /livez`", alive)] {
            let what = format!("{what}, {CLIENTS} clients, round {round}");
            rows.push(vec![what, format!("{:.0}", load.rate), load.times.cell()]);
        }
    }
    print("One case of 100,000", &["", "a second", "p50 / p99 ms"], &rows);
    crate::table::say(&format!("\na case to /livez, median of {ROUNDS} rounds: {:.2}", median(ratios)));
    Ok(())
}

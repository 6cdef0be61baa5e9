//! What a desk holds after a day's work: 300 cases filed, 1,000 searches, drafts switched, cases read.

use std::time::Duration;

use crate::filled::{Filled, sample};
use crate::frame::to_the_text;
use crate::home::Home;
use crate::pty::Pty;
use crate::screen::SIZES;
use crate::start::{Held, sign_in, sign_in_to};
use crate::table::print;

/// Cases in the database in the morning.
const CASES: u64 = 10_000;
const FILED: usize = 300;
const SEARCHES: usize = 1_000;
const SWITCHES: usize = 100;
const READ: usize = 100;
/// What a desk may hold in the evening with its server elsewhere, in MB.
const AT_MOST: f64 = 20.0;
/// How long nothing must have come before the next key.
const QUIET: Duration = Duration::from_millis(4);

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let filled = Filled::new(CASES)?;
    let home = Home::new(Some(&filled.database()))?;
    let served = home.serve()?;
    let elsewhere = Home::new(None)?;
    let address = format!("http://{}", served.address);
    let alone = sign_in_to(&elsewhere, SIZES[0], &["--server", &address])?;
    let heads = ["the desk, with", "after", "resident, MB", "its own, MB"];
    let rows = day("its server elsewhere", alone, Some(AT_MOST))?;
    print("What a desk holds through a day", &heads, &rows);
    drop(served);
    let home = Home::new(Some(&filled.database()))?;
    let rows = day("its server in the same process", sign_in(&home, SIZES[0])?, None)?;
    print("The same with its server", &heads, &rows);
    Ok(())
}

fn day(name: &str, mut desk: Pty, at_most: Option<f64>) -> anyhow::Result<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let mut note = |desk: &mut Pty, what: String| {
        // Not until it rests: a clock that runs would keep it from that until it locks itself.
        desk.rest_for(Duration::from_secs(6))?;
        let held = Held::of(desk.id()?)?;
        let kept = at_most.map_or("", |most| if held.resident <= most { " ✓" } else { " ✗" });
        rows.push(vec![
            name.to_owned(),
            what,
            format!("{:.1}{kept}", held.resident),
            format!("{:.1}", held.own),
        ]);
        anyhow::Ok(())
    };
    note(&mut desk, "signing in".to_owned())?;
    let cases: Vec<_> = sample(1_000)?.map(|case| case.intake.text).collect();
    for text in cases.iter().cycle().take(FILED) {
        desk.paste("16412345678")?;
        to_the_text(&mut desk)?;
        desk.paste(text)?;
        desk.rest(QUIET)?;
        // Registered, to be dispatched by somebody else.
        desk.send("\x1b[19~\x1b[19~")?;
        desk.send("\x13")?;
        desk.until("工单已受理")?;
        desk.send("\r")?;
        desk.rest(QUIET)?;
    }
    note(&mut desk, format!("{FILED} cases filed"))?;
    desk.send("\x1bOR")?;
    for text in cases.iter().cycle().take(SEARCHES) {
        desk.send("\x15")?;
        desk.send(&text.chars().take(2).collect::<String>())?;
        desk.rest(QUIET)?;
    }
    desk.until("[查询]")?;
    note(&mut desk, format!("{SEARCHES} searches"))?;
    desk.send("\x15")?;
    desk.rest(Duration::from_millis(300))?;
    for _ in 0..READ {
        desk.send("\x1b[B\r")?;
        desk.until("[工单]")?;
        desk.rest(Duration::from_millis(20))?;
        desk.send("\x1b")?;
        desk.until("[查询]")?;
    }
    note(&mut desk, format!("{READ} cases read"))?;
    desk.send("\x1bOQ")?;
    for text in cases.iter().take(5) {
        desk.send("\x0e")?;
        to_the_text(&mut desk)?;
        desk.paste(text)?;
        desk.rest(QUIET)?;
    }
    for _ in 0..SWITCHES {
        desk.send("\x14")?;
        desk.rest(QUIET)?;
    }
    note(&mut desk, format!("{SWITCHES} times another draft"))?;
    Ok(rows)
}

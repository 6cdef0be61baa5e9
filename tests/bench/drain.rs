//! The desk back after a week without the server: what a key costs while its outbox empties, how fast that goes, that
//! nothing of it is lost, and how soon the desk is there with a thousand drafts or with all that it has sent.

use std::time::{Duration, Instant};

use anyhow::ensure;
use huiyin::clock::Clock;
use huiyin::domain::secret::Secret;
use huiyin::journal::outbox::{Item, Standing};
use huiyin::journal::{DraftRecord, Journal};

use crate::filled::{id, sample};
use crate::frame::to_the_text;
use crate::home::{Home, NAME, PASSWORD};
use crate::pty::Pty;
use crate::put::new_case;
use crate::scene::TYPED;
use crate::screen::{SIZES, Size};
use crate::start::sign_in_to;
use crate::table::{Times, mark, print, ratio};

/// Cases that wait.
const WAITING: u64 = 10_000;
/// Drafts that are there at the start.
const DRAFTS: u64 = 1_000;
/// Between a character and the next.
const PAUSE: Duration = Duration::from_millis(40);
/// Longer than this nothing of the drain is still to come.
const OVER: Duration = Duration::from_secs(2);
/// How many times as long a key may take while the outbox empties, at the median.
const AT_MOST: f64 = 1.5;
const STARTS: usize = 7;

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let home = Home::new(None)?;
    let served = home.serve()?;
    let address = format!("http://{}", served.address);
    drained(&home, &address)?;
    started(&home, &address)
}

fn drained(home: &Home, address: &str) -> anyhow::Result<()> {
    let clock = Clock::default();
    let journal = unlocked(home, address, &clock)?;
    for case in sample(WAITING)? {
        journal.put(Item::filing(id(4, &case), &new_case(&case), String::new(), &clock)?);
    }
    journal.flush()?;
    drop(journal);
    let mut desk = sign_in_to(home, SIZES[0], &["--server", address])?;
    let began = Instant::now();
    to_the_text(&mut desk)?;
    desk.until("待上传 ")?;
    let (mut during, mut took) = (Vec::new(), Duration::ZERO);
    while desk.shows("待上传 ") {
        type_a_line(&mut desk, &mut during)?;
        took = began.elapsed();
    }
    desk.rest_for(OVER)?;
    let mut after = Vec::new();
    for _ in 0..during.len().div_ceil(TYPED.chars().count()) {
        type_a_line(&mut desk, &mut after)?;
    }
    drop(desk);
    let confirmed = unlocked(home, address, &clock)?.outbox()?.items;
    ensure!(confirmed.len() as u64 == WAITING, "{} are there", confirmed.len());
    ensure!(confirmed.iter().all(|item| item.standing == Standing::Accepted), "not all are confirmed");
    let rate = WAITING as f64 / took.as_secs_f64();
    let (during, after) = (Times::new(during), Times::new(after));
    let rows = [
        vec!["while it empties".to_owned(), during.cell(), mark(ratio(during.at(50), after.at(50)), AT_MOST)],
        vec!["afterwards".to_owned(), after.cell(), mark(1.0, AT_MOST)],
    ];
    let title = format!(
        "Key to paint, 10,000 cases on their way in {:.1} s ({rate:.0} a second)",
        took.as_secs_f64()
    );
    print(&title, &["", "p50 / p99 ms", "to afterwards, p50"], &rows);
    Ok(())
}

/// Types a line and takes it back.
fn type_a_line(desk: &mut Pty, times: &mut Vec<Duration>) -> anyhow::Result<()> {
    for character in TYPED.chars() {
        desk.rest_for(PAUSE)?;
        times.push(desk.typed(&character.to_string())?.0);
    }
    desk.send(&"\x7f".repeat(TYPED.chars().count()))?;
    desk.rest_for(PAUSE * 2)?;
    Ok(())
}

/// `week` is the home whose outbox has emptied: what was confirmed is kept for a week.
fn started(week: &Home, address: &str) -> anyhow::Result<()> {
    let (none, many) = (Home::new(None)?, Home::new(None)?);
    // A draft as the desk writes it.
    let mut desk = sign_in_to(&many, SIZES[0], &["--server", address])?;
    to_the_text(&mut desk)?;
    desk.send(TYPED)?;
    desk.until(TYPED)?;
    desk.rest_for(OVER)?;
    drop(desk);
    let clock = Clock::default();
    let journal = unlocked(&many, address, &clock)?;
    let one = journal.drafts()?.records.remove(0);
    for case in sample(DRAFTS - 1)? {
        journal.save_draft(DraftRecord { id: id(5, &case), ..one.clone() });
    }
    journal.flush()?;
    drop(journal);
    let (mut without, mut with, mut sent) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        for (home, times) in [(&none, &mut without), (&many, &mut with), (week, &mut sent)] {
            times.push(usable(home, SIZES[0], address)?);
        }
    }
    let row = |what: &str, times| vec![what.to_owned(), Times::new(times).cell()];
    let rows = [
        row("without drafts", without),
        row("with 1,000 drafts", with),
        row("with 10,000 cases sent this week", sent),
    ];
    print("From the start, signing in at once, to the intake screen", &["", "p50 / p99 ms"], &rows);
    Ok(())
}

fn usable(home: &Home, size: Size, address: &str) -> anyhow::Result<Duration> {
    let began = Instant::now();
    sign_in_to(home, size, &["--server", address])?;
    Ok(began.elapsed())
}

fn unlocked(home: &Home, address: &str, clock: &Clock) -> anyhow::Result<Journal> {
    let folder = home.path().join("state");
    std::fs::create_dir_all(&folder)?;
    let journal = Journal::open(&folder, &format!("{address}/"), clock, |_| {})?;
    journal.unlock(&NAME.parse()?, &Secret::new(PASSWORD.to_owned()))?;
    Ok(journal)
}

//! The program as people start it: how soon it shows something, what it holds, and what it does while nobody does
//! anything.

use std::fs;
use std::time::Duration;

use anyhow::Context as _;

use crate::bare::{AT_ONCE, FLAG};
use crate::filled::Filled;
use crate::home::{Home, NAME, PASSWORD, PROGRAM};
use crate::pty::Pty;
use crate::table::{Times, print};

/// Cases in the database.
const CASES: u64 = 10_000;
const STARTS: usize = 15;
/// How long nobody does anything.
const IDLE: Duration = Duration::from_secs(5);

/// What the sign-in screen asks for.
const ASKS: &str = "密码";
/// What the intake screen has.
const INTAKE: &str = "诉求内容";

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let filled = Filled::new(CASES)?;
    let home = Home::new(Some(&filled.database()))?;
    let own_path = std::env::current_exe()?;
    let own_path = own_path.to_string_lossy();
    let (mut first, mut asks, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let mut desk = open(&home)?;
        first.push(desk.until_anything()?);
        asks.push(desk.until(ASKS)?);
        bare.push(Pty::start(&own_path, &[FLAG, AT_ONCE])?.until_anything()?);
    }
    let row = |name: &str, times| vec![name.to_owned(), Times::new(times).cell()];
    let rows = [
        row("the desk: first frame", first),
        row("the desk: asks for name and password", asks),
        row("a bare program: first frame", bare),
    ];
    print("From start to the screen, 10,000 cases in the database", &["", "p50 / p99 ms"], &rows);

    let mut desk = open(&home)?;
    desk.until(ASKS)?;
    desk.rest(Duration::from_secs(1))?;
    let at_sign_in = resident(desk.id()?)?;
    drop(desk);
    let mut desk = sign_in(&home)?;
    desk.rest(Duration::from_secs(2))?;
    let signed_in = resident(desk.id()?)?;
    let before = Spent::of(desk.id()?)?;
    let came = desk.rest(IDLE)?;
    let after = Spent::of(desk.id()?)?;
    let rows = [
        ("resident memory on the sign-in screen, embedded server included, MB", format!("{at_sign_in:.1}")),
        ("resident memory on the intake screen, signed in, MB", format!("{signed_in:.1}")),
        ("idle: bytes to the terminal", came.to_string()),
        ("idle: bytes to the disk", (after.written - before.written).to_string()),
        ("idle: processor time, ms", format!("{:.2}", (after.ran - before.ran) as f64 / 1e6)),
        ("idle: times a thread woke", (after.woken - before.woken).to_string()),
    ];
    let rows = rows.map(|(what, value)| vec![what.to_owned(), value]);
    print("Held and spent; idle for 5 s on the intake screen", &["", ""], &rows);
    Ok(())
}

fn open(home: &Home) -> anyhow::Result<Pty> {
    let (folder, database) = (home.path().to_string_lossy(), home.database());
    Pty::start(PROGRAM, &["--home", &folder, "--database", &database.to_string_lossy()])
}

/// Opens the desk and signs in, up to the intake screen.
pub(crate) fn sign_in(home: &Home) -> anyhow::Result<Pty> {
    let mut desk = open(home)?;
    desk.until(ASKS)?;
    desk.send(&format!("{NAME}\t{PASSWORD}\r"))?;
    desk.until(INTAKE)?;
    Ok(desk)
}

/// The resident memory of a process in MB.
fn resident(id: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    Ok(number_after(&status, "VmRSS:")? as f64 / 1000.0)
}

/// What a process has spent so far, over all its threads.
struct Spent {
    /// Nanoseconds on a processor.
    ran: u64,
    /// Times a thread went to sleep, and so woke.
    woken: u64,
    /// Bytes on their way to the disk.
    written: u64,
}

impl Spent {
    fn of(id: u32) -> anyhow::Result<Self> {
        let (mut ran, mut woken) = (0, 0);
        for thread in fs::read_dir(format!("/proc/{id}/task"))? {
            let thread = thread?.path();
            let times = fs::read_to_string(thread.join("schedstat"))?;
            ran += times.split(' ').next().context("no times")?.parse::<u64>()?;
            woken += number_after(&fs::read_to_string(thread.join("status"))?, "\nvoluntary_ctxt_switches:")?;
        }
        let written = number_after(&fs::read_to_string(format!("/proc/{id}/io"))?, "\nwrite_bytes:")?;
        Ok(Self { ran, woken, written })
    }
}

fn number_after(text: &str, name: &str) -> anyhow::Result<u64> {
    let rest = text.split(name).nth(1).with_context(|| format!("no {name}"))?;
    Ok(rest.split_whitespace().next().context("no number")?.parse()?)
}

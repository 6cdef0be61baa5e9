//! The program as people start it: how soon it shows something, what it holds, and what it does while nobody does
//! anything.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::time::Duration;

use anyhow::Context as _;
use portable_pty::CommandBuilder;

use crate::bare::{AT_ONCE, FLAG};
use crate::filled::Filled;
use crate::home::{Home, NAME, PASSWORD, PROGRAM};
use crate::pty::Pty;
use crate::screen::{SIZES, Size};
use crate::table::{Times, print};

/// Cases in the database.
const CASES: u64 = 10_000;
const STARTS: usize = 15;
/// How long nobody does anything.
const IDLE: Duration = Duration::from_mins(1);

/// What the sign-in screen asks for.
pub(crate) const ASKS: &str = "请输入账号和密码";
/// What the intake screen has.
pub(crate) const INTAKE: &str = "诉求内容";

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let filled = Filled::new(CASES)?;
    let home = Home::new(Some(&filled.database()))?;
    let own_path = std::env::current_exe()?;
    let own_path = own_path.to_string_lossy();
    let (mut first, mut usable, mut asks, mut bare) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let mut desk = open(&home, SIZES[0])?;
        first.push(desk.until_anything()?);
        desk.send("qzjx")?;
        usable.push(desk.until("qzjx")?);
        asks.push(desk.until(ASKS)?);
        bare.push(Pty::start(&own_path, &[FLAG, AT_ONCE, "0"], SIZES[0])?.until_anything()?);
    }
    let row = |name: &str, times| vec![name.to_owned(), Times::new(times).cell()];
    let rows = [
        row("the desk: first frame", first),
        row("the desk: the first letters typed are shown", usable),
        row("the desk: the server has said who may sign in", asks),
        row("a bare program: first frame", bare),
    ];
    print("From start to the screen, 10,000 cases in the database", &["", "p50 / p99 ms"], &rows);

    let mut with_server = sign_in(&home, SIZES[0])?;
    let other = Home::new(Some(&filled.database()))?;
    let served = other.serve()?;
    let address = format!("http://{}", served.address);
    let mut alone = sign_in_to(&other, SIZES[0], &["--server", &address])?;
    let mut rows = Vec::new();
    for (name, desk) in
        [("its server in the same process", &mut with_server), ("its server elsewhere", &mut alone)]
    {
        desk.rest(Duration::from_secs(6))?;
        let held = Held::of(desk.id()?)?;
        let before = Spent::of(desk.id()?)?;
        let came = desk.rest_for(IDLE)?;
        let after = Spent::of(desk.id()?)?;
        rows.push(vec![
            name.to_owned(),
            format!("{:.1} / {:.1}", held.resident, held.own),
            came.to_string(),
            (after.written - before.written).to_string(),
            format!("{:.2}", after.ran.saturating_sub(before.ran).as_secs_f64() * 1000.0),
            after.woken_since(&before),
        ]);
    }
    let heads = [
        "the desk, signed in, with",
        "resident / its own, MB",
        "bytes to the terminal",
        "bytes to the disk",
        "processor, ms",
        "times a thread woke",
    ];
    print("Held, and spent in 60 s while nobody does anything, on the intake screen", &heads, &rows);
    Ok(())
}

fn open(home: &Home, size: Size) -> anyhow::Result<Pty> {
    open_with(home, size, &[])
}

fn open_with(home: &Home, size: Size, more: &[&str]) -> anyhow::Result<Pty> {
    let mut desk = CommandBuilder::new(PROGRAM);
    desk.args(arguments(home, more));
    Pty::run(desk, size)
}

/// What the program is started with on a home.
pub(crate) fn arguments(home: &Home, more: &[&str]) -> Vec<OsString> {
    let mut all = vec!["--home".into(), home.path().into(), "--database".into(), home.database().into()];
    all.extend(more.iter().map(OsString::from));
    all
}

/// Opens the desk and signs in, up to the intake screen.
pub(crate) fn sign_in(home: &Home, size: Size) -> anyhow::Result<Pty> {
    sign_in_to(home, size, &[])
}

/// The same with more arguments.
pub(crate) fn sign_in_to(home: &Home, size: Size, more: &[&str]) -> anyhow::Result<Pty> {
    let mut desk = open_with(home, size, more)?;
    desk.until(ASKS)?;
    desk.send(&format!("{NAME}\t{PASSWORD}\r"))?;
    desk.until(INTAKE)?;
    Ok(desk)
}

/// What a process holds, in MB.
pub(crate) struct Held {
    /// Resident: its own memory, and the parts of the program and of libraries that are in use.
    pub(crate) resident: f64,
    /// Its own alone.
    pub(crate) own: f64,
}

impl Held {
    pub(crate) fn of(id: u32) -> anyhow::Result<Self> {
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        // What the system calls kB are 1024 bytes.
        let mb = |name| Ok::<_, anyhow::Error>(number_after(&status, name)? as f64 * 1024.0 / 1e6);
        Ok(Self { resident: mb("VmRSS:")?, own: mb("RssAnon:")? })
    }
}

/// What a process has spent so far, over all its threads.
pub(crate) struct Spent {
    /// On a processor.
    pub(crate) ran: Duration,
    /// Times each thread went to sleep, and so woke, with its name.
    woken: BTreeMap<String, (String, u64)>,
    /// Bytes on their way to the disk.
    written: u64,
}

impl Spent {
    pub(crate) fn of(id: u32) -> anyhow::Result<Self> {
        let (mut ran, mut woken) = (0, BTreeMap::new());
        for thread in fs::read_dir(format!("/proc/{id}/task"))? {
            let thread = thread?;
            let (number, thread) = (thread.file_name().to_string_lossy().into_owned(), thread.path());
            let times = fs::read_to_string(thread.join("schedstat"))?;
            ran += times.split(' ').next().context("no times")?.parse::<u64>()?;
            let name = fs::read_to_string(thread.join("comm"))?.trim().to_owned();
            let switches =
                number_after(&fs::read_to_string(thread.join("status"))?, "\nvoluntary_ctxt_switches:")?;
            woken.insert(number, (name, switches));
        }
        let written = number_after(&fs::read_to_string(format!("/proc/{id}/io"))?, "\nwrite_bytes:")?;
        Ok(Self { ran: Duration::from_nanos(ran), woken, written })
    }

    /// How often, and which threads.
    pub(crate) fn woken_since(&self, before: &Self) -> String {
        let mut of = BTreeMap::new();
        for (number, (name, switches)) in &self.woken {
            let then = before.woken.get(number).map_or(0, |(_, switches)| *switches);
            *of.entry(name.as_str()).or_insert(0) += switches - then;
        }
        of.retain(|_, times| *times > 0);
        let all: u64 = of.values().sum();
        let named: Vec<_> = of.iter().map(|(name, times)| format!("{name} {times}")).collect();
        if named.is_empty() { "0".to_owned() } else { format!("{all} ({})", named.join(", ")) }
    }
}

fn number_after(text: &str, name: &str) -> anyhow::Result<u64> {
    let rest = text.split(name).nth(1).with_context(|| format!("no {name}"))?;
    Ok(rest.split_whitespace().next().context("no number")?.parse()?)
}

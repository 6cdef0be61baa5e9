//! The desk beside terminal programs that people call fast, in one run: those of vim, aerc, gitui and slumber that are on
//! the `PATH`, each on a home of its own with some hundred things to move among.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use portable_pty::CommandBuilder;

use crate::filled::{Filled, sample};
use crate::frame::call;
use crate::home::{Home, PROGRAM, folder};
use crate::pty::Pty;
use crate::scene::TYPED;
use crate::screen::SIZES;
use crate::start::{ASKS, Held, Spent, arguments, sign_in_to};
use crate::table::{Times, median, print, say};

/// Cases on the server of the desk.
const CASES: u64 = 10_000;
/// Things to move among.
const THINGS: u64 = 300;
const STARTS: usize = 10;
const ROUNDS: usize = 10;
/// Steps down in a round, and as many up again.
const STEPS: usize = 20;
/// A frame is over when nothing has come for so long.
const QUIET: Duration = Duration::from_millis(40);
/// How long nobody does anything.
const IDLE: Duration = Duration::from_secs(30);

/// A program with something to do in it.
struct Peer {
    /// The program, and what is done.
    name: &'static str,
    /// Starts it, anew each time.
    command: CommandBuilder,
    /// What it says when it is ready.
    ready: String,
    /// What leads to where the keys are pressed.
    way: &'static [&'static str],
    /// The keys of a round.
    keys: Vec<String>,
}

/// One that runs, and what it did with its keys.
struct Running {
    name: &'static str,
    program: Pty,
    keys: Vec<String>,
    times: Vec<Duration>,
    bytes: Vec<f64>,
}

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let filled = Filled::new(CASES)?;
    let home = Home::new(Some(&filled.database()))?;
    let served = home.serve()?;
    let address = format!("http://{}", served.address);
    let (one, other) = (Home::new(None)?, Home::new(None)?);
    let ground = folder()?;
    let peers = peers(ground.path())?;

    let mut desk = CommandBuilder::new(PROGRAM);
    desk.args(arguments(&one, &["--server", &address]));
    let mut table = vec![started("the desk", &desk, ASKS)?];
    for peer in &peers {
        table.push(started(peer.name, &peer.command, &peer.ready)?);
    }
    print("From start to the screen, p50 / p99 ms", &["", "anything", "ready"], &table);

    let to_server = ["--server", &address];
    let mut typing = Running::new("the desk, typing", sign_in_to(&one, SIZES[0], &to_server)?, typed());
    call(&mut typing.program)?;
    let mut moving = Running::new(
        "the desk, down what was found",
        sign_in_to(&other, SIZES[0], &to_server)?,
        moves("\x1b[B", "\x1b[A"),
    );
    moving.go(&["\x1bOR", "噪声", "\x1b[B"])?;
    let mut all = vec![typing, moving];
    for peer in peers {
        let mut program = Pty::run(peer.command, SIZES[0])?;
        program.until(&peer.ready)?;
        let mut peer_runs = Running::new(peer.name, program, peer.keys);
        peer_runs.go(peer.way)?;
        all.push(peer_runs);
    }
    for _ in 0..ROUNDS {
        all.iter_mut().try_for_each(Running::round)?;
    }
    let mut before = Vec::new();
    for one in &mut all {
        one.program.rest(Duration::from_secs(1))?;
        before.push(Spent::of(one.program.id()?)?);
    }
    // What others write meanwhile waits to be counted.
    let mut came = vec![all[0].program.rest_for(IDLE)?];
    for one in &mut all[1..] {
        came.push(one.program.rest(Duration::from_millis(1))?);
    }
    let table = all.iter().zip(before).zip(came).map(|((one, before), came)| one.row(&before, came));
    let table = table.collect::<Result<Vec<_>, _>>()?;
    let heads = [
        "",
        "key to paint, p50 / p99 ms",
        "bytes a key",
        "resident / its own, MB",
        "idle: bytes",
        "idle: processor, ms",
        "idle: times a thread woke",
    ];
    print(&format!("A key, and {} s without one, 120×36", IDLE.as_secs()), &heads, &table);
    Ok(())
}

fn started(name: &str, command: &CommandBuilder, ready: &str) -> anyhow::Result<Vec<String>> {
    let (mut first, mut usable) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let mut program = Pty::run(command.clone(), SIZES[0])?;
        let anything = program.until_anything()?;
        first.push(anything);
        // It may be ready with the first thing that it shows.
        usable.push(program.until(ready)?.max(anything));
    }
    Ok(vec![name.to_owned(), Times::new(first).cell(), Times::new(usable).cell()])
}

impl Running {
    fn new(name: &'static str, program: Pty, keys: Vec<String>) -> Self {
        Self { name, program, keys, times: Vec::new(), bytes: Vec::new() }
    }

    fn go(&mut self, way: &[&str]) -> anyhow::Result<()> {
        for keys in way {
            self.program.rest(Duration::from_millis(500))?;
            self.program.send(keys)?;
        }
        self.program.rest(Duration::from_secs(1)).map(drop)
    }

    fn round(&mut self) -> anyhow::Result<()> {
        for key in &self.keys {
            let (time, bytes) = self.program.painted(key, QUIET)?;
            ensure!(bytes > 0, "{}: {key:?} paints nothing", self.name);
            self.times.push(time);
            self.bytes.push(bytes as f64);
        }
        Ok(())
    }

    fn row(&self, before: &Spent, came: usize) -> anyhow::Result<Vec<String>> {
        let id = self.program.id()?;
        let (after, held) = (Spent::of(id)?, Held::of(id)?);
        Ok(vec![
            self.name.to_owned(),
            Times::new(self.times.clone()).cell(),
            format!("{:.0}", median(self.bytes.clone())),
            format!("{:.1} / {:.1}", held.resident, held.own),
            came.to_string(),
            format!("{:.2}", after.ran.saturating_sub(before.ran).as_secs_f64() * 1000.0),
            after.woken_since(before),
        ])
    }
}

/// A text and its characters taken back.
fn typed() -> Vec<String> {
    let back = TYPED.chars().map(|_| "\x7f".to_owned());
    TYPED.chars().map(String::from).chain(back).collect()
}

/// Down a list, and up again.
fn moves(down: &str, up: &str) -> Vec<String> {
    [vec![down.to_owned(); STEPS], vec![up.to_owned(); STEPS]].concat()
}

/// The programs that are there.
fn peers(ground: &Path) -> anyhow::Result<Vec<Peer>> {
    let mut peers = Vec::new();
    for (program, prepare) in PROGRAMS {
        let there = std::env::var_os("PATH").and_then(|path| {
            std::env::split_paths(&path).map(|folder| folder.join(program)).find(|it| it.is_file())
        });
        let Some(there) = there else {
            say(&format!("{program} is not there, and is left out"));
            continue;
        };
        let home = ground.join(program);
        fs::create_dir_all(&home)?;
        for mut peer in prepare(&home, CommandBuilder::new(there))? {
            peer.command.env("LC_ALL", "C.UTF-8");
            peer.command.env("HOME", &home);
            peer.command.env("XDG_CONFIG_HOME", home.join("config"));
            peer.command.cwd(&home);
            peers.push(peer);
        }
    }
    Ok(peers)
}

/// Makes what a program works on in its home, and says what is done in it.
type Prepare = fn(&Path, CommandBuilder) -> anyhow::Result<Vec<Peer>>;

const PROGRAMS: [(&str, Prepare); 4] = [("vim", vim), ("aerc", aerc), ("gitui", gitui), ("slumber", slumber)];

/// A file of texts, typed into and walked down.
fn vim(home: &Path, mut command: CommandBuilder) -> anyhow::Result<Vec<Peer>> {
    let texts: Vec<String> = sample(THINGS)?.map(|case| case.intake.text).collect();
    let ready = texts[0].chars().take(8).collect::<String>();
    fs::write(home.join("texts.txt"), texts.join("\n"))?;
    command.args(["--clean", "-n", "texts.txt"]);
    let (typing, moving) = (command.clone(), command);
    Ok(vec![
        Peer { name: "vim, typing", command: typing, ready: ready.clone(), way: &["A"], keys: typed() },
        Peer { name: "vim, down a file", command: moving, ready, way: &[], keys: moves("j", "k") },
    ])
}

/// A folder of letters, walked down.
fn aerc(home: &Path, command: CommandBuilder) -> anyhow::Result<Vec<Peer>> {
    let inbox = home.join("mail").join("INBOX");
    for folder in ["cur", "new", "tmp"] {
        fs::create_dir_all(inbox.join(folder))?;
    }
    for case in sample(THINGS)? {
        let (n, title, text) = (case.index, &case.intake.title, &case.intake.text);
        let date = case.received_at.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let letter = format!(
            "From: caller{n}@example.org\nTo: desk@example.org\nSubject: {title}\nDate: {date}\n\
             Message-ID: <{n}@example.org>\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        );
        fs::write(inbox.join("cur").join(format!("{n:03}.huiyin:2,S")), letter)?;
    }
    let folder = home.join("config").join("aerc");
    fs::create_dir_all(&folder)?;
    let accounts = folder.join("accounts.conf");
    let mail = home.join("mail");
    fs::write(
        &accounts,
        format!("[mail]\nsource = maildir://{}\ndefault = INBOX\nfrom = desk@example.org\n", mail.display()),
    )?;
    fs::set_permissions(&accounts, fs::Permissions::from_mode(0o600))?;
    let ready = format!("caller{}@", THINGS - 1);
    Ok(vec![Peer { name: "aerc, down a folder", command, ready, way: &[], keys: moves("j", "k") }])
}

/// A log of commits, walked down.
fn gitui(home: &Path, command: CommandBuilder) -> anyhow::Result<Vec<Peer>> {
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.args(args).current_dir(home).env("HOME", home).stdout(Stdio::null()).stderr(Stdio::null());
        git
    };
    let made = git(&["init", "-b", "main"]).status().context("git")?;
    ensure!(made.success(), "git init failed");
    let mut import = git(&["fast-import"]).stdin(Stdio::piped()).spawn()?;
    let mut to = import.stdin.take().context("git takes nothing")?;
    for case in sample(THINGS)? {
        let (title, text) = (&case.intake.title, &case.intake.text);
        let (at, long) = (case.received_at.as_second(), title.len());
        writeln!(
            to,
            "commit refs/heads/main\ncommitter desk <desk@example.org> {at} +0800\ndata {long}\n{title}"
        )?;
        writeln!(to, "M 100644 inline text\ndata {}\n{text}", text.len())?;
    }
    drop(to);
    ensure!(import.wait()?.success(), "git fast-import failed");
    let _ = git(&["reset", "--hard"]).status()?;
    Ok(vec![Peer {
        name: "gitui, down the log",
        command,
        ready: "Status".to_owned(),
        way: &["2"],
        keys: moves("\x1b[B", "\x1b[A"),
    }])
}

/// A list of requests, walked down.
fn slumber(home: &Path, command: CommandBuilder) -> anyhow::Result<Vec<Peer>> {
    let mut requests = "requests:\n".to_owned();
    for n in 0..THINGS {
        // Writing to a string cannot fail.
        let _ = write!(requests, "  case{n}:\n    method: GET\n    url: http://localhost/v1/cases/{n}\n");
    }
    fs::write(home.join("slumber.yml"), requests)?;
    Ok(vec![Peer {
        name: "slumber, down the requests",
        command,
        ready: "case0".to_owned(),
        way: &[],
        keys: moves("\x1b[B", "\x1b[A"),
    }])
}

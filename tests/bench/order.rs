//! Which functions a desk runs in a day's work, for the linker: writes `src/link/desk.order`.
//!
//! The real desk works under callgrind, which notes every function that runs. Their names are kept without what differs
//! from compiler to compiler.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use portable_pty::CommandBuilder;

use crate::filled::{Filled, sample};
use crate::home::{Home, NAME, PASSWORD, PROGRAM, folder};
use crate::pty::Pty;
use crate::screen::SIZES;
use crate::start::{ASKS, INTAKE, arguments};

/// What is asked for on the command line.
pub(crate) const NAMED: &str = "order";
const CASES: u64 = 10_000;
/// Under callgrind everything takes some fifty times as long, and a call's clock ticks every second.
const QUIET: Duration = Duration::from_millis(700);
/// A day's work runs more functions than this, if the program has their names.
const AT_LEAST: usize = 1_000;

const HEAD: &str = "\
# The functions that a desk runs in a day's work: see build.rs beside this file. Written by
#   cargo bench --locked --config profile.release.strip=false --bench figures -- order
# which needs valgrind.
";

/// A case up to its text: the caller, the street by its characters, the door, when, whom.
const BEFORE_THE_TEXT: &str = "16412345678 tab 王芳 tab tab tab tab tab tab tab 湖滨 down enter
    幸福路12号 tab 昨天下午三点 tab 烧烤店 tab";

/// After it: like cases and back, templates, the suggestion, other outcomes, another kind, submit.
const AFTER_THE_TEXT: &str = "f6 down f6 f7 esc alt-j f8 f8 f8 alt-k ctrl-s";

/// All else: the number copied; searched, read, noted; own cases; a draft that is not whole yet and another beside it,
/// on hold, the call's end; commands, help, menu, knowledge, hot topics, colours, language; and the desk locked.
const WORK: &str =
    "alt-c enter f3 油烟 down down enter down down f7 已联系来电人 ctrl-s esc alt-s esc f4 down enter esc
    f2 16412345679 tab 张 backspace ctrl-z tab f8 f8 咨询办事时间 ctrl-s
    ctrl-n 16412345670 tab 李 ctrl-t alt-1 alt-h alt-h alt-e alt-d down esc
    ctrl-p 派单 esc f1 down esc f10 esc alt-w 噪声 esc alt-f esc alt-t esc alt-l alt-l f2 alt-q";

/// Works for a day and writes the names.
pub(crate) fn run() -> anyhow::Result<()> {
    let filled = Filled::new(CASES)?;
    let home = Home::new(Some(&filled.database()))?;
    let served = home.serve()?;
    let elsewhere = Home::new(None)?;
    let out = folder()?;
    let profile = out.path().join("callgrind");
    let mut command = CommandBuilder::new("valgrind");
    command.args(["--tool=callgrind", "--demangle=no"]);
    command.arg(format!("--callgrind-out-file={}", profile.display()));
    command.arg(PROGRAM);
    command.args(arguments(&elsewhere, &["--server", &format!("http://{}", served.address)]));
    work(Pty::run(command, SIZES[0])?)?;
    let profile = std::fs::read_to_string(&profile).context("what callgrind wrote")?;
    let names = functions_of(&profile, PROGRAM);
    ensure!(names.len() > AT_LEAST, "the program has no names: build it with profile.release.strip=false");
    let order = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/link/desk.order");
    let lines: Vec<_> = names.iter().map(String::as_str).collect();
    std::fs::write(order, format!("{HEAD}{}\n", lines.join("\n")))?;
    println!("{} functions", names.len());
    Ok(())
}

fn work(mut desk: Pty) -> anyhow::Result<()> {
    desk.until(ASKS)?;
    desk.until("已连接")?;
    desk.send(&format!("{NAME}\t{PASSWORD}\r"))?;
    desk.until(INTAKE)?;
    desk.rest(QUIET)?;
    let text = sample(CASES)?.case(41).intake.text;
    press(&mut desk, BEFORE_THE_TEXT)?;
    desk.paste(&text)?;
    desk.rest(QUIET)?;
    press(&mut desk, AFTER_THE_TEXT)?;
    desk.until("工单已受理")?;
    press(&mut desk, WORK)?;
    desk.send(&format!("{PASSWORD}\r"))?;
    desk.until(INTAKE)?;
    press(&mut desk, "ctrl-q")?;
    desk.send("y")?;
    // Until it has ended, which is when callgrind writes.
    while desk.rest(Duration::from_secs(20)).is_ok_and(|bytes| bytes > 0) {}
    Ok(())
}

/// Presses what is named, one key or one text after the other.
fn press(desk: &mut Pty, keys: &str) -> anyhow::Result<()> {
    for key in keys.split_whitespace() {
        let sent = match key.split_once('-') {
            Some(("alt", letter)) => format!("\x1b{letter}"),
            Some(("ctrl", letter)) => letter.bytes().map(|byte| char::from(byte & 0x1f)).collect(),
            _ => match key {
                "tab" => "\t",
                "enter" => "\r",
                "esc" => "\x1b",
                "backspace" => "\x7f",
                "down" => "\x1b[B",
                "f1" => "\x1bOP",
                "f2" => "\x1bOQ",
                "f3" => "\x1bOR",
                "f4" => "\x1bOS",
                "f6" => "\x1b[17~",
                "f7" => "\x1b[18~",
                "f8" => "\x1b[19~",
                "f10" => "\x1b[21~",
                text => text,
            }
            .to_owned(),
        };
        desk.send(&sent)?;
        desk.rest(QUIET)?;
    }
    Ok(())
}

/// The functions of `program` itself that ran, without what differs from compiler to compiler.
///
/// A profile names objects and functions by number, `(12)`, and tells the name where a number comes first.
fn functions_of(profile: &str, program: &str) -> BTreeSet<String> {
    let (mut objects, mut functions) = (HashMap::new(), HashMap::new());
    let (mut of_program, mut ran) = (false, BTreeSet::new());
    for line in profile.lines() {
        let Some((what, called)) = line.split_once('=') else { continue };
        let names = match what {
            "ob" | "cob" => &mut objects,
            "fn" | "cfn" => &mut functions,
            _ => continue,
        };
        let (number, name) = called.split_once(' ').unwrap_or((called, ""));
        if !name.is_empty() {
            names.insert(number, name);
        }
        let name = names.get(number).copied().unwrap_or_default();
        match what {
            // Of a section with a name of its own callgrind does not know whose it is.
            "ob" => of_program = [program, "???"].contains(&name),
            "fn" if of_program => ran.extend(lasting(name)),
            _ => {}
        }
    }
    ran
}

/// A function's name as a pattern that outlives the compiler; none where it has no name.
fn lasting(name: &str) -> Option<String> {
    // An apostrophe and `.llvm.` are followed by how deep a function calls itself, and by a number of this build.
    let name = name.split('\'').next()?;
    let name = name.split(".llvm.").next()?;
    let word = |byte: u8| byte.is_ascii_alphanumeric() || b"_$.".contains(&byte);
    if name.starts_with(|first: char| first.is_ascii_digit()) || !name.bytes().all(word) {
        return None;
    }
    if name.starts_with("_ZN") {
        let (path, _) = name.rsplit_once("17h")?;
        return Some(format!("{path}17h*"));
    }
    if !name.starts_with("_R") {
        return Some(name.to_owned());
    }
    let mut crates = name.split("Cs");
    let mut lasting = crates.next()?.to_owned();
    for rest in crates {
        let (_, rest) = rest.split_once('_')?;
        lasting.push_str("Cs*_");
        lasting.push_str(rest);
    }
    Some(format!("{lasting}*"))
}

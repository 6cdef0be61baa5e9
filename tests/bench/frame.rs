//! From a key to the frame it makes, on the intake screen with Chinese text, beside a bare ratatui program that draws
//! the same frames: in this process, and over a pseudo-terminal with the program as people run it.

use std::time::{Duration, Instant};

use crate::bare::{CROSSTERM, FLAG, PAINTER, crossterm_backend, draw, terminal};
use crate::filled::{Filled, sample};
use crate::home::Home;
use crate::pty::Pty;
use crate::screen::{Sink, TYPED, desk, frames, keys, painter, press};
use crate::start::sign_in;
use crate::table::{Times, median, print, ratio};

/// Rounds in this process; a round is every key of `screen::keys`.
const ROUNDS: usize = 100;
/// Rounds over a pseudo-terminal.
const PTY_ROUNDS: usize = 15;
/// Cases on the server.
const CASES: u64 = 10_000;
/// How long nothing must have come before the next key is pressed.
const QUIET: Duration = Duration::from_millis(25);

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    in_process()?;
    over_a_terminal()
}

/// What one program did with its keys.
#[derive(Default)]
struct Keys {
    times: Vec<Duration>,
    medians: Vec<Duration>,
    writes: Vec<f64>,
    bytes: Vec<f64>,
}

impl Keys {
    /// Does every key of a round in this process and counts what is written to `sink`.
    fn round(
        &mut self,
        sink: &Sink,
        keys: &[String],
        mut step: impl FnMut(usize, &str) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut times = Vec::with_capacity(keys.len());
        for (n, key) in keys.iter().enumerate() {
            sink.take();
            let pressed = Instant::now();
            step(n, key)?;
            times.push(pressed.elapsed());
            let (writes, bytes) = sink.take();
            self.writes.push(writes as f64);
            self.bytes.push(bytes as f64);
        }
        self.end_round(times);
        Ok(())
    }

    /// Types every character of a round in a pseudo-terminal, and takes them back.
    fn round_over(&mut self, pty: &mut Pty) -> anyhow::Result<()> {
        let mut times = Vec::new();
        for character in TYPED.chars() {
            pty.rest(QUIET)?;
            let (time, bytes) = pty.typed(&character.to_string())?;
            times.push(time);
            self.bytes.push(bytes as f64);
        }
        for _ in TYPED.chars() {
            pty.send("\x7f")?;
            pty.rest(QUIET)?;
        }
        self.end_round(times);
        Ok(())
    }

    fn end_round(&mut self, times: Vec<Duration>) {
        self.medians.push(Times::new(times.clone()).at(50));
        self.times.extend(times);
    }

    /// Times, the median over the rounds of how many times as long as `beside`, and bytes a key.
    fn row(&self, name: &str, beside: &Self) -> Vec<String> {
        let of_rounds = self.medians.iter().zip(&beside.medians).map(|(own, other)| ratio(*own, *other));
        let bytes = median(self.bytes.clone());
        vec![
            name.to_owned(),
            Times::new(self.times.clone()).cell(),
            format!("{:.2}", median(of_rounds.collect())),
            format!("{bytes:.0}"),
        ]
    }
}

const DESK: &str = "the desk";
const LEAN: &str = "bare, with the desk's backend";
const OWN: &str = "bare, with ratatui's backend";

fn in_process() -> anyhow::Result<()> {
    let (of_desk, of_lean, of_own) = (Sink::default(), Sink::default(), Sink::default());
    let (frames, keys) = (frames()?, keys());
    let Some(last) = frames.last() else { return Ok(()) };
    let mut lean = terminal(painter(of_lean.clone()))?;
    let mut own = terminal(crossterm_backend(of_own.clone()))?;
    draw(&mut lean, last)?;
    draw(&mut own, last)?;
    let firsts = [of_lean.take().1, of_own.take().1];
    let mut runner = desk(of_desk.clone())?;
    let (mut by_desk, mut by_lean, mut by_own) = (Keys::default(), Keys::default(), Keys::default());
    for _ in 0..ROUNDS {
        by_desk.round(&of_desk, &keys, |_, key| press(&mut runner, key))?;
        by_lean.round(&of_lean, &keys, |n, _| Ok(draw(&mut lean, &frames[n])?))?;
        by_own.round(&of_own, &keys, |n, _| Ok(draw(&mut own, &frames[n])?))?;
    }
    let mut table = Vec::new();
    for (name, by, first) in
        [(DESK, &by_desk, None), (LEAN, &by_lean, Some(firsts[0])), (OWN, &by_own, Some(firsts[1]))]
    {
        let mut row = by.row(name, &by_lean);
        row.push(format!("{:.0}", median(by.writes.clone())));
        row.push(first.map_or_else(|| "–".to_owned(), |bytes| bytes.to_string()));
        table.push(row);
    }
    let heads =
        ["", "p50 / p99 ms", "to bare (p50)", "bytes a key", "writes a key", "bytes of the first frame"];
    print("Key to frame in this process, intake, 120×36, Chinese", &heads, &table);
    Ok(())
}

fn over_a_terminal() -> anyhow::Result<()> {
    let filled = Filled::new(CASES)?;
    let home = Home::new(Some(&filled.database()))?;
    let mut ours = sign_in(&home)?;
    call(&mut ours)?;
    let own_path = std::env::current_exe()?;
    let own_path = own_path.to_string_lossy();
    let mut lean = Pty::start(&own_path, &[FLAG, PAINTER])?;
    let mut own = Pty::start(&own_path, &[FLAG, CROSSTERM])?;
    for bare in [&mut lean, &mut own] {
        bare.until_anything()?;
    }
    let (mut by_desk, mut by_lean, mut by_own) = (Keys::default(), Keys::default(), Keys::default());
    for _ in 0..PTY_ROUNDS {
        by_desk.round_over(&mut ours)?;
        by_lean.round_over(&mut lean)?;
        by_own.round_over(&mut own)?;
    }
    let table = [(DESK, &by_desk), (LEAN, &by_lean), (OWN, &by_own)];
    let table = table.map(|(name, by)| by.row(name, &by_lean));
    let heads = ["", "p50 / p99 ms", "to bare (p50)", "bytes a key"];
    print("Key to paint over a pseudo-terminal, intake, 120×36, Chinese", &heads, &table);
    Ok(())
}

/// Begins a call on the intake screen, up to the text, which is where the cursor is then.
fn call(desk: &mut Pty) -> anyhow::Result<()> {
    desk.paste("16412345678")?;
    // From the number to the text.
    for _ in 0..12 {
        desk.send("\t")?;
    }
    let text = sample(CASES)?.case(41).intake.text;
    desk.paste(&text)?;
    desk.until(&text.chars().take(8).collect::<String>())?;
    desk.rest(Duration::from_secs(1))?;
    Ok(())
}

//! From a key to the frame it makes, on every screen with Chinese text, beside a bare ratatui program that draws the
//! same frames: in this process, and over a pseudo-terminal with the program as people run it.

use std::time::{Duration, Instant};

use crate::bare::{CROSSTERM, FLAG, PAINTER, crossterm_backend, draw, terminal};
use crate::filled::{Filled, sample};
use crate::home::Home;
use crate::pty::Pty;
use crate::scene::{Scene, TYPED};
use crate::screen::{SIZES, Sink, Size, desk, frames, painter, press};
use crate::start::sign_in;
use crate::table::{Times, mark, median, ms, print, ratio};

/// Rounds in this process, of every screen at every size; a round is every key of [`Scene::keys`].
const ROUNDS: usize = 40;
/// How many times as long as the bare program the desk may take at the median, and at the 99th percentile.
const AT_MOST: (f64, f64) = (1.3, 1.5);
/// Rounds over a pseudo-terminal.
const PTY_ROUNDS: usize = 15;
/// Cases on the server.
const CASES: u64 = 10_000;
/// How long nothing must have come before the next key is pressed.
const QUIET: Duration = Duration::from_millis(25);

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    in_process()?;
    SIZES.iter().enumerate().try_for_each(|(n, size)| over_a_terminal(n, *size))
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

    /// How many times as long as `beside` it took: the median over the rounds, and the 99th percentiles.
    fn to(&self, beside: &Self) -> (f64, f64) {
        let of_rounds = self.medians.iter().zip(&beside.medians).map(|(own, other)| ratio(*own, *other));
        let tail = |keys: &Self| Times::new(keys.times.clone()).at(99);
        (median(of_rounds.collect()), ratio(tail(self), tail(beside)))
    }

    /// Times, how many times as long as `beside` that is, and bytes a key.
    fn row(&self, name: String, beside: &Self) -> Vec<String> {
        let (p50, p99) = self.to(beside);
        let bytes = format!("{:.0}", median(self.bytes.clone()));
        vec![name, Times::new(self.times.clone()).cell(), mark(p50, AT_MOST.0), mark(p99, AT_MOST.1), bytes]
    }
}

fn in_process() -> anyhow::Result<()> {
    let mut table = Vec::new();
    for size in SIZES {
        for scene in Scene::ALL {
            let (of_desk, of_bare, of_first) = (Sink::default(), Sink::default(), Sink::default());
            let (frames, keys) = (frames(scene, size)?, scene.keys());
            let Some(last) = frames.last() else { continue };
            let mut bare = terminal(painter(of_bare.clone(), size), size)?;
            draw(&mut bare, last)?;
            draw(&mut terminal(crossterm_backend(of_first.clone()), size)?, last)?;
            let firsts = (of_bare.take().1, of_first.take().1);
            let mut runner = desk(of_desk.clone(), scene, size)?;
            let (mut by_desk, mut by_bare) = (Keys::default(), Keys::default());
            for _ in 0..ROUNDS {
                by_desk.round(&of_desk, &keys, |_, key| press(&mut runner, key))?;
                by_bare.round(&of_bare, &keys, |n, _| Ok(draw(&mut bare, &frames[n])?))?;
            }
            let mut row = by_desk.row(format!("{}, {}×{}", scene.name(), size.0, size.1), &by_bare);
            row.insert(2, Times::new(by_bare.times.clone()).cell());
            row.push(format!("{:.0}", by_desk.writes.iter().copied().fold(0.0, f64::max)));
            row.push(format!("{} / {}", firsts.0, firsts.1));
            table.push(row);
        }
    }
    let heads = [
        "",
        "the desk: p50 / p99 ms",
        "bare",
        "to bare, p50",
        "to bare, p99",
        "bytes a key",
        "most writes a key",
        "first frame, bytes: by the desk's / ratatui's backend",
    ];
    print("Key to frame in this process, Chinese", &heads, &table);
    Ok(())
}

fn over_a_terminal(n: usize, size: Size) -> anyhow::Result<()> {
    let filled = Filled::new(CASES)?;
    let home = Home::new(Some(&filled.database()))?;
    let mut ours = sign_in(&home, size)?;
    call(&mut ours)?;
    let own_path = std::env::current_exe()?;
    let own_path = own_path.to_string_lossy();
    let place = n.to_string();
    let mut lean = Pty::start(&own_path, &[FLAG, PAINTER, &place], size)?;
    let mut own = Pty::start(&own_path, &[FLAG, CROSSTERM, &place], size)?;
    for bare in [&mut lean, &mut own] {
        bare.until_anything()?;
    }
    let (mut by_desk, mut by_lean, mut by_own) = (Keys::default(), Keys::default(), Keys::default());
    let mut spent = [[Duration::ZERO; 2]; 2];
    for _ in 0..PTY_ROUNDS {
        let before = [ours.ran()?, lean.ran()?];
        by_desk.round_over(&mut ours)?;
        by_lean.round_over(&mut lean)?;
        by_own.round_over(&mut own)?;
        let ran = [ours.ran()?, lean.ran()?].into_iter().flatten().zip(before.into_iter().flatten());
        for (spent, (after, before)) in spent.iter_mut().flatten().zip(ran) {
            *spent += after.saturating_sub(before);
        }
    }
    // Every character is typed and taken back.
    let keys = u32::try_from(PTY_ROUNDS * TYPED.chars().count() * 2)?;
    let [of_desk, of_lean] = spent.map(|[first, all]| format!("{} / {}", ms(first / keys), ms(all / keys)));
    let cpu = [of_desk, of_lean, "–".to_owned()];
    let table = [
        ("the desk", &by_desk),
        ("bare, with the desk's backend", &by_lean),
        ("bare, with ratatui's backend", &by_own),
    ];
    let table: Vec<_> = table
        .into_iter()
        .zip(cpu)
        .map(|((name, by), cpu)| {
            let mut row = by.row(name.to_owned(), &by_lean);
            row.push(cpu);
            row
        })
        .collect();
    let heads = [
        "",
        "p50 / p99 ms",
        "to bare, p50",
        "to bare, p99",
        "bytes a key",
        "processor a key, the thread that paints / all, ms",
    ];
    let title = format!("Key to paint over a pseudo-terminal, intake, {}×{}, Chinese", size.0, size.1);
    print(&title, &heads, &table);
    Ok(())
}

/// Begins a call on the intake screen, up to the text, which is where the cursor is then.
pub(crate) fn call(desk: &mut Pty) -> anyhow::Result<()> {
    desk.paste("16412345678")?;
    to_the_text(desk)?;
    let text = sample(CASES)?.case(41).intake.text;
    desk.paste(&text)?;
    desk.until(&text.chars().take(8).collect::<String>())?;
    desk.rest(Duration::from_secs(1))?;
    Ok(())
}

/// From the first field of the intake form to the text.
pub(crate) fn to_the_text(desk: &mut Pty) -> anyhow::Result<()> {
    desk.send(&"\t".repeat(12))
}

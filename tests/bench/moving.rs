//! Moving: down a list of 10,000 rows beside one that fills the screen four times, and through a text of 20,000
//! characters beside one that fills it twice, at the same place.
//! What it costs must not grow with what is not in sight.

use std::time::{Duration, Instant};

use huiyin::desk::frames::Frames;
use huiyin::desk::widgets::edit::Edit;
use huiyin::desk::widgets::field::FieldStyle;
use huiyin::desk::widgets::list::{self, ListState, ListStyle};
use huiyin::desk::widgets::textarea::TextArea;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::filled::sample;
use crate::screen::{SIZES, Sink, Size, painter};
use crate::table::{Times, mark, median, ms, print, ratio};

/// Rounds; in each, every one of the compared things takes a turn.
const ROUNDS: usize = 40;
/// Keys of a turn one way, and as many back.
const STEPS: usize = 25;
/// What a move may take at the 99th percentile, and how many times the small one's median, in milliseconds.
const AT_MOST: (f64, f64) = (1.0, 1.2);

/// Prints the figures.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut table = Vec::new();
    for size in SIZES {
        lists(size, &mut table)?;
        texts(size, &mut table)?;
    }
    let heads = ["", "p50 / p99 ms", "p99, at most 1 ms", "to the small one, p50"];
    print("Moving, key to frame in this process", &heads, &table);
    Ok(())
}

/// Times of one thing, and the median of each turn.
#[derive(Default)]
struct Moves {
    times: Vec<Duration>,
    medians: Vec<Duration>,
}

impl Moves {
    fn turn(&mut self, mut step: impl FnMut(bool) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let mut times = Vec::with_capacity(2 * STEPS);
        for forth in [true, false] {
            for _ in 0..STEPS {
                let began = Instant::now();
                step(forth)?;
                times.push(began.elapsed());
            }
        }
        self.medians.push(Times::new(times.clone()).at(50));
        self.times.extend(times);
        Ok(())
    }

    fn row(&self, name: String, beside: &Self) -> Vec<String> {
        let times = Times::new(self.times.clone());
        let of_rounds = self.medians.iter().zip(&beside.medians).map(|(own, other)| ratio(*own, *other));
        let p99 = times.at(99);
        let kept = if p99.as_secs_f64() * 1000.0 <= AT_MOST.0 { "✓" } else { "✗" };
        let grows = mark(median(of_rounds.collect()), AT_MOST.1);
        vec![name, times.cell(), format!("{} {kept}", ms(p99)), grows]
    }
}

fn lists(size: Size, table: &mut Vec<Vec<String>>) -> anyhow::Result<()> {
    let rows: Vec<String> = sample(10_000)?.map(|case| case.intake.title).collect();
    let mut frames = Frames::new(painter(Sink::default(), size))?;
    // Enough that half of the steps scroll, as they do in the long one.
    let few = 4 * usize::from(size.1);
    let mut of = [(few, Moves::default()), (rows.len(), Moves::default())];
    for _ in 0..ROUNDS {
        for (n, moves) in &mut of {
            let mut state = ListState::default();
            state.select(*n / 2);
            moves.turn(|down| {
                let _ = state.apply(if down { &Edit::Down } else { &Edit::Up }, *n);
                frames.draw(|buf| {
                    buf.fill(Style::new());
                    let area = buf.area;
                    list::view(buf, area, &state, *n, &ListStyle::default(), |row, _| {
                        Line::raw(rows[row].as_str())
                    });
                    None
                })?;
                Ok(())
            })?;
        }
    }
    for (n, moves) in &of {
        table.push(moves.row(format!("a list of {n} rows, {}×{}", size.0, size.1), &of[0].1));
    }
    Ok(())
}

fn texts(size: Size, table: &mut Vec<Vec<String>>) -> anyhow::Result<()> {
    let long: String = sample(400)?.flat_map(|case| case.intake.text.chars().collect::<Vec<_>>()).collect();
    let screens = usize::from(size.0) * usize::from(size.1);
    let short: String = long.chars().take(screens).collect();
    // Room for what is typed in a turn.
    let long: String = long.chars().take(20_000 - STEPS).collect();
    let mut frames = Frames::new(painter(Sink::default(), size))?;
    for (what, there, back) in
        [("typing into", Edit::Insert('噪'), Edit::Backspace), ("moving in", Edit::Up, Edit::Down)]
    {
        let mut of = Vec::new();
        for place in ["the start", "the middle", "the end"] {
            for (name, text) in [("two screens", &short), ("20,000 characters", &long)] {
                let mut area = TextArea::default();
                area.set(text);
                area.set_caret(match place {
                    "the start" => 0,
                    "the middle" => text.floor_char_boundary(text.len() / 2),
                    _ => text.len(),
                });
                of.push((format!("{name}, {place}"), area, Moves::default()));
            }
        }
        for _ in 0..ROUNDS {
            for (_, area, moves) in &mut of {
                moves.turn(|forth| {
                    let _ = area.apply(if forth { &there } else { &back });
                    frames.draw(|buf| {
                        buf.fill(Style::new());
                        let within = buf.area;
                        area.view(buf, within, &FieldStyle::default(), "", true)
                    })?;
                    Ok(())
                })?;
            }
        }
        for places in of.chunks(2) {
            for (name, _, moves) in places {
                let name = format!("{what} a text: {name}, {}×{}", size.0, size.1);
                table.push(moves.row(name, &places[0].2));
            }
        }
    }
    Ok(())
}

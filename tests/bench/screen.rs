//! The desk in this process, on every screen with a call half written down, and the frames that its keys make.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{anyhow, bail, ensure};
use huiyin::clock::Clock;
use huiyin::desk::backend::{Painter, SharedSize};
use huiyin::desk::buffer::Buffer as Painted;
use huiyin::desk::frames::Frames;
use huiyin::desk::input::Input;
use huiyin::desk::mailbox::Mailbox;
use huiyin::desk::msg::{Msg, SignedIn};
use huiyin::desk::run::{App as _, Runner};
use huiyin::desk::widgets::overlay::Borders;
use huiyin::desk::{Desk, Look};
use huiyin::domain::code::Role;
use huiyin::theme::{Depth, Theme};
use huiyin::wire::account::{Account, Session};
use jiff::Timestamp;
use ratatui::buffer::{Buffer, CellWidth as _};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::answers::{Answers, name, profile};
use crate::filled::sample;
use crate::scene::Scene;

/// Columns and rows.
pub(crate) type Size = (u16, u16);
/// What every screen is measured at.
pub(crate) const SIZES: [Size; 2] = [(120, 36), (200, 60)];

/// Counts what is written to it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Sink(Arc<(AtomicUsize, AtomicUsize)>);

impl Sink {
    /// Writes and bytes since the last time this was asked.
    pub(crate) fn take(&self) -> (usize, usize) {
        (self.0.0.swap(0, Ordering::Relaxed), self.0.1.swap(0, Ordering::Relaxed))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.0.fetch_add(1, Ordering::Relaxed);
        self.0.1.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The painter of the desk.
pub(crate) fn painter<W: Write>(writer: W, size: Size) -> Painter<W> {
    Painter::new(writer, SharedSize::new(size.0, size.1), Depth::True)
}

/// The desk with its loop.
pub(crate) type Running = Runner<Desk, Painter<Sink>, Answers>;

/// The desk on a scene.
pub(crate) fn desk(sink: Sink, scene: Scene, size: Size) -> anyhow::Result<Running> {
    let now: Timestamp = "2026-11-23T15:42:03+08:00".parse()?;
    let theme = Theme::built_in("dark", Depth::True)?;
    let look = Look::new(theme, Depth::True, Borders::Rounded);
    let desk = Desk::new(look, false, [7; 32], now);
    let frames = Frames::new(painter(sink, size))?;
    let mut runner = Runner::new(desk, frames, Mailbox::default(), Answers::new()?, Clock::manual(now));
    runner.mailbox().post(Msg::Setup(Ok(false)));
    runner.turn()?;
    if scene != Scene::SignIn {
        let account = Account { name: name()?, role: Role::Agent, departments: Vec::new(), disabled: false };
        let session = Session { token: "token".into(), account, expires_at: now, idle_seconds: 1800 };
        runner.mailbox().post(Msg::SignedIn(Ok(Box::new(SignedIn {
            session,
            journal: Ok(()),
            offline: None,
        }))));
        runner.mailbox().post(Msg::Profile(Ok(Box::new(profile()))));
        runner.turn()?;
        fill(&mut runner)?;
    }
    for key in scene.way() {
        press(&mut runner, key)?;
    }
    if let Some(field) = scene.field() {
        focus(&mut runner, field)?;
    }
    // What was asked for on the way is answered.
    while runner.turn()? {}
    Ok(runner)
}

/// Fills in the caller, the place and some hundred characters of the text.
fn fill(runner: &mut Running) -> anyhow::Result<()> {
    let text = sample(500)?.case(41).intake.text;
    for (field, content) in
        [("number", "16412345678"), ("name", "周小满"), ("detail", "湖滨路18号"), ("text", &text)]
    {
        focus(runner, field)?;
        runner.mailbox().input(Input::Paste(content.to_owned()));
        runner.turn()?;
    }
    Ok(())
}

/// Goes to a field of the intake form by Tab.
fn focus(runner: &mut Running, field: &str) -> anyhow::Result<()> {
    let is_there = |runner: &Running| runner.app().model().intake.current().form.focus.code() == field;
    for _ in 0..60 {
        if is_there(runner) {
            return Ok(());
        }
        press(runner, "tab")?;
    }
    bail!("no field {field}")
}

/// Presses a key and draws what comes of it.
pub(crate) fn press(runner: &mut Running, key: &str) -> anyhow::Result<()> {
    let chord = key.parse().map_err(|_| anyhow!("no key {key}"))?;
    runner.mailbox().input(Input::Key(chord));
    ensure!(runner.turn()?, "{key} was not handled");
    Ok(())
}

/// A frame as a bare program puts it on the screen: pieces of text with their places and styles.
pub(crate) struct Frame {
    /// Column, row, text, style.
    pub(crate) pieces: Vec<(u16, u16, String, Style)>,
    /// Where the cursor is.
    pub(crate) cursor: Position,
}

/// The frame after each key of a round, by the desk itself.
pub(crate) fn frames(scene: Scene, size: Size) -> anyhow::Result<Vec<Frame>> {
    let mut runner = desk(Sink::default(), scene, size)?;
    let mut frames = Vec::new();
    for key in scene.keys() {
        press(&mut runner, &key)?;
        let mut painted = Painted::empty(Rect::new(0, 0, size.0, size.1));
        let cursor = runner.app().paint(&mut painted).unwrap_or_default();
        frames.push(Frame { pieces: pieces(&painted.cells()), cursor });
    }
    Ok(frames)
}

fn pieces(buffer: &Buffer) -> Vec<(u16, u16, String, Style)> {
    let mut pieces: Vec<(u16, u16, String, Style)> = Vec::new();
    for y in buffer.area.rows().map(|row| row.y) {
        let mut x = 0;
        let mut begun = false;
        while x < buffer.area.width {
            let cell = &buffer[(x, y)];
            match pieces.last_mut() {
                Some((_, _, text, style)) if begun && *style == cell.style() => text.push_str(cell.symbol()),
                _ => pieces.push((x, y, cell.symbol().to_owned(), cell.style())),
            }
            begun = true;
            x += cell.cell_width().max(1);
        }
    }
    pieces
}

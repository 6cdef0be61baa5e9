//! The least that a ratatui program can do: read a key, put a frame that is ready into the buffer, draw it.
//!
//! It runs as a process of its own, this one called again, so that what it costs is what any program pays.

use std::io::{self, Write};

use anyhow::{Context as _, bail};
use crossterm::event::{Event, KeyCode, KeyEventKind, read};
use ratatui::backend::Backend;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::{Terminal, TerminalOptions, Viewport};
use ratatui_crossterm::CrosstermBackend;

use crate::scene::Scene;
use crate::screen::{Frame, SIZES, Size, frames, painter};

/// What tells this program to be the bare one; the next arguments are the backend and the place of the size in
/// [`SIZES`].
pub(crate) const FLAG: &str = "--bare";
/// The desk's backend.
pub(crate) const PAINTER: &str = "painter";
/// ratatui's own.
pub(crate) const CROSSTERM: &str = "crossterm";
/// The desk's, and a frame that takes no making: how soon a program can show anything.
pub(crate) const AT_ONCE: &str = "at-once";

/// Runs it until Esc.
pub(crate) fn run(backend: &str, size: &str) -> anyhow::Result<()> {
    let size = *SIZES.get(size.parse::<usize>()?).context("no such size")?;
    let frames = if backend == AT_ONCE { vec![plain(size)] } else { frames(Scene::Intake, size)? };
    crossterm::terminal::enable_raw_mode()?;
    let ended = match backend {
        PAINTER | AT_ONCE => keys(&frames, &mut terminal(painter(io::stdout(), size), size)?),
        CROSSTERM => keys(&frames, &mut terminal(crossterm_backend(io::stdout()), size)?),
        _ => bail!("no backend {backend}"),
    };
    crossterm::terminal::disable_raw_mode()?;
    ended
}

/// Every row full of Chinese.
fn plain(size: Size) -> Frame {
    let row = "请输入账号和密码".repeat(usize::from(size.0) / 16);
    let pieces = (0..size.1).map(|y| (0, y, row.clone(), Style::new())).collect();
    Frame { pieces, cursor: Position::ORIGIN }
}

/// A terminal of the size that is measured.
pub(crate) fn terminal<B: Backend<Error = io::Error>>(backend: B, size: Size) -> anyhow::Result<Terminal<B>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, size.0, size.1));
    Ok(Terminal::with_options(backend, TerminalOptions { viewport })?)
}

/// ratatui's own backend over the buffer that stdout has.
pub(crate) fn crossterm_backend<W: Write>(writer: W) -> CrosstermBackend<io::LineWriter<W>> {
    CrosstermBackend::new(io::LineWriter::new(writer))
}

/// Draws a frame that is ready.
pub(crate) fn draw<B: Backend<Error = io::Error>>(
    terminal: &mut Terminal<B>,
    ready: &Frame,
) -> io::Result<()> {
    terminal.draw(|frame| {
        for (x, y, text, style) in &ready.pieces {
            frame.buffer_mut().set_stringn(*x, *y, text, usize::from(u16::MAX), *style);
        }
        frame.set_cursor_position(ready.cursor);
    })?;
    Ok(())
}

fn keys<B: Backend<Error = io::Error>>(frames: &[Frame], terminal: &mut Terminal<B>) -> anyhow::Result<()> {
    let Some(last) = frames.last() else { bail!("no frames") };
    draw(terminal, last)?;
    for ready in frames.iter().cycle() {
        loop {
            match read()? {
                Event::Key(key) if key.code == KeyCode::Esc => return Ok(()),
                Event::Key(key) if key.kind == KeyEventKind::Press => break,
                _ => {}
            }
        }
        draw(terminal, ready)?;
    }
    Ok(())
}

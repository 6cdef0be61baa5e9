//! Frames: the one that is on the screen and the next one, and what of it must be written.
//!
//! It stands where ratatui's `Terminal` would, for what a key costs before its frame is out: that one measures every
//! cell, and wipes the older frame before it lets the backend write. Here a row that is as it was costs a comparison,
//! and the next frame is painted over the one before the last.

use std::mem;

use ratatui::backend::{Backend, ClearType};
use ratatui::buffer::{Buffer, Cell, CellWidth as _};
use ratatui::layout::{Position, Rect};

/// A backend and two frames of its size.
#[derive(Debug)]
pub struct Frames<B> {
    backend: B,
    shown: Buffer,
    next: Buffer,
}

impl<B: Backend> Frames<B> {
    /// Two frames for a screen that is clear.
    pub fn new(backend: B) -> Result<Self, B::Error> {
        let area = Rect::from((Position::ORIGIN, backend.size()?));
        Ok(Self { backend, shown: Buffer::empty(area), next: Buffer::empty(area) })
    }

    /// What is painted with.
    pub fn backend(&self) -> &B {
        &self.backend
    }

    /// Draws a frame. `paint` gets an old one: it paints every cell, and says where the cursor belongs.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Buffer) -> Option<Position>) -> Result<(), B::Error> {
        let area = Rect::from((Position::ORIGIN, self.backend.size()?));
        if area != self.next.area {
            (self.shown, self.next) = (Buffer::empty(area), Buffer::empty(area));
            self.clear()?;
        }
        let cursor = paint(&mut self.next);
        self.backend.draw(changes(&self.shown, &self.next))?;
        match cursor {
            Some(cursor) => {
                self.backend.show_cursor()?;
                self.backend.set_cursor_position(cursor)?;
            }
            None => self.backend.hide_cursor()?,
        }
        mem::swap(&mut self.shown, &mut self.next);
        self.backend.flush()
    }

    /// Clears the screen, whatever stands on it; the next frame is written whole.
    pub fn clear(&mut self) -> Result<(), B::Error> {
        self.backend.clear_region(ClearType::All)?;
        self.shown.reset();
        Ok(())
    }
}

/// The cells of `next` that a terminal must be sent which shows `shown`, both of one size.
fn changes<'a>(shown: &'a Buffer, next: &'a Buffer) -> impl Iterator<Item = (u16, u16, &'a Cell)> {
    let columns = usize::from(next.area.width).max(1);
    let rows = shown.content.chunks(columns).zip(next.content.chunks(columns)).zip(0..);
    let changed = rows.filter(|((shown, next), _)| shown != next);
    changed.flat_map(|((shown, next), y)| {
        Changes { shown, next, at: 0, left_behind: 0, covered: 0 }.map(move |(x, cell)| (x, y, cell))
    })
}

/// The cells of a row that differ, and those beside them that a terminal may show otherwise than they are.
struct Changes<'a> {
    shown: &'a [Cell],
    next: &'a [Cell],
    at: usize,
    /// Up to here a wide character stood that has gone: terminals differ in what they leave of it.
    left_behind: usize,
    /// Up to here a picture covers cells which not every terminal clears.
    covered: usize,
}

impl<'a> Iterator for Changes<'a> {
    type Item = (u16, &'a Cell);

    fn next(&mut self) -> Option<Self::Item> {
        while let (Some(next), Some(shown)) = (self.next.get(self.at), self.shown.get(self.at)) {
            let (at, wide) = (self.at, columns_of(next));
            self.at += wide;
            let sent = if at < self.covered {
                next.symbol() != shown.symbol()
            } else {
                at < self.left_behind || next != shown
            };
            if !sent {
                continue;
            }
            for (before, shown) in self.shown[at..].iter().enumerate().take(wide) {
                self.left_behind = self.left_behind.max(at + before + columns_of(shown));
            }
            if wide > 1 && next.symbol().contains('\u{fe0f}') {
                (self.at, self.covered) = (at + 1, at + wide);
            }
            return Some((u16::try_from(at).unwrap_or(u16::MAX), next));
        }
        None
    }
}

fn columns_of(cell: &Cell) -> usize {
    usize::from(cell.cell_width()).max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::Color;

    use super::*;

    /// A row as a terminal of the strictest sort keeps it: who overwrites half of a wide character loses all of it.
    fn shown_by(frames: &[Buffer]) -> Vec<String> {
        let columns = usize::from(frames[0].area.width);
        let mut cells = vec![" ".to_owned(); columns];
        let mut before = Buffer::empty(frames[0].area);
        for frame in frames {
            for (x, _, cell) in changes(&before, frame) {
                let x = usize::from(x);
                let wide = columns_of(cell);
                for at in x..(x + wide).min(columns) {
                    if cells[at].is_empty() {
                        cells[at - 1] = "?".to_owned();
                    }
                    if cells.get(at + 1).is_some_and(String::is_empty) {
                        cells[at + 1] = "?".to_owned();
                    }
                    cells[at] = String::new();
                }
                cells[x] = cell.symbol().to_owned();
            }
            before = frame.clone();
        }
        cells
    }

    fn row(words: &[(u16, String)]) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        for (x, word) in words {
            buffer.set_string(*x, 0, word, Color::Red);
        }
        buffer
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn what_is_sent_makes_the_screen_the_frame(
            frames in prop::collection::vec(prop::collection::vec((0..12_u16, "[ab 夜间施]{0,4}"), 0..4), 1..6)
        ) {
            let frames: Vec<_> = frames.iter().map(|words| row(words)).collect();
            let last = frames.last().unwrap();
            let shown = shown_by(&frames);
            let mut x = 0;
            while x < 12 {
                let cell = &last[(u16::try_from(x).unwrap(), 0)];
                prop_assert_eq!(&shown[x], cell.symbol());
                x += columns_of(cell);
            }
        }
    }

    #[test]
    fn a_row_that_is_as_it_was_sends_nothing() {
        let (one, other) = (row(&[(0, "夜间".into())]), row(&[(0, "夜施".into())]));
        assert_eq!(changes(&one, &one.clone()).count(), 0);
        let sent: Vec<_> = changes(&one, &other).map(|(x, y, cell)| (x, y, cell.symbol())).collect();
        assert_eq!(sent, [(2, 0, "施")]);
    }
}

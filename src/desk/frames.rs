//! Frames: the one that is on the screen and the next one, and what of it must be written.
//!
//! It stands where ratatui's `Terminal` would, for what a key costs before its frame is out: that one measures every
//! cell, and wipes the older frame before it lets the backend write. Here a row that is as it was costs a comparison
//! of numbers, and the next frame is painted over the one before the last.

use std::mem;

use ratatui::backend::{Backend, ClearType};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::buffer::{Buffer, Mark, Row};

/// A backend that takes what has changed row by row, as the buffer has it.
pub trait RowBackend: Backend {
    /// Takes what has changed in a row, from left to right: the columns, and what stands there now.
    fn draw_row<'a>(
        &mut self,
        y: u16,
        changes: impl Iterator<Item = (u16, Mark<'a>)>,
    ) -> Result<(), Self::Error> {
        let cells: Vec<(u16, Cell)> = changes.map(|(x, mark)| (x, mark.cell())).collect();
        self.draw(cells.iter().map(|(x, cell)| (*x, y, cell)))
    }
}

/// A backend and two frames of its size.
#[derive(Debug)]
pub struct Frames<B> {
    backend: B,
    shown: Buffer,
    next: Buffer,
}

impl<B: RowBackend> Frames<B> {
    /// Two frames for a screen that is clear.
    pub fn new(backend: B) -> Result<Self, B::Error> {
        let shown = Buffer::empty(Rect::from((Position::ORIGIN, backend.size()?)));
        Ok(Self { backend, next: shown.twin(), shown })
    }

    /// What is painted with.
    pub fn backend(&self) -> &B {
        &self.backend
    }

    /// Draws a frame. `paint` gets an old one: it paints every cell, and says where the cursor belongs.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Buffer) -> Option<Position>) -> Result<(), B::Error> {
        let area = Rect::from((Position::ORIGIN, self.backend.size()?));
        if area != self.next.area {
            self.shown = Buffer::empty(area);
            self.next = self.shown.twin();
            self.clear()?;
        }
        if self.shown.tidy() {
            self.next = self.shown.twin();
        }
        let cursor = paint(&mut self.next);
        for ((shown, next), y) in self.shown.rows().zip(self.next.rows()).zip(0..) {
            if !shown.is_as(next) {
                self.backend.draw_row(y, Changes::new(shown, next))?;
            }
        }
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
        self.shown.fill(Style::new());
        Ok(())
    }
}

/// The cells of a row that a terminal must be sent: those that differ, and those beside them that a terminal may show
/// otherwise than they are.
struct Changes<'a> {
    shown: Row<'a>,
    next: Row<'a>,
    at: usize,
    /// Up to here a wide character stood that has gone: terminals differ in what they leave of it.
    left_behind: usize,
    /// Up to here a picture covers cells which not every terminal clears.
    covered: usize,
}

impl<'a> Changes<'a> {
    fn new(shown: Row<'a>, next: Row<'a>) -> Self {
        Self { shown, next, at: 0, left_behind: 0, covered: 0 }
    }
}

impl<'a> Iterator for Changes<'a> {
    type Item = (u16, Mark<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.next.len() {
            let (at, wide) = (self.at, self.next.columns_at(self.at));
            self.at += wide;
            let sent = if at < self.covered {
                !self.next.says_the_same_at(self.shown, at)
            } else {
                at < self.left_behind || !self.next.is_as_at(self.shown, at)
            };
            if !sent {
                continue;
            }
            for before in at..(at + wide).min(self.shown.len()) {
                self.left_behind = self.left_behind.max(before + self.shown.columns_at(before));
            }
            if wide > 1 && self.next.is_picture_at(at) {
                (self.at, self.covered) = (at + 1, at + wide);
            }
            return Some((u16::try_from(at).unwrap_or(u16::MAX), self.next.mark(at)));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::buffer::CellWidth as _;
    use ratatui::style::Color;

    use super::*;

    /// A row as a terminal of the strictest sort keeps it: who overwrites half of a wide character loses all of it.
    fn shown_by(frames: &[Buffer]) -> Vec<String> {
        let columns = usize::from(frames[0].area.width);
        let mut cells = vec![" ".to_owned(); columns];
        let mut before = frames[0].twin();
        for frame in frames {
            for (x, cell) in changes(&before, frame) {
                let x = usize::from(x);
                let wide = usize::from(cell.cell_width()).max(1);
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

    fn changes(shown: &Buffer, next: &Buffer) -> Vec<(u16, Cell)> {
        let changes = Changes::new(shown.rows().next().unwrap(), next.rows().next().unwrap());
        changes.map(|(x, mark)| (x, mark.cell())).collect()
    }

    /// Frames of one row that can be compared.
    fn rows(frames: &[Vec<(u16, String)>]) -> Vec<Buffer> {
        let empty = Buffer::empty(Rect::new(0, 0, 12, 1));
        let painted = frames.iter().map(|words| {
            let mut buffer = empty.twin();
            for (x, word) in words {
                buffer.set_string(*x, 0, word, Style::new().fg(Color::Red));
            }
            buffer
        });
        painted.collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn what_is_sent_makes_the_screen_the_frame(
            frames in prop::collection::vec(prop::collection::vec((0..12_u16, "[ab 夜间施]{0,4}"), 0..4), 1..6)
        ) {
            let frames = rows(&frames);
            let last = frames.last().unwrap().cells();
            let shown = shown_by(&frames);
            let mut x = 0;
            while x < 12 {
                let cell = &last[(u16::try_from(x).unwrap(), 0)];
                prop_assert_eq!(&shown[x], cell.symbol());
                x += usize::from(cell.cell_width()).max(1);
            }
        }
    }

    #[test]
    fn a_row_that_is_as_it_was_sends_nothing() {
        let frames = rows(&[vec![(0, "夜间".into())], vec![(0, "夜施".into())]]);
        assert_eq!(changes(&frames[0], &frames[0]), []);
        let sent = changes(&frames[0], &frames[1]);
        let sent: Vec<_> = sent.iter().map(|(x, cell)| (*x, cell.symbol())).collect();
        assert_eq!(sent, [(2, "施")]);
    }
}

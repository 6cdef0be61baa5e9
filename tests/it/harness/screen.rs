//! The screen of a desk under test: every frame goes into a buffer that is looked at and through the real painter,
//! whose bytes are read by two terminal emulators. What a person would see must be what was meant, and no character
//! that steers a terminal may come from anywhere but the painter.

use std::convert::Infallible;

use huiyin::desk::backend::{Painter, SharedSize};
use huiyin::desk::buffer::Mark;
use huiyin::desk::frames::RowBackend;
use huiyin::desk::text;
use huiyin::desk::widgets::screen;
use huiyin::theme::Depth;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::{Position, Rect, Size};
use unicode_segmentation::UnicodeSegmentation as _;

use super::emulator::Emulators;
use super::wide_terminal::WideTerminal;

/// The screen.
pub(crate) struct Screen {
    size: SharedSize,
    /// ratatui's own test backend keeps what a wide character covers, and shows it again when that goes.
    meant: Buffer,
    cursor: Position,
    cursor_shows: bool,
    painter: Painter<Vec<u8>>,
    terminals: Emulators,
    /// Reads in their place where characters of ambiguous width are wide, which they do not know.
    wide: Option<WideTerminal>,
    /// The bytes of the last frame.
    pub(super) painted: usize,
    /// Whether a colour was ever asked for.
    pub(super) coloured: bool,
    /// The rows on which something stood whose width terminals do not agree about; what it leaves behind is theirs.
    doubtful: Vec<bool>,
}

impl Screen {
    /// A screen of that size; `size` is shared with the story, which may change it.
    pub(super) fn new(size: &SharedSize, depth: Depth, wide: bool) -> Self {
        let Size { width, height } = size.get();
        Self {
            size: size.clone(),
            meant: Buffer::empty(Rect::new(0, 0, width, height)),
            cursor: Position::ORIGIN,
            cursor_shows: false,
            painter: Painter::new(Vec::new(), size.clone(), depth),
            terminals: Emulators::new(Size { width, height }),
            wide: wide.then(|| WideTerminal::new(Size { width, height })),
            painted: 0,
            coloured: false,
            doubtful: vec![false; usize::from(height)],
        }
    }

    /// The rows as a person sees them.
    pub(super) fn rows(&self) -> Vec<String> {
        let rows = screen::rows(&self.meant);
        rows.iter().map(|row| row.graphemes(true).map(text::painted).collect()).collect()
    }

    /// The cell there.
    pub(super) fn cell(&self, x: u16, y: u16) -> &Cell {
        self.meant.cell((x, y)).unwrap()
    }

    /// Where the cursor is, if it shows.
    pub(super) fn cursor(&self) -> Option<Position> {
        self.cursor_shows.then_some(self.cursor)
    }

    fn follow_size(&mut self) {
        let now = self.size.get();
        if self.meant.area.as_size() != now {
            self.meant = Buffer::empty(Rect::new(0, 0, now.width, now.height));
            self.terminals.resize(now);
            self.wide = self.wide.take().map(|_| WideTerminal::new(now));
            self.doubtful = vec![false; usize::from(now.height)];
        }
    }

    /// Reads what was painted in this frame as a terminal does.
    fn read_painted(&mut self) {
        let bytes = std::mem::take(self.painter.writer_mut());
        self.painted = bytes.len();
        let text = std::str::from_utf8(&bytes).expect("the painter wrote something that is no UTF-8");
        self.coloured |= assert_harmless(text);
        let rows = self.rows();
        let surely = |meant: &String| meant.chars().all(has_one_width);
        for (doubtful, meant) in self.doubtful.iter_mut().zip(&rows) {
            *doubtful |= !surely(meant);
        }
        let caret = self.cursor().map(|at| (at.x, at.y));
        if let Some(terminal) = &mut self.wide {
            terminal.read(text);
            terminal.assert_shows(&self.meant, &self.doubtful);
            assert_eq!(caret, terminal.cursor(), "the cursor is not at the caret");
            return;
        }
        self.terminals.read(&bytes);
        for (name, seen) in self.terminals.seen() {
            for (row, (meant, seen)) in rows.iter().zip(&seen.rows).enumerate() {
                let same = self.doubtful[row] || seen == meant.trim_end();
                assert!(same, "row {row} was meant as\n{meant}\nand {name} shows\n{seen}\nafter {text:?}");
            }
            assert_eq!(caret, seen.cursor, "the cursor of {name} is not at the caret");
        }
    }
}

/// Whether terminals and emulators agree about it, so that rows can be compared.
fn has_one_width(c: char) -> bool {
    c < '\u{1f000}' && !('\u{300}'..'\u{370}').contains(&c) && !('\u{fe00}'..='\u{fe0f}').contains(&c)
}

/// Fails where a character that steers or deceives stands anywhere but in the painter's own sequences; says whether
/// one of these asks for a colour.
fn assert_harmless(painted: &str) -> bool {
    let mut coloured = false;
    let mut rest = painted.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\x1b' {
            assert_eq!(rest.next(), Some('['), "an escape that is not the painter's in {painted:?}");
            let mut parameters = String::new();
            let last = rest.by_ref().inspect(|c| parameters.push(*c)).find(char::is_ascii_alphabetic);
            let asks =
                |code: &str| code.parse().is_ok_and(|code: u8| (30..=49).contains(&code) || code >= 90);
            coloured |= last == Some('m') && parameters.trim_end_matches('m').split(';').any(asks);
            assert!(
                matches!(last, Some('m' | 'H' | 'C' | 'J' | 'h' | 'l')),
                "ESC [ … {last:?} in {painted:?}"
            );
            continue;
        }
        let deceives = matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e007f}');
        assert!(!c.is_control() && !deceives, "U+{:04X} was painted: {painted:?}", u32::from(c));
    }
    coloured
}

impl RowBackend for Screen {
    fn draw_row<'a>(
        &mut self,
        y: u16,
        changes: impl Iterator<Item = (u16, Mark<'a>)>,
    ) -> Result<(), Infallible> {
        self.follow_size();
        let changes: Vec<_> = changes.collect();
        self.painter.draw_row(y, changes.iter().copied()).unwrap();
        for (x, mark) in changes {
            let cell = mark.cell();
            for covered in 1..cell.cell_width().max(1) {
                self.meant[(x + covered, y)].reset();
            }
            self.meant[(x, y)] = cell;
        }
        Ok(())
    }
}

impl Backend for Screen {
    type Error = Infallible;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, _: I) -> Result<(), Infallible> {
        unreachable!("frames are drawn row by row")
    }

    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        self.cursor_shows = false;
        self.painter.hide_cursor().unwrap();
        Ok(())
    }

    fn show_cursor(&mut self) -> Result<(), Infallible> {
        self.cursor_shows = true;
        self.painter.show_cursor().unwrap();
        Ok(())
    }

    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Infallible> {
        let position = position.into();
        self.painter.set_cursor_position(position).unwrap();
        self.cursor = position;
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Infallible> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> Result<(), Infallible> {
        self.follow_size();
        self.painter.clear_region(clear_type).unwrap();
        assert_eq!(clear_type, ClearType::All, "the desk clears the whole screen or nothing");
        self.meant.reset();
        Ok(())
    }

    fn size(&self) -> Result<Size, Infallible> {
        Ok(self.size.get())
    }

    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        Ok(self.painter.window_size().unwrap())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        self.painter.flush().unwrap();
        self.read_painted();
        Ok(())
    }
}

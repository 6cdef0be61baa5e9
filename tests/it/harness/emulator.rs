//! What two terminal emulators make of the bytes: the `vt100` parser and Alacritty's terminal. Neither shares code with
//! the painter or with the other, so where both read the same screen, a person sees it.

use std::num::NonZero;

use alacritty_terminal::Term;
use alacritty_terminal::event::VoidListener;
use alacritty_terminal::grid::Dimensions;
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::term::cell::Flags;
use alacritty_terminal::term::{Config, TermMode};
use alacritty_terminal::vte::ansi::Processor;
use ratatui::layout::Size;

/// Both, fed with the same bytes.
pub(super) struct Emulators {
    parser: vt100::Parser,
    processor: Processor,
    term: Term<VoidListener>,
}

/// What one of them shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// The rows, without blanks at their ends.
    pub(super) rows: Vec<String>,
    /// Column and row of the cursor, if it shows.
    pub(super) cursor: Option<(u16, u16)>,
}

struct Cells(Size);

impl Dimensions for Cells {
    fn total_lines(&self) -> usize {
        usize::from(self.0.height)
    }

    fn screen_lines(&self) -> usize {
        usize::from(self.0.height)
    }

    fn columns(&self) -> usize {
        usize::from(self.0.width)
    }
}

impl Emulators {
    pub(super) fn new(size: Size) -> Self {
        let config = Config { scrolling_history: 0, ..Config::default() };
        Self {
            parser: vt100::Parser::new(side(size.height), side(size.width), 0),
            processor: Processor::new(),
            term: Term::new(config, &Cells(size), VoidListener),
        }
    }

    pub(super) fn resize(&mut self, size: Size) {
        self.parser.screen_mut().set_size(side(size.height), side(size.width));
        self.term.resize(Cells(size));
    }

    pub(super) fn read(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        self.processor.advance(&mut self.term, bytes);
    }

    /// What each shows, by its name.
    pub(super) fn seen(&self) -> [(&'static str, Seen); 2] {
        [("vt100", self.seen_by_vt100()), ("alacritty", self.seen_by_alacritty())]
    }

    fn seen_by_vt100(&self) -> Seen {
        let screen = self.parser.screen();
        let (_, columns) = screen.size();
        let (row, column) = screen.cursor_position();
        Seen {
            rows: screen.rows(0, columns.get()).map(|row| row.trim_end().to_owned()).collect(),
            cursor: (!screen.hide_cursor()).then_some((column, row)),
        }
    }

    fn seen_by_alacritty(&self) -> Seen {
        let grid = self.term.grid();
        let row = |line: usize| {
            let cells = &grid[Line(i32::try_from(line).unwrap())];
            let mut text = String::new();
            for column in 0..grid.columns() {
                let cell = &cells[Column(column)];
                if !cell.flags.intersects(Flags::WIDE_CHAR_SPACER | Flags::LEADING_WIDE_CHAR_SPACER) {
                    text.push(cell.c);
                    text.extend(cell.zerowidth().into_iter().flatten());
                }
            }
            text.trim_end().to_owned()
        };
        let at = grid.cursor.point;
        let shows = self.term.mode().contains(TermMode::SHOW_CURSOR);
        let cursor = (u16::try_from(at.column.0).unwrap(), u16::try_from(at.line.0).unwrap());
        Seen { rows: (0..grid.screen_lines()).map(row).collect(), cursor: shows.then_some(cursor) }
    }
}

fn side(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).unwrap()
}

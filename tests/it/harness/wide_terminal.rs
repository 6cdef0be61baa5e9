//! A terminal that gives characters of ambiguous width two columns, as xterm does with `-cjk_width`: as much of one as
//! the painter's few sequences need.

use huiyin::desk::text;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Size;
use unicode_width::UnicodeWidthChar;

/// Its screen.
pub(super) struct WideTerminal {
    /// What each cell shows; the right half of a wide character is empty.
    cells: Vec<Vec<String>>,
    at: (usize, usize),
    shows_cursor: bool,
}

impl WideTerminal {
    pub(super) fn new(size: Size) -> Self {
        let row = vec![" ".to_owned(); usize::from(size.width)];
        Self { cells: vec![row; usize::from(size.height)], at: (0, 0), shows_cursor: true }
    }

    pub(super) fn read(&mut self, painted: &str) {
        let mut rest = painted.chars();
        while let Some(c) = rest.next() {
            if c != '\x1b' {
                self.put(c);
                continue;
            }
            let mut parameters = String::new();
            let end = rest.by_ref().skip(1).find(|c| {
                parameters.push(*c);
                c.is_ascii_alphabetic()
            });
            parameters.pop();
            self.obey(end.unwrap(), &parameters);
        }
    }

    fn obey(&mut self, end: char, parameters: &str) {
        let numbers: Vec<usize> = parameters.split(';').map(|n| n.parse().unwrap_or(1)).collect();
        match (end, parameters) {
            ('H', _) => self.at = (numbers.get(1).unwrap_or(&1) - 1, numbers[0] - 1),
            ('C', _) => self.at.0 += numbers[0],
            ('J', "2") => self.cells.iter_mut().flatten().for_each(|cell| " ".clone_into(cell)),
            ('h', "?25") => self.shows_cursor = true,
            ('l', "?25") => self.shows_cursor = false,
            ('m', _) | ('h' | 'l', "?2026") => {}
            _ => panic!("ESC [ {parameters} {end}"),
        }
    }

    fn put(&mut self, c: char) {
        let ((x, y), columns) = (self.at, c.width_cjk().unwrap());
        if columns == 0 {
            self.cells[y][x - 1].push(c);
            return;
        }
        let row = &mut self.cells[y];
        assert!(x + columns <= row.len(), "`{c}` is written over the right edge of row {y}");
        if row[x].is_empty() {
            " ".clone_into(&mut row[x - 1]);
        }
        if row.get(x + columns).is_some_and(String::is_empty) {
            " ".clone_into(&mut row[x + columns]);
        }
        row[x] = c.to_string();
        row[x + 1..x + columns].iter_mut().for_each(String::clear);
        self.at.0 += columns;
    }

    /// Column and row of the cursor, if it shows.
    pub(super) fn cursor(&self) -> Option<(u16, u16)> {
        let (x, y) = self.at;
        self.shows_cursor.then(|| (u16::try_from(x).unwrap(), u16::try_from(y).unwrap()))
    }

    /// Fails unless every cell shows what was meant to stand there. Rows of which terminals disagree are left out.
    pub(super) fn assert_shows(&self, meant: &Buffer, doubtful: &[bool]) {
        for y in (0..meant.area.height).filter(|y| !doubtful[usize::from(*y)]) {
            let shown = &self.cells[usize::from(y)];
            let mut x = 0;
            while x < meant.area.width {
                let (cell, at) = (&meant[(x, y)], usize::from(x));
                let columns = cell.cell_width().max(1);
                let whole = shown[at + 1..at + usize::from(columns)].iter().all(String::is_empty);
                let symbol = text::painted(cell.symbol());
                assert!(
                    shown[at] == symbol && whole,
                    "`{symbol}` was meant for column {x} of row {y}, which shows\n{}",
                    shown.concat()
                );
                x += columns;
            }
        }
    }
}

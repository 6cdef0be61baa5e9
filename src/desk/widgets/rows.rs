//! The rows of a long text, laid out only as far as they are looked at.
//!
//! An edit keeps the rows before it and forgets those after it; they come back a piece at a time when the caret or
//! the screen reaches them. So a key in a paragraph of 20,000 characters lays out a screenful, not the paragraph.

use std::ops::Range;

use super::clusters;
use crate::desk::text::wrap;

/// Bytes laid out at a time.
const PIECE: usize = 2048;

#[derive(Debug, Clone)]
pub(super) struct Rows {
    columns: usize,
    known: Vec<Range<usize>>,
    complete: bool,
}

impl Rows {
    pub(super) fn new(columns: usize) -> Self {
        Self { columns: columns.max(1), known: Vec::new(), complete: false }
    }

    /// The columns of a row.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// Forgets the rows that a change of `text` from `byte` on may have moved.
    pub(super) fn forget_from(&mut self, byte: usize) {
        let row = self.known.partition_point(|row| row.start <= byte).saturating_sub(1);
        // A shorter word at the start of a row may now fit into the row before.
        self.known.truncate(row.saturating_sub(1));
        self.complete = false;
    }

    /// The row that holds `byte`: where two rows meet, the second, or the first when `ends`.
    pub(super) fn row_of(&mut self, text: &str, byte: usize, ends: bool) -> usize {
        while !self.complete && self.known.last().is_none_or(|row| row.start <= byte) {
            self.extend(text);
        }
        let row = self.known.partition_point(|row| row.start <= byte).saturating_sub(1);
        let meets = row > 0 && self.known[row].start == byte && self.known[row - 1].end == byte;
        if ends && meets { row - 1 } else { row }
    }

    /// The bytes of a row; nothing past the last.
    pub(super) fn get(&mut self, text: &str, row: usize) -> Option<Range<usize>> {
        while !self.complete && self.known.len() <= row {
            self.extend(text);
        }
        self.known.get(row).cloned()
    }

    fn extend(&mut self, text: &str) {
        let start = match self.known.last() {
            None => 0,
            Some(row) if row.end < text.len() => row.end + usize::from(text.as_bytes()[row.end] == b'\n'),
            Some(_) => {
                self.complete = true;
                return;
            }
        };
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let mut size = PIECE.max(self.columns * 16);
        loop {
            let cut = clusters::snap(text, start + size).min(end);
            let mut rows = wrap(&text[start..cut], self.columns);
            if cut < end {
                // What comes after the piece may belong to its last word.
                rows.truncate(rows.len().saturating_sub(2));
            }
            if !rows.is_empty() {
                self.known.extend(rows.into_iter().map(|row| start + row.start..start + row.end));
                return;
            }
            size *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(rows: &mut Rows, text: &str) -> Vec<Range<usize>> {
        (0..).map_while(|row| rows.get(text, row)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn rows_after_an_edit_are_those_of_the_whole(
            head in "([a-c中文字，。（]{1,8}[ \n]?){0,300}", cut in "[a-c中， \n]{0,9}", columns in 8_usize..40, at in 0_usize..9000,
        ) {
            let mut text = head.clone();
            let mut rows = Rows::new(columns);
            prop_assert_eq!(all(&mut rows, &text), wrap(&text, columns));
            let at = text.floor_char_boundary(at.min(text.len()));
            text.insert_str(at, &cut);
            rows.forget_from(at);
            prop_assert_eq!(all(&mut rows, &text), wrap(&text, columns));
            text.replace_range(at..at + cut.len(), "");
            rows.forget_from(at);
            prop_assert_eq!(all(&mut rows, &text), wrap(&head, columns));
        }
    }

    #[test]
    fn a_break_at_the_very_end_opens_a_row() {
        let mut rows = Rows::new(10);
        assert_eq!(all(&mut rows, "一\n"), [0..3, 4..4]);
        assert_eq!(rows.row_of("一\n", 4, true), 1);
    }
}

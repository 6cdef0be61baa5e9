//! A list of any length of which only the visible rows are built.

use std::cell::Cell;

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::edit::{Edit, Outcome};
use super::{cut, scroll};
use crate::desk::buffer::Buffer;

/// Columns before each row, for the mark of the selected one.
pub const GUTTER: u16 = 2;

/// Which row is selected and which part is in sight.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListState {
    selected: usize,
    /// First row in sight and rows in sight: learnt by drawing, a memo.
    offset: Cell<usize>,
    height: Cell<usize>,
}

/// How a list looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListStyle {
    /// A row and the ground under it.
    pub row: Style,
    /// The selected row, patched over its own styles; it also has a `>`.
    pub selected: Style,
    /// The mark that tells which part of the list is in sight.
    pub scroll: Style,
}

impl ListState {
    /// The selected row; 0 in an empty list.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Selects a row.
    pub fn select(&mut self, row: usize) {
        self.selected = row;
    }

    /// The first row in sight when last drawn.
    pub fn offset(&self) -> usize {
        self.offset.get()
    }

    /// Keeps the selection among `n` rows after the list has changed.
    pub fn keep_within(&mut self, n: usize) {
        self.selected = self.selected.min(n.saturating_sub(1));
    }

    /// Moves the selection among `n` rows; edits that are not moves up or down are idle.
    pub fn apply(&mut self, edit: &Edit, n: usize) -> Outcome {
        let page = self.height.get().max(2) - 1;
        let to = match edit {
            Edit::Up => self.selected.saturating_sub(1),
            Edit::Down => self.selected + 1,
            Edit::PageUp => self.selected.saturating_sub(page),
            Edit::PageDown => self.selected + page,
            Edit::Home | Edit::Top => 0,
            Edit::End | Edit::Bottom => n,
            _ => return Outcome::Idle,
        };
        let to = to.min(n.saturating_sub(1));
        if to == self.selected {
            return Outcome::Idle;
        }
        self.selected = to;
        Outcome::Moved
    }
}

/// The columns that a row has in `area` whether or not the list scrolls, so that columns line up.
pub fn room(area: Rect) -> usize {
    usize::from(area.width.saturating_sub(GUTTER + 1))
}

/// Draws the rows in sight of `n`. `row(index, columns)` builds one; what is wider than `columns` is cut with a mark.
pub fn view<'a>(
    buf: &mut Buffer,
    area: Rect,
    state: &ListState,
    n: usize,
    style: &ListStyle,
    mut row: impl FnMut(usize, usize) -> Line<'a>,
) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    buf.set_style(area, style.row);
    let height = usize::from(area.height);
    let selected = state.selected.min(n.saturating_sub(1));
    let offset = state.offset.get().clamp((selected + 1).saturating_sub(height), selected);
    // A list that has become shorter leaves no empty screen.
    let offset = offset.min(n.saturating_sub(height));
    state.offset.set(offset);
    state.height.set(height);
    let scrolls = n > height;
    let columns = area.width.saturating_sub(GUTTER + u16::from(scrolls));
    for (index, y) in (offset..n).zip(area.top()..area.bottom()) {
        let place = Rect { x: area.x + GUTTER.min(area.width), y, width: columns, height: 1 };
        cut::line(buf, place, &row(index, usize::from(columns)));
        if index == selected {
            buf.set_symbol((area.x, y), ">", style.row);
            buf.set_style(
                Rect { y, height: 1, width: area.width - u16::from(scrolls), ..area },
                style.selected,
            );
        }
    }
    scroll::mark(buf, area, offset, n, style.scroll);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::text::truncate;
    use crate::desk::widgets::screen;

    fn draw(state: &ListState, n: usize) -> (String, Vec<usize>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 16, 4));
        let mut built = Vec::new();
        view(&mut buffer, Rect::new(3, 0, 13, 4), state, n, &ListStyle::default(), |index, columns| {
            built.push(index);
            Line::raw(truncate(&format!("{index}夜间施工噪声"), columns).into_owned())
        });
        (screen::text(&buffer.cells()), built)
    }

    #[test]
    fn only_rows_in_sight_are_built() {
        let mut state = ListState::default();
        assert_eq!(draw(&state, 20_000).1, [0, 1, 2, 3]);
        assert_eq!(state.apply(&Edit::PageDown, 20_000), Outcome::Moved);
        assert_eq!(state.apply(&Edit::Down, 20_000), Outcome::Moved);
        let (text, built) = draw(&state, 20_000);
        assert_eq!(built, [1, 2, 3, 4]);
        insta::assert_snapshot!(text, @"
             1夜间施.. |
             2夜间施..
             3夜间施..
           > 4夜间施..
        ");
        // A step back inside the window moves nothing but the selection.
        assert_eq!(state.apply(&Edit::Up, 20_000), Outcome::Moved);
        assert_eq!(draw(&state, 20_000).1, [1, 2, 3, 4]);
    }

    #[test]
    fn a_list_that_shrinks_keeps_a_selection() {
        let mut state = ListState::default();
        let _ = state.apply(&Edit::End, 10);
        assert_eq!(draw(&state, 10).1, [6, 7, 8, 9]);
        state.keep_within(5);
        assert_eq!(state.selected(), 4);
        assert_eq!(draw(&state, 5).1, [1, 2, 3, 4]);
        state.keep_within(0);
        assert_eq!((state.selected(), draw(&state, 0).1), (0, vec![]));
        assert_eq!(state.apply(&Edit::Down, 0), Outcome::Idle);
    }
}

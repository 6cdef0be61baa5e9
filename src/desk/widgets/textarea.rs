//! An input of many lines, for the text of a case.
//!
//! Rows are laid out by `rows.rs` as far as needed. What drawing learns (width, height, first row) is kept in a
//! cell: a memo that can be thrown away, not state of the model.

use std::cell::RefCell;
use std::ops::Range;

use ratatui::layout::{Position, Rect};

use super::edit::{Edit, Motion, Outcome};
use super::editor::{Editor, Kind};
use super::field::FieldStyle;
use super::rows::Rows;
use crate::desk::buffer::Buffer;
use crate::desk::text::{block, byte_to_column, column_to_byte, line as line_of, pad_left, wrap};

/// A text of at most this many characters.
pub const LIMIT: usize = 20_000;
/// The fewest rows of which one may be given to the count of characters.
const COUNTED: u16 = 3;

/// An input of many lines. Its `Debug` shows no text.
#[derive(Debug, Clone)]
pub struct TextArea {
    editor: Editor,
    /// The column that steps up and down keep to.
    goal: Option<usize>,
    /// Whether a caret where two rows meet stands at the end of the first.
    ends: bool,
    memo: RefCell<Memo>,
}

#[derive(Debug, Clone)]
struct Memo {
    rows: Rows,
    height: usize,
    top: usize,
}

impl Default for TextArea {
    fn default() -> Self {
        Self::new(LIMIT)
    }
}

impl TextArea {
    /// An empty input for at most `limit` characters.
    pub fn new(limit: usize) -> Self {
        Self {
            editor: Editor::new(limit, Kind::Lines),
            goal: None,
            ends: false,
            // Until the first frame tells better.
            memo: RefCell::new(Memo { rows: Rows::new(60), height: 8, top: 0 }),
        }
    }

    /// What was typed; lines end with `\n`.
    pub fn text(&self) -> &str {
        self.editor.text()
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// The characters typed, counted as they are typed.
    pub fn chars(&self) -> usize {
        self.editor.chars()
    }

    /// The limit in characters.
    pub fn limit(&self) -> usize {
        self.editor.limit()
    }

    /// How many characters there is room for, once that matters: near the limit.
    pub fn room(&self) -> Option<usize> {
        self.editor.nearly_full()
    }

    /// Counts the changes of the text: what is equal needs no second look at a long one.
    pub fn revision(&self) -> u64 {
        self.editor.revision()
    }

    /// Puts another text in, caret at its end, history forgotten. A text over the limit stays whole.
    pub fn set(&mut self, text: &str) {
        self.editor.set(text);
        self.after_edit();
    }

    /// Empties the input and forgets its history.
    pub fn clear(&mut self) {
        self.set("");
    }

    /// The byte before which the caret stands.
    pub fn caret(&self) -> usize {
        self.editor.caret()
    }

    /// Puts the caret at `byte`, or the next place it may stand.
    pub fn set_caret(&mut self, byte: usize) {
        self.editor.set_caret(byte);
        (self.goal, self.ends) = (None, false);
    }

    /// The bytes selected; empty where nothing is.
    pub fn selection(&self) -> Range<usize> {
        self.editor.selection()
    }

    /// Selects from the start of `range` to its end, where the caret then stands.
    pub fn select(&mut self, range: Range<usize>) {
        self.editor.select(range);
        (self.goal, self.ends) = (None, false);
    }

    /// Selects from where the selection began, or the caret stood, to `byte`.
    pub fn select_to(&mut self, byte: usize) {
        self.editor.select_to(byte);
        (self.goal, self.ends) = (None, false);
    }

    /// What copying takes: the selection.
    pub fn copied(&self) -> Option<&str> {
        self.editor.selected()
    }

    /// Puts `text` in the place of the bytes of `range`, as one step of undo; returns how many characters did not fit.
    pub fn replace(&mut self, range: Range<usize>, text: &str) -> usize {
        self.editor.select(range);
        self.paste(text)
    }

    /// The byte at a column and row of the input as it was last drawn, for the mouse.
    pub fn at(&self, column: u16, row: u16) -> usize {
        let mut memo = self.memo.borrow_mut();
        let row = memo.top + usize::from(row);
        let text = self.text();
        let Some(row) = memo.rows.get(text, row) else { return text.len() };
        row.start + column_to_byte(&text[row], usize::from(column))
    }

    /// Inserts a pasted text without control characters; returns how many characters did not fit.
    pub fn paste(&mut self, text: &str) -> usize {
        let refused = self.editor.paste(text);
        self.after_edit();
        refused
    }

    /// Carries out an edit. `Home`, `End` and the steps up and down go by the rows on the screen.
    pub fn apply(&mut self, edit: &Edit) -> Outcome {
        let page = isize::try_from(self.memo.get_mut().height.max(2) - 1).unwrap_or(1);
        match edit.motion() {
            Some((Motion::Up, selects)) => self.step(-1, selects),
            Some((Motion::Down, selects)) => self.step(1, selects),
            Some((Motion::PageUp, selects)) => self.step(-page, selects),
            Some((Motion::PageDown, selects)) => self.step(page, selects),
            Some((motion @ (Motion::Home | Motion::End), selects)) => {
                let rows = &mut self.memo.get_mut().rows;
                let text = self.editor.text();
                let row = rows.row_of(text, self.editor.caret(), self.ends);
                let Some(row) = rows.get(text, row) else { return Outcome::Idle };
                self.goal = None;
                self.ends = motion == Motion::End;
                self.editor.go_to(if self.ends { row.end } else { row.start }, selects)
            }
            _ => {
                let outcome = self.editor.apply(edit);
                self.after_edit();
                outcome
            }
        }
    }

    /// Draws into `area`; returns where the cursor belongs when focused. `hint` stands in an empty input. The last
    /// column is kept free for the caret after a full row, and for the mark of a text longer than the area; near the
    /// limit the last row counts the characters.
    pub fn view(
        &self,
        buf: &mut Buffer,
        area: Rect,
        style: &FieldStyle,
        hint: &str,
        focused: bool,
    ) -> Option<Position> {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return None;
        }
        let ground = style.ground(focused);
        buf.set_style(area, ground);
        let mut area = area;
        if let Some(count) = self.editor.count().filter(|_| focused && area.height >= COUNTED) {
            area.height -= 1;
            let count = pad_left(&count, usize::from(area.width));
            buf.set_string(area.x, area.bottom(), count, ground.patch(style.hint));
        }
        let (columns, height) = (usize::from(area.width), usize::from(area.height));
        let mut memo = self.memo.borrow_mut();
        let memo = &mut *memo;
        memo.height = height;
        if memo.rows.columns() != (columns - 1).max(1) {
            memo.rows = Rows::new(columns - 1);
        }
        if self.is_empty() {
            let hint = block(hint);
            for (row, y) in wrap(&hint, columns).into_iter().zip(area.top()..area.bottom()) {
                let _ = buf.write((area.x, y), &hint[row], columns, ground.patch(style.hint));
            }
            memo.top = 0;
            return focused.then(|| area.as_position());
        }
        let text = self.text();
        let caret_row = memo.rows.row_of(text, self.caret(), self.ends);
        // Rows taken away at the end leave no empty screen.
        while memo.top > 0 && memo.rows.get(text, memo.top + height - 1).is_none() {
            memo.top -= 1;
        }
        memo.top = memo.top.clamp((caret_row + 1).saturating_sub(height), caret_row);
        let selected = if focused { self.selection() } else { 0..0 };
        let mut shown = text.len()..text.len();
        for (row, y) in (memo.top..).zip(area.top()..area.bottom()) {
            let Some(row) = memo.rows.get(text, row) else { break };
            let _ = buf.write((area.x, y), &line_of(&text[row.clone()]), columns, ground);
            if let Some(part) = selected_columns(text, &row, &selected) {
                let end = part.end.min(columns);
                let (x, width) = (u16::try_from(part.start), u16::try_from(end.saturating_sub(part.start)));
                let part = Rect { x: area.x + x.unwrap_or(0), y, width: width.unwrap_or(0), height: 1 };
                buf.set_style(part.intersection(area), style.selected);
            }
            shown = shown.start.min(row.start)..row.end;
        }
        // One column holds no character and a mark.
        if columns > 2 && (shown.start > 0 || shown.end < text.len()) {
            // By bytes, for to count all rows would be to lay them all out.
            let line = |byte: usize| byte * height / text.len().max(1);
            let from = line(shown.start);
            let to = line(shown.end).clamp(from + 1, height.max(from + 1));
            for y in (area.top()..area.bottom()).skip(from).take(to - from) {
                buf.set_symbol((area.right() - 1, y), "|", ground.patch(style.scroll));
            }
        }
        let row = memo.rows.get(text, caret_row)?;
        let column = byte_to_column(&text[row.clone()], self.caret() - row.start).min(columns - 1);
        let x = area.x.saturating_add(u16::try_from(column).unwrap_or(0));
        let y = area.y.saturating_add(u16::try_from(caret_row - memo.top).unwrap_or(0));
        focused.then(|| Position::new(x, y))
    }

    fn step(&mut self, by: isize, selects: bool) -> Outcome {
        let rows = &mut self.memo.get_mut().rows;
        let text = self.editor.text();
        let caret = self.editor.caret();
        let from = rows.row_of(text, caret, self.ends);
        let Some(here) = rows.get(text, from) else { return Outcome::Idle };
        let goal = self.goal.unwrap_or_else(|| byte_to_column(&text[here.clone()], caret - here.start));
        let mut to = from.saturating_add_signed(by);
        while to > from && rows.get(text, to).is_none() {
            to -= 1;
        }
        let Some(row) = rows.get(text, to).filter(|_| to != from) else {
            // Past the first and the last row a selection goes to the very end; one that is there already ends.
            let end = if by < 0 { 0 } else { text.len() };
            return self.editor.go_to(if selects { end } else { caret }, selects);
        };
        let target = row.start + column_to_byte(&text[row.clone()], goal);
        self.goal = Some(goal);
        self.ends = target == row.end;
        let _ = self.editor.go_to(target, selects);
        Outcome::Moved
    }

    fn after_edit(&mut self) {
        (self.goal, self.ends) = (None, false);
        if let Some(byte) = self.editor.take_changed() {
            self.memo.get_mut().rows.forget_from(byte);
        }
    }
}

/// The columns of `row` that are selected; one more where the line break after it is, so that it is seen.
fn selected_columns(text: &str, row: &Range<usize>, selected: &Range<usize>) -> Option<Range<usize>> {
    let (from, to) = (selected.start.max(row.start), selected.end.min(row.end));
    let breaks = selected.contains(&row.end) && text.as_bytes().get(row.end) == Some(&b'\n');
    if from > to || (from == to && !breaks) {
        return None;
    }
    let column = |byte: usize| byte_to_column(&text[row.clone()], byte - row.start);
    Some(column(from)..column(to) + usize::from(breaks))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::desk::widgets::screen;

    fn draw(area: &TextArea, width: u16, height: u16) -> (String, Option<Position>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width + 3, height));
        let at = Rect::new(3, 0, width, height);
        let cursor = area.view(&mut buffer, at, &FieldStyle::default(), "诉求内容", true);
        (screen::text(&buffer.cells()), cursor)
    }

    fn press(area: &mut TextArea, edits: &[Edit]) {
        for edit in edits {
            let _ = area.apply(edit);
        }
    }

    #[test]
    fn chinese_rows_at_an_odd_column() {
        let mut area = TextArea::default();
        assert_eq!(draw(&area, 13, 3), ("   诉求内容\n\n".into(), Some(Position::new(3, 0))));
        area.set("来电人反映：幸福路夜间施工噪声，请处理。\n另：路灯不亮");
        let (text, cursor) = draw(&area, 13, 5);
        insta::assert_snapshot!(text, @"
           来电人反映：
           幸福路夜间施
           工噪声，请处
           理。
           另：路灯不亮
        ");
        assert_eq!(cursor, Some(Position::new(15, 4)));
    }

    #[test]
    fn steps_up_and_down_keep_the_column() {
        let mut area = TextArea::default();
        area.set("一二三四\na\n五六七八");
        let _ = draw(&area, 20, 5);
        press(&mut area, &[Edit::Left, Edit::Up]);
        assert_eq!(draw(&area, 20, 5).1, Some(Position::new(4, 1)));
        press(&mut area, &[Edit::Up]);
        assert_eq!(draw(&area, 20, 5).1, Some(Position::new(9, 0)));
        assert_eq!(area.apply(&Edit::Up), Outcome::Idle);
        press(&mut area, &[Edit::PageDown]);
        assert_eq!(draw(&area, 20, 5).1, Some(Position::new(9, 2)));
        assert_eq!(area.apply(&Edit::Down), Outcome::Idle);
    }

    #[test]
    fn the_end_of_a_row_is_not_the_start_of_the_next() {
        let mut area = TextArea::default();
        area.set("一二三四五六七");
        area.set_caret(0);
        let _ = draw(&area, 9, 3);
        press(&mut area, &[Edit::End]);
        assert_eq!(draw(&area, 9, 3).1, Some(Position::new(11, 0)));
        press(&mut area, &[Edit::Down]);
        assert_eq!(draw(&area, 9, 3).1, Some(Position::new(9, 1)));
        press(&mut area, &[Edit::Up, Edit::Insert('字')]);
        assert_eq!(draw(&area, 9, 3), ("   一二三四\n   字五六七\n".into(), Some(Position::new(5, 1))));
    }

    #[test]
    fn a_selection_is_painted_over_the_break_between_its_rows() {
        let mut area = TextArea::default();
        area.set("一二\n三四五\n六");
        area.select(3..10);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 3));
        let selected = ratatui::style::Style::new().reversed();
        let style = FieldStyle { selected, ..FieldStyle::default() };
        let cursor = area.view(&mut buffer, Rect::new(3, 0, 9, 3), &style, "", true);
        let painted = |y| {
            (0..12)
                .map(|x| if buffer.cell((x, y)).unwrap().modifier.is_empty() { '.' } else { '#' })
                .collect()
        };
        let rows: [String; 3] = [0, 1, 2].map(painted);
        assert_eq!(rows, [".....###....", "...##.......", "............"]);
        assert_eq!(cursor, Some(Position::new(5, 1)));
        assert_eq!(area.copied(), Some("二\n三"));
        press(&mut area, &[Edit::Select(Motion::Down), Edit::Select(Motion::Down)]);
        assert_eq!(area.copied(), Some("二\n三四五\n六"));
        assert_eq!([area.at(0, 0), area.at(3, 0), area.at(9, 1), area.at(0, 9)], [0, 3, 16, 20]);
    }

    #[test]
    fn a_long_text_shows_where_it_is() {
        let mut area = TextArea::default();
        area.set("一\n二\n三\n四\n五\n六");
        assert_eq!(draw(&area, 5, 3).0, "   四\n   五  |\n   六  |");
        press(&mut area, &[Edit::Top]);
        assert_eq!(draw(&area, 5, 3).0, "   一  |\n   二\n   三");
        assert_eq!(area.room(), None);
        area.set(&"字".repeat(19_900));
        assert_eq!(area.room(), Some(100));
    }

    #[test]
    fn the_caret_stays_in_sight() {
        let mut area = TextArea::default();
        area.set("一\n二\n三\n四\n五");
        assert_eq!(
            draw(&area, 9, 3),
            ("   三\n   四      |\n   五      |".into(), Some(Position::new(5, 2)))
        );
        press(&mut area, &[Edit::Up, Edit::Up, Edit::Up]);
        assert_eq!(
            draw(&area, 9, 3),
            ("   二      |\n   三      |\n   四".into(), Some(Position::new(5, 0)))
        );
        press(
            &mut area,
            &[Edit::Bottom, Edit::DeleteToStart, Edit::Backspace, Edit::Backspace, Edit::Backspace],
        );
        assert_eq!(draw(&area, 9, 3).0, "   一\n   二\n   三");
        // A size of one cell is drawn as well as it can be.
        let _ = draw(&area, 1, 1);
    }

    #[test]
    fn a_hundred_thousand_hostile_characters_are_refused_past_the_limit() {
        let mut area = TextArea::default();
        assert_eq!(area.paste(&"\u{202e}e\u{301}\0\n".repeat(25_000)), 80_000);
        assert_eq!((area.chars(), area.text().len()), (20_000, 35_000));
        assert_eq!(area.apply(&Edit::Insert('好')), Outcome::Refused(1));
        assert_eq!(draw(&area, 20, 2).0, "   <202E>e\u{301}\n                      |");
        assert_eq!(area.apply(&Edit::Undo), Outcome::Edited);
        assert!(area.is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn the_cursor_is_always_in_the_area(
            edits in prop::collection::vec(crate::desk::widgets::editor::tests::any_edit(), 0..60),
            width in 1_u16..20, height in 1_u16..5,
        ) {
            let mut area = TextArea::new(60);
            for edit in &edits {
                let _ = area.apply(edit);
                let _ = area.apply(if edit == &Edit::Undo { &Edit::Up } else { &Edit::Down });
                let cursor = draw(&area, width, height).1;
                prop_assert!(Rect::new(3, 0, width, height).contains(cursor.unwrap()));
            }
        }
    }
}

//! An input of many lines, for the text of a case.
//!
//! Rows are laid out by `rows.rs` as far as needed. What drawing learns (width, height, first row) is kept in a
//! cell: a memo that can be thrown away, not state of the model.

use std::cell::RefCell;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::edit::{Edit, Outcome};
use super::editor::{Editor, Kind};
use super::field::FieldStyle;
use super::rows::Rows;
use crate::desk::text::{byte_to_column, column_to_byte, wrap};
use crate::domain::safe::SafeText;

/// A text of at most this many characters.
pub const LIMIT: usize = 20_000;

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

    /// Inserts a pasted text without control characters; returns how many characters did not fit.
    pub fn paste(&mut self, text: &str) -> usize {
        let refused = self.editor.paste(text);
        self.after_edit();
        refused
    }

    /// Carries out an edit. `Home`, `End` and the steps up and down go by the rows on the screen.
    pub fn apply(&mut self, edit: &Edit) -> Outcome {
        let page = isize::try_from(self.memo.get_mut().height.max(2) - 1).unwrap_or(1);
        match edit {
            Edit::Up => self.step(-1),
            Edit::Down => self.step(1),
            Edit::PageUp => self.step(-page),
            Edit::PageDown => self.step(page),
            Edit::Home | Edit::End => {
                let rows = &mut self.memo.get_mut().rows;
                let text = self.editor.text();
                let row = rows.row_of(text, self.editor.caret(), self.ends);
                let Some(row) = rows.get(text, row) else { return Outcome::Idle };
                self.goal = None;
                self.ends = *edit == Edit::End;
                self.editor.go(if self.ends { row.end } else { row.start })
            }
            _ => {
                let outcome = self.editor.apply(edit);
                self.after_edit();
                outcome
            }
        }
    }

    /// Draws into `area`; returns where the cursor belongs when focused. `hint` stands in an empty input. The last
    /// column is kept free for the caret after a full row.
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
        let (columns, height) = (usize::from(area.width), usize::from(area.height));
        let mut memo = self.memo.borrow_mut();
        let memo = &mut *memo;
        memo.height = height;
        if memo.rows.columns() != (columns - 1).max(1) {
            memo.rows = Rows::new(columns - 1);
        }
        if self.is_empty() {
            let hint = SafeText::block(hint);
            for (row, y) in wrap(hint.as_str(), columns).into_iter().zip(area.top()..area.bottom()) {
                buf.set_stringn(area.x, y, &hint.as_str()[row], columns, ground.patch(style.hint));
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
        for (row, y) in (memo.top..).zip(area.top()..area.bottom()) {
            let Some(row) = memo.rows.get(text, row) else { break };
            buf.set_stringn(area.x, y, SafeText::line(&text[row]).as_str(), columns, ground);
        }
        let row = memo.rows.get(text, caret_row)?;
        let column = byte_to_column(&text[row.clone()], self.caret() - row.start).min(columns - 1);
        let x = area.x.saturating_add(u16::try_from(column).unwrap_or(0));
        let y = area.y.saturating_add(u16::try_from(caret_row - memo.top).unwrap_or(0));
        focused.then(|| Position::new(x, y))
    }

    fn step(&mut self, by: isize) -> Outcome {
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
        let Some(row) = rows.get(text, to).filter(|_| to != from) else { return Outcome::Idle };
        let target = row.start + column_to_byte(&text[row.clone()], goal);
        self.goal = Some(goal);
        self.ends = target == row.end;
        let _ = self.editor.go(target);
        Outcome::Moved
    }

    fn after_edit(&mut self) {
        (self.goal, self.ends) = (None, false);
        if let Some(byte) = self.editor.take_changed() {
            self.memo.get_mut().rows.forget_from(byte);
        }
    }
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
        (screen::text(&buffer), cursor)
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
    fn the_caret_stays_in_sight() {
        let mut area = TextArea::default();
        area.set("一\n二\n三\n四\n五");
        assert_eq!(draw(&area, 9, 3), ("   三\n   四\n   五".into(), Some(Position::new(5, 2))));
        press(&mut area, &[Edit::Up, Edit::Up, Edit::Up]);
        assert_eq!(draw(&area, 9, 3), ("   二\n   三\n   四".into(), Some(Position::new(5, 0))));
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
        assert_eq!(draw(&area, 20, 2).0, "   <202E>e\u{301}\n");
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

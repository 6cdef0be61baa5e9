//! A one-line input with a limit, selection, undo and, for passwords, a mask.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::edit::{Edit, Outcome};
use super::editor::{Editor, Kind};
use crate::desk::buffer::Buffer;
use crate::desk::text::{byte_to_column, column_to_byte, line, pad, pad_left, shown_width};

/// The fewest columns in which what is out of sight is marked, by `<` and `>` at the ends.
const MARKED: usize = 5;

/// A one-line input. Its `Debug` shows no text.
#[derive(Debug, Clone)]
pub struct Field {
    editor: Editor,
    masked: bool,
}

/// How an input looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldStyle {
    /// The text and the ground under it.
    pub text: Style,
    /// The same while the input has the focus.
    pub focused: Style,
    /// The hint shown while nothing is typed, patched over the others.
    pub hint: Style,
    /// What is selected, patched over the others.
    pub selected: Style,
    /// The mark that shows how far down the rows in sight are, patched over the others.
    pub scroll: Style,
}

impl FieldStyle {
    pub(super) fn ground(&self, focused: bool) -> Style {
        if focused { self.focused } else { self.text }
    }
}

impl Field {
    /// An empty input for at most `limit` characters.
    pub fn new(limit: usize) -> Self {
        Self { editor: Editor::new(limit, Kind::Line), masked: false }
    }

    /// The same for a password: shown as `*`, no undo, wiped from memory.
    pub fn masked(limit: usize) -> Self {
        Self { editor: Editor::new(limit, Kind::Secret), masked: true }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        self.editor.text()
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// The limit in characters.
    pub fn limit(&self) -> usize {
        self.editor.limit()
    }

    /// Counts the changes of the text: what is equal needs no second look at a long one.
    pub fn revision(&self) -> u64 {
        self.editor.revision()
    }

    /// Puts another text in, caret at its end, history forgotten. A text over the limit stays whole.
    pub fn set(&mut self, text: &str) {
        self.editor.set(text);
    }

    /// Empties the input and forgets its history.
    pub fn clear(&mut self) {
        self.editor.set("");
    }

    /// The byte before which the caret stands.
    pub fn caret(&self) -> usize {
        self.editor.caret()
    }

    /// Puts the caret at `byte`, or the next place it may stand.
    pub fn set_caret(&mut self, byte: usize) {
        self.editor.set_caret(byte);
    }

    /// The bytes selected; empty where nothing is.
    pub fn selection(&self) -> Range<usize> {
        self.editor.selection()
    }

    /// Selects from the start of `range` to its end, where the caret then stands.
    pub fn select(&mut self, range: Range<usize>) {
        self.editor.select(range);
    }

    /// Selects from where the selection began, or the caret stood, to `byte`.
    pub fn select_to(&mut self, byte: usize) {
        self.editor.select_to(byte);
    }

    /// What copying takes: the selection, or the whole line where nothing is selected. Never a password.
    pub fn copied(&self) -> Option<&str> {
        let whole = Some(self.text()).filter(|text| !text.is_empty() && !self.masked);
        self.editor.selected().or(whole)
    }

    /// Puts `text` in the place of the bytes of `range`, as one step of undo; returns how many characters did not fit.
    pub fn replace(&mut self, range: Range<usize>, text: &str) -> usize {
        self.editor.select(range);
        self.editor.paste(text)
    }

    /// Carries out an edit.
    pub fn apply(&mut self, edit: &Edit) -> Outcome {
        self.editor.apply(edit)
    }

    /// Inserts a pasted text, line breaks as blanks, without control characters; returns how many characters did
    /// not fit.
    pub fn paste(&mut self, text: &str) -> usize {
        self.editor.paste(text)
    }

    /// Draws into the first row of `area`; returns where the cursor belongs when focused. `hint` stands in an empty
    /// input; near the limit the characters are counted at the end.
    pub fn view(
        &self,
        buf: &mut Buffer,
        area: Rect,
        style: &FieldStyle,
        hint: &str,
        focused: bool,
    ) -> Option<Position> {
        let area = Rect { height: area.height.min(1), ..area }.intersection(buf.area);
        if area.is_empty() {
            return None;
        }
        let ground = style.ground(focused);
        buf.set_style(area, ground);
        let columns = self.columns_of_text(usize::from(area.width), focused);
        let area = match u16::try_from(columns) {
            Ok(wide) if wide < area.width => {
                let count = self.editor.count().unwrap_or_default();
                let beside = pad_left(&count, usize::from(area.width - wide));
                buf.set_string(area.x + wide, area.y, beside, ground.patch(style.hint));
                Rect { width: wide, ..area }
            }
            _ => area,
        };
        if self.is_empty() {
            let _ = buf.write(
                area.as_position().into(),
                &pad(&line(hint), columns),
                columns,
                ground.patch(style.hint),
            );
            return focused.then(|| area.as_position());
        }
        let shown = self.shown();
        if !focused {
            let _ = buf.write(area.as_position().into(), &pad(&line(&shown), columns), columns, ground);
            return None;
        }
        let column = |byte| byte_to_column(&shown, self.shown_byte(byte));
        let caret = column(self.caret());
        let offset = offset(caret, columns);
        let mut start = column_to_byte(&shown, offset);
        let mut first = byte_to_column(&shown, start);
        if first < offset {
            let cluster = shown[start..].graphemes(true).next().unwrap_or_default();
            start += cluster.len();
            first += shown_width(cluster);
        }
        let skipped = first - offset;
        let mut end = start;
        if skipped < columns {
            end += column_to_byte(&shown[start..], columns - skipped);
            let part = line(&shown[start..end]);
            let x = area.x.saturating_add(u16::try_from(skipped).unwrap_or(0));
            let _ = buf.write((x, area.y), &part, columns - skipped, ground);
        }
        if columns >= MARKED {
            let mark = ground.patch(style.scroll);
            if offset > 0 {
                buf.set_string(area.x, area.y, "<", mark);
            }
            if end < shown.len() {
                let last = area.right() - 1;
                if buf.columns_at(last - 1, area.y) > 1 {
                    buf.set_string(last - 1, area.y, " ", ground);
                }
                buf.set_string(last, area.y, ">", mark);
            }
        }
        let x = |column: usize| {
            let in_sight = column.saturating_sub(offset).min(columns);
            area.x.saturating_add(u16::try_from(in_sight).unwrap_or(0))
        };
        let selected = self.selection();
        if !selected.is_empty() {
            let (from, to) = (x(column(selected.start)), x(column(selected.end)));
            buf.set_style(Rect { x: from, width: to - from, ..area }, style.selected);
        }
        Some(Position::new(x(caret).min(area.right() - 1), area.y))
    }

    /// Marks the bytes of `range` in the first row of `area`, where [`Field::view`] has drawn them with the same `focused`;
    /// what is out of sight is not marked.
    pub fn mark(&self, buf: &mut Buffer, area: Rect, range: Range<usize>, focused: bool, style: Style) {
        let area = Rect { height: area.height.min(1), ..area }.intersection(buf.area);
        let shown = self.shown();
        let columns = self.columns_of_text(usize::from(area.width), focused);
        let column = |byte| byte_to_column(&shown, self.shown_byte(byte));
        let offset = if focused { offset(column(self.caret()), columns) } else { 0 };
        let x = |byte| area.x + u16::try_from(column(byte).saturating_sub(offset).min(columns)).unwrap_or(0);
        let (from, to) = (x(range.start), x(range.end));
        buf.set_style(Rect { x: from, width: to.saturating_sub(from), ..area }, style);
    }

    /// The byte at a column of the input when it is drawn `columns` wide, for the mouse.
    pub fn at(&self, column: u16, columns: u16, focused: bool) -> usize {
        let shown = self.shown();
        let caret = byte_to_column(&shown, self.shown_byte(self.caret()));
        let columns = self.columns_of_text(usize::from(columns), focused);
        let offset = if focused { offset(caret, columns) } else { 0 };
        let byte = column_to_byte(&shown, offset + usize::from(column));
        if self.masked {
            return self.text().grapheme_indices(true).nth(byte).map_or(self.text().len(), |(at, _)| at);
        }
        byte
    }

    /// The columns that are left to the text of `columns`: near the limit the last ones count the characters, though
    /// never those of a password.
    fn columns_of_text(&self, columns: usize, focused: bool) -> usize {
        let count = self.editor.count().filter(|_| focused && !self.masked);
        let taken = count.map_or(0, |count| count.len() + 1);
        if taken * 2 <= columns { columns - taken } else { columns }
    }

    /// The text, or a star for each of its clusters.
    fn shown(&self) -> Cow<'_, str> {
        if self.masked {
            return Cow::Owned("*".repeat(self.text().graphemes(true).count()));
        }
        Cow::Borrowed(self.text())
    }

    /// Where a byte of the text stands in what is shown.
    fn shown_byte(&self, byte: usize) -> usize {
        if self.masked { self.text()[..byte].graphemes(true).count() } else { byte }
    }
}

/// The first column shown, so that the caret is in sight: it moves by half widths, and depends on nothing but the
/// caret, so that drawing remembers nothing. The caret never stands on a mark of what is out of sight.
fn offset(caret: usize, columns: usize) -> usize {
    let columns = if columns >= MARKED { columns - 1 } else { columns };
    let half = (columns / 2).max(1);
    caret.saturating_sub(columns - 1).div_ceil(half) * half
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::widgets::screen;

    fn draw(field: &Field, width: u16) -> (String, Option<Position>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width + 4, 1));
        let area = Rect::new(3, 0, width, 1);
        let cursor = field.view(&mut buffer, area, &FieldStyle::default(), "请输入姓名", true);
        (screen::text(&buffer.cells()), cursor)
    }

    #[test]
    fn the_cursor_stands_at_the_caret_in_columns() {
        let mut field = Field::new(20);
        assert_eq!(draw(&field, 12), ("   请输入姓名".into(), Some(Position::new(3, 0))));
        field.set("张三a");
        assert_eq!(draw(&field, 12), ("   张三a".into(), Some(Position::new(8, 0))));
        let _ = field.apply(&Edit::Left);
        let _ = field.apply(&Edit::Left);
        assert_eq!(draw(&field, 12).1, Some(Position::new(5, 0)));
    }

    #[test]
    fn a_long_text_scrolls_by_half_widths_and_marks_what_is_out_of_sight() {
        let mut field = Field::new(50);
        field.set("a幸福路十二号院三单元");
        assert_eq!(draw(&field, 9), ("   <单元".into(), Some(Position::new(8, 0))));
        for _ in 0..3 {
            let _ = field.apply(&Edit::Left);
        }
        assert_eq!(draw(&field, 9), ("   <二号院 >".into(), Some(Position::new(10, 0))));
        let _ = field.apply(&Edit::Home);
        assert_eq!(draw(&field, 9), ("   a幸福路 >".into(), Some(Position::new(3, 0))));
    }

    #[test]
    fn a_click_finds_the_byte_and_a_line_without_selection_is_copied_whole() {
        let mut field = Field::new(50);
        field.set("a幸福路十二号院三单元");
        // Scrolled by eight columns: the last row of the test above.
        assert_eq!(&field.text()[field.at(1, 9, true)..], "单元");
        assert_eq!(&field.text()[field.at(1, 9, false)..][..3], "幸");
        assert_eq!(field.copied(), Some("a幸福路十二号院三单元"));
        field.set_caret(1);
        field.select_to(7);
        assert_eq!(field.copied(), Some("幸福"));
        assert_eq!(field.replace(1..10, "文庙街"), 0);
        assert_eq!(field.text(), "a文庙街十二号院三单元");
        let _ = field.apply(&Edit::Undo);
        assert_eq!(field.text(), "a幸福路十二号院三单元");
        let mut secret = Field::masked(20);
        secret.set("密码9");
        let _ = secret.apply(&Edit::SelectAll);
        assert_eq!((secret.copied(), secret.at(1, 9, true)), (None, 3));
    }

    #[test]
    fn without_focus_the_start_is_shown_and_the_cut_marked() {
        let mut field = Field::new(50);
        field.set("幸福路十二号院");
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        let cursor = field.view(&mut buffer, Rect::new(3, 0, 9, 1), &FieldStyle::default(), "", false);
        assert_eq!((screen::text(&buffer.cells()).as_str(), cursor), ("   幸福路..", None));
    }

    #[test]
    fn the_limit_refuses_what_does_not_fit() {
        let mut field = Field::new(4);
        assert_eq!(field.paste("路灯\r\n不亮了"), 2);
        assert_eq!(field.text(), "路灯 不");
        assert_eq!(field.apply(&Edit::Insert('亮')), Outcome::Refused(1));
        assert_eq!(Field::new(10).paste(&"e\u{301}\0".repeat(50_000)), 99_990);
        // A family that does not fit whole does not come in parts.
        let mut field = Field::new(4);
        assert_eq!(field.paste("👨\u{200d}👩\u{200d}👧"), 5);
        assert!(field.is_empty());
    }

    #[test]
    fn hostile_text_is_written_out_and_the_caret_counts_it() {
        let mut field = Field::new(40);
        field.set("138\u{202e}01\x1b[2J");
        assert_eq!(field.text(), "138\u{202e}01[2J");
        assert_eq!(draw(&field, 20), ("   138<202E>01[2J".into(), Some(Position::new(17, 0))));
        field.set("👨\u{200d}👩\u{200d}👧家");
        assert_eq!(field.apply(&Edit::Left), Outcome::Moved);
        assert_eq!(draw(&field, 20).1, Some(Position::new(5, 0)));
        assert_eq!(field.apply(&Edit::Backspace), Outcome::Edited);
        assert_eq!(field.text(), "家");
    }

    #[test]
    fn a_password_shows_stars() {
        let mut field = Field::masked(20);
        field.set("密码e\u{301}9");
        assert_eq!(draw(&field, 9), ("   ****".into(), Some(Position::new(7, 0))));
    }
}

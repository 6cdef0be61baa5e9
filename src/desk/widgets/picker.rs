//! Type-ahead over a code table: a field, and under it the entries that fit.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::edit::{Edit, Outcome};
use super::field::{Field, FieldStyle};
use super::list::{self, ListState, ListStyle};
use super::table::{Match, Table};
use crate::desk::text::{column_to_byte, pad_left, shown_width, truncate, width};
use crate::domain::safe::SafeText;

/// Candidates held at a time.
const LIMIT: usize = 200;

/// Characters of a query.
const QUERY: usize = 60;

/// A query with what it finds. The table stays with the caller, who gives the same one each time.
#[derive(Debug, Clone)]
pub struct Picker {
    query: Field,
    found: Vec<Match>,
    list: ListState,
}

/// How a picker looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PickerStyle {
    /// The query.
    pub field: FieldStyle,
    /// The candidates.
    pub list: ListStyle,
    /// What fits the query, patched over the row.
    pub fits: Style,
    /// The code, patched over the row.
    pub code: Style,
}

impl Picker {
    /// A picker with an empty query: the first entries of the table.
    pub fn new(table: &Table) -> Self {
        let mut picker = Self { query: Field::new(QUERY), found: Vec::new(), list: ListState::default() };
        picker.search(table);
        picker
    }

    /// The query.
    pub fn query(&self) -> &str {
        self.query.text()
    }

    /// Puts in another query.
    pub fn set_query(&mut self, query: &str, table: &Table) {
        self.query.set(query);
        self.search(table);
    }

    /// The candidates, best first.
    pub fn found(&self) -> &[Match] {
        &self.found
    }

    /// The selected entry's place in the table.
    pub fn chosen(&self) -> Option<usize> {
        self.found.get(self.list.selected()).map(|found| found.index)
    }

    /// Steps up and down move the selection, everything else edits the query.
    pub fn apply(&mut self, edit: &Edit, table: &Table) -> Outcome {
        if matches!(edit, Edit::Up | Edit::Down | Edit::PageUp | Edit::PageDown | Edit::Top | Edit::Bottom) {
            return self.list.apply(edit, self.found.len());
        }
        let outcome = self.query.apply(edit);
        if outcome.edited() {
            self.search(table);
        }
        outcome
    }

    /// Pastes into the query; returns how many characters did not fit.
    pub fn paste(&mut self, text: &str, table: &Table) -> usize {
        let refused = self.query.paste(text);
        self.search(table);
        refused
    }

    /// Draws the query into the first row of `area` and candidates below; returns where the cursor belongs when
    /// focused. `hint` stands in an empty query.
    pub fn view(
        &self,
        buf: &mut Buffer,
        area: Rect,
        table: &Table,
        style: &PickerStyle,
        hint: &str,
        focused: bool,
    ) -> Option<Position> {
        let below = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
        list::view(buf, below, &self.list, self.found.len(), &style.list, |row, columns| {
            self.found.get(row).map_or_else(Line::default, |found| candidate(table, found, columns, style))
        });
        self.query.view(buf, area, &style.field, hint, focused)
    }

    fn search(&mut self, table: &Table) {
        self.found = table.matches(self.query.text(), LIMIT);
        self.list = ListState::default();
    }
}

/// The name with what fits marked, and the code at the right end where there is room for both.
fn candidate(table: &Table, found: &Match, columns: usize, style: &PickerStyle) -> Line<'static> {
    let Some(entry) = table.entries().get(found.index) else { return Line::default() };
    let code = SafeText::line(&entry.code).into_owned();
    let of_name = shown_width(&entry.name);
    let of_code = if of_name + 2 + width(code.as_str()) <= columns { columns - of_name } else { 0 };
    let end = if of_name <= columns {
        entry.name.len()
    } else {
        column_to_byte(&entry.name, columns.saturating_sub(2))
    };
    let mut spans = Vec::new();
    let mut put = |bytes: std::ops::Range<usize>, style| {
        if let Some(text) = entry.name.get(bytes.start..bytes.end.min(end)).filter(|text| !text.is_empty()) {
            spans.push(Span::styled(SafeText::line(text).as_str().to_owned(), style));
        }
    };
    let mut at = 0;
    for range in &found.ranges {
        put(at..range.start, Style::new());
        put(range.clone(), style.fits);
        at = range.end;
    }
    put(at..entry.name.len(), Style::new());
    if end < entry.name.len() {
        spans.push(Span::raw(truncate("...", columns.min(2)).into_owned()));
    }
    if of_code > 0 {
        spans.push(Span::styled(pad_left(code.as_str(), of_code), style.code));
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use ratatui::style::Modifier;

    use super::*;
    use crate::desk::widgets::screen;
    use crate::desk::widgets::table::Entry;

    fn table() -> Table {
        let entry = |code: &str, name: &str| Entry { code: code.into(), name: name.into(), extra: vec![] };
        Table::new(vec![
            entry("0101", "市城市管理局"),
            entry("0102", "市水务局"),
            entry("0103", "水上公园管理处\u{202e}"),
        ])
    }

    fn draw(picker: &Picker, columns: u16) -> (Buffer, Option<Position>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns + 3, 4));
        let style =
            PickerStyle { fits: Style::new().add_modifier(Modifier::UNDERLINED), ..PickerStyle::default() };
        let cursor =
            picker.view(&mut buffer, Rect::new(3, 0, columns, 4), &table(), &style, "名称、拼音或代码", true);
        (buffer, cursor)
    }

    #[test]
    fn typing_narrows_and_the_selection_follows() {
        let table = table();
        let mut picker = Picker::new(&table);
        assert_eq!(picker.chosen(), Some(0));
        for c in "shui".chars() {
            assert_eq!(picker.apply(&Edit::Insert(c), &table), Outcome::Edited);
        }
        assert_eq!(picker.apply(&Edit::Down, &table), Outcome::Moved);
        assert_eq!(picker.chosen(), Some(1));
        let (buffer, cursor) = draw(&picker, 25);
        insta::assert_snapshot!(screen::text(&buffer), @"
           shui
             水上公园管理处<202E>
           > 市水务局           0102
        ");
        assert_eq!(cursor, Some(Position::new(7, 0)));
        let marked = |x| buffer[(x, 2)].modifier.contains(Modifier::UNDERLINED);
        assert_eq!([5, 7, 9].map(marked), [false, true, false]);
        assert_eq!(picker.apply(&Edit::Insert('x'), &table), Outcome::Edited);
        assert_eq!(picker.chosen(), None);
    }

    #[test]
    fn a_narrow_list_shows_names_and_no_codes() {
        let picker = Picker::new(&table());
        let text = screen::text(&draw(&picker, 13).0);
        assert_eq!(text, "   名称、拼音..\n   > 市城市管..\n     市水务局\n     水上公园..");
        for columns in 0..6 {
            let _ = draw(&picker, columns);
        }
    }
}

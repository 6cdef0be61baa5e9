//! The brush: text, labels and rows put into a rectangle, never wider than it.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::buffer::Buffer;
use super::look::Look;
use super::text;
use crate::theme::Role;

/// Writes a line of spans that have been made safe in at most `columns`.
pub(super) fn write_line(buf: &mut Buffer, (x, y): (u16, u16), line: &Line<'_>, columns: u16) {
    let end = x.saturating_add(columns);
    let mut x = x;
    for span in line {
        let left = usize::from(end.saturating_sub(x));
        x = buf.write((x, y), &span.content, left, line.style.patch(span.style));
    }
}

/// Writes `content` at the left of `area`'s row `row`, cut with an ellipsis; text from people is made safe here.
pub(super) fn put(buf: &mut Buffer, area: Rect, row: u16, content: &str, style: Style) {
    if row >= area.height {
        return;
    }
    let safe = text::line(content);
    let cut = text::truncate(&safe, usize::from(area.width));
    let _ = buf.write((area.x, area.y + row), &cut, usize::from(area.width), style);
}

/// `row`s of `area` from `top` on, `height` of them.
pub(super) fn rows(area: Rect, top: u16, height: u16) -> Rect {
    let top = top.min(area.height);
    Rect { y: area.y + top, height: height.min(area.height - top), ..area }
}

/// The columns of `area` from `left` on, `width` of them.
pub(super) fn columns(area: Rect, left: u16, width: u16) -> Rect {
    let left = left.min(area.width);
    Rect { x: area.x + left, width: width.min(area.width - left), ..area }
}

/// The head of a group: its words, then a line to the end of the row.
pub(super) fn heading(buf: &mut Buffer, area: Rect, words: &str, look: &Look) {
    put(buf, area, 0, words, look.style(Role::Heading));
    let taken = u16::try_from(text::width(words) + 1).unwrap_or(u16::MAX);
    let line = columns(area, taken, area.width);
    let (symbol, style) = (look.borders().set().horizontal_top, look.style(Role::Border));
    for x in line.left()..line.right() {
        buf.set_symbol((x, line.y), symbol, style);
    }
}

/// Says in the column before a label, which is free, that its field has the focus (`>`) or is refused (`!`).
pub(super) fn mark(buf: &mut Buffer, label: Rect, mark: &str, style: Style) {
    put(buf, Rect { x: label.x.saturating_sub(1), width: 1, ..label }, 0, mark, style);
}

/// The words of a tab: in brackets where it is the one that is shown, for not every terminal shows it by colour.
pub(super) fn tab(words: &str, front: bool) -> String {
    if front { format!("[{words}]") } else { format!(" {words} ") }
}

/// What stands before the label of the field that has the focus.
pub(super) const FOCUS: &str = ">";
/// What stands before the label of a field whose content is refused.
pub(super) const REFUSED: &str = "!";

/// A safe span.
pub(super) fn span(content: &str, style: Style) -> Span<'static> {
    Span::styled(text::line(content).into_owned(), style)
}

/// `text` cut into spans with the byte `marks` painted as `found`; marks lie on character boundaries.
pub(super) fn marked(
    content: &str,
    marks: &[std::ops::Range<usize>],
    plain: Style,
    found: Style,
) -> Line<'static> {
    let mut spans = Vec::new();
    let mut at = 0;
    for mark in marks.iter().filter(|mark| mark.end <= content.len()) {
        if mark.start < at {
            continue;
        }
        spans.push(span(&content[at..mark.start], plain));
        spans.push(span(&content[mark.start..mark.end], found));
        at = mark.end;
    }
    spans.push(span(&content[at..], plain));
    Line::from(spans)
}

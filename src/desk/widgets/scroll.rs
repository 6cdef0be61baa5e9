//! The mark that tells which part of something longer than its place is in sight.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::desk::buffer::Buffer;

/// Draws it down the last column of `area`, where rows from `first` on are in sight of `n`; nothing where all are.
pub fn mark(buf: &mut Buffer, area: Rect, first: usize, n: usize, style: Style) {
    let area = area.intersection(buf.area);
    let height = usize::from(area.height);
    if area.is_empty() || n <= height {
        return;
    }
    let thumb = (height * height / n).max(1);
    let from = first.min(n - height) * (height - thumb) / (n - height);
    for y in (area.top()..area.bottom()).skip(from).take(thumb) {
        buf.set_string(area.right() - 1, y, "|", style);
    }
}

//! A buffer as text, for tests: what a person would see, row by row.

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;

/// The rows of `buffer`, blanks at their ends cut, the hidden second cell of a wide character left out.
///
/// ```
/// use ratatui::{buffer::Buffer, layout::Rect, style::Style};
///
/// let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 2));
/// buffer.set_string(1, 0, "回音", Style::new());
/// assert_eq!(huiyin::desk::widgets::screen::rows(&buffer), [" 回音", ""]);
/// ```
pub fn rows(buffer: &Buffer) -> Vec<String> {
    let Rect { x, y, width, height } = buffer.area;
    (y..y + height)
        .map(|row| {
            let mut line = String::new();
            let mut column = x;
            while column < x + width {
                let Some(cell) = buffer.cell((column, row)) else { break };
                line.push_str(cell.symbol());
                column += cell.cell_width().max(1);
            }
            line.truncate(line.trim_end_matches(' ').len());
            line
        })
        .collect()
}

/// [`rows`] as one text, for snapshots.
pub fn text(buffer: &Buffer) -> String {
    rows(buffer).join("\n")
}

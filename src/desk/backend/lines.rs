//! A frame as lines with their colours, for a file or a pipe: no cursor moves, each line ends as it began.

use ratatui::buffer::{Buffer, CellWidth};

use super::pen::Pen;
use crate::theme::Depth;

/// The rows of `buffer` with the sequences that colour them.
pub fn coloured_lines(buffer: &Buffer, depth: Depth) -> String {
    let mut out = Vec::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut pen = Pen::new(depth);
        let mut x = buffer.area.left();
        while let Some(cell) = buffer.cell((x, y)).filter(|_| x < buffer.area.right()) {
            pen.set(&mut out, (cell.fg, cell.bg, cell.modifier));
            out.extend_from_slice(cell.symbol().as_bytes());
            x += cell.cell_width().max(1);
        }
        pen.reset(&mut out);
        out.push(b'\n');
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    use super::*;

    #[test]
    fn each_line_ends_as_it_began() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 2));
        buffer.set_string(0, 0, "工单", Style::new().fg(Color::Red));
        let lines = coloured_lines(&buffer, Depth::Sixteen).replace('\x1b', "^");
        assert_eq!(lines, "^[31m工单^[39m  ^[0m\n      ^[0m\n");
    }
}

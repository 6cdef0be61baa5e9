//! A row of styled pieces, put into its place; where it is wider, it ends with the mark of what was cut.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::desk::buffer::Buffer;
use crate::desk::paint::write_line;
use crate::desk::text::{ELLIPSIS, column_to_byte, width};

/// Draws `line` into the first row of `area`.
pub fn line(buf: &mut Buffer, area: Rect, line: &Line<'_>) {
    let area = Rect { height: area.height.min(1), ..area }.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let columns = usize::from(area.width);
    if fits(line, columns) {
        write_line(buf, area.as_position().into(), line, area.width);
        return;
    }
    let mark = &ELLIPSIS[..ELLIPSIS.len().min(columns)];
    let mut left = columns - mark.len();
    let mut kept: Vec<Span<'_>> = Vec::with_capacity(line.spans.len());
    for span in &line.spans {
        let wide = width(&span.content);
        if wide > left {
            let end = column_to_byte(&span.content, left);
            kept.push(Span::styled(format!("{}{mark}", &span.content[..end]), span.style));
            break;
        }
        left -= wide;
        kept.push(Span::styled(&*span.content, span.style));
    }
    write_line(buf, area.as_position().into(), &Line::from(kept).style(line.style), area.width);
}

/// Whether all of it can be seen; blanks at its end need no room.
fn fits(line: &Line<'_>, columns: usize) -> bool {
    // Nothing takes more columns than bytes.
    if line.spans.iter().map(|span| span.content.len()).sum::<usize>() <= columns {
        return true;
    }
    let mut after = line.spans.iter().rev().skip_while(|span| span.content.trim_end().is_empty());
    let last = after.next().map_or(0, |span| width(span.content.trim_end()));
    last + after.map(|span| width(&span.content)).sum::<usize>() <= columns
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Style};

    use super::*;
    use crate::desk::widgets::screen;

    fn drawn(line: &Line<'_>, columns: u16) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns + 2, 1));
        super::line(&mut buffer, Rect::new(1, 0, columns, 1), line);
        screen::text(&buffer.cells())
    }

    #[test]
    fn the_mark_stands_where_the_last_piece_is_cut() {
        let red = Style::new().fg(Color::Red);
        let line = Line::from(vec![Span::raw("夜间施工"), Span::styled("噪声", red), Span::raw("   ")]);
        assert_eq!(drawn(&line, 12), " 夜间施工噪声");
        assert_eq!(drawn(&line, 11), " 夜间施工..");
        assert_eq!(drawn(&line, 9), " 夜间施..");
        assert_eq!([2, 1, 0].map(|columns| drawn(&line, columns)), [" ..", " .", ""]);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 1));
        super::line(&mut buffer, Rect::new(0, 0, 10, 1), &line);
        assert_eq!(
            (buffer.cell((7, 0)).unwrap().fg, buffer.cell((8, 0)).unwrap().fg),
            (Color::Reset, Color::Red)
        );
    }
}

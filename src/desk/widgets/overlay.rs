//! The one place that clears a part of the screen for something on top of it.
//!
//! ratatui's `Clear` resets only the cells inside its area. A wide character whose left half stands in the column
//! before the area still covers the area's first column on a terminal, and so eats the border. Such halves, at both
//! edges, are made blanks here.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::border::{PLAIN, ROUNDED, Set};

use crate::desk::buffer::Buffer;
use crate::desk::text::{is_wide, line as line_of, truncate, width};
use crate::domain::code::code_enum;

code_enum! {
    /// The characters of borders.
    #[derive(Default)]
    Borders = "borders" {
        /// Lines with round corners.
        #[default]
        Rounded = "rounded",
        /// Lines.
        Plain = "plain",
        /// `+`, `-` and `|`, for terminals that draw lines two columns wide.
        Ascii = "ascii",
    }
}

/// How an overlay looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OverlayStyle {
    /// The ground.
    pub ground: Style,
    /// The border, patched over the ground.
    pub border: Style,
    /// The title, patched over the border.
    pub title: Style,
    /// The characters of the border.
    pub borders: Borders,
}

const ASCII: Set<'static> = Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

impl Borders {
    /// The characters as ratatui knows them: ASCII where the others are two columns wide.
    pub fn set(self) -> Set<'static> {
        match self {
            _ if is_wide() => ASCII,
            Self::Rounded => ROUNDED,
            Self::Plain => PLAIN,
            Self::Ascii => ASCII,
        }
    }
}

/// Clears `area`, draws border and title, and returns the room inside.
pub fn open(buf: &mut Buffer, area: Rect, title: &str, style: &OverlayStyle) -> Rect {
    let area = area.intersection(buf.area);
    clear(buf, area, style.ground);
    frame(buf, area, title, style)
}

/// Draws border and title around `area` without clearing it, and returns the room inside.
pub fn frame(buf: &mut Buffer, area: Rect, title: &str, style: &OverlayStyle) -> Rect {
    let area = area.intersection(buf.area);
    if area.width < 2 || area.height < 2 {
        return Rect { width: 0, height: 0, ..area };
    }
    let (set, line) = (style.borders.set(), style.ground.patch(style.border));
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    for x in area.left()..=right {
        let edge = |left, middle, end| match x {
            _ if x == area.x => left,
            _ if x == right => end,
            _ => middle,
        };
        buf.set_symbol((x, area.y), edge(set.top_left, set.horizontal_top, set.top_right), line);
        buf.set_symbol((x, bottom), edge(set.bottom_left, set.horizontal_bottom, set.bottom_right), line);
    }
    for y in area.top() + 1..bottom {
        buf.set_symbol((area.x, y), set.vertical_left, line);
        buf.set_symbol((right, y), set.vertical_right, line);
    }
    let room = usize::from(area.width).saturating_sub(4);
    let title = line_of(title);
    let title = truncate(&title, room.saturating_sub(2));
    if width(&title) > 0 {
        let _ = buf.write((area.x + 2, area.y), &format!(" {title} "), room, line.patch(style.title));
    }
    Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2)
}

/// Blanks `area`, and the halves of wide characters that reach into it or out of it.
pub fn clear(buf: &mut Buffer, area: Rect, ground: Style) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    for y in area.top()..area.bottom() {
        if let Some(before) = area.x.checked_sub(1)
            && buf.columns_at(before, y) > 1
        {
            buf.set_symbol((before, y), " ", Style::new());
        }
        if buf.columns_at(area.right() - 1, y) > 1 {
            buf.set_symbol((area.right(), y), " ", Style::new());
        }
    }
    buf.clear(area);
    buf.set_style(area, ground);
}

/// An area of at most `width` by `height` in the middle of `area`.
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect::new(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2, width, height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::widgets::screen;

    fn wall() -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 24, 4));
        for y in 0..4 {
            buffer.set_string(0, y, "中".repeat(12), Style::new());
        }
        buffer
    }

    #[test]
    fn borders_stand_whole_on_a_wall_of_wide_characters() {
        let mut buffer = wall();
        let style = OverlayStyle::default();
        assert_eq!(open(&mut buffer, Rect::new(5, 1, 12, 3), "热线工单管理", &style), Rect::new(6, 2, 10, 1));
        insta::assert_snapshot!(screen::text(&buffer.cells()), @"
        中中中中中中中中中中中中
        中中 ╭─ 热线.. ─╮ 中中中
        中中 │          │ 中中中
        中中 ╰──────────╯ 中中中
        ");
        let mut buffer = wall();
        let style = OverlayStyle { borders: Borders::Ascii, ..style };
        let _ = open(&mut buffer, Rect::new(4, 1, 11, 3), "", &style);
        assert_eq!(screen::rows(&buffer.cells())[2], "中中|         | 中中中中");
    }

    #[test]
    fn areas_that_are_too_small_or_outside_draw_nothing_outside() {
        for area in
            [Rect::new(23, 3, 9, 9), Rect::new(0, 0, 1, 1), Rect::new(90, 90, 3, 3), Rect::new(3, 0, 3, 2)]
        {
            let _ = open(&mut wall(), area, "\u{202e}热线\0", &OverlayStyle::default());
        }
        assert_eq!(centred(Rect::new(2, 2, 10, 4), 60, 2), Rect::new(2, 3, 10, 2));
    }
}

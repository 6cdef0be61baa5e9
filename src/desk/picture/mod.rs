//! A picture of the desk: one frame without a terminal, to be written down as text, as text with colours, or as SVG for
//! a page that shows the desk to people who do not have it yet.

mod lines;
mod svg;

pub use svg::Caption;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::Desk;
use super::backend;
use super::run::App as _;
use super::widgets::screen;
use crate::theme::Depth;

/// One frame.
#[derive(Debug, Clone)]
pub struct Picture {
    buffer: Buffer,
    cursor: Option<Position>,
    depth: Depth,
}

impl Picture {
    /// What `desk` shows in a window of this size.
    pub fn of(desk: &Desk, size: Size) -> Self {
        let mut buffer = super::buffer::Buffer::empty(Rect::from((Position::ORIGIN, size)));
        let cursor = desk.paint(&mut buffer);
        Self { buffer: buffer.cells(), cursor, depth: desk.model().look.depth() }
    }

    /// As text, row by row.
    pub fn text(&self) -> String {
        screen::text(&self.buffer)
    }

    /// As text with the escapes that colour it, for a terminal.
    pub fn ansi(&self) -> String {
        backend::coloured_lines(&self.buffer, self.depth)
    }

    /// As SVG, in a window with a bar if one is wanted. The same frame is the same bytes.
    pub fn svg(&self, caption: &Caption<'_>, window: bool) -> String {
        svg::draw(self, caption, window)
    }
}

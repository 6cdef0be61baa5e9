//! The buffer that views paint on: what ratatui's is, in less than half the memory.
//!
//! A key is slow by what it finds cold, and between two keys other threads fill the caches. ratatui's cell is a string
//! and two colours in forty bytes, compared part by part; here it is one number of sixteen (`ink.rs`), and a row is
//! cleared, painted over and compared as numbers. What is sent to a terminal becomes ratatui's cells again, so any of
//! its backends can show it.

mod clusters;
mod ink;

use ratatui::buffer::{Buffer as Cells, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use unicode_segmentation::UnicodeSegmentation as _;

use self::clusters::Clusters;
use self::ink::{Brush, Glyph, Ink};
use super::text;

/// Cells of a rectangle, row by row.
#[derive(Debug, Clone)]
pub struct Buffer {
    /// Where they stand.
    pub area: Rect,
    inks: Vec<Ink>,
    clusters: Clusters,
}

impl Buffer {
    /// Blanks.
    pub fn empty(area: Rect) -> Self {
        Self { area, inks: vec![Ink::BLANK; cells_in(area)], clusters: Clusters::default() }
    }

    /// Blanks of the same area. What is painted on both is compared by [`Row`]s.
    pub(super) fn twin(&self) -> Self {
        Self { inks: vec![Ink::BLANK; self.inks.len()], clusters: self.clusters.clone(), ..*self }
    }

    /// Makes every cell a blank of this style, whatever it was.
    pub fn fill(&mut self, style: Style) {
        self.inks.fill(Brush::new(style).over(Ink::BLANK));
    }

    /// Makes the cells of `area` blanks without a style.
    pub fn clear(&mut self, area: Rect) {
        let area = self.area.intersection(area);
        for y in area.top()..area.bottom() {
            self.part(y, area.left(), area.right()).fill(Ink::BLANK);
        }
    }

    /// Puts a style over what the cells of `area` have.
    pub fn set_style(&mut self, area: Rect, style: Style) {
        let (area, brush) = (self.area.intersection(area), Brush::new(style));
        for y in area.top()..area.bottom() {
            for ink in self.part(y, area.left(), area.right()) {
                *ink = brush.over(*ink);
            }
        }
    }

    /// Writes `text` from a cell on, whole clusters as far as there is room.
    pub fn set_string(&mut self, x: u16, y: u16, text: impl AsRef<str>, style: Style) {
        let _ = self.write((x, y), text.as_ref(), usize::from(u16::MAX), style);
    }

    /// Writes `text` from a cell on, whole clusters in at most `columns`, and answers the column after it. Control
    /// characters are left out, and so is what takes no column.
    pub fn write(&mut self, (x, y): (u16, u16), text: &str, columns: usize, style: Style) -> u16 {
        if !self.area.contains(Position { x, y }) {
            return x;
        }
        let brush = Brush::new(style);
        let end = usize::from(x).saturating_add(columns).min(usize::from(self.area.right()));
        let end = u16::try_from(end).unwrap_or(u16::MAX);
        let (mut x, mut rest) = self.write_plain((x, y), end, text, brush);
        while let Some((glyph, wide, after)) = self.first_of(rest) {
            rest = after;
            if wide == 0 {
                continue;
            }
            let next = x.saturating_add(wide);
            if next > end {
                break;
            }
            let [first, covered @ ..] = self.part(y, x, next) else { break };
            *first = brush.over(first.with(glyph));
            covered.fill(Ink::BLANK);
            (x, rest) = self.write_plain((next, y), end, rest, brush);
        }
        x
    }

    /// Writes the plain characters that a text begins with, as far as there is room before column `end`: nearly always
    /// all of it. Answers the column after them and what follows, which begins with what may be a cluster.
    fn write_plain<'t>(
        &mut self,
        (x, y): (u16, u16),
        end: u16,
        text: &'t str,
        brush: Brush,
    ) -> (u16, &'t str) {
        let room = self.part(y, x, end.max(x));
        let plain = |c: char| Some((Glyph::of(c), usize::from(text::plain(c)?)));
        let (mut at, mut rest, mut chars) = (0, text, text.chars());
        let mut next = chars.next().and_then(plain);
        while let Some((glyph, columns)) = next {
            let (after, following) = (chars.as_str(), chars.next());
            next = following.and_then(plain);
            // What is not plain may belong to the character before it.
            if following.is_some() && next.is_none() {
                break;
            }
            let Some([first, covered @ ..]) = room.get_mut(at..at + columns) else { break };
            *first = brush.over(first.with(glyph));
            covered.fill(Ink::BLANK);
            (at, rest) = (at + columns, after);
        }
        (x + u16::try_from(at).unwrap_or(0), rest)
    }

    /// The first cluster of `text`, its columns, and what follows it.
    fn first_of<'t>(&self, text: &'t str) -> Option<(Glyph, u16, &'t str)> {
        let cluster = text.graphemes(true).next()?;
        let (c, after) = (cluster.chars().next()?, &text[cluster.len()..]);
        if cluster.contains(char::is_control) {
            return Some((Glyph::of(c), 0, after));
        }
        let columns = u16::try_from(text::cells(cluster)).unwrap_or(u16::MAX);
        let glyph = if cluster.len() == c.len_utf8() { Glyph::of(c) } else { self.clusters.glyph(cluster) };
        Some((glyph, columns, after))
    }

    /// Writes one symbol of one column, and leaves what it may have covered.
    pub fn set_symbol(&mut self, (x, y): (u16, u16), symbol: &str, style: Style) {
        if !self.area.contains(Position { x, y }) {
            return;
        }
        let mut chars = symbol.chars();
        let glyph = match (chars.next(), chars.next()) {
            (Some(c), None) => Glyph::of(c),
            (None, _) => return,
            _ => self.clusters.glyph(symbol),
        };
        if let [ink] = self.part(y, x, x + 1) {
            *ink = Brush::new(style).over(ink.with(glyph));
        }
    }

    /// The columns of what stands in a cell; 0 outside.
    pub fn columns_at(&self, x: u16, y: u16) -> u16 {
        self.ink(x, y).map_or(0, |ink| columns_of(ink, &self.clusters))
    }

    /// What stands in a cell, as ratatui has it.
    pub fn cell(&self, (x, y): (u16, u16)) -> Option<Cell> {
        Some(cell_of(self.ink(x, y)?, &self.clusters))
    }

    /// All of it as ratatui has it.
    pub fn cells(&self) -> Cells {
        let content = self.inks.iter().map(|ink| cell_of(*ink, &self.clusters)).collect();
        Cells { area: self.area, content }
    }

    /// The rows from the top.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let columns = usize::from(self.area.width).max(1);
        self.inks.chunks(columns).map(|inks| Row { inks, clusters: &self.clusters })
    }

    /// Forgets clusters that stand nowhere any more, when there are many. Twins before it are none after it.
    pub(super) fn tidy(&mut self) -> bool {
        let full = self.clusters.is_full();
        if full {
            let fresh = Clusters::default();
            for ink in &mut self.inks {
                if let Some(cluster) = self.clusters.text(ink.glyph()) {
                    *ink = ink.with(fresh.glyph(&cluster));
                }
            }
            self.clusters = fresh;
        }
        full
    }

    fn ink(&self, x: u16, y: u16) -> Option<Ink> {
        self.area.contains(Position { x, y }).then(|| self.inks[self.at(x, y)])
    }

    fn at(&self, x: u16, y: u16) -> usize {
        usize::from(y - self.area.y) * usize::from(self.area.width) + usize::from(x - self.area.x)
    }

    /// The cells of a row from column `from` to before `to`, which are in the area.
    fn part(&mut self, y: u16, from: u16, to: u16) -> &mut [Ink] {
        let at = self.at(from, y);
        &mut self.inks[at..at + usize::from(to - from)]
    }
}

/// A row of cells, to be compared with that of a twin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    inks: &'a [Ink],
    clusters: &'a Clusters,
}

impl Row<'_> {
    /// Whether it is painted as the other is.
    pub(super) fn is_as(self, other: Self) -> bool {
        self.inks == other.inks
    }

    /// How many cells.
    pub(super) fn len(self) -> usize {
        self.inks.len()
    }

    /// Whether a cell is painted as that of the other.
    pub(super) fn is_as_at(self, other: Self, at: usize) -> bool {
        self.inks[at] == other.inks[at]
    }

    /// Whether the same character stands in a cell as in that of the other.
    pub(super) fn says_the_same_at(self, other: Self, at: usize) -> bool {
        self.inks[at].glyph() == other.inks[at].glyph()
    }

    /// The columns of what stands in a cell, at least one.
    pub(super) fn columns_at(self, at: usize) -> usize {
        usize::from(columns_of(self.inks[at], self.clusters)).max(1)
    }

    /// Whether a picture was asked for that could be a character.
    pub(super) fn is_picture_at(self, at: usize) -> bool {
        self.clusters.text(self.inks[at].glyph()).is_some_and(|text| text.contains('\u{fe0f}'))
    }
}

impl<'a> Row<'a> {
    /// A cell, to be sent.
    pub(super) fn mark(self, at: usize) -> Mark<'a> {
        Mark { ink: self.inks[at], clusters: self.clusters }
    }
}

/// What stands in a cell and how it is painted, to be sent to a terminal.
#[derive(Debug, Clone, Copy)]
pub struct Mark<'a> {
    ink: Ink,
    clusters: &'a Clusters,
}

impl Mark<'_> {
    /// The character, where it is one alone.
    pub fn char(self) -> Option<char> {
        self.ink.glyph().char()
    }

    /// The colours of text and ground, and the modifiers.
    pub fn look(self) -> (Color, Color, Modifier) {
        (self.ink.text(), self.ink.ground(), self.ink.modifier())
    }

    /// All of it, as ratatui has it.
    pub fn cell(self) -> Cell {
        cell_of(self.ink, self.clusters)
    }
}

fn cells_in(area: Rect) -> usize {
    usize::from(area.width) * usize::from(area.height)
}

fn columns_of(ink: Ink, clusters: &Clusters) -> u16 {
    let of = |text: &str| u16::try_from(text::cells(text)).unwrap_or(u16::MAX);
    match ink.glyph().char() {
        Some(c) => text::plain(c).unwrap_or_else(|| of(c.encode_utf8(&mut [0; 4]))),
        None => clusters.text(ink.glyph()).map_or(1, |text| of(&text)),
    }
}

fn cell_of(ink: Ink, clusters: &Clusters) -> Cell {
    let mut cell = Cell::EMPTY;
    match (ink.glyph().char(), clusters.text(ink.glyph())) {
        (Some(c), _) => cell.set_char(c),
        (None, Some(cluster)) => cell.set_symbol(&cluster),
        (None, None) => &mut cell,
    };
    (cell.fg, cell.bg, cell.modifier) = (ink.text(), ink.ground(), ink.modifier());
    cell
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::{Color, Modifier};

    use super::*;

    fn style() -> impl Strategy<Value = Style> {
        let colour = prop::option::of(prop::sample::select(vec![
            Color::Reset,
            Color::Black,
            Color::LightYellow,
            Color::White,
            Color::Indexed(0),
            Color::Indexed(255),
            Color::Rgb(0, 0, 0),
            Color::Rgb(255, 1, 255),
        ]));
        let modifier = (0..512_u16).prop_map(Modifier::from_bits_truncate);
        (colour.clone(), colour, modifier.clone(), modifier)
            .prop_map(|(fg, bg, add_modifier, sub_modifier)| Style { fg, bg, add_modifier, sub_modifier })
    }

    proptest! {
        #[test]
        fn it_shows_what_ratatuis_does(
            steps in prop::collection::vec(
                (0..14_u16, 0..4_u16, "[ab 中，①é\u{301}👩\u{200d}\u{fe0f}❤ﾞ\u{7}\u{903}─]{0,6}", 0..16_usize, 0..6_u16, style()),
                0..12,
            )
        ) {
            let area = Rect::new(0, 0, 14, 4);
            let (mut ours, mut theirs) = (Buffer::empty(area), Cells::empty(area));
            for (x, y, text, columns, height, style) in steps {
                let to = theirs.set_stringn(x, y, &text, columns, style).0;
                prop_assert_eq!(ours.write((x, y), &text, columns, style), to);
                let of = Rect::new(x, y, height, height);
                ours.set_style(of, style);
                theirs.set_style(of.intersection(area), style);
                for x in 0..14 {
                    prop_assert_eq!(&ours.cell((x, y)).unwrap(), &theirs[(x, y)]);
                    prop_assert_eq!(ours.columns_at(x, y), ratatui::buffer::CellWidth::cell_width(&theirs[(x, y)]));
                }
                if ours.tidy() {
                    prop_assert!(false, "a few clusters are not many");
                }
            }
            prop_assert_eq!(ours.cells(), theirs);
        }
    }

    #[test]
    fn outside_nothing_is_painted_and_nothing_breaks() {
        let area = Rect::new(3, 2, 4, 1);
        let mut buffer = Buffer::empty(area);
        let before = buffer.cells();
        for at in [(2, 2), (7, 2), (3, 1), (3, 3), (u16::MAX, u16::MAX)] {
            assert_eq!(buffer.write(at, "夜间", 9, Style::new()), at.0);
            buffer.set_symbol(at, "x", Style::new());
            assert_eq!((buffer.columns_at(at.0, at.1), buffer.cell(at)), (0, None));
        }
        buffer.set_style(Rect::new(0, 0, 3, 9), Style::new().fg(Color::Red));
        assert_eq!(buffer.cells(), before);
        assert_eq!(buffer.write((5, 2), "夜间", 9, Style::new()), 7);
    }

    #[test]
    fn clusters_that_are_gone_are_forgotten_and_those_that_stand_stay() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        buffer.set_string(0, 0, "e\u{301}", Style::new());
        let mut rounds = 0;
        while !buffer.tidy() {
            let cluster: String =
                std::iter::once('o').chain(std::iter::repeat_n('\u{301}', rounds + 1)).collect();
            buffer.set_string(1, 0, cluster, Style::new());
            rounds += 1;
        }
        assert!(rounds > 1_000);
        let shown = buffer.cells();
        assert_eq!(shown[(0, 0)].symbol(), "e\u{301}");
        assert_eq!(shown[(1, 0)].symbol().chars().count(), rounds + 1);
        assert!(!buffer.tidy());
    }
}

//! What stands in a cell and how it is painted, as one number: two cells look alike where their numbers are equal.

use ratatui::style::{Color, Modifier, Style};

/// The colours that have names, each coded by its place and one more; 0 is [`Color::Reset`].
const NAMED: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];
/// Set where a colour is one of 256.
const INDEXED: u32 = 1 << 24;
/// Set where a colour is red, green and blue.
const RGB: u32 = 1 << 25;
/// Set where a glyph is the number of a cluster and not a character.
const CLUSTER: u32 = 1 << 31;

/// A character, or the number of a cluster of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glyph(u32);

impl Glyph {
    pub(super) fn of(c: char) -> Self {
        Self(u32::from(c))
    }

    pub(super) fn of_cluster(number: u32) -> Self {
        Self(CLUSTER | number)
    }

    /// The character, if it is one alone.
    pub(super) fn char(self) -> Option<char> {
        char::from_u32(self.0)
    }

    /// The number of the cluster, if it is one.
    pub(super) fn cluster(self) -> Option<u32> {
        (self.0 & CLUSTER != 0).then_some(self.0 & !CLUSTER)
    }
}

/// From the lowest bit: 32 of the glyph, 32 of the text's colour, 32 of the ground's, 16 of modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ink(u128);

const TEXT: u32 = 32;
const GROUND: u32 = 64;
const MODIFIER: u32 = 96;
const WORD: u128 = u32::MAX as u128;

impl Ink {
    /// A blank as a terminal has it when it is clear.
    pub(super) const BLANK: Self = Self(' ' as u128);

    /// The same with another glyph.
    pub(super) fn with(self, glyph: Glyph) -> Self {
        Self(self.0 & !WORD | u128::from(glyph.0))
    }

    pub(super) fn glyph(self) -> Glyph {
        Glyph(self.word(0))
    }

    pub(super) fn text(self) -> Color {
        colour(self.word(TEXT))
    }

    pub(super) fn ground(self) -> Color {
        colour(self.word(GROUND))
    }

    pub(super) fn modifier(self) -> Modifier {
        Modifier::from_bits_truncate(u16::try_from(self.word(MODIFIER)).unwrap_or(0))
    }

    fn word(self, from: u32) -> u32 {
        u32::try_from(self.0 >> from & WORD).unwrap_or(0)
    }
}

/// A style, ready to be put over cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brush {
    keeps: u128,
    puts: u128,
}

impl Brush {
    pub(super) fn new(style: Style) -> Self {
        let changed = style.add_modifier | style.sub_modifier;
        let added = style.add_modifier - style.sub_modifier;
        let mut brush = Self {
            keeps: !(u128::from(changed.bits()) << MODIFIER),
            puts: u128::from(added.bits()) << MODIFIER,
        };
        for (colour, at) in [(style.fg, TEXT), (style.bg, GROUND)] {
            if let Some(colour) = colour {
                brush.keeps &= !(WORD << at);
                brush.puts |= u128::from(code(colour)) << at;
            }
        }
        brush
    }

    /// What comes of a cell. Its glyph stays.
    pub(super) fn over(self, ink: Ink) -> Ink {
        Ink(ink.0 & self.keeps | self.puts)
    }
}

fn code(colour: Color) -> u32 {
    match colour {
        Color::Indexed(n) => INDEXED | u32::from(n),
        Color::Rgb(r, g, b) => RGB | u32::from_be_bytes([0, r, g, b]),
        _ => {
            NAMED.iter().position(|named| *named == colour).map_or(0, |at| u32::try_from(at + 1).unwrap_or(0))
        }
    }
}

fn colour(code: u32) -> Color {
    let [_, r, g, b] = code.to_be_bytes();
    match code {
        RGB.. => Color::Rgb(r, g, b),
        INDEXED.. => Color::Indexed(b),
        _ => usize::from(b).checked_sub(1).and_then(|at| NAMED.get(at)).copied().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_comes_back() {
        let indexed = (0..=255).map(Color::Indexed);
        let rgb = [(0, 0, 0), (255, 255, 255), (1, 0, 255)].map(|(r, g, b)| Color::Rgb(r, g, b));
        for one in NAMED.into_iter().chain([Color::Reset]).chain(indexed).chain(rgb) {
            assert_eq!(colour(code(one)), one);
        }
    }
}

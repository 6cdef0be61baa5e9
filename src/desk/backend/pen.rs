//! The pen: which colours and modifiers the terminal has now, and the shortest way to the next ones.

use ratatui::style::{Color, Modifier};

use crate::theme::Depth;

const MODIFIERS: &[(Modifier, &str)] = &[
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::SLOW_BLINK, "5"),
    (Modifier::RAPID_BLINK, "6"),
    (Modifier::REVERSED, "7"),
    (Modifier::HIDDEN, "8"),
    (Modifier::CROSSED_OUT, "9"),
];

/// What the terminal draws with.
#[derive(Debug)]
pub(super) struct Pen {
    depth: Depth,
    fg: Color,
    bg: Color,
    modifier: Modifier,
    /// What was asked for last: what the next cell asks for again needs no look at the palette.
    asked: Option<(Color, Color, Modifier)>,
}

impl Pen {
    pub(super) fn new(depth: Depth) -> Self {
        Self { depth, fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty(), asked: None }
    }

    /// Back to what a terminal starts with, whatever it has now.
    pub(super) fn reset(&mut self, out: &mut Vec<u8>) {
        *self = Self::new(self.depth);
        out.extend_from_slice(b"\x1b[0m");
    }

    /// Takes the colours of text and ground and the modifiers of a cell, in one sequence. There is none to take single
    /// modifiers back that every terminal knows (`22` ends bold and dim), so losing one starts anew.
    pub(super) fn set(&mut self, out: &mut Vec<u8>, look: (Color, Color, Modifier)) {
        let asked = Some(look);
        if self.asked == asked {
            return;
        }
        self.asked = asked;
        let (fg, bg, modifier) = (self.depth.nearest(look.0), self.depth.nearest(look.1), look.2);
        if (fg, bg, modifier) == (self.fg, self.bg, self.modifier) {
            return;
        }
        let mut sgr = Sgr::start(out);
        if !modifier.contains(self.modifier) {
            sgr.code("0");
            *self = Self { asked, ..Self::new(self.depth) };
        }
        for (one, code) in MODIFIERS {
            if (modifier - self.modifier).contains(*one) {
                sgr.code(code);
            }
        }
        if fg != self.fg {
            sgr.colour(fg, 30);
        }
        if bg != self.bg {
            sgr.colour(bg, 40);
        }
        sgr.end();
        (self.fg, self.bg, self.modifier) = (fg, bg, modifier);
    }
}

/// One `CSI … m` being written.
struct Sgr<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl<'a> Sgr<'a> {
    fn start(out: &'a mut Vec<u8>) -> Self {
        out.extend_from_slice(b"\x1b[");
        Self { out, first: true }
    }

    fn code(&mut self, code: &str) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b';');
        }
        self.out.extend_from_slice(code.as_bytes());
    }

    /// `base` is 30 for the text and 40 for what is behind it.
    fn colour(&mut self, colour: Color, base: u8) {
        let named = |n: u8| (base + n).to_string();
        let bright = |n: u8| (base + 60 + n).to_string();
        let code = match colour {
            Color::Reset => named(9),
            Color::Black => named(0),
            Color::Red => named(1),
            Color::Green => named(2),
            Color::Yellow => named(3),
            Color::Blue => named(4),
            Color::Magenta => named(5),
            Color::Cyan => named(6),
            Color::Gray => named(7),
            Color::DarkGray => bright(0),
            Color::LightRed => bright(1),
            Color::LightGreen => bright(2),
            Color::LightYellow => bright(3),
            Color::LightBlue => bright(4),
            Color::LightMagenta => bright(5),
            Color::LightCyan => bright(6),
            Color::White => bright(7),
            Color::Indexed(n) => format!("{};5;{n}", base + 8),
            Color::Rgb(r, g, b) => format!("{};2;{r};{g};{b}", base + 8),
        };
        self.code(&code);
    }

    fn end(self) {
        self.out.push(b'm');
    }
}

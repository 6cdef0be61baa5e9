//! Colours: how many a terminal has, which of them is nearest to another, and how well two can be told apart.

use ratatui::style::Color;

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// None: only bold, underlined, reversed and so on.
    None,
    /// The sixteen named ones, which people set to their taste.
    Sixteen,
    /// Those of xterm: the sixteen, a cube and greys.
    Palette,
    /// All of them.
    True,
}

/// The sixteen as xterm has them; what another terminal shows may differ.
const SIXTEEN: &[(Color, [u8; 3])] = &[
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

impl Depth {
    /// What `NO_COLOR`, `COLORTERM` and `TERM` say.
    pub fn from_env() -> Self {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let term = lookup("TERM").unwrap_or_default();
        let more = lookup("COLORTERM").unwrap_or_default();
        if lookup("NO_COLOR").is_some_and(|value| !value.is_empty()) || term == "dumb" {
            Self::None
        } else if matches!(more.as_str(), "truecolor" | "24bit") || term.ends_with("-direct") {
            Self::True
        } else if term.contains("256color") {
            Self::Palette
        } else {
            Self::Sixteen
        }
    }

    /// `colour` as this terminal can show it.
    pub fn nearest(self, colour: Color) -> Color {
        match (self, colour) {
            (Self::None, _) => Color::Reset,
            (Self::Palette, Color::Rgb(r, g, b)) => nearest_of_palette([r, g, b]),
            (Self::Sixteen, Color::Rgb(..) | Color::Indexed(_)) => {
                let wanted = rgb(colour).unwrap_or_default();
                let near = SIXTEEN.iter().min_by_key(|(_, candidate)| distance(wanted, *candidate));
                near.map_or(Color::Reset, |(colour, _)| *colour)
            }
            _ => colour,
        }
    }
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

fn nearest_of_palette(wanted: [u8; 3]) -> Color {
    let near = (16..=255).min_by_key(|n| distance(wanted, palette(*n)));
    Color::Indexed(near.unwrap_or(16))
}

/// The colours 16 to 255 of xterm.
fn palette(n: u8) -> [u8; 3] {
    let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    match n.saturating_sub(16) {
        n @ 0..=215 => [step(n / 36), step(n / 6 % 6), step(n % 6)],
        n => [8 + 10 * (n - 216); 3],
    }
}

/// Red, green and blue; nothing for [`Color::Reset`], which is whatever the terminal's owner chose.
pub(super) fn rgb(colour: Color) -> Option<[u8; 3]> {
    match colour {
        Color::Reset => None,
        Color::Rgb(r, g, b) => Some([r, g, b]),
        Color::Indexed(n) if n >= 16 => Some(palette(n)),
        Color::Indexed(n) => SIXTEEN.get(usize::from(n)).map(|(_, rgb)| *rgb),
        named => SIXTEEN.iter().find(|(colour, _)| *colour == named).map(|(_, rgb)| *rgb),
    }
}

/// A colour as the theme files write it: `#rrggbb`, `default`, or one of the sixteen such as `bright-blue`.
pub(super) fn parse(text: &str) -> Option<Color> {
    const NAMES: [&str; 8] = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
    if let Some(hex) = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii()) {
        let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
        return Some(Color::Rgb(part(0)?, part(2)?, part(4)?));
    }
    if text == "default" {
        return Some(Color::Reset);
    }
    let (name, bright) = text.strip_prefix("bright-").map_or((text, 0), |name| (name, 8));
    let at = NAMES.iter().position(|known| *known == name)?;
    SIXTEEN.get(at + bright).map(|(colour, _)| *colour)
}

/// The contrast of two colours by WCAG 2: 1 for the same, 21 for black on white.
#[cfg(test)]
pub(super) fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let light = |rgb: [u8; 3]| {
        let linear = rgb.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (a, b) = (light(a), light(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_how_many_colours_there_are() {
        let check = |pairs: &[(&str, &str)], depth| {
            let lookup = |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
            assert_eq!(Depth::from_lookup(lookup), depth, "{pairs:?}");
        };
        check(&[], Depth::Sixteen);
        check(&[("TERM", "xterm-256color")], Depth::Palette);
        check(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Depth::True);
        check(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("NO_COLOR", "1")], Depth::None);
        check(&[("TERM", "dumb")], Depth::None);
        check(&[("TERM", "linux"), ("NO_COLOR", "")], Depth::Sixteen);
    }

    #[test]
    fn the_nearest_colour_is_near() {
        assert_eq!(Depth::Palette.nearest(Color::Rgb(255, 0, 0)), Color::Indexed(196));
        assert_eq!(Depth::Palette.nearest(Color::Rgb(9, 9, 9)), Color::Indexed(232));
        assert_eq!(Depth::Sixteen.nearest(Color::Rgb(20, 10, 250)), Color::Blue);
        assert_eq!(Depth::Sixteen.nearest(Color::Indexed(231)), Color::White);
        assert_eq!(Depth::None.nearest(Color::Red), Color::Reset);
    }

    #[test]
    fn contrast_is_that_of_the_guideline() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.01);
        assert!((contrast([0x77; 3], [255; 3]) - 4.48).abs() < 0.01);
    }
}

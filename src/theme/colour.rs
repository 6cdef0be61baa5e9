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

/// The names of the sixteen, in the order of the terminals.
const NAMES: [Color; 16] = [
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

/// What a terminal makes of the sixteen.
pub(super) type Sixteen = [[u8; 3]; 16];

/// The sixteen as xterm has them; what another terminal shows may differ.
pub(super) const XTERM: Sixteen = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];

/// Terminals that show all colours and may not say so: `COLORTERM` does not go through SSH, `TERM` does.
const TRUE_COLOURED: &[&str] = &["kitty", "alacritty", "foot", "wezterm", "ghostty"];

/// Terminals without any: `dumb`, the older ones of DEC, and whatever says so by its ending.
fn has_none(term: &str) -> bool {
    matches!(term, "dumb" | "vt52" | "vt100" | "vt102" | "vt220")
        || ["-m", "-mono"].iter().any(|end| term.ends_with(end))
}

impl Depth {
    /// What `NO_COLOR`, `COLORTERM` and `TERM` say. Who `insists` on a theme overrules `NO_COLOR`, not the terminal.
    pub fn from_env(insists: bool) -> Self {
        Self::from_lookup(insists, |name| std::env::var(name).ok())
    }

    fn from_lookup(insists: bool, lookup: impl Fn(&str) -> Option<String>) -> Self {
        let term = lookup("TERM").unwrap_or_default();
        let more = lookup("COLORTERM").unwrap_or_default();
        let asked_none = lookup("NO_COLOR").is_some_and(|value| !value.is_empty());
        if has_none(&term) || (asked_none && !insists) {
            Self::None
        } else if matches!(more.as_str(), "truecolor" | "24bit")
            || term.ends_with("-direct")
            || TRUE_COLOURED.iter().any(|name| term.contains(name))
        {
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
                let all = NAMES.iter().zip(XTERM);
                let near = all.min_by_key(|(_, candidate)| distance(wanted, *candidate));
                near.map_or(Color::Reset, |(colour, _)| *colour)
            }
            _ => colour,
        }
    }
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

/// Asked for every cell that is painted, so it looks at two of the 240: the nearest of the cube, each channel by itself,
/// and the nearest grey.
fn nearest_of_palette(wanted: [u8; 3]) -> Color {
    let step = |channel: u8| match channel {
        0..=47 => 0,
        48..=115 => 1,
        _ => (channel - 36) / 40,
    };
    let [r, g, b] = wanted.map(step);
    let cube = 16 + 36 * r + 6 * g + b;
    let sum: u16 = wanted.map(u16::from).iter().sum();
    let grey = (232..=255).nth(usize::from(sum.saturating_sub(10) / 30)).unwrap_or(255);
    let is_nearer = distance(wanted, palette(grey)) < distance(wanted, palette(cube));
    Color::Indexed(if is_nearer { grey } else { cube })
}

/// The colours 16 to 255 of xterm.
fn palette(n: u8) -> [u8; 3] {
    let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    match n.saturating_sub(16) {
        n @ 0..=215 => [step(n / 36), step(n / 6 % 6), step(n % 6)],
        n => [8 + 10 * (n - 216); 3],
    }
}

/// Red, green and blue as xterm has them; nothing for [`Color::Reset`], which is whatever the terminal's owner chose.
pub fn rgb(colour: Color) -> Option<[u8; 3]> {
    rgb_of(colour, &XTERM)
}

/// [`rgb`] where the sixteen are others.
pub(super) fn rgb_of(colour: Color, sixteen: &Sixteen) -> Option<[u8; 3]> {
    match colour {
        Color::Reset => None,
        Color::Rgb(r, g, b) => Some([r, g, b]),
        Color::Indexed(n) if n >= 16 => Some(palette(n)),
        Color::Indexed(n) => sixteen.get(usize::from(n)).copied(),
        named => NAMES.iter().position(|name| *name == named).map(|at| sixteen[at]),
    }
}

/// A colour as the theme files write it: `#rrggbb`, `default`, or one of the sixteen such as `bright-blue`.
pub(super) fn parse(text: &str) -> Option<Color> {
    const WORDS: [&str; 8] = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
    if let Some(hex) = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii()) {
        let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
        return Some(Color::Rgb(part(0)?, part(2)?, part(4)?));
    }
    if text == "default" {
        return Some(Color::Reset);
    }
    let (name, bright) = text.strip_prefix("bright-").map_or((text, 0), |name| (name, 8));
    let at = WORDS.iter().position(|known| *known == name)?;
    NAMES.get(at + bright).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_how_many_colours_there_are() {
        let check = |pairs: &[(&str, &str)], depth| {
            let lookup = |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
            assert_eq!(Depth::from_lookup(false, lookup), depth, "{pairs:?}");
        };
        check(&[], Depth::Sixteen);
        check(&[("TERM", "xterm-256color")], Depth::Palette);
        check(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Depth::True);
        check(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("NO_COLOR", "1")], Depth::None);
        check(&[("TERM", "dumb")], Depth::None);
        check(&[("TERM", "linux"), ("NO_COLOR", "")], Depth::Sixteen);
        check(&[("TERM", "linux"), ("NO_COLOR", "0")], Depth::None);
        check(&[("TERM", "xterm-kitty")], Depth::True);
        check(&[("TERM", "tmux-256color")], Depth::Palette);
        check(&[("TERM", "vt220")], Depth::None);
        check(&[("TERM", "xterm-mono"), ("COLORTERM", "truecolor")], Depth::None);
    }

    #[test]
    fn who_insists_on_a_theme_overrules_no_color_but_not_the_terminal() {
        let of = |term: &'static str| {
            let lookup = move |name: &str| match name {
                "NO_COLOR" => Some("1".to_owned()),
                "TERM" => Some(term.to_owned()),
                _ => None,
            };
            Depth::from_lookup(true, lookup)
        };
        assert_eq!((of("xterm-256color"), of("dumb")), (Depth::Palette, Depth::None));
    }

    #[test]
    fn no_colour_of_the_palette_is_nearer() {
        let channel = || (0..=255).step_by(15).chain([47, 48, 115, 116]);
        let mixed = channel().flat_map(|r| channel().flat_map(move |g| channel().map(move |b| [r, g, b])));
        for wanted in mixed.step_by(3).chain((0..=255).map(|n| [n; 3])) {
            let nearest = (16..=255).min_by_key(|n| distance(wanted, palette(*n))).unwrap();
            assert_eq!(nearest_of_palette(wanted), Color::Indexed(nearest), "{wanted:?}");
        }
    }

    #[test]
    fn the_nearest_colour_is_near() {
        assert_eq!(Depth::Palette.nearest(Color::Rgb(255, 0, 0)), Color::Indexed(196));
        assert_eq!(Depth::Palette.nearest(Color::Rgb(9, 9, 9)), Color::Indexed(232));
        assert_eq!(Depth::Sixteen.nearest(Color::Rgb(20, 10, 250)), Color::Blue);
        assert_eq!(Depth::Sixteen.nearest(Color::Indexed(231)), Color::White);
        assert_eq!(Depth::None.nearest(Color::Red), Color::Reset);
    }
}

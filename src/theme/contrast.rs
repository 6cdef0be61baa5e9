//! How well a theme can be read: which ground each role stands on, and the contrast of the two by WCAG 2.

use ratatui::style::{Color, Modifier, Style};

use super::Theme;
use super::colour::{Depth, Sixteen, XTERM, rgb_of};
use super::role::Role;

/// A role that cannot be read well enough on a ground it stands on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Faint {
    /// What is hard to read.
    pub role: Role,
    /// On what.
    pub ground: Role,
    /// The contrast: 1 is invisible, 21 black on white.
    pub contrast: f64,
}

impl Role {
    /// The grounds that it is painted on. A role that is one itself, or brings its own, stands on itself.
    pub const fn grounds(self) -> &'static [Self] {
        use Role::{Field, FieldFocus, Footer, Header, Overlay, Text};
        match self {
            Self::Text
            | Self::Field
            | Self::FieldFocus
            | Self::FieldInvalid
            | Self::Header
            | Self::Footer
            | Self::Overlay
            | Self::Border
            | Self::BorderFocus => &[Text],
            Self::OverlayBorder => &[Overlay],
            Self::FooterKey => &[Footer],
            Self::Tab | Self::TabActive | Self::Practice => &[Header],
            Self::Placeholder | Self::Proposal => &[Field, FieldFocus],
            Self::Title => &[Text, Overlay, Header],
            Self::Disabled => &[Text, Overlay, Footer],
            Self::Good | Self::Info | Self::Warning | Self::Error => &[Text, Overlay, Header, Footer],
            Self::Selection
            | Self::SelectionBlur
            | Self::TextDim
            | Self::TextStrong
            | Self::Label
            | Self::LabelFocus
            | Self::Heading
            | Self::Match
            | Self::StateWaiting
            | Self::StateWorking
            | Self::StateDone
            | Self::StateGone
            | Self::Urgent
            | Self::Emergency
            | Self::CardYellow
            | Self::CardRed
            | Self::Confidential
            | Self::Number => &[Text, Overlay],
        }
    }

    /// The contrast that it needs: text 4.5, and 3 what is only looked at, as the guideline has it.
    pub const fn needs(self) -> f64 {
        match self {
            Self::Border | Self::BorderFocus | Self::OverlayBorder | Self::Disabled => 3.0,
            _ => 4.5,
        }
    }
}

impl Theme {
    /// What cannot be read well enough on a terminal of this depth; nothing in the themes that are part of the program.
    pub fn faint(&self, depth: Depth) -> Vec<Faint> {
        self.pairs(depth, &XTERM).filter(|pair| pair.contrast < pair.role.needs()).collect()
    }

    /// Every role on every ground it stands on, where the terminal's sixteen are these.
    pub(super) fn pairs(&self, depth: Depth, sixteen: &Sixteen) -> impl Iterator<Item = Faint> {
        let every =
            Role::ALL.iter().flat_map(|role| role.grounds().iter().map(move |ground| (*role, *ground)));
        every.filter_map(move |(role, ground)| {
            let under = self.style(Role::Text).patch(self.style(ground));
            let contrast = seen(under.patch(self.style(role)), depth, sixteen)?;
            Some(Faint { role, ground, contrast })
        })
    }
}

/// The contrast of a text painted so; nothing where both colours are the terminal's own. Where only one is, it may be
/// black or white, and the worse of the two counts.
fn seen(style: Style, depth: Depth, sixteen: &Sixteen) -> Option<f64> {
    let colour = |colour: Option<Color>| rgb_of(depth.nearest(colour.unwrap_or_default()), sixteen);
    let (fg, bg) = (colour(style.fg), colour(style.bg));
    let (fg, bg) = if style.add_modifier.contains(Modifier::REVERSED) { (bg, fg) } else { (fg, bg) };
    match (fg, bg) {
        (None, None) => None,
        (Some(fg), Some(bg)) => Some(contrast(fg, bg)),
        (Some(one), None) | (None, Some(one)) => Some(contrast(one, [0; 3]).min(contrast(one, [255; 3]))),
    }
}

/// The contrast of two colours by WCAG 2: 1 for the same, 21 for black on white.
pub fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let light = |rgb: [u8; 3]| {
        let [r, g, b] = linear(rgb);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (light(a), light(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// A colour of the screen as amounts of light, each from 0 to 1.
fn linear(rgb: [u8; 3]) -> [f64; 3] {
    rgb.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Shelf;

    const COLOURED: [Depth; 3] = [Depth::Sixteen, Depth::Palette, Depth::True];

    /// What others than xterm make of the sixteen: the Linux console, Windows, GNOME, and the Mac.
    const ELSEWHERE: &[(&str, &str)] = &[
        (
            "linux",
            "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
        ),
        (
            "windows",
            "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc 767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
        ),
        (
            "gnome",
            "171421 c01c28 26a269 a2734c 12488b a347ba 2aa1b3 d0cfcc 5e5c64 f66151 33d17a e9ad0c 2a7bde c061cb 33c7de ffffff",
        ),
        (
            "mac",
            "000000 990000 00a600 999900 0000b2 b200b2 00a6b2 bfbfbf 666666 e50000 00d900 e5e500 0000ff e500e5 00e5e5 e5e5e5",
        ),
    ];

    fn sixteen(text: &str) -> Sixteen {
        let colours = text.split(' ').map(|hex| {
            let part = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
            [part(0), part(2), part(4)]
        });
        colours.collect::<Vec<_>>().try_into().unwrap()
    }

    #[test]
    fn contrast_is_that_of_the_guideline() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.01);
        assert!((contrast([0x77; 3], [255; 3]) - 4.48).abs() < 0.01);
    }

    #[test]
    fn every_role_of_every_theme_can_be_read_on_every_ground_it_stands_on() {
        let mut faint = Vec::new();
        for name in Shelf::default().names() {
            for depth in COLOURED {
                let theme = Theme::built_in(&name, depth).unwrap();
                let high = name == "high-contrast";
                let wanted = |role: Role| match role.needs() {
                    text if text > 3.0 && high => 7.0,
                    _ if high => 4.5,
                    as_ever => as_ever,
                };
                for pair in theme.pairs(depth, &XTERM).filter(|pair| pair.contrast < wanted(pair.role)) {
                    let (role, ground) = (pair.role.name(), pair.ground.name());
                    faint.push(format!("{name} {depth:?}: {role} on {ground} {:.2}", pair.contrast));
                }
            }
        }
        assert!(faint.is_empty(), "{faint:#?}");
    }

    #[test]
    fn the_sixteen_can_be_read_whatever_a_terminal_makes_of_them() {
        let theme = Theme::built_in("sixteen", Depth::Sixteen).unwrap();
        for (terminal, colours) in ELSEWHERE {
            for pair in theme.pairs(Depth::Sixteen, &sixteen(colours)) {
                let (role, ground) = (pair.role.name(), pair.ground.name());
                assert!(
                    pair.contrast >= pair.role.needs(),
                    "{terminal}: {role} on {ground} {:.2}",
                    pair.contrast
                );
            }
        }
    }

    #[test]
    fn a_theme_that_cannot_be_read_is_told_so() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pale.toml"), "inherits = \"light\"\n[palette]\nash = \"#cccccc\"")
            .unwrap();
        let theme = Shelf::read(folder.path()).load("pale", Depth::True).unwrap();
        let faint = theme.faint(Depth::True);
        assert!(faint.iter().any(|faint| faint.role == Role::TextDim && faint.contrast < 2.0), "{faint:?}");
        assert_eq!(Theme::built_in("light", Depth::True).unwrap().faint(Depth::True), []);
    }

    /// What a person sees who lacks one kind of cone, by Machado, Oliveira and Fernandes (2009), at its full degree:
    /// the red one, the green one, the blue one.
    const LACKING: &[(&str, [[f64; 3]; 3])] = &[
        (
            "protan",
            [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
        ),
        (
            "deutan",
            [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
        ),
        (
            "tritan",
            [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        ),
    ];

    fn times(matrix: &[[f64; 3]; 3], of: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(of).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0))
    }

    /// Lightness and colour in a space where equal steps look equal (Oklab, Ottosson 2020).
    fn oklab(linear: [f64; 3]) -> [f64; 3] {
        let cones = times(
            &[
                [0.412_221, 0.536_333, 0.051_446],
                [0.211_903, 0.680_700, 0.107_397],
                [0.088_302, 0.281_719, 0.629_979],
            ],
            linear,
        );
        let [l, m, s] = cones.map(f64::cbrt);
        [
            0.210_454 * l + 0.793_618 * m - 0.004_072 * s,
            1.977_998 * l - 2.428_592 * m + 0.450_594 * s,
            0.025_904 * l + 0.782_772 * m - 0.808_676 * s,
        ]
    }

    fn apart(a: [f64; 3], b: [f64; 3]) -> f64 {
        oklab(a).iter().zip(oklab(b)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }

    /// How far two roles look apart: by the text or by what is behind it, whichever is more.
    fn distance(theme: &Theme, one: Role, other: Role, sees: impl Fn([f64; 3]) -> [f64; 3]) -> f64 {
        let colours = |role| {
            let style = theme.style(Role::Text).patch(theme.style(role));
            [style.fg, style.bg].map(|colour| sees(linear(rgb_of(colour.unwrap(), &XTERM).unwrap())))
        };
        let (one, other) = (colours(one), colours(other));
        apart(one[0], other[0]).max(apart(one[1], other[1]))
    }

    /// What must be told apart at a glance.
    const FAMILIES: &[&[Role]] = &[
        &[Role::Good, Role::Info, Role::Warning, Role::Error],
        &[Role::StateWaiting, Role::StateWorking, Role::StateDone, Role::StateGone],
        &[Role::Urgent, Role::Emergency],
        &[Role::CardYellow, Role::CardRed],
    ];

    #[test]
    fn states_and_severities_stay_apart_without_one_kind_of_cone() {
        let theme = Theme::built_in("colour-blind", Depth::True).unwrap();
        for family in FAMILIES {
            for (at, one) in family.iter().enumerate() {
                for other in &family[at + 1..] {
                    for (lacking, matrix) in LACKING {
                        let apart = distance(&theme, *one, *other, |colour| times(matrix, colour));
                        assert!(apart >= 0.09, "{lacking}: {} and {} {apart:.3}", one.name(), other.name());
                    }
                }
            }
        }
    }

    #[test]
    fn the_simulation_confuses_red_and_green_as_people_do() {
        let (red, green) = (linear([0xd0, 0x50, 0x40]), linear([0x80, 0x78, 0x20]));
        let deutan = &LACKING[1].1;
        assert!(apart(times(deutan, red), times(deutan, green)) < apart(red, green) / 3.0);
    }
}

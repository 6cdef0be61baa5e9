//! Themes: how each role is painted. The files stand in `themes/` and are part of the program.
//!
//! A theme is resolved once for the terminal's depth of colour and then only looked up. `NO_COLOR` gives `mono`,
//! which has modifiers and no colour; colour never alone carries meaning anyway.

mod colour;
mod file;
mod role;

pub use colour::Depth;
pub use file::ThemeError;
pub use role::Role;

use ratatui::style::Style;

/// The themes that are part of the program, by name.
const BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
];

/// A style for every role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: String,
    styles: Vec<Style>,
}

impl Theme {
    /// The names of the built-in themes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// A built-in theme for a terminal of this depth; `mono` for one without colours, whatever was asked for.
    pub fn built_in(name: &str, depth: Depth) -> Result<Self, ThemeError> {
        Self::load(name, depth, &|_| None)
    }

    /// A theme, from `source` before the built-in ones of the same name.
    pub fn load(
        name: &str,
        depth: Depth,
        source: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ThemeError> {
        let name = if depth == Depth::None { "mono" } else { name };
        let built_in =
            |name: &str| BUILT_IN.iter().find(|(n, _)| *n == name).map(|(_, text)| (*text).to_owned());
        let given = file::load(name, depth, &|name| source(name).or_else(|| built_in(name)))?;
        let mut styles: Vec<Style> = Vec::with_capacity(Role::ALL.len());
        for role in Role::ALL {
            let inherited = || role.parent().and_then(|parent| styles.get(parent as usize).copied());
            let style = given.get(role).copied().or_else(inherited).unwrap_or_default();
            styles.push(style);
        }
        Ok(Self { name: name.to_owned(), styles })
    }

    /// The name in the configuration.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How `role` is painted.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }
}

impl Default for Theme {
    /// No colours, no modifiers: for what is drawn before a theme is known.
    fn default() -> Self {
        Self { name: String::new(), styles: vec![Style::new(); Role::ALL.len()] }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Modifier};

    use super::*;

    const DEPTHS: [Depth; 4] = [Depth::None, Depth::Sixteen, Depth::Palette, Depth::True];

    #[test]
    fn every_theme_loads_at_every_depth() {
        for name in Theme::names() {
            for depth in DEPTHS {
                Theme::built_in(name, depth).unwrap();
            }
        }
    }

    #[test]
    fn every_text_role_can_be_read() {
        for name in Theme::names().filter(|name| *name != "mono") {
            for depth in [Depth::Sixteen, Depth::Palette, Depth::True] {
                let theme = Theme::built_in(name, depth).unwrap();
                let base = theme.style(Role::Text);
                for role in Role::ALL.iter().filter(|role| role.is_text()) {
                    let style = theme.style(*role);
                    let colour = |own: Option<Color>, base: Option<Color>| {
                        colour::rgb(depth.nearest(own.or(base).unwrap())).unwrap()
                    };
                    let (fg, bg) = (colour(style.fg, base.fg), colour(style.bg, base.bg));
                    let contrast = colour::contrast(fg, bg);
                    let wanted = if name == "high-contrast" { 7.0 } else { 4.5 };
                    assert!(contrast >= wanted, "{name} {depth:?} {}: {contrast:.2}", role.name());
                }
            }
        }
    }

    #[test]
    fn mono_has_no_colours_and_still_tells_the_selection_apart() {
        let theme = Theme::built_in("dark", Depth::None).unwrap();
        assert_eq!(theme.name(), "mono");
        for role in Role::ALL {
            let style = theme.style(*role);
            assert!(style.fg.is_none() && style.bg.is_none(), "{}", role.name());
        }
        assert!(theme.style(Role::Selection).add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn parents_stand_before_their_children() {
        for role in Role::ALL {
            assert!(role.parent().is_none_or(|parent| parent < *role), "{}", role.name());
        }
    }

    fn check(text: &str, told: &str) {
        let own = |name: &str| (name == "own").then(|| text.to_owned());
        let error = Theme::load("own", Depth::True, &own).unwrap_err();
        assert!(error.to_string().starts_with(told), "{error}");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        check("inherits = \"dark\"\n[roles]\n\"text.dimm\" = {}", "own, line 3: unknown variant `text.dimm`");
        check(
            "[roles]\ntext = { fg = \"inc\" }",
            "own, line 2: `inc` is neither in the palette nor a colour",
        );
        check("[palette]\nink = \"#12345\"", "own, line 2: `#12345` is not a colour");
        check("[roles]\ntext = { modifiers = [\"fat\"] }", "own, line 2: unknown variant `fat`");
        check("colour = 1", "own, line 1: unknown field `colour`");
        check("inherits = \"own\"", "the theme `own` inherits from itself");
        check("inherits = \"nowhere\"", "there is no theme `nowhere`");
    }

    #[test]
    fn a_theme_of_ones_own_inherits_and_repaints() {
        let own = |name: &str| {
            (name == "own").then(|| "inherits = \"dark\"\n[palette]\nink = \"#010203\"".to_owned())
        };
        let theme = Theme::load("own", Depth::True, &own).unwrap();
        assert_eq!(theme.style(Role::Text).fg, Some(Color::Rgb(1, 2, 3)));
        assert_eq!(
            theme.style(Role::Error),
            Theme::built_in("dark", Depth::True).unwrap().style(Role::Error)
        );
    }
}

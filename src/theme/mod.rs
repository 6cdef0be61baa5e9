//! Themes: how each role is painted. The files stand in `themes/` and are part of the program; those in a folder of the
//! person's own come before them (`shelf`).
//!
//! A theme is resolved once for the terminal's depth of colour and then only looked up. `NO_COLOR` gives `mono`,
//! which has modifiers and no colour; colour never alone carries meaning anyway.

mod colour;
mod contrast;
mod fault;
mod file;
mod role;
mod shelf;

pub use colour::{Depth, rgb};
pub use contrast::{Faint, contrast};
pub use fault::{Fault, ThemeError};
pub use role::Role;
pub use shelf::Shelf;

use ratatui::style::Style;

/// A style for every role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: String,
    styles: Vec<Style>,
}

impl Theme {
    /// What is taken when nobody asks for a theme: on few colours the one that keeps the terminal's own ground.
    pub const fn usual(depth: Depth) -> &'static str {
        match depth {
            Depth::None => "mono",
            Depth::Sixteen => "sixteen",
            Depth::Palette | Depth::True => "dark",
        }
    }

    /// A built-in theme for a terminal of this depth; `mono` for one without colours, whatever was asked for.
    pub fn built_in(name: &str, depth: Depth) -> Result<Self, ThemeError> {
        Shelf::default().load(name, depth)
    }

    fn load(name: &str, depth: Depth, shelf: &Shelf) -> Result<Self, ThemeError> {
        let name = if depth == Depth::None { "mono" } else { name };
        let given = file::load(name, depth, shelf)?;
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
    use ratatui::style::Modifier;

    use super::*;

    const DEPTHS: [Depth; 4] = [Depth::None, Depth::Sixteen, Depth::Palette, Depth::True];

    #[test]
    fn every_theme_loads_at_every_depth_and_has_a_name_in_both_languages() {
        for name in Shelf::default().names() {
            for depth in DEPTHS {
                Theme::built_in(&name, depth).unwrap();
            }
            for language in crate::i18n::Language::ALL {
                assert_ne!(crate::i18n::name_in(*language, "theme", &name), name, "{language:?}");
            }
        }
        for depth in DEPTHS {
            Theme::built_in(Theme::usual(depth), depth).unwrap();
        }
    }

    #[test]
    fn mono_has_no_colours_and_still_tells_apart_what_matters() {
        let theme = Theme::built_in("dark", Depth::None).unwrap();
        assert_eq!(theme.name(), "mono");
        for role in Role::ALL {
            let style = theme.style(*role);
            assert!(style.fg.is_none() && style.bg.is_none(), "{}", role.name());
        }
        assert!(theme.style(Role::Selection).add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn the_selection_stands_out_in_every_theme_and_is_not_the_one_that_has_no_keys() {
        for name in Shelf::default().names() {
            for depth in DEPTHS {
                let theme = Theme::built_in(&name, depth).unwrap();
                let [text, with_keys, without] =
                    [Role::Text, Role::Selection, Role::SelectionBlur].map(|role| theme.style(role));
                assert!(text != with_keys && text != without && with_keys != without, "{name} {depth:?}");
            }
        }
    }

    #[test]
    fn parents_stand_before_their_children() {
        for role in Role::ALL {
            assert!(role.parent().is_none_or(|parent| parent < *role), "{}", role.name());
        }
    }
}

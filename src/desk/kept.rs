//! The look that was chosen at the desk, kept in `look.toml` of the state folder: what a person writes by hand is in
//! `config.toml`, and no program changes that.
//!
//! What the settings said at the time is kept too. As long as they still say it, the choice holds; who changes them
//! afterwards means what they say now.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::look::Asked;
use super::widgets::overlay::Borders;

const FILE: &str = "look.toml";

/// A choice, and what the settings said then.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptLook {
    theme: Option<String>,
    borders: Option<Borders>,
    theme_in_settings: Option<String>,
    borders_in_settings: Option<Borders>,
}

impl KeptLook {
    pub(super) fn new(theme: Option<String>, borders: Borders, settings: &Asked) -> Self {
        Self {
            theme,
            borders: Some(borders),
            theme_in_settings: settings.theme.clone(),
            borders_in_settings: settings.borders,
        }
    }

    /// The theme that was chosen.
    pub fn theme(&self) -> Option<&str> {
        self.theme.as_deref()
    }

    /// The borders that were chosen.
    pub fn borders(&self) -> Option<Borders> {
        self.borders
    }

    /// Reads what is kept in `state`. A file that is not there or not understood keeps nothing: it holds a taste, no
    /// work.
    pub fn read(state: &Path) -> Self {
        let text = fs::read_to_string(state.join(FILE)).unwrap_or_default();
        toml::from_str(&text).unwrap_or_default()
    }

    /// Writes it, whole or not at all.
    pub fn write(&self, state: &Path) -> io::Result<()> {
        let text = toml::to_string(self).map_err(io::Error::other)?;
        let aside = state.join("look.new");
        fs::write(&aside, text)?;
        fs::rename(aside, state.join(FILE))
    }

    /// As much of the choice as holds over these settings.
    pub(super) fn over(&self, settings: &Asked) -> Asked {
        Asked {
            theme: self.theme.clone().filter(|_| self.theme_in_settings == settings.theme),
            borders: self.borders.filter(|_| self.borders_in_settings == settings.borders),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Look;
    use crate::theme::{Depth, Shelf};

    fn asked(theme: Option<&str>, borders: Option<Borders>) -> Asked {
        Asked { theme: theme.map(str::to_owned), borders }
    }

    /// The theme and the borders that come of it.
    fn worn(flags: Asked, kept: &KeptLook, settings: Asked) -> (String, Borders) {
        let look = Look::asked(flags, kept, settings, Shelf::default(), Depth::True).unwrap();
        (look.theme().name().to_owned(), look.borders())
    }

    #[test]
    fn a_choice_holds_until_the_settings_change_and_flags_overrule_it() {
        let (nothing, set) = (Asked::default(), asked(Some("light"), Some(Borders::Plain)));
        let kept = KeptLook::new(Some("high-contrast".to_owned()), Borders::Ascii, &set);
        let chosen = ("high-contrast".to_owned(), Borders::Ascii);
        assert_eq!(worn(nothing.clone(), &kept, set.clone()), chosen);
        let flags = asked(Some("dark"), None);
        assert_eq!(worn(flags, &kept, set), ("dark".to_owned(), Borders::Ascii));
        let changed = asked(Some("sixteen"), Some(Borders::Plain));
        assert_eq!(worn(nothing.clone(), &kept, changed), ("sixteen".to_owned(), Borders::Ascii));
        assert_eq!(worn(nothing.clone(), &kept, nothing.clone()), ("dark".to_owned(), Borders::Rounded));
        let gone = KeptLook::new(Some("gone".to_owned()), Borders::Ascii, &nothing);
        assert_eq!(worn(nothing.clone(), &gone, nothing), ("dark".to_owned(), Borders::Ascii));
    }

    #[test]
    fn what_is_written_is_read_and_what_is_damaged_keeps_nothing() {
        let state = tempfile::tempdir().unwrap();
        assert_eq!(KeptLook::read(state.path()), KeptLook::default());
        let kept = KeptLook::new(Some("light".to_owned()), Borders::Plain, &asked(Some("dark"), None));
        kept.write(state.path()).unwrap();
        assert_eq!(KeptLook::read(state.path()), kept);
        fs::write(state.path().join(FILE), "theme = 3").unwrap();
        assert_eq!(KeptLook::read(state.path()), KeptLook::default());
    }
}

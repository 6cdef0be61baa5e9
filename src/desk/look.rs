//! How the desk is painted: the theme for this terminal's colours, and the characters of its frames.

use ratatui::style::Style;

use super::kept::KeptLook;
use super::widgets::field::FieldStyle;
use super::widgets::list::ListStyle;
use super::widgets::overlay::{Borders, OverlayStyle};
use super::widgets::toast::ToastStyle;
use crate::domain::code::State;
use crate::i18n::name_of;
use crate::theme::{Depth, Faint, Role, Shelf, Theme, ThemeError};

/// Colours and borders.
#[derive(Debug, Clone)]
pub struct Look {
    theme: Theme,
    depth: Depth,
    borders: Borders,
    shelf: Shelf,
    /// What the settings ask for; it is kept with the choice that overrules it.
    settings: Asked,
}

/// A look, as far as somebody asks for one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The theme's name.
    pub theme: Option<String>,
    /// The characters of borders.
    pub borders: Option<Borders>,
}

/// The theme and the borders that are worn, to be put on again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worn(Theme, Borders);

impl Look {
    /// A theme for a terminal of this depth.
    pub fn new(theme: Theme, depth: Depth, borders: Borders) -> Self {
        Self { theme, depth, borders, shelf: Shelf::default(), settings: Asked::default() }
    }

    /// The look that is asked for: by `flags` first, then by what was `kept` of an earlier choice as long as the
    /// settings are what they were then, then by the `settings`. A kept theme that is gone or damaged is passed over.
    pub fn asked(
        flags: Asked,
        kept: &KeptLook,
        settings: Asked,
        shelf: Shelf,
        depth: Depth,
    ) -> Result<Self, ThemeError> {
        let kept = kept.over(&settings);
        let borders = flags.borders.or(kept.borders).or(settings.borders).unwrap_or_default();
        let theme = match (flags.theme, kept.theme.map(|name| shelf.load(&name, depth))) {
            (None, Some(Ok(theme))) => theme,
            (flag, _) => {
                let name = flag.or_else(|| settings.theme.clone());
                shelf.load(name.as_deref().unwrap_or(Theme::usual(depth)), depth)?
            }
        };
        Ok(Self { theme, depth, borders, shelf, settings })
    }

    /// The look that flags alone ask for where all colours are shown, or in words why there is none.
    pub fn of_flags(flags: Asked, shelf: Shelf) -> Result<Self, String> {
        let themes = shelf.clone();
        Self::asked(flags, &KeptLook::default(), Asked::default(), shelf, Depth::True)
            .map_err(|error| in_words(&error, &themes))
    }

    /// How `role` is painted.
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// How many colours the terminal has.
    pub fn depth(&self) -> Depth {
        self.depth
    }

    /// The theme.
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// The characters of borders.
    pub fn borders(&self) -> Borders {
        self.borders
    }

    /// The themes there are for this terminal: without colours only the one that has none.
    pub fn names(&self) -> Vec<String> {
        if self.depth == Depth::None { vec!["mono".to_owned()] } else { self.shelf.names() }
    }

    /// Whether a theme is the person's own.
    pub fn is_own(&self, name: &str) -> bool {
        self.shelf.is_own(name)
    }

    /// Takes the themes as they stand on the disk now; the one that is worn stays as it is.
    pub fn reshelve(&mut self, themes: Shelf) {
        self.shelf = themes;
    }

    /// Puts on the theme of that name, or stays as it is and says why, in the person's language.
    pub fn put_on(&mut self, name: &str) -> Result<(), String> {
        self.theme = self.shelf.load(name, self.depth).map_err(|mut error| {
            // There is little room in a dialog, and one folder that it can be in.
            if let ThemeError::Invalid { file, .. } = &mut error {
                *file = file.rsplit('/').next().unwrap_or_default().to_owned();
            }
            in_words(&error, &self.shelf)
        })?;
        Ok(())
    }

    /// What of the theme is hardest to read, if it is too hard.
    pub fn faintest(&self) -> Option<Faint> {
        let faint = self.theme.faint(self.depth).into_iter();
        faint.min_by(|a, b| a.contrast.total_cmp(&b.contrast))
    }

    /// Takes other characters for borders.
    pub fn set_borders(&mut self, borders: Borders) {
        self.borders = borders;
    }

    /// What is worn now.
    pub fn worn(&self) -> Worn {
        Worn(self.theme.clone(), self.borders)
    }

    /// Puts on again what was worn.
    pub fn put_back(&mut self, worn: Worn) {
        Worn(self.theme, self.borders) = worn;
    }

    /// What to keep so that the next start looks like this.
    pub fn kept(&self) -> KeptLook {
        // Without colours nobody has chosen a theme.
        let theme = (self.depth != Depth::None).then(|| self.theme.name().to_owned());
        KeptLook::new(theme, self.borders, &self.settings)
    }

    /// How a state is painted; its word stands beside the colour.
    pub fn state(&self, state: State) -> Style {
        self.style(match state {
            State::Registered | State::Dispatched => Role::StateWaiting,
            State::InProgress | State::Replied => Role::StateWorking,
            State::Closed | State::Answered => Role::StateDone,
            State::Merged | State::Voided => Role::StateGone,
        })
    }

    /// Inputs; a refused content is painted so.
    pub fn field(&self, wrong: bool) -> FieldStyle {
        let or_wrong = |role| if wrong { self.style(Role::FieldInvalid) } else { self.style(role) };
        FieldStyle {
            text: or_wrong(Role::Field),
            focused: self.style(Role::FieldFocus),
            hint: self.style(Role::Placeholder),
            selected: self.style(Role::Selection),
            scroll: self.style(Role::TextDim),
        }
    }

    /// Lists, with or without the keys.
    pub fn list(&self, focused: bool) -> ListStyle {
        let selected = if focused { Role::Selection } else { Role::SelectionBlur };
        ListStyle {
            row: self.style(Role::Text),
            selected: self.style(selected),
            scroll: self.style(Role::TextDim),
        }
    }

    /// Lists in a dialog, which have the keys.
    pub fn list_in_overlay(&self) -> ListStyle {
        ListStyle { row: self.style(Role::Overlay), ..self.list(true) }
    }

    /// Dialogs.
    pub fn overlay(&self) -> OverlayStyle {
        OverlayStyle {
            ground: self.style(Role::Overlay),
            border: self.style(Role::OverlayBorder),
            title: self.style(Role::Title),
            borders: self.borders,
        }
    }

    /// Panels, with or without the keys.
    pub fn panel(&self, focused: bool) -> OverlayStyle {
        OverlayStyle {
            ground: self.style(Role::Text),
            border: self.style(if focused { Role::BorderFocus } else { Role::Border }),
            title: self.style(Role::Title),
            borders: self.borders,
        }
    }

    /// Messages at the foot.
    pub fn toast(&self) -> ToastStyle {
        let on_bar = |role| self.style(Role::Footer).patch(self.style(role));
        ToastStyle {
            info: on_bar(Role::Info),
            done: on_bar(Role::Good),
            warning: on_bar(Role::Warning),
            error: on_bar(Role::Error),
        }
    }
}

/// Why a theme cannot be used, in the person's language.
pub(super) fn in_words(error: &ThemeError, shelf: &Shelf) -> String {
    match error {
        ThemeError::Invalid { file, line, fault } => {
            let sentence = name_of("theme_fault", fault.code()).replace("%{what}", fault.what());
            rust_i18n::t!("look.in_file", file = file, line = line, fault = sentence).into_owned()
        }
        ThemeError::Unknown(name) => {
            let names = shelf.names().join(", ");
            rust_i18n::t!("look.unknown", name = name, names = names).into_owned()
        }
    }
}

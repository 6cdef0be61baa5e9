//! How the desk is painted: the theme for this terminal's colours, and the characters of its frames.

use ratatui::style::Style;

use super::widgets::field::FieldStyle;
use super::widgets::list::ListStyle;
use super::widgets::overlay::{Borders, OverlayStyle};
use super::widgets::toast::ToastStyle;
use crate::domain::code::State;
use crate::theme::{Depth, Role, Theme};

/// Colours and borders.
#[derive(Debug, Clone)]
pub struct Look {
    theme: Theme,
    depth: Depth,
    borders: Borders,
}

impl Look {
    /// A theme for a terminal of this depth.
    pub fn new(theme: Theme, depth: Depth, borders: Borders) -> Self {
        Self { theme, depth, borders }
    }

    /// How `role` is painted.
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// How many colours the terminal has.
    pub fn depth(&self) -> Depth {
        self.depth
    }

    /// Takes the next of the built-in themes; a terminal without colours keeps the one it has.
    pub fn next_theme(&mut self) {
        let names: Vec<_> = Theme::names().collect();
        let at = names.iter().position(|name| *name == self.theme.name()).unwrap_or(0);
        if let Ok(theme) = Theme::built_in(names[(at + 1) % names.len()], self.depth) {
            self.theme = theme;
        }
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

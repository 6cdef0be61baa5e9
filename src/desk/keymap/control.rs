//! The keys of dialogs, forms and lists: what they do is the same everywhere, so it is no action of a screen.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Door;
use crate::desk::action::Row;
use crate::desk::keys::Chord;
use crate::desk::model::Screen;
use crate::domain::code::code_enum;

code_enum! {
    /// The tables of `keys.toml`: which keys are heard together.
    Context = "context" {
        /// The actions of the screens.
        Desk = "desk",
        /// What lies over a screen.
        Dialog = "dialog",
        /// The fields of a form.
        Form = "form",
        /// Lists and tabs.
        List = "list",
        /// Inputs.
        Text = "text",
    }
}

code_enum! {
    /// What dialogs, forms and lists do.
    Control = "control" {
        /// Send what the dialog asks for.
        Send = "send",
        /// Leave the dialog.
        Cancel = "cancel",
        /// Go on, or do what is marked.
        Accept = "accept",
        /// Yes, to a question.
        Yes = "yes",
        /// No.
        No = "no",
        /// The next field.
        NextField = "next_field",
        /// The field before.
        PreviousField = "previous_field",
        /// The next value of a choice.
        NextChoice = "next_choice",
        /// The value before.
        PreviousChoice = "previous_choice",
        /// Show all that may be picked.
        ListAll = "list_all",
        /// Open the selected row.
        OpenRow = "open_row",
        /// Make the marked case the earlier case of the one being typed.
        TakeAsEarlier = "take_as_earlier",
        /// The other half of the screen, or the next tab.
        NextTab = "next_tab",
        /// The tab before.
        PreviousTab = "previous_tab",
        /// The first tab.
        FirstTab = "first_tab",
        /// The second.
        SecondTab = "second_tab",
        /// The third.
        ThirdTab = "third_tab",
    }
}

/// One row.
#[derive(Debug)]
pub struct ControlRow {
    /// What it does.
    pub control: Control,
    /// Where.
    pub context: Context,
    /// Its keys; the first is the one that is shown.
    pub keys: &'static [&'static str],
    /// Whether they cannot be changed: what everybody expects of Enter, Tab and the arrows.
    pub fixed: bool,
}

/// The table.
pub const CONTROLS: &[ControlRow] = &[
    row(Control::Send, Context::Dialog, &["ctrl-s", "f9"]),
    row(Control::Cancel, Context::Dialog, &["esc"]),
    fixed(Control::Accept, Context::Dialog, &["enter"]),
    row(Control::Yes, Context::Dialog, &["y"]),
    row(Control::No, Context::Dialog, &["n"]),
    fixed(Control::NextField, Context::Form, &["tab", "enter", "down"]),
    fixed(Control::PreviousField, Context::Form, &["shift-tab", "up"]),
    fixed(Control::NextChoice, Context::Form, &["right", "space"]),
    fixed(Control::PreviousChoice, Context::Form, &["left"]),
    fixed(Control::ListAll, Context::Form, &["space"]),
    fixed(Control::OpenRow, Context::List, &["enter"]),
    fixed(Control::TakeAsEarlier, Context::List, &["space"]),
    fixed(Control::NextTab, Context::List, &["tab", "right"]),
    fixed(Control::PreviousTab, Context::List, &["shift-tab", "left"]),
    fixed(Control::FirstTab, Context::List, &["1"]),
    fixed(Control::SecondTab, Context::List, &["2"]),
    fixed(Control::ThirdTab, Context::List, &["3"]),
];

const fn row(control: Control, context: Context, keys: &'static [&'static str]) -> ControlRow {
    ControlRow { control, context, keys, fixed: false }
}

const fn fixed(control: Control, context: Context, keys: &'static [&'static str]) -> ControlRow {
    ControlRow { control, context, keys, fixed: true }
}

static BY_KEY: LazyLock<HashMap<(Context, Chord), Control>> = LazyLock::new(|| {
    let keys = CONTROLS.iter().flat_map(|row| row.keys.iter().map(move |key| (row, key)));
    let mut by_key = HashMap::new();
    for (row, key) in keys {
        if let Ok(chord) = key.parse() {
            // Of two in one context the first: a blank turns a choice; a field that picks sees it as a text.
            by_key.entry((row.context, chord)).or_insert(row.control);
        }
    }
    by_key
});

/// What a default key does in a context; keys come here through [`super::Keymap::at_the_door`].
pub fn control_of(context: Context, chord: Chord) -> Option<Control> {
    BY_KEY.get(&(context, chord)).copied()
}

/// Screens, and dialogs over them, in which a key is heard: as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scenes(u32);

impl Scenes {
    const DIALOG: u32 = 1 << 31;

    fn on(screens: impl Iterator<Item = Screen>) -> Self {
        Self(screens.fold(0, |bits, screen| bits | 1 << (screen as u32)))
    }

    pub(super) fn of_action(row: &Row) -> Self {
        Self::on(Screen::ALL.iter().copied().filter(|screen| row.belongs_to(*screen)))
    }

    pub(super) fn of_context(context: Context) -> Self {
        let screens = |screens: &[Screen]| Self::on(screens.iter().copied()).0;
        match context {
            Context::Desk => Self(screens(Screen::ALL)),
            Context::Dialog => Self(Self::DIALOG),
            Context::Form => Self(screens(&[Screen::SignIn, Screen::Intake]) | Self::DIALOG),
            Context::List => Self(screens(&[Screen::Intake, Screen::Search, Screen::Work])),
            Context::Text => Self(screens(&[Screen::SignIn, Screen::Intake, Screen::Search]) | Self::DIALOG),
        }
    }

    pub(super) const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether there is a place among them where text is typed.
    pub(super) fn type_text(self) -> bool {
        self.meet(Self::on([Screen::SignIn, Screen::Intake, Screen::Search].into_iter()))
    }

    /// Whether there is a place among them where nothing is typed: a list, or a case.
    pub(super) fn rest(self) -> bool {
        self.meet(Self::on([Screen::Search, Screen::Case, Screen::Work].into_iter()))
    }

    pub(super) fn screens(self) -> impl Iterator<Item = Screen> {
        Screen::ALL.iter().copied().filter(move |screen| self.0 & 1 << (*screen as u32) != 0)
    }

    pub(super) fn doors(self) -> impl Iterator<Item = Door> {
        let screen = (self.0 & !Self::DIALOG != 0).then_some(Door::Screen);
        screen.into_iter().chain((self.0 & Self::DIALOG != 0).then_some(Door::Dialog))
    }
}

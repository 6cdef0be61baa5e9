//! The keys of dialogs, forms and lists: what they do is the same everywhere, so it is no action of a screen.

use crate::desk::action::{Action, Row};
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
        /// The next kind of borders.
        NextBorders = "next_borders",
        /// The borders before.
        PreviousBorders = "previous_borders",
        /// Take what is proposed, and go on to the next field that matters.
        GoOn = "go_on",
        /// The next field.
        NextField = "next_field",
        /// The field before.
        PreviousField = "previous_field",
        /// The next value of a choice.
        NextChoice = "next_choice",
        /// The value before.
        PreviousChoice = "previous_choice",
        /// Take the marked one of the candidates.
        Take = "take",
        /// Show all that may be picked.
        ListAll = "list_all",
        /// The next open slot of a template.
        NextSlot = "next_slot",
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
}

/// The table. Where several of one context have a key, the first that can do something takes it.
pub const CONTROLS: &[ControlRow] = &[
    row(Control::Send, Context::Dialog, &["ctrl-s", "f9"]),
    row(Control::Cancel, Context::Dialog, &["esc"]),
    row(Control::Accept, Context::Dialog, &["enter"]),
    row(Control::Yes, Context::Dialog, &["y"]),
    row(Control::No, Context::Dialog, &["n"]),
    row(Control::NextBorders, Context::Dialog, &["right", "tab", "space"]),
    row(Control::PreviousBorders, Context::Dialog, &["left", "shift-tab"]),
    row(Control::GoOn, Context::Form, &["enter"]),
    row(Control::NextField, Context::Form, &["tab", "down"]),
    row(Control::PreviousField, Context::Form, &["shift-tab", "up"]),
    row(Control::NextChoice, Context::Form, &["right", "space"]),
    row(Control::PreviousChoice, Context::Form, &["left"]),
    row(Control::Take, Context::Form, &["enter", "tab"]),
    row(Control::ListAll, Context::Form, &["space"]),
    row(Control::OpenRow, Context::List, &["enter"]),
    row(Control::TakeAsEarlier, Context::List, &["space"]),
    row(Control::NextTab, Context::List, &["tab", "right"]),
    row(Control::PreviousTab, Context::List, &["shift-tab", "left"]),
    row(Control::FirstTab, Context::List, &["1"]),
    row(Control::SecondTab, Context::List, &["2"]),
    row(Control::ThirdTab, Context::List, &["3"]),
    row(Control::NextSlot, Context::Text, &["tab"]),
];

const fn row(control: Control, context: Context, keys: &'static [&'static str]) -> ControlRow {
    ControlRow { control, context, keys }
}

impl Control {
    /// Whether it is heard only where no text is typed, so that a character may stand for it.
    pub(super) fn rests(self) -> bool {
        matches!(
            self,
            Self::Yes
                | Self::No
                | Self::NextBorders
                | Self::PreviousBorders
                | Self::TakeAsEarlier
                | Self::FirstTab
                | Self::SecondTab
                | Self::ThirdTab
        )
    }
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
        let screens = Self::on(Screen::ALL.iter().copied().filter(|screen| row.belongs_to(*screen)));
        // These are heard in dialogs as well.
        let over = matches!(row.action, Action::Help | Action::Expand);
        if over { Self(screens.0 | Self::DIALOG) } else { screens }
    }

    pub(super) fn of_context(context: Context) -> Self {
        let screens = |screens: &[Screen]| Self::on(screens.iter().copied()).0;
        match context {
            Context::Desk => Self(screens(Screen::ALL)),
            Context::Dialog => Self(Self::DIALOG),
            Context::Form => Self(screens(&[Screen::SignIn, Screen::Intake]) | Self::DIALOG),
            Context::List => Self(screens(&[Screen::Intake, Screen::Search, Screen::Work, Screen::Drafts])),
            Context::Text => Self(screens(&[Screen::SignIn, Screen::Intake, Screen::Search]) | Self::DIALOG),
        }
    }

    /// Of the keys of lists some have a use on some screens only.
    pub(super) fn of_control(row: &ControlRow) -> Self {
        match row.control {
            Control::OpenRow => Self::on([Screen::Intake, Screen::Search].into_iter()),
            Control::TakeAsEarlier => Self::on([Screen::Intake].into_iter()),
            Control::NextTab | Control::PreviousTab => Self::on([Screen::Search, Screen::Work].into_iter()),
            Control::FirstTab | Control::SecondTab | Control::ThirdTab => {
                Self::on([Screen::Work].into_iter())
            }
            _ => Self::of_context(row.context),
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
        self.meet(Self::on([Screen::Search, Screen::Case, Screen::Work, Screen::Drafts].into_iter()))
    }

    pub(super) fn screens(self) -> impl Iterator<Item = Screen> {
        Screen::ALL.iter().copied().filter(move |screen| self.0 & 1 << (*screen as u32) != 0)
    }
}

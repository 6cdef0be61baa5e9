//! What lies over a screen: dialogs, the receipt, help and palette. One at a time; it has all the keys.

mod aside;
mod chooser;
mod clash;
mod dispatch;
mod first_keys;
mod help;
mod knowledge;
mod menu;
mod palette;
mod password;
mod prompt;
mod receipt;
mod themes;
mod update;
mod view;

pub use aside::{AsideChoice, AsideDialog};
pub(in crate::desk) use chooser::templates_for;
pub use chooser::{Chooser, Choosing};
pub use clash::{ClashDialog, Contested};
pub use dispatch::{DispatchDialog, DispatchField};
pub use first_keys::close as close_first_keys;
pub use help::Help;
pub use knowledge::{Knowledge, read_article};
pub use menu::Menu;
pub use palette::Palette;
pub use password::{PasswordDialog, PasswordField, changed as password_changed};
pub use prompt::Prompt;
pub(in crate::desk) use receipt::{title as receipt_title, words as told_to_the_caller};
pub use themes::{ThemePicker, reshelve};
pub use update::{key, paste};
pub use view::{hints, view};

use crate::desk::model::Model;
use crate::desk::screens::intake::{Receipt, SameEvent};
use crate::domain::id::CaseId;
use crate::journal::outbox::ItemId;

/// What is asked before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Throw a draft away.
    Discard(CaseId),
    /// Throw an item of the outbox away, and the draft of its case if it files one.
    ThrowAway(ItemId, CaseId),
    /// Merge the call into a case that is there, or remind of it.
    Same(Box<SameEvent>),
    /// Leave the desk while drafts are open; they are kept.
    Quit,
    /// Nothing can be kept on the disk: go on all the same, or leave.
    WithoutDisk,
}

impl Question {
    /// What is asked.
    pub fn words(&self, model: &Model) -> String {
        match self {
            Self::Discard(_) => rust_i18n::t!("confirm.discard"),
            Self::ThrowAway(..) => rust_i18n::t!("confirm.throw_away"),
            Self::Same(same) => return same.words(model),
            Self::Quit if model.not_written => rust_i18n::t!("confirm.quit_unwritten"),
            Self::Quit => rust_i18n::t!("confirm.quit"),
            Self::WithoutDisk => rust_i18n::t!("confirm.without_disk"),
        }
        .into_owned()
    }
}

/// What lies over the screen.
#[derive(Debug)]
pub enum Overlay {
    /// The keys that work here.
    Help(Help),
    /// Actions by name.
    Palette(Palette),
    /// A ready text or a tag for the field in focus.
    Chooser(Box<Chooser>),
    /// What can be done with the thing under the selection.
    Menu(Menu),
    /// The knowledge base.
    Knowledge(Box<Knowledge>),
    /// An act that takes a text.
    Prompt(Prompt),
    /// An act that takes departments.
    Dispatch(Box<DispatchDialog>),
    /// Both changed the same of a case: whose text stands.
    Clash(Box<ClashDialog>),
    /// What the case did not allow, and what can become of it.
    Aside(Box<AsideDialog>),
    /// A case was filed: its number, and what to tell the caller.
    Receipt(Box<Receipt>),
    /// How the desk looks: theme and borders.
    Themes(Box<ThemePicker>),
    /// One's own password: the old one, and the new one twice.
    Password(Box<PasswordDialog>),
    /// The session has ended: the password again.
    SignIn,
    /// The first start: the three keys that matter.
    FirstKeys,
    /// A question.
    Confirm(Question),
}

impl Overlay {
    /// Whether letters go into a text.
    pub fn is_typing(&self) -> bool {
        matches!(
            self,
            Self::Help(_)
                | Self::Palette(_)
                | Self::Chooser(_)
                | Self::Knowledge(_)
                | Self::Prompt(_)
                | Self::Dispatch(_)
                | Self::Password(_)
                | Self::SignIn
        )
    }

    /// The marked row of its list by its place, and how many there are.
    pub fn listed(&self) -> Option<(usize, usize)> {
        match self {
            Self::Palette(palette) => Some((palette.list.selected(), palette.found.len())),
            Self::Chooser(chooser) => Some((chooser.list.selected(), chooser.found.len())),
            Self::Menu(menu) => Some((menu.list.selected(), menu.items.len())),
            Self::Knowledge(open) => Some((open.list.selected(), open.found.len())),
            Self::Themes(picker) => Some(picker.listed()),
            Self::Clash(dialog) => Some((dialog.list.selected(), dialog.contested.len())),
            Self::Aside(dialog) => Some((dialog.list.selected(), AsideChoice::ALL.len())),
            Self::Dispatch(dialog) => match dialog.focus {
                DispatchField::Lead => Some(dialog.lead.listed()),
                DispatchField::Assisting => Some(dialog.assist.listed()),
                DispatchField::Opinion | DispatchField::Reason => None,
            },
            Self::Help(_)
            | Self::Prompt(_)
            | Self::Receipt(_)
            | Self::SignIn
            | Self::Password(_)
            | Self::FirstKeys
            | Self::Confirm(_) => None,
        }
    }

    /// Whether it asks for an act on the open case.
    pub fn is_act(&self) -> bool {
        matches!(self, Self::Prompt(_) | Self::Dispatch(_))
    }

    /// Whether it holds a text and nobody has asked to leave it yet; from now on somebody has.
    pub fn is_first_leave(&mut self) -> bool {
        let (typed, leaving) = match self {
            Self::Prompt(prompt) => (!prompt.text.is_empty(), &mut prompt.leaving),
            Self::Dispatch(dialog) => {
                (!(dialog.opinion.is_empty() && dialog.reason.is_empty()), &mut dialog.leaving)
            }
            _ => return false,
        };
        typed && !std::mem::replace(leaving, true)
    }

    /// Another key: nobody wants to leave it.
    pub fn stays(&mut self) {
        match self {
            Self::Prompt(prompt) => prompt.leaving = false,
            Self::Dispatch(dialog) => dialog.leaving = false,
            _ => {}
        }
    }

    /// The act was not taken: what is typed may be changed and sent again.
    pub fn not_sent(&mut self) {
        match self {
            Self::Prompt(prompt) => prompt.sending = false,
            Self::Dispatch(dialog) => dialog.sending = false,
            _ => {}
        }
    }
}

//! 受理: the form on the left, what the call needs beside it on the right, and the drafts of this shift.

mod amending;
mod call;
mod clash;
mod drafts;
mod form;
mod knowledge;
mod learned;
mod panel;
mod plan;
mod put_off;
mod read;
mod reading;
mod ready_text;
mod receipt;
mod record;
mod same;
mod sent;
mod side;
mod suggestion;
mod switch;
mod tabs;
mod update;
mod view;

pub use amending::{Amends, amend, amended};
pub use call::{Call, Phase, minutes};
pub use clash::{compared, decide};
pub use drafts::Drafts;
pub use form::Input as FormInput;
pub use form::{FieldId, Form, OutcomeChoice, Purpose};
pub use knowledge::take_article;
pub use learned::suggested;
pub use panel::{hints, why};
pub use put_off::{due, save, save_all};
pub use reading::{catch_up, follow_all, is_in_text};
pub use ready_text::{fill, insert_tag};
pub use receipt::{Led, Receipt};
pub use record::DraftRecordBody;
pub use same::{Merging, RemindInstead, SameEvent, ask_same, is_same, same_event};
pub use sent::{aside, filed, merged, not_merged, refuse, waits};
pub use side::Side;
pub use suggestion::{nothing_to_take, proposed, take_suggestion};
pub use switch::{discard, end_call, hold, present, show_at, show_next, told};
pub use tabs::{Standing, Tab, Tabs, tabs};
pub use update::{focus, key, look, paste, send, show_faults, submit, turn_kind};
pub use view::{fault_words, view};

use std::collections::BTreeMap;

use jiff::Timestamp;

use self::put_off::Saving;
use crate::domain::check::Fault;
use crate::domain::elements::Told;
use crate::domain::id::CaseId;
use crate::domain::number::CaseNumber;
use crate::domain::suggest::Suggested;
use crate::wire::case::CaseRow;

/// What is known of the safety of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// Nothing has been typed.
    Empty,
    /// The last change is not on the disk yet.
    Unsaved,
    /// What is typed is written: a killed process does not lose it.
    Written,
    /// What is typed is on the disk.
    Saved,
    /// The disk refuses.
    Failed,
}

/// One case being typed.
#[derive(Debug)]
pub struct Draft {
    /// Its identity, from the first keystroke on.
    pub id: Option<CaseId>,
    /// The number the caller can be told, once there is a station.
    pub number: Option<CaseNumber>,
    /// When the first key was pressed.
    pub received_at: Option<Timestamp>,
    /// When the last change was made.
    pub changed_at: Option<Timestamp>,
    /// The fields.
    pub form: Form,
    /// What is wrong with them, after a try to submit.
    pub faults: Vec<Fault>,
    /// Caller history and like cases.
    pub side: Side,
    /// What the text is probably about; follows the text and the matter.
    pub suggested: Suggested,
    /// What the server said of that, as long as it is about this text.
    learned: Option<learned::Learned>,
    /// Which of the elements the text tells; follows the text.
    pub told: Told,
    /// Since when there is text that was typed and not read yet, see [`catch_up`].
    unread: Option<Timestamp>,
    /// Counts the changes, so that "saved" is said of the last one only.
    pub changes: u64,
    /// Whether what is typed is on the disk.
    pub safety: Safety,
    /// When it is handed to the journal.
    saving: Saving,
    /// Whether it has been submitted and nothing has come of it yet.
    pub sending: bool,
    /// Whether the server would not have it, for no reason that a field can show.
    pub not_sent: bool,
    /// What it has become, until that is shown.
    pub filed: Option<Box<Receipt>>,
    /// What it is merged into once it is filed.
    pub merging: Option<Merging>,
    /// The call it is typed in, if calls are counted.
    pub call: Option<Call>,
    /// The case that it changes, if it is none of its own.
    pub amends: Option<Box<Amends>>,
}

impl Draft {
    /// An empty form.
    pub fn new() -> Self {
        Self {
            id: None,
            number: None,
            received_at: None,
            changed_at: None,
            form: Form::new(),
            faults: Vec::new(),
            side: Side::default(),
            suggested: Suggested::default(),
            learned: None,
            told: Told::default(),
            unread: None,
            changes: 0,
            safety: Safety::Empty,
            saving: Saving::default(),
            sending: false,
            not_sent: false,
            filed: None,
            merging: None,
            call: None,
            amends: None,
        }
    }

    /// Whether nothing has been typed.
    pub fn is_untouched(&self) -> bool {
        self.id.is_none()
    }

    /// Whether it is "saved" once these versions of drafts are durable, and was not before.
    pub fn becomes_safe(&self, durable: &BTreeMap<CaseId, u64>) -> bool {
        self.safety == Safety::Written && self.id.is_some_and(|id| durable.get(&id) == Some(&self.changes))
    }

    /// How many rows there are beside the form: earlier cases and articles.
    pub fn beside(&self) -> usize {
        self.side.cases() + self.suggested.articles.len()
    }

    /// The place of the selected row beside the form, while the panel has the keys.
    pub fn beside_at(&self) -> Option<usize> {
        self.side.selected_at().map(|at| at.min(self.beside().saturating_sub(1)))
    }

    /// The case selected in the panel beside the form, while the panel has the keys.
    pub fn selected_beside(&self) -> Option<&CaseRow> {
        self.side.case_at(self.beside_at()?)
    }

    /// The article selected there, by its place in the profile.
    pub fn selected_article(&self) -> Option<usize> {
        let at = self.beside_at()?.checked_sub(self.side.cases())?;
        self.suggested.articles.get(at).map(|suggestion| suggestion.code)
    }
}

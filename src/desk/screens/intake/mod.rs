//! 受理: the form on the left, what the call needs beside it on the right, and the drafts of this shift.

mod form;
mod read;
mod record;
mod side;
mod suggestion;
mod update;
mod view;

pub use form::Input as FormInput;
pub use form::{FieldId, Form, OutcomeChoice};
pub use record::DraftRecordBody;
pub use side::Side;
pub use suggestion::{follow_all, nothing_to_take, take_suggestion};
pub use update::{key, look, paste, save, show_faults, submit};
pub use view::view;

use jiff::Timestamp;

use crate::desk::msg::Turn;
use crate::domain::check::Fault;
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
    /// Counts the changes, so that "saved" is said of the last one only.
    pub changes: u64,
    /// Whether what is typed is on the disk.
    pub safety: Safety,
    /// Whether it has been sent and no answer has come.
    pub sending: bool,
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
            changes: 0,
            safety: Safety::Empty,
            sending: false,
        }
    }

    /// Whether nothing has been typed.
    pub fn is_untouched(&self) -> bool {
        self.id.is_none()
    }

    /// The case selected in the panel beside the form, while the panel has the keys.
    pub fn selected_beside(&self) -> Option<&CaseRow> {
        self.side.selected()
    }
}

/// The drafts, one of them in front.
#[derive(Debug)]
pub struct Drafts {
    list: Vec<Draft>,
    front: usize,
    /// Questions are counted over all drafts, so that no answer reaches another one.
    turn: Turn,
}

impl Drafts {
    /// One empty draft.
    pub fn new() -> Self {
        Self { list: vec![Draft::new()], front: 0, turn: Turn::default() }
    }

    /// The draft in front.
    pub fn current(&self) -> &Draft {
        &self.list[self.front]
    }

    /// The draft in front, to change.
    pub fn current_mut(&mut self) -> &mut Draft {
        &mut self.list[self.front]
    }

    /// The draft of a case.
    pub fn find_mut(&mut self, id: CaseId) -> Option<&mut Draft> {
        self.list.iter_mut().find(|draft| draft.id == Some(id))
    }

    /// Every draft, to change.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Draft> {
        self.list.iter_mut()
    }

    /// The panel that waits for an answer.
    pub fn asked(&mut self, is: impl Fn(&Side) -> bool) -> Option<&mut Side> {
        self.list.iter_mut().map(|draft| &mut draft.side).find(|side| is(side))
    }

    /// The draft in front and the place of its next question.
    fn asking(&mut self) -> (&mut Draft, Turn) {
        (&mut self.list[self.front], self.turn.another())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// The place of the one in front, from 1.
    pub fn place(&self) -> usize {
        self.front + 1
    }

    /// Puts another empty draft in front; an untouched one is not left behind.
    pub fn open_new(&mut self) {
        if let Some(at) = self.list.iter().position(Draft::is_untouched) {
            self.front = at;
        } else {
            self.list.push(Draft::new());
            self.front = self.list.len() - 1;
        }
    }

    /// Adds a draft that was found on the disk, and puts it in front of an untouched one.
    pub fn restore(&mut self, draft: Draft) {
        if self.current().is_untouched() {
            self.list[self.front] = draft;
        } else {
            self.list.push(draft);
        }
    }

    /// Puts the next draft in front.
    pub fn show_next(&mut self) {
        self.front = (self.front + 1) % self.list.len();
    }

    /// Puts the draft of a case in front.
    pub fn show(&mut self, id: CaseId) {
        if let Some(at) = self.list.iter().position(|draft| draft.id == Some(id)) {
            self.front = at;
        }
    }

    /// Takes a draft away: it is a case now, or was thrown away.
    pub fn remove(&mut self, id: CaseId) {
        self.list.retain(|draft| draft.id != Some(id));
        if self.list.is_empty() {
            self.list.push(Draft::new());
        }
        self.front = self.front.min(self.list.len() - 1);
    }

    /// Whether letters go into a text.
    pub fn is_typing(&self) -> bool {
        !self.current().side.has_keys()
    }
}

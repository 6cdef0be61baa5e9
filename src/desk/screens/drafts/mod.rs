//! 草稿与待上传: everything a person has typed here that is no case yet or was one lately, what needs them first.

mod ledger;
mod update;
mod view;

pub use ledger::{Entry, Ledger};
pub use update::{
    act, arrived, copied, follow, key, open, refresh, select, settle, show, thrown_away, why_not,
};
pub use view::{line, reason, status, view};

use crate::desk::msg::Turn;
use crate::desk::open_again::Broken;
use crate::desk::screens::intake::{Draft, Drafts};
use crate::desk::widgets::list::ListState;
use crate::domain::id::CaseId;
use crate::domain::number::CaseNumber;
use crate::journal::outbox::{ItemId, Standing};

/// What a row of the list stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A case that is being typed.
    Draft(CaseId),
    /// A draft that the program broke on.
    Broken(CaseId),
    /// Something that was submitted.
    Item(ItemId),
}

/// The screen.
#[derive(Debug, Default)]
pub struct DraftsScreen {
    /// The last question.
    pub turn: Turn,
    /// Whether its answer has not come.
    pub waiting: bool,
    /// Whether something has changed since it was asked.
    stale: bool,
    /// What was submitted; none before it was read.
    pub ledger: Option<Ledger>,
    /// What was thrown away here: a list that was read meanwhile may still have it.
    gone: Vec<ItemId>,
    /// Drafts that the program broke on: kept as they are, and opened only by a person.
    pub broken: Vec<Broken>,
    /// The drafts that are listed, by their cases.
    drafts: Vec<CaseId>,
    /// The selected row.
    pub list: ListState,
}

/// A row, with all there is to say of it.
#[derive(Debug)]
pub enum Row<'a> {
    /// A case that is being typed.
    Draft(&'a Draft),
    /// A draft that the program broke on; nothing of its words is painted.
    Broken(&'a Broken),
    /// Something that was submitted.
    Item(&'a Entry),
}

impl DraftsScreen {
    /// How many rows there are.
    pub fn count(&self) -> usize {
        let items = self
            .ledger
            .as_ref()
            .map_or(0, |ledger| ledger.aside.len() + ledger.waiting.len() + ledger.confirmed.len());
        items + self.listed_broken().count() + self.drafts.len()
    }

    /// How many drafts are listed.
    pub fn drafts(&self) -> usize {
        self.drafts.len()
    }

    /// What a row stands for: first what waits for a person, then what is broken, the drafts, what waits to be sent,
    /// what was confirmed.
    pub fn subject(&self, row: usize) -> Option<Subject> {
        match self.place(row)? {
            Place::Draft(id) => Some(Subject::Draft(id)),
            Place::Broken(broken) => Some(Subject::Broken(broken.record.id)),
            Place::Item(entry) => Some(Subject::Item(entry.id)),
        }
    }

    /// What a row stands for, as an entry of the outbox.
    pub fn entry(&self, row: usize) -> Option<&Entry> {
        if let Place::Item(entry) = self.place(row)? { Some(entry) } else { None }
    }

    /// A row with all there is to say of it.
    pub fn row<'a>(&'a self, drafts: &'a Drafts, row: usize) -> Option<Row<'a>> {
        match self.place(row)? {
            Place::Draft(id) => drafts.all().iter().find(|draft| draft.id == Some(id)).map(Row::Draft),
            Place::Broken(broken) => Some(Row::Broken(broken)),
            Place::Item(entry) => Some(Row::Item(entry)),
        }
    }

    /// Those that are no items of the outbox as well, where they have a row already.
    fn listed_broken(&self) -> impl Iterator<Item = &Broken> {
        self.broken.iter().filter(|broken| broken.refused.is_none())
    }

    /// The selected draft that the program broke on.
    pub fn selected_broken(&self) -> Option<&Broken> {
        let id = match self.place(self.list.selected())? {
            Place::Broken(broken) => broken.record.id,
            Place::Item(entry) => entry.id.draft(),
            Place::Draft(_) => return None,
        };
        self.broken.iter().find(|broken| broken.record.id == id)
    }

    fn place(&self, row: usize) -> Option<Place<'_>> {
        let none: &[Entry] = &[];
        let (aside, waiting, confirmed) = self.ledger.as_ref().map_or((none, none, none), |ledger| {
            (ledger.aside.as_slice(), ledger.waiting.as_slice(), ledger.confirmed.as_slice())
        });
        let mut row = row;
        if let Some(entry) = aside.get(row) {
            return Some(Place::Item(entry));
        }
        row -= aside.len();
        if let Some(broken) = self.listed_broken().nth(row) {
            return Some(Place::Broken(broken));
        }
        row -= self.listed_broken().count();
        if let Some(id) = self.drafts.get(row) {
            return Some(Place::Draft(*id));
        }
        row -= self.drafts.len();
        waiting.get(row).or_else(|| confirmed.get(row.checked_sub(waiting.len())?)).map(Place::Item)
    }

    /// The selected row's subject.
    pub fn selected(&self) -> Option<Subject> {
        self.subject(self.list.selected())
    }

    /// The number of the selected row's case.
    pub fn selected_number<'a>(&'a self, drafts: &'a Drafts) -> Option<&'a CaseNumber> {
        self.row(drafts, self.list.selected())?.number()
    }

    /// The selected row, if it is of the outbox.
    pub fn selected_entry(&self) -> Option<&Entry> {
        self.entry(self.list.selected())
    }
}

impl<'a> Row<'a> {
    /// The number of its case, where the desk knows it.
    pub fn number(&self) -> Option<&'a CaseNumber> {
        match self {
            Self::Draft(draft) => draft.number.as_ref(),
            // It would have to be read.
            Self::Broken(_) => None,
            Self::Item(entry) => entry.number.as_ref(),
        }
    }
}

enum Place<'a> {
    Draft(CaseId),
    Broken(&'a Broken),
    Item(&'a Entry),
}

/// How a row stands: the standing of its item, or that it is a draft.
pub fn standing_code(row: &Row<'_>) -> &'static str {
    match row {
        Row::Draft(_) => "draft",
        Row::Broken(_) => "broken",
        Row::Item(entry) => entry.standing.code(),
    }
}

/// One column that tells it where colours do not.
const fn glyph(standing: Option<Standing>) -> &'static str {
    match standing {
        None => "-",
        Some(Standing::Waiting) => "^",
        Some(Standing::Accepted) => "#",
        Some(Standing::Refused | Standing::Parked | Standing::Conflict) => "!",
    }
}

/// The title, or where there is none the first `n` characters of the text, in one line.
fn first_words(title: &str, text: &str, n: usize) -> String {
    let words = if title.trim().is_empty() { text } else { title };
    let line = words.trim().chars().take(n).map(|c| if c.is_whitespace() { ' ' } else { c });
    line.collect()
}

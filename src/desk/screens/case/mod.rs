//! One case: its fields, its timeline, and the acts that its state allows now.

pub mod told;
mod update;
mod view;

pub(in crate::desk) use update::act;
pub use update::{
    arrived, aside, begin, caller, changed, done, key, open, outcome_chosen, put_aside, refresh, waits,
};
pub use view::{fields, preview, timeline, view};

use std::cell::Cell;

use crate::desk::msg::{CaseFile, Turn};
use crate::domain::id::CaseId;
use crate::journal::outbox::{Item, ItemId};
use crate::wire::case::CallerBody;

/// The case screen.
#[derive(Debug, Default)]
pub struct CaseScreen {
    /// Which case is asked for.
    pub id: Option<CaseId>,
    /// The last question.
    pub turn: Turn,
    /// What came of it.
    pub file: Option<CaseFile>,
    /// Who called, once it was asked for on the record.
    pub caller: Option<CallerBody>,
    /// Rows scrolled down.
    pub scroll: usize,
    /// The most that can be scrolled: learnt by drawing, a memo.
    pub scroll_end: Cell<usize>,
    /// Rows a page: learnt by drawing, a memo.
    pub page: Cell<usize>,
    /// Acts of this person on it that were not done, and wait for them.
    pub aside: Vec<Item>,
    /// The act that is under way.
    pub acting: Option<ItemId>,
}

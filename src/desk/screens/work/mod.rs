//! 我的工单: what I took, what is open, what came back.

mod update;
mod view;

pub use update::{arrived, changed, key, refresh};
pub use view::view;

use crate::desk::msg::Turn;
use crate::desk::widgets::list::ListState;
use crate::domain::code::code_enum;
use crate::wire::case::CaseRow;
use crate::wire::search::Work;

code_enum! {
    /// The lists.
    WorkTab = "work_tab" {
        /// What I took today.
        Taken = "taken",
        /// What is not finished.
        Open = "open",
        /// What came back.
        Returned = "returned",
    }
}

/// The screen of one's own work.
#[derive(Debug)]
pub struct WorkScreen {
    /// The list in front.
    pub tab: WorkTab,
    /// The last question.
    pub turn: Turn,
    /// Whether its answer has not come.
    waiting: bool,
    /// Whether a case has changed since it was asked.
    stale: bool,
    /// What came of it.
    pub work: Option<Work>,
    /// The selected row.
    pub list: ListState,
}

impl WorkScreen {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self {
            tab: WorkTab::Open,
            turn: Turn::default(),
            waiting: false,
            stale: false,
            work: None,
            list: ListState::default(),
        }
    }

    /// The rows of a list.
    pub fn rows(&self, tab: WorkTab) -> &[CaseRow] {
        self.work.as_ref().map_or(&[], |work| match tab {
            WorkTab::Taken => &work.taken,
            WorkTab::Open => &work.open,
            WorkTab::Returned => &work.returned,
        })
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&CaseRow> {
        self.rows(self.tab).get(self.list.selected())
    }
}

//! Beside the form: what this number called about before, and earlier cases like the one being typed.

use jiff::Timestamp;

use crate::desk::msg::Turn;
use crate::desk::widgets::list::ListState;
use crate::wire::case::CaseRow;
use crate::wire::search::{CallerHistory, LikeCases};

/// The panel and which of its lists has the keys.
#[derive(Debug, Default)]
pub struct Side {
    /// The last question for the caller's history.
    pub history_turn: Turn,
    /// Which number was asked for.
    pub history_of: Option<String>,
    /// What came of it.
    pub history: Option<CallerHistory>,
    /// The last question for like cases.
    pub like_turn: Turn,
    /// When the next question for them is asked: when the typing has paused.
    pub like_at: Option<Timestamp>,
    /// What came of it.
    pub like: Option<LikeCases>,
    /// The selected row while the panel has the keys.
    list: Option<ListState>,
}

impl Side {
    /// Whether the panel has the keys.
    pub fn has_keys(&self) -> bool {
        self.list.is_some()
    }

    /// Gives the keys to the panel with its `n` rows, or back to the form; an empty panel takes none.
    pub fn toggle(&mut self, n: usize) {
        self.list = if self.list.is_none() && n > 0 { Some(ListState::default()) } else { None };
    }

    /// Gives the keys to the panel, with this row selected.
    pub fn select(&mut self, row: usize) {
        self.list.get_or_insert_default().select(row);
    }

    /// Gives the keys back to the form.
    pub fn leave(&mut self) {
        self.list = None;
    }

    /// The list's selection, to move.
    pub fn list_mut(&mut self) -> Option<&mut ListState> {
        self.list.as_mut()
    }

    /// The selected row while the panel has the keys: cases first, then articles.
    pub(super) fn selected_at(&self) -> Option<usize> {
        self.list.as_ref().map(ListState::selected)
    }

    /// How many earlier cases there are in both lists.
    pub(super) fn cases(&self) -> usize {
        self.history_rows().len() + self.like_rows().count()
    }

    /// The case at a place among history and like cases together.
    pub(super) fn case_at(&self, at: usize) -> Option<&CaseRow> {
        self.history_rows().iter().chain(self.like_rows()).nth(at)
    }

    /// The caller's earlier cases.
    pub fn history_rows(&self) -> &[CaseRow] {
        self.history.as_ref().map_or(&[], |history| &history.cases)
    }

    /// Earlier cases like the one being typed.
    pub fn like_rows(&self) -> impl Iterator<Item = &CaseRow> {
        self.like.iter().flat_map(|like| like.cases.iter().map(|case| &case.row))
    }
}

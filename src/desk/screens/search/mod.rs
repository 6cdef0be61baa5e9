//! 查询: the query line, the hits newest first, and a preview of the one selected.

mod complete;
mod update;
mod view;

pub use update::{found, key, next_order, paste, refresh, search_for, select};
pub use view::{status, view};

use crate::desk::msg::Turn;
use crate::desk::widgets::field::Field;
use crate::desk::widgets::list::ListState;
use crate::wire::case::CaseRow;
use crate::wire::search::{CaseHit, SearchOrder, Total};

/// The longest query, in characters.
pub const QUERY_LIMIT: usize = 200;

/// The search screen.
#[derive(Debug)]
pub struct SearchScreen {
    /// The query.
    pub query: Field,
    /// Whether letters go into the query; otherwise they are commands.
    pub in_query: bool,
    /// The query that `hits` answer.
    pub asked: String,
    /// The last question.
    pub turn: Turn,
    /// Whether only what this person has here was searched.
    pub own: bool,
    /// Whether its answer has not come.
    pub waiting: bool,
    /// Whether the first hit is opened when the answer comes: Enter was pressed before it did.
    pub open_first: bool,
    /// What was found so far.
    pub hits: Vec<CaseHit>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// In which order they are listed.
    pub order: SearchOrder,
    /// How many there are, where that was counted.
    pub total: Option<Total>,
    /// Words that were taken literally.
    pub literal: Vec<String>,
    /// The selected hit.
    pub list: ListState,
}

impl SearchScreen {
    /// Nothing searched.
    pub fn new() -> Self {
        Self {
            query: Field::new(QUERY_LIMIT),
            in_query: true,
            asked: String::new(),
            turn: Turn::default(),
            own: false,
            waiting: false,
            open_first: false,
            hits: Vec::new(),
            next: None,
            order: SearchOrder::Newest,
            total: None,
            literal: Vec::new(),
            list: ListState::default(),
        }
    }

    /// The selected hit.
    pub fn selected(&self) -> Option<&CaseRow> {
        self.hits.get(self.list.selected()).map(|hit| &hit.row)
    }

    /// Whether letters go into the query.
    pub fn is_typing(&self) -> bool {
        self.in_query
    }
}

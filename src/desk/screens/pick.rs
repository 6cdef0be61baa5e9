//! A field that picks one code of many: typing narrows the candidates, Enter or Tab takes the one marked. A blank, or
//! Down in an empty field, lists what this person uses most.

use std::str::FromStr;

use crate::desk::keymap::{Control, Press};
use crate::desk::widgets::edit::{Edit, Outcome};
use crate::desk::widgets::field::Field;
use crate::desk::widgets::list::ListState;
use crate::desk::widgets::table::Table;

/// The most candidates that are looked for at once.
const CANDIDATES: usize = 50;

/// The field: what is typed, what it may mean, and what is chosen.
#[derive(Debug)]
pub struct Pick<C> {
    query: Field,
    chosen: Option<C>,
    candidates: Vec<usize>,
    list: ListState,
}

impl<C: FromStr + Clone> Pick<C> {
    /// Nothing chosen.
    pub fn new() -> Self {
        Self { query: Field::new(60), chosen: None, candidates: Vec::new(), list: ListState::default() }
    }

    /// The code chosen.
    pub fn chosen(&self) -> Option<&C> {
        self.chosen.as_ref()
    }

    /// What is typed and not yet taken.
    pub fn query(&self) -> &Field {
        &self.query
    }

    /// The places of the candidates in the table, and the one marked.
    pub fn candidates(&self) -> (&[usize], &ListState) {
        (&self.candidates, &self.list)
    }

    /// The marked candidate by its place, and how many there are.
    pub fn listed(&self) -> (usize, usize) {
        (self.list.selected(), self.candidates.len())
    }

    /// Whether something is typed that has not been taken.
    pub fn is_unsettled(&self) -> bool {
        !self.query.is_empty()
    }

    /// Whether Esc has something to close: a query, or the list.
    pub fn is_open(&self) -> bool {
        self.is_unsettled() || !self.candidates.is_empty()
    }

    /// Sets what is chosen.
    pub fn choose(&mut self, code: Option<C>) {
        self.chosen = code;
        self.close();
    }

    /// Sets what was typed and not taken; the candidates come with the next key.
    pub fn type_again(&mut self, query: &str) {
        self.query.set(query);
    }

    /// Gives what is chosen away, for fields that collect.
    pub fn take(&mut self) -> Option<C> {
        self.close();
        self.chosen.take()
    }

    /// Forgets what is typed, and closes the list.
    pub fn close(&mut self) {
        self.query.clear();
        self.candidates.clear();
        self.list = ListState::default();
    }

    /// Handles a key. Idle keys are the screen's: a key that takes the candidate and moves in the form does both.
    /// `used` are the places in the table of what this person uses, the most used first.
    pub fn key(&mut self, press: &Press, table: &Table, used: &[usize]) -> Outcome {
        if press.is(Control::Take) && !self.candidates.is_empty() {
            let marked = self.candidates.get(self.list.selected());
            let code = marked.and_then(|at| table.entries()[*at].code.parse().ok());
            self.choose(code);
            let moves = [Control::GoOn, Control::NextField, Control::PreviousField];
            return if moves.iter().any(|control| press.is(*control)) {
                Outcome::Idle
            } else {
                Outcome::Edited
            };
        }
        if press.is(Control::Cancel) && self.is_open() {
            self.close();
            return Outcome::Moved;
        }
        if press.is(Control::ListAll) && self.query.is_empty() {
            return self.list_all(table, used);
        }
        match press.edit() {
            Some(edit @ (Edit::Up | Edit::Down | Edit::PageUp | Edit::PageDown))
                if !self.candidates.is_empty() =>
            {
                let _ = self.list.apply(&edit, self.candidates.len());
                Outcome::Moved
            }
            Some(Edit::Backspace | Edit::Delete) if self.query.is_empty() && self.chosen.is_some() => {
                self.chosen = None;
                Outcome::Edited
            }
            Some(Edit::Down) if self.query.is_empty() && self.chosen.is_none() => self.list_all(table, used),
            Some(edit) => {
                let outcome = self.query.apply(&edit);
                if outcome.edited() {
                    self.narrow(table, used);
                }
                outcome
            }
            None => Outcome::Idle,
        }
    }

    /// Takes pasted text as if it were typed; how many characters did not fit.
    pub fn paste(&mut self, text: &str, table: &Table, used: &[usize]) -> usize {
        let refused = self.query.paste(text);
        self.narrow(table, used);
        refused
    }

    fn list_all(&mut self, table: &Table, used: &[usize]) -> Outcome {
        self.candidates = table.matches_by_use("", CANDIDATES, used).into_iter().map(|at| at.index).collect();
        self.list = ListState::default();
        Outcome::Moved
    }

    fn narrow(&mut self, table: &Table, used: &[usize]) {
        self.list = ListState::default();
        self.candidates = match self.query.text().trim() {
            "" => Vec::new(),
            typed => {
                let found = table.matches_by_use(typed, CANDIDATES, used);
                found.into_iter().map(|found| found.index).collect()
            }
        };
    }
}

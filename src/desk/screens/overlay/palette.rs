//! The palette: every action of the screen by its name, in characters, pinyin, initials or English.

use crate::desk::action::{self, Action};
use crate::desk::model::Model;
use crate::desk::widgets::field::Field;
use crate::desk::widgets::list::ListState;
use crate::desk::widgets::table::{Entry, Table};

/// The palette.
#[derive(Debug)]
pub struct Palette {
    /// What is typed.
    pub query: Field,
    /// The actions that fit, best first.
    pub found: Vec<Action>,
    /// The marked one.
    pub list: ListState,
    table: Table,
    actions: Vec<Action>,
}

impl Palette {
    /// All actions of the screen in front.
    pub fn of(model: &Model) -> Self {
        let rows = action::TABLE.iter().filter(|row| row.belongs_to(model.screen));
        let actions: Vec<_> =
            rows.map(|row| row.action).filter(|action| *action != Action::Palette).collect();
        let entries = actions.iter().map(|action| Entry {
            code: action.code().to_owned(),
            name: action::name(*action, model),
            extra: vec![action.code().replace('_', " ")],
            ..Entry::default()
        });
        let table = Table::new(entries.collect());
        Self { query: Field::new(60), found: actions.clone(), list: ListState::default(), table, actions }
    }

    /// Looks again after the query has changed.
    pub fn narrow(&mut self) {
        self.list = ListState::default();
        self.found = match self.query.text().trim() {
            "" => self.actions.clone(),
            typed => {
                let found = self.table.matches(typed, self.actions.len());
                found.into_iter().map(|found| self.actions[found.index]).collect()
            }
        };
    }

    /// The marked action.
    pub fn marked(&self) -> Option<Action> {
        self.found.get(self.list.selected()).copied()
    }
}

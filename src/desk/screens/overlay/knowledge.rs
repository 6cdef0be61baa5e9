//! The knowledge base: articles by characters, pinyin or initials, the marked one in full beside the list.

use std::cell::Cell;
use std::sync::Arc;

use super::Overlay;
use crate::desk::effects::Effect;
use crate::desk::keymap::{Control, Press};
use crate::desk::model::Model;
use crate::desk::screens::intake;
use crate::desk::widgets::edit::Edit;
use crate::desk::widgets::field::Field;
use crate::desk::widgets::list::ListState;
use crate::desk::widgets::table::Table;

/// The knowledge base as it is looked through.
#[derive(Debug)]
pub struct Knowledge {
    /// What is typed.
    pub query: Field,
    /// The articles that fit, best first, by their places in the profile.
    pub found: Vec<usize>,
    /// The marked one.
    pub list: ListState,
    /// Rows of the article scrolled down.
    pub scroll: usize,
    /// The most that can be scrolled: learnt by drawing, a memo.
    pub scroll_end: Cell<usize>,
    /// Rows of the article in sight: learnt by drawing, a memo.
    pub page: Cell<usize>,
    /// All, those that the text of the draft speaks for first.
    all: Vec<usize>,
    table: Arc<Table>,
}

impl Knowledge {
    /// All articles, those first that the draft in front speaks for; nothing where the city has none.
    pub fn of(model: &Model) -> Option<Self> {
        let table = Arc::clone(&model.city.as_ref()?.knowledge);
        let mut all: Vec<_> = model.intake.current().suggested.articles.iter().map(|one| one.code).collect();
        let others: Vec<_> = (0..table.entries().len()).filter(|at| !all.contains(at)).collect();
        all.extend(others);
        Some(Self {
            query: Field::new(60),
            found: all.clone(),
            list: ListState::default(),
            scroll: 0,
            scroll_end: Cell::new(0),
            page: Cell::new(0),
            all,
            table,
        })
    }

    /// The marked article.
    pub fn marked(&self) -> Option<usize> {
        self.found.get(self.list.selected()).copied()
    }

    /// Looks again after the query has changed.
    pub fn narrow(&mut self) {
        self.list = ListState::default();
        self.scroll = 0;
        self.found = match self.query.text().trim() {
            "" => self.all.clone(),
            typed => self.table.matches(typed, self.all.len()).into_iter().map(|found| found.index).collect(),
        };
    }

    fn key(&mut self, press: &Press) {
        let Some(edit) = press.edit() else { return };
        let page = self.page.get().max(2) - 1;
        match edit {
            Edit::PageDown => self.scroll = (self.scroll + page).min(self.scroll_end.get()),
            Edit::PageUp => self.scroll = self.scroll.saturating_sub(page),
            Edit::Up | Edit::Down => {
                let _ = self.list.apply(&edit, self.found.len());
                self.scroll = 0;
            }
            edit => {
                if self.query.apply(&edit).edited() {
                    self.narrow();
                }
            }
        }
    }
}

/// Opens the knowledge base at an article.
pub fn read_article(model: &mut Model, at: usize) -> Vec<Effect> {
    if let Some(mut knowledge) = Knowledge::of(model) {
        knowledge.list.select(knowledge.found.iter().position(|found| *found == at).unwrap_or(0));
        model.lay(Overlay::Knowledge(Box::new(knowledge)));
    }
    Vec::new()
}

/// Handles a key: Enter answers with the marked article, the others look for another.
pub(super) fn key(model: &mut Model, mut knowledge: Box<Knowledge>, press: &Press) -> Vec<Effect> {
    if press.is(Control::Accept) {
        model.uncover();
        return knowledge.marked().map(|at| intake::take_article(model, at)).unwrap_or_default();
    }
    knowledge.key(press);
    model.overlay = Some(Overlay::Knowledge(knowledge));
    Vec::new()
}

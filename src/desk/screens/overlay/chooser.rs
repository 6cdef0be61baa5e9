//! Choosing a ready text or a tag for the field in focus: by name in characters, pinyin or initials, by code or word.
//!
//! With nothing typed the list begins with what the text speaks for, then what this person uses, so that Enter alone
//! is mostly right.

use crate::desk::model::Model;
use crate::desk::screens::intake::FieldId;
use crate::desk::uses::Shelf;
use crate::desk::widgets::field::Field;
use crate::desk::widgets::list::ListState;
use crate::desk::widgets::table::{Entry, Table};
use crate::domain::catalogue::TemplateUse;

/// The most that are listed.
const LISTED: usize = 50;

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choosing {
    /// A template, to be put in at the caret.
    Template(TemplateUse),
    /// A tag, to be added.
    Tag,
}

/// The list.
#[derive(Debug)]
pub struct Chooser {
    /// What it is for.
    pub choosing: Choosing,
    /// What is typed.
    pub query: Field,
    /// The entries that fit, best first.
    pub found: Vec<usize>,
    /// The marked one.
    pub list: ListState,
    table: Table,
    /// What comes first among what fits as well.
    first: Vec<usize>,
}

impl Choosing {
    /// What can be chosen for a field of the form.
    pub fn of(field: FieldId) -> Option<Self> {
        Some(Self::Template(match field {
            FieldId::Text => TemplateUse::Text,
            FieldId::Opinion => TemplateUse::Opinion,
            FieldId::Answer => TemplateUse::Answer,
            FieldId::Tags => return Some(Self::Tag),
            _ => return None,
        }))
    }
}

impl Chooser {
    /// The list for the field in focus of the form; `None` for a field that has none, or before the city is known.
    pub fn of(model: &Model) -> Option<Self> {
        let (draft, city) = (model.intake.current(), model.city.as_deref()?);
        let choosing = Choosing::of(draft.form.focus)?;
        let (entries, shelf): (Vec<Entry>, Shelf) = match choosing {
            Choosing::Template(purpose) => {
                let fit = city.body.templates.iter().filter(|template| template.purpose == purpose);
                let entry = |template: &crate::domain::catalogue::Template| Entry {
                    code: template.code.clone(),
                    name: template.name.clone(),
                    extra: template.keywords.clone(),
                    path: template.body.clone(),
                };
                (fit.map(entry).collect(), Shelf::Template)
            }
            Choosing::Tag => {
                let tag =
                    |tag: &str| Entry { code: tag.to_owned(), name: tag.to_owned(), ..Entry::default() };
                (model.uses.codes(Shelf::Tag).into_iter().map(tag).collect(), Shelf::Tag)
            }
        };
        let table = Table::new(entries);
        let suggested = draft.suggested.templates.iter().filter_map(|template| table.find(&template.code));
        let mut first: Vec<usize> = suggested.collect();
        for place in model.uses.places_in(shelf, &table) {
            if !first.contains(&place) {
                first.push(place);
            }
        }
        let mut chooser = Self {
            choosing,
            query: Field::new(60),
            found: Vec::new(),
            list: ListState::default(),
            table,
            first,
        };
        chooser.narrow();
        Some(chooser)
    }

    /// Looks again after the query has changed.
    pub fn narrow(&mut self) {
        self.list = ListState::default();
        let found = self.table.matches_by_use(self.query.text().trim(), LISTED, &self.first);
        self.found = found.into_iter().map(|found| found.index).collect();
    }

    /// An entry that fits.
    pub fn entry(&self, at: usize) -> &Entry {
        &self.table.entries()[self.found[at]]
    }

    /// The code of the marked one.
    pub fn marked(&self) -> Option<&str> {
        let at = *self.found.get(self.list.selected())?;
        Some(&self.table.entries()[at].code)
    }
}

//! Choosing a ready text or a tag for the field in focus, a saved search or a hot topic: by name in characters, pinyin or
//! initials, by code or word.
//!
//! With nothing typed the list begins with what the text speaks for, then what this person uses, so that Enter alone
//! is mostly right.

use std::ops::Range;

use super::{DispatchField, Overlay};
use crate::desk::model::{Model, Screen};
use crate::desk::screens::intake::FieldId;
use crate::desk::uses::Shelf;
use crate::desk::widgets::field::Field;
use crate::desk::widgets::list::ListState;
use crate::desk::widgets::table::{Entry, Table};
use crate::domain::act::Verb;
use crate::domain::catalogue::TemplateUse;
use crate::i18n::name_of;

/// The most that are listed.
const LISTED: usize = 50;

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choosing {
    /// A template, to be put in at the caret.
    Template(TemplateUse),
    /// A tag, to be added.
    Tag,
    /// A text of the person's own, to be put in at the caret.
    Snippet,
    /// A search that was kept, to be run.
    SavedSearch,
    /// A hot topic, whose cases are searched for.
    Topic,
    /// What the caller said when they were asked whether it was solved.
    Outcome,
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
    /// The bytes of the text that it comes in the place of; the selection if none.
    pub over: Option<Range<usize>>,
    table: Table,
    /// What comes first among what fits as well.
    first: Vec<usize>,
}

impl Choosing {
    /// What the list is called.
    pub fn title(self) -> String {
        match self {
            Self::Template(purpose) => name_of("template_use", purpose.code()),
            Self::Tag => name_of("field", "tags"),
            Self::Snippet => rust_i18n::t!("snippet.title").into_owned(),
            Self::SavedSearch => name_of("action", "saved_searches"),
            Self::Topic => name_of("action", "hot_topics"),
            Self::Outcome => name_of("action", "follow_up"),
        }
    }

    /// Whether a digit takes the entry of its place at once, as long as nothing is typed.
    pub fn has_digits(self) -> bool {
        matches!(self, Self::SavedSearch | Self::Outcome)
    }

    /// Whether what is chosen goes into a text or a field.
    pub fn is_put_in(self) -> bool {
        matches!(self, Self::Template(_) | Self::Tag | Self::Snippet)
    }

    /// What stands in the place of a list of none, where nothing was typed to narrow it.
    pub fn none(self, model: &Model) -> String {
        match self {
            Self::SavedSearch => rust_i18n::t!("saved.none"),
            Self::Topic if model.hot.topics.is_none() => rust_i18n::t!("search.waiting"),
            Self::Topic => rust_i18n::t!("hot.none"),
            _ => rust_i18n::t!("desk.no_candidate"),
        }
        .into_owned()
    }

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

    /// What the templates must be for that go into the text that is being written.
    pub(in crate::desk) fn template_for(model: &Model) -> Option<TemplateUse> {
        match &model.overlay {
            Some(Overlay::Prompt(prompt)) => (prompt.verb == Verb::Answer).then_some(TemplateUse::Answer),
            Some(Overlay::Dispatch(dialog)) => {
                (dialog.focus == DispatchField::Opinion).then_some(TemplateUse::Opinion)
            }
            None if model.screen == Screen::Intake => match Self::of(model.intake.current().form.focus) {
                Some(Self::Template(purpose)) => Some(purpose),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The templates of the city for this purpose.
pub(in crate::desk) fn templates_for(model: &Model, purpose: TemplateUse) -> Vec<Entry> {
    let all = model.city.as_deref().map(|city| &city.body.templates).into_iter().flatten();
    all.filter(|template| template.purpose == purpose)
        .map(|template| Entry {
            code: template.code.clone(),
            name: template.name.clone(),
            extra: template.keywords.clone(),
            path: template.body.clone(),
        })
        .collect()
}

impl Chooser {
    /// The list for the field in focus of the form; `None` for a field that has none, or before the city is known.
    pub fn of(model: &Model) -> Option<Self> {
        let draft = model.intake.current();
        model.city.as_ref()?;
        let choosing = Choosing::of(draft.form.focus)?;
        let (entries, shelf): (Vec<Entry>, Shelf) = if let Choosing::Template(purpose) = choosing {
            (templates_for(model, purpose), Shelf::Template)
        } else {
            let tag = |tag: &str| Entry { code: tag.to_owned(), name: tag.to_owned(), ..Entry::default() };
            (model.uses.codes(Shelf::Tag).into_iter().map(tag).collect(), Shelf::Tag)
        };
        let table = Table::new(entries);
        let suggested = draft.suggested.templates.iter().filter_map(|template| table.find(&template.code));
        let mut first: Vec<usize> = suggested.collect();
        for place in model.uses.places_in(shelf, &table) {
            if !first.contains(&place) {
                first.push(place);
            }
        }
        Some(Self::new(choosing, table, first, None))
    }

    /// The list of what a word before the caret may stand for; the chosen one comes in its place.
    pub(in crate::desk) fn offering(choosing: Choosing, entries: Vec<Entry>, over: Range<usize>) -> Self {
        Self::new(choosing, Table::new(entries), Vec::new(), Some(over))
    }

    /// A list that stands for itself, in this order.
    pub(in crate::desk) fn listing(choosing: Choosing, entries: Vec<Entry>) -> Self {
        Self::new(choosing, Table::new(entries), Vec::new(), None)
    }

    /// Lists these from now on; what is typed and what is marked stay.
    pub(in crate::desk) fn relist(&mut self, entries: Vec<Entry>) {
        let marked = self.marked().map(|entry| entry.code.clone());
        self.table = Table::new(entries);
        self.narrow();
        let at = marked
            .and_then(|code| self.found.iter().position(|found| self.table.entries()[*found].code == code));
        self.list.select(at.unwrap_or(0));
    }

    fn new(choosing: Choosing, table: Table, first: Vec<usize>, over: Option<Range<usize>>) -> Self {
        let (query, list) = (Field::new(60), ListState::default());
        let mut chooser = Self { choosing, query, found: Vec::new(), list, over, table, first };
        chooser.narrow();
        chooser
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

    /// The marked one.
    pub fn marked(&self) -> Option<&Entry> {
        let at = *self.found.get(self.list.selected())?;
        Some(&self.table.entries()[at])
    }
}

//! Saved searches: queries that a person keeps under a name, to run them by a key.
//!
//! A query may hold a caller's number, so they are kept sealed by the journal as drafts are, and nowhere else. The list
//! is a chooser: typing narrows it, Enter runs what is marked, a digit runs the search of that place at once.

use serde::{Deserialize, Serialize};

use super::effects::Effect;
use super::model::{Model, Severity};
use super::screens::overlay::{Chooser, Choosing, Overlay};
use super::screens::search::{self, QUERY_LIMIT};
use super::widgets::table::Entry;
use crate::domain::account::AccountName;
use crate::domain::secret::Secret;

/// The most that are kept.
const MOST: usize = 50;
/// The longest name, in characters.
const LONGEST_NAME: usize = 40;

/// One of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// What it is called.
    pub name: String,
    /// What is searched for.
    pub query: String,
}

/// All of a person, the one kept last first. Its `Debug` tells none: people search for names and numbers.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearches(Vec<SavedSearch>);

impl std::fmt::Debug for SavedSearches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SavedSearches({})", self.0.len())
    }
}

impl SavedSearches {
    /// Reads what [`SavedSearches::to_text`] wrote; anything else is none at all.
    pub fn of_text(text: &str) -> Self {
        let mut read: Self = serde_json::from_str(text).unwrap_or_default();
        read.0.retain(|saved| !saved.query.is_empty() && saved.query.chars().nth(QUERY_LIMIT).is_none());
        read.0.truncate(MOST);
        read
    }

    /// To be kept.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// All of them, the one kept last first.
    pub fn all(&self) -> &[SavedSearch] {
        &self.0
    }

    /// Keeps a query under a name, in the place of what had that name; false where there are too many.
    fn keep(&mut self, name: &str, query: &str) -> bool {
        let saved = SavedSearch { name: name.to_owned(), query: query.to_owned() };
        let there = self.0.iter().position(|known| known.name == saved.name);
        if there.is_none() && self.0.len() >= MOST {
            return false;
        }
        match there {
            Some(at) => self.0[at] = saved,
            None => self.0.insert(0, saved),
        }
        true
    }

    fn forget(&mut self, query: &str) -> Option<SavedSearch> {
        let at = self.0.iter().position(|saved| saved.query == query)?;
        Some(self.0.remove(at))
    }

    fn entries(&self) -> Vec<Entry> {
        let entry = |(at, saved): (usize, &SavedSearch)| Entry {
            code: at.to_string(),
            name: saved.name.clone(),
            extra: Vec::new(),
            path: if saved.name == saved.query { String::new() } else { saved.query.clone() },
        };
        self.0.iter().enumerate().map(entry).collect()
    }
}

/// What this person has kept here came from the journal.
pub(super) fn arrived(model: &mut Model, name: &AccountName, saved: SavedSearches) {
    if model.session.as_ref().is_some_and(|session| session.account.name == *name) {
        model.saved = saved;
    }
}

/// Opens the list.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let list = Chooser::listing(Choosing::SavedSearch, model.saved.entries());
    model.lay(Overlay::Chooser(Box::new(list)));
    Vec::new()
}

/// Runs the one that was chosen.
pub(super) fn take(model: &mut Model, code: &str) -> Vec<Effect> {
    let query =
        code.parse().ok().and_then(|at: usize| model.saved.0.get(at)).map(|saved| saved.query.clone());
    query.map(|query| search::search_for(model, &query)).unwrap_or_default()
}

/// Keeps the query of the search screen under what is typed, or under itself.
pub(super) fn keep(model: &mut Model, typed: &str) -> Vec<Effect> {
    let query = model.search.query.text().trim().to_owned();
    if query.is_empty() {
        model.say(Severity::Error, rust_i18n::t!("saved.nothing").into_owned());
        return Vec::new();
    }
    let name = if typed.trim().is_empty() { query.as_str() } else { typed.trim() };
    let name: String = name.chars().take(LONGEST_NAME).collect();
    if !model.saved.keep(&name, &query) {
        model.say(Severity::Error, rust_i18n::t!("saved.too_many", n = MOST).into_owned());
        return Vec::new();
    }
    model.say(Severity::Info, rust_i18n::t!("saved.kept", name = name).into_owned());
    kept(model)
}

/// Whether the query of the search screen is one of them.
pub(super) fn is_saved(model: &Model) -> bool {
    let query = model.search.query.text().trim();
    model.saved.0.iter().any(|saved| saved.query == query)
}

/// Forgets the one whose query stands on the search screen. It still stands there, so that it can be kept again.
pub(super) fn forget(model: &mut Model) -> Vec<Effect> {
    let query = model.search.query.text().trim().to_owned();
    let Some(gone) = model.saved.forget(&query) else { return Vec::new() };
    model.say(Severity::Info, rust_i18n::t!("saved.forgotten", name = gone.name).into_owned());
    kept(model)
}

fn kept(model: &Model) -> Vec<Effect> {
    vec![Effect::KeepSaved(Secret::new(model.saved.to_text()))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once_and_what_cannot_be_read_is_none() {
        let mut saved = SavedSearches::default();
        assert!(
            saved.keep("停水", "停水 状态:办理中")
                && saved.keep("夜间", "夜间施工")
                && saved.keep("停水", "停水 自:昨天")
        );
        let told: Vec<_> = saved.all().iter().map(|one| (one.name.as_str(), one.query.as_str())).collect();
        assert_eq!(told, [("夜间", "夜间施工"), ("停水", "停水 自:昨天")]);
        assert_eq!(SavedSearches::of_text(&saved.to_text()), saved);
        for damaged in ["", "{}", "[1]", "[{\"name\":\"a\"}]"] {
            assert!(SavedSearches::of_text(damaged).all().is_empty(), "{damaged}");
        }
        assert!((2..MOST).all(|n| saved.keep(&n.to_string(), "a")));
        assert!(!saved.keep("one more", "a") && saved.keep("停水", "a"));
        assert!(saved.forget("夜间施工").is_some() && saved.forget("夜间施工").is_none());
        assert_eq!(format!("{saved:?}"), format!("SavedSearches({})", MOST - 1));
    }
}

//! What was submitted here, as the list shows it: the few words of each item, and none of the rest.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::act::Verb;
use crate::domain::id::CaseId;
use crate::domain::number::CaseNumber;
use crate::journal::outbox::{Item, ItemId, Outbox, Standing};
use crate::wire::problem::Problem;

/// Characters that are kept of a title or a text.
const WORDS: usize = 80;

/// One item. `Debug` says nothing of what was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub id: ItemId,
    /// The case it belongs to.
    pub case: CaseId,
    /// How it stands.
    pub standing: Standing,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// The number of the case, where the desk knows it.
    pub number: Option<CaseNumber>,
    /// What is asked for; none files the case.
    pub verb: Option<Verb>,
    /// The title, or the first words.
    pub words: String,
    /// What the server said against it last.
    pub problem: Option<Problem>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry")
            .field("id", &self.id)
            .field("standing", &self.standing)
            .finish_non_exhaustive()
    }
}

impl Entry {
    /// Whether it was a draft and becomes one again when it is refused: a case, or changes to one.
    pub fn is_typed_on(&self) -> bool {
        matches!(self.verb, None | Some(Verb::Amend))
    }
}

impl From<&Item> for Entry {
    fn from(item: &Item) -> Self {
        let parcel = &item.parcel;
        let confirmed = parcel.confirmed.as_ref().map(|confirmed| confirmed.number.clone());
        Self {
            id: item.id,
            case: item.case,
            standing: item.standing,
            submitted_at: item.submitted_at,
            number: confirmed.or_else(|| parcel.number.clone()),
            verb: parcel.verb,
            words: words(item),
            problem: parcel.problem.clone(),
        }
    }
}

/// The title of a case, or what an act says.
fn words(item: &Item) -> String {
    if let Some(case) = item.case_filed() {
        return super::first_words(&case.intake.title, &case.intake.text, WORDS);
    }
    let body: serde_json::Value = serde_json::from_str(&item.parcel.body).unwrap_or_default();
    let body = body.get("changes").unwrap_or(&body);
    let said = ["text", "title", "remark", "target", "answer", "reason", "result", "reply"]
        .iter()
        .find_map(|name| body.get(name)?.as_str());
    let opinion = || body.get("order")?.get("opinion")?.as_str();
    let words = super::first_words("", said.or_else(opinion).unwrap_or_default(), WORDS);
    if !words.is_empty() || item.parcel.draft.is_empty() {
        return words;
    }
    // An amendment says what the case is about, as it was typed.
    let typed: serde_json::Value = serde_json::from_str(&item.parcel.draft).unwrap_or_default();
    let of = |name: &str| typed.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    super::first_words(of("title"), of("text"), WORDS)
}

/// Everything that was submitted here and is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// What waits for a person, in the order of submission.
    pub aside: Vec<Entry>,
    /// What waits to be sent, in that order.
    pub waiting: Vec<Entry>,
    /// What the server has, the newest first.
    pub confirmed: Vec<Entry>,
    /// How many more there are that do not open.
    pub closed: usize,
}

impl From<&Outbox> for Ledger {
    fn from(outbox: &Outbox) -> Self {
        let numbers: HashMap<_, _> = outbox
            .items
            .iter()
            .filter_map(|item| {
                let confirmed = item.parcel.confirmed.as_ref().map(|confirmed| &confirmed.number);
                Some((item.case, confirmed.or(item.parcel.number.as_ref())?))
            })
            .collect();
        let mut ledger = Self { closed: outbox.damaged + outbox.sealed, ..Self::default() };
        for item in &outbox.items {
            let mut entry = Entry::from(item);
            entry.number = entry.number.or_else(|| numbers.get(&item.case).map(|number| (*number).clone()));
            ledger.shelf(item.standing).push(entry);
        }
        ledger.confirmed.reverse();
        ledger
    }
}

impl Ledger {
    fn shelf(&mut self, standing: Standing) -> &mut Vec<Entry> {
        match standing {
            Standing::Waiting => &mut self.waiting,
            Standing::Accepted => &mut self.confirmed,
            Standing::Refused | Standing::Parked | Standing::Conflict => &mut self.aside,
        }
    }

    /// Takes in how an item stands now.
    pub fn take_in(&mut self, item: &Item) {
        let before = self.take_out(item.id);
        let mut entry = Entry::from(item);
        entry.number = entry.number.or_else(|| before?.number);
        match entry.standing {
            Standing::Accepted => self.confirmed.insert(0, entry),
            standing => {
                let entries = self.shelf(standing);
                let at = entries.partition_point(|other| other.submitted_at <= entry.submitted_at);
                entries.insert(at, entry);
            }
        }
    }

    /// Forgets an item; gives it.
    pub fn take_out(&mut self, id: ItemId) -> Option<Entry> {
        [&mut self.aside, &mut self.waiting, &mut self.confirmed].into_iter().find_map(|shelf| {
            let at = shelf.iter().position(|entry| entry.id == id)?;
            Some(shelf.remove(at))
        })
    }
}

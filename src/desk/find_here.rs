//! A search without the server: of what this person typed and submitted here, by the same query, read the same way.
//!
//! A word is found by [`contains`], the rules of the index without one; names are looked up in the tables of the city.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Time;

use super::city::CityTables;
use super::hands::on_disk;
use super::own_case::{OwnCases, view_of};
use super::screens::intake::DraftRecordBody;
use super::widgets::table::Table;
use crate::domain::code::{DepartmentCode, DivisionCode, MatterCode};
use crate::domain::find::contains;
use crate::domain::normalise::normalise;
use crate::domain::query::{Filter, Flag, NumberHint, Query};
use crate::i18n::name_of;
use crate::journal::outbox::{ItemId, Standing};
use crate::wire::case::{CallerBody, CaseView};
use crate::wire::search::{CaseHit, SearchPage};

/// The most that are listed.
const MOST: usize = 500;

/// A question, with the names of the city looked up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Here {
    query: Query,
    departments: Option<BTreeSet<String>>,
    matters: Option<BTreeSet<String>>,
    divisions: Option<BTreeSet<String>>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    now: Timestamp,
}

impl Here {
    /// Reads `text`; without the tables of the city names narrow nothing down.
    pub fn read(text: &str, city: Option<&CityTables>, now: Timestamp) -> Self {
        let mut here = Self { query: Query::parse(text), now, ..Self::default() };
        let Some(city) = city else { return here };
        let start = |day: jiff::civil::Date| {
            let midnight = day.to_datetime(Time::midnight()).to_zoned_datetime(city.zone().clone());
            midnight.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
        };
        let today = city.calendar.date(now);
        for filter in &here.query.filters {
            match filter {
                Filter::Department(name) => widen(&mut here.departments, &city.departments, name),
                Filter::Matter(name) => widen(&mut here.matters, &city.matters, name),
                Filter::Place(name) => widen(&mut here.divisions, &city.divisions, name),
                Filter::Since(days) => {
                    let from = start(days.resolve(today).0);
                    here.since = Some(here.since.map_or(from, |since| since.min(from)));
                }
                Filter::Until(days) => {
                    let to = start(days.resolve(today).1);
                    here.until = Some(here.until.map_or(to, |until| until.max(to)));
                }
                _ => {}
            }
        }
        here
    }

    /// Whether a case is asked for; `caller` as it was typed.
    fn fits(&self, case: &CaseView, caller: &CallerBody) -> bool {
        let row = &case.row;
        let named = |codes: &Option<BTreeSet<String>>, code: Option<&str>| {
            codes.as_ref().is_none_or(|codes| code.is_some_and(|code| codes.contains(code)))
        };
        named(&self.departments, row.department.as_ref().map(DepartmentCode::as_str))
            && named(&self.matters, row.matter.as_ref().map(MatterCode::as_str))
            && named(&self.divisions, row.division.as_ref().map(DivisionCode::as_str))
            && self.since.is_none_or(|since| row.received_at >= since)
            && self.until.is_none_or(|until| row.received_at < until)
            && self.filters_fit(case, caller)
            && self.words_fit(case, caller)
    }

    /// Filters of one sort widen each other, what a case is narrows it down.
    fn filters_fit(&self, case: &CaseView, caller: &CallerBody) -> bool {
        let row = &case.row;
        let any = |says: &dyn Fn(&Filter) -> Option<bool>| {
            let said: Vec<_> = self.query.filters.iter().filter_map(says).collect();
            said.is_empty() || said.contains(&true)
        };
        any(&|filter| if let Filter::State(state) = filter { Some(*state == row.state) } else { None })
            && any(&|filter| if let Filter::Kind(kind) = filter { Some(*kind == row.kind) } else { None })
            && any(&|filter| {
                if let Filter::By(name) = filter { Some(name == row.taken_by.as_str()) } else { None }
            })
            && any(&|filter| {
                if let Filter::Phone(hint) = filter { Some(is_phone(hint, caller)) } else { None }
            })
            && any(&|filter| {
                if let Filter::Number(hint) = filter {
                    Some(is_number(hint, row.number.as_str()))
                } else {
                    None
                }
            })
            && self.query.filters.iter().all(|filter| match filter {
                Filter::Is(Flag::Open) => !row.state.is_finished(),
                Filter::Is(Flag::Overdue) => {
                    !row.state.is_finished() && row.due_at.is_some_and(|due| due < self.now)
                }
                // Only the server knows.
                Filter::Is(Flag::Returned | Flag::Doubtful | Flag::Late | Flag::Dissatisfied) => false,
                // All of it is one's own.
                _ => true,
            })
    }

    fn words_fit(&self, case: &CaseView, caller: &CallerBody) -> bool {
        if let Some(hint) = self.query.number_hint()
            && (is_phone(&hint, caller) || is_number(&hint, case.row.number.as_str()))
        {
            return true;
        }
        let texts =
            [&case.row.title, &case.text, &case.place_detail, &case.target, &case.remark, &case.result];
        self.query.words.iter().all(|word| {
            let mut texts = texts.into_iter().chain(&case.tags);
            texts.any(|text| contains(text, &word.text, word.exact)) != word.excluded
        })
    }
}

/// Adds the codes that `name` stands for: a whole code or name, or else any it is part of, with what belongs to it.
fn widen(codes: &mut Option<BTreeSet<String>>, table: &Table, name: &str) {
    let name = normalise(name);
    let entries = table.entries().iter();
    let parts = |entry: &crate::desk::widgets::table::Entry| {
        let mut all = vec![normalise(&entry.code), normalise(&entry.name)];
        all.extend(entry.extra.iter().map(|extra| normalise(extra)));
        all
    };
    let exact: BTreeSet<_> = entries
        .clone()
        .filter(|entry| parts(entry).contains(&name))
        .map(|entry| entry.code.clone())
        .collect();
    let found = if exact.is_empty() && !name.is_empty() {
        let part = entries.filter(|entry| parts(entry).iter().any(|part| part.contains(&name)));
        part.map(|entry| entry.code.clone()).collect()
    } else {
        exact
    };
    codes.get_or_insert_default().extend(found);
}

fn is_phone(hint: &NumberHint, caller: &CallerBody) -> bool {
    [&caller.number, &caller.contact].into_iter().flatten().any(|phone| is_number(hint, phone.as_str()))
}

fn is_number(hint: &NumberHint, digits: &str) -> bool {
    match hint {
        NumberHint::Case(number) => number.as_str() == digits,
        NumberHint::Phone(phone) => phone.as_str() == digits,
        NumberHint::Prefix(start) => digits.starts_with(start.as_str()),
        NumberHint::LastFour(end) => digits.ends_with(end.as_str()),
    }
}

impl OwnCases {
    /// What this person has here that is asked for, the newest first.
    pub(super) async fn find(self, here: Here) -> SearchPage {
        let Self { journal, who } = self;
        let Some(who) = who else { return SearchPage::default() };
        let found = on_disk(move || {
            let (drafts, outbox) = (journal.drafts()?, journal.outbox()?);
            let mut found = Vec::new();
            let mut submitted = BTreeSet::new();
            for item in outbox.items.iter().filter(|item| matches!(item.id, ItemId::Filing(_))) {
                submitted.insert(item.case);
                let caller = item.case_filed().map(|case| case.intake.caller).unwrap_or_default();
                let Some(mut case) = view_of(item, &who).filter(|case| here.fits(case, &caller)) else {
                    continue;
                };
                if item.standing != Standing::Accepted {
                    case.row.title = marked(item.standing.code(), &case.row.title);
                }
                found.push(case);
            }
            for record in drafts.records.iter().filter(|record| !submitted.contains(&record.id)) {
                let body: Option<DraftRecordBody<'_>> = serde_json::from_str(&record.body).ok();
                let Some((mut case, caller)) =
                    body.and_then(|body| body.as_case(record.id, record.updated_at, &who))
                else {
                    continue;
                };
                if here.fits(&case, &caller) {
                    case.row.title = marked("draft", &case.row.title);
                    found.push(case);
                }
            }
            Ok(found)
        });
        let mut found = found.await.unwrap_or_else(|error| {
            tracing::error!(%error, "what was submitted could not be searched");
            Vec::new()
        });
        found.sort_by_key(|case| std::cmp::Reverse((case.row.received_at, case.row.id)));
        found.truncate(MOST);
        let hits = found.into_iter().map(|case| CaseHit { excerpt: String::new(), row: case.row });
        SearchPage { cases: hits.collect(), ..SearchPage::default() }
    }
}

/// A title that says how its case stands, where the server does not have it.
fn marked(code: &str, title: &str) -> String {
    format!("[{}]{title}", name_of("item", code))
}

//! From a query to a search: names looked up in the city profile, days in its calendar, and the cursor of a page.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use sha2::{Digest, Sha256};

use super::auth::Signed;
use super::problem::Failure;
use super::token::hex;
use crate::domain::account::{AccountName, Permission};
use crate::domain::calendar::Calendar;
use crate::domain::check::{Fault, FaultCode};
use crate::domain::code::{DivisionCode, MatterCode};
use crate::domain::normalise::normalise;
use crate::domain::query::{Filter, NoteCode, NumberHint, QUERY_LIMIT, Query, WORDS_LIMIT, Word};
use crate::domain::relevance::SearchOrder;
use crate::profile::Profile;
use crate::store::search::{Scope, SearchPlan, SearchPosition};
use crate::wire::problem::ProblemCode;

/// A query ready to be looked up.
pub(crate) struct Sought {
    /// What the store looks up.
    pub(crate) plan: SearchPlan,
    /// Parts of the query that were taken as plain words although they look like filters.
    pub(crate) literal: Vec<String>,
    /// Whether it asks who called, so that the look is recorded.
    pub(crate) asks_who_called: bool,
    /// What the cursors of its pages are bound to.
    bound: String,
}

impl Sought {
    /// Reads `text` for this person; 422 for a query beyond its limits.
    pub(crate) fn read(
        text: &str,
        signed: &Signed,
        profile: &Profile,
        now: Timestamp,
        order: SearchOrder,
        limit: u32,
    ) -> Result<Self, Failure> {
        let mut query = Query::parse(text);
        let too = |code, limit: usize| {
            Failure::fields(vec![Fault { pointer: "/query".to_owned(), code, limit: Some(limit as u64) }])
        };
        match query.over_limit() {
            Some(NoteCode::TooMany) => return Err(too(FaultCode::TooMany, WORDS_LIMIT)),
            Some(_) => return Err(too(FaultCode::TooLong, QUERY_LIMIT)),
            None => {}
        }
        let taken_as_words =
            [NoteCode::UnknownValue, NoteCode::BadDate, NoteCode::BadNumber, NoteCode::ExcludedFilter];
        let literal = query.notes.iter().filter(|note| taken_as_words.contains(&note.code));
        let mut literal: Vec<String> =
            literal.filter_map(|note| text.get(note.range.clone())).map(str::to_owned).collect();

        let actor = &signed.actor;
        let scope = if actor.may(Permission::ReadCases) {
            Scope::All
        } else {
            Scope::Departments(actor.departments.clone())
        };
        let callers = actor.may(Permission::SeeCallers);
        let by_number = |filter: &Filter| matches!(filter, Filter::Phone(_));
        let asks_who_called = callers
            && (query.filters.iter().any(by_number)
                || matches!(
                    query.number_hint(),
                    Some(NumberHint::Phone(_) | NumberHint::Prefix(_) | NumberHint::LastFour(_))
                ));
        let mut named = Named::default();
        for filter in std::mem::take(&mut query.filters) {
            match named.take(&filter, profile, now) {
                Taken::Elsewhere => query.filters.push(filter),
                Taken::Here => {}
                Taken::Nobody(name) => {
                    literal.push(name.clone());
                    query.words.push(Word { text: name, exact: false, excluded: false });
                }
            }
        }
        let Named { departments, matters, divisions, takers, since, until } = named;
        let bound = format!("{} {}", actor.name, normalise(text));
        let asking = actor.name.clone();
        let plan = SearchPlan {
            query,
            departments,
            matters,
            divisions,
            takers,
            since,
            until,
            now,
            asking,
            scope,
            callers,
            order,
            limit,
            after: None,
        };
        Ok(Self { plan, literal, asks_who_called, bound })
    }

    /// Goes on where `cursor` says, if it is one of this query's and this person's.
    pub(crate) fn go_on(&mut self, cursor: &str) -> Result<(), Failure> {
        let bad = || Failure::new(ProblemCode::BadCursor);
        let (place, _) = cursor.split_once('-').ok_or_else(bad)?;
        let place = u64::from_str_radix(place, 16).map_err(|_| bad())?.cast_signed();
        if self.cursor(place.into()) != cursor {
            return Err(bad());
        }
        self.plan.after = Some(place.into());
        Ok(())
    }

    /// Where the page after `position` begins. Whoever forges one sees a page of their own search.
    pub(crate) fn cursor(&self, position: SearchPosition) -> String {
        let place = i64::from(position);
        let check = Sha256::digest(format!("{place} {}", self.bound).as_bytes());
        format!("{:016x}-{}", place.cast_unsigned(), hex(&check[..8]))
    }
}

/// What the named filters of a query come to. Those of one sort widen each other.
#[derive(Default)]
struct Named {
    departments: Option<Vec<crate::domain::code::DepartmentCode>>,
    matters: Option<Vec<MatterCode>>,
    divisions: Option<Vec<DivisionCode>>,
    takers: Option<Vec<AccountName>>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// What became of a filter.
enum Taken {
    /// It names nothing here and is the store's to read.
    Elsewhere,
    /// It was looked up.
    Here,
    /// Nothing has this name.
    Nobody(String),
}

impl Named {
    fn take(&mut self, filter: &Filter, profile: &Profile, now: Timestamp) -> Taken {
        fn add<T>(list: &mut Option<Vec<T>>, found: Vec<T>, name: &str) -> Taken {
            if found.is_empty() {
                return Taken::Nobody(name.to_owned());
            }
            list.get_or_insert_default().extend(found);
            Taken::Here
        }
        let calendar = profile.calendar();
        match filter {
            Filter::Department(name) => {
                let found = profile.resolve_department(name).into_iter().map(|d| d.code.clone()).collect();
                add(&mut self.departments, found, name)
            }
            Filter::Matter(name) => add(&mut self.matters, matters(profile, name), name),
            Filter::Place(name) => add(&mut self.divisions, divisions(profile, name), name),
            Filter::By(name) => add(&mut self.takers, name.parse().into_iter().collect(), name),
            Filter::Since(days) => {
                let from = start(days.resolve(calendar.date(now)).0, calendar);
                self.since = Some(self.since.map_or(from, |since| since.min(from)));
                Taken::Here
            }
            Filter::Until(days) => {
                let to = start(days.resolve(calendar.date(now)).1, calendar);
                self.until = Some(self.until.map_or(to, |until| until.max(to)));
                Taken::Here
            }
            _ => Taken::Elsewhere,
        }
    }
}

/// The first moment of a day in the city.
fn start(day: Date, calendar: &Calendar) -> Timestamp {
    let midnight = day.to_datetime(Time::midnight()).to_zoned_datetime(calendar.time_zone.clone());
    midnight.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// The matters of that code, and those with that name on any of their three levels, or with it in the name.
fn matters(profile: &Profile, name: &str) -> Vec<MatterCode> {
    let name = normalise(name);
    let levels = |m: &crate::domain::catalogue::Matter| {
        [normalise(&m.level1), normalise(&m.level2), normalise(&m.level3)]
    };
    let exact = profile.matters().iter().filter(|m| m.code.as_str() == name || levels(m).contains(&name));
    let exact: Vec<_> = exact.map(|m| m.code.clone()).collect();
    if !exact.is_empty() || name.is_empty() {
        return exact;
    }
    let part = profile.matters().iter().filter(|m| levels(m).iter().any(|level| level.contains(&name)));
    part.map(|m| m.code.clone()).collect()
}

/// The divisions of that code or name or with it in the name, and the streets of the districts among them.
fn divisions(profile: &Profile, name: &str) -> Vec<DivisionCode> {
    let name = normalise(name);
    let names = |d: &crate::domain::catalogue::Division| {
        std::iter::once(&d.name).chain(&d.aliases).map(|name| normalise(name)).collect::<Vec<_>>()
    };
    let all = profile.divisions();
    let mut found: BTreeSet<&DivisionCode> =
        all.iter().filter(|d| d.code.as_str() == name || names(d).contains(&name)).map(|d| &d.code).collect();
    if found.is_empty() && !name.is_empty() {
        found = all.iter().filter(|d| names(d).iter().any(|n| n.contains(&name))).map(|d| &d.code).collect();
    }
    let within = all.iter().filter(|d| d.parent.as_ref().is_some_and(|parent| found.contains(parent)));
    let within: Vec<_> = within.map(|d| &d.code).collect();
    found.extend(within);
    found.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::Actor;
    use crate::domain::code::Role;

    fn read(text: &str, role: Role) -> Result<Sought, Failure> {
        let actor = Actor { name: "lin".parse().unwrap(), role, departments: Vec::new() };
        let now = "2026-11-23T15:42:03+08:00".parse().unwrap();
        Sought::read(
            text,
            &Signed { actor, session: [0; 32] },
            Profile::demonstration(),
            now,
            SearchOrder::Newest,
            20,
        )
    }

    #[test]
    fn names_are_looked_up_and_unknown_ones_are_words() {
        let profile = Profile::demonstration();
        let (department, district) = (&profile.departments()[0], &profile.divisions()[0]);
        let sought = read(&format!("dept:{} place:{} 噪声", department.name, district.name), Role::Agent)
            .ok()
            .unwrap();
        assert_eq!(sought.plan.departments, Some(vec![department.code.clone()]));
        let streets = sought.plan.divisions.unwrap();
        assert!(streets.contains(&district.code) && streets.len() > 1, "{streets:?}");
        assert!(sought.literal.is_empty() && sought.plan.query.filters.is_empty());

        let sought = read("dept:天文台 since:2026-02-30", Role::Agent).ok().unwrap();
        assert_eq!(sought.literal, ["since:2026-02-30", "天文台"]);
        assert!(sought.plan.departments.is_none());
    }

    #[test]
    fn days_are_the_citys() {
        let sought = read("since:昨天 until:2026-11-23", Role::Agent).ok().unwrap();
        assert_eq!(sought.plan.since, "2026-11-22T00:00:00+08:00".parse().ok());
        assert_eq!(sought.plan.until, "2026-11-24T00:00:00+08:00".parse().ok());
    }

    #[test]
    fn only_those_who_may_see_callers_find_by_them() {
        assert!(read("13800138000", Role::Agent).is_ok_and(|s| s.plan.callers && s.asks_who_called));
        assert!(read("phone:8000", Role::Lead).is_ok_and(|s| s.asks_who_called));
        for role in [Role::Handler, Role::Auditor, Role::Trainer] {
            assert!(read("phone:8000", role).is_ok_and(|s| !s.plan.callers && !s.asks_who_called), "{role}");
        }
        assert!(read("路灯", Role::Handler).is_ok_and(|s| s.plan.scope == Scope::Departments(Vec::new())));
    }

    #[test]
    fn a_cursor_is_good_for_its_own_query_only() {
        let mut sought = read("路灯", Role::Agent).ok().unwrap();
        for place in [0, 7, -3, i64::MAX, i64::MIN] {
            let cursor = sought.cursor(place.into());
            assert!(sought.go_on(&cursor).is_ok());
            assert_eq!(sought.plan.after, Some(place.into()));
            assert!(read("路灯 ", Role::Agent).ok().unwrap().go_on(&cursor).is_ok(), "blanks say nothing");
            assert!(read("水管", Role::Agent).ok().unwrap().go_on(&cursor).is_err());
        }
        for forged in ["", "-", "7", "0000000000000007-0000000000000000", "zz-1", "７-1"] {
            assert!(sought.go_on(forged).is_err(), "{forged}");
        }
    }

    #[test]
    fn long_queries_are_refused() {
        for (text, limit) in [("长".repeat(201), 200), ("一 二 三 四 五 六 七 八 九".to_owned(), 8)]
        {
            let problem = read(&text, Role::Agent).err().unwrap().problem("");
            assert_eq!((problem.status, problem.errors[0].limit), (422, Some(limit)), "{text}");
        }
    }
}

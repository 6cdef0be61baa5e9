//! Finding cases by words, facts and numbers, newest first.
//!
//! A query of the domain becomes one [`Expression`] over terms, which each engine turns into its own language
//! (`sqlite/search.rs`); nothing a person types is ever syntax.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::{StoreError, Tx, cases};
use crate::domain::account::AccountName;
use crate::domain::case::Case;
use crate::domain::code::{DepartmentCode, DivisionCode, MatterCode, State};
use crate::domain::query::{Filter, Flag, NumberHint, Query, Word};
use crate::domain::relevance::{SearchOrder, relevance};
use crate::domain::terms::{FilterField, Match, filter_token};

/// What the index keeps of a case: terms with a blank between them.
#[derive(Clone, PartialEq, Eq)]
pub struct IndexEntry {
    /// The words of the case.
    pub body: String,
    /// The caller's name and numbers.
    pub caller: String,
    /// State, departments and the like, and the case number.
    pub filters: String,
}

/// Which terms a case must have.
#[derive(Clone, PartialEq, Eq)]
pub enum Expression {
    /// These terms one after the other; the last may be only the beginning of one.
    Phrase {
        /// At least one.
        terms: Vec<String>,
        /// Whether the last is a beginning.
        prefix: bool,
    },
    /// All of them; at least one.
    All(Vec<Expression>),
    /// One of them; at least one.
    Any(Vec<Expression>),
    /// The first, and not the second.
    Without(Box<[Expression; 2]>),
}

/// A walk through the index, newest first.
#[derive(Clone)]
pub struct Lookup {
    /// What is looked for; absent for every case.
    pub expression: Option<Expression>,
    /// Whether the caller's name and numbers may be looked at.
    pub callers: bool,
    /// Only keys below this one.
    pub below: i64,
    /// Only cases received then or later, in milliseconds.
    pub since: Option<i64>,
    /// Only cases received before, in milliseconds.
    pub until: Option<i64>,
    /// Only cases that are due before, in milliseconds.
    pub due_before: Option<i64>,
    /// The most keys.
    pub limit: u32,
}

/// Which part of which number a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberPart {
    /// A caller's number from its beginning.
    Phone,
    /// Its last four digits.
    PhoneEnd,
    /// A case number from its beginning.
    Case,
    /// Its last four digits.
    CaseEnd,
}

// The tokens below follow `domain::terms::filter_token`: a digit and a letter in one token, which no text gives.

/// The token of a number, or with fewer digits the beginning of it.
pub(super) fn number_token(part: NumberPart, digits: &str) -> String {
    let mark = match part {
        NumberPart::Phone => "0t",
        NumberPart::PhoneEnd => "0l",
        NumberPart::Case => "0x",
        NumberPart::CaseEnd => "0y",
    };
    format!("{mark}{digits}")
}

/// The token of the account that took a case.
pub(super) fn account_token(name: &AccountName) -> String {
    use std::fmt::Write;
    let mut token = "0b".to_owned();
    for byte in name.as_str().bytes() {
        // Writing to a string cannot fail.
        let _ = write!(token, "{byte:02x}");
    }
    token
}

/// The token that every case has: what exclusions exclude from.
pub(super) fn every_case_token() -> String {
    "0e".to_owned()
}

/// Which cases somebody may find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every case.
    All,
    /// Those that one of these departments has, or had last.
    Departments(Vec<DepartmentCode>),
}

/// A search with the names of its filters looked up in the city profile. Of a list of codes, one must fit; an empty
/// list fits nothing, an absent one everything.
#[derive(Clone)]
pub struct SearchPlan {
    /// The query. Its words, states, kinds, numbers and flags are taken from here; its other filters are the fields
    /// below.
    pub query: Query,
    /// `dept:`.
    pub departments: Option<Vec<DepartmentCode>>,
    /// `matter:`, with those below the ones named.
    pub matters: Option<Vec<MatterCode>>,
    /// `place:`, with those below the ones named.
    pub divisions: Option<Vec<DivisionCode>>,
    /// `by:`.
    pub takers: Option<Vec<AccountName>>,
    /// Received then or later.
    pub since: Option<Timestamp>,
    /// Received before.
    pub until: Option<Timestamp>,
    /// For `is:overdue`.
    pub now: Timestamp,
    /// For `is:mine`.
    pub asking: AccountName,
    /// Which cases may be found.
    pub scope: Scope,
    /// Whether the caller's name and numbers are searched. Never for those who may not see callers, and never for
    /// departments: what finds a case tells something of it.
    pub callers: bool,
    /// In which order.
    pub order: SearchOrder,
    /// The most hits.
    pub limit: u32,
    /// Where the last page ended. Only the newest have pages.
    pub after: Option<SearchPosition>,
}

/// The place of a hit in the order of all cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchPosition(i64);

impl From<SearchPosition> for i64 {
    fn from(position: SearchPosition) -> Self {
        position.0
    }
}

impl From<i64> for SearchPosition {
    fn from(key: i64) -> Self {
        Self(key)
    }
}

/// One case found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The case.
    pub case: Case,
    /// What later events wrote: notes, replies, reasons. The words may have been found there.
    pub written: Vec<String>,
}

/// A page of hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchResult {
    /// The cases received last come first.
    pub hits: Vec<Hit>,
    /// Where the next page begins; absent on the last, and where there are no pages.
    pub next: Option<SearchPosition>,
    /// How many there are, on the first page: what is on it is counted, and no more is read for a number.
    pub count: Option<Count>,
}

/// How many cases there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// As many as were counted.
    pub counted: u64,
    /// Whether those are all.
    pub exact: bool,
}

/// So many of the newest are put into another order.
const RANKED: u32 = 500;

/// A page of the cases that a plan asks for. Long work for some queries: run it by `Store::read_slow`.
pub fn page(tx: &mut dyn Tx, plan: &SearchPlan) -> Result<SearchResult, StoreError> {
    let nothing = Count { counted: 0, exact: true };
    let mut result = SearchResult { hits: Vec::new(), next: None, count: Some(nothing) };
    let Some(wanted) = wanted(plan) else { return Ok(result) };
    let flags = |flag| plan.query.filters.contains(&Filter::Is(flag));
    let lookup = Lookup {
        expression: wanted,
        callers: plan.callers,
        below: plan.after.map_or(i64::MAX, |position| position.0),
        since: plan.since.map(Timestamp::as_millisecond),
        until: plan.until.map(Timestamp::as_millisecond),
        due_before: flags(Flag::Overdue).then(|| plan.now.as_millisecond()),
        limit: match plan.order {
            SearchOrder::Relevance => RANKED,
            SearchOrder::Newest => plan.limit.saturating_add(1),
        },
    };
    let mut keys = tx.lookup(&lookup)?;
    let exact = keys.len() < lookup.limit as usize;
    // One more than is counted tells that there are more.
    let counted = if exact || plan.order == SearchOrder::Relevance { keys.len() } else { keys.len() - 1 };
    result.count = plan.after.is_none().then_some(Count { counted: counted as u64, exact });
    let limit = plan.limit as usize;
    if plan.order == SearchOrder::Newest && keys.len() > limit {
        keys.truncate(limit);
        result.next = keys.last().copied().map(SearchPosition);
    }
    for key in keys {
        // A case does not go away between two statements of one snapshot.
        let (case, written) =
            cases::find_by_key(tx, key)?.ok_or(StoreError::Damaged { what: "search index" })?;
        result.hits.push(Hit { case, written });
    }
    if plan.order == SearchOrder::Relevance {
        // Equally relevant ones stay the newest first.
        result.hits.sort_by_cached_key(|hit| Reverse(relevance(&hit.case, &hit.written, &plan.query)));
        result.hits.truncate(limit);
    }
    Ok(result)
}

/// The terms a plan asks for: `None` if nothing can fit, `Some(None)` if everything does.
#[expect(clippy::option_option, reason = "nothing fits, everything fits and these terms are three answers")]
fn wanted(plan: &SearchPlan) -> Option<Option<Expression>> {
    let (mut must, mut must_not) = (Vec::new(), Vec::new());
    for word in &plan.query.words {
        let Some(found) = word_expression(word) else { continue };
        if word.excluded { must_not.push(found) } else { must.push(found) }
    }
    let tokens =
        |field, codes: Vec<&str>| any(codes.into_iter().map(|code| token(filter_token(field, code))));
    let given = |filter: fn(&Filter) -> Option<Expression>| {
        let found: Vec<Expression> = plan.query.filters.iter().filter_map(filter).collect();
        (!found.is_empty()).then(|| any(found))
    };
    let facts = [
        plan.departments.as_ref().map(|c| {
            tokens(
                FilterField::Department,
                c.iter().map(super::super::domain::code::DepartmentCode::as_str).collect(),
            )
        }),
        plan.matters.as_ref().map(|c| {
            tokens(
                FilterField::Matter,
                c.iter().map(super::super::domain::code::MatterCode::as_str).collect(),
            )
        }),
        plan.divisions.as_ref().map(|c| {
            tokens(
                FilterField::Division,
                c.iter().map(super::super::domain::code::DivisionCode::as_str).collect(),
            )
        }),
        plan.takers.as_ref().map(|names| any(names.iter().map(|name| token(account_token(name))))),
        match &plan.scope {
            Scope::All => None,
            Scope::Departments(c) => Some(tokens(
                FilterField::Department,
                c.iter().map(super::super::domain::code::DepartmentCode::as_str).collect(),
            )),
        },
        given(|filter| match filter {
            Filter::State(state) => Some(token(filter_token(FilterField::State, state.code()))),
            _ => None,
        }),
        given(|filter| match filter {
            Filter::Kind(kind) => Some(token(filter_token(FilterField::Kind, kind.code()))),
            _ => None,
        }),
        given(|filter| match filter {
            Filter::Phone(hint) => Some(phone_expression(hint)),
            _ => None,
        }),
        given(|filter| match filter {
            Filter::Number(hint) => Some(case_number_expression(hint)),
            _ => None,
        }),
    ];
    for fact in facts.into_iter().flatten() {
        must.push(fact?);
    }
    for filter in &plan.query.filters {
        let Filter::Is(flag) = filter else { continue };
        must.push(match flag {
            Flag::Mine => token(account_token(&plan.asking)),
            Flag::Open => states(|state| !state.is_finished())?,
            // Only these have a deadline that runs; the deadline itself is checked on the row.
            Flag::Overdue => states(|state| !state.is_finished() && state != State::Registered)?,
            Flag::Returned => token(returned_token()),
            Flag::Doubtful => token(doubtful_token()),
            Flag::Late => token(late_token()),
            Flag::Dissatisfied => token(dissatisfied_token()),
        });
    }
    if must.is_empty() && must_not.is_empty() {
        return Some(None);
    }
    if must.is_empty() {
        must.push(token(every_case_token()));
    }
    let must = Expression::All(must);
    Some(Some(match any(must_not) {
        None => must,
        Some(not) => Expression::Without(Box::new([must, not])),
    }))
}

/// Where a word may stand: in the texts, or if it is a number also at its beginning or end.
fn word_expression(word: &Word) -> Option<Expression> {
    let text = Match::of(&word.text, word.exact)?;
    let mut places = vec![Expression::Phrase { terms: text.terms, prefix: text.prefix }];
    let number = if word.exact { None } else { NumberHint::of(&word.text) };
    if let Some(hint) = number {
        places.push(phone_expression(&hint));
        places.push(case_number_expression(&hint));
    }
    any(places)
}

fn phone_expression(hint: &NumberHint) -> Expression {
    let whole = |digits: &str| token(number_token(NumberPart::Phone, digits));
    match hint {
        NumberHint::Phone(number) => whole(number.as_str().trim_start_matches('+')),
        // No telephone number is as long, so it finds none.
        NumberHint::Case(number) => whole(number.as_str()),
        NumberHint::Prefix(digits) => beginning(number_token(NumberPart::Phone, digits)),
        NumberHint::LastFour(digits) => token(number_token(NumberPart::PhoneEnd, digits)),
    }
}

fn case_number_expression(hint: &NumberHint) -> Expression {
    match hint {
        NumberHint::Case(number) => token(number_token(NumberPart::Case, number.as_str())),
        NumberHint::Phone(number) => beginning(number_token(NumberPart::Case, number.as_str())),
        NumberHint::Prefix(digits) => beginning(number_token(NumberPart::Case, digits)),
        NumberHint::LastFour(digits) => token(number_token(NumberPart::CaseEnd, digits)),
    }
}

fn states(which: impl Fn(State) -> bool) -> Option<Expression> {
    let codes = State::ALL.iter().copied().filter(|state| which(*state)).map(State::code);
    any(codes.map(|code| token(filter_token(FilterField::State, code))))
}

/// A single whole term.
pub(super) fn token(term: String) -> Expression {
    Expression::Phrase { terms: vec![term], prefix: false }
}

fn beginning(term: String) -> Expression {
    Expression::Phrase { terms: vec![term], prefix: true }
}

/// One of several, if there are any.
fn any(parts: impl IntoIterator<Item = Expression>) -> Option<Expression> {
    let parts: Vec<Expression> = parts.into_iter().collect();
    (!parts.is_empty()).then_some(Expression::Any(parts))
}

/// The token of a case whose time is doubtful and that no lead has confirmed.
pub(super) fn doubtful_token() -> String {
    "0u".to_owned()
}

/// The token of a case that came late and that no lead has confirmed.
pub(super) fn late_token() -> String {
    "0w".to_owned()
}

/// The token of a case whose caller was not content when they were asked last.
pub(super) fn dissatisfied_token() -> String {
    "0d".to_owned()
}

/// The token of a case that a department sent back and nobody has dispatched again.
pub(super) fn returned_token() -> String {
    "0r".to_owned()
}

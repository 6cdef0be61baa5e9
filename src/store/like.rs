//! Like cases: which earlier ones may be the same event as what is being typed.
//!
//! The work is bounded whatever is typed. Some terms of the text are each asked for their newest cases; how far
//! back these reach tells how rare a term is, without counting anything. The cases that come up by the most and the
//! rarest terms, those that have all of the rarest, and those of the last weeks with the same place and matter are
//! compared in full (`domain/likeness.rs`).

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::search::{Expression, Lookup, token};
use super::{StoreError, Tx, cases};
use crate::domain::case::Case;
use crate::domain::code::{DivisionCode, MatterCode, State};
use crate::domain::id::CaseId;
use crate::domain::likeness::{Alike, Sought, WORTH_SHOWING};
use crate::domain::terms::{FilterField, filter_token};

/// How many terms of the text are asked for.
const TEXT_PROBES: usize = 32;
/// How many terms of the place.
const PLACE_PROBES: usize = 8;
/// How many of its newest cases a term is asked for.
const NEWEST: u32 = 40;
/// How many of the rarest terms a case must have together to be compared whatever its age.
const RAREST: usize = 6;
/// How many cases are compared in full.
const COMPARED: usize = 60;
/// How many are answered.
const ANSWERED: usize = 10;
/// How far back cases of the same place and matter are looked for whatever they say, in milliseconds: four weeks. Two
/// facts that seldom meet would otherwise be sought through all of time.
const LATELY: i64 = 28 * 86_400_000;
/// A month in milliseconds: the rate of a term is told per month.
const MONTH: f32 = 30.0 * 86_400_000.0;

/// What is being typed.
#[derive(Clone)]
pub struct LikeQuery {
    /// The text so far.
    pub text: String,
    /// The place typed so far.
    pub detail: String,
    /// The place picked so far.
    pub division: Option<DivisionCode>,
    /// The matter picked so far.
    pub matter: Option<MatterCode>,
    /// The case being typed, which is not like itself.
    pub except: Option<CaseId>,
    /// The server's time.
    pub now: Timestamp,
}

/// A like case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Like {
    /// The case.
    pub case: Case,
    /// How like, and why.
    pub alike: Alike,
}

/// At most ten like cases, the likest first, of equally like ones the newest; never a voided one, and in the place of
/// a merged one the one that leads it.
pub fn like(tx: &mut dyn Tx, query: &LikeQuery) -> Result<Vec<Like>, StoreError> {
    let mut sought = Sought::new(&query.text, &query.detail, query.division.clone(), query.matter.clone());
    let text = sampled(sought.text_terms(), TEXT_PROBES);
    let place = sampled(sought.detail_terms(), PLACE_PROBES);
    let mut votes: HashMap<i64, f32> = HashMap::new();
    let mut weighed = Vec::new();
    for (term, of_place) in text.iter().map(|term| (term, false)).chain(place.iter().map(|term| (term, true)))
    {
        let keys = newest(tx, token(term.clone()), NEWEST)?;
        let weight = weight(&keys, query.now);
        sought.weigh(term, weight);
        if !keys.is_empty() && !of_place {
            weighed.push((weight, term.clone()));
        }
        // A place in common says more than a word in common.
        let vote = if of_place { 1.5 * weight } else { weight };
        keys.iter().for_each(|key| *votes.entry(*key).or_default() += vote);
    }
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let rarest: Vec<String> = weighed.into_iter().take(RAREST).map(|(_, term)| term).collect();
    let mut together = vec![rarest.clone()];
    if !place.is_empty() {
        together.push(place.into_iter().chain(rarest.into_iter().take(1)).collect());
    }
    for terms in together.into_iter().filter(|terms| terms.len() > 1) {
        let all = Expression::All(terms.into_iter().map(token).collect());
        for key in newest(tx, all, NEWEST / 2)? {
            *votes.entry(key).or_default() += 10.0;
        }
    }

    // The same trouble in other words: whatever the text says, the place and the matter are what was picked.
    if let (Some(division), Some(matter)) = (&query.division, &query.matter) {
        let facts = [
            filter_token(FilterField::Division, division.as_str()),
            filter_token(FilterField::Matter, matter.as_str()),
        ];
        let lookup = Lookup {
            since: Some(query.now.as_millisecond().saturating_sub(LATELY)),
            ..newest_of(Expression::All(facts.into_iter().map(token).collect()), NEWEST / 2)
        };
        for key in tx.lookup(&lookup)? {
            *votes.entry(key).or_default() += 2.0;
        }
    }

    let mut candidates: Vec<(i64, f32)> = votes.into_iter().collect();
    candidates.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
    let mut found = Vec::new();
    for (key, _) in candidates.into_iter().take(COMPARED) {
        let Some((case, _)) = cases::find_by_key(tx, key)? else { continue };
        if Some(case.id) == query.except || case.state() == State::Voided {
            continue;
        }
        let alike = sought.compare(&case, query.now);
        if alike.score < WORTH_SHOWING {
            continue;
        }
        // What was merged speaks for the case that leads it.
        let case = cases::leader_of(tx, &case)?.unwrap_or(case);
        if Some(case.id) != query.except {
            found.push(Like { case, alike });
        }
    }
    found.sort_by(|a, b| {
        b.alike.score.cmp(&a.alike.score).then_with(|| b.case.received_at.cmp(&a.case.received_at))
    });
    let mut shown = HashSet::new();
    found.retain(|like| shown.insert(like.case.id));
    found.truncate(ANSWERED);
    Ok(found)
}

/// At most `count` of the terms, the same ones each time, from all over the text.
fn sampled<'a>(terms: impl Iterator<Item = &'a str>, count: usize) -> Vec<String> {
    let mut terms: Vec<&str> = terms.collect();
    terms.sort_unstable();
    let step = terms.len().div_ceil(count).max(1);
    terms.into_iter().step_by(step).map(str::to_owned).collect()
}

fn newest(tx: &mut dyn Tx, expression: Expression, limit: u32) -> Result<Vec<i64>, StoreError> {
    tx.lookup(&newest_of(expression, limit))
}

fn newest_of(expression: Expression, limit: u32) -> Lookup {
    Lookup {
        expression: Some(expression),
        callers: false,
        below: i64::MAX,
        since: None,
        until: None,
        due_before: None,
        limit,
    }
}

/// The weight of a term by how many cases a month have it: 1 for none, a half for about 15, less for more.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn weight(newest_first: &[i64], now: Timestamp) -> f32 {
    let Some(oldest) = newest_first.last() else { return 1.0 };
    let reach = ((now.as_millisecond() - oldest) as f32).max(MONTH / 30.0);
    let a_month = newest_first.len() as f32 * MONTH / reach;
    1.0 / (1.0 + (1.0 + a_month / 10.0).ln())
}

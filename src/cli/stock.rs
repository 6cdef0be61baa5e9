//! Invented cases straight into a store, with the acts that brought them where they are: for `huiyin demo` and for
//! benchmarks. It goes past the API on purpose: the cases were taken in the past, and the API lives in the present.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::domain::account::{AccountName, Actor, NotAName};
use crate::domain::act::{Act, CityRules};
use crate::domain::code::Role;
use crate::domain::event::Order;
use crate::domain::follow_up::{FollowUp, Satisfaction};
use crate::domain::id::{CaseId, EventId};
use crate::domain::number::CaseNumber;
use crate::profile::Profile;
use crate::sample::{Sample, SampleCase, SampleOutcome};
use crate::store::cases::{self, ActError, ActOrder, Filing, FilingError, FirstAct};
use crate::store::{Store, StoreError, Tx};

/// Cases in one transaction.
const CHUNK: usize = 500;
/// The days the cases are spread over.
const DAYS: u32 = 90;
/// Of the invented call-takers, those below this are the one account, so that it has work of its own.
const OWN: u64 = 3;
/// From taking a call to filing it.
const TYPING: SignedDuration = SignedDuration::from_mins(4);
/// Between one act on a case and the next.
const PACE: SignedDuration = SignedDuration::from_hours(3);

/// Why the store was not stocked.
#[derive(Debug, thiserror::Error)]
pub enum StockError {
    /// A case was not filed.
    #[error("filing an invented case")]
    Filing(#[from] FilingError),
    /// An act was refused.
    #[error("acting on an invented case")]
    Act(#[from] ActError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A call-taker's name is none.
    #[error(transparent)]
    Name(#[from] NotAName),
}

/// Files `count` cases invented by `seed`, ending at `until`; `own` takes a part of them, invented colleagues the rest.
pub async fn fill(
    store: &Store,
    profile: &Arc<Profile>,
    own: &AccountName,
    seed: u64,
    count: u64,
    until: Timestamp,
) -> Result<(), StockError> {
    let mut cases = Sample::new(profile, seed, until, DAYS, count);
    let numbers: Arc<Mutex<HashMap<u64, CaseNumber>>> = Arc::default();
    loop {
        let chunk: Vec<SampleCase> = cases.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        let (profile, own, numbers) = (Arc::clone(profile), own.clone(), Arc::clone(&numbers));
        store
            .write(move |tx| {
                let mut numbers = numbers.lock().unwrap_or_else(PoisonError::into_inner);
                chunk.iter().cloned().try_for_each(|case| file(tx, &profile, &own, &mut numbers, case, until))
            })
            .await?;
    }
}

/// What the caller of a closed case said when they were asked; not everybody has been.
fn follow_up(index: u64) -> Option<Act> {
    use Satisfaction::{Dissatisfied, MostlySatisfied, Satisfied};
    let reached = |solved, satisfaction| FollowUp::Reached { solved, satisfaction };
    let outcome = match index % 8 {
        0..=2 => reached(true, Satisfied),
        3 => reached(true, MostlySatisfied),
        4 => reached(false, Dissatisfied),
        5 => FollowUp::NotReached,
        _ => return None,
    };
    Some(Act::FollowUp { outcome, text: String::new() })
}

fn file(
    tx: &mut dyn Tx,
    profile: &Profile,
    own: &AccountName,
    numbers: &mut HashMap<u64, CaseNumber>,
    sample: SampleCase,
    until: Timestamp,
) -> Result<(), StockError> {
    let SampleCase { index, received_at, mut intake, repeats, lead, assisting, outcome, taken_by } = sample;
    let rules = CityRules { deadlines: profile.deadlines(), calendar: profile.calendar() };
    let name = if taken_by < OWN { own.clone() } else { format!("agent{taken_by:02}").parse()? };
    let taker = Actor { name, role: Role::Agent, departments: Vec::new() };
    let handler =
        Actor { name: format!("{lead}").parse()?, role: Role::Handler, departments: vec![lead.clone()] };
    let steward = Actor { name: "agent99".parse()?, role: Role::Lead, departments: Vec::new() };

    intake.earlier_case = repeats.and_then(|first| numbers.get(&first)).cloned();
    let order = Order { lead: lead.clone(), assisting, opinion: String::new() };
    let (first, acts): (FirstAct, Vec<(&Actor, Act)>) = match outcome {
        SampleOutcome::Answered { answer } => (FirstAct::Answer(answer), Vec::new()),
        SampleOutcome::Registered => (FirstAct::Register, Vec::new()),
        SampleOutcome::Voided { reason } => (FirstAct::Register, vec![(&steward, Act::Void { reason })]),
        SampleOutcome::Dispatched => (FirstAct::Dispatch(order), Vec::new()),
        SampleOutcome::InProgress => {
            (FirstAct::Dispatch(order), vec![(&handler, Act::Sign { department: lead })])
        }
        SampleOutcome::Returned { reason } => {
            (FirstAct::Dispatch(order), vec![(&handler, Act::Return { department: lead, reason })])
        }
        SampleOutcome::Replied { reply, public_answer } => {
            let sign = Act::Sign { department: lead.clone() };
            let reply = Act::Reply { department: lead, reply, public_answer };
            (FirstAct::Dispatch(order), vec![(&handler, sign), (&handler, reply)])
        }
        SampleOutcome::Closed { reply, public_answer } => {
            let sign = Act::Sign { department: lead.clone() };
            let result = public_answer.clone();
            let reply = Act::Reply { department: lead, reply, public_answer };
            (
                FirstAct::Dispatch(order),
                [(&handler, sign), (&handler, reply), (&taker, Act::Close { result })]
                    .into_iter()
                    .chain(follow_up(index).map(|act| (&steward, act)))
                    .collect(),
            )
        }
    };

    let ms = u64::try_from(received_at.as_millisecond()).unwrap_or_default();
    let mut tail = [0; 10];
    tail[..8].copy_from_slice(&index.to_be_bytes());
    let id = CaseId::new(ms, tail);
    // Nothing has happened yet that lies in the future.
    let mut at = received_at.saturating_add(TYPING).unwrap_or(until).min(until);
    let filing = Filing {
        id,
        number: None,
        received_at,
        judged: None,
        intake,
        outcome: first,
        actor: &taker,
        at,
        request: "",
    };
    let mut case = cases::file(tx, filing, rules)?.case;
    numbers.insert(index, case.number.clone());
    for (step, (actor, act)) in (1_u8..).zip(acts) {
        at = at.saturating_add(PACE).unwrap_or(until).min(until);
        tail[9] = step;
        let event_id = EventId::new(ms, tail);
        let act = ActOrder {
            case: id,
            event_id,
            expected: case.version,
            act,
            actor,
            at,
            waited: None,
            request: "",
        };
        case = cases::act(tx, act, rules)?.case;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::accounts;

    #[tokio::test]
    async fn every_outcome_is_reached() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::sqlite(&dir.path().join("a.db")).unwrap();
        let profile = Arc::new(Profile::demonstration().clone());
        let until = "2026-11-23T07:42:03Z".parse().unwrap();
        let own: AccountName = "demo".parse().unwrap();
        fill(&store, &profile, &own, 7, 600, until).await.unwrap();
        assert!(!store.read_here(|tx| accounts::any(tx)).map_err(|error: StoreError| error).unwrap());
        let work =
            store.read_here(|tx| cases::work(tx, &own, until)).map_err(|error: StoreError| error).unwrap();
        assert!(!work.open.is_empty());
        store.close().await;
    }
}

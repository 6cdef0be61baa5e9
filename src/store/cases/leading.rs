//! 并单 in the store: which case leads which, and what a merge writes on the other one, in the same transaction.

use super::acting::Standing;
use super::{entry, find, find_by_number, insert_event};
use crate::domain::act::Act;
use crate::domain::case::Case;
use crate::domain::event::CaseEvent;
use crate::domain::id::EventId;
use crate::store::{StoreError, Tx, audit};

/// The case that leads this one; none if it is not merged.
pub fn leader_of(tx: &mut dyn Tx, case: &Case) -> Result<Option<Case>, StoreError> {
    let Some(merged) = case.progress.merged() else { return Ok(None) };
    find(tx, merged.into)?.map(Some).ok_or(StoreError::Damaged { what: "leading case" })
}

/// The cases merged into this one, in the order they came: a look-up by id each, [`ATTACHED_MOST`] at the most.
///
/// [`ATTACHED_MOST`]: crate::domain::leading::ATTACHED_MOST
pub fn attached_to(tx: &mut dyn Tx, case: &Case) -> Result<Vec<Case>, StoreError> {
    let attached = case.attached.iter();
    attached.map(|other| find(tx, other.id)?.ok_or(StoreError::Damaged { what: "merged case" })).collect()
}

/// The other case of a merge: the one that is to lead, or that leads; none of any other act, and where no case has the
/// number. Nobody else names its version: it is decided on the case as it stands.
pub(super) fn other_of(tx: &mut dyn Tx, case: &Case, act: &Act) -> Result<Option<Standing>, StoreError> {
    let other = match act {
        Act::Merge { into } => match find_by_number(tx, into)? {
            // There are no chains: what is merged into a merged case is merged into the one that leads.
            Some(named) => Some(leader_of(tx, &named)?.unwrap_or(named)),
            None => None,
        },
        Act::Unmerge { .. } => leader_of(tx, case)?,
        _ => None,
    };
    other.map_or(Ok(None), |other| Standing::of(tx, other.id))
}

/// Records on the leading case what `event` did to `case`.
pub(super) fn follow(
    tx: &mut dyn Tx,
    case: &Case,
    event: &CaseEvent,
    leader: Option<Standing>,
    request: &str,
) -> Result<(), StoreError> {
    let Some((body, mut leader)) = case.for_its_leader(&event.body).zip(leader) else { return Ok(()) };
    let event = CaseEvent {
        id: other_event_id(event.id)?,
        case_id: leader.case.id,
        seq: leader.case.version + 1,
        at: event.at,
        by: event.by.clone(),
        body,
    };
    leader.case.apply(&event);
    super::acting::update(tx, &leader)?;
    insert_event(tx, &event, &leader.case, None)?;
    let terms = entry::of(tx, &leader.case, &leader.written)?;
    tx.index(leader.key, &terms)?;
    let audited = audit::Entry {
        at: event.at,
        actor: Some(&event.by),
        action: &format!("case.{}", event.body.code()),
        subject: &leader.case.id.to_string(),
        request,
        detail: "",
    };
    audit::append(tx, &audited)
}

/// The id of the event on the other case: made of that of the act, so that it is the same each time.
fn other_event_id(act: EventId) -> Result<EventId, StoreError> {
    super::filing::derived_event_id(act.unix_ms(), &(act, "other case"))
}

//! Acting on a case: once for an event id, and only on the version that was seen.

use jiff::{SignedDuration, Timestamp};

use super::{Columns, entry, events_after, fingerprint, insert_event, json, leading, text_of};
use crate::domain::account::{AccountName, Actor};
use crate::domain::act::{Act, CityRules, next_event};
use crate::domain::case::Case;
use crate::domain::event::{CaseEvent, EventBody};
use crate::domain::id::{CaseId, EventId};
use crate::domain::progress::Refusal;
use crate::store::tx::statements;
use crate::store::{StoreError, Tx, audit, feed};

statements! {
    /// By the unique id.
    STANDING = "SELECT key, written, document FROM case_file WHERE id = $1";
    /// By the unique event id.
    DONE = "SELECT place, id, case_id, seq, at, actor, body, content FROM case_event
        WHERE id = $1 AND content IS NOT NULL";
    /// By the unique event id.
    EVENT_ID_TAKEN = "SELECT 1 FROM case_event WHERE id = $1";
    /// By primary key; the version once more, so that no two acts have the same parent.
    UPDATE = "UPDATE case_file SET version = $1, state = $2, unfinished = $3, departments = $4, due_at = $5,
            returned_at = $6, caller_key = $7, contact_key = $8, written = $9, document = $10
        WHERE key = $11 AND version = $12";
}

/// An act that was on its way for less was not kept waiting.
const WAITED: SignedDuration = SignedDuration::from_mins(1);

/// An act to be done.
#[derive(Debug, Clone)]
pub struct ActOrder<'a> {
    /// On which case.
    pub case: CaseId,
    /// The id of the act, made by the desk.
    pub event_id: EventId,
    /// The version of the case that was seen.
    pub expected: u32,
    /// The act.
    pub act: Act,
    /// Who acts.
    pub actor: &'a Actor,
    /// The server's time.
    pub at: Timestamp,
    /// How long ago it was asked for, where it waited at the desk: for the audit trail.
    pub waited: Option<SignedDuration>,
    /// The request, for the audit trail; may be empty.
    pub request: &'a str,
}

/// The answer to an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    /// The case as it is now.
    pub case: Case,
    /// The event of the act.
    pub event: CaseEvent,
    /// True when it had been done before.
    pub repeated: bool,
}

/// Why an act is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// There is no such case.
    #[error("there is no such case")]
    NotFound,
    /// The case is not as it was seen.
    #[error("the case is at version {version}")]
    Stale {
        /// Its version now.
        version: u32,
        /// The fields amended since, and `state` where something happened that decides what may follow. Empty
        /// when there were only notes, reminders, follow-ups and other callers: the same act may then be sent for the new version.
        changed: Vec<String>,
    },
    /// A rule does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The event id stands for another act.
    #[error("the event id was used for another act")]
    Conflict {
        /// The version of the case that is asked about.
        version: u32,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a person sees who repeats an act on a case that has left their hands since: the case as that act left it.
/// `None` where this person has done no such act on this case.
pub fn left_by(
    tx: &mut dyn Tx,
    case: CaseId,
    event_id: EventId,
    by: &AccountName,
) -> Result<Option<Case>, StoreError> {
    let Some(done) = tx.row(DONE, &[(&event_id.to_string()).into()])? else { return Ok(None) };
    let event = feed::event(&done)?;
    if event.case_id != case || event.by != *by {
        return Ok(None);
    }
    let events = events_after(tx, case, 0)?;
    Ok(Case::replay(events.iter().take_while(|earlier| earlier.seq <= event.seq)))
}

/// Does an act. The same act again answers the event that stands.
pub fn act(tx: &mut dyn Tx, order: ActOrder<'_>, rules: CityRules<'_>) -> Result<Acted, ActError> {
    let ActOrder { case: id, event_id, expected, act, actor, at, waited, request } = order;
    let Some(mut standing) = Standing::of(tx, id)? else { return Err(ActError::NotFound) };
    let content = fingerprint(&mut json(&act)?)?;
    if let Some(done) = tx.row(DONE, &[(&event_id.to_string()).into()])? {
        let event = feed::event(&done)?;
        let same = event.case_id == id && event.by == actor.name && done.blob(7)? == content;
        let version = standing.case.version;
        return if same {
            Ok(Acted { case: standing.case, event, repeated: true })
        } else {
            Err(ActError::Conflict { version })
        };
    }
    if tx.row(EVENT_ID_TAKEN, &[(&event_id.to_string()).into()])?.is_some() {
        return Err(ActError::Conflict { version: standing.case.version });
    }
    if expected != standing.case.version {
        let changed = changed_since(tx, id, expected)?;
        return Err(ActError::Stale { version: standing.case.version, changed });
    }
    let verb = act.verb();
    let leader = leading::other_of(tx, &standing.case, &act)?;
    let of_leader = leader.as_ref().map(|leader| &leader.case);
    let body = standing.case.decide(act, of_leader, actor, rules, at)?;
    let event = next_event(&standing.case, event_id, actor, at, body);
    standing.case.apply(&event);
    standing.written.push_str(&text_of(&event.body));

    update(tx, &standing)?;
    let Standing { key, case, written } = standing;
    insert_event(tx, &event, &case, Some(&content))?;
    let terms = entry::of(tx, &case, &written)?;
    tx.index(key, &terms)?;
    let audited = audit::Entry {
        at,
        actor: Some(&actor.name),
        action: &format!("case.{}", verb.code()),
        subject: &id.to_string(),
        request,
        detail: &waited
            .filter(|waited| *waited >= WAITED)
            .map_or_else(String::new, |waited| format!("waited {} s", waited.as_secs())),
    };
    audit::append(tx, &audited)?;
    leading::follow(tx, &case, &event, leader, request)?;
    Ok(Acted { case, event, repeated: false })
}

/// A case as it stands, with its place in the index.
pub(super) struct Standing {
    pub(super) key: i64,
    pub(super) case: Case,
    /// What its later events added to the text.
    pub(super) written: String,
}

impl Standing {
    /// The case with that id.
    pub(super) fn of(tx: &mut dyn Tx, id: CaseId) -> Result<Option<Self>, StoreError> {
        let Some(row) = tx.row(STANDING, &[(&id.to_string()).into()])? else { return Ok(None) };
        Ok(Some(Self { key: row.int(0)?, case: row.json(2)?, written: row.text(1)?.to_owned() }))
    }
}

/// Writes what has become of a case by one event.
pub(super) fn update(tx: &mut dyn Tx, standing: &Standing) -> Result<(), StoreError> {
    let Standing { key, case, written } = standing;
    let columns = Columns::of(case)?;
    let caller = &case.intake.caller;
    let params = [
        columns.version.into(),
        case.state().code().into(),
        (!case.state().is_finished()).into(),
        (&columns.departments).into(),
        case.due_at().into(),
        columns.returned_at.into(),
        caller.number.as_ref().map(crate::domain::phone::PhoneNumber::as_str).into(),
        caller.contact.as_ref().map(crate::domain::phone::PhoneNumber::as_str).into(),
        written.into(),
        (&columns.document).into(),
        (*key).into(),
        (columns.version - 1).into(),
    ];
    match tx.exec(UPDATE, &params)? {
        1 => Ok(()),
        _ => Err(StoreError::Constraint),
    }
}

fn changed_since(tx: &mut dyn Tx, id: CaseId, version: u32) -> Result<Vec<String>, StoreError> {
    let mut changed = std::collections::BTreeSet::new();
    for event in events_after(tx, id, version)? {
        match &event.body {
            EventBody::Amended { changes } => changed.extend(changes.fields()),
            EventBody::Noted { .. }
            | EventBody::Reminded { .. }
            | EventBody::FollowedUp { .. }
            | EventBody::Confirmed
            | EventBody::Attached { .. }
            | EventBody::Detached { .. } => {}
            _ => {
                changed.insert("state");
            }
        }
    }
    Ok(changed.into_iter().map(str::to_owned).collect())
}

//! Filing a case: once for ever, however often it is sent.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{Columns, entry, fingerprint, free, insert_event, json, text_of};
use crate::domain::account::Actor;
use crate::domain::act::{Act, CityRules, next_event};
use crate::domain::case::{Case, Intake};
use crate::domain::event::{CaseEvent, EventBody, Order};
use crate::domain::id::{CaseId, EventId};
use crate::domain::number::CaseNumber;
use crate::domain::progress::Refusal;
use crate::domain::receipt::Receipt;
use crate::store::tx::statements;
use crate::store::{StoreError, Tx, audit};

statements! {
    /// By the unique id.
    FILED = "SELECT taken_by, content, document FROM case_file WHERE id = $1";
    /// Appends, or inserts among older ones on import.
    INSERT = "INSERT INTO case_file (key, id, number, version, state, unfinished, departments, taken_by, received_at,
            due_at, returned_at, caller_key, contact_key, content, written, document)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
}

/// What is done with a case in the same breath.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum FirstAct {
    /// 待派单.
    Register,
    /// 当场答复.
    Answer(String),
    /// 派单.
    Dispatch(Order),
}

/// A case to be filed.
#[derive(Debug, Clone)]
pub struct Filing<'a> {
    /// Its id, made at the first keystroke.
    pub id: CaseId,
    /// The number told to the caller; without one the server gives it.
    pub number: Option<CaseNumber>,
    /// When the caller was heard, as it was told.
    pub received_at: Timestamp,
    /// What became of that time when it was judged; absent where it is believed as it stands.
    pub judged: Option<Receipt>,
    /// What was taken down.
    pub intake: Intake,
    /// What is done at once.
    pub outcome: FirstAct,
    /// Who files it.
    pub actor: &'a Actor,
    /// The server's time.
    pub at: Timestamp,
    /// The request, for the audit trail; may be empty.
    pub request: &'a str,
}

/// The answer to a filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The case as it is now.
    pub case: Case,
    /// False when it had been filed before.
    pub created: bool,
}

/// Why a case is not filed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilingError {
    /// The id stands for something else of the same author.
    #[error("the id was used for other content")]
    Conflict {
        /// The version of the case that it stands for.
        version: u32,
    },
    /// The id is another author's.
    #[error("there is no such case for this author")]
    NotFound,
    /// The number stands for another case.
    #[error("the case number is taken")]
    NumberTaken,
    /// What was to be done at once is not allowed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Files a case with its first events. The same filing again answers the case that stands.
pub fn file(tx: &mut dyn Tx, filing: Filing<'_>, rules: CityRules<'_>) -> Result<Filed, FilingError> {
    let Filing { id, number, received_at: told, judged, intake, outcome, actor, at, request } = filing;
    let content = content_hash(&(told, &intake, &outcome, &number))?;
    if let Some(row) = tx.row(FILED, &[(&id.to_string()).into()])? {
        return if row.text(0)? != actor.name.as_str() {
            Err(FilingError::NotFound)
        } else if row.blob(1)? == content {
            Ok(Filed { case: row.json(2)?, created: false })
        } else {
            Err(FilingError::Conflict { version: row.json::<Case>(2)?.version })
        };
    }
    let Receipt { received_at, told_at, is_late } = judged.unwrap_or(Receipt::believed(told));
    let number = match number {
        Some(number) if free::number_taken(tx, &number)? => return Err(FilingError::NumberTaken),
        Some(number) => number,
        None => free::number(tx, received_at, &rules.calendar.time_zone)?,
    };

    let body = EventBody::Registered { intake: Box::new(intake), number, received_at, told_at, is_late };
    let registered =
        CaseEvent { id: event_id(id, 1)?, case_id: id, seq: 1, at, by: actor.name.clone(), body };
    let Some(mut case) = Case::from_first(&registered) else {
        return Err(StoreError::Damaged { what: "event" }.into());
    };
    let act = match outcome {
        FirstAct::Register => None,
        FirstAct::Answer(answer) => Some(Act::Answer { answer }),
        FirstAct::Dispatch(order) => Some(Act::Dispatch(order)),
    };
    let outcome = match act {
        None => None,
        Some(act) => {
            let body = case.decide(act, None, actor, rules, at)?;
            Some(next_event(&case, event_id(id, 2)?, actor, at, body))
        }
    };
    let first = case.clone();
    if let Some(event) = &outcome {
        case.apply(event);
    }

    let written = outcome.as_ref().map_or_else(String::new, |event| text_of(&event.body));
    let key = free::key(tx, received_at)?;
    insert(tx, key, &case, &content, &written)?;
    insert_event(tx, &registered, &first, None)?;
    if let Some(event) = &outcome {
        insert_event(tx, event, &case, None)?;
    }
    let terms = entry::of(tx, &case, &written)?;
    tx.index(key, &terms)?;
    let audited = audit::Entry {
        at,
        actor: Some(&actor.name),
        action: "case.file",
        subject: &id.to_string(),
        request,
        detail: outcome.as_ref().map_or("", |event| event.body.code()),
    };
    audit::append(tx, &audited)?;
    Ok(Filed { case, created: true })
}

fn insert(tx: &mut dyn Tx, key: i64, case: &Case, content: &[u8], written: &str) -> Result<(), StoreError> {
    let columns = Columns::of(case)?;
    let caller = &case.intake.caller;
    let params = [
        key.into(),
        (&columns.id).into(),
        case.number.as_str().into(),
        columns.version.into(),
        case.state().code().into(),
        (!case.state().is_finished()).into(),
        (&columns.departments).into(),
        case.taken_by.as_str().into(),
        case.received_at.into(),
        case.due_at().into(),
        columns.returned_at.into(),
        caller.number.as_ref().map(crate::domain::phone::PhoneNumber::as_str).into(),
        caller.contact.as_ref().map(crate::domain::phone::PhoneNumber::as_str).into(),
        content.into(),
        written.into(),
        (&columns.document).into(),
    ];
    tx.exec(INSERT, &params).map(drop)
}

/// The id of an event that came with the filing: made of the case's, so that it is the same each time.
fn event_id(case: CaseId, seq: u32) -> Result<EventId, StoreError> {
    derived_event_id(case.unix_ms(), &(case, seq))
}

/// The id of an event that no desk asked for by itself: made of what it comes `from`, so that it is the same each time.
pub(super) fn derived_event_id(unix_ms: u64, from: &impl Serialize) -> Result<EventId, StoreError> {
    let hash = fingerprint(&mut json(from)?)?;
    let mut random = [0; 10];
    random.copy_from_slice(&hash[..10]);
    Ok(EventId::new(unix_ms, random))
}

/// What tells one filing from another, in a form that stays the same when a later version adds a field that may
/// be empty: without anything null, false or empty.
fn content_hash(filing: &impl Serialize) -> Result<[u8; 32], StoreError> {
    fn says_something(value: &mut Value) -> bool {
        match value {
            Value::Null | Value::Bool(false) => false,
            Value::Bool(true) | Value::Number(_) => true,
            Value::String(text) => !text.is_empty(),
            Value::Array(list) => {
                // Elements keep their places.
                for value in list.iter_mut() {
                    says_something(value);
                }
                !list.is_empty()
            }
            Value::Object(fields) => {
                fields.retain(|_, value| says_something(value));
                !fields.is_empty()
            }
        }
    }
    let mut value = json(filing)?;
    says_something(&mut value);
    fingerprint(&mut value)
}

//! The outbox: what a person has submitted and the server has not confirmed, and for a week what it has.
//!
//! An item is written durably in the transaction that takes its draft away, before anything is sent. It is kept as it
//! is sent, with the number of its format, so that a newer program sends it as it was meant; and as it was typed, so
//! that what is refused can be opened and changed. Standing, place and time lie open beside the sealed rest: they say
//! nothing about anybody.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::JournalError;
use super::seal::{Sealed, label};
use super::vault::Vault;
use crate::clock::{Clock, Uptime};
use crate::domain::act::{Act, Verb};
use crate::domain::code::{State, code_enum};
use crate::domain::id::{CaseId, EventId};
use crate::domain::number::CaseNumber;
use crate::wire::act::body_of;
use crate::wire::case::{AmendBody, CaseView, NewCase, Outcome};
use crate::wire::format;
use crate::wire::problem::Problem;

/// What an item is: a case to be filed, or an act on one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemId {
    /// The case.
    Filing(CaseId),
    /// The act.
    Act(EventId),
}

impl ItemId {
    /// The identity of the draft that it was, if it was one: a case's is that of the case, a change's that of the act.
    pub fn draft(self) -> CaseId {
        match self {
            Self::Filing(id) => id,
            Self::Act(id) => id.into(),
        }
    }
}

impl std::fmt::Display for ItemId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Filing(id) => id.fmt(f),
            Self::Act(id) => id.fmt(f),
        }
    }
}

code_enum! {
    /// How an item stands.
    Standing = "item" {
        /// It has been submitted, and will be sent until it is answered.
        Waiting = "waiting",
        /// The server says what is wrong with it; it can be changed.
        Refused = "refused",
        /// It may not be done by this person, or the server gave no reason that the program knows.
        Parked = "parked",
        /// The case is not as it was seen.
        Conflict = "conflict",
        /// The server has it.
        Accepted = "accepted",
    }
}

impl Standing {
    /// Whether a person must do something about it.
    pub const fn needs_a_person(self) -> bool {
        matches!(self, Self::Refused | Self::Parked | Self::Conflict)
    }
}

/// What the server made of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// The case's number.
    pub number: CaseNumber,
    /// Its version behind this.
    pub version: u32,
    /// Its state behind this.
    pub state: State,
}

/// What is sealed of an item. `Debug` says nothing of what was typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// The format of `body`.
    pub format: u32,
    /// What is asked for; none files the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verb: Option<Verb>,
    /// The version of the case that was seen, or that it goes for since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<u32>,
    /// The version it went for at first, if it was sent past what others changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<u32>,
    /// What others changed between the two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<String>,
    /// The JSON that is sent.
    pub body: String,
    /// The number the caller was told, or that of the case that is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<CaseNumber>,
    /// The draft it was: the desk's own JSON; empty for what a dialog asked for.
    #[serde(default)]
    pub draft: String,
    /// When the caller was heard or the act was asked for, by the clock that nobody sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Uptime>,
    /// What the server said against it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// What became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Confirmed>,
}

impl std::fmt::Debug for Parcel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parcel")
            .field("format", &self.format)
            .field("verb", &self.verb)
            .finish_non_exhaustive()
    }
}

/// One item. `Debug` says nothing of what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub id: ItemId,
    /// The case it belongs to.
    pub case: CaseId,
    /// Its place in the order of submission, given by the journal whether or not the disk takes the item; 0 before.
    pub place: i64,
    /// How it stands.
    pub standing: Standing,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// Counts its changes.
    pub version: u64,
    /// The rest.
    pub parcel: Parcel,
}

impl Item {
    /// A case to be filed, and the draft it was.
    pub fn filing(id: CaseId, case: &NewCase, draft: String, clock: &Clock) -> serde_json::Result<Self> {
        let now = clock.now();
        let heard = u64::try_from(now.duration_since(case.received_at).as_secs()).unwrap_or_default();
        let parcel = Parcel {
            format: format::CURRENT,
            verb: None,
            seen: None,
            base: None,
            passed: Vec::new(),
            body: serde_json::to_string(case)?,
            number: case.number.clone(),
            draft,
            heard: clock.uptime().map(|now| now.before(heard)),
            problem: None,
            confirmed: None,
        };
        Ok(Self::new(ItemId::Filing(id), id, parcel, now))
    }

    /// An act on a case as it was at version `seen`; what the same person submitted before it does not count as a change.
    pub fn act(
        case: CaseId,
        id: EventId,
        act: Act,
        seen: Option<u32>,
        clock: &Clock,
    ) -> serde_json::Result<Self> {
        let (verb, body) = body_of(act, id, None)?;
        let parcel = Parcel {
            format: format::CURRENT,
            verb: Some(verb),
            seen,
            base: None,
            passed: Vec::new(),
            body: body.to_string(),
            number: None,
            draft: String::new(),
            heard: clock.uptime(),
            problem: None,
            confirmed: None,
        };
        Ok(Self::new(ItemId::Act(id), case, parcel, clock.now()))
    }

    /// The filing, and behind it what is done with the case then.
    pub fn with(self, then: Vec<(EventId, Act)>, clock: &Clock) -> serde_json::Result<Vec<Self>> {
        let (case, version) = (self.case, self.version_behind());
        let then = then.into_iter().map(|(id, act)| Self::act(case, id, act, version, clock)).collect();
        let then: serde_json::Result<Vec<_>> = then;
        Ok(std::iter::once(self).chain(then?).collect())
    }

    /// The same act, on the case with this number, and the draft it was.
    #[must_use]
    pub fn of_draft(mut self, number: CaseNumber, draft: String) -> Self {
        (self.parcel.number, self.parcel.draft) = (Some(number), draft);
        self
    }

    fn new(id: ItemId, case: CaseId, parcel: Parcel, submitted_at: Timestamp) -> Self {
        Self { id, case, place: 0, standing: Standing::Waiting, submitted_at, version: 1, parcel }
    }

    /// The same item, confirmed by the server.
    #[must_use]
    pub fn confirmed(mut self, case: &CaseView) -> Self {
        let row = &case.row;
        let version = self.version_behind().unwrap_or(row.version);
        self.parcel.confirmed = Some(Confirmed { number: row.number.clone(), version, state: row.state });
        self.parcel.problem = None;
        self.stand(Standing::Accepted)
    }

    /// The same item, which the server has confirmed and may have lost. A number that the server gave has been told to the
    /// caller since.
    #[must_use]
    pub(super) fn lost(mut self) -> Self {
        let told = self.parcel.confirmed.take().map(|confirmed| confirmed.number);
        self.parcel.number = self.parcel.number.or(told);
        self.stand(Standing::Waiting)
    }

    /// The same item, standing otherwise.
    #[must_use]
    pub fn stand(mut self, standing: Standing) -> Self {
        self.standing = standing;
        self.version += 1;
        self
    }

    /// The version of the case behind this: an act is done on the version it goes for and on no other. The answer may
    /// show a later one.
    pub(super) fn version_behind(&self) -> Option<u32> {
        match self.parcel.verb {
            Some(_) => self.parcel.seen.map(|seen| seen + 1),
            None => self.case_filed().map(|case| if case.outcome == Outcome::Register { 1 } else { 2 }),
        }
    }

    /// Whether it reminds of a case in the place of a new one: what was typed for that is the draft it was.
    pub fn reminds_instead(&self) -> bool {
        self.parcel.verb == Some(Verb::Remind) && !self.parcel.draft.is_empty()
    }

    /// The fields that this amends, by their names on the wire.
    pub fn fields(&self) -> Vec<String> {
        if self.parcel.verb != Some(Verb::Amend) {
            return Vec::new();
        }
        let body: Option<AmendBody> = serde_json::from_str(&self.parcel.body).ok();
        body.map(|body| body.changes.fields().into_iter().map(str::to_owned).collect()).unwrap_or_default()
    }

    /// The case as it was submitted, if this files one.
    pub fn case_filed(&self) -> Option<NewCase> {
        if self.parcel.verb.is_some() { None } else { serde_json::from_str(&self.parcel.body).ok() }
    }
}

/// The items of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outbox {
    /// Those that could be opened, in the order of submission.
    pub items: Vec<Item>,
    /// How many are damaged; they stay where they are.
    pub damaged: usize,
    /// How many are sealed with an earlier password that was not given.
    pub sealed: usize,
}

impl Vault {
    /// Writes an item that is submitted, for the first time or again: it is newer than what is there.
    pub(super) fn submit(&self, db: &Connection, item: &mut Item) -> Result<(), JournalError> {
        let stored: Option<i64> = db
            .query_row("SELECT version FROM outbox WHERE id = ?1", [item.id.to_string()], |row| row.get(0))
            .optional()?;
        let newer = stored.and_then(|version| u64::try_from(version).ok()).map_or(1, |version| version + 1);
        item.version = item.version.max(newer);
        self.put(db, item)
    }

    /// Writes an item, new or changed, unless a newer version of it is there.
    pub(super) fn put(&self, db: &Connection, item: &Item) -> Result<(), JournalError> {
        let (key_id, key) = self.newest_key()?;
        let id = item.id.to_string();
        let plain = serde_json::to_vec(&item.parcel).map_err(|_| JournalError::NoKey)?;
        let sealed = key.seal(&plain, &label("outbox", &id, item.version, self.owner()))?;
        let mut put = db.prepare_cached(
            "INSERT INTO outbox (place, id, owner, key, case_id, is_act, standing, version, submitted_at, nonce, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (id) DO UPDATE SET key = excluded.key, case_id = excluded.case_id,
                 is_act = excluded.is_act, standing = excluded.standing, version = excluded.version, nonce = excluded.nonce, sealed = excluded.sealed
             WHERE excluded.version >= outbox.version AND excluded.owner = outbox.owner",
        )?;
        let version = i64::try_from(item.version).unwrap_or(i64::MAX);
        let is_act = matches!(item.id, ItemId::Act(_));
        let at = item.submitted_at.as_millisecond();
        put.execute(params![
            item.place,
            id,
            self.owner(),
            key_id,
            item.case.to_string(),
            is_act,
            item.standing.code(),
            version,
            at,
            sealed.nonce,
            sealed.bytes
        ])?;
        Ok(())
    }

    /// Every item of the owner.
    pub(super) fn outbox(&self, db: &Connection) -> Result<Outbox, JournalError> {
        let mut rows = db.prepare_cached(
            "SELECT place, id, key, case_id, is_act, standing, version, submitted_at, nonce, sealed
             FROM outbox WHERE owner = ?1 ORDER BY place",
        )?;
        let mut rows = rows.query([self.owner()])?;
        let mut outbox = Outbox::default();
        while let Some(row) = rows.next()? {
            match self.item(row)? {
                Opened::Item(item) => outbox.items.push(*item),
                Opened::Sealed => outbox.sealed += 1,
                Opened::Damaged => outbox.damaged += 1,
            }
        }
        Ok(outbox)
    }

    /// One item; none if it is not there or does not open.
    pub(super) fn one(&self, db: &Connection, id: ItemId) -> Result<Option<Item>, JournalError> {
        let mut rows = db.prepare_cached(
            "SELECT place, id, key, case_id, is_act, standing, version, submitted_at, nonce, sealed
             FROM outbox WHERE id = ?1 AND owner = ?2",
        )?;
        let mut rows = rows.query(params![id.to_string(), self.owner()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(if let Opened::Item(item) = self.item(row)? { Some(*item) } else { None })
    }

    fn item(&self, row: &rusqlite::Row<'_>) -> Result<Opened, JournalError> {
        let key_id: i64 = row.get(2)?;
        let Some(key) = self.key(key_id) else { return Ok(Opened::Sealed) };
        let (id, case, is_act): (String, String, bool) = (row.get(1)?, row.get(3)?, row.get(4)?);
        let (standing, version, at): (String, i64, i64) = (row.get(5)?, row.get(6)?, row.get(7)?);
        let version = u64::try_from(version).unwrap_or_default();
        let sealed = Sealed { nonce: row.get(8)?, bytes: row.get(9)? };
        let plain = key.open(&sealed, &label("outbox", &id, version, self.owner()));
        let parcel = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
        let id = if is_act { id.parse().map(ItemId::Act) } else { id.parse().map(ItemId::Filing) };
        let at = Timestamp::from_millisecond(at);
        Ok(match (id, case.parse(), standing.parse(), at, parcel) {
            (Ok(id), Ok(case), Ok(standing), Ok(submitted_at), Some(parcel)) => {
                let place = row.get(0)?;
                Opened::Item(Box::new(Item { id, case, place, standing, submitted_at, version, parcel }))
            }
            _ => Opened::Damaged,
        })
    }
}

enum Opened {
    Item(Box<Item>),
    Sealed,
    Damaged,
}

/// The place of an item; none if it is not there.
pub(super) fn place(db: &Connection, id: ItemId) -> Result<Option<i64>, JournalError> {
    let mut place = db.prepare_cached("SELECT place FROM outbox WHERE id = ?1")?;
    Ok(place.query_row([id.to_string()], |row| row.get(0)).optional()?)
}

/// The last place that was given to anybody's item, there still or not.
pub(super) fn last_place(db: &Connection) -> Result<i64, JournalError> {
    let last = db.query_row("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'", [], |row| row.get(0));
    Ok(last.optional()?.unwrap_or_default())
}

/// Forgets an item.
pub(super) fn forget(db: &Connection, id: ItemId) -> Result<(), JournalError> {
    db.prepare_cached("DELETE FROM outbox WHERE id = ?1")?.execute([id.to_string()])?;
    Ok(())
}

/// Forgets what was confirmed before `limit`.
pub(super) fn forget_confirmed(db: &Connection, limit: Timestamp) -> Result<usize, JournalError> {
    let mut old =
        db.prepare_cached("DELETE FROM outbox WHERE standing = 'accepted' AND submitted_at < ?1")?;
    Ok(old.execute([limit.as_millisecond()])?)
}

/// How many items of anybody are not confirmed.
pub(super) fn unconfirmed(db: &Connection) -> Result<u64, JournalError> {
    let count: Option<i64> = db
        .query_row("SELECT count(*) FROM outbox WHERE standing <> 'accepted'", [], |row| row.get(0))
        .optional()?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

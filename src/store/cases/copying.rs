//! Cases and their events on the way into another store: a page of the feed, with the cases that it speaks of.
//!
//! A case is brought over as it stands when its first event is, and again where a later page finds it changed. In the
//! other store it has the key that is free there: engines number in steps of their own.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{entry, free};
use crate::store::search::IndexEntry;
use crate::store::tx::{Param, Row, Value, statements};
use crate::store::{StoreError, Tx};

statements! {
    /// By primary key.
    EVENTS = "SELECT place, case_id, seq, id, at, actor, kind, state, content, body FROM case_event
        WHERE place > $1 AND place < $2 ORDER BY place LIMIT 200";
    /// By primary key, backwards.
    LAST = "SELECT place FROM case_event WHERE place < $1 ORDER BY place DESC LIMIT 1";
    /// By the unique id.
    WHOLE = "SELECT key, id, number, version, state, unfinished, departments, taken_by, received_at, due_at,
            returned_at, caller_key, contact_key, content, written, document
        FROM case_file WHERE id = $1";
    /// By primary key.
    WHOLE_AFTER = "SELECT key, id, number, version, state, unfinished, departments, taken_by, received_at, due_at,
            returned_at, caller_key, contact_key, content, written, document
        FROM case_file WHERE key > $1 ORDER BY key LIMIT 200";
    /// By the unique id.
    STANDING = "SELECT key, version FROM case_file WHERE id = $1";
    /// Inserts among others.
    BRING = "INSERT INTO case_file (key, id, number, version, state, unfinished, departments, taken_by, received_at,
            due_at, returned_at, caller_key, contact_key, content, written, document)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    /// By primary key.
    BRING_UP_TO_DATE = "UPDATE case_file SET version = $1, state = $2, unfinished = $3, departments = $4, due_at = $5,
            returned_at = $6, caller_key = $7, contact_key = $8, written = $9, document = $10
        WHERE key = $11";
    /// Appends; the place is this store's own.
    APPEND = "INSERT INTO case_event (case_id, seq, id, at, actor, kind, state, content, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}

/// Events in the order of the feed, and the cases they speak of as these stand now.
pub(in crate::store) struct Page {
    events: Vec<Row>,
    /// Each with what it is found by, which a case that is merged into it has a part in: the other store may not have
    /// that one yet.
    cases: Vec<(Row, IndexEntry)>,
}

impl Page {
    /// What comes behind a place; `None` at the end.
    pub(in crate::store) fn read(tx: &mut dyn Tx, after: i64) -> Result<Option<Self>, StoreError> {
        let settled = tx.settled()?;
        let events = events_after(tx, after, settled)?;
        let mut seen = BTreeSet::new();
        let mut cases = Vec::new();
        for event in &events {
            let id = event.text(1)?;
            if seen.insert(id) {
                let case = tx.row(WHOLE, &[id.into()])?.ok_or(StoreError::Damaged { what: "event" })?;
                let found_by = entry::of(tx, &case.json(15)?, case.text(14)?)?;
                cases.push((case, found_by));
            }
        }
        Ok(Some(Self { events, cases }).filter(|page| !page.events.is_empty()))
    }

    /// How many events it has.
    pub(in crate::store) fn len(&self) -> u64 {
        self.events.len() as u64
    }

    /// The place of its last event, in the store that it was read from.
    pub(in crate::store) fn last(&self) -> Result<i64, StoreError> {
        self.events.last().ok_or(StoreError::Damaged { what: "feed" })?.int(0)
    }

    /// Writes it into another store.
    pub(in crate::store) fn write(&self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        self.cases.iter().try_for_each(|(case, found_by)| bring(tx, case, found_by))?;
        for event in &self.events {
            let params: Vec<Param<'_>> = event.values().iter().skip(1).map(Param::from).collect();
            tx.exec(APPEND, &params)?;
        }
        Ok(())
    }
}

fn bring(tx: &mut dyn Tx, case: &Row, found_by: &IndexEntry) -> Result<(), StoreError> {
    let values: Vec<Param<'_>> = case.values().iter().map(Param::from).collect();
    let key = match tx.row(STANDING, &[values[1]])? {
        Some(there) if there.int(1)? >= case.int(3)? => return Ok(()),
        Some(there) => {
            let key = there.int(0)?;
            let mut params = [&values[3..7], &values[9..13], &values[14..16]].concat();
            params.push(key.into());
            tx.exec(BRING_UP_TO_DATE, &params)?;
            key
        }
        None => {
            let about = Timestamp::from_millisecond(case.int(0)?);
            let key = free::key(tx, about.map_err(|_| StoreError::Damaged { what: "key" })?)?;
            let params = [&[Param::Int(key)], &values[1..]].concat();
            tx.exec(BRING, &params)?;
            key
        }
    };
    tx.index(key, found_by)
}

/// The place of the last event, settled or not.
pub(in crate::store) fn last(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    tx.row(LAST, &[i64::MAX.into()])?.map_or(Ok(0), |row| row.int(0))
}

fn events_after(tx: &mut dyn Tx, after: i64, before: i64) -> Result<Vec<Row>, StoreError> {
    tx.rows(EVENTS, &[after.into(), before.into()])
}

/// What all cases, or all events, of a store come to: their number, and a sum that a changed value changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// How many.
    pub count: u64,
    /// The sum of the hashes of the rows, without what each store numbers by itself.
    pub sum: u128,
}

impl Sum {
    /// Takes in the values of a row.
    pub(in crate::store) fn add(&mut self, values: &[Value]) {
        let mut hash = Sha256::new();
        for value in values {
            let (kind, bytes): (u8, &[u8]) = match value {
                Value::Null => (0, &[]),
                Value::Int(number) => (1, &number.to_be_bytes()),
                Value::Text(text) => (2, text.as_bytes()),
                Value::Blob(bytes) => (3, bytes),
            };
            hash.update([kind]);
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
        let mut half = [0; 16];
        half.copy_from_slice(&hash.finalize()[..16]);
        self.count += 1;
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(half));
    }
}

/// Takes in the next page of cases behind a key; the last key of it, or `None` at the end.
pub(in crate::store) fn sum_cases(
    tx: &mut dyn Tx,
    after: i64,
    sum: &mut Sum,
) -> Result<Option<i64>, StoreError> {
    let rows = tx.rows(WHOLE_AFTER, &[after.into()])?;
    rows.iter().for_each(|row| sum.add(&row.values()[1..]));
    rows.last().map(|row| row.int(0)).transpose()
}

/// The same for events, by their places.
pub(in crate::store) fn sum_events(
    tx: &mut dyn Tx,
    after: i64,
    sum: &mut Sum,
) -> Result<Option<i64>, StoreError> {
    let rows = events_after(tx, after, i64::MAX)?;
    rows.iter().for_each(|row| sum.add(&row.values()[1..]));
    rows.last().map(|row| row.int(0)).transpose()
}

//! What the history teaches, in the order of the feed, and where what was learned from it is kept.

use super::feed::event;
use super::tx::statements;
use super::{StoreError, Tx};
use crate::domain::learning::{Lesson, lesson_of};

statements! {
    /// By primary key.
    SINCE = "SELECT place, id, case_id, seq, at, actor, body, kind FROM case_event
        WHERE place > $1 AND place < $2 ORDER BY place LIMIT $3";
    /// By the unique (`case_id`, seq).
    HISTORY = "SELECT place, id, case_id, seq, at, actor, body FROM case_event
        WHERE case_id = $1 AND seq <= $2 ORDER BY seq";
    /// By primary key.
    KEPT = "SELECT place, model FROM learned WHERE name = 'suggestion'";
    /// By primary key; of several servers the one that has come farthest.
    KEEP = "INSERT INTO learned (name, place, model) VALUES ('suggestion', $1, $2)
        ON CONFLICT (name) DO UPDATE SET place = excluded.place, model = excluded.model
        WHERE learned.place < excluded.place";
    /// By primary key.
    FORGET = "DELETE FROM learned WHERE name = 'suggestion'";
}

/// Events that may teach something.
const TEACHING: [&str; 6] = ["registered", "amended", "dispatched", "redispatched", "reworked", "returned"];

/// Some events of the feed.
pub struct Page {
    /// What they teach.
    pub lessons: Vec<Lesson>,
    /// The place of the last of them, or where the page was to begin.
    pub place: i64,
    /// How many there were.
    pub events: u32,
}

/// What at most `limit` events behind place `after` teach.
pub fn since(tx: &mut dyn Tx, after: i64, limit: u32) -> Result<Page, StoreError> {
    let settled = tx.settled()?;
    let rows = tx.rows(SINCE, &[after.into(), settled.into(), limit.into()])?;
    let mut page = Page { lessons: Vec::new(), place: after, events: 0 };
    for row in &rows {
        page.place = row.int(0)?;
        page.events += 1;
        if !TEACHING.contains(&row.text(7)?) {
            continue;
        }
        let first = row.int(3)? == 1;
        let history = if first {
            vec![event(row)?]
        } else {
            let rows = tx.rows(HISTORY, &[row.text(2)?.into(), row.int(3)?.into()])?;
            rows.iter().map(event).collect::<Result<Vec<_>, _>>()?
        };
        page.lessons.extend(lesson_of(&history));
    }
    Ok(page)
}

/// What was learned and kept, with the place it was learned up to.
pub fn kept(tx: &mut dyn Tx) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    tx.row(KEPT, &[])?.map(|row| Ok((row.int(0)?, row.blob(1)?.to_vec()))).transpose()
}

/// Keeps what was learned up to a place, unless more is kept already.
pub fn keep(tx: &mut dyn Tx, place: i64, model: &[u8]) -> Result<(), StoreError> {
    tx.exec(KEEP, &[place.into(), model.into()]).map(drop)
}

/// Forgets what was kept.
pub fn forget(tx: &mut dyn Tx) -> Result<(), StoreError> {
    tx.exec(FORGET, &[]).map(drop)
}

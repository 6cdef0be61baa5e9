//! What a person threw away of what they had submitted: the content is gone at once, and that it was thrown away is told to
//! the server, which keeps it in the audit trail. No word of a caller is in it.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::JournalError;
use super::outbox::{self, ItemId};
use super::schedule::{Moment, full};
use crate::domain::id::CaseId;

/// Something that was thrown away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discard {
    /// The item.
    pub id: ItemId,
    /// The case it belonged to.
    pub case: CaseId,
    /// When.
    pub at: Timestamp,
}

/// A row, beside whose it is.
#[derive(Serialize, Deserialize)]
struct Row {
    owner: String,
    is_act: bool,
    case: CaseId,
    at: Timestamp,
}

/// Under which name it is kept.
const NAMED: &str = "discard ";

/// Forgets the item, and keeps that it was thrown away: both or neither.
pub(super) fn keep(db: &Connection, owner: &str, discard: &Discard) -> Result<(), JournalError> {
    let Discard { id, case, at } = *discard;
    let row = Row { owner: owner.to_owned(), is_act: matches!(id, ItemId::Act(_)), case, at };
    let row = serde_json::to_string(&row).map_err(|_| JournalError::NoKey)?;
    let both = db.unchecked_transaction()?;
    outbox::forget(&both, id)?;
    both.execute(
        "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![format!("{NAMED}{id}"), row],
    )?;
    Ok(both.commit()?)
}

/// What `owner` threw away and the server has not heard of, in no order that matters.
pub(super) fn kept(db: &Connection, owner: &str) -> Result<Vec<Discard>, JournalError> {
    let mut rows =
        db.prepare("SELECT name, value FROM meta WHERE name >= ?1 AND name < ?1 || 'g' ORDER BY name")?;
    let rows = rows.query_map([NAMED], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut discards = Vec::new();
    for row in rows {
        let (name, value) = row?;
        let id = name.strip_prefix(NAMED);
        let read = id.zip(serde_json::from_str::<Row>(&value).ok()).filter(|(_, row)| row.owner == owner);
        discards.extend(read.and_then(|(id, Row { is_act, case, at, .. })| {
            let id = if is_act { ItemId::Act(id.parse().ok()?) } else { ItemId::Filing(id.parse().ok()?) };
            Some(Discard { id, case, at })
        }));
    }
    Ok(discards)
}

/// The server knows.
pub(super) fn forget(db: &Connection, id: ItemId) -> Result<(), JournalError> {
    db.execute("DELETE FROM meta WHERE name = ?1", [format!("{NAMED}{id}")])?;
    Ok(())
}

/// What is told, one after the other, whenever the server can be spoken to.
#[derive(Debug, Default)]
pub(super) struct Telling {
    untold: VecDeque<Discard>,
    under_way: bool,
    not_before: Moment,
    tries: u32,
    /// It would not hear of it: not before somebody signs in again.
    refused: bool,
}

impl Telling {
    pub(super) fn push(&mut self, discard: Discard) {
        self.untold.push_back(discard);
    }

    /// How much there is to be told.
    pub(super) fn untold(&self) -> usize {
        self.untold.len()
    }

    /// Somebody has signed in, or the server is another.
    pub(super) fn begin_again(&mut self) {
        (self.refused, self.tries, self.not_before) = (false, 0, Duration::ZERO);
    }

    /// What is told now; it counts as under way until [`Telling::told`].
    pub(super) fn next(&mut self, now: Moment) -> Option<Discard> {
        let due = !self.under_way && !self.refused && self.not_before <= now;
        let next = self.untold.front().copied().filter(|_| due);
        self.under_way |= next.is_some();
        next
    }

    /// When there is something to be told again; none where nothing is, or somebody must sign in first.
    pub(super) fn due(&self) -> Option<Moment> {
        let waits = !self.under_way && !self.refused && !self.untold.is_empty();
        waits.then_some(self.not_before)
    }

    /// The server has heard of the first, did not answer, or would not hear of it. `chance` is a random number of 0..1.
    pub(super) fn told(&mut self, how: Heard, now: Moment, chance: f64) -> Option<ItemId> {
        self.under_way = false;
        match how {
            Heard::Yes => {
                self.tries = 0;
                return self.untold.pop_front().map(|discard| discard.id);
            }
            Heard::Nobody => {
                self.not_before = now + full(self.tries, chance);
                self.tries = self.tries.saturating_add(1);
            }
            Heard::No => self.refused = true,
        }
        None
    }
}

/// What came of telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    Yes,
    Nobody,
    No,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::EventId;
    use crate::journal::tests::{li, open, password};

    fn discard(n: u8) -> Discard {
        let (id, case) = (ItemId::Act(EventId::new(1, [n; 10])), CaseId::new(2, [n; 10]));
        Discard { id, case, at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn it_is_kept_until_the_server_knows_and_read_by_nobody_else() {
        let dir = tempfile::tempdir().unwrap();
        let (journal, _) = open(dir.path());
        journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
        journal.discard(discard(1));
        journal.discard(discard(2));
        journal.unlock(&"wu".parse().unwrap(), &password("处处闻啼鸟")).unwrap();
        assert!(journal.discards().unwrap().is_empty());
        drop(journal);
        let (journal, _) = open(dir.path());
        journal.unlock(&li(), &password("春眠不觉晓")).unwrap();
        assert_eq!(journal.discards().unwrap(), [discard(1), discard(2)]);
        journal.discard_is_known(discard(1).id);
        assert_eq!(journal.discards().unwrap(), [discard(2)]);
    }

    #[test]
    fn it_is_told_again_until_it_is_heard() {
        let mut telling = Telling::default();
        telling.push(discard(1));
        telling.push(discard(2));
        let now = Duration::from_secs(5);
        assert_eq!((telling.next(now), telling.next(now)), (Some(discard(1)), None));
        assert_eq!(telling.told(Heard::Nobody, now, 0.5), None);
        assert_eq!((telling.next(now), telling.due()), (None, Some(now + Duration::from_millis(500))));
        let later = now + Duration::from_secs(1);
        assert_eq!(telling.next(later), Some(discard(1)));
        assert_eq!(telling.told(Heard::Yes, later, 0.5), Some(discard(1).id));
        assert_eq!(telling.next(later), Some(discard(2)));
        telling.told(Heard::No, later, 0.5);
        assert_eq!((telling.next(later), telling.due()), (None, None));
        telling.begin_again();
        assert_eq!(telling.next(later), Some(discard(2)));
    }
}

//! What was handed over and is not durable yet: what waits to be written, what is written, and what the sync under way
//! will have made durable. The last change of a record is the only one that counts. It does nothing by itself: the
//! [`super::writer`] writes, and says here how far it has come.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::DraftRecord;
use super::discards::Discard;
use super::outbox::{Item, ItemId, Outbox};
use super::vault::Vault;
use crate::domain::id::CaseId;

/// What a change is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Record {
    // First, so that what was submitted is written before what is typed.
    Item(ItemId),
    Draft(CaseId),
}

/// What is to be written of one record, and with whose keys: those of who was here when it was handed over.
pub(super) enum Change {
    Save(DraftRecord, Option<Arc<Vault>>),
    Put(Box<Item>, Option<Arc<Vault>>),
    Delete,
    Discard(Discard, Option<Arc<Vault>>),
}

/// What a change makes of an item.
pub(super) enum Pending<'a> {
    Is(&'a Item),
    Gone,
    Anothers,
}

impl Change {
    /// What this makes of an item of `owner`.
    fn of(&self, owner: &str) -> Pending<'_> {
        match self {
            Self::Put(item, Some(by)) if by.owner() == owner => Pending::Is(item),
            Self::Delete | Self::Discard(..) => Pending::Gone,
            _ => Pending::Anothers,
        }
    }
}

/// The three, in the order in which a change goes through them.
#[derive(Default)]
pub(super) struct Changes {
    /// Not written yet.
    waiting: BTreeMap<Record, Change>,
    /// Written since the last sync began.
    written: BTreeMap<Record, Change>,
    /// Written before the sync under way began.
    syncing: BTreeMap<Record, Change>,
}

impl Changes {
    /// A change is to be written, whatever waits of the same record.
    pub(super) fn hand_over(&mut self, record: Record, change: Change) {
        self.waiting.insert(record, change);
    }

    /// What is to be written next.
    pub(super) fn first(&self) -> Option<(Record, &Change)> {
        self.waiting.first_key_value().map(|(record, change)| (*record, change))
    }

    /// What waits of an item.
    pub(super) fn of_item(&self, id: ItemId) -> Option<&Change> {
        self.waiting.get(&Record::Item(id))
    }

    /// What waits of an item makes of it for `owner`; none if nothing waits.
    pub(super) fn pending(&self, id: ItemId, owner: &str) -> Option<Pending<'_>> {
        self.of_item(id).map(|change| change.of(owner))
    }

    /// Makes of the outbox of `owner`, as the disk has it, what it will be.
    pub(super) fn lay_over(&self, outbox: &mut Outbox, owner: &str) {
        if self.waiting.is_empty() {
            return;
        }
        let there: BTreeSet<_> = outbox.items.iter().map(|item| item.id).collect();
        outbox.items.retain_mut(|item| match self.pending(item.id, owner) {
            Some(Pending::Is(now)) => {
                *item = now.clone();
                true
            }
            Some(Pending::Gone) => false,
            Some(Pending::Anothers) | None => true,
        });
        let new = self.waiting.values().filter_map(|change| match change.of(owner) {
            Pending::Is(item) if !there.contains(&item.id) => Some(item.clone()),
            _ => None,
        });
        outbox.items.extend(new);
        outbox.items.sort_by_key(|item| item.place);
    }

    /// What waits of this record is written.
    pub(super) fn wrote(&mut self, record: Record) {
        self.written.extend(self.waiting.remove_entry(&record));
    }

    /// A sync begins: it makes durable what is written by now, and nothing that is written from now on.
    pub(super) fn sync_begins(&mut self) {
        self.syncing.append(&mut self.written);
    }

    /// The sync has ended well. Gives the drafts that are durable now, each in the version that is.
    pub(super) fn synced(&mut self) -> BTreeMap<CaseId, u64> {
        let durable = std::mem::take(&mut self.syncing).into_values();
        let drafts = durable.filter_map(|change| match change {
            Change::Save(draft, _) => Some((draft.id, draft.version)),
            _ => None,
        });
        drafts.collect()
    }

    /// Nothing since the last sync that ended well counts as written. The newest change of a record stands.
    pub(super) fn write_again(&mut self) {
        let written = std::mem::take(&mut self.written).into_iter();
        for (record, change) in written.chain(std::mem::take(&mut self.syncing)) {
            self.waiting.entry(record).or_insert(change);
        }
    }
}

//! How what is submitted gets into the outbox, and what is in it: on the disk, or not there yet.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use super::super::changes::{Change, Pending, Record};
use super::super::outbox::{self, Item, ItemId, Outbox};
use super::super::{JournalError, News, NotKept};
use super::{Writer, drop_draft};

impl Writer {
    /// Puts items into the outbox in the transaction that takes their drafts away, and answers once that is durable. If it
    /// fails it is tried again; the drafts stay until then.
    pub(super) fn submit(&mut self, mut items: Vec<Item>, answer: Sender<Result<Vec<Item>, NotKept>>) {
        // What was typed before goes first, so that it is not written after.
        self.write();
        items.iter_mut().for_each(|item| self.give_place(item));
        let Some(vault) = self.vault.clone() else {
            let error = JournalError::Locked;
            (self.news)(News::NotWritten(error.code()));
            let _ = answer.send(Err(NotKept { items, error }));
            return;
        };
        let put = self.whole(|db| {
            for item in &mut items {
                vault.submit(db, item)?;
                drop_draft(db, item.id.draft())?;
            }
            Ok(())
        });
        for item in &items {
            self.changes.hand_over(Record::Draft(item.id.draft()), Change::Delete);
            let put = Change::Put(Box::new(item.clone()), Some(Arc::clone(&vault)));
            self.changes.hand_over(Record::Item(item.id), put);
        }
        if let Err(error) = put {
            self.failed(&error);
            let _ = answer.send(Err(NotKept { items, error }));
            return;
        }
        for item in &items {
            self.changes.wrote(Record::Draft(item.id.draft()));
            self.changes.wrote(Record::Item(item.id));
        }
        let in_memory = if self.keeps { Ok(()) } else { Err(JournalError::InMemory) };
        self.once_durable(move |durable| {
            // An asker that has gone needs no answer.
            let _ = answer.send(match durable.and(in_memory) {
                Ok(()) => Ok(items),
                Err(error) => Err(NotKept { items, error }),
            });
        });
    }

    /// Gives an item its place in the order of submission, if it has none: the one that it had, or the next. It is given here
    /// and not by the disk, which may refuse the item and take it later, behind what was submitted after it.
    pub(super) fn give_place(&mut self, item: &mut Item) {
        if item.place != 0 {
            return;
        }
        let had = match self.changes.of_item(item.id) {
            Some(Change::Put(waiting, _)) => Some(waiting.place),
            Some(_) => None,
            None => outbox::place(&self.db, item.id).unwrap_or_default(),
        };
        item.place = had.unwrap_or_else(|| {
            self.last_place += 1;
            self.last_place
        });
    }

    /// One item of whoever is here, as the disk has it or shall have it.
    pub(super) fn item(&self, id: ItemId) -> Result<Option<Item>, JournalError> {
        let vault = self.vault.as_ref().ok_or(JournalError::Locked)?;
        match self.changes.pending(id, vault.owner()) {
            Some(Pending::Is(item)) => Ok(Some(item.clone())),
            Some(Pending::Gone) => Ok(None),
            Some(Pending::Anothers) | None => vault.one(&self.db, id),
        }
    }

    /// The items of whoever is here, with what the disk has not taken yet.
    pub(super) fn outbox(&self) -> Result<Outbox, JournalError> {
        let vault = self.vault.as_ref().ok_or(JournalError::Locked)?;
        let mut outbox = vault.outbox(&self.db)?;
        self.changes.lay_over(&mut outbox, vault.owner());
        Ok(outbox)
    }
}

//! What a person left here when they were here last, as it is typed on.

use std::collections::{HashMap, HashSet};

use super::screens::intake::{self, Draft, DraftRecordBody};
use crate::journal::outbox::{Item, ItemId, Outbox};
use crate::journal::{DraftRecord, Drafts};

/// The drafts as they are opened again: those that were never submitted, and those that the server refused.
pub(super) fn open_again(drafts: Drafts, outbox: &Outbox) -> Vec<Draft> {
    let drafted = |item: &&Item| matches!(item.id, ItemId::Filing(_)) || !item.parcel.draft.is_empty();
    let submitted: HashMap<_, _> =
        outbox.items.iter().filter(drafted).map(|item| (item.id.draft(), item)).collect();
    let read = |record: DraftRecord| {
        let body: DraftRecordBody<'_> = serde_json::from_str(&record.body).ok()?;
        let mut draft = body.into_draft(record.id, record.version, record.updated_at);
        match submitted.get(&record.id) {
            // It was submitted, and only the disk has kept the draft as well.
            Some(item) if !item.standing.needs_a_person() => return None,
            Some(item) => intake::refuse(&mut draft, item),
            None => {}
        }
        Some(draft)
    };
    let mut open: Vec<_> = drafts.records.into_iter().rev().filter_map(read).collect();
    let refused = submitted.values().filter(|item| item.standing.needs_a_person());
    let there: HashSet<_> = open.iter().filter_map(|draft| draft.id).collect();
    let refused = refused.filter(|item| !there.contains(&item.id.draft()));
    let refused: Vec<_> = refused.filter_map(|item| intake::draft_of(item)).collect();
    open.extend(refused);
    open
}

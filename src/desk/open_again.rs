//! What a person left here when they were here last, as it is typed on.
//!
//! A record that the program does not understand, or breaks on, is no reason to hide it or to begin without the others:
//! what can be read of it is put into a form, and it lies on the disk as it was until the person changes that.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;

use super::screens::intake::{self, Draft, DraftRecordBody};
use crate::domain::id::CaseId;
use crate::journal::crashes::Crashes;
use crate::journal::outbox::{Item, ItemId, Outbox};
use crate::journal::{DraftRecord, Drafts};

/// What is opened again.
#[derive(Debug, Default)]
pub struct OpenedAgain {
    /// Those that were never submitted, and those that the server refused.
    pub drafts: Vec<Draft>,
    /// How many of them are not as they were.
    pub half_read: usize,
    /// How many records do not open at all; they stay as they are.
    pub closed: usize,
    /// Those that the program broke on again and again. They are opened only by a person.
    pub broken: Vec<Broken>,
}

/// A draft that the program broke on, as it lies on the disk, with what the server refused of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// As it was typed.
    pub record: DraftRecord,
    /// As it was submitted, if it was.
    pub refused: Option<Box<Item>>,
}

impl Broken {
    /// The draft, or what can be read of it, to be tried once more; none if nothing can.
    pub fn open(self) -> Option<Draft> {
        let DraftRecord { id, version, updated_at, body } = self.record;
        let mut draft = OpenedAgain::default().read(id, version, updated_at, &body)?;
        if let Some(item) = &self.refused {
            intake::refuse(&mut draft, item);
        }
        Some(draft)
    }
}

/// The drafts as they are opened again, but for those that `crashes` forbids.
pub(super) fn open_again(drafts: Drafts, outbox: &Outbox, crashes: &Crashes) -> OpenedAgain {
    let closed = drafts.damaged + drafts.sealed + outbox.damaged + outbox.sealed;
    let mut opened = OpenedAgain { closed, ..OpenedAgain::default() };
    let drafted = |item: &&Item| matches!(item.id, ItemId::Filing(_)) || !item.parcel.draft.is_empty();
    let submitted: HashMap<_, _> =
        outbox.items.iter().filter(drafted).map(|item| (item.id.draft(), item)).collect();
    for record in drafts.records.into_iter().rev() {
        let item = submitted.get(&record.id);
        // It was submitted, and only the disk has kept the draft as well.
        if item.is_some_and(|item| !item.standing.needs_a_person()) {
            continue;
        }
        if crashes.forbid(record.id, record.version) {
            let refused = item.map(|item| Box::new((*item).clone()));
            opened.broken.push(Broken { record, refused });
            continue;
        }
        let DraftRecord { id, version, updated_at, body } = record;
        let Some(mut draft) = opened.read(id, version, updated_at, &body) else { continue };
        if let Some(item) = item {
            intake::refuse(&mut draft, item);
        }
        opened.drafts.push(draft);
    }
    let broken = opened.broken.iter().map(|broken| broken.record.id);
    let there: HashSet<_> = opened.drafts.iter().filter_map(|draft| draft.id).chain(broken).collect();
    let refused = outbox.items.iter().filter(drafted).filter(|item| item.standing.needs_a_person());
    for item in refused.filter(|item| !there.contains(&item.id.draft())) {
        let body = &item.parcel.draft;
        if crashes.forbid(item.id.draft(), 0) {
            let (id, updated_at) = (item.id.draft(), item.submitted_at);
            let record = DraftRecord { id, version: 0, updated_at, body: body.clone() };
            opened.broken.push(Broken { record, refused: Some(Box::new(item.clone())) });
            continue;
        }
        let Some(mut draft) = opened.read(item.id.draft(), 0, item.submitted_at, body) else { continue };
        intake::refuse(&mut draft, item);
        opened.drafts.push(draft);
    }
    opened
}

impl OpenedAgain {
    /// The draft, or what can be read of it.
    fn read(&mut self, id: CaseId, version: u64, at: Timestamp, body: &str) -> Option<Draft> {
        let tried = |read: &dyn Fn() -> Option<Draft>| catch_unwind(AssertUnwindSafe(read)).ok().flatten();
        let whole = tried(&|| {
            let body: DraftRecordBody<'_> = serde_json::from_str(body).ok()?;
            Some(body.into_draft(id, version, at))
        });
        if whole.is_some() {
            return whole;
        }
        tracing::error!(%id, "a draft is not as this program writes it");
        let part = tried(&|| Some(DraftRecordBody::half_read(body).into_draft(id, version, at)));
        *(if part.is_some() { &mut self.half_read } else { &mut self.closed }) += 1;
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(body: &str) -> OpenedAgain {
        let id = CaseId::new(1_795_424_523_000, [7; 10]);
        let record = DraftRecord { id, version: 3, updated_at: Timestamp::UNIX_EPOCH, body: body.to_owned() };
        let drafts = Drafts { records: vec![record], ..Drafts::default() };
        open_again(drafts, &Outbox::default(), &Crashes::default())
    }

    #[test]
    fn what_a_later_program_or_nobody_wrote_is_opened_as_far_as_it_goes() {
        let whole = serde_json::to_string(&DraftRecordBody::from(&Draft::new())).unwrap();
        assert_eq!(opened(&whole).half_read, 0);
        let mut newer: serde_json::Value = serde_json::from_str(&whole).unwrap();
        newer["text"] = "望湖路路灯不亮".into();
        newer["name"] = "周小满".into();
        newer["channel"] = "hologram".into();
        let newer = opened(&newer.to_string());
        let form = &newer.drafts[0].form;
        assert_eq!((newer.half_read, form.text.text(), form.name.text()), (1, "望湖路路灯不亮", "周小满"));
        assert_eq!(newer.drafts[0].changes, 3);
        for not_a_draft in ["", "{", "[1]", "\"路灯\"", "{\"text\":7,\"caret\":-1}", "路灯不亮"] {
            let opened = opened(not_a_draft);
            assert_eq!((opened.half_read, opened.drafts[0].form.text.text()), (1, not_a_draft));
        }
    }
}

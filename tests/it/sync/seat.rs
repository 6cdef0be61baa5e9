//! A desk of a day: a real journal, a real sender, and what its person was told.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use huiyin::client::ClientError;
use huiyin::clock::Clock;
use huiyin::domain::epoch::Epoch;
use huiyin::domain::id::{CaseId, DeskId};
use huiyin::domain::secret::Secret;
use huiyin::journal::discards::Discard;
use huiyin::journal::outbox::{Item, ItemId, Standing};
use huiyin::journal::sender::{Sender, Step, Told};
use huiyin::journal::{DraftRecord, Journal, News, NotKept};
use huiyin::wire::case::{CaseView, NewCase};
use rusqlite::Connection;
use tempfile::TempDir;

use super::ground::{Ground, PASSWORD, PEOPLE, REALM};

/// Every write of the journal fails while these are there.
const BROKEN: [&str; 4] = ["INSERT ON outbox", "UPDATE ON outbox", "INSERT ON draft", "UPDATE ON beat"];

/// A draft on the screen.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) version: u64,
    pub(super) case: NewCase,
}

/// What a desk sends.
pub(super) enum Goes {
    Item(Box<Item>),
    Discard(Discard),
    Probe,
    Nothing,
}

pub(super) struct Seat {
    pub(super) who: usize,
    pub(super) folder: TempDir,
    pub(super) journal: Arc<Journal>,
    pub(super) sender: Sender,
    pub(super) desk: DeskId,
    news: Arc<Mutex<Vec<News>>>,
    pub(super) token: Option<Secret>,
    /// The epoch of the server, by its last word.
    pub(super) epoch: Option<Epoch>,
    pub(super) dark: bool,
    pub(super) broken: bool,
    /// Counts its starts: what was sent before one is answered to nobody.
    pub(super) life: u32,
    pub(super) drafts: BTreeMap<CaseId, Draft>,
    /// The version of each draft of which it was said that it is written.
    pub(super) said: BTreeMap<CaseId, u64>,
    /// What the screen shows as waiting for the person.
    pub(super) aside: BTreeMap<ItemId, Item>,
    /// The version of each case that was seen last.
    pub(super) views: BTreeMap<CaseId, u32>,
    /// The number of each case that was told as confirmed, by which server and in which life.
    pub(super) numbers: BTreeMap<CaseId, (String, Option<Epoch>, u32)>,
    /// What is in the outbox by the word of the journal.
    pub(super) durable: BTreeSet<ItemId>,
}

impl Seat {
    pub(super) fn open(who: usize, folder: TempDir, clock: &Clock, life: u32) -> Self {
        let news: Arc<Mutex<Vec<News>>> = Arc::default();
        let told = Arc::clone(&news);
        let tell = move |news| told.lock().unwrap().push(news);
        let journal = Arc::new(Journal::open(folder.path(), REALM, clock, tell).unwrap());
        journal.unlock(&PEOPLE[who].parse().unwrap(), &Secret::new(PASSWORD.to_owned())).unwrap();
        let outbox = journal.outbox().unwrap();
        assert_eq!((outbox.damaged, outbox.sealed), (0, 0));
        let aside = outbox.items.iter().filter(|item| item.standing.needs_a_person());
        let aside = aside.map(|item| (item.id, item.clone())).collect();
        let durable = outbox.items.iter().map(|item| item.id).collect();
        let drafts = journal.drafts().unwrap().records;
        let said = drafts.iter().map(|draft| (draft.id, draft.version)).collect();
        let read = |record: DraftRecord| {
            let case = serde_json::from_str(&record.body).unwrap();
            (record.id, Draft { version: record.version, case })
        };
        let drafts = drafts.into_iter().map(read).collect();
        let mut sender = Sender::new(Arc::clone(&journal));
        sender.load(outbox, journal.discards().unwrap(), clock.now());
        let (desk, epoch) = (journal.desk().unwrap(), journal.epoch().unwrap());
        Self {
            who,
            folder,
            journal,
            sender,
            desk,
            news,
            token: None,
            epoch,
            dark: false,
            broken: false,
            life,
            drafts,
            said,
            aside,
            views: BTreeMap::new(),
            numbers: BTreeMap::new(),
            durable,
        }
    }

    pub(super) fn new(who: usize, clock: &Clock) -> Self {
        Self::open(who, Ground::journal(who), clock, 0)
    }

    pub(super) fn save(&mut self, id: CaseId, clock: &Clock) {
        let draft = &self.drafts[&id];
        let body = serde_json::to_string(&draft.case).unwrap();
        let (version, updated_at) = (draft.version, clock.now());
        self.journal.save_draft(DraftRecord { id, version, updated_at, body });
    }

    /// Hands an item to the outbox as the desk does.
    pub(super) fn submit(&mut self, item: Item) {
        let id = item.id;
        self.aside.remove(&id);
        match self.journal.submit(item) {
            Ok(item) => {
                self.durable.insert(id);
                self.sender.submitted(item);
            }
            Err(NotKept { items, .. }) => {
                assert!(self.broken, "the journal refuses {id} though its disk is sound");
                items.into_iter().for_each(|item| self.sender.submitted(item));
            }
        }
    }

    /// What it does now, with the item that goes, as the courier reads it.
    pub(super) fn step(&mut self, now: Duration) -> Goes {
        match self.sender.step(now) {
            Step::Wait(_) => Goes::Nothing,
            Step::Probe => Goes::Probe,
            Step::Tell(discard) => Goes::Discard(discard),
            Step::Send(id, held) => {
                let chain = self.sender.chain(id);
                let item = held.or_else(|| self.journal.item(id).unwrap().map(Box::new));
                let item = item.unwrap_or_else(|| panic!("{id} is to be sent and is not there"));
                Goes::Item(Box::new(chain.ready(*item)))
            }
        }
    }

    /// Takes an answer in; says what is wrong with what the person is told.
    pub(super) fn answered(
        &mut self,
        item: Box<Item>,
        answer: Result<Box<CaseView>, ClientError>,
        (now, clock, chance): (Duration, &Clock, f64),
    ) -> Result<(), String> {
        match self.sender.answered(item, answer, now, clock.now(), chance) {
            Some(Told::Accepted { item, case, .. }) => {
                self.views.insert(item.case, case.row.version);
                let number = case.row.number.to_string();
                let now = (number.clone(), self.epoch, self.life);
                if let Some((before, epoch, life)) = self.numbers.insert(item.case, now)
                    && before != number
                {
                    // A number that the server gave may be another once it is put back. Then the person is told to call
                    // back, by a desk that was not killed before it had written the first.
                    let told = item.parcel.number.as_ref().is_some_and(|told| told.to_string() == before);
                    if epoch == self.epoch || !told && life == self.life {
                        let case = item.case;
                        return Err(format!("I2: {case} was confirmed as {before} and then as {number}"));
                    }
                }
            }
            Some(Told::Aside { item, .. }) => {
                self.aside.insert(item.id, *item);
            }
            Some(Told::Waits { .. } | Told::Outlook(_)) | None => {}
        }
        Ok(())
    }

    /// The server says which it is, as each of its answers does.
    pub(super) fn hear(&mut self, epoch: Epoch) {
        if self.epoch == Some(epoch) {
            return;
        }
        if self.epoch.replace(epoch).is_some() {
            self.sender.send_again(self.journal.outbox().unwrap());
        }
        self.journal.keep_epoch(epoch);
    }

    /// Waits until the journal has written what it was told, and takes in what it says of it.
    pub(super) fn listen(&mut self) {
        // One thread answers, in order, and writes before it reads.
        self.journal.drafts().unwrap();
        for news in std::mem::take(&mut *self.news.lock().unwrap()) {
            if let News::Written { id, version } = news {
                self.said.insert(id, version);
            }
        }
    }

    /// Makes every write fail, or no longer.
    pub(super) fn break_disk(&mut self, broken: bool) {
        self.broken = broken;
        set_broken(self.folder.path(), broken);
    }

    /// What a killed process leaves.
    pub(super) fn left_behind(&mut self) -> TempDir {
        self.listen();
        let left = super::ground::folder();
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), left.path().join(entry.file_name())).unwrap();
        }
        if self.broken {
            set_broken(left.path(), false);
        }
        left
    }

    /// Items that nothing holds up and that are not confirmed.
    pub(super) fn held_up_by_nobody(&self) -> Vec<ItemId> {
        let items = self.journal.outbox().unwrap().items;
        let aside: Vec<_> = items.iter().filter(|item| item.standing.needs_a_person()).collect();
        let waits = items.iter().filter(|item| item.standing == Standing::Waiting);
        let is_free = |item: &&Item| aside.iter().all(|at| at.case != item.case || at.place > item.place);
        waits.filter(is_free).map(|item| item.id).collect()
    }
}

fn set_broken(folder: &Path, broken: bool) {
    let db = Connection::open(folder.join("drafts.db")).unwrap();
    for (n, what) in BROKEN.into_iter().enumerate() {
        let change = if broken {
            format!(
                "CREATE TRIGGER IF NOT EXISTS broken_{n} BEFORE {what} BEGIN SELECT RAISE(ABORT, 'disk'); END"
            )
        } else {
            format!("DROP TRIGGER IF EXISTS broken_{n}")
        };
        db.execute(&change, []).unwrap();
    }
}

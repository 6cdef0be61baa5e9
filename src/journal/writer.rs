//! The journal's thread: takes requests, writes at once, makes durable by a deadline.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension as _};

use super::discards::{self, Discard};
use super::open::{self, Opened};
use super::outbox::{self, Item, ItemId, Outbox};
use super::password::{self, Step};
use super::vault::Vault;
use super::{DraftRecord, Drafts, JournalError, News, NotKept, SetAside, own, person, rotation, station};
use crate::clock::Clock;
use crate::domain::account::AccountName;
use crate::domain::epoch::Epoch;
use crate::domain::id::{CaseId, DeskId};
use crate::domain::number::CaseNumber;
use crate::domain::secret::Secret;
use crate::wire::account::Account;
use crate::wire::station::StationLease;

/// Everything is durable this long after the first change that is not: a deadline, which typing on does not move.
const DURABLE_WITHIN: Duration = Duration::from_millis(500);
/// How long to wait after a failed write before the next try.
const RETRY: Duration = Duration::from_secs(1);

/// What the thread is asked for.
pub(super) enum Request {
    Desk(Sender<DeskId>),
    SetAside(Sender<Option<SetAside>>),
    Unlock {
        account: AccountName,
        password: Secret,
        answer: Answer<()>,
    },
    Check {
        account: AccountName,
        password: Secret,
        answer: Answer<()>,
    },
    Password(Step),
    BeginAnew {
        account: AccountName,
        password: Secret,
        answer: Answer<()>,
    },
    UnlockOffline {
        account: AccountName,
        password: Secret,
        now: Timestamp,
        answer: Answer<(Account, Timestamp)>,
    },
    KeepPerson {
        account: Account,
        now: Timestamp,
        answer: Answer<()>,
    },
    Epoch(Answer<Option<Epoch>>),
    KeepEpoch(Epoch),
    Lock,
    Submit(Vec<Item>, Sender<Result<Vec<Item>, NotKept>>),
    Put(Box<Item>),
    Forget(ItemId),
    Discard(Discard),
    Discards(Answer<Vec<Discard>>),
    DiscardIsKnown(ItemId),
    ForgetConfirmed(Timestamp),
    Outbox(Answer<Outbox>),
    Item(ItemId, Answer<Option<Item>>),
    KeepOwn {
        name: &'static str,
        text: Secret,
        answer: Answer<()>,
    },
    Own(&'static str, Answer<Option<String>>),
    Save(DraftRecord),
    Delete(CaseId),
    Drafts(Answer<Drafts>),
    Flush(Answer<()>),
    Lease {
        now: Timestamp,
        answer: Answer<Option<StationLease>>,
    },
    KeepLease {
        lease: StationLease,
        answer: Answer<()>,
    },
    IssueNumber {
        now: Timestamp,
        zone: TimeZone,
        answer: Answer<Option<CaseNumber>>,
    },
}

type Answer<T> = Sender<Result<T, JournalError>>;

/// What a change is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Record {
    // First, so that what was submitted is written before what is typed.
    Item(ItemId),
    Draft(CaseId),
}

/// What is to be written of one record, and with whose keys: those of who was here when it was handed over.
enum Change {
    Save(DraftRecord, Option<Arc<Vault>>),
    Put(Box<Item>, Option<Arc<Vault>>),
    Delete,
    Discard(Discard, Option<Arc<Vault>>),
}

/// What a change makes of an item.
enum Pending<'a> {
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

pub(super) struct Writer {
    path: PathBuf,
    db: Connection,
    desk: DeskId,
    set_aside: Option<SetAside>,
    realm: String,
    clock: Clock,
    news: Box<dyn Fn(News) + Send>,
    /// Whether there is a disk: without one nothing is called written.
    keeps: bool,
    vault: Option<Arc<Vault>>,
    /// Not written yet; the last change of each record is the only one that counts.
    waiting: BTreeMap<Record, Change>,
    /// Written and not durable yet: written once more if the disk fails to make it so.
    written: BTreeMap<Record, Change>,
    /// The last place in the order of submission that was given.
    last_place: i64,
    /// The epoch of the server, not written yet.
    new_epoch: Option<Epoch>,
    /// The disk has failed to make something durable: [`Writer::begin_afresh`] first.
    distrusted: bool,
    /// When what is written must be durable; none if it is.
    durable_by: Option<Instant>,
    /// When to try again after a failure.
    retry_at: Option<Instant>,
}

impl Writer {
    pub(super) fn new(opened: Opened, realm: String, clock: Clock, news: Box<dyn Fn(News) + Send>) -> Self {
        let Opened { path, connection: db, desk, last_place, set_aside, keeps } = opened;
        Self {
            path,
            db,
            desk,
            set_aside,
            realm,
            clock,
            news,
            keeps,
            vault: None,
            waiting: BTreeMap::new(),
            written: BTreeMap::new(),
            last_place,
            new_epoch: None,
            distrusted: false,
            durable_by: None,
            retry_at: None,
        }
    }

    pub(super) fn run(mut self, queue: &Receiver<Request>) {
        if !self.keeps {
            (self.news)(News::NotWritten(JournalError::InMemory.code()));
        }
        loop {
            // After a failure nothing is due before the next try.
            let wake = self.retry_at.or(self.durable_by);
            let first = match wake {
                // Nothing is due: sleep until somebody asks.
                None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => queue.recv_timeout(at.saturating_duration_since(Instant::now())),
            };
            match first {
                Ok(first) => {
                    self.take(first);
                    // What came meanwhile is written in the same go.
                    while let Ok(next) = queue.try_recv() {
                        self.take(next);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            let now = Instant::now();
            if self.retry_at.is_none_or(|at| at <= now) {
                self.write();
            }
            if self.durable_by.is_some_and(|at| at <= now) && self.retry_at.is_none() {
                self.make_durable();
            }
            if self.durable_by.is_none() && self.retry_at.is_none() {
                self.keep_the_log_short();
            }
        }
        self.write();
        self.make_durable();
    }

    #[expect(clippy::too_many_lines, reason = "a table: one arm a request")]
    fn take(&mut self, request: Request) {
        // An asker that has gone needs no answer.
        match request {
            Request::Desk(answer) => {
                let _ = answer.send(self.desk);
            }
            Request::SetAside(answer) => {
                let _ = answer.send(self.set_aside.clone());
            }
            Request::Save(draft) => {
                let by = self.vault.clone();
                self.waiting.insert(Record::Draft(draft.id), Change::Save(draft, by));
            }
            Request::Delete(id) => {
                self.waiting.insert(Record::Draft(id), Change::Delete);
            }
            Request::Submit(items, answer) => {
                let _ = answer.send(self.submit(items));
            }
            Request::Put(mut item) => {
                self.give_place(&mut item);
                let by = self.vault.clone();
                self.waiting.insert(Record::Item(item.id), Change::Put(item, by));
            }
            Request::Forget(id) => {
                self.waiting.insert(Record::Item(id), Change::Delete);
            }
            Request::Discard(discard) => {
                let by = self.vault.clone();
                self.waiting.insert(Record::Item(discard.id), Change::Discard(discard, by));
            }
            Request::Discards(answer) => {
                self.write();
                let vault = self.vault.as_ref().ok_or(JournalError::Locked);
                let _ = answer.send(vault.and_then(|vault| discards::kept(&self.db, vault.owner())));
            }
            Request::DiscardIsKnown(id) => {
                if let Err(error) = discards::forget(&self.db, id) {
                    tracing::warn!(code = error.code(), "that something was thrown away is told again");
                }
            }
            Request::ForgetConfirmed(limit) => {
                if let Err(error) = outbox::forget_confirmed(&self.db, limit) {
                    tracing::warn!(code = error.code(), "what was confirmed long ago is still kept");
                }
            }
            Request::Outbox(answer) => {
                self.write();
                let _ = answer.send(self.outbox());
            }
            Request::Epoch(answer) => {
                self.write();
                let _ = answer.send(self.epoch());
            }
            Request::KeepEpoch(epoch) => self.new_epoch = Some(epoch),
            Request::Item(id, answer) => {
                self.write();
                let _ = answer.send(self.item(id));
            }
            Request::KeepPerson { account, now, answer } => {
                let kept = self.vault.as_ref().ok_or(JournalError::Locked);
                let kept = kept.and_then(|vault| person::keep(&self.db, vault, &account, now));
                let _ = answer.send(kept);
            }
            Request::UnlockOffline { account, password, now, answer } => {
                self.write();
                let owner = self.owner(&account);
                let opened = person::open(&self.db, owner, &password, now);
                let _ = answer.send(opened.map(|(vault, account, at)| {
                    self.vault = Some(Arc::new(vault));
                    (account, at)
                }));
            }
            Request::Lock => {
                self.write();
                self.make_durable();
                self.vault = None;
            }
            Request::Unlock { account, password, answer } => {
                let now = self.clock.now();
                let vault =
                    self.changed_key(|db, owner| rotation::unlock(db, owner, &password, now), &account);
                let _ = answer.send(vault);
            }
            Request::BeginAnew { account, password, answer } => {
                let vault = self.changed_key(|db, owner| Vault::begin(db, owner, &password), &account);
                let _ = answer.send(vault);
            }
            Request::Check { account, password, answer } => {
                self.write();
                let _ = answer.send(Vault::check(&self.db, &self.owner(&account), &password));
            }
            Request::Password(Step::Wrap { account, old, new, answer }) => {
                let owner = self.owner(&account);
                let wrapped = if self.keeps {
                    self.durably(|db| password::wrap(db, &owner, &old, &new))
                } else {
                    // What lies on the disk would open by the old one only.
                    Err(JournalError::InMemory)
                };
                let _ = answer.send(wrapped);
            }
            Request::Password(Step::Settle(second, answer)) => {
                let _ = answer.send(self.durably(|db| password::settle(db, &second)));
            }
            Request::Password(Step::Withdraw(second, answer)) => {
                let _ = answer.send(self.durably(|db| password::withdraw(db, &second)));
            }
            Request::Drafts(answer) => {
                self.write();
                let drafts = self.vault.as_ref().ok_or(JournalError::Locked).and_then(|v| v.drafts(&self.db));
                let _ = answer.send(drafts);
            }
            Request::KeepOwn { name, text, answer } => {
                let vault = self.vault.clone().ok_or(JournalError::Locked);
                let kept =
                    vault.and_then(|vault| self.durably(|db| own::keep(db, &vault, name, text.expose())));
                let _ = answer.send(kept);
            }
            Request::Own(name, answer) => {
                let vault = self.vault.as_ref().ok_or(JournalError::Locked);
                let _ = answer.send(vault.and_then(|vault| own::read(&self.db, vault, name)));
            }
            Request::Flush(answer) => {
                let _ = answer.send(self.flush());
            }
            Request::Lease { now, answer } => {
                let _ = answer.send(station::lease(&self.db, &self.realm, now));
            }
            Request::KeepLease { lease, answer } => {
                let realm = self.realm.clone();
                let _ = answer.send(self.durably(|db| station::keep(db, &realm, &lease)));
            }
            Request::IssueNumber { now, zone, answer } => {
                let realm = self.realm.clone();
                let _ = answer.send(self.durably(|db| station::issue(db, &realm, now, &zone)));
            }
        }
    }

    /// One item of whoever is here, as the disk has it or shall have it.
    fn item(&self, id: ItemId) -> Result<Option<Item>, JournalError> {
        let vault = self.vault.as_ref().ok_or(JournalError::Locked)?;
        match self.waiting.get(&Record::Item(id)).map(|change| change.of(vault.owner())) {
            Some(Pending::Is(item)) => Ok(Some(item.clone())),
            Some(Pending::Gone) => Ok(None),
            Some(Pending::Anothers) | None => vault.one(&self.db, id),
        }
    }

    /// The items of whoever is here, with what the disk has not taken yet.
    fn outbox(&self) -> Result<Outbox, JournalError> {
        let vault = self.vault.as_ref().ok_or(JournalError::Locked)?;
        let mut outbox = vault.outbox(&self.db)?;
        if self.waiting.is_empty() {
            return Ok(outbox);
        }
        let there: BTreeSet<_> = outbox.items.iter().map(|item| item.id).collect();
        let pending = |id| self.waiting.get(&Record::Item(id)).map(|change| change.of(vault.owner()));
        outbox.items.retain_mut(|item| match pending(item.id) {
            Some(Pending::Is(now)) => {
                *item = now.clone();
                true
            }
            Some(Pending::Gone) => false,
            Some(Pending::Anothers) | None => true,
        });
        let new = self.waiting.values().filter_map(|change| match change.of(vault.owner()) {
            Pending::Is(item) if !there.contains(&item.id) => Some(item.clone()),
            _ => None,
        });
        outbox.items.extend(new);
        outbox.items.sort_by_key(|item| item.place);
        Ok(outbox)
    }

    fn changed_key(
        &mut self,
        work: impl FnOnce(&Connection, String) -> Result<Vault, JournalError>,
        account: &AccountName,
    ) -> Result<(), JournalError> {
        // What the last account left is written with its own key.
        self.write();
        let owner = self.owner(account);
        let vault = self.durably(|db| work(db, owner))?;
        self.vault = Some(Arc::new(vault));
        Ok(())
    }

    /// Whose keys and drafts: an account of this server, not of another.
    fn owner(&self, account: &AccountName) -> String {
        format!("{account} {}", self.realm)
    }

    /// The epoch of this realm's server, as it was known last.
    fn epoch(&self) -> Result<Option<Epoch>, JournalError> {
        let kept: Option<String> = self
            .db
            .query_row("SELECT value FROM meta WHERE name = ?1", [self.epoch_name()], |row| row.get(0))
            .optional()?;
        Ok(kept.and_then(|epoch| epoch.parse().ok()))
    }

    fn keep_epoch(&self, epoch: Epoch) -> Result<(), JournalError> {
        let kept = "INSERT INTO meta (name, value) VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.db.execute(kept, [self.epoch_name(), epoch.to_string()])?;
        Ok(())
    }

    fn epoch_name(&self) -> String {
        format!("epoch {}", self.realm)
    }

    /// Puts items into the outbox in the transaction that takes their drafts away, and makes all of it durable. If that
    /// fails it is tried again; the drafts stay until then.
    fn submit(&mut self, mut items: Vec<Item>) -> Result<Vec<Item>, NotKept> {
        // What was typed before goes first, so that it is not written after.
        self.write();
        items.iter_mut().for_each(|item| self.give_place(item));
        let Some(vault) = self.vault.clone() else {
            (self.news)(News::NotWritten(JournalError::Locked.code()));
            return Err(NotKept { items, error: JournalError::Locked });
        };
        let put = self.durably(|db| {
            for item in &mut items {
                vault.submit(db, item)?;
                drop_draft(db, item.id.draft())?;
            }
            Ok(())
        });
        match put {
            Ok(()) => {
                for item in &items {
                    self.waiting.remove(&Record::Draft(item.id.draft()));
                }
                self.is_durable();
                if self.keeps { Ok(items) } else { Err(NotKept { items, error: JournalError::InMemory }) }
            }
            Err(error) => {
                for item in &items {
                    self.waiting.insert(Record::Draft(item.id.draft()), Change::Delete);
                    let put = Change::Put(Box::new(item.clone()), Some(Arc::clone(&vault)));
                    self.waiting.insert(Record::Item(item.id), put);
                }
                self.failed(&error);
                Err(NotKept { items, error })
            }
        }
    }

    /// Gives an item its place in the order of submission, if it has none: the one that it had, or the next. It is given here
    /// and not by the disk, which may refuse the item and take it later, behind what was submitted after it.
    fn give_place(&mut self, item: &mut Item) {
        if item.place != 0 {
            return;
        }
        let had = match self.waiting.get(&Record::Item(item.id)) {
            Some(Change::Put(waiting, _)) => Some(waiting.place),
            Some(_) => None,
            None => outbox::place(&self.db, item.id).unwrap_or_default(),
        };
        item.place = had.unwrap_or_else(|| {
            self.last_place += 1;
            self.last_place
        });
    }

    fn flush(&mut self) -> Result<(), JournalError> {
        self.try_write()?;
        self.durably(beat)?;
        self.retry_at = None;
        self.is_durable();
        Ok(())
    }

    fn write(&mut self) {
        match self.try_write() {
            Ok(()) => self.retry_at = None,
            Err(error) => self.failed(&error),
        }
    }

    /// Writes what waits, each record by itself and items before drafts, without waiting for the disk. Then the epoch: once
    /// it is there, nothing is sent again for it.
    fn try_write(&mut self) -> Result<(), JournalError> {
        self.begin_afresh()?;
        while let Some((record, change)) = self.waiting.first_key_value() {
            let record = *record;
            let mut told = None;
            match change {
                Change::Delete => match record {
                    Record::Draft(id) => drop_draft(&self.db, id)?,
                    Record::Item(id) => outbox::forget(&self.db, id)?,
                },
                Change::Discard(discard, by) => {
                    let vault = sealer(by.as_ref(), self.vault.as_ref())?;
                    discards::keep(&self.db, vault.owner(), discard)?;
                }
                Change::Save(draft, by) => {
                    let vault = sealer(by.as_ref(), self.vault.as_ref())?;
                    vault.save(&self.db, draft)?;
                    told = Some(if self.keeps {
                        News::Written { id: draft.id, version: draft.version }
                    } else {
                        News::NotWritten(JournalError::InMemory.code())
                    });
                }
                Change::Put(item, by) => {
                    let vault = sealer(by.as_ref(), self.vault.as_ref())?;
                    vault.put(&self.db, item)?;
                }
            }
            self.written.extend(self.waiting.remove_entry(&record));
            self.durable_by.get_or_insert_with(|| Instant::now() + DURABLE_WITHIN);
            told.into_iter().for_each(&self.news);
        }
        if let Some(epoch) = self.new_epoch {
            self.keep_epoch(epoch)?;
            self.new_epoch = None;
        }
        Ok(())
    }

    fn make_durable(&mut self) {
        if self.durable_by.is_none() {
            return;
        }
        match self.durably(beat) {
            Ok(()) => self.is_durable(),
            Err(error) => self.failed(&error),
        }
    }

    /// Empties the log once it is long, while everything in it is durable: then a sync that fails here takes nothing.
    fn keep_the_log_short(&mut self) {
        if self.keeps && open::has_a_long_log(&self.path) {
            match open::empty_the_log(&self.db) {
                Err(error) if error.is_of_the_disk() => {
                    self.distrusted = true;
                    self.failed(&error);
                }
                // Somebody reads it: another time.
                Ok(()) | Err(_) => {}
            }
        }
    }

    /// A commit was made durable, and with it everything written before.
    fn is_durable(&mut self) {
        self.written.clear();
        if self.waiting.is_empty() {
            self.durable_by = None;
            if self.keeps {
                (self.news)(News::Durable);
            }
        }
        // Now, for whoever types on leaves no moment in which nothing waits.
        self.keep_the_log_short();
    }

    /// Runs `work` in a transaction that is on the disk when this returns, and with it everything written before. Where
    /// the disk fails at that, nothing since the last success counts as written.
    fn durably<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        if self.distrusted {
            self.try_write()?;
        }
        let done = durably(&self.db, work);
        if done.as_ref().is_err_and(JournalError::is_of_the_disk) {
            self.distrusted = true;
            self.durable_by.get_or_insert_with(Instant::now);
            for (record, change) in std::mem::take(&mut self.written) {
                self.waiting.entry(record).or_insert(change);
            }
        }
        done
    }

    /// After a sync that failed the system may have dropped what it could not write, and it tells of that once: the next
    /// sync succeeds over the gap. So the file is opened anew, what its log holds goes into the file itself, and the log
    /// begins again; what was written since the last success is then written once more.
    fn begin_afresh(&mut self) -> Result<(), JournalError> {
        if self.distrusted {
            let db = open::connect(&self.path)?;
            open::empty_the_log(&db)?;
            self.db = db;
            self.distrusted = false;
            tracing::warn!("the journal was opened anew, for the disk had failed");
        }
        Ok(())
    }

    fn failed(&mut self, error: &JournalError) {
        self.retry_at = Some(Instant::now() + RETRY);
        tracing::error!(code = error.code(), "a draft is not written");
        (self.news)(News::NotWritten(error.code()));
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Nobody would tell otherwise, and the person would type on.
        if std::thread::panicking() {
            (self.news)(News::NotWritten(JournalError::Stopped.code()));
        }
    }
}

/// Whose keys seal what was handed over: those of who was here then, by the newest key that is open to them.
fn sealer<'a>(by: Option<&'a Arc<Vault>>, here: Option<&'a Arc<Vault>>) -> Result<&'a Vault, JournalError> {
    let renewed = here.filter(|here| by.is_none_or(|by| by.owner() == here.owner()));
    renewed.or(by).map(Arc::as_ref).ok_or(JournalError::Locked)
}

/// Runs `work` in a transaction that is on the disk when this returns, and with it everything written before.
fn durably<T>(
    db: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, JournalError>,
) -> Result<T, JournalError> {
    db.pragma_update(None, "synchronous", "full")?;
    let done = (|| {
        let transaction = db.unchecked_transaction()?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    })();
    db.pragma_update(None, "synchronous", "normal")?;
    done
}

fn drop_draft(db: &Connection, id: CaseId) -> Result<(), JournalError> {
    db.prepare_cached("DELETE FROM draft WHERE id = ?1")?.execute([id.to_string()])?;
    Ok(())
}

/// A change for its own sake: one durable commit makes durable all that came before it.
fn beat(db: &Connection) -> Result<(), JournalError> {
    db.execute("UPDATE beat SET n = n + 1 WHERE id = 1", [])?;
    Ok(())
}

//! The desk's own store: what a person typed and the server has not confirmed, sealed on disk; and how it gets there.
//!
//! A draft lies here from the first key on; submitting it moves it into the [`outbox`] in one transaction, and the
//! [`courier`] sends it until the server has it. [`schedule`] says what goes when, `sender` what an answer means: both wait
//! for nothing and touch no network.
//!
//! One SQLite file, one lock, one thread that writes. [`Journal::save_draft`] only hands over; the thread writes each draft
//! at once (a killed process loses nothing that was written) and has everything made durable half a second after the
//! first unsaved change (a power cut loses no more); it does not wait for that, the `syncer` does. Each record is sealed
//! with a key that only the account's password unwraps. The desk's identity, its station and the last second it issued a
//! number for are kept here too, unsealed: they say nothing about anybody. What can be fetched again is in [`cache`], in
//! another folder.

mod before;
pub mod cache;
pub mod chain;
mod changes;
pub mod courier;
pub mod crashes;
pub mod discards;
mod epoch;
mod error;
#[cfg(test)]
mod golden;
pub mod greeted;
mod news;
mod open;
pub mod outbox;
mod own;
mod password;
mod person;
mod request;
mod rotation;
pub mod schedule;
mod schema;
mod seal;
pub mod sender;
mod station;
mod syncer;

#[cfg(test)]
mod tests;
pub mod uses;
mod vault;
mod writer;

use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock::Clock;
use crate::domain::account::AccountName;
use crate::domain::epoch::Epoch;
use crate::domain::id::{CaseId, DeskId};
use crate::domain::number::CaseNumber;
use crate::domain::secret::Secret;
use crate::wire::account::Account;
use crate::wire::station::StationLease;
use discards::Discard;
use outbox::{Item, ItemId, Outbox};

pub use error::JournalError;
pub use news::News;
pub use open::SetAside;
pub use password::{NotChanged, change_password};

use request::Request;

/// A draft as it is kept. `Debug` says nothing of what was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftRecord {
    /// The case it will be; made at the first keystroke and never changed.
    pub id: CaseId,
    /// Counts the changes of this draft; an older version never replaces a newer one.
    pub version: u64,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// What was typed, where the caret stands, which field has the focus: the desk's own JSON.
    pub body: String,
}

impl std::fmt::Debug for DraftRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DraftRecord")
            .field("id", &self.id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// The drafts of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drafts {
    /// Those that could be opened, the newest first.
    pub records: Vec<DraftRecord>,
    /// How many are damaged; they stay where they are.
    pub damaged: usize,
    /// How many are sealed with an earlier password that was not given.
    pub sealed: usize,
}

/// What was submitted is not on the disk.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct NotKept {
    /// As they will be written once the disk takes them.
    pub items: Vec<Item>,
    /// Why not.
    pub error: JournalError,
}

/// The open journal. Dropping it writes what is left, durably, and frees the lock.
#[derive(Debug)]
pub struct Journal {
    requests: Sender<Request>,
    thread: Option<JoinHandle<()>>,
    failure: Arc<Mutex<Option<JournalError>>>,
    /// Says that a person goes on without a disk; dropped, that they do not.
    without_disk: Mutex<Option<Sender<()>>>,
    /// Held for as long as the journal is open; the system frees it even when the process is killed. None where there is no
    /// disk to hold it on.
    _lock: Option<File>,
}

impl Journal {
    /// Takes the lock of the journal in the folder `dir` and opens it on its own thread, for the cases of `realm`: the
    /// address of a server, or a word for the embedded one. `news` is called on that thread and must not wait. If the
    /// file cannot be opened, it is told [`News::NotOpened`], and every question is answered with
    /// [`JournalError::Stopped`].
    pub fn open(
        dir: &Path,
        realm: &str,
        clock: &Clock,
        news: impl Fn(News) + Send + 'static,
    ) -> Result<Self, JournalError> {
        let lock = open::take_lock(dir)?;
        let journal = Self::start(dir, realm, clock, news, Ok(lock))?;
        journal.give_up();
        Ok(journal)
    }

    /// The same for somebody who can be asked: where the disk does not let it be opened, the thread tells
    /// [`News::NoDisk`] and does nothing before [`Journal::go_on_in_memory`] or [`Journal::give_up`].
    pub fn open_or_ask(
        dir: &Path,
        realm: &str,
        clock: &Clock,
        news: impl Fn(News) + Send + 'static,
    ) -> Result<Self, JournalError> {
        let lock = match open::take_lock(dir) {
            Err(error) if !error.is_of_the_place() => return Err(error),
            taken => taken,
        };
        Self::start(dir, realm, clock, news, lock)
    }

    fn start(
        dir: &Path,
        realm: &str,
        clock: &Clock,
        news: impl Fn(News) + Send + 'static,
        lock: Result<File, JournalError>,
    ) -> Result<Self, JournalError> {
        let (requests, queue) = mpsc::channel();
        let own = requests.clone();
        let (without_disk, wanted) = mpsc::channel();
        let failure: Arc<Mutex<Option<JournalError>>> = Arc::default();
        let (why_not, dir, realm, clock) =
            (Arc::clone(&failure), dir.to_owned(), realm.to_owned(), clock.clone());
        let (lock, no_lock) = match lock {
            Ok(lock) => (Some(lock), None),
            Err(error) => (None, Some(error)),
        };
        let work = move || {
            let failed = |error| *why_not.lock().unwrap_or_else(PoisonError::into_inner) = error;
            let opened = match no_lock.map_or_else(|| open::open(&dir, &clock), Err) {
                Err(error) if error.is_of_the_place() => {
                    tracing::error!(%error, "the journal cannot be opened");
                    failed(Some(error));
                    news(News::NoDisk);
                    match wanted.recv() {
                        Ok(()) => {
                            failed(None);
                            open::in_memory(&dir, &clock).map_err(Some)
                        }
                        Err(_) => Err(None),
                    }
                }
                other => other.map_err(Some),
            };
            match opened {
                Ok(opened) => {
                    if let Some(aside) = &opened.set_aside {
                        news(News::SetAside(aside.salvaged));
                    }
                    writer::Writer::new(opened, realm, clock, Box::new(news), own).run(&queue);
                }
                Err(error) => {
                    error.into_iter().for_each(|error| failed(Some(error)));
                    // Whoever asks from now on hears that it has stopped.
                    drop(queue);
                    news(News::NotOpened);
                }
            }
        };
        let thread =
            std::thread::Builder::new().name("journal".to_owned()).spawn(work).map_err(JournalError::Disk)?;
        let without_disk = Mutex::new(Some(without_disk));
        Ok(Self { requests, thread: Some(thread), failure, without_disk, _lock: lock })
    }

    /// There is no disk, and the person goes on all the same: everything is kept in memory, nothing is called saved, and
    /// what was submitted is sent.
    pub fn go_on_in_memory(&self) {
        let wanted = self.without_disk.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Where it was opened nobody listens.
        let _ = wanted.map(|wanted| wanted.send(()));
    }

    /// Nobody goes on without a disk; whoever waits for an answer hears that it has stopped.
    pub fn give_up(&self) {
        self.without_disk.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Why it could not be opened, told once.
    pub fn failure(&self) -> Option<JournalError> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// How many drafts lie in the folder `dir`, whoever has it open; none if no journal was ever made there.
    pub fn count(dir: &Path) -> Result<Option<u64>, JournalError> {
        open::count(dir)
    }

    /// The identity of this desk.
    pub fn desk(&self) -> Result<DeskId, JournalError> {
        self.ask(Request::Desk)
    }

    /// The damaged file that was set aside when the journal was opened.
    pub fn set_aside(&self) -> Result<Option<SetAside>, JournalError> {
        self.ask(Request::SetAside)
    }

    /// Opens the drafts of `account` with its password; makes its key the first time. Takes a tenth of a second.
    /// [`JournalError::WrongPassword`] if drafts are there that another password sealed:
    /// [`Journal::begin_anew`].
    pub fn unlock(&self, account: &AccountName, password: &Secret) -> Result<(), JournalError> {
        let (account, password) = (account.clone(), password.clone());
        self.ask(|answer| Request::Unlock { account, password, answer })?
    }

    /// Opens the drafts of somebody who has signed in here before, while the server cannot be reached; gives their
    /// account as the server told it last, and when. [`JournalError::NotHereBefore`], [`JournalError::TooLongAgo`],
    /// [`JournalError::TooManyTries`], [`JournalError::WrongPassword`].
    pub fn unlock_offline(
        &self,
        account: &AccountName,
        password: &Secret,
        now: Timestamp,
    ) -> Result<(Account, Timestamp), JournalError> {
        let (account, password) = (account.clone(), password.clone());
        self.ask(|answer| Request::UnlockOffline { account, password, now, answer })?
    }

    /// Whether `password` opens the newest key of `account`; changes nothing. Takes a tenth of a second.
    pub fn check(&self, account: &AccountName, password: &Secret) -> Result<(), JournalError> {
        let (account, password) = (account.clone(), password.clone());
        self.ask(|answer| Request::Check { account, password, answer })?
    }

    /// Keeps the account of who has just signed in with the server, for [`Journal::unlock_offline`].
    pub fn keep_person(&self, account: &Account, now: Timestamp) -> Result<(), JournalError> {
        let account = account.clone();
        self.ask(|answer| Request::KeepPerson { account, now, answer })?
    }

    /// Unlocks with a new key beside the ones whose password is lost; what they sealed stays sealed.
    pub fn begin_anew(&self, account: &AccountName, password: &Secret) -> Result<(), JournalError> {
        let (account, password) = (account.clone(), password.clone());
        self.ask(|answer| Request::BeginAnew { account, password, answer })?
    }

    /// Forgets the keys; drafts handed over before are still written.
    pub fn lock(&self) {
        self.tell(Request::Lock);
    }

    /// Hands over a draft to be written; returns at once. [`News`] tell what became of it.
    pub fn save_draft(&self, draft: DraftRecord) {
        self.tell(Request::Save(draft));
    }

    /// Forgets a draft, once the server has confirmed its case or the person threw it away; returns at once.
    pub fn delete_draft(&self, id: CaseId) {
        self.tell(Request::Delete(id));
    }

    /// The drafts of the account that is unlocked, with everything handed over so far.
    pub fn drafts(&self) -> Result<Drafts, JournalError> {
        self.ask(Request::Drafts)?
    }

    /// The epoch of this realm's server, as it was known last.
    pub fn epoch(&self) -> Result<Option<Epoch>, JournalError> {
        self.ask(Request::Epoch)?
    }

    /// Keeps it; returns at once.
    pub fn keep_epoch(&self, epoch: Epoch) {
        self.tell(Request::KeepEpoch(epoch));
    }

    /// Puts an item into the outbox and takes its draft away, durably; gives it with its place and its version. Takes as
    /// long as the disk. After an error it is tried again for as long as the journal is open.
    pub fn submit(&self, item: Item) -> Result<Item, NotKept> {
        self.submit_all(vec![item]).map(|mut items| items.swap_remove(0))
    }

    /// The same of several that belong together and go in this order: all of them, or none.
    pub fn submit_all(&self, items: Vec<Item>) -> Result<Vec<Item>, NotKept> {
        let copies = items.clone();
        self.ask(|answer| Request::Submit(items, answer))
            .unwrap_or_else(|error| Err(NotKept { items: copies, error }))
    }

    /// Hands over a change of an item; returns at once.
    pub fn put(&self, item: Item) {
        self.tell(Request::Put(Box::new(item)));
    }

    /// Forgets an item that goes on as something else; returns at once.
    pub fn forget(&self, id: ItemId) {
        self.tell(Request::Forget(id));
    }

    /// Forgets an item that a person threw away, and keeps that they did; returns at once.
    pub fn discard(&self, discard: Discard) {
        self.tell(Request::Discard(discard));
    }

    /// What whoever has it unlocked threw away and the server has not heard of.
    pub fn discards(&self) -> Result<Vec<Discard>, JournalError> {
        self.ask(Request::Discards)?
    }

    /// The server has heard that this was thrown away; returns at once.
    pub fn discard_is_known(&self, id: ItemId) {
        self.tell(Request::DiscardIsKnown(id));
    }

    /// Forgets what was submitted before `limit` and is confirmed; returns at once.
    pub fn forget_confirmed(&self, limit: Timestamp) {
        self.tell(Request::ForgetConfirmed(limit));
    }

    /// The items of the account that is unlocked, with everything handed over so far.
    pub fn outbox(&self) -> Result<Outbox, JournalError> {
        self.ask(Request::Outbox)?
    }

    /// One item; none if it is not there or does not open.
    pub fn item(&self, id: ItemId) -> Result<Option<Item>, JournalError> {
        self.ask(|answer| Request::Item(id, answer))?
    }

    /// Hands over a text of the account that is unlocked, to be kept under a name; what becomes of it comes when it is
    /// durable.
    pub fn keep_own(&self, name: &'static str, text: Secret) -> Receiver<Result<(), JournalError>> {
        let (answer, answered) = mpsc::channel();
        self.tell(Request::KeepOwn { name, text, answer });
        answered
    }

    /// What was kept under a name; none where nothing was, or it does not open.
    pub fn own(&self, name: &'static str) -> Result<Option<String>, JournalError> {
        self.ask(|answer| Request::Own(name, answer))?
    }

    /// Waits until everything handed over so far is durable.
    pub fn flush(&self) -> Result<(), JournalError> {
        self.ask(Request::Flush)?
    }

    /// Has everything handed over so far made durable without waiting for the deadline, or for the disk.
    pub fn hasten(&self) {
        self.tell(Request::Hasten);
    }

    /// The station leased last in this realm, if it has not ended at `now`.
    pub fn lease(&self, now: Timestamp) -> Result<Option<StationLease>, JournalError> {
        self.ask(|answer| Request::Lease { now, answer })?
    }

    /// Keeps a lease.
    pub fn keep_lease(&self, lease: &StationLease) -> Result<(), JournalError> {
        let lease = lease.clone();
        self.ask(|answer| Request::KeepLease { lease, answer })?
    }

    /// The next number of the leased station for an intake at `now`; its second is durably used before it is given
    /// out. None without a lease that holds.
    pub fn issue_number(&self, now: Timestamp, zone: &TimeZone) -> Result<Option<CaseNumber>, JournalError> {
        let zone = zone.clone();
        self.ask(|answer| Request::IssueNumber { now, zone, answer })?
    }

    fn tell(&self, request: Request) {
        // The thread ends only with the journal.
        let _ = self.requests.send(request);
    }

    fn ask<T>(&self, request: impl FnOnce(Sender<T>) -> Request) -> Result<T, JournalError> {
        let (answer, answered) = mpsc::channel();
        self.tell(request(answer));
        answered.recv().map_err(|_| JournalError::Stopped)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.give_up();
        self.tell(Request::End);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

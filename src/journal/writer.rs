//! The journal's thread: takes requests, writes at once, has it made durable by a deadline.
//!
//! While somebody is here it waits for no disk: that is left to the [`Syncer`], and who asked for something that must be
//! durable (a submission, a number) is answered once it is. It does wait where a key is made or changed, when the desk is
//! locked and after a failure, and before it does it hears how the sync under way has ended. So one sync at a time says
//! what of the disk is to be believed.

mod durable;
mod submission;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::changes::{Change, Changes, Record};
use super::open::Opened;
use super::outbox;
use super::password::{self, Step};
use super::request::{Answer, Asker, Request};
use super::syncer::Syncer;
use super::vault::Vault;
use super::{JournalError, News, SetAside, discards, epoch, own, person, rotation, station};
use crate::clock::Clock;
use crate::domain::account::AccountName;
use crate::domain::epoch::Epoch;
use crate::domain::id::{CaseId, DeskId};

/// The disk is asked to make everything durable this long after the first change that is not: a deadline, which typing on
/// does not move.
const DURABLE_WITHIN: Duration = Duration::from_millis(500);
/// How long to wait after a failed write before the next try.
const RETRY: Duration = Duration::from_secs(1);

pub(super) struct Writer {
    path: PathBuf,
    // Before the database: its file is closed before that takes its log away.
    syncer: Syncer,
    db: Connection,
    desk: DeskId,
    set_aside: Option<SetAside>,
    realm: String,
    clock: Clock,
    news: Box<dyn Fn(News) + Send>,
    /// Whether there is a disk: without one nothing is called written.
    keeps: bool,
    vault: Option<Arc<Vault>>,
    /// What is not durable yet.
    changes: Changes,
    /// Who waits for the next sync.
    asked: Vec<Asker>,
    /// The last place in the order of submission that was given.
    last_place: i64,
    /// The epoch of the server, not written yet.
    new_epoch: Option<Epoch>,
    /// The disk has failed to make something durable: [`Writer::begin_afresh`] first.
    distrusted: bool,
    /// When the disk is asked for what is written; none if it has been.
    durable_by: Option<Instant>,
    /// When something was written last.
    written_at: Instant,
    /// When the log is emptied, if nothing more is written; none if it is short.
    empties_at: Option<Instant>,
    /// When to try again after a failure.
    retry_at: Option<Instant>,
}

impl Writer {
    /// `requests` leads to its own queue.
    pub(super) fn new(
        opened: Opened,
        realm: String,
        clock: Clock,
        news: Box<dyn Fn(News) + Send>,
        requests: Sender<Request>,
    ) -> Self {
        let Opened { path, connection: db, desk, last_place, set_aside, keeps } = opened;
        Self {
            path,
            syncer: Syncer::new(requests),
            db,
            desk,
            set_aside,
            realm,
            clock,
            news,
            keeps,
            vault: None,
            changes: Changes::default(),
            asked: Vec::new(),
            last_place,
            new_epoch: None,
            distrusted: false,
            durable_by: None,
            written_at: Instant::now(),
            empties_at: None,
            retry_at: None,
        }
    }

    pub(super) fn run(mut self, queue: &Receiver<Request>) {
        if !self.keeps {
            (self.news)(News::NotWritten(JournalError::InMemory.code()));
        }
        loop {
            let mut next = match self.wakes_at() {
                // Nothing is due: sleep until somebody asks.
                None => queue.recv().ok(),
                Some(at) => queue.recv_timeout(at.saturating_duration_since(Instant::now())).ok(),
            };
            // What came meanwhile is written in the same go.
            while let Some(request) = next {
                if matches!(request, Request::End) {
                    self.write();
                    self.make_durable();
                    return;
                }
                self.take(request);
                next = queue.try_recv().ok();
            }
            self.do_what_is_due();
        }
    }

    fn wakes_at(&self) -> Option<Instant> {
        if self.retry_at.is_some() {
            // After a failure nothing is due before the next try.
            self.retry_at
        } else if self.syncer.is_under_way() {
            // Nor before the sync under way has ended, which is told.
            None
        } else {
            self.durable_by.or(self.empties_at)
        }
    }

    fn do_what_is_due(&mut self) {
        let now = Instant::now();
        if self.retry_at.is_none_or(|at| at <= now) {
            self.write();
        }
        // While the disk refuses something it is asked for the rest only by those who wait for that.
        if self.syncer.is_under_way() || self.retry_at.is_some() && self.asked.is_empty() {
            return;
        }
        if self.durable_by.is_some_and(|at| at <= now) {
            if self.syncer.is_ready() {
                self.begin_sync();
            } else {
                self.make_durable();
            }
        } else if self.durable_by.is_none() && self.empties_at.is_some_and(|at| at <= now) {
            self.keep_the_log_short();
        }
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
                self.changes.hand_over(Record::Draft(draft.id), Change::Save(draft, by));
            }
            Request::Delete(id) => {
                self.changes.hand_over(Record::Draft(id), Change::Delete);
            }
            Request::Submit(items, answer) => {
                self.submit(items, answer);
            }
            Request::Put(mut item) => {
                self.give_place(&mut item);
                let by = self.vault.clone();
                self.changes.hand_over(Record::Item(item.id), Change::Put(item, by));
            }
            Request::Forget(id) => {
                self.changes.hand_over(Record::Item(id), Change::Delete);
            }
            Request::Discard(discard) => {
                let by = self.vault.clone();
                self.changes.hand_over(Record::Item(discard.id), Change::Discard(discard, by));
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
                let _ = answer.send(epoch::read(&self.db, &self.realm));
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
                    self.is_here(vault);
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
                self.keep(answer, |db| own::keep(db, vault?.as_ref(), name, text.expose()));
            }
            Request::Own(name, answer) => {
                let vault = self.vault.as_ref().ok_or(JournalError::Locked);
                let _ = answer.send(vault.and_then(|vault| own::read(&self.db, vault, name)));
            }
            Request::Flush(answer) => self.flush(answer),
            Request::Hasten => {
                // A disk that refuses is not asked at each step through the form.
                if self.retry_at.is_none() {
                    self.write();
                    self.durable_by = self.durable_by.map(|_| Instant::now());
                }
            }
            Request::Lease { now, answer } => {
                let _ = answer.send(station::lease(&self.db, &self.realm, now));
            }
            Request::KeepLease { lease, answer } => {
                let realm = self.realm.clone();
                self.keep(answer, |db| station::keep(db, &realm, &lease));
            }
            Request::IssueNumber { now, zone, answer } => {
                let realm = self.realm.clone();
                self.keep(answer, |db| station::issue(db, &realm, now, &zone));
            }
            Request::Synced => {
                if let Some(ended) = self.syncer.ended() {
                    self.sync_ended(ended);
                }
            }
            // The loop ends with it.
            Request::End => {}
        }
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
        self.is_here(vault);
        Ok(())
    }

    /// Somebody is here, whose keys these are. The log is made ready to be synced, so that nothing they type waits for that.
    fn is_here(&mut self, vault: Vault) {
        self.vault = Some(Arc::new(vault));
        if self.keeps && !self.syncer.is_trusted() {
            self.durable_by = Some(Instant::now());
        }
    }

    /// Whose keys and drafts: an account of this server, not of another.
    fn owner(&self, account: &AccountName) -> String {
        format!("{account} {}", self.realm)
    }

    /// Writes what waits, and answers once all of it is durable.
    fn flush(&mut self, answer: Answer<()>) {
        if let Err(error) = self.try_write() {
            let _ = answer.send(Err(error));
            return;
        }
        self.retry_at = None;
        self.once_durable(move |durable| drop(answer.send(durable)));
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
        while let Some((record, change)) = self.changes.first() {
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
            self.changes.wrote(record);
            self.written_at = Instant::now();
            self.durable_by.get_or_insert(self.written_at + DURABLE_WITHIN);
            told.into_iter().for_each(&self.news);
        }
        if let Some(epoch) = self.new_epoch {
            epoch::keep(&self.db, &self.realm, epoch)?;
            self.new_epoch = None;
        }
        Ok(())
    }

    fn failed(&mut self, error: &JournalError) {
        self.retry_at = Some(Instant::now() + RETRY);
        tracing::error!(code = error.code(), "a draft is not written");
        (self.news)(News::NotWritten(error.code()));
        durable::answer(std::mem::take(&mut self.asked), &Err(io::Error::other(error.code())));
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

fn drop_draft(db: &Connection, id: CaseId) -> Result<(), JournalError> {
    db.prepare_cached("DELETE FROM draft WHERE id = ?1")?.execute([id.to_string()])?;
    Ok(())
}

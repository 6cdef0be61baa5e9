//! How what is written becomes durable, how the log that it is written to stays short, and what becomes of a disk that failed.

use std::io;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::super::open;
use super::super::request::{Answer, Asker};
use super::super::syncer::Ended;
use super::super::{JournalError, News};
use super::Writer;

/// How long nothing may have been written before the log is emptied, which waits for the disk: somebody types.
const REST: Duration = Duration::from_secs(2);
/// How long the log may be, in bytes, before it is emptied at the next rest, and before it is emptied without one.
const LONG_LOG: u64 = 4 << 20;
const LONGEST_LOG: u64 = 16 << 20;

impl Writer {
    /// Has the disk asked for what is written by now.
    pub(super) fn begin_sync(&mut self) {
        self.durable_by = None;
        self.changes.sync_begins();
        self.syncer.begin(std::mem::take(&mut self.asked));
    }

    /// Hears how the sync under way ends, if there is one.
    pub(super) fn await_sync(&mut self) {
        if let Some(ended) = self.syncer.wait() {
            self.sync_ended(ended);
        }
    }

    pub(super) fn sync_ended(&mut self, Ended { result, asked }: Ended) {
        match &result {
            Ok(()) => self.is_durable(),
            Err(error) => {
                self.distrust();
                self.failed(&JournalError::Disk(error.kind().into()));
            }
        }
        answer(asked, &result);
    }

    /// Runs `work` in a transaction, and answers what it gave once that is durable.
    pub(super) fn keep<T: Send + 'static>(
        &mut self,
        answer: Answer<T>,
        work: impl FnOnce(&Connection) -> Result<T, JournalError>,
    ) {
        match self.whole(work) {
            Ok(value) => self.once_durable(move |durable| drop(answer.send(durable.map(|()| value)))),
            // An asker that has gone needs no answer.
            Err(error) => drop(answer.send(Err(error))),
        }
    }

    /// Runs `work` in a transaction, without waiting for the disk: all of it is written, or nothing.
    pub(super) fn whole<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        self.begin_afresh()?;
        let value = in_transaction(&self.db, work)?;
        self.written_at = Instant::now();
        Ok(value)
    }

    /// Has the disk asked for what is written by now, and `asker` told. Where a sync is under way it is too late for that
    /// one: the next follows at once.
    pub(super) fn once_durable(&mut self, asker: impl FnOnce(Result<(), JournalError>) + Send + 'static) {
        self.asked.push(Box::new(asker));
        self.durable_by = Some(Instant::now());
    }

    /// Waits until everything written is durable.
    pub(super) fn make_durable(&mut self) {
        self.await_sync();
        if self.durable_by.is_none() {
            return;
        }
        match self.durably(beat) {
            Ok(()) => self.all_is_durable(),
            Err(error) => self.failed(&error),
        }
    }

    /// A commit that changed something was made durable by SQLite, and with it everything written before.
    fn all_is_durable(&mut self) {
        self.durable_by = None;
        self.changes.sync_begins();
        if self.keeps {
            self.syncer.trust(&self.path);
        }
        self.is_durable();
        answer(std::mem::take(&mut self.asked), &Ok(()));
    }

    /// What was written before the last sync began is durable. It is told once nothing is left that could not be written.
    fn is_durable(&mut self) {
        if self.retry_at.is_some() {
            self.durable_by.get_or_insert_with(Instant::now);
            return;
        }
        let drafts = self.changes.synced();
        if self.keeps {
            (self.news)(News::Durable(drafts));
        }
        self.keep_the_log_short();
    }

    /// Empties the log once it is long, at a rest: nobody waits for the disk then. Whoever types on for so long that it
    /// grows very long does.
    pub(super) fn keep_the_log_short(&mut self) {
        let long = std::fs::metadata(open::log_of(&self.path)).map_or(0, |log| log.len());
        let at = self.written_at + REST;
        self.empties_at = (self.keeps && long > LONG_LOG).then_some(at);
        if self.empties_at.is_none() || at > Instant::now() && long < LONGEST_LOG {
            return;
        }
        self.empties_at = None;
        // The first commit into an empty log waits for the disk as well: it is made here, before somebody types.
        let emptied = open::empty_the_log(&self.db).and_then(|()| self.durably(beat));
        match emptied {
            Err(error) if error.is_of_the_disk() => {
                self.distrust();
                self.failed(&error);
            }
            // Somebody reads it: another time.
            Ok(()) | Err(_) => {}
        }
    }

    /// Runs `work` in a transaction that is on the disk when this returns, and with it everything written before if it
    /// changed anything. Where the disk fails at that, nothing since the last success counts as written.
    pub(super) fn durably<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        self.await_sync();
        if self.distrusted {
            self.try_write()?;
            self.retry_at = None;
        }
        let done = durably(&self.db, work);
        if done.as_ref().is_err_and(JournalError::is_of_the_disk) {
            self.distrust();
        }
        done
    }

    /// The disk has failed to make something durable: nothing since the last success counts as written.
    fn distrust(&mut self) {
        self.distrusted = true;
        self.syncer.distrust();
        self.changes.write_again();
        self.durable_by.get_or_insert_with(Instant::now);
    }

    /// After a sync that failed the system may have dropped what it could not write, and it tells of that once: the next
    /// sync succeeds over the gap. So the file is opened anew, what its log holds goes into the file itself, and the log
    /// begins again; what was written since the last success is then written once more.
    pub(super) fn begin_afresh(&mut self) -> Result<(), JournalError> {
        if self.distrusted {
            let db = open::connect(&self.path)?;
            open::empty_the_log(&db)?;
            self.db = db;
            self.distrusted = false;
            tracing::warn!("the journal was opened anew, for the disk had failed");
        }
        Ok(())
    }
}

/// Runs `work` in a transaction that is on the disk when this returns.
fn durably<T>(
    db: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, JournalError>,
) -> Result<T, JournalError> {
    db.pragma_update(None, "synchronous", "full")?;
    let done = in_transaction(db, work);
    db.pragma_update(None, "synchronous", "normal")?;
    done
}

fn in_transaction<T>(
    db: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, JournalError>,
) -> Result<T, JournalError> {
    let transaction = db.unchecked_transaction()?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

/// A change for its own sake: one durable commit makes durable all that came before it.
fn beat(db: &Connection) -> Result<(), JournalError> {
    db.execute("UPDATE beat SET n = n + 1 WHERE id = 1", [])?;
    Ok(())
}

/// Tells those who `asked` how it went.
pub(super) fn answer(asked: Vec<Asker>, result: &io::Result<()>) {
    for tell in asked {
        tell(result.as_ref().copied().map_err(|error| JournalError::Disk(error.kind().into())));
    }
}

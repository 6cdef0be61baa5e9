//! Waits for the disk, so that whoever writes need not: a thread that syncs the journal's log and does nothing else.
//!
//! A write into the log is done when the system has it, which takes microseconds; that the disk has it may take a third of
//! a second. One sync is under way at a time, and it makes durable what was written before it began. The thread sleeps
//! between syncs and ends with the journal. Where the disk is not to be trusted, and before the first commit that SQLite
//! itself made durable (which makes the log's name in its folder durable too), there is no log here to be synced.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use super::open;
use super::request::{Asker, Request};

pub(super) struct Syncer {
    /// Where [`Request::Synced`] goes.
    journal: Sender<Request>,
    /// The system tells a failed write-back once to each open file: so it is opened before what it is to sync is written.
    log: Option<Arc<File>>,
    /// None before there was a log.
    thread: Option<Thread>,
    /// Who waits for the sync under way; none if there is none.
    under_way: Option<Vec<Asker>>,
}

struct Thread {
    to_sync: Sender<Arc<File>>,
    ended: Receiver<io::Result<()>>,
    handle: JoinHandle<()>,
}

/// What became of a sync, and who waits to hear it.
pub(super) struct Ended {
    pub(super) result: io::Result<()>,
    pub(super) asked: Vec<Asker>,
}

impl Syncer {
    pub(super) fn new(journal: Sender<Request>) -> Self {
        Self { journal, log: None, thread: None, under_way: None }
    }

    /// Everything written to the file at `path` is durable by SQLite's own doing: from here on its log can be synced.
    pub(super) fn trust(&mut self, path: &Path) {
        if self.log.is_some() {
            return;
        }
        if self.thread.as_ref().is_none_or(|thread| thread.handle.is_finished()) {
            self.thread = start(self.journal.clone()).ok();
        }
        // The right to write is what some systems ask of whoever syncs.
        let log = File::options().write(true).open(open::log_of(path));
        self.log = log.ok().filter(|_| self.thread.is_some()).map(Arc::new);
    }

    /// The disk has failed: what the log has by now is not synced by trying again.
    pub(super) fn distrust(&mut self) {
        self.log = None;
    }

    /// Has `log` synced from here on, whatever it is.
    #[cfg(test)]
    pub(super) fn sync_instead(&mut self, log: File) {
        self.log = Some(Arc::new(log));
    }

    /// Whether the log can be synced here.
    pub(super) fn is_trusted(&self) -> bool {
        self.log.is_some()
    }

    /// Whether a sync can begin.
    pub(super) fn is_ready(&self) -> bool {
        self.log.is_some() && self.under_way.is_none()
    }

    /// Whether a sync has begun that was not heard to end.
    pub(super) fn is_under_way(&self) -> bool {
        self.under_way.is_some()
    }

    /// Begins a sync of what is written by now, if it [`Syncer::is_ready`]. Those who `asked` are handed back at its end.
    pub(super) fn begin(&mut self, asked: Vec<Asker>) {
        if let (Some(thread), Some(log)) = (&self.thread, &self.log) {
            self.under_way = Some(asked);
            if thread.to_sync.send(Arc::clone(log)).is_err() {
                // It has gone, and tells of nothing any more.
                let _ = self.journal.send(Request::Synced);
            }
        }
    }

    /// What became of the sync under way, if there is one and it has ended.
    pub(super) fn ended(&mut self) -> Option<Ended> {
        let result = match self.thread.as_ref()?.ended.try_recv() {
            Ok(result) => result,
            Err(mpsc::TryRecvError::Empty) => return None,
            Err(mpsc::TryRecvError::Disconnected) => Err(gone()),
        };
        Some(Ended { result, asked: self.under_way.take()? })
    }

    /// Waits until the sync under way has ended, if there is one.
    pub(super) fn wait(&mut self) -> Option<Ended> {
        let asked = self.under_way.take()?;
        let result = self.thread.as_ref()?.ended.recv().unwrap_or_else(|_| Err(gone()));
        Some(Ended { result, asked })
    }
}

impl Drop for Syncer {
    fn drop(&mut self) {
        self.log = None;
        if let Some(Thread { to_sync, handle, .. }) = self.thread.take() {
            drop(to_sync);
            let _ = handle.join();
        }
    }
}

fn start(journal: Sender<Request>) -> io::Result<Thread> {
    let (to_sync, logs) = mpsc::channel::<Arc<File>>();
    let (tell, ended) = mpsc::channel();
    let work = move || {
        for log in logs {
            let result = log.sync_all();
            drop(log);
            // Nobody listens only where the journal has ended.
            let _ = tell.send(result);
            let _ = journal.send(Request::Synced);
        }
    };
    let handle = thread::Builder::new().name("journal-sync".to_owned()).spawn(work)?;
    Ok(Thread { to_sync, ended, handle })
}

fn gone() -> io::Error {
    io::Error::other("the thread that syncs has gone")
}

//! The one thread that writes: it commits the commands that wait together, and tidies in idle moments.
//!
//! Each command runs in a savepoint, so that a refused one leaves no trace, and all are answered only after the
//! one `COMMIT` (`synchronous=FULL`) that makes them durable. FTS5 leaves a segment a commit, and each costs every
//! search some microseconds; so the writer merges a bounded piece at a time, when nothing waits, and now and then
//! under load. A thread with nothing to tidy sleeps without waking.
//!
//! Commands that need not last are committed without a sync (`synchronous=NORMAL`), by themselves or with others that
//! need one anyway; the next sync makes them durable too.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::failed;
use super::tx::SqliteTx;
use crate::store::{Command, StoreError};

/// The most commands in one commit.
const GROUP: usize = 128;
/// No command joins a group that has been open this long.
const GROUP_TIME: Duration = Duration::from_millis(20);
/// How long nothing must come before the writer tidies.
const IDLE: Duration = Duration::from_millis(30);
/// Under load, a piece is merged this often.
const MERGE_EVERY: Duration = Duration::from_millis(250);
/// Pages a merge may write: about a millisecond of work.
const MERGE_PAGES: i32 = 64;

/// What the writer is told.
pub(super) enum Message {
    /// Do this.
    Command(Box<dyn Command>),
    /// Finish and go.
    Close(oneshot::Sender<()>),
}

/// What is left to tidy.
#[derive(PartialEq, Eq)]
enum Untidy {
    Nothing,
    Segments,
    Log,
}

/// The writer's state.
pub(super) struct Writer {
    connection: Connection,
    inbox: Receiver<Message>,
    changes: watch::Sender<i64>,
    untidy: Untidy,
    merged: Instant,
    /// Whether commits are synced.
    syncs: bool,
    /// A command that lasts, met while a group that does not was open.
    held: Option<Box<dyn Command>>,
}

impl Writer {
    /// A writer on `connection`, and where it announces the last place of the feed.
    pub(super) fn new(
        connection: Connection,
        inbox: Receiver<Message>,
    ) -> Result<(Self, watch::Sender<i64>), StoreError> {
        let place = last_place(&connection).map_err(failed("opening the feed"))?;
        let changes = watch::Sender::new(place);
        let writer = Self {
            connection,
            inbox,
            changes: changes.clone(),
            // What an earlier process left is not known.
            untidy: Untidy::Segments,
            merged: Instant::now(),
            syncs: true,
            held: None,
        };
        Ok((writer, changes))
    }

    /// Works until closed or until the store is dropped.
    pub(super) fn run(mut self) {
        let mut closing = None;
        while let Some(message) = self.next() {
            match message {
                Message::Command(first) => {
                    closing = self.group(first);
                    while let Some(held) = self.held.take() {
                        let asked = self.group(held);
                        closing = closing.or(asked);
                    }
                }
                Message::Close(done) => closing = Some(done),
            }
            if closing.is_some() {
                break;
            }
        }
        self.quietly("PRAGMA wal_checkpoint(TRUNCATE)");
        drop(self);
        if let Some(done) = closing {
            let _ = done.send(());
        }
    }

    /// Waits for a message, tidying meanwhile; `None` when the store is gone.
    fn next(&mut self) -> Option<Message> {
        loop {
            if self.untidy == Untidy::Nothing {
                return self.inbox.recv().ok();
            }
            match self.inbox.recv_timeout(IDLE) {
                Ok(message) => return Some(message),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => match self.tidy() {
                    Ok(()) => {}
                    Err(message) => return message,
                },
            }
        }
    }

    /// Merges piece by piece until a message comes or nothing is left, then moves the log into the file.
    fn tidy(&mut self) -> Result<(), Option<Message>> {
        while self.untidy == Untidy::Segments {
            self.merge();
            match self.inbox.try_recv() {
                Ok(message) => return Err(Some(message)),
                Err(TryRecvError::Disconnected) => return Err(None),
                Err(TryRecvError::Empty) => {}
            }
        }
        self.quietly("PRAGMA wal_checkpoint(PASSIVE)");
        self.untidy = Untidy::Nothing;
        Ok(())
    }

    /// One bounded merge. FTS5 says that nothing is left by changing fewer than two rows.
    fn merge(&mut self) {
        let before = self.connection.total_changes();
        let sql = "INSERT INTO case_search (case_search, rank) VALUES ('merge', $1)";
        let merged = self.connection.prepare_cached(sql).and_then(|mut step| step.execute([MERGE_PAGES]));
        self.merged = Instant::now();
        let more = merged.is_ok() && self.connection.total_changes() - before >= 2;
        self.untidy = if more { Untidy::Segments } else { Untidy::Log };
        if let Err(error) = merged {
            tracing::warn!(error = %failed("merging the search index")(error), "tidying");
        }
    }

    /// Commits `first` and what waits behind it; answers a wish to close that came in between.
    fn group(&mut self, first: Box<dyn Command>) -> Option<oneshot::Sender<()>> {
        let mut done = Vec::new();
        let mut closing = None;
        let begun = Instant::now();
        let lasts = first.care().lasts();
        let mut durable = self.sync(lasts).and_then(|()| self.batch("BEGIN IMMEDIATE"));
        let mut next = Some(first);
        while let Some(mut command) = next.take() {
            if durable.is_ok() {
                durable = self.savepoint(command.as_mut());
            }
            done.push(command);
            while next.is_none() && self.held.is_none() && done.len() < GROUP && begun.elapsed() < GROUP_TIME
            {
                match self.inbox.try_recv() {
                    Ok(Message::Command(command)) if command.care().lasts() && !lasts => {
                        self.held = Some(command);
                        break;
                    }
                    Ok(Message::Command(command)) => next = Some(command),
                    Ok(Message::Close(sender)) => {
                        closing = Some(sender);
                        break;
                    }
                    Err(_) => break,
                }
            }
        }
        let place = last_place(&self.connection);
        durable = durable.and_then(|()| self.batch("COMMIT"));
        if durable.is_err() && !self.connection.is_autocommit() {
            self.quietly("ROLLBACK");
        }
        for command in done {
            command.answer(durable.clone());
        }
        if let (Ok(()), Ok(place)) = (durable, place) {
            self.announce(place);
        }
        if !lasts {
            // It left nothing in the search index, and its few pages can wait for the next checkpoint.
            return closing;
        }
        self.untidy = Untidy::Segments;
        if self.merged.elapsed() > MERGE_EVERY {
            self.merge();
            self.untidy = Untidy::Segments;
        }
        closing
    }

    /// Makes the next commits durable, or leaves that to those behind them.
    fn sync(&mut self, syncs: bool) -> Result<(), StoreError> {
        if self.syncs != syncs {
            let level = if syncs { "PRAGMA synchronous = FULL" } else { "PRAGMA synchronous = NORMAL" };
            self.connection.execute_batch(level).map_err(failed("setting when to sync"))?;
            self.syncs = syncs;
        }
        Ok(())
    }

    /// Runs one command; an error here is the group's, not the command's.
    fn savepoint(&self, command: &mut dyn Command) -> Result<(), StoreError> {
        self.batch("SAVEPOINT command")?;
        let kept = catch_unwind(AssertUnwindSafe(|| command.run(&mut SqliteTx::new(&self.connection))));
        if !kept.unwrap_or(false) {
            self.batch("ROLLBACK TO command")?;
        }
        self.batch("RELEASE command")
    }

    fn batch(&self, sql: &'static str) -> Result<(), StoreError> {
        let run = self.connection.prepare_cached(sql).and_then(|mut statement| statement.raw_execute());
        run.map(drop).map_err(failed("committing"))
    }

    /// Runs a step whose failure changes nothing for anybody.
    fn quietly(&self, sql: &str) {
        if let Err(error) = self.connection.execute_batch(sql) {
            tracing::warn!(error = %failed("tidying the file")(error), "tidying");
        }
    }

    fn announce(&self, place: i64) {
        self.changes.send_if_modified(|last| std::mem::replace(last, place) != place);
    }
}

fn last_place(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("SELECT coalesce(max(place), 0) FROM case_event")?
        .query_row([], |row| row.get(0))
}

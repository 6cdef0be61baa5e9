//! The one thread that writes: it commits the commands that wait together, and tidies in idle moments.
//!
//! Each command runs in a savepoint, so that a refused one leaves no trace, and all are answered only after the
//! one `COMMIT` (`synchronous=FULL`) that makes them durable. FTS5 leaves a segment a commit, and each costs every
//! search some microseconds; so the writer merges a bounded piece at a time, when nothing waits, and now and then
//! under load. That leaves a few segments, and a word is looked up in each; so once a day it merges them into one. A
//! thread with nothing to tidy sleeps without waking.
//!
//! Commands that need not last are committed without a sync (`synchronous=NORMAL`), by themselves or with others that
//! need one anyway; the next sync makes them durable too. So are merges.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::failed;
use super::schema::PATIENCE;
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
/// Pages after which a merge ends, at the end of a word's list: some milliseconds of work. Of ten million cases the list of
/// a common word alone takes up to half a second.
const MERGE_PAGES: i32 = 64;

/// The index is made one segment once in so long, and then as soon as nothing comes for a breath, which where people work
/// is at night; it is written anew as a whole, two and a half gigabytes of ten million cases.
const ONE_EVERY: Duration = Duration::from_hours(20);
const BREATH: Duration = Duration::from_mins(1);
/// How long nothing must come before that is done the first time, in a process that may not run for so long.
const REST: Duration = Duration::from_mins(10);

/// Merges after which the log is begun anew; and how long the writer waits for those who read what the log had before.
const LOG_AFTER: usize = 256;
const MOMENT: Duration = Duration::from_millis(50);

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
    /// Merges since the log was begun anew.
    merges: usize,
    /// Whether there may be more than one segment when all is tidy.
    several: bool,
    /// When they were made one, or else since when this runs.
    one_since: Instant,
    /// Whether they were made one.
    was_one: bool,
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
            merges: 0,
            several: true,
            one_since: Instant::now(),
            was_one: false,
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
            let is_tidy = self.untidy == Untidy::Nothing;
            let rest = if !is_tidy {
                IDLE
            } else if let Some(rest) = self.rest() {
                rest
            } else {
                return self.inbox.recv().ok();
            };
            match self.inbox.recv_timeout(rest) {
                Ok(message) => return Some(message),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) if is_tidy => self.begin_one(),
                Err(RecvTimeoutError::Timeout) => match self.tidy() {
                    Ok(()) => {}
                    Err(message) => return message,
                },
            }
        }
    }

    /// How long nothing must come from now on before the index is made one segment; none if it is.
    fn rest(&self) -> Option<Duration> {
        let due_in = ONE_EVERY.saturating_sub(self.one_since.elapsed());
        let rest = if self.was_one { due_in } else { due_in.min(REST) };
        self.several.then(|| rest.max(BREATH))
    }

    /// Begins to make the index one segment. What is begun the bounded merges go on with.
    fn begin_one(&mut self) {
        self.merge_pages(-MERGE_PAGES);
        self.untidy = Untidy::Segments;
        (self.several, self.was_one, self.one_since) = (false, true, Instant::now());
    }

    /// Merges piece by piece until a message comes or nothing is left, then moves the log into the file.
    fn tidy(&mut self) -> Result<(), Option<Message>> {
        let mut is_long = false;
        while self.untidy == Untidy::Segments {
            self.merge();
            if self.merges >= LOG_AFTER {
                self.begin_log_anew(MOMENT);
                is_long = true;
            }
            match self.inbox.try_recv() {
                Ok(message) => return Err(Some(message)),
                Err(TryRecvError::Disconnected) => return Err(None),
                Err(TryRecvError::Empty) => {}
            }
        }
        if is_long {
            self.begin_log_anew(MOMENT);
        } else {
            // A short log may stay as long as it is read: whoever submits next shall not wait for that.
            self.quietly("PRAGMA wal_checkpoint(PASSIVE)");
        }
        self.untidy = Untidy::Nothing;
        Ok(())
    }

    /// Moves the log into the file, and has what is written next begin it anew. By itself a log that is read without a
    /// pause is never moved to its end: it would grow by all that is merged, and each page that is read is looked for
    /// in all of it. Those who read what it had before are waited for, but not for long.
    fn begin_log_anew(&mut self, patience: Duration) {
        let waits = |time| {
            if let Err(error) = self.connection.busy_timeout(time) {
                tracing::warn!(error = %failed("setting how long to wait")(error), "tidying");
            }
        };
        waits(patience);
        self.quietly("PRAGMA wal_checkpoint(RESTART)");
        waits(PATIENCE);
        self.merges = 0;
    }

    /// One bounded merge.
    fn merge(&mut self) {
        let more = self.merge_pages(MERGE_PAGES);
        self.merged = Instant::now();
        self.merges += 1;
        self.untidy = if more { Untidy::Segments } else { Untidy::Log };
    }

    /// Has FTS5 write so many pages of a merge, and says whether more may be left: of that, it tells by changing two rows
    /// or more. With their number negative it merges all segments, and not only those that are about as large.
    fn merge_pages(&mut self, pages: i32) -> bool {
        let before = self.connection.total_changes();
        let sql = "INSERT INTO case_search (case_search, rank) VALUES ('merge', $1)";
        let merged = self.sync(false).and_then(|()| {
            let step = self.connection.prepare_cached(sql).and_then(|mut step| step.execute([pages]));
            step.map_err(failed("merging the search index"))
        });
        if let Err(error) = merged {
            tracing::warn!(%error, "tidying");
            return false;
        }
        self.connection.total_changes() - before >= 2
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
        (self.untidy, self.several) = (Untidy::Segments, true);
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::mpsc;

    use tempfile::TempDir;

    use super::super::schema;
    use super::*;

    /// A writer on a new store, with its folder and file, and what tells it something.
    fn writer() -> (TempDir, PathBuf, Writer, mpsc::Sender<Message>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cases.db");
        drop(crate::store::Store::sqlite(&file).unwrap());
        let (tell, inbox) = mpsc::channel();
        let (writer, _) = Writer::new(schema::open_writer(&file).unwrap(), inbox).unwrap();
        (folder, file, writer, tell)
    }

    #[test]
    fn a_log_that_is_read_without_a_pause_does_not_grow_without_end() {
        let (folder, file, mut writer, _tell) = writer();
        let (over, begun) = (AtomicBool::new(false), AtomicUsize::new(0));
        let read = || {
            // One of the two is always in the middle of it.
            let readers = [(); 2].map(|()| schema::open_reader(&file).unwrap());
            let first = "BEGIN; SELECT max(id) FROM case_search_data;
                WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 9999) SELECT max(x) FROM n;";
            readers[0].execute_batch(first).unwrap();
            for turn in 1.. {
                readers[turn % 2].execute_batch(first).unwrap();
                begun.fetch_add(1, Ordering::SeqCst);
                readers[(turn + 1) % 2].execute_batch("COMMIT").unwrap();
                if over.load(Ordering::SeqCst) {
                    break;
                }
            }
        };
        let length = || std::fs::metadata(folder.path().join("cases.db-wal")).unwrap().len();
        let lengths: Vec<u64> = std::thread::scope(|scope| {
            scope.spawn(read);
            while begun.load(Ordering::SeqCst) < 2 {
                std::thread::yield_now();
            }
            let written = (0..20).map(|round| {
                let sql = "INSERT INTO case_search (rowid, terms)
                    WITH RECURSIVE n(x) AS (SELECT ?1 UNION ALL SELECT x + 1 FROM n WHERE x < ?1 + 499)
                    SELECT x, hex(randomblob(200)) FROM n";
                writer.connection.execute(sql, [round * 500]).unwrap();
                writer.begin_log_anew(PATIENCE);
                length()
            });
            let written = written.collect();
            over.store(true, Ordering::SeqCst);
            written
        });
        assert!(lengths[19] < 4 * lengths[0], "{lengths:?}");
    }

    #[test]
    fn once_a_day_the_index_becomes_one_segment_and_has_what_it_had() {
        let (_folder, _, mut writer, _tell) = writer();
        // Two of a size become one; that and a small one are left as they are.
        for rows in [1..=500, 501..=1000, 1001..=1001] {
            writer.connection.execute_batch("BEGIN").unwrap();
            for row in rows {
                let sql = "INSERT INTO case_search (rowid, terms) VALUES (?1, '施工 第' || ?1)";
                writer.connection.execute(sql, [row]).unwrap();
            }
            writer.connection.execute_batch("COMMIT").unwrap();
            writer.untidy = Untidy::Segments;
            while writer.untidy == Untidy::Segments {
                writer.merge();
            }
        }
        let count = |writer: &Writer, sql: &str| -> i64 {
            writer.connection.query_row(sql, [], |row| row.get(0)).unwrap()
        };
        let segments = "SELECT count(DISTINCT id >> 37) FROM case_search_data WHERE id >> 37 > 0";
        let found = "SELECT count(*) FROM case_search WHERE case_search MATCH '施工'";
        assert_eq!(count(&writer, segments), 2);
        assert_eq!(writer.rest(), Some(REST));
        writer.merges = LOG_AFTER;
        writer.begin_one();
        assert!(writer.tidy().is_ok());
        assert!(writer.merges < LOG_AFTER, "the log goes on through a long merge");
        assert_eq!((count(&writer, segments), count(&writer, found)), (1, 1001));
        assert_eq!(writer.rest(), None, "a thread with nothing to tidy sleeps");
        writer.several = true;
        assert!(writer.rest().unwrap() > REST * 2, "once a day is enough");
        // Some systems know of nothing before they were started.
        if let Some(yesterday) = Instant::now().checked_sub(ONE_EVERY) {
            writer.one_since = yesterday;
            assert_eq!(writer.rest(), Some(BREATH), "nobody rests for long where many work");
        }
    }
}

//! Millions of cases, filled in fast: rows and search index as the store makes them, without events and audit entries,
//! which search does not read.
//!
//! One thread invents the cases and files them with the store's own code on a transaction that only writes down what
//! it is told ([`Heard`]); the store's writer puts a whole batch of that into the file at once.

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use anyhow::Context as _;
use huiyin::store::search::{IndexEntry, Lookup};
use huiyin::store::{Param, Row, Store, StoreError, Tx, Value};

use crate::filled::{fill, plain, sample};
use crate::home;
use crate::table::say;

/// Cases in one transaction.
const BATCH: usize = 4000;
/// Pages that one step of the last merge may write.
const MERGE_PAGES: i32 = 50_000;

/// A database of many cases, to be searched.
pub(crate) struct Lean {
    folder: PathBuf,
    file: String,
    _gone_when_dropped: Option<tempfile::TempDir>,
}

impl Lean {
    /// So many cases to be read: those kept in the folder that `HUIYIN_BENCH_KEEP` names, or new ones, which are kept
    /// there; a filling that was broken off goes on. Where it names none, they go when dropped.
    pub(crate) fn new(count: u64) -> anyhow::Result<Self> {
        let Some(folder) = std::env::var_os("HUIYIN_BENCH_KEEP") else { return Self::passing(count) };
        let lean = Self { folder: folder.into(), file: file(count), _gone_when_dropped: None };
        if !lean.database().exists() {
            std::fs::create_dir_all(&lean.folder)?;
            let begun = lean.folder.join(format!("{}.begun", lean.file));
            fill_up(&begun, count)?;
            std::fs::rename(&begun, lean.database()).context("keeping the cases")?;
        }
        Ok(lean)
    }

    /// So many cases that may be changed and moved: a copy of those that are kept, or new ones.
    pub(crate) fn to_be_changed(count: u64) -> anyhow::Result<Self> {
        if std::env::var_os("HUIYIN_BENCH_KEEP").is_none() {
            return Self::passing(count);
        }
        let (kept, lean) = (Self::new(count)?, Self::in_a_folder_that_goes(count)?);
        std::fs::copy(kept.database(), lean.database()).context("copying the cases")?;
        Ok(lean)
    }

    fn passing(count: u64) -> anyhow::Result<Self> {
        let lean = Self::in_a_folder_that_goes(count)?;
        fill_up(&lean.database(), count)?;
        Ok(lean)
    }

    fn in_a_folder_that_goes(count: u64) -> anyhow::Result<Self> {
        let folder = home::folder()?;
        Ok(Self { folder: folder.path().to_owned(), file: file(count), _gone_when_dropped: Some(folder) })
    }

    /// The file.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join(&self.file)
    }
}

fn file(count: u64) -> String {
    format!("{count}-cases.db")
}

/// Fills in what is missing: it may have been broken off, which loses the last batch.
fn fill_up(database: &Path, count: u64) -> anyhow::Result<()> {
    let began = Instant::now();
    let store = Store::sqlite(database)?;
    let rows = plain(database)?;
    // In no order, an index of callers would be written anew for every case; made at the end it is sorted once.
    let later = indexes_of_cases()?;
    for (name, _) in &later {
        rows.execute_batch(&format!("DROP INDEX IF EXISTS {name}"))?;
    }
    let sql = "SELECT (SELECT count(*) FROM case_file), coalesce((SELECT max(key) FROM case_file), 0),
        coalesce((SELECT max(number) FROM case_file), '')";
    let (there, last_key, last_number): (i64, i64, String) =
        rows.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let there = there.unsigned_abs();
    let key_step = store.read_here(|tx| Ok::<_, StoreError>(tx.key_step()))?;
    let (batches, ready) = sync_channel(4);
    std::thread::scope(|scope| {
        let made = scope.spawn(move || -> anyhow::Result<()> {
            let (sample, mut batch) = (sample(count)?, Vec::new());
            let mut heard = Heard { key_step, last_key, last_number, ..Heard::default() };
            for index in there..count {
                fill(&mut heard, 0, &sample.case(index))?;
                batch.push(heard.take().context("a case without a row or an entry")?);
                if batch.len() == BATCH {
                    batches.send(std::mem::take(&mut batch))?;
                }
            }
            Ok(batches.send(batch)?)
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut written = there;
        for batch in ready {
            written += batch.len() as u64;
            runtime.block_on(store.write(move |tx| batch.iter().try_for_each(|case| case.put(tx))))?;
            if written.is_multiple_of(500_000) {
                say(&format!("{written} cases after {:.0} s", began.elapsed().as_secs_f64()));
            }
        }
        made.join().map_err(|_| anyhow::anyhow!("the making of cases panicked"))??;
        runtime.block_on(store.close());
        Ok::<_, anyhow::Error>(())
    })?;
    drop(store);
    tidy(&rows)?;
    for (_, sql) in &later {
        rows.execute_batch(sql)?;
    }
    rows.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    say(&format!("{count} cases filled in {:.0} s", began.elapsed().as_secs_f64()));
    Ok(())
}

/// The indexes of the table of cases that a new store has, by name, and how each is made.
fn indexes_of_cases() -> anyhow::Result<Vec<(String, String)>> {
    let folder = home::folder()?;
    let empty = folder.path().join("empty.db");
    drop(Store::sqlite(&empty)?);
    let sql = "SELECT name, sql FROM sqlite_schema WHERE tbl_name = 'case_file' AND type = 'index' AND sql NOT NULL";
    let rows = plain(&empty)?;
    let mut found = rows.prepare(sql)?;
    let found = found.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Merges the index as the store's writer does in idle moments and once a day, in larger pieces, until it is one.
fn tidy(rows: &rusqlite::Connection) -> anyhow::Result<()> {
    rows.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;")?;
    let mut merge = rows.prepare("INSERT INTO case_search (case_search, rank) VALUES ('merge', ?1)")?;
    merge.execute([-MERGE_PAGES])?;
    loop {
        let before = rows.total_changes();
        merge.execute([MERGE_PAGES])?;
        if rows.total_changes() - before < 2 {
            return Ok(());
        }
    }
}

/// A case as the store wants it written.
struct Written {
    row: (&'static str, Vec<Value>),
    entry: (i64, IndexEntry),
}

impl Written {
    fn put(&self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        let (sql, values) = &self.row;
        let params: Vec<Param<'_>> = values.iter().map(param).collect();
        tx.exec(sql, &params)?;
        tx.index(self.entry.0, &self.entry.1)
    }
}

/// A transaction that keeps the rows and index entries of cases and forgets events and audit entries. Keys and numbers
/// are taken up to the last, for cases come in the order of time.
#[derive(Default)]
struct Heard {
    row: Option<(&'static str, Vec<Value>)>,
    entry: Option<(i64, IndexEntry)>,
    key_step: i64,
    last_key: i64,
    last_number: String,
}

impl Heard {
    fn take(&mut self) -> Option<Written> {
        Some(Written { row: self.row.take()?, entry: self.entry.take()? })
    }
}

impl Tx for Heard {
    fn exec(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        match sql.split_whitespace().nth(2) {
            Some("case_file") => {
                if let [Param::Int(key), Param::Text(_), Param::Text(number), ..] = params {
                    self.last_key = *key;
                    (*number).clone_into(&mut self.last_number);
                }
                self.row = Some((sql, params.iter().map(value).collect()));
            }
            Some("case_event" | "audit") => {}
            _ => return Err(UNHEARD_OF),
        }
        Ok(1)
    }

    fn rows(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>, StoreError> {
        let taken = match (sql.rsplit_once("WHERE ").map(|(_, wanted)| wanted), params) {
            (Some("id = $1"), _) => false,
            (Some("key = $1"), [Param::Int(key)]) => *key <= self.last_key,
            (Some("number = $1"), [Param::Text(number)]) => *number <= self.last_number.as_str(),
            _ => return Err(UNHEARD_OF),
        };
        Ok(taken.then(|| Row::new(vec![Value::Int(1)])).into_iter().collect())
    }

    fn index(&mut self, key: i64, entry: &IndexEntry) -> Result<(), StoreError> {
        self.entry = Some((key, entry.clone()));
        Ok(())
    }

    fn lookup(&mut self, _: &Lookup) -> Result<Vec<i64>, StoreError> {
        Err(UNHEARD_OF)
    }

    fn key_step(&self) -> i64 {
        self.key_step
    }
}

/// Filing has come to do something that this does not know.
const UNHEARD_OF: StoreError = StoreError::Damaged { what: "statement" };

fn value(param: &Param<'_>) -> Value {
    match *param {
        Param::Null => Value::Null,
        Param::Int(number) => Value::Int(number),
        Param::Text(text) => Value::Text(text.to_owned()),
        Param::Blob(bytes) => Value::Blob(bytes.to_owned()),
    }
}

fn param(value: &Value) -> Param<'_> {
    match value {
        Value::Null => Param::Null,
        Value::Int(number) => Param::Int(*number),
        Value::Text(text) => Param::Text(text),
        Value::Blob(bytes) => Param::Blob(bytes),
    }
}

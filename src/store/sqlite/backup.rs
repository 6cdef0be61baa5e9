//! A copy of the whole store, while it is served or not, and putting such a copy back.
//!
//! A copy is written by `VACUUM INTO` under another name, looked through, synced, and only then given its own. Nothing
//! waits for it: it reads one snapshot beside the writer. Putting one back is for a store that nobody serves; the caller
//! holds its lock. What stood there before is kept beside it, its log with it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;

use super::tx::SqliteTx;
use super::{failed, schema};
use crate::domain::epoch::Epoch;
use crate::store::{StoreError, epoch};

/// What a copy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Cases.
    pub cases: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// The epoch of the store.
    pub epoch: Epoch,
}

/// Writes a copy of the store at `path` to `to`, where nothing may be yet, for its owner's eyes.
pub(in crate::store) fn back_up(path: &Path, to: &Path) -> Result<Copied, StoreError> {
    if to.symlink_metadata().is_ok() {
        return Err(open_error(to)(ErrorKind::AlreadyExists.into()));
    }
    let part = Part::make(to)?;
    {
        let connection = schema::open_existing(path)?;
        let name = part.path.to_str().ok_or_else(|| open_error(to)(ErrorKind::InvalidInput.into()))?;
        connection.execute("VACUUM INTO $1", [name]).map_err(failed("copying the store"))?;
    }
    let copied = look_through(&part.path)?;
    part.keep()?;
    Ok(copied)
}

/// Puts the copy at `from` in the place of the store at `path`, in a new `epoch`, with all sessions ended; says where
/// what stood there is now. The lock of the store must be held.
pub(in crate::store) fn put_back(
    from: &Path,
    path: &Path,
    epoch: Epoch,
    at: Timestamp,
) -> Result<(Copied, Option<PathBuf>), StoreError> {
    look_through(from)?;
    let part = Part::make(path)?;
    fs::copy(from, &part.path).map_err(open_error(&part.path))?;
    begin(&part.path, epoch, at)?;
    let copied = look_through(&part.path)?;
    let kept = keep_aside(path, at)?;
    part.keep()?;
    Ok((copied, kept))
}

/// Opens the copy as a store, with the newest schema, and makes it one of a new epoch.
fn begin(path: &Path, epoch: Epoch, at: Timestamp) -> Result<(), StoreError> {
    let connection = schema::open_writer(path)?;
    let doing = "beginning an epoch";
    let transaction = connection.unchecked_transaction().map_err(failed(doing))?;
    let mut tx = SqliteTx::new(&transaction);
    epoch::was_put_back(&mut tx, epoch, at)?;
    transaction.commit().map_err(failed(doing))?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").map_err(failed(doing))?;
    connection.close().map_err(|(_, error)| failed(doing)(error))
}

/// Reads the whole file, and says what is in it. Any fault in it makes it none.
fn look_through(path: &Path) -> Result<Copied, StoreError> {
    let unreadable = |_: rusqlite::Error| StoreError::Unreadable { path: path.to_owned() };
    let connection = schema::open_existing(path)?;
    let said: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(unreadable)?;
    if said != "ok" {
        return Err(StoreError::Unreadable { path: path.to_owned() });
    }
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs);
    let cases = number("SELECT count(*) FROM case_file").map_err(unreadable)?;
    let epoch = epoch_of(&connection).unwrap_or(Epoch::new([0; 16]));
    let bytes = path.metadata().map_err(open_error(path))?.len();
    Ok(Copied { cases, bytes, epoch })
}

/// None in a file from before there were epochs.
fn epoch_of(connection: &Connection) -> Option<Epoch> {
    epoch::current(&mut SqliteTx::new(connection)).ok()
}

/// Gives what stands at `path` a name beside it, and leaves it there too until something takes its place.
fn keep_aside(path: &Path, at: Timestamp) -> Result<Option<PathBuf>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    // A log that belongs to what stood there must not be read into what comes. A damaged store keeps its own.
    if let Ok(connection) = schema::open_existing(path) {
        let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
        let _ = connection.close();
    }
    let mut aside = with_suffix(path, &format!(".before-{}", at.strftime("%Y%m%dT%H%M%SZ")));
    // What was kept earlier in the same second stays.
    while aside.symlink_metadata().is_ok() {
        aside = with_suffix(&aside, "x");
    }
    if fs::hard_link(path, &aside).is_err() {
        // Not every file system has links.
        fs::copy(path, &aside).map_err(open_error(&aside))?;
    }
    for log in ["-wal", "-shm"] {
        match fs::rename(with_suffix(path, log), with_suffix(&aside, log)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(open_error(path)(error)),
            _ => {}
        }
    }
    Ok(Some(aside))
}

/// A file on its way to its name; removed unless it is kept.
struct Part {
    path: PathBuf,
    name: PathBuf,
}

impl Part {
    /// An empty file beside `name` that only its owner can read.
    fn make(name: &Path) -> Result<Self, StoreError> {
        let path = with_suffix(name, &format!(".{}.part", std::process::id()));
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).map_err(open_error(&path))?;
        Ok(Self { path, name: name.to_owned() })
    }

    /// Gives it its name, once it is on the disk.
    fn keep(self) -> Result<(), StoreError> {
        let synced = File::open(&self.path).and_then(|file| file.sync_all());
        let kept = synced.and_then(|()| fs::rename(&self.path, &self.name));
        let folder = self.name.parent().filter(|folder| !folder.as_os_str().is_empty());
        kept.and_then(|()| File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all()))
            .map_err(open_error(&self.name))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            // After `keep` there is no such file any more.
            let _ = fs::remove_file(with_suffix(&self.path, suffix));
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn open_error(path: &Path) -> impl Fn(io::Error) -> StoreError {
    move |error| StoreError::Open { path: path.to_owned(), kind: error.kind() }
}

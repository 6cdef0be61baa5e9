//! The file as it was before its format was changed: a whole copy beside it, sealed as it is, for a week.
//!
//! A step that goes wrong, or a program that must be put back to the one before, finds every draft in it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use super::{JournalError, open};
use crate::clock::Clock;

/// As long as what is confirmed is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Keeps a copy of the file at `path`, which is of this format: durable, and whole or not there.
pub(super) fn keep(db: &Connection, path: &Path, format: i64) -> Result<(), JournalError> {
    let copy = name(path, &format!("{format}"));
    let part = name(path, &format!("{format}.part"));
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(JournalError::Disk(error)),
        _ => {}
    }
    open::make_private(&part)?;
    db.execute("VACUUM INTO ?1", [part.to_string_lossy()])?;
    let synced = File::open(&part).and_then(|file| file.sync_all());
    synced.and_then(|()| fs::rename(&part, &copy)).map_err(JournalError::Disk)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all()).map_err(JournalError::Disk)
}

/// Forgets copies of more than a week ago.
pub(super) fn forget(path: &Path, clock: &Clock) {
    let copies = (1..super::schema::KNOWN).map(|format| name(path, &format.to_string()));
    for copy in copies {
        let made = fs::metadata(&copy).and_then(|about| about.modified());
        let made = made.ok().and_then(|at| Timestamp::try_from(at).ok());
        if made.is_some_and(|at| clock.now().duration_since(at) > KEPT)
            && let Err(error) = fs::remove_file(&copy)
        {
            tracing::warn!(%error, "an old copy of the journal is still there");
        }
    }
}

fn name(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".format-{suffix}"));
    PathBuf::from(name)
}

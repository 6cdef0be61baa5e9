//! Opening the file: the lock first, then the version, then its soundness, and only then a write.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, params};

use super::{JournalError, before, outbox, schema};
use crate::clock::Clock;
use crate::domain::id::DeskId;

/// A damaged journal, set aside whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Where it is now.
    pub path: PathBuf,
    /// How many sealed drafts and submitted items could be copied out of it.
    pub salvaged: usize,
}

pub(super) struct Opened {
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
    pub(super) desk: DeskId,
    /// The last place in the order of submission that was given.
    pub(super) last_place: i64,
    pub(super) set_aside: Option<SetAside>,
    /// Whether it is a file; otherwise it is gone with the process.
    pub(super) keeps: bool,
}

pub(super) fn open(dir: &Path, clock: &Clock) -> Result<Opened, JournalError> {
    let path = dir.join("drafts.db");
    let set_aside = match judge(&path)? {
        Judgement::Sound => None,
        Judgement::TooNew(found) => return Err(JournalError::TooNew { found, known: schema::KNOWN }),
        Judgement::Damaged => Some(set_aside(&path, clock)?),
    };
    make_private(&path)?;
    let mut connection = connect(&path)?;
    let format = schema::format(&connection)?;
    if (1..schema::KNOWN).contains(&format) {
        before::keep(&connection, &path, format)?;
    }
    schema::migrate(&mut connection)?;
    before::forget(&path, clock);
    let salvaged = set_aside.as_ref().map_or(0, |aside| salvage(&mut connection, aside));
    let (desk, last_place) = (desk_id(&connection, clock)?, outbox::last_place(&connection)?);
    let set_aside = set_aside.map(|path| SetAside { path, salvaged });
    Ok(Opened { path, connection, desk, last_place, set_aside, keeps: true })
}

/// Opens one in memory, with the drafts, the submitted items and the keys of the file in `dir` where it can be read. It is
/// another desk with a station of its own: the seconds that it gives numbers for are kept nowhere.
pub(super) fn in_memory(dir: &Path, clock: &Clock) -> Result<Opened, JournalError> {
    let path = dir.join("drafts.db");
    let mut connection = Connection::open_in_memory()?;
    schema::migrate(&mut connection)?;
    // Without the right to write, a log beside the file cannot be looked into: then the file has to do.
    let as_it_stands = format!("file:{}?immutable=1", path.display());
    let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let open =
        [(path.as_path(), read_only), (Path::new(&as_it_stands), read_only | OpenFlags::SQLITE_OPEN_URI)];
    let readable = open.into_iter().find_map(|(path, flags)| {
        let from = Connection::open_with_flags(path, flags).ok()?;
        let known = schema::format(&from).ok()? <= schema::KNOWN;
        let _: i64 = from.query_row("SELECT count(*) FROM draft", [], |row| row.get(0)).ok()?;
        known.then_some(from)
    });
    if let Some(from) = readable {
        let copied = copy(&mut connection, &from, &TABLES[ABOUT_THE_DESK..]);
        tracing::warn!(copied, "the journal is in memory");
    }
    let (desk, last_place) = (desk_id(&connection, clock)?, outbox::last_place(&connection)?);
    Ok(Opened { path, connection, desk, last_place, set_aside: None, keeps: false })
}

/// Opens the file as it is always opened.
pub(super) fn connect(path: &Path) -> Result<Connection, JournalError> {
    let connection = Connection::open(path)?;
    // The commit of the switch comes after its answer: read to the end, or nobody hears that the disk failed at it and
    // the file is kept as no later opening expects.
    let mut switch = connection.prepare("PRAGMA journal_mode = wal")?;
    let mut answer = switch.query([])?;
    while let Some(row) = answer.next()? {
        if row.get::<_, String>(0)? != "wal" {
            return Err(JournalError::Disk(io::Error::other("it cannot be switched to a write-ahead log")));
        }
    }
    drop(answer);
    drop(switch);
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "synchronous", "full")?;
    // SQLite would do it by itself within a commit that waits for nothing, and tell nobody that the disk failed at it.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(connection)
}

/// The log of the file at `path`.
pub(super) fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// Puts what the log holds into the file, durably, and lets the log begin again from nothing.
pub(super) fn empty_the_log(connection: &Connection) -> Result<(), JournalError> {
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy { Err(JournalError::Disk(io::ErrorKind::ResourceBusy.into())) } else { Ok(()) }
}

/// Counts the drafts without the lock and without a change.
pub(super) fn count(dir: &Path) -> Result<Option<u64>, JournalError> {
    let path = dir.join("drafts.db");
    if !path.exists() {
        return Ok(None);
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let count: i64 = connection.query_row("SELECT count(*) FROM draft", [], |row| row.get(0))?;
    // A file of the first format has no outbox.
    let submitted = outbox::unconfirmed(&connection).unwrap_or_default();
    Ok(u64::try_from(count).ok().map(|drafts| drafts + submitted))
}

/// Takes the lock of the folder `dir`, or says that another desk has it.
pub(super) fn take_lock(dir: &Path) -> Result<File, JournalError> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lock = options.open(dir.join("desk.lock")).map_err(JournalError::Disk)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(JournalError::InUse),
        Err(TryLockError::Error(error)) => Err(JournalError::Disk(error)),
    }
}

enum Judgement {
    Sound,
    TooNew(i64),
    Damaged,
}

/// Looks at the file without changing it. It holds drafts only, so reading all of it takes milliseconds, and the
/// quick check misses nine damages in ten.
fn judge(path: &Path) -> Result<Judgement, JournalError> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Judgement::Sound),
        Err(error) => return Err(JournalError::Disk(error)),
        Ok(metadata) if metadata.len() == 0 => return Ok(Judgement::Sound),
        Ok(_) => {}
    }
    let look = |flags| -> rusqlite::Result<Judgement> {
        let connection = Connection::open_with_flags(path, flags)?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version > schema::KNOWN {
            return Ok(Judgement::TooNew(version));
        }
        let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        Ok(if verdict == "ok" { Judgement::Sound } else { Judgement::Damaged })
    };
    let looked = match look(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        // Killed while it was switched to a write-ahead log: what was half written must be taken back to be read.
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ReadOnly) => {
            look(OpenFlags::SQLITE_OPEN_READ_WRITE)
        }
        looked => looked,
    };
    match looked {
        Ok(judgement) => Ok(judgement),
        Err(error) if is_damage(&error) => Ok(Judgement::Damaged),
        // A full disk or a missing permission is no damage: nothing is set aside for it.
        Err(error) => Err(error.into()),
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
        || matches!(error, rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::Utf8Error(..))
}

/// Renames the file with its `-wal` and `-shm`: apart they are worth nothing.
fn set_aside(path: &Path, clock: &Clock) -> Result<PathBuf, JournalError> {
    let time = clock.now().as_second();
    let named = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let aside = named(&format!(".quarantine-{time}"));
    for suffix in ["-wal", "-shm", ""] {
        let mut to = aside.clone().into_os_string();
        to.push(suffix);
        match fs::rename(named(suffix), to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(JournalError::Disk(error)),
            _ => {}
        }
    }
    tracing::error!(path = %aside.display(), "the journal was damaged and has been set aside");
    Ok(aside)
}

/// What is copied from one file to another: each table with its columns, the first of them its key. The first
/// [`ABOUT_THE_DESK`] are about the desk, the others about its people.
const TABLES: [(&str, &str); 8] = [
    ("meta", "name, value"),
    ("station", "realm, code, leased_until, last"),
    ("key", "id, owner, salt, memory, passes, nonce, wrapped, sum"),
    ("second_wrap", "id, key, salt, memory, passes, nonce, wrapped, sum"),
    ("draft", "id, owner, key, version, updated_at, nonce, sealed"),
    ("outbox", "place, id, owner, key, case_id, is_act, standing, version, submitted_at, nonce, sealed"),
    ("person", "owner, key, signed_in_at, wrong, wrong_at, nonce, sealed"),
    ("own", "owner, name, key, version, nonce, sealed"),
];
const ABOUT_THE_DESK: usize = 2;

/// Copies what can still be read, sealed as it is; a record that was changed will not open.
fn salvage(into: &mut Connection, aside: &Path) -> usize {
    let from = Connection::open_with_flags(aside, OpenFlags::SQLITE_OPEN_READ_ONLY);
    from.map_or(0, |from| copy(into, &from, &TABLES))
}

/// Copies these tables; says how many drafts and submitted items there were.
fn copy(into: &mut Connection, from: &Connection, tables: &[(&str, &str)]) -> usize {
    let Ok(transaction) = into.transaction() else { return 0 };
    let mut copied = 0;
    for (table, columns) in tables {
        let count = columns.split(',').count();
        let (holes, key) = (vec!["?"; count].join(", "), columns.split(',').next().unwrap_or_default());
        let Ok(mut insert) =
            transaction.prepare(&format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({holes})"))
        else {
            continue;
        };
        // From both ends: a damaged page in the middle hides neither what stands before it nor what stands behind.
        for order in ["ASC", "DESC"] {
            let select = format!("SELECT {columns} FROM {table} ORDER BY {key} {order}");
            let Ok(mut select) = from.prepare(&select) else { continue };
            let Ok(mut rows) = select.query([]) else { continue };
            let mut to_the_end = false;
            while let Ok(row) = rows.next() {
                let Some(row) = row else {
                    to_the_end = true;
                    break;
                };
                let values: rusqlite::Result<Vec<rusqlite::types::Value>> =
                    (0..count).map(|at| row.get(at)).collect();
                let Ok(values) = values else { continue };
                let inserted = insert.execute(rusqlite::params_from_iter(values)).unwrap_or(0);
                if matches!(*table, "draft" | "outbox") {
                    copied += inserted;
                }
            }
            if to_the_end {
                break;
            }
        }
    }
    if transaction.commit().is_ok() { copied } else { 0 }
}

/// The identity of this desk, made the first time.
fn desk_id(db: &Connection, clock: &Clock) -> Result<DeskId, JournalError> {
    let kept: Result<String, _> =
        db.query_row("SELECT value FROM meta WHERE name = 'desk'", [], |row| row.get(0));
    if let Some(id) = kept.ok().and_then(|id| id.parse().ok()) {
        return Ok(id);
    }
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(|_| JournalError::NoKey)?;
    let id = DeskId::new(u64::try_from(clock.now().as_millisecond()).unwrap_or_default(), random);
    db.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('desk', ?1)", params![id.to_string()])?;
    Ok(id)
}

/// Makes the file closed to others before anything is in it.
pub(super) fn make_private(path: &Path) -> Result<(), JournalError> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(JournalError::Disk)
}

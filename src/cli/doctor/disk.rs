//! What lies on the disk: the folders, the settings, the drafts by their number, the database.

use std::fs::{self, File};
use std::path::Path;

use rust_i18n::t;
use tokio::time::Instant;

use super::report::{Report, Verdict};
use crate::cli::failure::advice;
use crate::config::Config;
use crate::desk::keymap::Keymap;
use crate::desk::snippets::Snippets;
use crate::i18n::name_of;
use crate::journal::Journal;

/// Less free space than this is worth a look, in bytes.
const SCARCE: u64 = 512 * 1024 * 1024;
/// A commit that takes longer than this is felt, in milliseconds.
const SLOW: u128 = 100;

pub(super) fn look(report: &mut Report, config: &Config) {
    settings(report, config);
    let paths = &config.paths;
    for (check, folder) in
        [("config", &paths.config), ("data", &paths.data), ("state", &paths.state), ("cache", &paths.cache)]
    {
        look_at_folder(report, check, folder, check != "config");
    }
    speed(report, &paths.state);
    drafts(report, &paths.state);
    if config.server.is_none() {
        match &config.postgres {
            #[cfg(feature = "server")]
            Some(address) => postgres(report, address.expose()),
            _ => database(report, &config.database),
        }
    }
}

/// The settings have been read; what they name may still be missing.
fn settings(report: &mut Report, config: &Config) {
    let file = config.paths.config.join("config.toml");
    let state = if file.exists() { t!("doctor.read") } else { t!("doctor.none") };
    report.ok("settings", format!("{}: {state}", file.display()));
    if let Err(failure) = crate::cli::desk::look(config) {
        let (what, next) = failure.into_words();
        report.add("theme", Verdict::Bad, what, next);
    }
    let keys = config.paths.config.join("keys.toml");
    if let Err(error) = Keymap::load(&keys) {
        report.add("keys", Verdict::Bad, error.to_string(), advice("bad_keys"));
    } else if keys.exists() {
        report.ok("keys", format!("{}: {}", keys.display(), t!("doctor.read")));
    }
    let snippets = config.paths.config.join("snippets.toml");
    if let Err(error) = Snippets::load(&snippets) {
        report.add("snippets", Verdict::Bad, error.to_string(), advice("bad_snippets"));
    } else if snippets.exists() {
        report.ok("snippets", format!("{}: {}", snippets.display(), t!("doctor.read")));
    }
    if let Some(folder) = &config.profile {
        let findings = crate::profile::check(folder);
        if findings.is_empty() {
            report.ok("profile", folder.display().to_string());
        } else {
            let what = t!("doctor.findings", n = findings.len(), path = folder.display()).into_owned();
            report.add("profile", Verdict::Bad, what, t!("doctor.findings_next"));
        }
    }
}

fn look_at_folder(report: &mut Report, check: &'static str, folder: &Path, written: bool) {
    let shown = folder.display();
    let Ok(metadata) = fs::metadata(folder) else {
        return report.ok(check, format!("{shown}: {}", t!("doctor.absent")));
    };
    if written && let Err(error) = try_to_write(folder) {
        let what = format!("{shown}: {}", t!("doctor.unwritable", why = error));
        return report.add(check, Verdict::Bad, what, advice("permission_denied"));
    }
    let mut what = shown.to_string();
    let mut scarce = false;
    if let Ok(space) = rustix::fs::statvfs(folder) {
        let free = space.f_bavail.saturating_mul(space.f_frsize);
        scarce = written && free < SCARCE;
        what = format!("{what}: {}", t!("doctor.free", n = free / (1024 * 1024)));
    }
    let open = {
        use std::os::unix::fs::PermissionsExt as _;
        written && metadata.permissions().mode() & 0o007 != 0
    };
    if scarce {
        report.add(check, Verdict::Look, what, advice("no_space"));
    } else if open {
        report.add(check, Verdict::Look, what, t!("doctor.open", path = shown));
    } else {
        report.ok(check, what);
    }
}

fn try_to_write(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".doctor.{}", std::process::id()));
    File::create(&path)?;
    fs::remove_file(path)
}

/// How long a commit takes on the disk of the drafts: the middle of five.
fn speed(report: &mut Report, folder: &Path) {
    let path = folder.join(format!(".doctor.{}", std::process::id()));
    let measured = || -> std::io::Result<u128> {
        use std::io::Write as _;
        let mut file = File::create(&path)?;
        let mut taken = Vec::new();
        for _ in 0..5 {
            let begun = Instant::now();
            file.write_all(&[0; 4096])?;
            file.sync_all()?;
            taken.push(begun.elapsed().as_millis());
        }
        taken.sort_unstable();
        Ok(taken[taken.len() / 2])
    };
    if let Ok(middle) = measured() {
        let what = t!("doctor.sync", n = middle).into_owned();
        if middle > SLOW {
            report.add("sync", Verdict::Look, what, t!("doctor.sync_slow"));
        } else {
            report.ok("sync", what);
        }
    }
    let _ = fs::remove_file(&path);
}

fn drafts(report: &mut Report, folder: &Path) {
    match Journal::count(folder) {
        Ok(Some(count)) => report.ok("drafts", t!("doctor.drafts", n = count)),
        Ok(None) => report.ok("drafts", t!("doctor.none")),
        Err(error) => report.add("drafts", Verdict::Bad, name_of("journal", error.code()), advice("journal")),
    }
}

fn database(report: &mut Report, path: &Path) {
    let shown = path.display();
    match fs::metadata(path) {
        Err(_) => report.ok("database", format!("{shown}: {}", t!("doctor.absent"))),
        Ok(metadata) => {
            let size = t!("doctor.size", n = metadata.len() / (1024 * 1024));
            if let Ok(schema) = schema(path) {
                report.ok("database", format!("{shown}: {size}, {}", t!("doctor.schema", n = schema)));
            } else {
                let what = t!("cli.store.damaged", path = shown).into_owned();
                report.add("database", Verdict::Bad, what, advice("database_damaged"));
            }
        }
    }
}

/// A database elsewhere, looked at without changing it.
#[cfg(feature = "server")]
fn postgres(report: &mut Report, address: &str) {
    let looked = std::thread::scope(|scope| scope.spawn(|| crate::store::Store::schema_at(address)).join());
    match looked {
        Ok(Ok((shown, schema))) => {
            let schema = schema.map_or_else(|| t!("doctor.absent"), |n| t!("doctor.schema", n = n));
            report.ok("database", format!("{}: {schema}", shown.display()));
        }
        Ok(Err(error)) => {
            let (what, next) = crate::cli::failure::Failure::from(&error).into_words();
            report.add("database", Verdict::Bad, what, next);
        }
        Err(_) => report.add("database", Verdict::Bad, name_of("problem", "internal"), advice("internal")),
    }
}

/// The version of the tables, read past whoever else has the file open.
fn schema(path: &Path) -> rusqlite::Result<i64> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let connection = rusqlite::Connection::open_with_flags(path, flags)?;
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

//! The programs of `PostgreSQL` on this machine, and the user they run as: it refuses to run as root.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::getuid;

/// The oldest version that serves.
const OLDEST: u32 = 15;

/// Where packages put what is not on the path: Debian, Fedora and RHEL, Homebrew on either processor and on Linux.
const PLACES: &[&str] = &[
    "/usr/lib/postgresql",
    "/usr",
    "/usr/pgsql-18",
    "/usr/pgsql-17",
    "/usr/pgsql-16",
    "/usr/pgsql-15",
    "/opt/homebrew/opt",
    "/usr/local/opt",
    "/home/linuxbrew/.linuxbrew/opt",
];

/// One installation.
#[derive(Clone)]
pub(crate) struct Programs {
    folder: PathBuf,
    user: Option<(u32, u32)>,
}

impl Programs {
    /// The newest installation that serves; the error says why there is none.
    pub(crate) fn find() -> Result<Self, String> {
        let user = user()?;
        let mut found: Vec<_> =
            folders().into_iter().filter_map(|folder| Some((version(&folder)?, folder))).collect();
        // The first of the newest: what is on the path comes before what lies about.
        found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        match found.into_iter().next() {
            Some((version, folder)) if version >= OLDEST => Ok(Self { folder, user }),
            Some((version, _)) => Err(format!("PostgreSQL {version} is too old; {OLDEST} is needed")),
            None => Err("PostgreSQL is not installed".to_owned()),
        }
    }

    /// Where a program lies.
    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }

    /// A program as its user, in a folder that may be read by it, without what the environment would tell it.
    pub(crate) fn command(&self, program: &str, folder: &Path) -> Command {
        let mut command = Command::new(self.path(program));
        command.env_clear().env("LC_ALL", "C").current_dir(folder);
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    /// Who owns the files, where that is not the user of this process.
    pub(crate) fn user(&self) -> Option<(u32, u32)> {
        self.user
    }
}

fn folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let told = Command::new("pg_config").arg("--bindir").output();
    folders.extend(told.ok().map(|told| PathBuf::from(String::from_utf8_lossy(&told.stdout).trim())));
    for place in PLACES.iter().map(Path::new) {
        folders.push(place.join("bin"));
        let inner = std::fs::read_dir(place).into_iter().flatten().flatten();
        folders.extend(inner.map(|entry| entry.path().join("bin")));
    }
    // A link on the path leads to the folder that has all of them.
    folders.retain_mut(|folder| match folder.join("postgres").canonicalize() {
        Ok(real) => real.parent().is_some_and(|real| {
            real.clone_into(folder);
            ["initdb", "pg_basebackup", "psql"].iter().all(|other| folder.join(other).exists())
        }),
        Err(_) => false,
    });
    folders
}

/// `postgres (PostgreSQL) 15.18 (Debian …)`
fn version(folder: &Path) -> Option<u32> {
    let said = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let digits = said.split(' ').nth(2)?.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// Another user than root.
fn user() -> Result<Option<(u32, u32)>, String> {
    if !getuid().is_root() {
        return Ok(None);
    }
    let accounts = std::fs::read_to_string("/etc/passwd").map_err(|error| error.to_string())?;
    let of = |name: &str| {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    of("postgres").or_else(|| of("nobody")).map(Some).ok_or_else(|| "there is no user but root".to_owned())
}

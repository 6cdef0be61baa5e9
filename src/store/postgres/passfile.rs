//! The password file of PostgreSQL's own programs: lines of `host:port:database:user:password`, where `*` fits all.

use std::path::{Path, PathBuf};

use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// The password that the file has for the host of `config`, if there is such a file and it has one.
pub(super) fn password(config: &Config) -> Option<String> {
    let path = match std::env::var_os("PGPASSFILE") {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".pgpass"),
    };
    if !is_private(&path) {
        tracing::warn!(path = %path.display(), "not read: others may read it too");
        return None;
    }
    let host = match config.get_hosts().first()? {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(_) => "localhost".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432).to_string();
    let user = config.get_user()?;
    let wanted = [&host, &port, config.get_dbname().unwrap_or(user), user];
    std::fs::read_to_string(path).ok()?.lines().find_map(|line| matching(line, wanted))
}

fn matching(line: &str, wanted: [&str; 4]) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let mut fields = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ':' if fields.len() < 5 => fields.push(String::new()),
            // A backslash takes the meaning from a colon and from itself.
            '\\' => fields.last_mut()?.extend(chars.next()),
            other => fields.last_mut()?.push(other),
        }
    }
    let password = if fields.len() == 5 { fields.pop()? } else { return None };
    fields.iter().zip(wanted).all(|(field, wanted)| field == "*" || field == wanted).then_some(password)
}

#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().map_or(true, |found| matches!(found.permissions().mode() & 0o777, 0o400 | 0o600))
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_fits_has_the_password() {
        let wanted = ["db.example", "5432", "city", "huiyin"];
        for (line, password) in [
            ("db.example:5432:city:huiyin:s3cret", Some("s3cret")),
            ("*:*:*:huiyin:a\\:b\\\\c", Some("a:b\\c")),
            ("*:*:*:huiyin:a:b", Some("a:b")),
            ("*:*:*:other:s3cret", None),
            ("# *:*:*:*:s3cret", None),
            ("too:short", None),
        ] {
            assert_eq!(matching(line, wanted).as_deref(), password, "{line}");
        }
    }
}

//! `config.toml`: read by the table of settings, so that every complaint has a line and a key.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;

use rust_i18n::t;
use toml::de::{DeTable, DeValue};

use super::ConfigError;
use super::setting::{Kind, SETTINGS, Settings};

/// Reads the file; one that is not there says nothing.
pub(super) fn read(path: &Path) -> Result<Settings, ConfigError> {
    match fs::read(path) {
        Ok(bytes) => parse(path, &bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(source) => Err(ConfigError::Unreadable { path: path.to_owned(), source }),
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Settings, ConfigError> {
    let wrong = |line, key: &str, what: String| ConfigError::InFile {
        path: path.to_owned(),
        line,
        key: key.to_owned(),
        what,
    };
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(wrong(1, "-", t!("config.mark").into_owned()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = line_at(bytes, error.valid_up_to());
        wrong(line, "-", t!("config.wanted.utf8").into_owned())
    })?;
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().unwrap_or(Range::default()).start;
        let key = key_on_line(text, at);
        wrong(line_at(bytes, at), key, error.message().to_owned())
    })?;
    let mut settings = Settings::default();
    for (key, value) in table.get_ref() {
        let name: &str = key.get_ref();
        let line = line_at(bytes, key.span().start);
        let Some(setting) = SETTINGS.iter().find(|setting| setting.key == name) else {
            let known: Vec<_> = SETTINGS.iter().map(|setting| setting.key).collect();
            return Err(wrong(line, name, t!("config.unknown", known = known.join(", ")).into_owned()));
        };
        let text = match value.get_ref() {
            DeValue::String(text) if setting.kind != Kind::Number => text.to_string(),
            DeValue::Boolean(word) if setting.kind != Kind::Number => word.to_string(),
            DeValue::Integer(number) if setting.kind == Kind::Number => number.to_string(),
            _ if setting.kind == Kind::Number => {
                return Err(wrong(line, name, t!("config.wanted.whole").into_owned()));
            }
            _ => return Err(wrong(line, name, t!("config.wanted.text").into_owned())),
        };
        (setting.set)(&mut settings, &text).map_err(|what| wrong(line, name, what))?;
    }
    Ok(settings)
}

fn line_at(bytes: &[u8], at: usize) -> usize {
    1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count()
}

/// What stands before the `=` of the line that holds byte `at`.
fn key_on_line(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    line.split_once('=').map_or("-", |(key, _)| key.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &[u8]) -> String {
        parse(Path::new("/c.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn a_file_says_what_it_says() {
        let file = b"# note\nserver = \"https://hotline.example\"\nsession_hours = 8\nclipboard = false\n";
        let settings = parse(Path::new("/c.toml"), file).unwrap();
        assert_eq!(settings.server.as_deref(), Some("https://hotline.example"));
        assert_eq!((settings.session_hours, settings.clipboard), (Some(8), Some(false)));
        assert_eq!(parse(Path::new("/c.toml"), b"").unwrap(), Settings::default());
    }

    #[test]
    fn every_fault_has_its_line_and_key() {
        for (file, says) in [
            (&b"\n\nservre = \"https://a\"\n"[..], "/c.toml:3: servre: no such setting"),
            (b"listen = 8345\n", "/c.toml:1: listen: a text in quotes"),
            (b"session_hours = \"8\"\n", "/c.toml:1: session_hours: a whole number"),
            (b"session_hours = 0\n", "/c.toml:1: session_hours: a whole number from 1"),
            (b"\ndatabase = \"cases.db\"\n", "/c.toml:2: database: an absolute path"),
            (b"\xef\xbb\xbflisten = \"127.0.0.1:1\"", "/c.toml:1: -: the file starts with a byte order mark"),
            (b"clipboard = \"off\"\n", "/c.toml:1: clipboard: one of true, false"),
            (b"borders = true\n", "/c.toml:1: borders: one of rounded, plain, ascii"),
            (b"theme = \"a\"\ntheme = \"b\"\n", "/c.toml:2: theme: duplicate key"),
            (b"theme = \"\xff\"\n", "/c.toml:1: -: not UTF-8"),
            (b"theme = \n", "/c.toml:1: theme: "),
            (b"[server]\nurl = \"x\"\n", "/c.toml:1: server: a text in quotes"),
        ] {
            let complaint = complaint(file);
            assert!(complaint.starts_with(says), "{complaint} / {says}");
        }
    }
}

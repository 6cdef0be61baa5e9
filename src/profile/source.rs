//! The files of a profile as texts: read from a directory, or built in.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::finding::{Finding, FindingCode};

/// The files of a profile directory; all are required but `OPTIONAL`.
pub const FILES: [&str; 8] = [
    "city.toml",
    "departments.toml",
    "matters.csv",
    "divisions.toml",
    "deadlines.toml",
    "calendar.toml",
    "templates.toml",
    OPTIONAL,
];

/// The file that a city may do without.
pub(super) const OPTIONAL: &str = "knowledge.toml";

/// The largest profile file taken, in bytes. A city's departments are well below one megabyte.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// One file's text.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) file: &'static str,
    pub(super) text: String,
    /// It was not there, or could not be read, and that has been told.
    pub(super) unread: bool,
}

/// Reads every file of `dir`. What cannot be read is an empty text and a finding.
pub(super) fn read_directory(dir: &Path) -> ([Source; 8], Vec<Finding>) {
    let mut findings = Vec::new();
    let sources = FILES.map(|file| {
        let bytes = match read(&dir.join(file)) {
            Err((FindingCode::MissingFile, _)) if file == OPTIONAL => Ok(Vec::new()),
            bytes => bytes,
        };
        let text = bytes.map_err(|(code, detail)| Finding::of_file(file, code, file).with_detail(detail));
        let text = text.and_then(|bytes| decode(file, bytes)).map_err(|finding| findings.push(finding)).ok();
        let unread = text.is_none();
        let mut text = text.unwrap_or_default();
        if text.starts_with('\u{feff}') {
            findings.push(Finding::of_file(file, FindingCode::Bom, file).at(1, Some(1)));
            text.remove(0);
        }
        Source { file, text, unread }
    });
    (sources, findings)
}

/// The files of the demonstration city, as they stand beside this one.
pub(super) fn demonstration() -> [Source; 8] {
    let [city, departments, matters, divisions, deadlines, calendar, templates, knowledge] = FILES;
    let source = |file, text: &str| Source { file, text: text.to_owned(), unread: false };
    [
        source(city, include_str!("demo/city.toml")),
        source(departments, include_str!("demo/departments.toml")),
        source(matters, include_str!("demo/matters.csv")),
        source(divisions, include_str!("demo/divisions.toml")),
        source(deadlines, include_str!("demo/deadlines.toml")),
        source(calendar, include_str!("demo/calendar.toml")),
        source(templates, include_str!("demo/templates.toml")),
        source(knowledge, include_str!("demo/knowledge.toml")),
    ]
}

/// What the files hold, in one value: the same content has the same, everywhere and always.
pub(super) fn etag(sources: &[Source]) -> String {
    use std::fmt::Write as _;
    let mut hash = Sha256::new();
    for source in sources {
        hash.update(source.file);
        hash.update((source.text.len() as u64).to_be_bytes());
        hash.update(&source.text);
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn read(path: &Path) -> Result<Vec<u8>, (FindingCode, String)> {
    let unreadable = |error: &io::Error| match error.kind() {
        io::ErrorKind::NotFound => (FindingCode::MissingFile, String::new()),
        _ => (FindingCode::Unreadable, error.to_string()),
    };
    let file = File::open(path).map_err(|e| unreadable(&e))?;
    // A pipe or a device has no length to check and may never end.
    if !file.metadata().map_err(|e| unreadable(&e))?.is_file() {
        return Err((FindingCode::Unreadable, String::new()));
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| unreadable(&e))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err((FindingCode::TooLarge, "16 MiB".to_owned()));
    }
    Ok(bytes)
}

fn decode(file: &'static str, bytes: Vec<u8>) -> Result<String, Finding> {
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.split(|byte| *byte == b'\n').count();
        Finding::of_file(file, FindingCode::NotUtf8, file).at(line, None)
    })
}

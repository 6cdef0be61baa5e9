//! A file that a person writes for the desk, such as `keys.toml` or `snippets.toml`: what reading them has in common.
//!
//! All faults are told at once, each with its line, in the person's language. A file that is not there says nothing.

use std::fmt;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use rust_i18n::t;
use toml::Spanned;
use toml::de::DeTable;

/// What can be wrong with any such file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Malformed {
    /// The text is no UTF-8, or starts with a byte order mark.
    Encoding,
    /// The text is no TOML: what the reader of TOML says, in English.
    Syntax(String),
}

/// Why a line of a file cannot hold.
pub trait Fault: From<Malformed> {
    /// The sentence, in the person's language.
    fn sentence(&self) -> String;
}

/// The line, from 1; what the line is about, or `-` where that is the whole file; and what is wrong.
pub type Faults<F> = Vec<(usize, String, F)>;

/// Why a file cannot be used.
#[derive(Debug)]
pub enum OwnFileError<F> {
    /// It cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Lines of it are wrong.
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, in the order of the lines.
        faults: Faults<F>,
    },
}

impl Malformed {
    /// The sentence, in the person's language.
    pub fn sentence(&self) -> String {
        match self {
            Self::Encoding => t!("own_file.encoding"),
            Self::Syntax(what) => t!("own_file.syntax", what = what),
        }
        .into_owned()
    }
}

impl<F: Fault> fmt::Display for OwnFileError<F> {
    /// One line for each fault: `FILE:LINE: NAME: sentence`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Invalid { path, faults } => {
                for (index, (line, name, fault)) in faults.iter().enumerate() {
                    let end = if index == 0 { "" } else { "\n" };
                    write!(f, "{end}{}:{line}: {name}: {}", path.display(), fault.sentence())?;
                }
                Ok(())
            }
        }
    }
}

impl<F: Fault + fmt::Debug> std::error::Error for OwnFileError<F> {}

/// Reads the file at `path` by `parse`.
pub(super) fn load<T: Default, F>(
    path: &Path,
    parse: impl FnOnce(&[u8]) -> Result<T, Faults<F>>,
) -> Result<T, OwnFileError<F>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(T::default()),
        Err(source) => return Err(OwnFileError::Unreadable { path: path.to_owned(), source }),
    };
    parse(&bytes).map_err(|faults| OwnFileError::Invalid { path: path.to_owned(), faults })
}

/// What was read, unless something is wrong; faults come in the order of their lines.
pub(super) fn unless_faulty<T, F>(read: T, mut faults: Faults<F>) -> Result<T, Faults<F>> {
    faults.sort_by_key(|(line, ..)| *line);
    if faults.is_empty() { Ok(read) } else { Err(faults) }
}

/// The TOML in `bytes`.
pub(super) fn document<F: Fault>(bytes: &[u8]) -> Result<Spanned<DeTable<'_>>, Faults<F>> {
    let whole = |line, fault| vec![(line, "-".to_owned(), F::from(fault))];
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !text.starts_with('\u{feff}') => text,
        Ok(_) => return Err(whole(1, Malformed::Encoding)),
        Err(error) => return Err(whole(line_at(bytes, error.valid_up_to()), Malformed::Encoding)),
    };
    DeTable::parse(text).map_err(|error| {
        let at = error.span().unwrap_or(Range::default()).start;
        whole(line_at(bytes, at), Malformed::Syntax(error.message().to_owned()))
    })
}

/// The line, from 1, of a byte.
pub(super) fn line_at(bytes: &[u8], at: usize) -> usize {
    1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count()
}

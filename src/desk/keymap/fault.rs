//! What is wrong in `keys.toml`, in the person's language.

use rust_i18n::t;

use super::Context;
use crate::desk::keys::Chord;
use crate::desk::own_file::{Fault, Malformed, OwnFileError};

/// Why a line of the file cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFault {
    /// It is no TOML in UTF-8.
    Malformed(Malformed),
    /// There is no such table.
    UnknownTable,
    /// There is nothing of this name in the table; where there is, if anywhere.
    UnknownName(Option<Context>),
    /// The value is no list of texts.
    NotAList,
    /// The text is no key.
    UnknownKey(String),
    /// Terminals cannot tell this key from another.
    NotSent(Chord),
    /// It must have a key.
    NeedsKey,
    /// The key types a character where this is wanted.
    Types(Chord),
    /// It needs a key that works while text is typed as well.
    NeedsCommand(Chord),
    /// Editing or moving needs the key.
    Reserved(Chord),
    /// The key is listed twice.
    Twice(Chord),
    /// Another has the key in the same place: its table and name, and its line if the file says so.
    Taken(Chord, String, Option<usize>),
}

/// Why `keys.toml` cannot be used.
pub type KeymapError = OwnFileError<KeyFault>;

impl From<Malformed> for KeyFault {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl Fault for KeyFault {
    fn sentence(&self) -> String {
        let sentence = match self {
            Self::Malformed(malformed) => return malformed.sentence(),
            Self::UnknownTable => {
                let known = Context::ALL.iter().map(|context| format!("[{context}]")).collect::<Vec<_>>();
                t!("keymap.unknown_table", known = known.join(" "))
            }
            Self::UnknownName(Some(context)) => t!("keymap.other_table", table = context),
            Self::UnknownName(None) => t!("keymap.unknown_name"),
            Self::NotAList => t!("keymap.not_a_list"),
            Self::UnknownKey(text) => t!("keymap.unknown_key", key = text),
            Self::NotSent(key) => t!("keymap.not_sent", key = key),
            Self::NeedsKey => t!("keymap.needs_key"),
            Self::Types(key) => t!("keymap.types", key = key),
            Self::NeedsCommand(key) => t!("keymap.needs_command", key = key),
            Self::Reserved(key) => t!("keymap.reserved", key = key),
            Self::Twice(key) => t!("keymap.twice", key = key),
            Self::Taken(key, by, Some(line)) => t!("keymap.taken_on", key = key, by = by, line = line),
            Self::Taken(key, by, None) => t!("keymap.taken", key = key, by = by),
        };
        sentence.into_owned()
    }
}

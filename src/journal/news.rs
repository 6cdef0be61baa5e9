//! What the journal's thread tells the desk.

use std::collections::BTreeMap;

use crate::domain::id::CaseId;

/// What became of what was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A draft is written: a killed process does not lose it.
    Written {
        /// The draft.
        id: CaseId,
        /// Its version.
        version: u64,
    },
    /// Nothing that was handed over could not be written, and these drafts are durable, each in this version: a power cut
    /// does not lose it. What was written since the disk was asked is not among them.
    Durable(BTreeMap<CaseId, u64>),
    /// The file was damaged and has been set aside; so many drafts and submitted items could be copied out of it.
    SetAside(usize),
    /// The disk does not let it be opened. It waits for a person who says whether to go on without
    /// ([`super::Journal::go_on_in_memory`]).
    NoDisk,
    /// The journal cannot be opened ([`super::Journal::failure`]): nothing will be kept.
    NotOpened,
    /// Nothing can be written now (`JournalError::code`); it is kept in memory and tried again.
    NotWritten(&'static str),
}

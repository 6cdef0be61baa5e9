//! What can be wrong with the journal. `code` names the sentence for the person.

/// Why the journal did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another desk has it open.
    #[error("another desk is open on this profile")]
    InUse,
    /// A newer version of the program made it; it was not touched.
    #[error("the drafts were kept by a newer version of this program (format {found}, known up to {known})")]
    TooNew {
        /// The format found.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// The password does not open it.
    #[error("the drafts are sealed with another password")]
    WrongPassword,
    /// The key itself is damaged; no password will open it.
    #[error("the key of the drafts is damaged")]
    KeyDamaged,
    /// Nobody has unlocked it.
    #[error("the drafts are locked")]
    Locked,
    /// Nobody of that name has ever signed in here.
    #[error("nobody of that name has signed in at this desk")]
    NotHereBefore,
    /// The last time with the server is too long ago.
    #[error("the last sign-in with the server is more than three days ago")]
    TooLongAgo,
    /// Ten wrong passwords; a quarter of an hour must pass.
    #[error("too many wrong passwords")]
    TooManyTries,
    /// The folder or the lock file.
    #[error("the drafts' folder: {0}")]
    Disk(#[source] std::io::Error),
    /// The database.
    #[error("the drafts' file: {0}")]
    Database(#[from] rusqlite::Error),
    /// No randomness, or no memory for the key.
    #[error("no key can be made")]
    NoKey,
    /// There is no disk to keep it on, and the person goes on all the same.
    #[error("nothing is kept on the disk")]
    InMemory,
    /// The journal's thread has ended.
    #[error("the journal has stopped")]
    Stopped,
}

impl JournalError {
    /// Whether the disk failed at reading or writing.
    pub(super) fn is_of_the_disk(&self) -> bool {
        let Self::Database(error) = self else { return false };
        error.sqlite_error_code() == Some(rusqlite::ErrorCode::SystemIoFailure)
    }

    /// Whether the folder or the file cannot be written, so that a person may go on without either.
    pub(super) fn is_of_the_place(&self) -> bool {
        matches!(self, Self::Disk(_) | Self::Database(_))
    }

    /// The key of its sentence, such as `in_use`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InUse => "in_use",
            Self::TooNew { .. } => "too_new",
            Self::WrongPassword => "wrong_password",
            Self::KeyDamaged => "key_damaged",
            Self::Locked => "locked",
            Self::NotHereBefore => "not_here_before",
            Self::TooLongAgo => "too_long_ago",
            Self::TooManyTries => "too_many_tries",
            Self::Disk(_) | Self::Database(_) => "not_written",
            Self::NoKey => "no_key",
            Self::InMemory => "in_memory",
            Self::Stopped => "stopped",
        }
    }
}

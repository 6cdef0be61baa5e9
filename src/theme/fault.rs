//! Why a theme cannot be used: the place, and a code with what it is about. The words are the desk's, in the person's
//! language: `theme_fault.CODE`.

/// Why a theme cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// The file does not say what a theme file says.
    #[error("{file}:{line}: {}: {}", fault.code(), fault.what())]
    Invalid {
        /// The path of a file of the person's own, or the name of a built-in one.
        file: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        fault: Fault,
    },
    /// No such theme.
    #[error("there is no theme `{0}`")]
    Unknown(String),
}

/// What is wrong with a theme file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It cannot be read from the disk; why.
    Unreadable(String),
    /// It is longer than any theme.
    TooLong,
    /// It is not UTF-8.
    NotUtf8,
    /// It is not TOML; what the parser says.
    NotToml(String),
    /// A key that theme files do not have.
    UnknownKey(String),
    /// A role that nothing on the screen has.
    UnknownRole(String),
    /// Neither a colour nor an entry of the palette.
    UnknownColour(String),
    /// A modifier that there is not.
    UnknownModifier(String),
    /// The value of this key is of another kind.
    WrongKind(String),
    /// It inherits from a theme that there is not.
    UnknownParent(String),
    /// It inherits, by others or not, from itself.
    Cycle(String),
}

impl Fault {
    /// The code: `theme_fault.CODE` is the sentence.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::TooLong => "too_long",
            Self::NotUtf8 => "not_utf8",
            Self::NotToml(_) => "not_toml",
            Self::UnknownKey(_) => "unknown_key",
            Self::UnknownRole(_) => "unknown_role",
            Self::UnknownColour(_) => "unknown_colour",
            Self::UnknownModifier(_) => "unknown_modifier",
            Self::WrongKind(_) => "wrong_kind",
            Self::UnknownParent(_) => "unknown_parent",
            Self::Cycle(_) => "cycle",
        }
    }

    /// What it is about, for the sentence; empty where that says it all.
    pub fn what(&self) -> &str {
        match self {
            Self::TooLong | Self::NotUtf8 => "",
            Self::Unreadable(what)
            | Self::NotToml(what)
            | Self::UnknownKey(what)
            | Self::UnknownRole(what)
            | Self::UnknownColour(what)
            | Self::UnknownModifier(what)
            | Self::WrongKind(what)
            | Self::UnknownParent(what)
            | Self::Cycle(what) => what,
        }
    }
}

//! Why the settings cannot be used. Every reason names the place, and none repeats a secret.

use std::path::PathBuf;

use rust_i18n::t;

/// What is wrong with a setting, and where it stands.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Something in the file is wrong.
    #[error("{}:{line}: {key}: {what}", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key, or `-` where the text is no TOML at all.
        key: String,
        /// What is wrong.
        what: String,
    },
    /// A variable of the environment is wrong.
    #[error("{name}: {what}")]
    InEnvironment {
        /// The variable.
        name: &'static str,
        /// What is wrong.
        what: String,
    },
    /// Others on this machine can read a file that holds a secret.
    #[error("{}", t!("config.not_private", path = path.display()))]
    NotPrivate {
        /// The file.
        path: PathBuf,
    },
    /// There is no home folder, and none was named.
    #[error("{}", t!("config.no_home"))]
    NoHome,
    /// A folder cannot be made or named.
    #[error("{}: {}", t!("config.folder"), .0)]
    Folder(#[source] std::io::Error),
}

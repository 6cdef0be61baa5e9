//! Where the program keeps things: XDG folders, or everything under one.

use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};

/// The four folders. None exists until [`Paths::make`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// `config.toml`, themes and keys of the person's own.
    pub config: PathBuf,
    /// The embedded database.
    pub data: PathBuf,
    /// Drafts, logs, and where the embedded server stands.
    pub state: PathBuf,
    /// What can be fetched again.
    pub cache: PathBuf,
}

impl Paths {
    /// Everything under `dir`.
    pub fn under(dir: &Path) -> Self {
        Self {
            config: dir.join("config"),
            data: dir.join("data"),
            state: dir.join("state"),
            cache: dir.join("cache"),
        }
    }

    /// The XDG folders of the person who runs the program; none if there is no home folder.
    pub fn of_the_person() -> Option<Self> {
        let dirs = directories::ProjectDirs::from("", "", "huiyin")?;
        let data = dirs.data_dir().to_owned();
        Some(Self {
            config: dirs.config_dir().to_owned(),
            state: dirs.state_dir().map_or_else(|| data.join("state"), Path::to_owned),
            cache: dirs.cache_dir().to_owned(),
            data,
        })
    }

    /// Makes the folders that are written to, closed to other people. The folder of the configuration is the
    /// person's to make.
    pub fn make(&self) -> io::Result<()> {
        [&self.data, &self.state, &self.cache].into_iter().try_for_each(|dir| make_private(dir))
    }
}

/// Makes `dir` and what is above it; what is made is open to its owner only.
fn make_private(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_is_made_is_closed_to_others() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let paths = Paths::under(dir.path());
        paths.make().unwrap();
        for made in [&paths.data, &paths.state, &paths.cache] {
            assert_eq!(made.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        }
        assert!(!paths.config.exists());
    }
}

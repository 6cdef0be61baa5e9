//! Where a table goes: to stdout, or into a file that appears under its name once it is whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::super::failure::Failure;

/// The file, or stdout. Unless [`Target::keep`] is reached nothing is left behind.
pub(super) struct Target(Option<Beside>);

struct Beside {
    path: PathBuf,
    part: PathBuf,
    file: File,
}

impl Target {
    /// Begins beside the file at `path`, for its owner's eyes; or on stdout.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Self(None)) };
        let failed = |error: io::Error| Failure::file(path, &error);
        if path.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let part = path.with_file_name(name);
        let mut options = File::options();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part).map_err(failed)?;
        Ok(Self(Some(Beside { path: path.to_owned(), part, file })))
    }

    /// Whether it is a file.
    pub(super) fn is_file(&self) -> bool {
        self.0.is_some()
    }

    /// The folder of the file.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.0.as_ref()?.path.parent()
    }

    /// What to write to.
    pub(super) fn writer(&self) -> io::Result<Box<dyn Write + Send>> {
        Ok(match &self.0 {
            Some(beside) => Box::new(io::BufWriter::new(beside.file.try_clone()?)),
            None => Box::new(io::BufWriter::new(io::stdout())),
        })
    }

    /// Gives the file its name, once it is on the disk.
    pub(super) fn keep(self) -> Result<(), Failure> {
        if let Some(Beside { path, part, file }) = &self.0 {
            let kept = file.sync_all().and_then(|()| fs::rename(part, path));
            kept.map_err(|error| Failure::file(path, &error))?;
        }
        Ok(())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some(beside) = &self.0 {
            // After `keep` there is no such file any more.
            let _ = fs::remove_file(&beside.part);
        }
    }
}

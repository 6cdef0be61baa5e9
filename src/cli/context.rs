//! What every command is handed: the settings, the clock, and new identities.

use std::future::Future;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use crate::clock::Clock;
use crate::config::Config;

/// Settings and time of this run.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) config: Config,
    pub(super) clock: Clock,
    /// Whether what is printed is for a script.
    pub(super) json: bool,
}

impl Context {
    pub(super) fn new(config: Config, json: bool) -> Self {
        Self { config, clock: Clock::default(), json }
    }

    /// Milliseconds since 1970, and ten random bytes: what an identity is made of.
    #[cfg(feature = "desk")]
    pub(super) fn fresh(&self) -> Result<(u64, [u8; 10]), Failure> {
        let mut random = [0; 10];
        getrandom::fill(&mut random).map_err(anyhow::Error::from)?;
        Ok((u64::try_from(self.clock.now().as_millisecond()).unwrap_or_default(), random))
    }
}

/// Runs `work` to its end on a runtime of its own.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    runtime()?.block_on(work)
}

/// A runtime with a thread a core.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// A path as it is meant where the person stands.
pub(super) fn absolute(path: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    path.map(|path| std::path::absolute(path).map_err(|error| Failure::file(path, &error))).transpose()
}

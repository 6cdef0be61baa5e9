//! The log: one file a day in the state folder, never stdout or stderr, which belong to the person.

use std::io::ErrorKind;

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::failure::Failure;
use crate::config::Paths;

/// Lines that may wait for the disk; further ones are lost. The room for them is taken at the start: what the library
/// would take by itself is 4 MB and costs as many milliseconds.
const WAITING: usize = 2_048;
/// How many days of logs are kept.
const DAYS: usize = 14;

/// Starts the log; it is written until the guard is dropped. `HUIYIN_LOG` sets the level (`info`), or levels by where a
/// line comes from (`warn,huiyin::server=debug`).
pub(super) fn start(paths: &Paths) -> Result<Option<WorkerGuard>, Failure> {
    match paths.make() {
        // Nor must one on which there is nothing yet. Whoever needs the folders says so.
        Err(error) if matches!(error.kind(), ErrorKind::ReadOnlyFilesystem | ErrorKind::StorageFull) => {
            return Ok(None);
        }
        made => made.map_err(|error| Failure::file(&paths.state, &error))?,
    }
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("huiyin")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(&paths.state);
    // A full or read-only disk must not keep a call from being taken.
    let Ok(appender) = appender else { return Ok(None) };
    let queue = NonBlockingBuilder::default().buffered_lines_limit(WAITING).thread_name("log");
    let (writer, guard) = queue.finish(appender);
    let said = std::env::var("HUIYIN_LOG").ok().and_then(|levels| levels.parse().ok());
    let levels = said.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let lines = tracing_subscriber::fmt::layer().json().with_writer(writer);
    let logger = tracing_subscriber::registry().with(lines).with(levels);
    // A test that runs several commands in one process keeps the first log.
    let _ = logger.try_init();
    Ok(Some(guard))
}

//! The progress bar: on stderr, and only where somebody looks at it.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Rows done so far.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar for a person, or none.
    pub(super) fn new(wanted: bool) -> Self {
        let bar = ProgressBar::no_length();
        if !wanted || !io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self(bar)
    }

    /// How many rows there will be, if that is known.
    pub(super) fn expect(&self, rows: Option<u64>) {
        let (shape, length) = match rows {
            Some(rows) => ("[{bar:40}] {pos}/{len}  {per_sec}  {eta}", Some(rows)),
            None => ("{spinner} {pos}  {per_sec}", None),
        };
        if let Some(length) = length {
            self.0.set_length(length);
        }
        if let Ok(style) = ProgressStyle::with_template(shape) {
            self.0.set_style(style.progress_chars("=> "));
        }
    }

    /// So many rows more are done.
    pub(super) fn done(&self, rows: u64) {
        self.0.inc(rows);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

//! The harness of the stories: the real desk on the real router over a real store, and nobody sleeps.
//!
//! A story starts a [`Server`], opens a [`Desk`] on it and types. Everything is real but the screen, which is kept
//! in memory, and the clock, which stands still until a story moves it: so numbers, ages and deadlines on a screen
//! are the same in every run, and a snapshot needs no filters.

mod desk;
mod emulator;
mod line;
mod lines;
mod program;
mod screen;
mod server;
mod wide_terminal;

pub(crate) use desk::{Desk, Seat};
pub(crate) use line::State as Line;
pub(crate) use lines::Lines;
pub(crate) use program::{Home, PROGRAM_PASSWORD, Pty};
pub(crate) use server::{PASSWORD, Person, SETUP, Server, order};

use std::sync::LazyLock;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

/// How long anything may take before a story is given up: far more than it needs on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Where servers and the network work of desks run. The desks themselves run on the threads of the stories.
pub(crate) static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let language = std::env::var("HUIYIN_TEST_LANGUAGE").unwrap_or_default();
    huiyin::i18n::set(huiyin::i18n::Language::of_tag(&language));
    Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap()
});

//! Which draft this thread has in hand while it reads or paints one: where the program breaks on it, it is known which.

use std::cell::Cell;
use std::sync::Arc;

use super::screens::intake::Draft;
use crate::domain::id::CaseId;
use crate::journal::Journal;
use crate::journal::crashes::Crashes;

thread_local! {
    static IN_HAND: Cell<Option<(CaseId, u64)>> = const { Cell::new(None) };
}

/// A draft is in hand until this is dropped, or for ever if the program is breaking on it.
#[derive(Debug)]
pub(super) struct InHand(());

impl Drop for InHand {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            IN_HAND.set(None);
        }
    }
}

/// Takes `draft` in hand, one at a time.
pub(super) fn take(draft: &Draft) -> InHand {
    IN_HAND.set(draft.id.map(|id| (id, draft.changes)));
    #[cfg(debug_assertions)]
    break_on(draft);
    InHand(())
}

/// Breaks where a test says so: on a draft with these words. No draft is known that the program breaks on by itself.
#[cfg(debug_assertions)]
fn break_on(draft: &Draft) {
    static WORDS: std::sync::LazyLock<Option<String>> =
        std::sync::LazyLock::new(|| std::env::var("HUIYIN_BREAK_ON").ok().filter(|words| !words.is_empty()));
    let text = draft.form.text.text();
    assert!(!WORDS.as_deref().is_some_and(|words| text.contains(words)), "{text}");
}

/// Notes, when the program breaks with a draft in hand, that it did: durably, before the terminal is left.
pub(super) struct Witness(pub(super) Arc<Journal>);

impl Drop for Witness {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let Some((id, version)) = IN_HAND.get() else { return };
        let mut crashes = Crashes::read(&self.0);
        crashes.count(id, version);
        match crashes.keep(&self.0) {
            Ok(()) => tracing::error!(%id, "broke on a draft"),
            Err(error) => tracing::error!(%id, %error, "broke on a draft, which could not be noted"),
        }
    }
}

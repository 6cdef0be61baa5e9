//! What is typed before the desk is there, where it signs in without asking anybody: it is kept, and typed once the first
//! screen knows its city. Where a password is asked for nothing is kept: it would be shown on another screen.

use std::fmt;

use super::action;
use super::effects::Effect;
use super::model::{Model, Screen, Severity};
use super::msg::Msg;
use super::screens::overlay::Overlay;
use super::update::update;

/// The most characters that are kept; a key is one.
const MOST: usize = 4_096;

/// What was typed so far, in its order.
#[derive(Default)]
pub struct Early {
    typed: Vec<Msg>,
    chars: usize,
    refused: usize,
}

impl Early {
    /// How many characters are kept; a key is one.
    pub fn chars(&self) -> usize {
        self.chars
    }
}

impl fmt::Debug for Early {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Early")
            .field("chars", &self.chars)
            .field("refused", &self.refused)
            .finish_non_exhaustive()
    }
}

/// Keeps what is typed, and gives back what is to be taken in now.
pub(super) fn keep(model: &mut Model, msg: Msg) -> Option<Msg> {
    if is_covered(model) || acts_now(model, &msg) {
        return Some(msg);
    }
    let Some(early) = &mut model.early else { return Some(msg) };
    let room = MOST - early.chars;
    let (kept, typed) = match msg {
        Msg::Key(chord) => ((room > 0).then_some(Msg::Key(chord)), 1),
        Msg::Paste(text) => {
            let n = text.chars().count();
            let start = if n <= room { text } else { text.chars().take(room).collect() };
            ((room > 0).then_some(Msg::Paste(start)), n)
        }
        other => return Some(other),
    };
    early.typed.extend(kept);
    early.chars += typed.min(room);
    early.refused += typed.saturating_sub(room);
    None
}

/// Types what was kept, and keeps no more.
pub(super) fn type_all(model: &mut Model) -> Vec<Effect> {
    let Some(early) = model.early.take() else { return Vec::new() };
    if is_covered(model) {
        // A question has come up, and none of this was an answer to it.
        model.early = Some(early);
        let_go(model);
        return Vec::new();
    }
    let effects = early.typed.into_iter().flat_map(|msg| update(model, msg)).collect();
    say_refused(model, early.refused);
    effects
}

/// Forgets what was kept: somebody is asked now.
pub(super) fn let_go(model: &mut Model) {
    if let Some(early) = model.early.take() {
        say_refused(model, early.chars + early.refused);
    }
}

fn say_refused(model: &mut Model, n: usize) {
    if n > 0 {
        model.say(Severity::Warning, rust_i18n::t!("desk.early_refused", n = n).into_owned());
    }
}

/// Whether something lies over the screen that has the keys.
fn is_covered(model: &Model) -> bool {
    model.overlay.as_ref().is_some_and(|overlay| !matches!(overlay, Overlay::FirstKeys))
}

/// Whether it is one of the few keys that do something before anybody is signed in.
fn acts_now(model: &Model, msg: &Msg) -> bool {
    let Msg::Key(chord) = msg else { return false };
    let action = model.keys.action(*chord, Screen::SignIn, true);
    model.session.is_none() && action.is_some_and(|action| action::available(action, model).is_ok())
}

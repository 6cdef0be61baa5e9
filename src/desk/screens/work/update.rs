//! What a key does to the screen of one's own work.

use super::WorkTab;
use crate::desk::effects::Effect;
use crate::desk::keymap::{Context, Control, Press};
use crate::desk::model::{Model, Screen};
use crate::desk::msg::{Answer, Turn};
use crate::desk::widgets::edit::Outcome;
use crate::desk::widgets::list::ListState;
use crate::wire::search::Work;

/// Handles a key that is no action.
pub fn key(model: &mut Model, press: &Press) -> Vec<Effect> {
    let tabs = WorkTab::ALL;
    let at = tabs.iter().position(|tab| *tab == model.work.tab).unwrap_or(0);
    let to = match press.control(Context::List) {
        Some(Control::NextTab) => Some((at + 1) % tabs.len()),
        Some(Control::PreviousTab) => Some((at + tabs.len() - 1) % tabs.len()),
        Some(Control::FirstTab) => Some(0),
        Some(Control::SecondTab) => Some(1),
        Some(Control::ThirdTab) => Some(2),
        _ => None,
    };
    if let Some(to) = to {
        model.work.tab = tabs[to];
        model.work.list = ListState::default();
    } else if let Some(edit) = press.edit() {
        let n = model.work.rows(model.work.tab).len();
        if model.work.list.apply(&edit, n) == Outcome::Idle {
            return Vec::new();
        }
    } else {
        return Vec::new();
    }
    model.read_beside()
}

/// Asks anew.
pub fn refresh(model: &mut Model) -> Vec<Effect> {
    let screen = &mut model.work;
    (screen.waiting, screen.stale) = (true, false);
    vec![Effect::Work(screen.turn.another())]
}

/// A case has changed. What is being read is read to its end first: while one change follows the other, as when an outbox
/// of thousands empties, no answer would ever come.
pub fn changed(model: &mut Model) -> Vec<Effect> {
    model.work.stale = model.work.waiting;
    if model.work.waiting { Vec::new() } else { refresh(model) }
}

/// The lists came.
pub fn arrived(model: &mut Model, turn: Turn, answer: Answer<Work>) -> Vec<Effect> {
    if turn != model.work.turn {
        return Vec::new();
    }
    model.work.waiting = false;
    let again = if model.work.stale && model.screen == Screen::Work { refresh(model) } else { Vec::new() };
    let mut effects = taken_in(model, answer);
    effects.extend(again);
    effects
}

fn taken_in(model: &mut Model, answer: Answer<Work>) -> Vec<Effect> {
    match answer {
        Ok(work) => {
            let kept = model.work.selected().map(|row| row.id);
            model.work.work = Some(work);
            let rows = model.work.rows(model.work.tab);
            let (at, n) = (kept.and_then(|id| rows.iter().position(|row| row.id == id)), rows.len());
            if let Some(at) = at {
                model.work.list.select(at);
            }
            model.work.list.keep_within(n);
            if model.screen == Screen::Work { model.read_beside() } else { Vec::new() }
        }
        Err(error) => model.failed(&error),
    }
}

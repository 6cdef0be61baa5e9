//! A window that is too small to be drawn on. An input method may be in the middle of a sentence when somebody drags
//! the window small, so what is typed goes on into the text where the caret was. Nothing else is done there but leaving:
//! a command that nobody sees the end of is worse than none.

use ratatui::layout::{Rect, Size};

use super::action::Action;
use super::buffer::Buffer;
use super::effects::Effect;
use super::keymap::{Control, Press};
use super::layout::{self, SMALLEST};
use super::model::{Model, Screen};
use super::paint::put;
use super::screens::intake::FormInput;
use super::screens::overlay::{Overlay, Question};
use super::text;
use super::update::pressed;
use super::widgets::edit::{Edit, Motion};
use super::writing::Writing;
use crate::i18n::name_of;
use crate::theme::Role;

/// The window has another size.
pub(super) fn resized(model: &mut Model, size: Size) -> Vec<Effect> {
    model.cramped = !layout::has_room(size);
    Vec::new()
}

/// Handles a key while nothing of the screen is seen.
pub(super) fn key(model: &mut Model, press: &Press) -> Vec<Effect> {
    match model.keys.command(press, model.screen, model.is_typing()) {
        Some(Action::Quit) => {
            model.lay(Overlay::Confirm(Question::Quit));
            return Vec::new();
        }
        Some(_) => return Vec::new(),
        None => {}
    }
    if !is_text(model, press) {
        return Vec::new();
    }
    if matches!(model.overlay, Some(Overlay::FirstKeys)) {
        model.uncover();
    }
    pressed(model, press)
}

/// Whether a key changes or walks through the text at the caret, and cannot leave it: a form takes Enter, Tab and what
/// goes up or down for the way to another field, and a choice takes a blank.
fn is_text(model: &mut Model, press: &Press) -> bool {
    let Some(edit) = press.edit().filter(|_| model.is_typing()) else { return false };
    let covered = model.overlay.as_ref().is_some_and(|overlay| !matches!(overlay, Overlay::FirstKeys));
    let in_form = model.screen == Screen::Intake && !covered;
    if in_form && matches!(model.intake.current_mut().form.input(), FormInput::Choice) {
        return false;
    }
    match edit {
        Edit::NewLine => matches!(model.writing(), Some(Writing::Area(_))),
        Edit::Up
        | Edit::Down
        | Edit::PageUp
        | Edit::PageDown
        | Edit::Select(Motion::Up | Motion::Down | Motion::PageUp | Motion::PageDown) => false,
        _ => true,
    }
}

/// Says what is the matter, and what becomes of keys.
pub(super) fn view(model: &Model, buf: &mut Buffer, area: Rect) {
    let size = rust_i18n::t!(
        "cramped.size",
        columns = SMALLEST.0,
        rows = SMALLEST.1,
        now_columns = area.width,
        now_rows = area.height
    );
    let said = if asks_to_quit(model) {
        let [yes, no] = [Control::Accept, Control::Cancel].map(|control| model.keys.shown_for(control));
        let words = Question::Quit.words(model);
        format!("{words} {yes} {}  {no} {}", name_of("overlay_key", "yes"), name_of("overlay_key", "no"))
    } else {
        let quit = model.keys.shown(Action::Quit, true).unwrap_or_default();
        let keys = if model.is_typing() {
            rust_i18n::t!("cramped.typing", quit = quit)
        } else {
            rust_i18n::t!("cramped.waiting", quit = quit)
        };
        format!("{size}\n{keys}")
    };
    let style = model.look.style(Role::Warning);
    for (row, line) in text::wrap(&said, usize::from(area.width.max(1))).into_iter().enumerate() {
        put(buf, area, u16::try_from(row).unwrap_or(u16::MAX), said[line].trim_end(), style);
    }
}

/// Whether the one question that is asked here stands.
pub(super) fn asks_to_quit(model: &Model) -> bool {
    matches!(model.overlay, Some(Overlay::Confirm(Question::Quit)))
}

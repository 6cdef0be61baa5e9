//! The first start: the three keys that matter, in a small frame that is in nobody's way.
//!
//! Only Enter and Esc are its own. Any other key closes it and does what it does without it, so whoever has a caller
//! on the line just types.

use ratatui::layout::{Position, Rect};

use super::view::{open, tell};
use crate::desk::action::{self, Action};
use crate::desk::hits::{Canvas, Target};
use crate::desk::keymap::{Control, Press};
use crate::desk::model::Model;
use crate::desk::paint::put;
use crate::desk::text::pad;
use crate::theme::Role;

/// The keys that lead to everything else.
const KEYS: [Action; 3] = [Action::Help, Action::Palette, Action::Submit];

/// Rows and columns with the frame.
const SIZE: (u16, u16) = (66, 10);

/// Closes it; says whether the key was for it.
pub fn close(model: &mut Model, press: &Press) -> bool {
    model.uncover();
    press.is(Control::Accept) || press.is(Control::Cancel)
}

/// Paints it where the caret is not; the caret stays in the field that is typed into.
pub(super) fn view(
    model: &Model,
    buf: &mut Canvas<'_>,
    area: Rect,
    caret: Option<Position>,
) -> Option<Position> {
    let (wide, high) = (SIZE.0.min(area.width), SIZE.1.min(area.height));
    let below = caret.is_none_or(|caret| caret.y < area.y + area.height / 2);
    let top = if below { area.bottom() - high } else { area.y };
    let place = Rect { x: area.x + (area.width - wide) / 2, y: top, width: wide, height: high };
    buf.hit(place, Target::Over);
    let inside = open(model, buf, place, &rust_i18n::t!("first_keys.title"));
    let ground = model.look.style(Role::Overlay);
    let mut row = 1;
    for action in KEYS {
        let key = model.keys.shown(action, true).unwrap_or_default();
        put(buf, inside, row, key, ground.patch(model.look.style(Role::FooterKey)));
        let name = crate::i18n::name_of("first_key", action.code());
        let name = format!("{}{}", pad(&action::name(action, model), 12), name);
        let beside = crate::desk::paint::columns(inside, 10, inside.width);
        put(buf, beside, row, &name, ground);
        row += 1;
    }
    let key = model.keys.shown(Action::TakeSuggestion, true).unwrap_or_default();
    let [go_on, next, accept] =
        [Control::GoOn, Control::NextField, Control::Accept].map(|control| model.keys.shown_for(control));
    let way = rust_i18n::t!("first_keys.way", key = key, go_on = go_on, next = next);
    row = tell(model, buf, inside, row + 1, &way, Role::Overlay);
    tell(model, buf, inside, row, &rust_i18n::t!("first_keys.close", key = accept), Role::TextDim);
    caret
}

//! The strip of the tour: two rows above the footer, on every screen and under every dialog.

use ratatui::layout::Rect;

use super::STEPS;
use crate::desk::action::Action;
use crate::desk::buffer::Buffer;
use crate::desk::model::Model;
use crate::desk::paint::{columns, put, rows};
use crate::desk::text::width;
use crate::theme::Role;

/// Rows that the strip takes; none while there is no tour, or nobody has signed in.
pub(in crate::desk) fn height(model: &Model) -> u16 {
    if model.tour.is_some() && model.session.is_some() { 2 } else { 0 }
}

/// Paints it: how far, and what the caller says; below, what to do, and the way on.
pub(in crate::desk) fn view(model: &Model, buf: &mut Buffer, area: Rect) {
    let Some(tour) = &model.tour else { return };
    let look = &model.look;
    let ground = look.style(Role::Overlay);
    buf.set_style(area, ground);
    let (n, of) = ((tour.at() + 1).min(STEPS.len()), STEPS.len());
    let badge = format!(" {} ", rust_i18n::t!("tour.step", n = n, of = of));
    let [said, told] = match tour.step() {
        Some(step) => step.words(&model.keys, model.is_typing(), crate::i18n::current()),
        None => [rust_i18n::t!("tour.over", time = tour.took(), strokes = tour.strokes()).into_owned(), {
            let key = |action| model.keys.shown(action, true).unwrap_or_default();
            rust_i18n::t!("tour.after", help = key(Action::Help), quit = key(Action::Quit)).into_owned()
        }],
    };
    put(buf, area, 0, &badge, ground.patch(look.style(Role::Practice)));
    let beside = columns(area, u16::try_from(width(&badge) + 1).unwrap_or(u16::MAX), area.width);
    put(buf, beside, 0, &said, ground.patch(look.style(Role::TextStrong)));
    let key = model.keys.shown(Action::TourNext, true).unwrap_or_default();
    let on = if tour.step().is_some() {
        rust_i18n::t!("tour.skip", key = key)
    } else {
        rust_i18n::t!("tour.close", key = key)
    };
    let of_on = u16::try_from(width(&on)).unwrap_or(u16::MAX).min(area.width);
    let told_in = columns(area, 1, area.width.saturating_sub(of_on + 3));
    put(buf, rows(told_in, 1, 1), 0, &told, ground);
    let on_in = columns(area, area.width.saturating_sub(of_on + 1), of_on);
    put(buf, rows(on_in, 1, 1), 0, &on, ground.patch(look.style(Role::TextDim)));
}

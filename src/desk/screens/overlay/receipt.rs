//! The receipt: what is read to the caller while they are still on the line.
//!
//! Only Enter and Esc close it: what somebody types while it comes up falls neither into it nor into the next draft.

use ratatui::layout::{Position, Rect};

use super::Overlay;
use super::view::{open, tell};
use crate::desk::action::Action;
use crate::desk::buffer::Buffer;
use crate::desk::effects::Effect;
use crate::desk::keymap::{Control, Press};
use crate::desk::model::Model;
use crate::desk::paint::{put, rows};
use crate::desk::screens::intake::{Led, Receipt};
use crate::desk::screens::{case, intake};
use crate::desk::text::{pad_both, width};
use crate::desk::update::copy_number;
use crate::desk::widgets::number;
use crate::desk::widgets::overlay::centred;
use crate::domain::code::State;
use crate::domain::number::CaseNumber;
use crate::i18n;
use crate::theme::Role;

/// Handles a key; `overlay` is the receipt, which stays unless it is closed.
pub(super) fn key(model: &mut Model, press: &Press, overlay: Overlay, receipt: &Receipt) -> Vec<Effect> {
    match model.keys.command(press, model.screen, true) {
        // The way to one's own cases leads to the one just filed.
        Some(Action::GoWork) => {
            model.uncover();
            intake::told(model);
            return if receipt.waits { Vec::new() } else { case::open(model, receipt.id) };
        }
        Some(Action::CopyNumber) => {
            model.overlay = Some(overlay);
            return receipt.number.as_ref().map(|number| copy_number(model, number)).into_iter().collect();
        }
        _ => {}
    }
    if press.is(Control::Accept) || press.is(Control::Cancel) {
        model.uncover();
        intake::told(model);
    } else {
        model.overlay = Some(overlay);
    }
    Vec::new()
}

/// Paints it: the number large and as it is said, then what the caller is told.
pub(super) fn view(model: &Model, buf: &mut Buffer, area: Rect, receipt: &Receipt) -> Option<Position> {
    let broad = if area.width >= 100 { 86 } else { 78 };
    // The number as text too, to be selected with the mouse.
    let grouped = receipt.number.as_ref().map(CaseNumber::grouped);
    let grouped = grouped.unwrap_or_else(|| rust_i18n::t!("receipt.no_number").into_owned());
    let title = format!("{} {grouped}", title(model, receipt));
    let inside = open(model, buf, centred(area, broad, 18), &title);
    let look = &model.look;
    let ground = look.style(Role::Overlay);
    let language = i18n::current();
    let drawn = number::view(buf, rows(inside, 1, 5), &grouped, ground.patch(look.style(Role::Number)));
    let mut top = 1 + drawn.rows + 1;
    let said = i18n::read_aloud(&grouped, language);
    let fits =
        drawn.groups.iter().zip(&said).all(|((_, columns), said)| width(said) <= usize::from(*columns));
    if fits && !drawn.groups.is_empty() {
        for ((left, columns), said) in drawn.groups.iter().zip(&said) {
            let below = crate::desk::paint::columns(inside, *left, *columns);
            let said = pad_both(said, usize::from(*columns));
            put(buf, below, top, &said, ground.patch(look.style(Role::TextStrong)));
        }
        top += 1;
    } else {
        top = tell(model, buf, inside, top, &said.join(", "), Role::TextStrong);
    }
    top = tell(model, buf, inside, top + 1, &rust_i18n::t!("receipt.tell"), Role::Heading);
    for words in words(model, receipt) {
        top = tell(model, buf, inside, top, &words, Role::Overlay);
    }
    if let Some(led) = &receipt.led {
        let role = if matches!(led, Led::Not(_)) { Role::Error } else { Role::Info };
        tell(model, buf, inside, top, &led.words(), role);
    }
    None
}

/// What has become of the draft.
pub(in crate::desk) fn title(model: &Model, receipt: &Receipt) -> String {
    match (receipt.waits, model.not_written) {
        (false, _) => rust_i18n::t!("receipt.title"),
        (true, false) => rust_i18n::t!("receipt.waits"),
        (true, true) => rust_i18n::t!("receipt.in_memory"),
    }
    .into_owned()
}

/// What the caller is told, a sentence each.
pub(in crate::desk) fn words(model: &Model, receipt: &Receipt) -> Vec<String> {
    let state = match receipt.state {
        State::Answered => "answered",
        State::Dispatched => "dispatched",
        _ => "registered",
    };
    let department = match (&receipt.department, model.city.as_deref()) {
        (Some(department), Some(city)) => city.department(department).to_owned(),
        _ => rust_i18n::t!("receipt.someone").into_owned(),
    };
    let due = match receipt.due_at {
        Some(at) => i18n::deadline(at, model.now, &model.zone(), i18n::current()),
        None => rust_i18n::t!("receipt.soon").into_owned(),
    };
    let key = format!("tell.{state}.{}", receipt.kind.code());
    // Another caller is no business of this one: what is told is that it is being dealt with.
    let led = receipt.led.as_ref().is_some_and(|led| !matches!(led, Led::Not(_)));
    let key = if led { "tell.merged".to_owned() } else { key };
    let mut words = vec![rust_i18n::t!(&key, department = department, due = due).into_owned()];
    if receipt.confidential && state != "answered" {
        words.push(rust_i18n::t!("receipt.confidential").into_owned());
    }
    if receipt.number.is_some() {
        words.push(rust_i18n::t!("receipt.ask_by_number").into_owned());
    }
    if receipt.waits && model.not_written {
        words.push(rust_i18n::t!("receipt.do_not_leave").into_owned());
    } else if receipt.waits {
        words.push(rust_i18n::t!("receipt.will_be_sent").into_owned());
    }
    words
}

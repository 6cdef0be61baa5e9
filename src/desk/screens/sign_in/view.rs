//! The sign-in screen, and the same form as a dialog over the work when a session has ended.

use ratatui::layout::{Position, Rect};

use super::Asking;
use crate::desk::action::{self, Action};
use crate::desk::hits::{Canvas, Target};
use crate::desk::keymap::{Control, Deed};
use crate::desk::layout::dialog;
use crate::desk::model::Model;
use crate::desk::paint::{self, columns, put, rows};
use crate::desk::text::wrap;
use crate::desk::widgets::bars::KeyHint;
use crate::desk::widgets::overlay;
use crate::i18n::name_of;
use crate::theme::Role;

/// Columns and rows of the form.
const SIZE: (u16, u16) = (56, 12);

/// Paints the screen; returns where the cursor belongs.
pub fn view(model: &Model, buf: &mut Canvas<'_>, area: Rect) -> Option<Position> {
    let title = if model.sign_in.asking == Asking::FirstAccount {
        rust_i18n::t!("sign_in.first")
    } else {
        rust_i18n::t!("sign_in.title")
    };
    form(model, buf, area, &title)
}

/// Paints the form over the work.
pub fn view_over(model: &Model, buf: &mut Canvas<'_>, area: Rect) -> Option<Position> {
    form(model, buf, area, &rust_i18n::t!("sign_in.again"))
}

/// Paints the form alone, over a desk that is locked.
pub fn view_locked(model: &Model, buf: &mut Canvas<'_>, area: Rect) -> Option<Position> {
    form(model, buf, area, &rust_i18n::t!("lock.title"))
}

/// The keys that lead in, and those that somebody needs before: the help, and their own language.
pub fn hints(model: &Model) -> Vec<KeyHint<'_>> {
    let first = model.sign_in.asking == Asking::FirstAccount;
    let there = model.sign_in.asking != Asking::Nobody;
    let control = |control, name, enabled| {
        let key = model.keys.shown_for(control).into();
        let name = name_of("overlay_key", name).into();
        KeyHint { key, name, enabled, priority: 1, deed: Some(Deed::Control(control)) }
    };
    if model.lock.is_locked {
        return vec![control(Control::GoOn, "unlock", true), control(Control::NextField, "next", true)];
    }
    let action = |action: Action, priority| {
        let key = model.keys.shown(action, true).unwrap_or_default().into();
        let name = action::name(action, model).into();
        KeyHint { key, name, enabled: true, priority, deed: Some(Deed::Action(action)) }
    };
    vec![
        control(Control::GoOn, if first { "set_up" } else { "sign_in" }, there),
        control(Control::NextField, "next", there),
        action(Action::Help, 0),
        action(Action::Language, 2),
        action(Action::Quit, 3),
    ]
}

fn form(model: &Model, buf: &mut Canvas<'_>, area: Rect, title: &str) -> Option<Position> {
    let (look, screen) = (&model.look, &model.sign_in);
    let inside = overlay::open(buf, dialog(area, SIZE), title, &look.overlay());
    let inside = columns(inside, 1, inside.width.saturating_sub(2));
    let told = match screen.asking {
        Asking::Nobody | Asking::Wait => rust_i18n::t!("sign_in.waiting"),
        Asking::FirstAccount => rust_i18n::t!("sign_in.first_told"),
        Asking::SignIn if model.lock.is_locked => rust_i18n::t!("lock.told"),
        Asking::SignIn if model.session.is_some() => rust_i18n::t!("sign_in.again_told"),
        Asking::SignIn => rust_i18n::t!("sign_in.told"),
    };
    let mut top = 0;
    for line in wrap(&told, usize::from(inside.width)).into_iter().take(3) {
        put(buf, inside, top, &told[line], look.style(Role::Overlay));
        top += 1;
    }
    top += 1;
    let mut cursor = None;
    let labels = [
        rust_i18n::t!("sign_in.name"),
        rust_i18n::t!("sign_in.password"),
        rust_i18n::t!("sign_in.password_again"),
    ];
    let fields = [&screen.name, &screen.password, &screen.again];
    for (index, (label, field)) in labels.iter().zip(fields).enumerate().take(screen.fields()) {
        let focused = screen.focus == index && !screen.waiting;
        let role = if focused { Role::LabelFocus } else { Role::Label };
        let (at, style) =
            (rows(columns(inside, 0, 12), top, 1), look.style(Role::Overlay).patch(look.style(role)));
        put(buf, at, 0, label, style);
        paint::mark(buf, at, if focused { paint::FOCUS } else { "" }, style);
        let at = rows(columns(inside, 12, inside.width.saturating_sub(12)), top, 1);
        cursor = cursor.or(field.view(buf, at, &look.field(false), "", focused));
        buf.hit(at, Target::SignIn(index));
        top += 1;
    }
    top += 1;
    if screen.waiting {
        put(buf, inside, top, &rust_i18n::t!("sign_in.checking"), look.style(Role::Info));
    } else if let Some(error) = screen.error.as_ref().map(|error| error.words(model)) {
        for line in wrap(&error, usize::from(inside.width)).into_iter().take(2) {
            put(buf, inside, top, &error[line], look.style(Role::Error));
            top += 1;
        }
    } else if let Some(early) = model.early.as_ref().filter(|early| early.chars() > 0) {
        let kept = rust_i18n::t!("sign_in.early", n = early.chars());
        put(buf, inside, top, &kept, look.style(Role::Info));
    }
    cursor
}

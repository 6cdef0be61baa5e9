//! One frame: the header, the screen in front, what lies over it, and the keys that work now. Only looks.

use ratatui::layout::{Position, Rect};

use super::action::{self, Action};
use super::buffer::Buffer;
use super::cramped;
use super::hits::{Canvas, Hits, Target};
use super::keymap::Deed;
use super::layout;
use super::lock;
use super::model::{Connection, Model, Screen};
use super::paint::{self, rows};
use super::screens::intake::{Call, Phase, minutes};
use super::screens::overlay::Overlay;
use super::screens::{case, drafts, intake, overlay, search, sign_in, work};
use super::signs;
use super::tour;
use super::widgets::bars::{self, FooterStyle, KeyHint, Part};
use super::widgets::toast;
use crate::i18n::name_of;
use crate::theme::Role;

/// Paints everything over whatever is there, answers where the focused input has the cursor, and records in `hits` what
/// stands where.
pub fn view(model: &Model, buf: &mut Buffer, hits: &mut Hits) -> Option<Position> {
    let area = buf.area;
    buf.fill(model.look.style(Role::Text));
    hits.begin(model);
    let buf = &mut Canvas::new(buf, hits);
    if !layout::has_room(area.as_size()) {
        cramped::view(model, buf, area);
        return None;
    }
    if model.lock.is_locked {
        let cursor = lock::view(model, buf, rows(area, 0, area.height - 1));
        keys(model, buf, rows(area, area.height - 1, 1), &sign_in::hints(model));
        return cursor;
    }
    header(model, buf, rows(area, 0, 1));
    let body = rows(area, 1, area.height - 2 - tour::height(model));
    let mut cursor = match model.screen {
        Screen::SignIn => sign_in::view(model, buf, body),
        Screen::Intake => intake::view(model, buf, body),
        Screen::Search => search::view(model, buf, body),
        Screen::Case => case::view(model, buf, body),
        Screen::Work => work::view(model, buf, body),
        Screen::Drafts => drafts::view(model, buf, body),
    };
    if model.overlay.is_some() {
        // The first keys are in nobody's way: what stands beside them is reached.
        if !matches!(model.overlay, Some(Overlay::FirstKeys)) {
            buf.hit(area, Target::Over);
        }
        cursor = overlay::view(model, buf, body, cursor);
    }
    tour::view(model, buf, rows(area, body.bottom() - area.y, tour::height(model)));
    footer(model, buf, rows(area, area.height - 1, 1));
    cursor
}

fn header(model: &Model, buf: &mut Canvas<'_>, area: Rect) {
    let look = &model.look;
    let part = |text: String, role, priority, right| Part {
        text: text.into(),
        style: look.style(role),
        priority,
        right,
    };
    let mut parts = vec![part(format!(" {} ", rust_i18n::t!("desk.name")), Role::Title, 0, false)];
    if model.demo {
        parts.push(part(format!(" {} ", rust_i18n::t!("desk.demo")), Role::Practice, 0, false));
    }
    // Where the name of each screen stands among the parts.
    let mut leads_to = [usize::MAX; Screen::ALL.len()];
    if model.session.is_some() {
        let shown = Screen::ALL.iter().filter(|screen| match screen {
            Screen::SignIn => false,
            Screen::Case | Screen::Drafts => model.screen == **screen,
            _ => true,
        });
        for screen in shown {
            leads_to[*screen as usize] = parts.len();
            let front = model.screen == *screen;
            let role = if front { Role::TabActive } else { Role::Tab };
            // Where one is stays longer than where one could go.
            let priority = if front { 1 } else { 2 };
            parts.push(part(paint::tab(&name_of("screen", screen.code()), front), role, priority, false));
        }
    }
    // On the intake screen the tabs say it.
    let begun = model.intake.begun();
    if begun > 1 && model.screen != Screen::Intake {
        parts.push(part(rust_i18n::t!("desk.drafts", n = begun).into_owned(), Role::Warning, 1, true));
    }
    if let Some(call) = model.call() {
        let (words, role) = clock(call);
        parts.push(part(words, role, 0, true));
    }
    for sign in signs::signs(model) {
        parts.push(part(sign.words, sign.role, 0, true));
    }
    if let Some(offline) = signs::offline(model) {
        parts.push(part(offline, Role::Error, 0, true));
    } else if model.connection == Connection::Online {
        parts.push(part(rust_i18n::t!("desk.online").into_owned(), Role::Good, 3, true));
    }
    if let Some(city) = &model.city {
        parts.push(part(city.body.city.name.clone(), Role::Header, 5, true));
    }
    if let Some(session) = &model.session {
        let role = name_of("role", session.account.role.code());
        parts.push(part(format!("{} {role} ", session.account.name), Role::Header, 4, true));
    }
    let (buf, hits) = buf.parts();
    bars::header(buf, area, &parts, look.style(Role::Header), |index, at| {
        let screen = Screen::ALL.iter().find(|screen| leads_to[**screen as usize] == index);
        if let Some(action) = screen.and_then(|screen| way_to(*screen)) {
            hits.add(at, Target::Do(Deed::Action(action)));
        }
    });
}

/// The action that goes to a screen.
fn way_to(screen: Screen) -> Option<Action> {
    match screen {
        Screen::Intake => Some(Action::GoIntake),
        Screen::Search => Some(Action::GoSearch),
        Screen::Work => Some(Action::GoWork),
        Screen::Drafts => Some(Action::GoDrafts),
        Screen::SignIn | Screen::Case => None,
    }
}

/// What is counted of the call and for how long, and how it is painted.
fn clock(call: Call) -> (String, Role) {
    let words = format!("{} {}", name_of(Phase::KIND, call.phase().code()), minutes(call.figure()));
    match call.phase() {
        Phase::Held | Phase::Aside => (format!("={words}"), Role::Warning),
        Phase::After => (format!("~{words}"), Role::Info),
        Phase::Talking | Phase::Over => (format!("*{words}"), Role::Good),
    }
}

/// A message while there is one, otherwise the keys.
fn footer(model: &Model, buf: &mut Canvas<'_>, area: Rect) {
    let look = &model.look;
    if let Some(toast) = &model.toast {
        toast::view(buf, area, toast.severity, &toast.text, &look.toast());
        return;
    }
    let hints = match &model.overlay {
        Some(overlay) => overlay::hints(model, overlay),
        None if model.screen == Screen::SignIn => sign_in::hints(model),
        None if model.screen == Screen::Intake && model.intake.current().side.has_keys() => {
            intake::hints(model)
        }
        None => hints(model),
    };
    keys(model, buf, area, &hints);
}

fn keys(model: &Model, buf: &mut Canvas<'_>, area: Rect, hints: &[KeyHint<'_>]) {
    let look = &model.look;
    let style = FooterStyle {
        ground: look.style(Role::Footer),
        key: look.style(Role::FooterKey),
        name: look.style(Role::Footer),
        disabled: look.style(Role::Disabled),
    };
    let (buf, under) = buf.parts();
    bars::footer(buf, area, hints, &style, |index, at| {
        if let Some(deed) = hints[index].deed {
            under.add(at, Target::Do(deed));
        }
    });
}

fn hints(model: &Model) -> Vec<KeyHint<'_>> {
    let typing = model.is_typing();
    let rows = action::footer(model.screen).into_iter();
    rows.filter_map(|row| {
        // The key of the help is called the same everywhere.
        let key = model.keys.shown(row.action, typing || row.action == Action::Help)?;
        Some(KeyHint {
            key: key.into(),
            name: action::name(row.action, model).into(),
            enabled: action::available(row.action, model).is_ok(),
            // The way to all the others stays longest.
            priority: if row.action == Action::Help { 0 } else { row.footer },
            deed: Some(Deed::Action(row.action)),
        })
    })
    .collect()
}

//! How the desk looks: themes and borders, put on as the mark moves over them. Enter keeps them, Esc puts back what was
//! worn before. The themes are read from the disk anew each time, so a file that is being written can be tried at once.

use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::Overlay;
use crate::desk::Look;
use crate::desk::action::Action;
use crate::desk::buffer::Buffer;
use crate::desk::effects::Effect;
use crate::desk::hits::{Canvas, Target};
use crate::desk::keymap::{Control, Press};
use crate::desk::look::Worn;
use crate::desk::model::Model;
use crate::desk::paint::{columns, put, rows, span};
use crate::desk::text::{pad, wrap};
use crate::desk::widgets::cut;
use crate::desk::widgets::edit::Outcome;
use crate::desk::widgets::list::{self, ListState};
use crate::desk::widgets::overlay::{self, Borders};
use crate::domain::code::State;
use crate::domain::deadline::Card;
use crate::i18n::name_of;
use crate::theme::{Depth, Role, Shelf};

/// Columns of the dialog, and rows below the list: the borders, a sample, what is wrong.
const WIDTH: u16 = 44;
const BELOW: u16 = 7;

/// The dialog.
#[derive(Debug)]
pub struct ThemePicker {
    names: Vec<String>,
    list: ListState,
    /// What was worn when it was opened.
    before: Worn,
    /// Why the marked theme cannot be used.
    fault: Option<String>,
}

impl ThemePicker {
    /// The themes there are, with the one that is worn marked.
    pub fn of(look: &Look) -> Self {
        let mut picker =
            Self { names: Vec::new(), list: ListState::default(), before: look.worn(), fault: None };
        picker.renew(look, look.theme().name());
        picker
    }

    /// The marked theme by its place, and how many there are.
    pub(super) fn listed(&self) -> (usize, usize) {
        (self.list.selected(), self.names.len())
    }

    /// Takes the names anew, with the mark on `name`.
    fn renew(&mut self, look: &Look, name: &str) {
        self.names = look.names();
        self.list.select(self.names.iter().position(|known| known == name).unwrap_or(0));
    }

    /// Puts the marked theme on.
    fn try_on(&mut self, look: &mut Look) {
        let Some(name) = self.names.get(self.list.selected()) else { return };
        self.fault = look.put_on(name).err();
    }
}

/// Takes the themes as they are on the disk now, and tries the marked one on again: its file may have changed.
pub fn reshelve(model: &mut Model, shelf: Shelf) {
    model.look.reshelve(shelf);
    let Some(Overlay::Themes(picker)) = &mut model.overlay else { return };
    if let Some(name) = picker.names.get(picker.list.selected()).cloned() {
        picker.renew(&model.look, &name);
        picker.try_on(&mut model.look);
    }
}

/// Handles a key.
pub(super) fn key(model: &mut Model, press: &Press) -> Vec<Effect> {
    if model.keys.command(press, model.screen, true) == Some(Action::Theme) {
        return vec![Effect::ReadThemes];
    }
    let Some(Overlay::Themes(picker)) = &mut model.overlay else { return Vec::new() };
    let look = &mut model.look;
    if press.is(Control::Cancel) {
        look.put_back(picker.before.clone());
        model.uncover();
    } else if press.is(Control::Accept) && picker.fault.is_none() {
        // A theme that cannot be used is not taken; why not stands there.
        let kept = look.kept();
        model.uncover();
        return vec![Effect::KeepLook(kept)];
    } else if press.is(Control::NextBorders) {
        look.set_borders(beside(look.borders(), 1));
    } else if press.is(Control::PreviousBorders) {
        look.set_borders(beside(look.borders(), Borders::ALL.len() - 1));
    } else {
        let n = picker.names.len();
        if press.edit().is_some_and(|edit| picker.list.apply(&edit, n) == Outcome::Moved) {
            picker.try_on(look);
        }
    }
    Vec::new()
}

/// The borders so many places further on, round and round.
fn beside(borders: Borders, by: usize) -> Borders {
    let at = Borders::ALL.iter().position(|known| *known == borders).unwrap_or(0);
    Borders::ALL[(at + by) % Borders::ALL.len()]
}

/// Paints the dialog at the right edge, so that much of what is under it is seen in the theme that is tried on.
pub(super) fn view(
    model: &Model,
    buf: &mut Canvas<'_>,
    area: Rect,
    picker: &ThemePicker,
) -> Option<Position> {
    let look = &model.look;
    let listed = u16::try_from(picker.names.len()).unwrap_or(u16::MAX);
    let height = listed.saturating_add(BELOW + 2).min(area.height);
    let over = columns(area, area.width.saturating_sub(WIDTH + 1), WIDTH);
    let over = rows(over, area.height.saturating_sub(height) / 2, height);
    let inside = overlay::open(buf, over, &name_of("action", "theme"), &look.overlay());
    let inside = columns(inside, 1, inside.width.saturating_sub(2));
    let ground = look.style(Role::Overlay);
    let on = |role| ground.patch(look.style(role));
    let list_height = inside.height.saturating_sub(BELOW);
    let room = rows(inside, 0, list_height);
    list::view(buf, room, &picker.list, picker.names.len(), &look.list_in_overlay(), |index, _| {
        let name = &picker.names[index];
        let whose = if look.is_own(name) { rust_i18n::t!("look.own").into_owned() } else { String::new() };
        Line::from(vec![
            span(&pad(&name_of("theme", name), 18), ground),
            span(&format!("{name} {whose}"), on(Role::TextDim)),
        ])
    });
    buf.rows(room, Target::Choices, picker.list.offset());
    let below = rows(inside, list_height, BELOW);
    let borders =
        format!("{}  < {} >", rust_i18n::t!("look.borders"), name_of("borders", look.borders().code()));
    put(buf, below, 1, &borders, ground);
    sample(model, buf, rows(below, 2, 1));
    let (told, role) = match (&picker.fault, look.faintest()) {
        (Some(fault), _) => (fault.clone(), Role::Error),
        (None, _) if look.depth() == Depth::None => {
            (rust_i18n::t!("look.no_colour").into_owned(), Role::Info)
        }
        (None, Some(faint)) => {
            let (role, ground) = (faint.role.name(), faint.ground.name());
            let contrast = format!("{:.1}", faint.contrast);
            let told = rust_i18n::t!("look.faint", role = role, ground = ground, contrast = contrast);
            (told.into_owned(), Role::Warning)
        }
        (None, None) => {
            let key = model.keys.shown(Action::Theme, true).unwrap_or_default();
            (rust_i18n::t!("look.how", key = key).into_owned(), Role::TextDim)
        }
    };
    for (row, line) in (3..).zip(wrap(&told, usize::from(below.width.max(1)))) {
        put(buf, below, row, &told[line], on(role));
    }
    None
}

/// What states and cards look like, for they are not all on every screen.
fn sample(model: &Model, buf: &mut Buffer, area: Rect) {
    let look = &model.look;
    let ground = look.style(Role::Overlay);
    let states = [State::Registered, State::InProgress, State::Closed]
        .map(|state| (name_of("state", state.code()), look.state(state)));
    let cards = [(Card::Yellow, Role::CardYellow), (Card::Red, Role::CardRed)]
        .map(|(card, role)| (format!("[{}]", name_of("card", card.code())), look.style(role)));
    let mut spans = Vec::new();
    for (words, style) in states.into_iter().chain(cards) {
        spans.extend([span(&words, ground.patch(style)), span(" ", ground)]);
    }
    cut::line(buf, area, &Line::from(spans));
}

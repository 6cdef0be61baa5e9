//! The palette: every action by its name, in characters, pinyin, initials or English; before something is typed, those
//! of the screen. What belongs to another screen is found as well, and says where.

use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::view::{open, tell};
use crate::desk::action::{self, Action};
use crate::desk::buffer::Buffer;
use crate::desk::hits::{Canvas, Target};
use crate::desk::keymap::{Deed, Press};
use crate::desk::layout::dialog;
use crate::desk::model::Model;
use crate::desk::paint::{put, rows, span};
use crate::desk::text::pad;
use crate::desk::widgets::edit::Edit;
use crate::desk::widgets::field::Field;
use crate::desk::widgets::list::{self, ListState};
use crate::desk::widgets::table::{Entry, Table};
use crate::i18n::{Language, current, name_in, name_of};
use crate::theme::Role;

/// Columns and rows of the dialog.
pub(super) const SIZE: (u16, u16) = (76, 18);
/// Rows at the end of the dialog that tell of the marked row, with the empty one before them.
pub(super) const TOLD: u16 = 3;
/// Columns of a key.
const KEY: usize = 12;

/// Columns of a name, with the blank behind it.
fn name_columns() -> usize {
    match current() {
        Language::Zh => 19,
        Language::En => 21,
    }
}

/// The palette.
#[derive(Debug)]
pub struct Palette {
    /// What is typed.
    pub query: Field,
    /// The actions that fit, best first.
    pub found: Vec<Action>,
    /// The marked one.
    pub list: ListState,
    table: Table,
    actions: Vec<Action>,
    /// How many of the actions, the first ones, belong to the screen in front.
    here: usize,
}

impl Palette {
    /// All actions: those of the screen in front, those that were chosen last first, and then the others.
    pub fn of(model: &Model) -> Self {
        let listed =
            |row: &&action::Row| row.action != Action::Palette && action::is_listed(row.action, model);
        let (here, others): (Vec<_>, Vec<_>) =
            action::TABLE.iter().filter(listed).partition(|row| row.belongs_to(model.screen));
        let mut actions: Vec<_> = here.iter().map(|row| row.action).collect();
        let age = |action: &Action| model.recent.iter().position(|recent| recent == action);
        actions.sort_by_key(|action| age(action).unwrap_or(usize::MAX));
        let found = actions.clone();
        actions.extend(others.iter().map(|row| row.action));
        let table = Table::new(actions.iter().map(|action| entry(*action, model)).collect());
        let here = found.len();
        Self { query: Field::new(60), found, list: ListState::default(), table, actions, here }
    }

    /// Looks again after the query has changed.
    pub fn narrow(&mut self) {
        self.list = ListState::default();
        self.found = match self.query.text().trim() {
            "" => self.actions[..self.here].to_vec(),
            typed => {
                let mut found = self.table.matches(typed, self.actions.len());
                found.sort_by_key(|found| found.index >= self.here);
                found.into_iter().map(|found| self.actions[found.index]).collect()
            }
        };
    }

    /// The marked action.
    pub fn marked(&self) -> Option<Action> {
        self.found.get(self.list.selected()).copied()
    }

    /// Handles a key that neither closes it nor does what is marked.
    pub(super) fn key(&mut self, press: &Press) {
        let Some(edit) = press.edit() else { return };
        if matches!(edit, Edit::Up | Edit::Down | Edit::PageUp | Edit::PageDown) {
            let _ = self.list.apply(&edit, self.found.len());
        } else if self.query.apply(&edit).edited() {
            self.narrow();
        }
    }

    pub(super) fn view(&self, model: &Model, buf: &mut Canvas<'_>, area: Rect) -> Option<Position> {
        let inside = open(model, buf, dialog(area, SIZE), &name_of("action", "palette"));
        let hint = rust_i18n::t!("palette.hint");
        let at = rows(inside, 0, 1);
        let cursor = self.query.view(buf, at, &model.look.field(false), &hint, true);
        buf.hit(at, Target::Typed);
        let below = rows(inside, 1, inside.height.saturating_sub(1 + TOLD));
        let Some(marked) = self.marked() else {
            put(buf, below, 0, &rust_i18n::t!("desk.no_candidate"), model.look.style(Role::TextDim));
            return cursor;
        };
        list::view(buf, below, &self.list, self.found.len(), &model.look.list_in_overlay(), |index, _| {
            action_line(model, self.found[index])
        });
        buf.rows(below, Target::Choices, self.list.offset());
        tell_whole(model, buf, inside, Deed::Action(marked));
        cursor
    }
}

/// What the marked row does, and why it cannot be done now, whole: in the last rows of the dialog.
pub(super) fn tell_whole(model: &Model, buf: &mut Buffer, inside: Rect, marked: Deed) {
    let why = match marked {
        Deed::Action(action) => action::available(action, model).err(),
        _ => None,
    };
    let told = model.keys.of_deed(marked).map(|binding| binding.help(current())).unwrap_or_default();
    let (words, role) = match why {
        Some(why) => {
            (rust_i18n::t!("help.why_not", why = name_of("why_not", why)).into_owned(), Role::Warning)
        }
        None => (told, Role::TextDim),
    };
    let at = rows(inside, inside.height.saturating_sub(TOLD - 1), TOLD - 1);
    tell(model, buf, at, 0, &words, role);
}

/// What finds an action: its name in both languages, the English initials, and its name in `keys.toml`.
fn entry(action: Action, model: &Model) -> Entry {
    let named = |language: &Language| name_in(*language, "action", action.code());
    let mut extra: Vec<_> = Language::ALL.iter().map(named).collect();
    if action == Action::Dispatch {
        extra.extend(Language::ALL.iter().map(|of| name_in(*of, "verb", model.dispatch_verb().code())));
    }
    extra.push(action.code().replace('_', " "));
    Entry {
        code: initials(&named(&Language::En)),
        name: action::name(action, model),
        extra,
        ..Entry::default()
    }
}

/// The first letters of the words of an English name: `nd` of `New draft`. One letter alone says too little to come
/// before what it begins in Chinese.
fn initials(name: &str) -> String {
    let letters: String = name.split_whitespace().filter_map(|word| word.chars().next()).collect();
    if letters.len() > 1 && letters.is_ascii() { letters } else { String::new() }
}

/// An action in a list that does it: its name, its key, and what it does or why it cannot be done now.
pub(super) fn action_line(model: &Model, action: Action) -> Line<'static> {
    let why = action::available(action, model).err();
    let (role, words) = match why {
        Some(why) => (Role::Disabled, format!("({})", name_of("why_not", why))),
        None => (Role::Overlay, name_of("action_help", action.code())),
    };
    let key = model.keys.shown(action, true).unwrap_or_default();
    line(model, role, &action::name(action, model), key, &words)
}

/// Name, key and words of a row in a list of deeds.
pub(super) fn line(model: &Model, role: Role, name: &str, key: &str, words: &str) -> Line<'static> {
    let look = &model.look;
    Line::from(vec![
        span(&format!("{} ", pad(name, name_columns() - 1)), look.style(role)),
        span(&pad(key, KEY), look.style(Role::TextDim)),
        span(words, look.style(if role == Role::Disabled { role } else { Role::TextDim })),
    ])
}

//! The help: every key that works here, what it does, and why not now; typing narrows it.

use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::Overlay;
use super::view::open;
use crate::desk::action;
use crate::desk::hits::{Canvas, Target};
use crate::desk::keymap::{Binding, Context, Control, Deed, Press};
use crate::desk::model::Model;
use crate::desk::paint::{rows, span};
use crate::desk::text::{pad, width, wrap};
use crate::desk::widgets::cut;
use crate::desk::widgets::edit::Edit;
use crate::desk::widgets::field::Field;
use crate::desk::widgets::overlay::centred;
use crate::desk::widgets::table::{Entry, Table};
use crate::i18n::{Language, current, name_of};
use crate::theme::Role;

/// Columns of the keys and of the names.
const KEYS: usize = 16;
const NAME: usize = 13;

/// The help.
#[derive(Debug)]
pub struct Help {
    /// What is typed.
    pub filter: Field,
    /// Rows scrolled down.
    pub scroll: usize,
    /// The rows of the key table that work here, by their place in it, group by group.
    places: Vec<usize>,
    /// What fits the filter, by its place in `places`.
    found: Option<Vec<usize>>,
    table: Table,
}

impl Help {
    /// The keys of the screen in front, or of the dialog over it.
    pub fn of(model: &Model, over: Option<&Overlay>) -> Self {
        let all = model.keys.bindings();
        let works = |binding: &Binding| match over {
            Some(overlay) => heard_by(overlay, binding),
            None => match binding.deed {
                Deed::Action(action) if !action::is_listed(action, model) => false,
                _ => binding.is_heard_on(model.screen),
            },
        };
        // The arrows, Home and Backspace everybody knows; the reference has them.
        let known = Binding::is_known;
        let mut places: Vec<_> = (0..all.len()).filter(|at| works(&all[*at]) && !known(&all[*at])).collect();
        places.sort_by_key(|at| group(&all[*at]));
        let entries = places.iter().map(|at| {
            let binding = &all[*at];
            let mut names: Vec<_> = Language::ALL.iter().map(|of| binding.title(*of)).collect();
            names.extend([binding.help(current()), binding.keys(), binding.code().replace('_', " ")]);
            Entry { name: names.remove(0), extra: names, ..Entry::default() }
        });
        let table = Table::new(entries.collect());
        Self { filter: Field::new(60), scroll: 0, places, found: None, table }
    }

    /// Handles a key that does not close it.
    pub(super) fn key(&mut self, press: &Press) {
        match press.edit() {
            Some(Edit::Down) => self.scroll += 1,
            Some(Edit::PageDown) => self.scroll += 10,
            Some(Edit::Up) => self.scroll = self.scroll.saturating_sub(1),
            Some(Edit::PageUp) => self.scroll = self.scroll.saturating_sub(10),
            Some(edit) if self.filter.apply(&edit).edited() => self.narrow(),
            _ => {}
        }
    }

    /// Looks again after the filter has changed.
    pub(super) fn narrow(&mut self) {
        self.scroll = 0;
        let typed = self.filter.text().trim();
        self.found = (!typed.is_empty()).then(|| {
            let found = self.table.matches(typed, self.places.len());
            found.into_iter().map(|found| found.index).collect()
        });
    }

    pub(super) fn view(&self, model: &Model, buf: &mut Canvas<'_>, area: Rect) -> Option<Position> {
        let over = centred(area, if area.width >= 120 { 100 } else { 76 }, area.height.saturating_sub(2));
        let inside = open(model, buf, over, &rust_i18n::t!("help.title"));
        let hint = rust_i18n::t!("help.filter");
        let at = rows(inside, 0, 1);
        let cursor = self.filter.view(buf, at, &model.look.field(false), &hint, true);
        buf.hit(at, Target::Typed);
        let below = rows(inside, 1, inside.height.saturating_sub(1));
        let seen = self.scroll.saturating_add(usize::from(below.height));
        let lines = self.lines(model, usize::from(below.width), seen);
        let from = self.scroll.min(lines.len().saturating_sub(usize::from(below.height)));
        for (row, line) in (0..below.height).zip(lines.iter().skip(from)) {
            cut::line(buf, rows(below, row, 1), line);
        }
        cursor
    }

    /// The lines from the first on: `enough` of them, or all if there are fewer.
    fn lines(&self, model: &Model, columns: usize, enough: usize) -> Vec<Line<'static>> {
        let ground = model.look.style(Role::Overlay);
        let all = model.keys.bindings();
        let mut lines = Vec::new();
        let mut before = None;
        for (index, at) in self.places.iter().enumerate() {
            if self.found.as_ref().is_some_and(|found| !found.contains(&index)) {
                continue;
            }
            if lines.len() >= enough {
                return lines;
            }
            let binding = &all[*at];
            let now = group(binding);
            if before != Some(now) {
                let title = match now {
                    0 => name_of("screen", model.screen.code()),
                    1 => rust_i18n::t!("help.everywhere").into_owned(),
                    _ => name_of("context", binding.context.code()),
                };
                lines.push(Line::from(span(&title, ground.patch(model.look.style(Role::Heading)))));
                before = Some(now);
            }
            row(model, binding, columns, &mut lines);
        }
        if self.found.is_none() {
            lines.push(Line::default());
            let told = rust_i18n::t!("help.told");
            lines
                .extend(wrap(&told, columns).into_iter().map(|piece| Line::from(span(&told[piece], ground))));
        }
        lines
    }
}

/// The order of the groups: what belongs to this screen, what works everywhere, then dialogs, forms and lists.
fn group(binding: &Binding) -> usize {
    match binding.context {
        Context::Desk => usize::from(binding.screens().is_empty()),
        other => 2 + Context::ALL.iter().position(|context| *context == other).unwrap_or(0),
    }
}

/// Whether a dialog has a use for it.
fn heard_by(overlay: &Overlay, binding: &Binding) -> bool {
    match binding.context {
        Context::Dialog => match binding.deed {
            Deed::Control(Control::NextBorders | Control::PreviousBorders) => {
                matches!(overlay, Overlay::Themes(_))
            }
            _ => true,
        },
        Context::Form => match overlay {
            Overlay::Dispatch(_) | Overlay::Password(_) | Overlay::SignIn => true,
            Overlay::Chooser(_) => binding.deed == Deed::Control(Control::Take),
            _ => false,
        },
        Context::Text => overlay.is_typing(),
        Context::Desk | Context::List => false,
    }
}

/// Keys, name and what it does; below that why it cannot be done now.
fn row(model: &Model, binding: &Binding, columns: usize, lines: &mut Vec<Line<'static>>) {
    let look = &model.look;
    let style = |role| look.style(Role::Overlay).patch(look.style(role));
    let (name, why) = match binding.deed {
        Deed::Action(action) => (action::name(action, model), action::available(action, model).err()),
        Deed::Control(_) | Deed::Edit(_) => (binding.title(current()), None),
    };
    let role = if why.is_some() { Role::Disabled } else { Role::Overlay };
    let keys = binding.keys();
    let told = binding.help(current());
    let not_now = why.map(|why| rust_i18n::t!("help.why_not", why = name_of("why_not", why)).into_owned());
    // Many keys or a long name take a row of their own.
    let head = KEYS + NAME;
    let (left, mut first) = (pad(&keys, KEYS), true);
    if width(&keys) >= KEYS || width(&name) >= NAME {
        lines.push(Line::from(vec![
            span(&format!("{} ", pad(&keys, KEYS - 1)), style(Role::LabelFocus)),
            span(&name, style(role)),
        ]));
        first = false;
    }
    let room = columns.saturating_sub(head).max(8);
    let pieces = [Some(told), not_now].into_iter().flatten().zip([Role::TextDim, Role::Disabled]);
    let pieces = pieces.flat_map(|(words, role)| {
        let cut: Vec<_> =
            wrap(&words, room).into_iter().map(|piece| span(&words[piece], style(role))).collect();
        cut
    });
    for words in pieces {
        lines.push(if first {
            Line::from(vec![
                span(&left, style(Role::LabelFocus)),
                span(&pad(&name, NAME), style(role)),
                words,
            ])
        } else {
            Line::from(vec![span(&pad("", head), style(Role::Overlay)), words])
        });
        first = false;
    }
}

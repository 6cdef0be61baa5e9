//! Both changed the same: field by field both texts, one's own marked, and nothing is sent before the person says so.

use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::Overlay;
use super::view::{open, tell};
use crate::desk::buffer::Buffer;
use crate::desk::effects::Effect;
use crate::desk::hits::{Canvas, Target};
use crate::desk::keymap::{Context, Control, Press};
use crate::desk::layout::Class;
use crate::desk::model::Model;
use crate::desk::paint::{columns, put, rows, span};
use crate::desk::screens::case::told::amended;
use crate::desk::screens::intake::{self, Amends};
use crate::desk::text::{self, pad, wrap};
use crate::desk::widgets::edit::Edit;
use crate::desk::widgets::list::{self, ListState};
use crate::desk::widgets::overlay::centred;
use crate::domain::amendment::{Amendment, Field};
use crate::domain::id::CaseId;
use crate::domain::merge::Merge;
use crate::domain::safe::SafeText;
use crate::i18n::name_of;
use crate::theme::Role;

/// A field that both changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contested {
    /// Which.
    pub field: Field,
    /// What this desk's person made of it, in words.
    pub mine: String,
    /// What the other made of it.
    pub theirs: String,
    /// Whether this desk's is to stand.
    pub keeps_mine: bool,
}

/// The dialog.
pub struct ClashDialog {
    /// The draft that is to be sent.
    pub draft: CaseId,
    /// The case as it is now.
    pub theirs: Amends,
    /// What must be decided.
    pub contested: Vec<Contested>,
    /// What else happened, in words.
    pub notes: Vec<String>,
    /// The marked field.
    pub list: ListState,
    /// Rows scrolled down in the two texts.
    pub scroll: usize,
}

impl std::fmt::Debug for ClashDialog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClashDialog").field("draft", &self.draft).finish_non_exhaustive()
    }
}

impl ClashDialog {
    /// Asks about what `merged` could not put together of `mine` and theirs; the rest is told.
    pub fn new(
        model: &Model,
        draft: CaseId,
        (seen, mine, theirs): (&Amends, &Amendment, Amends),
        merged: &Merge,
    ) -> Self {
        let contested = merged.conflicts.iter().map(|field| Contested {
            field: *field,
            mine: amended(model, mine, *field),
            theirs: amended(model, &theirs.base, *field),
            keeps_mine: true,
        });
        let mut notes = Vec::new();
        if theirs.state != seen.state {
            let [before, now] = [seen.state, theirs.state].map(|state| name_of("state", state.code()));
            notes.push(rust_i18n::t!("clash.state", before = before, now = now).into_owned());
        }
        if !merged.theirs.is_empty() {
            let fields: Vec<_> =
                merged.theirs.iter().map(|field| name_of(Field::KIND, field.code())).collect();
            notes.push(rust_i18n::t!("clash.others", fields = fields.join("、")).into_owned());
        }
        let contested = contested.collect();
        Self { draft, theirs, contested, notes, list: ListState::default(), scroll: 0 }
    }

    /// The marked field.
    pub fn marked(&self) -> Option<&Contested> {
        self.contested.get(self.list.selected())
    }

    /// What is told before the question.
    pub fn told(&self) -> String {
        let key = if self.contested.is_empty() { "clash.told_state" } else { "clash.told" };
        rust_i18n::t!(key).into_owned()
    }

    fn go(&mut self, forward: bool) {
        let edit = if forward { Edit::Down } else { Edit::Up };
        let _ = self.list.apply(&edit, self.contested.len());
        self.scroll = 0;
    }
}

/// Handles a key that does not close it.
pub(super) fn key(model: &mut Model, mut dialog: Box<ClashDialog>, press: &Press) -> Vec<Effect> {
    if press.control(Context::Dialog) == Some(Control::Send) {
        model.uncover();
        let theirs: Vec<_> =
            dialog.contested.iter().filter(|one| !one.keeps_mine).map(|one| one.field).collect();
        return intake::decide(model, dialog.draft, dialog.theirs, &theirs);
    }
    let edit = press.edit();
    if press.is(Control::NextChoice) || press.is(Control::PreviousChoice) {
        if let Some(one) = dialog.contested.get_mut(dialog.list.selected()) {
            one.keeps_mine = !one.keeps_mine;
        }
    } else if press.is(Control::GoOn) || press.is(Control::NextField) {
        dialog.go(true);
    } else if press.is(Control::PreviousField) {
        dialog.go(false);
    } else if edit == Some(Edit::PageDown) {
        dialog.scroll += 5;
    } else if edit == Some(Edit::PageUp) {
        dialog.scroll = dialog.scroll.saturating_sub(5);
    }
    model.overlay = Some(Overlay::Clash(dialog));
    Vec::new()
}

/// Paints it: the fields, and below both texts of the marked one, side by side where there is room.
pub(super) fn view(
    model: &Model,
    buf: &mut Canvas<'_>,
    area: Rect,
    dialog: &ClashDialog,
) -> Option<Position> {
    let wide = if Class::of(area) == Class::Compact { 78 } else { 100 };
    let title = rust_i18n::t!("clash.title", number = dialog.theirs.number.grouped());
    let inside = open(model, buf, centred(area, wide, 22.min(area.height)), &title);
    let mut top = tell(model, buf, inside, 0, &dialog.told(), Role::TextDim);
    for note in &dialog.notes {
        top = tell(model, buf, inside, top, note, Role::Warning);
    }
    let n = dialog.contested.len();
    let left = inside.height.saturating_sub(top + 1);
    let listed = u16::try_from(n).unwrap_or(u16::MAX).min(left / 3);
    let at = rows(inside, top, listed);
    list::view(buf, at, &dialog.list, n, &model.look.list_in_overlay(), |index, _| {
        let one = &dialog.contested[index];
        let kept = rust_i18n::t!(if one.keeps_mine { "clash.keeps_mine" } else { "clash.keeps_theirs" });
        let words = format!("{}{kept}", pad(&name_of(Field::KIND, one.field.code()), 14));
        Line::from(span(&words, model.look.style(Role::Overlay)))
    });
    buf.rows(at, Target::Choices, dialog.list.offset());
    let one = dialog.marked()?;
    let below = rows(inside, top + listed + 1, left - listed);
    let sides = [
        (rust_i18n::t!("clash.mine"), &one.mine, one.keeps_mine),
        (rust_i18n::t!("clash.theirs"), &one.theirs, !one.keeps_mine),
    ];
    let half = if wide == 78 { below.height / 2 } else { below.width / 2 };
    for (at, (name, words, kept)) in (0..).zip(sides) {
        let part = if wide == 78 {
            rows(below, at * half, half)
        } else {
            columns(below, at * half, half.saturating_sub(1))
        };
        side(model, buf, part, (&name, kept), words, dialog.scroll);
    }
    None
}

/// One of the two texts under its name, from a row on.
fn side(model: &Model, buf: &mut Buffer, area: Rect, (name, kept): (&str, bool), words: &str, scroll: usize) {
    let ground = model.look.style(Role::Overlay);
    let mark = if kept { "(*)" } else { "( )" };
    let role = if kept { Role::LabelFocus } else { Role::Label };
    put(buf, area, 0, &format!("{mark} {name}"), ground.patch(model.look.style(role)));
    let words = if words.is_empty() { rust_i18n::t!("clash.empty").into_owned() } else { words.to_owned() };
    let words = SafeText::block(&words).into_cow().into_owned();
    let room = columns(rows(area, 1, area.height.saturating_sub(1)), 4, area.width.saturating_sub(4));
    let lines = wrap(&words, usize::from(room.width.max(1)));
    let first = scroll.min(lines.len().saturating_sub(usize::from(room.height)));
    let more = lines.len() > first + usize::from(room.height);
    for (row, line) in (0..room.height).zip(lines.into_iter().skip(first)) {
        put(buf, room, row, &words[line], ground);
    }
    if more && room.height > 0 {
        put(buf, columns(area, 0, 3), area.height - 1, text::ELLIPSIS, ground);
    }
}

//! Beside the form: what this number called about before, and earlier cases like the one being typed.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Draft;
use crate::desk::action::Action;
use crate::desk::model::Model;
use crate::desk::msg::Turn;
use crate::desk::paint::{put, rows};
use crate::desk::widgets::list::ListState;
use crate::desk::widgets::overlay;
use crate::i18n::name_of;
use crate::theme::Role;
use crate::wire::case::CaseRow;
use crate::wire::search::{CallerHistory, LikeCases};

/// The panel and which of its lists has the keys.
#[derive(Debug, Default)]
pub struct Side {
    /// The last question for the caller's history.
    pub history_turn: Turn,
    /// Which number was asked for.
    pub history_of: Option<String>,
    /// What came of it.
    pub history: Option<CallerHistory>,
    /// The last question for like cases.
    pub like_turn: Turn,
    /// What came of it.
    pub like: Option<LikeCases>,
    /// The selected row while the panel has the keys.
    list: Option<ListState>,
}

impl Side {
    /// Whether the panel has the keys.
    pub fn has_keys(&self) -> bool {
        self.list.is_some()
    }

    /// Gives the keys to the panel or back to the form; an empty panel takes none.
    pub fn toggle(&mut self) {
        self.list = if self.list.is_none() && self.count() > 0 { Some(ListState::default()) } else { None };
    }

    /// Gives the keys back to the form.
    pub fn leave(&mut self) {
        self.list = None;
    }

    /// The list's selection, to move.
    pub fn list_mut(&mut self) -> Option<&mut ListState> {
        self.list.as_mut()
    }

    /// The place of the selected row among history and like cases together.
    pub fn selected_at(&self) -> Option<usize> {
        self.list.as_ref().map(|list| list.selected().min(self.count().saturating_sub(1)))
    }

    /// How many rows there are in both lists.
    pub fn count(&self) -> usize {
        self.history_rows().len() + self.like_rows().count()
    }

    /// The caller's earlier cases.
    pub fn history_rows(&self) -> &[CaseRow] {
        self.history.as_ref().map_or(&[], |history| &history.cases)
    }

    fn like_rows(&self) -> impl Iterator<Item = &CaseRow> {
        self.like.iter().flat_map(|like| like.cases.iter().map(|case| &case.row))
    }

    /// The selected row while the panel has the keys.
    pub fn selected(&self) -> Option<&CaseRow> {
        let at = self.selected_at()?;
        self.history_rows().iter().chain(self.like_rows()).nth(at)
    }
}

/// Paints the panel.
pub(super) fn view(model: &Model, draft: &Draft, buf: &mut Buffer, area: Rect) {
    let (look, side) = (&model.look, &draft.side);
    let title = rust_i18n::t!("side.title");
    let inside = overlay::frame(buf, area, &title, &look.panel(side.has_keys()));
    let mut top = 0;
    let selected = side.selected_at();
    if selected.is_some() {
        let foot = inside.height.saturating_sub(1);
        let back = model.keys.shown(Action::SidePanel, true).unwrap_or_default();
        let words = rust_i18n::t!("side.keys", key = back);
        put(buf, inside, foot, &words, look.style(Role::Info));
    }
    let inside = if selected.is_some() { rows(inside, 0, inside.height.saturating_sub(1)) } else { inside };
    let head = |buf: &mut Buffer, top: &mut u16, words: &str| {
        put(buf, inside, *top, words, look.style(Role::Heading));
        *top += 1;
    };
    let words = match &side.history {
        Some(history) => {
            rust_i18n::t!("side.history", total = history.total, open = history.open).into_owned()
        }
        None => rust_i18n::t!("side.history_none").into_owned(),
    };
    head(buf, &mut top, &words);
    // The history leaves half of the panel to the like cases.
    let history = side.history_rows();
    let room = usize::from((inside.height / 2).saturating_sub(1) / 2).max(1);
    let first = selected.filter(|at| *at < history.len()).map_or(0, |at| (at + 1).saturating_sub(room));
    for (index, row) in history.iter().enumerate().skip(first).take(room) {
        let detail = age_and_state(model, row);
        entry(model, buf, inside, &mut top, row, &detail, selected == Some(index));
    }
    top += 1;
    let words = match &side.like {
        Some(like) if !like.cases.is_empty() => rust_i18n::t!("side.like", n = like.cases.len()).into_owned(),
        Some(_) => rust_i18n::t!("side.like_none").into_owned(),
        None => rust_i18n::t!("side.like_wait").into_owned(),
    };
    head(buf, &mut top, &words);
    let like: Vec<_> = side.like.iter().flat_map(|like| &like.cases).collect();
    let room = usize::from(inside.height.saturating_sub(top) / 2).max(1);
    let at = selected.and_then(|at| at.checked_sub(history.len()));
    let first = at.map_or(0, |at| (at + 1).saturating_sub(room));
    for (index, case) in like.iter().enumerate().skip(first).take(room) {
        let because: Vec<_> = case.because.iter().map(|why| name_of("likeness", why.code())).collect();
        let detail = format!("{} {}", age_and_state(model, &case.row), because.join(" "));
        entry(model, buf, inside, &mut top, &case.row, &detail, at == Some(index));
    }
}

fn age_and_state(model: &Model, row: &CaseRow) -> String {
    let age = crate::i18n::age(row.received_at, model.now, crate::i18n::current());
    format!("{age} {}", name_of("state", row.state.code()))
}

/// Two rows: the title, and below it when, how far, and why.
fn entry(
    model: &Model,
    buf: &mut Buffer,
    area: Rect,
    top: &mut u16,
    row: &CaseRow,
    detail: &str,
    selected: bool,
) {
    let look = &model.look;
    let mark = if selected { ">" } else { " " };
    let title = if selected { look.style(Role::Selection) } else { look.style(Role::Text) };
    put(buf, area, *top, &format!("{mark}{}", row.title), title);
    put(buf, area, *top + 1, &format!("  {detail}"), look.style(Role::TextDim));
    *top += 2;
}

//! The screen of one's own work: three lists, one in front; on wide screens the selected case is read beside it.

use ratatui::layout::{Position, Rect};

use super::WorkTab;
use crate::desk::hits::{Canvas, Target};
use crate::desk::layout;
use crate::desk::model::Model;
use crate::desk::paint::{self, columns, put, rows};
use crate::desk::screens::case_row::{Columns, Purpose};
use crate::desk::screens::reader;
use crate::desk::text::width;
use crate::desk::widgets::list;
use crate::domain::query::Query;
use crate::i18n::name_of;
use crate::theme::Role;

/// The most rows of a list that a server sends.
const MOST: usize = 100;

/// Paints the screen. Nothing is typed here, so the cursor is hidden.
pub fn view(model: &Model, buf: &mut Canvas<'_>, area: Rect) -> Option<Position> {
    let (look, work) = (&model.look, &model.work);
    let mut left = 1;
    for (index, tab) in WorkTab::ALL.iter().enumerate() {
        let n = work.rows(*tab).len();
        let more = if n < MOST { "" } else { "+" };
        let front = *tab == work.tab;
        let words = format!("{} {} {n}{more}", index + 1, name_of("work_tab", tab.code()));
        let words = paint::tab(&words, front);
        let role = if front { Role::TabActive } else { Role::Tab };
        let columns_wide = u16::try_from(width(&words)).unwrap_or(0);
        let at = rows(columns(area, left, columns_wide), 0, 1);
        put(buf, at, 0, &words, look.style(role));
        buf.hit(at, Target::Tab(*tab));
        left += columns_wide + 1;
    }
    let shown = work.rows(work.tab);
    let areas = layout::work(rows(area, 1, area.height.saturating_sub(1)));
    if shown.is_empty() {
        let words =
            if work.work.is_some() { rust_i18n::t!("work.none") } else { rust_i18n::t!("work.waiting") };
        put(buf, columns(areas.list, 2, areas.list.width), 1, &words, look.style(Role::TextDim));
        return None;
    }
    let laid = Columns::of(list::room(areas.list), Purpose::Own);
    laid.head(model, buf, rows(areas.list, 0, 1), list::GUTTER);
    let below = rows(areas.list, 1, areas.list.height.saturating_sub(1));
    list::view(buf, below, &work.list, shown.len(), &look.list(true), |index, _| {
        laid.line(model, &shown[index], &[])
    });
    buf.rows(below, Target::Rows, work.list.offset());
    if !areas.preview.is_empty() {
        reader::case(model, buf, areas.preview, work.selected(), &Query::default());
    }
    None
}

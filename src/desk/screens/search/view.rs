//! The search screen: the query, the hits with the words marked, the preview beside or below.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::desk::model::Model;
use crate::desk::paint::{columns, put, rows};
use crate::desk::screens::case::facts;
use crate::desk::screens::case_row;
use crate::desk::widgets::{list, overlay};
use crate::domain::find::marks;
use crate::domain::query::Query;
use crate::domain::terms::Match;
use crate::theme::Role;

/// Paints the screen; returns where the cursor belongs.
pub fn view(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let (look, search) = (&model.look, &model.search);
    put(buf, columns(area, 1, 6), 0, &rust_i18n::t!("search.query"), look.style(Role::Label));
    let at = rows(columns(area, 7, area.width.saturating_sub(8)), 0, 1);
    let hinted = rust_i18n::t!("search.hint");
    let cursor = search.query.view(buf, at, &look.field(false), &hinted, search.in_query);
    put(buf, rows(columns(area, 1, area.width), 1, 1), 0, &status(model), look.style(Role::TextDim));
    let wide = area.width >= 120;
    let below = rows(area, 2, area.height.saturating_sub(2));
    let (hits, preview) = if wide {
        let left = below.width * 3 / 5;
        (columns(below, 0, left), columns(below, left, below.width - left))
    } else {
        let top = below.height / 2;
        (rows(below, 0, top), rows(below, top, below.height - top))
    };
    let query = Query::parse(&search.asked);
    list::view(buf, hits, &search.list, search.hits.len(), &look.list(!search.in_query), |index, width| {
        let hit = &search.hits[index];
        case_row::line(model, &hit.row, width, &marks(&hit.row.title, &query))
    });
    let title = search.selected().map(|row| row.number.grouped()).unwrap_or_default();
    let inside = overlay::frame(buf, preview, &title, &look.panel(false));
    let shown =
        search.preview.as_ref().filter(|case| search.selected().is_some_and(|row| row.id == case.row.id));
    if let Some(case) = shown {
        for (row, line) in facts(model, case, usize::from(inside.width), &query).into_iter().enumerate() {
            let Ok(row) = u16::try_from(row) else { break };
            if row >= inside.height {
                break;
            }
            buf.set_line(inside.x, inside.y + row, &line, inside.width);
        }
    }
    cursor
}

/// How many were found, or why none.
fn status(model: &Model) -> String {
    let search = &model.search;
    let n = search.hits.len();
    if search.waiting && n == 0 {
        return rust_i18n::t!("search.waiting").into_owned();
    }
    let query = Query::parse(&search.asked);
    let nothing_to_find = !search.asked.trim().is_empty()
        && query.filters.is_empty()
        && query.words.iter().all(|word| Match::of(&word.text, word.exact).is_none());
    if nothing_to_find {
        // Marks alone are in no index; the list is of all cases, and must not look like an answer.
        return rust_i18n::t!("search.only_marks").into_owned();
    }
    let found = match (n, &search.next) {
        (0, _) => rust_i18n::t!("search.none").into_owned(),
        (n, Some(_)) => rust_i18n::t!("search.more_than", n = n).into_owned(),
        (n, None) => rust_i18n::t!("search.exactly", n = n).into_owned(),
    };
    match search.literal.as_slice() {
        [] => found,
        words => format!("{found}  {} {}", rust_i18n::t!("search.literal"), words.join(" ")),
    }
}

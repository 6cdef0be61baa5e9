//! The panel beside a list in which the selected one is read in full, without leaving the list.

use ratatui::layout::Rect;

use super::case;
use crate::desk::buffer::Buffer;
use crate::desk::model::Model;
use crate::desk::paint::{put, rows};
use crate::desk::text::{ELLIPSIS, pad, wrap};
use crate::desk::widgets::overlay;
use crate::domain::catalogue::Article;
use crate::domain::query::Query;
use crate::theme::Role;
use crate::wire::case::CaseRow;

/// The selected case with what happened to it; the words of `query` are marked.
pub fn case(model: &Model, buf: &mut Buffer, area: Rect, selected: Option<&CaseRow>, query: &Query) {
    let title = selected.map(|row| row.number.grouped()).unwrap_or_default();
    let inside = overlay::frame(buf, area, &title, &model.look.panel(false));
    if let Some(file) = model.preview.of(selected.map(|row| row.id)) {
        case::preview(model, buf, inside, file, query);
    }
}

/// An article from row `scroll` on: its title, where it is from, its paragraphs. Gives its rows in all and in sight.
pub fn article(
    model: &Model,
    buf: &mut Buffer,
    area: Rect,
    article: &Article,
    scroll: usize,
) -> (usize, usize) {
    let look = &model.look;
    put(buf, area, 0, &article.title, look.style(Role::Heading));
    let valid = article.valid_from.map(|day| rust_i18n::t!("knowledge.valid", day = day)).unwrap_or_default();
    put(buf, area, 1, format!("{}  {valid}", article.source).trim(), look.style(Role::TextDim));
    let below = rows(area, 3, area.height.saturating_sub(3));
    let body = article.body.trim();
    let lines = wrap(body, usize::from(below.width.max(1)));
    let page = usize::from(below.height);
    let scroll = scroll.min(lines.len().saturating_sub(page));
    for (row, line) in (0..below.height).zip(lines.iter().skip(scroll)) {
        // Blanks at the end of a row may stand over the edge.
        put(buf, below, row, body[line.clone()].trim_end(), look.style(Role::Text));
    }
    if lines.len() > scroll + page {
        put(
            buf,
            below,
            below.height.saturating_sub(1),
            &pad(ELLIPSIS, usize::from(below.width)),
            look.style(Role::TextDim),
        );
    }
    (lines.len(), page)
}

/// The selected case, and beside it what happened to it.
pub fn case_and_timeline(
    model: &Model,
    buf: &mut Buffer,
    area: Rect,
    timeline: Rect,
    selected: Option<&CaseRow>,
    query: &Query,
) {
    let title = selected.map(|row| row.number.grouped()).unwrap_or_default();
    let inside = overlay::frame(buf, area, &title, &model.look.panel(false));
    let beside = overlay::frame(buf, timeline, &rust_i18n::t!("case.timeline"), &model.look.panel(false));
    if let Some(file) = model.preview.of(selected.map(|row| row.id)) {
        case::fields(model, buf, inside, file, query);
        case::timeline(model, buf, beside, file);
    }
}

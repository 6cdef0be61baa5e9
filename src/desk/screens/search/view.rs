//! The search screen: the query, the hits with the words marked, the preview beside or below, the timeline beside that.

use ratatui::layout::{Position, Rect};

use super::complete;
use crate::desk::hits::{Canvas, Target};
use crate::desk::keymap::Control;
use crate::desk::layout::{self, Class};
use crate::desk::model::Model;
use crate::desk::paint::{self, columns, put, rows};
use crate::desk::screens::case_row::{Columns, Purpose};
use crate::desk::screens::reader;
use crate::desk::text::width;
use crate::desk::widgets::list;
use crate::domain::find::marks;
use crate::domain::query::Query;
use crate::domain::safe::SafeText;
use crate::domain::terms::Match;
use crate::theme::Role;
use crate::wire::search::SearchOrder;

/// Paints the screen; returns where the cursor belongs.
pub fn view(model: &Model, buf: &mut Canvas<'_>, area: Rect) -> Option<Position> {
    let (look, search) = (&model.look, &model.search);
    let (role, mark) = if search.in_query { (Role::LabelFocus, paint::FOCUS) } else { (Role::Label, "") };
    let label = rows(columns(area, 1, 7), 0, 1);
    put(buf, label, 0, &rust_i18n::t!("search.query"), look.style(role));
    paint::mark(buf, label, mark, look.style(role));
    let at = rows(columns(area, 8, area.width.saturating_sub(9)), 0, 1);
    let hinted = rust_i18n::t!("search.hint");
    let cursor = search.query.view(buf, at, &look.field(false), &hinted, search.in_query);
    buf.hit(at, Target::Query);
    for (range, _) in complete::doubts(model) {
        search.query.mark(buf, at, range, search.in_query, look.style(Role::Error));
    }
    let told = status(model);
    let below = rows(columns(area, 1, area.width), 1, 1);
    put(buf, below, 0, &told, look.style(Role::TextDim));
    if search.in_query {
        let left = u16::try_from(width(&told) + 2).unwrap_or(u16::MAX);
        offered(model, buf, columns(below, left, below.width.saturating_sub(left + 1)));
    }
    let areas = layout::search(rows(area, 2, area.height.saturating_sub(2)));
    let mut hits = areas.list;
    let laid = Columns::of(list::room(hits), Purpose::Found);
    if Class::of(area) != Class::Compact && !search.hits.is_empty() {
        laid.head(model, buf, rows(hits, 0, 1), list::GUTTER);
        hits = rows(hits, 1, hits.height.saturating_sub(1));
    }
    let query = Query::parse(&search.asked);
    list::view(buf, hits, &search.list, search.hits.len(), &look.list(!search.in_query), |index, _| {
        let hit = &search.hits[index];
        laid.line(model, &hit.row, &marks(&hit.row.title, &query))
    });
    buf.rows(hits, Target::Rows, search.list.offset());
    if areas.timeline.is_empty() {
        reader::case(model, buf, areas.preview, search.selected(), &query);
    } else {
        reader::case_and_timeline(model, buf, areas.preview, areas.timeline, search.selected(), &query);
    }
    cursor
}

/// What Tab and further typing make of the word before the caret.
fn offered(model: &Model, buf: &mut Canvas<'_>, area: Rect) {
    let offers = complete::offers(model);
    let Some(first) = offers.first() else { return };
    let look = &model.look;
    let key = model.keys.shown_for(Control::NextTab);
    let taken = format!("{key} {}", first.text.trim_end());
    put(buf, area, 0, &taken, look.style(Role::Proposal));
    let mut left = width(&taken) + 2;
    for offer in &offers[1..] {
        let text = offer.text.trim_end();
        if left + width(text) > usize::from(area.width) {
            break;
        }
        put(
            buf,
            columns(area, u16::try_from(left).unwrap_or(u16::MAX), area.width),
            0,
            text,
            look.style(Role::TextDim),
        );
        left += width(text) + 2;
    }
}

/// How many were found, or why none.
pub fn status(model: &Model) -> String {
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
    let found = match (n, search.total) {
        (0, _) => rust_i18n::t!("search.none").into_owned(),
        (_, Some(total)) if total.exact => rust_i18n::t!("search.exactly", n = total.count).into_owned(),
        (_, Some(total)) if search.order == SearchOrder::Relevance => {
            rust_i18n::t!("search.ranked", n = total.count).into_owned()
        }
        (_, Some(total)) => rust_i18n::t!("search.over", n = total.count).into_owned(),
        (n, None) => rust_i18n::t!("search.exactly", n = n).into_owned(),
    };
    let found = match search.order {
        SearchOrder::Newest => found,
        SearchOrder::Relevance => format!("{found}  {}", rust_i18n::t!("search.by_relevance")),
    };
    let found = if search.own { format!("{}  {found}", rust_i18n::t!("search.own")) } else { found };
    let doubt = complete::doubts(model).into_iter().find_map(|(range, code)| Some((range, code?)));
    if let Some((range, code)) = doubt {
        let word = SafeText::line(&search.query.text()[range]);
        let why = rust_i18n::t!(format!("query_note.{}", code.code()), word = word.as_str());
        return format!("{found}  {why}");
    }
    match search.literal.as_slice() {
        [] => found,
        words => format!("{found}  {} {}", rust_i18n::t!("search.literal"), words.join(" ")),
    }
}

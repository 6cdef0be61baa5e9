//! The case screen: number and state on top, then fields, then the timeline, scrolled as one text.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use super::told;
use crate::desk::action::Action;
use crate::desk::buffer::Buffer;
use crate::desk::hits::{Canvas, Target};
use crate::desk::layout;
use crate::desk::model::Model;
use crate::desk::msg::CaseFile;
use crate::desk::paint::{columns, marked, put, rows, span};
use crate::desk::presence::names;
use crate::desk::text::{ELLIPSIS, pad, wrap};
use crate::desk::widgets::{cut, scroll};
use crate::domain::find::marks;
use crate::domain::query::Query;
use crate::domain::safe::SafeText;
use crate::i18n::name_of;
use crate::journal::outbox::Standing;
use crate::theme::Role;
use crate::wire::case::{CaseView, EventView};

/// Columns of a label.
const LABEL: usize = 11;

/// Paints the screen. Nothing is typed here, so the cursor is hidden.
pub fn view(model: &Model, buf: &mut Canvas<'_>, area: Rect) -> Option<Position> {
    let look = &model.look;
    let Some(file) = model.open_case() else {
        put(buf, columns(area, 1, area.width), 0, &rust_i18n::t!("case.waiting"), look.style(Role::TextDim));
        return None;
    };
    let row = &file.case.row;
    let head = Line::from(vec![
        span(&format!(" {}  ", row.number.grouped()), look.style(Role::Number)),
        span(&name_of("state", row.state.code()), look.state(row.state)),
        span(&own(file), look.style(Role::Warning)),
        span(
            &if model.case.acting.is_some() {
                rust_i18n::t!("case.acting").into_owned()
            } else {
                String::new()
            },
            look.style(Role::Info),
        ),
    ]);
    let mut head = head;
    if !row.present.is_empty() {
        let names = names(&row.present);
        let also = rust_i18n::t!("presence.also", names = names);
        head.push_span(span(&format!("   {also}"), look.style(Role::Warning)));
    }
    cut::line(buf, area, &head);
    put(buf, rows(columns(area, 1, area.width), 1, 1), 0, &row.title, look.style(Role::TextStrong));
    if let Some(item) = model.case.aside.first() {
        let verb = item.parcel.verb.map(|verb| name_of("verb", verb.code())).unwrap_or_default();
        let key = model.keys.shown(Action::Aside, false).unwrap_or_default();
        let words = rust_i18n::t!("aside.line", verb = verb, key = key);
        put(buf, rows(columns(area, 1, area.width), 2, 1), 0, &words, look.style(Role::Error));
    }
    let below = rows(columns(area, 1, area.width.saturating_sub(2)), 3, area.height.saturating_sub(3));
    buf.hit(below, Target::Reading);
    let areas = layout::case(below);
    let mut lines = facts(model, &file.case, usize::from(areas.facts.width), &Query::default(), usize::MAX);
    if areas.timeline.is_empty() {
        lines.push(Line::default());
        lines.extend(events(model, &file.events, usize::from(areas.facts.width)));
        let n = lines.len();
        scrolled(model, buf, areas.facts, &lines, n);
    } else {
        // Side by side; the longer one decides how far they scroll.
        let events = events(model, &file.events, usize::from(areas.timeline.width));
        let longest = lines.len().max(events.len());
        scrolled(model, buf, areas.facts, &lines, longest);
        scrolled(model, buf, areas.timeline, &events, longest);
    }
    None
}

/// Whose word it is, where it is not the server's.
fn own(file: &CaseFile) -> String {
    let Some(kept) = file.kept else { return String::new() };
    let words = if kept == Standing::Accepted {
        rust_i18n::t!("drafts.own_copy")
    } else {
        rust_i18n::t!("drafts.own_case", standing = name_of("item", kept.code()))
    };
    format!("  [{words}]")
}

/// A case in a panel beside a list: its fields, then what happened to it, as far as there is room.
pub fn preview(model: &Model, buf: &mut Buffer, area: Rect, file: &CaseFile, query: &Query) {
    let (wide, high) = (usize::from(area.width), usize::from(area.height));
    let mut lines = facts(model, &file.case, wide, query, high);
    if lines.len() + 2 < high {
        lines.push(Line::default());
        lines.extend(events(model, &file.events, wide));
    }
    first(buf, area, &lines);
}

/// The fields of a case, as far as there is room.
pub fn fields(model: &Model, buf: &mut Buffer, area: Rect, file: &CaseFile, query: &Query) {
    first(buf, area, &facts(model, &file.case, usize::from(area.width), query, usize::from(area.height)));
}

/// What happened to a case, as far as there is room, without a heading.
pub fn timeline(model: &Model, buf: &mut Buffer, area: Rect, file: &CaseFile) {
    first(buf, area, &events(model, &file.events, usize::from(area.width))[1..]);
}

/// The first of `lines`; where there are more than fit, the last row says so.
fn first(buf: &mut Buffer, area: Rect, lines: &[Line<'_>]) {
    for (row, line) in (0..area.height).zip(lines) {
        cut::line(buf, rows(area, row, 1), line);
    }
    if lines.len() > usize::from(area.height) && !area.is_empty() {
        put(buf, area, area.height - 1, &pad(ELLIPSIS, usize::from(area.width)), Style::new());
    }
}

fn scrolled(model: &Model, buf: &mut Buffer, area: Rect, lines: &[Line<'_>], longest: usize) {
    let height = usize::from(area.height);
    model.case.scroll_end.set(longest.saturating_sub(height));
    model.case.page.set(height);
    let from = model.case.scroll.min(longest.saturating_sub(height));
    for (row, line) in (0..area.height).zip(lines.iter().skip(from)) {
        cut::line(buf, rows(area, row, 1), line);
    }
    // The column behind is free.
    let beside = Rect { x: area.right(), width: 1, ..area };
    scroll::mark(buf, beside, from, longest, model.look.style(Role::TextDim));
}

/// A label and a text beside it, wrapped, up to `most` lines in all; the words of `query` are marked.
fn field(
    model: &Model,
    lines: &mut Vec<Line<'static>>,
    label: &str,
    content: &str,
    (columns, most): (usize, usize),
    query: &Query,
) {
    if content.is_empty() || lines.len() > most {
        return;
    }
    let look = &model.look;
    let room = columns.saturating_sub(LABEL).max(8);
    // No more is laid out than can be seen: a column takes four bytes at the most, but for what is written out.
    let most_bytes = most.saturating_add(1).saturating_mul(room * 4);
    let content = &content[..content.floor_char_boundary(most_bytes)];
    let content = SafeText::block(content).into_cow().into_owned();
    let found = marks(&content, query);
    for (index, piece) in wrap(&content, room).into_iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        let within: Vec<_> = found
            .iter()
            .filter(|mark| mark.start < piece.end && mark.end > piece.start)
            .map(|mark| mark.start.max(piece.start) - piece.start..mark.end.min(piece.end) - piece.start)
            .collect();
        let mut spans = vec![span(&pad(label, LABEL), look.style(Role::Label))];
        spans.extend(marked(&content[piece], &within, look.style(Role::Text), look.style(Role::Match)).spans);
        lines.push(Line::from(spans));
    }
}

/// The fields of a case as lines, `columns` wide, with the words of `query` marked; not many more than `most`.
fn facts(model: &Model, case: &CaseView, columns: usize, query: &Query, most: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (name, content) in told::fields(model, case) {
        field(model, &mut lines, &name_of("field", name), &content, (columns, most), query);
    }
    lines
}

/// The timeline as lines, newest first.
fn events(model: &Model, events: &[EventView], columns: usize) -> Vec<Line<'static>> {
    let look = &model.look;
    let mut lines = vec![Line::from(span(&rust_i18n::t!("case.timeline"), look.style(Role::Heading)))];
    for event in events.iter().rev() {
        let [at, what, by, body] = told::event(model, event);
        let head = format!("{at}  {what}  {by}");
        lines.push(Line::from(span(&head, look.style(Role::TextStrong))));
        let body = SafeText::block(body.trim()).into_cow().into_owned();
        if !body.is_empty() {
            for piece in wrap(&body, columns.saturating_sub(2).max(8)) {
                lines.push(Line::from(span(&format!("  {}", &body[piece]), look.style(Role::Text))));
            }
        }
    }
    lines
}

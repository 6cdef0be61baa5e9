//! The case screen: number and state on top, then fields, then the timeline, scrolled as one text.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use crate::desk::layout;
use crate::desk::model::Model;
use crate::desk::msg::CaseFile;
use crate::desk::paint::{columns, marked, put, rows, span};
use crate::desk::text::{ELLIPSIS, pad, wrap};
use crate::domain::code::DepartmentCode;
use crate::domain::find::marks;
use crate::domain::query::Query;
use crate::domain::safe::SafeText;
use crate::i18n::name_of;
use crate::theme::Role;
use crate::wire::case::{CaseView, EventView};

/// Columns of a label.
const LABEL: usize = 11;

/// Paints the screen. Nothing is typed here, so the cursor is hidden.
pub fn view(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let look = &model.look;
    let Some(file) = model.open_case() else {
        put(buf, columns(area, 1, area.width), 0, &rust_i18n::t!("case.waiting"), look.style(Role::TextDim));
        return None;
    };
    let row = &file.case.row;
    let head = Line::from(vec![
        span(&format!(" {}  ", row.number.grouped()), look.style(Role::Number)),
        span(&name_of("state", row.state.code()), look.state(row.state)),
        span(
            &if model.case.acting { rust_i18n::t!("case.acting").into_owned() } else { String::new() },
            look.style(Role::Info),
        ),
    ]);
    buf.set_line(area.x, area.y, &head, area.width);
    put(buf, rows(columns(area, 1, area.width), 1, 1), 0, &row.title, look.style(Role::TextStrong));
    let below = rows(columns(area, 1, area.width.saturating_sub(2)), 3, area.height.saturating_sub(3));
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
    for (y, line) in (area.top()..area.bottom()).zip(lines) {
        buf.set_line(area.x, y, line, area.width);
    }
    if lines.len() > usize::from(area.height) && !area.is_empty() {
        let last = Rect { y: area.bottom() - 1, height: 1, ..area };
        buf.set_string(last.x, last.y, pad(ELLIPSIS, usize::from(last.width)), Style::new());
    }
}

fn scrolled(model: &Model, buf: &mut Buffer, area: Rect, lines: &[Line<'_>], longest: usize) {
    let height = usize::from(area.height);
    model.case.scroll_end.set(longest.saturating_sub(height));
    model.case.page.set(height);
    let from = model.case.scroll.min(longest.saturating_sub(height));
    for (y, line) in (area.top()..area.bottom()).zip(lines.iter().skip(from)) {
        buf.set_line(area.x, y, line, area.width);
    }
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

fn moment(model: &Model, at: Timestamp) -> String {
    let zone = model.zone();
    let age = crate::i18n::age(at, model.now, crate::i18n::current());
    format!("{}  {age}", crate::i18n::date_time(at, &zone))
}

/// The fields of a case as lines, `columns` wide, with the words of `query` marked; not many more than `most`.
fn facts(model: &Model, case: &CaseView, columns: usize, query: &Query, most: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut add = |name: &str, content: &str| {
        field(model, &mut lines, &name_of("field", name), content, (columns, most), query);
    };
    let row = &case.row;
    let city = model.city.as_deref();
    let department = |code: &DepartmentCode| {
        city.map_or_else(|| String::from("?"), |city| city.department(code).to_owned())
    };
    let kind = format!(
        "{} / {} / {}",
        name_of("kind", row.kind.code()),
        name_of("channel", case.channel.code()),
        name_of("urgency", row.urgency.code())
    );
    add("text", &case.text);
    add("kind", &kind);
    if row.confidential {
        add("confidential", &rust_i18n::t!("case.confidential_told"));
    }
    if let (Some(code), Some(city)) = (&row.matter, city) {
        add("matter", city.matter(code));
    }
    let division = match (&row.division, city) {
        (Some(code), Some(city)) => city.division(code),
        _ => "",
    };
    add("place", format!("{division} {}", case.place_detail).trim());
    if let Some(at) = case.occurred_at {
        add("occurred", &moment(model, at));
    }
    add("target", &case.target);
    add("caller", &caller(model, case));
    if let Some(number) = &case.earlier_case {
        add("earlier", &number.grouped());
    }
    add("tags", &case.tags.join(" "));
    add("remark", &case.remark);
    add("received", &format!("{}  {}", moment(model, row.received_at), row.taken_by));
    if let Some(assignment) = &case.assignment {
        let task = |task: &crate::wire::case::TaskView| {
            format!("{} ({})", department(&task.department), name_of("task_state", task.state.code()))
        };
        add("lead", &task(&assignment.lead));
        let assisting: Vec<_> = assignment.assisting.iter().map(task).collect();
        add("assisting", &assisting.join("、"));
        add("opinion", &assignment.opinion);
        add("due", &moment(model, assignment.due_at));
        add("reply", &assignment.lead.reply);
        add("public_answer", &assignment.public_answer);
    }
    add("result", &case.result);
    let counts =
        [("case.bounces", row.bounces), ("case.reminders", case.reminders), ("case.reworks", case.reworks)];
    let counts = counts.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| match key {
        "case.bounces" => rust_i18n::t!("case.bounces", n = n),
        "case.reminders" => rust_i18n::t!("case.reminders", n = n),
        _ => rust_i18n::t!("case.reworks", n = n),
    });
    add("counts", &counts.collect::<Vec<_>>().join("  "));
    lines
}

/// Who called: in full once it was asked for on the record, masked until then.
fn caller(model: &Model, case: &CaseView) -> String {
    let full = model.case.caller.as_ref().filter(|_| model.case.id == Some(case.row.id));
    let parts = match (full, &case.caller) {
        (Some(caller), _) => vec![
            caller.name.clone(),
            caller.sex.map(|sex| name_of("sex", sex.code())).unwrap_or_default(),
            caller.number.as_ref().map(crate::domain::phone::PhoneNumber::display).unwrap_or_default(),
            caller.contact.as_ref().map(crate::domain::phone::PhoneNumber::display).unwrap_or_default(),
        ],
        (None, Some(masked)) => vec![
            masked.name.clone(),
            masked.sex.map(|sex| name_of("sex", sex.code())).unwrap_or_default(),
            masked.number.clone().unwrap_or_default(),
            masked.contact.clone().unwrap_or_default(),
        ],
        (None, None) => Vec::new(),
    };
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("  ")
}

/// The timeline as lines, newest first.
fn events(model: &Model, events: &[EventView], columns: usize) -> Vec<Line<'static>> {
    let look = &model.look;
    let mut lines = vec![Line::from(span(&rust_i18n::t!("case.timeline"), look.style(Role::Heading)))];
    let zone = model.zone();
    for event in events.iter().rev() {
        let head = format!(
            "{}  {}  {}",
            crate::i18n::date_time(event.at, &zone),
            name_of("event", &event.event),
            event.by
        );
        lines.push(Line::from(span(&head, look.style(Role::TextStrong))));
        let departments: Vec<_> = match model.city.as_deref() {
            Some(city) => event.departments.iter().map(|code| city.department(code)).collect(),
            None => Vec::new(),
        };
        let mut body = departments.join("、");
        for part in [
            event.text.as_str(),
            &event.fields.iter().map(|name| name_of("changed", name)).collect::<Vec<_>>().join("、"),
        ] {
            if !part.is_empty() {
                if !body.is_empty() {
                    body.push('\n');
                }
                body.push_str(part);
            }
        }
        if let Some(due) = event.due_at {
            let due = crate::i18n::date_time(due, &zone);
            body = format!("{body}\n{}", rust_i18n::t!("case.due", at = due));
        }
        let body = SafeText::block(body.trim()).into_cow().into_owned();
        if !body.is_empty() {
            for piece in wrap(&body, columns.saturating_sub(2).max(8)) {
                lines.push(Line::from(span(&format!("  {}", &body[piece]), look.style(Role::Text))));
            }
        }
    }
    lines
}

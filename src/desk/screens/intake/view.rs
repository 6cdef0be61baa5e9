//! The intake screen: the form on the left, history and like cases on the right.
//!
//! The rows of the form are a table; the text takes what is left. On the smallest screen that is four rows.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::form::{FieldId, Form, OutcomeChoice};
use super::{Draft, Safety, Tabs, tabs};
use crate::desk::city::CityTables;
use crate::desk::model::Model;
use crate::desk::paint::{columns, put, rows};
use crate::desk::screens::pick::Pick;
use crate::desk::text;
use crate::desk::widgets::field::Field;
use crate::desk::widgets::{list, overlay};
use crate::domain::check::{Fault, FaultCode};
use crate::i18n::{self, name_of};
use crate::theme::Role;

/// Columns of a label.
const LABEL: u16 = 9;
/// The fewest columns of the candidates' box.
const CANDIDATE: u16 = 44;
/// Rows of the form that are not the text.
const FIXED_ROWS: u16 = 14;

/// A row of the form: one field over the whole width, or two side by side.
#[derive(Clone, Copy)]
enum Row {
    One(FieldId),
    Two(FieldId, FieldId),
    Area(FieldId),
}

/// The rows in the order of the screen.
fn table(form: &Form) -> Vec<Row> {
    use FieldId as F;
    let mut table = vec![
        Row::Two(F::Number, F::Name),
        Row::Two(F::Contact, F::Sex),
        Row::Two(F::Channel, F::Kind),
        Row::Two(F::Urgency, F::Confidential),
        Row::One(F::Division),
        Row::One(F::Detail),
        Row::Two(F::Occurred, F::Target),
        Row::Area(F::Text),
        Row::One(F::Matter),
        Row::One(F::Title),
        Row::Two(F::Earlier, F::Tags),
        Row::One(F::Remark),
    ];
    match form.outcome {
        OutcomeChoice::Dispatch => {
            table.extend([Row::Two(F::Outcome, F::Lead), Row::One(F::Assisting), Row::One(F::Opinion)]);
        }
        OutcomeChoice::Answer => table.extend([Row::One(F::Outcome), Row::Area(F::Answer)]),
        OutcomeChoice::Register => table.push(Row::One(F::Outcome)),
    }
    table
}

/// Paints the screen; returns where the cursor belongs.
pub fn view(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let area = match tabs(&model.intake, model.now, usize::from(area.width), i18n::current()) {
        Some(tabs) => {
            line_of_tabs(model, buf, rows(area, 0, 1), &tabs);
            rows(area, 1, area.height.saturating_sub(1))
        }
        None => area,
    };
    let beside = match area.width {
        160.. => area.width * 2 / 5,
        120.. => 48,
        100.. => 40,
        _ => 30,
    };
    let draft = model.intake.current();
    let left = columns(area, 0, area.width - beside);
    let right = columns(area, area.width - beside, beside);
    let cursor = form(model, draft, buf, left);
    super::side::view(model, draft, buf, right);
    if draft.side.has_keys() { None } else { cursor }
}

/// The tabs side by side, and at the ends how many there are besides.
fn line_of_tabs(model: &Model, buf: &mut Buffer, area: Rect, tabs: &Tabs) {
    let look = &model.look;
    let ground = look.style(Role::Header);
    buf.set_style(area, ground);
    let before = if tabs.before > 0 { format!("<{} ", tabs.before) } else { String::new() };
    let after = if tabs.after > 0 { format!(" {}>", tabs.after) } else { String::new() };
    let texts = tabs.shown.iter().map(|tab| {
        let role = if tab.front { Role::TabActive } else { tab.standing.role() };
        (tab.text.as_str(), role)
    });
    let mut left = 0;
    for (text, role) in [(&*before, Role::Tab)].into_iter().chain(texts).chain([(&*after, Role::Tab)]) {
        let width = u16::try_from(text::width(text)).unwrap_or(0);
        put(buf, columns(area, left, width), 0, text, ground.patch(look.style(role)));
        left += width;
    }
}

fn form(model: &Model, draft: &Draft, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let table = table(&draft.form);
    let areas = table.iter().filter(|row| matches!(row, Row::Area(_))).count();
    let lines = u16::try_from(table.len() - areas).unwrap_or(FIXED_ROWS);
    // Each area has its label's row; the last row of the form tells the elements.
    let room = area.height.saturating_sub(lines + 1 + u16::try_from(areas).unwrap_or(1));
    let tall = if areas == 2 { (room * 2 / 3).max(2) } else { room };
    let inside = columns(area, 1, area.width.saturating_sub(2));
    let (mut cursor, mut dropdown, mut top) = (None, None, 0);
    for row in table {
        match row {
            Row::One(field) => {
                let at = rows(inside, top, 1);
                cursor = cursor.or(one(model, draft, buf, at, field, &mut dropdown));
                top += 1;
            }
            Row::Two(first, second) => {
                let half = inside.width / 2;
                let at = rows(columns(inside, 0, half.saturating_sub(1)), top, 1);
                cursor = cursor.or(one(model, draft, buf, at, first, &mut dropdown));
                let at = rows(columns(inside, half, inside.width - half), top, 1);
                cursor = cursor.or(one(model, draft, buf, at, second, &mut dropdown));
                top += 1;
            }
            Row::Area(field) => {
                let height = if field == FieldId::Text { tall } else { room.saturating_sub(tall).max(1) };
                label(model, draft, buf, rows(inside, top, 1), field);
                let at = rows(inside, top + 1, height);
                let content = if field == FieldId::Text { &draft.form.text } else { &draft.form.answer };
                let wrong = fault_at(draft, field).is_some();
                let focused = has_focus(draft, field);
                let hint = name_of("hint", field.code());
                cursor = cursor.or(content.view(buf, at, &model.look.field(wrong), &hint, focused));
                top += 1 + height;
            }
        }
    }
    foot(model, draft, buf, rows(inside, area.height.saturating_sub(1), 1));
    if let Some((at, field)) = dropdown {
        candidates(model, &draft.form, buf, area, at, field);
    }
    cursor
}

fn has_focus(draft: &Draft, field: FieldId) -> bool {
    draft.form.focus == field && !draft.side.has_keys()
}

fn fault_at(draft: &Draft, field: FieldId) -> Option<&Fault> {
    draft.faults.iter().find(|fault| FieldId::at(&fault.pointer) == Some(field))
}

/// A label, marked if something is wrong with the field, and what it is behind it where there is room.
fn label(model: &Model, draft: &Draft, buf: &mut Buffer, area: Rect, field: FieldId) {
    let fault = fault_at(draft, field);
    let role = match (fault, has_focus(draft, field)) {
        (Some(_), _) => Role::Error,
        (None, true) => Role::LabelFocus,
        (None, false) => Role::Label,
    };
    if fault.is_some() {
        // In the column before the label, which is free, for the label may fill its own.
        let before = Rect { x: area.x.saturating_sub(1), width: 1, ..area };
        put(buf, before, 0, "!", model.look.style(role));
    }
    let mut words = name_of("field", field.code());
    if area.width > LABEL
        && let Some(fault) = fault
    {
        words = format!("{words}  {}", fault_words(fault));
    }
    put(buf, area, 0, &words, model.look.style(role));
}

/// What is wrong, in the person's language.
fn fault_words(fault: &Fault) -> String {
    let words = name_of("fault", fault.code.code());
    match fault.limit {
        Some(limit) => format!("{words} ({limit})"),
        None => words,
    }
}

/// What is wrong with a field, in the person's language, and what would be right.
fn in_words(field: FieldId, fault: &Fault) -> String {
    let mut words =
        rust_i18n::t!("desk.fault", field = name_of("field", field.code()), fault = fault_words(fault))
            .into_owned();
    if fault.code == FaultCode::InvalidValue {
        words = format!("{words}  {}", name_of("hint", field.code()));
    }
    words
}

/// One field in one row; remembers where its candidates belong if it picks.
fn one(
    model: &Model,
    draft: &Draft,
    buf: &mut Buffer,
    area: Rect,
    field: FieldId,
    dropdown: &mut Option<(Rect, FieldId)>,
) -> Option<Position> {
    label(model, draft, buf, columns(area, 0, LABEL), field);
    let at = columns(area, LABEL, area.width.saturating_sub(LABEL));
    let form = &draft.form;
    let focused = has_focus(draft, field);
    let style = model.look.field(fault_at(draft, field).is_some());
    let city = model.city.as_deref();
    let line = match field {
        FieldId::Number => &form.number,
        FieldId::Name => &form.name,
        FieldId::Contact => &form.contact,
        FieldId::Detail => &form.detail,
        FieldId::Occurred => &form.occurred,
        FieldId::Target => &form.target,
        FieldId::Title => &form.title,
        FieldId::Earlier => &form.earlier,
        FieldId::Tags => &form.tags,
        FieldId::Remark => &form.remark,
        FieldId::Opinion => &form.opinion,
        FieldId::Division | FieldId::Matter | FieldId::Lead | FieldId::Assisting => {
            if focused {
                *dropdown = Some((at, field));
            }
            let (shown, query) = picked(form, field, city);
            let line = query.filter(|query| !query.is_empty());
            return if let Some(query) = line {
                query.view(buf, at, &style, "", focused)
            } else {
                buf.set_style(at, if focused { style.focused } else { style.text });
                let empty = shown.is_empty();
                let hint = super::suggestion::proposed(draft, field, city)
                    .unwrap_or_else(|| name_of("hint", field.code()));
                let ground = if focused { style.focused } else { style.text };
                let words = if empty { &hint } else { &shown };
                put(buf, at, 0, words, if empty { ground.patch(style.hint) } else { ground });
                let column = text::width(&shown).min(usize::from(at.width.saturating_sub(1)));
                let x = at.x + u16::try_from(column).unwrap_or(0);
                focused.then_some(Position { x, y: at.y })
            };
        }
        _ => {
            let ground = if focused { style.focused } else { style.text };
            buf.set_style(at, ground);
            put(buf, at, 0, &format!("< {} >", choice(form, field)), ground);
            return focused.then_some(Position { x: at.x, y: at.y });
        }
    };
    let hint = if focused { name_of("hint", field.code()) } else { String::new() };
    line.view(buf, at, &style, &hint, focused)
}

/// What a choice stands at.
fn choice(form: &Form, field: FieldId) -> String {
    match field {
        FieldId::Sex => form.sex.map_or_else(|| name_of("sex", "unknown"), |sex| name_of("sex", sex.code())),
        FieldId::Channel => name_of("channel", form.channel.code()),
        FieldId::Kind => name_of("kind", form.kind.code()),
        FieldId::Urgency => name_of("urgency", form.urgency.code()),
        FieldId::Confidential => name_of("confidential", if form.confidential { "yes" } else { "no" }),
        _ => name_of("outcome_choice", form.outcome.code()),
    }
}

/// What a picking field has chosen, and what is typed into it.
fn picked<'a>(form: &'a Form, field: FieldId, city: Option<&CityTables>) -> (String, Option<&'a Field>) {
    let Some(city) = city else { return (String::new(), None) };
    match field {
        FieldId::Division => of(&form.division, |code| city.division(code).to_owned()),
        FieldId::Matter => of(&form.matter, |code| city.matter(code).to_owned()),
        FieldId::Lead => of(&form.lead, |code| city.department(code).to_owned()),
        _ => {
            let names: Vec<_> = form.assisting.iter().map(|code| city.department(code)).collect();
            let (picked, query) = of(&form.assist, |code| city.department(code).to_owned());
            let all: Vec<_> =
                names.into_iter().chain((!picked.is_empty()).then_some(picked.as_str())).collect();
            (all.join("、"), query)
        }
    }
}

/// What one picking field has chosen, in words, and its query.
fn of<C: std::str::FromStr + Clone>(pick: &Pick<C>, name: impl Fn(&C) -> String) -> (String, Option<&Field>) {
    (pick.chosen().map(name).unwrap_or_default(), Some(pick.query()))
}
/// The candidates of the picking field in focus, below it or above where there is no room.
fn candidates(model: &Model, form: &Form, buf: &mut Buffer, area: Rect, at: Rect, field: FieldId) {
    let Some(city) = model.city.as_deref() else { return };
    let (table, (found, state)) = match field {
        FieldId::Division => (&city.divisions, form.division.candidates()),
        FieldId::Matter => (&city.matters, form.matter.candidates()),
        FieldId::Lead => (&city.departments, form.lead.candidates()),
        _ => (&city.departments, form.assist.candidates()),
    };
    let (_, query) = picked(form, field, Some(city));
    if found.is_empty() && query.is_none_or(Field::is_empty) {
        return;
    }
    let height = u16::try_from(found.len()).unwrap_or(8).clamp(1, 8) + 2;
    let below = area.bottom().saturating_sub(at.y + 1);
    let y = if below >= height { at.y + 1 } else { at.y.saturating_sub(height) };
    let width = at.width.max(CANDIDATE).min(area.width);
    let x = at.x.saturating_sub(1).min(area.right() - width);
    let over = Rect { x, y, width, height };
    let inside = overlay::open(buf, over, "", &model.look.overlay());
    if found.is_empty() {
        put(buf, inside, 0, &rust_i18n::t!("desk.no_candidate"), model.look.style(Role::TextDim));
        return;
    }
    list::view(buf, inside, state, found.len(), &model.look.list(true), |row, _| {
        let entry = &table.entries()[found[row]];
        let words = format!("{}  {}", entry.name, entry.path);
        crate::desk::paint::span(&words, model.look.style(Role::Overlay)).into()
    });
}

/// The last row: what is wrong with the field in focus, otherwise the five elements as they fill, and whether the draft is safe.
fn foot(model: &Model, draft: &Draft, buf: &mut Buffer, area: Rect) {
    let look = &model.look;
    let elements = draft.form.elements();
    let mut left = 0;
    let focus = draft.form.focus;
    if let Some(fault) = fault_at(draft, focus).filter(|_| has_focus(draft, focus)) {
        put(buf, area, 0, &in_words(focus, fault), look.style(Role::Error));
        return;
    }
    if let Some(words) = draft.form.moment_in_words(&model.zone(), draft.received_at.unwrap_or(model.now))
        && has_focus(draft, FieldId::Occurred)
    {
        put(buf, area, 0, &words, look.style(Role::Info));
        return;
    }
    for (code, there) in [
        ("where", elements.where_),
        ("when", elements.when),
        ("who", elements.who),
        ("what", elements.what),
        ("ask", elements.ask),
    ] {
        let words = format!("{}{} ", if there { "[x]" } else { "[ ]" }, name_of("element", code));
        let width = u16::try_from(text::width(&words)).unwrap_or(0);
        put(
            buf,
            columns(area, left, width),
            0,
            &words,
            look.style(if there { Role::Good } else { Role::TextDim }),
        );
        left += width;
    }
    let (code, role) = match draft.safety {
        _ if draft.sending => ("sending", Role::Info),
        Safety::Empty => return,
        Safety::Unsaved | Safety::Written => ("unsaved", Role::TextDim),
        Safety::Saved => ("saved", Role::Good),
        Safety::Failed => ("failed", Role::Error),
    };
    let words = name_of("safety", code);
    let width = u16::try_from(text::width(&words)).unwrap_or(0);
    // It matters more than the elements: what is long covers the last of them.
    let at = area.width.saturating_sub(width + 1);
    put(buf, columns(area, at, width + 1), 0, &format!(" {words}"), look.style(role));
}

//! The intake screen: the form, and beside it or under it what the call needs. Which field stands where is told by
//! `plan`, what stands beside it by `panel`.

use ratatui::layout::{Position, Rect};

use super::form::{FieldId, Form};
use super::plan::{self, Place, Plan};
use super::{Draft, Safety, Tabs, panel, tabs};
use crate::desk::buffer::Buffer;
use crate::desk::city::CityTables;
use crate::desk::hits::{Canvas, Target};
use crate::desk::in_hand;
use crate::desk::layout::{self, Class};
use crate::desk::model::Model;
use crate::desk::paint::{self, columns, heading, put, rows};
use crate::desk::screens::pick::Pick;
use crate::desk::text;
use crate::desk::widgets::field::Field;
use crate::desk::widgets::{list, overlay};
use crate::domain::check::{Fault, FaultCode};
use crate::i18n::{self, name_of};
use crate::theme::Role;

/// The fewest columns of the candidates' box.
const CANDIDATE: u16 = 44;

/// Paints the screen; returns where the cursor belongs.
pub fn view(model: &Model, buf: &mut Canvas<'_>, area: Rect) -> Option<Position> {
    let area = match tabs(&model.intake, model.now, usize::from(area.width), i18n::current()) {
        Some(tabs) => {
            line_of_tabs(model, buf, rows(area, 0, 1), &tabs);
            rows(area, 1, area.height.saturating_sub(1))
        }
        None => area,
    };
    let draft = model.intake.current();
    let _in_hand = in_hand::take(draft);
    let looking = draft.side.has_keys();
    let areas = layout::intake(area, looking);
    let plan = plan::plan(&draft.form, areas.form, Class::of(area));
    let cursor = form(model, draft, buf, &plan);
    for place in &plan.places {
        buf.hit(place.label, Target::Label(place.field));
        buf.hit(place.input, Target::Field(place.field));
    }
    foot(model, draft, buf, &plan);
    if areas.over {
        panel::over(model, draft, buf, &areas);
    } else {
        panel::glance(model, draft, buf, areas.glance);
        panel::view(model, draft, buf, &areas);
    }
    if looking {
        return None;
    }
    // Last, for it lies over whatever stands below its field.
    candidates(model, &draft.form, buf, area, &plan);
    cursor
}

/// The tabs side by side, and at the ends how many there are besides.
fn line_of_tabs(model: &Model, buf: &mut Canvas<'_>, area: Rect, tabs: &Tabs) {
    let look = &model.look;
    let ground = look.style(Role::Header);
    buf.set_style(area, ground);
    let before = if tabs.before > 0 { format!("<{} ", tabs.before) } else { String::new() };
    let after = if tabs.after > 0 { format!(" {}>", tabs.after) } else { String::new() };
    let texts = tabs.shown.iter().map(|tab| {
        let role = if tab.front { Role::TabActive } else { tab.standing.role() };
        (tab.text.as_str(), role, Some(tab.place))
    });
    let mut left = 0;
    let ends = [&before, &after].map(|words| (words.as_str(), Role::Tab, None));
    for (text, role, place) in [ends[0]].into_iter().chain(texts).chain([ends[1]]) {
        let width = u16::try_from(text::width(text)).unwrap_or(0);
        let at = columns(area, left, width);
        put(buf, at, 0, text, ground.patch(look.style(role)));
        if let Some(place) = place {
            buf.hit(at, Target::Draft(place));
        }
        left += width;
    }
}

fn form(model: &Model, draft: &Draft, buf: &mut Buffer, plan: &Plan) -> Option<Position> {
    for (at, head) in &plan.heads {
        heading(buf, *at, &name_of("group", head), &model.look);
    }
    let mut cursor = None;
    for place in &plan.places {
        label(model, draft, buf, place);
        let content = match place.field {
            FieldId::Text => &draft.form.text,
            FieldId::Answer => &draft.form.answer,
            _ => {
                cursor = cursor.or(one(model, draft, buf, place.input, place.field));
                continue;
            }
        };
        let style = model.look.field(fault_at(draft, place.field).is_some());
        let hint = said(draft, place.field, u16::MAX, true);
        cursor = cursor.or(content.view(buf, place.input, &style, &hint, has_focus(draft, place.field)));
    }
    cursor
}

fn has_focus(draft: &Draft, field: FieldId) -> bool {
    draft.form.focus == field && !draft.side.has_keys()
}

fn fault_at(draft: &Draft, field: FieldId) -> Option<&Fault> {
    draft.faults.iter().find(|fault| FieldId::at(&fault.pointer) == Some(field))
}

/// A label, marked if the field has the focus or something is wrong with it; in the foot stands what.
fn label(model: &Model, draft: &Draft, buf: &mut Buffer, place: &Place) {
    let wrong = fault_at(draft, place.field).is_some();
    let (role, before) = match (wrong, has_focus(draft, place.field)) {
        (true, _) => (Role::Error, paint::REFUSED),
        (false, true) => (Role::LabelFocus, paint::FOCUS),
        (false, false) => (Role::Label, ""),
    };
    paint::mark(buf, place.label, before, model.look.style(role));
    put(buf, place.label, 0, &name_of("field", place.field.code()), model.look.style(role));
}

/// What is wrong, in the person's language.
pub fn fault_words(fault: &Fault) -> String {
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

/// One field in one row.
fn one(model: &Model, draft: &Draft, buf: &mut Buffer, at: Rect, field: FieldId) -> Option<Position> {
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
            let (mut shown, query) = picked(form, field, city);
            // Where the whole path has no room, its last step says more than its first two.
            if let (FieldId::Matter, Some(code), Some(city)) = (field, form.matter.chosen(), city)
                && text::width(&shown) > usize::from(at.width)
            {
                city.matter_leaf(code).clone_into(&mut shown);
            }
            let line = query.filter(|query| !query.is_empty());
            return if let Some(query) = line {
                query.view(buf, at, &style, "", focused)
            } else {
                buf.set_style(at, if focused { style.focused } else { style.text });
                let empty = shown.is_empty();
                let hint =
                    super::suggestion::proposed(draft, field, city, &model.keys, usize::from(at.width))
                        .unwrap_or_else(|| said(draft, field, at.width, true));
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
    line.view(buf, at, &style, &said(draft, field, at.width, focused), focused)
}

/// What an empty field says: what is wrong with it, otherwise its hint.
fn said(draft: &Draft, field: FieldId, columns: u16, wanted: bool) -> String {
    fault_at(draft, field).map_or_else(|| hint(field, columns, wanted), fault_words)
}

/// What an empty field says, where it fits whole; what does not is told in the last row of the form.
fn hint(field: FieldId, columns: u16, wanted: bool) -> String {
    let hint = if wanted { name_of("hint", field.code()) } else { String::new() };
    if text::width(&hint) <= usize::from(columns) { hint } else { String::new() }
}

/// Whether nothing is typed into a field, nor chosen.
fn is_blank(form: &Form, field: FieldId) -> bool {
    match field {
        FieldId::Number => form.number.is_empty(),
        FieldId::Name => form.name.is_empty(),
        FieldId::Contact => form.contact.is_empty(),
        FieldId::Detail => form.detail.is_empty(),
        FieldId::Occurred => form.occurred.is_empty(),
        FieldId::Target => form.target.is_empty(),
        FieldId::Title => form.title.is_empty(),
        FieldId::Earlier => form.earlier.is_empty(),
        FieldId::Tags => form.tags.is_empty(),
        FieldId::Remark => form.remark.is_empty(),
        FieldId::Opinion => form.opinion.is_empty(),
        FieldId::Division => form.division.chosen().is_none() && !form.division.is_unsettled(),
        FieldId::Matter => form.matter.chosen().is_none() && !form.matter.is_unsettled(),
        FieldId::Lead => form.lead.chosen().is_none() && !form.lead.is_unsettled(),
        FieldId::Assisting => form.assisting().is_empty() && !form.assist.is_unsettled(),
        _ => false,
    }
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
fn candidates(model: &Model, form: &Form, buf: &mut Canvas<'_>, area: Rect, plan: &Plan) {
    let (Some(city), Some(place)) = (model.city.as_deref(), plan.of(form.focus)) else { return };
    let (field, at) = (place.field, place.input);
    let (table, (found, state)) = match field {
        FieldId::Division => (&city.divisions, form.division.candidates()),
        FieldId::Matter => (&city.matters, form.matter.candidates()),
        FieldId::Lead => (&city.departments, form.lead.candidates()),
        FieldId::Assisting => (&city.departments, form.assist.candidates()),
        _ => return,
    };
    let (_, query) = picked(form, field, Some(city));
    if found.is_empty() && query.is_none_or(Field::is_empty) {
        return;
    }
    let height = u16::try_from(found.len()).unwrap_or(8).clamp(1, 8) + 2;
    // The last row stays in sight: it says what is wrong.
    let below = plan.foot.y.saturating_sub(at.y + 1);
    let y = if below >= height { at.y + 1 } else { at.y.saturating_sub(height) };
    let width = at.width.max(CANDIDATE).min(area.width);
    let x = at.x.saturating_sub(1).min(area.right() - width);
    let over = Rect { x, y, width, height };
    buf.hit(over, Target::Over);
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
    buf.rows(inside, Target::Candidates, state.offset());
}

/// The last row: what is wrong with the field in focus, or the hint that it has no room for, otherwise the five
/// elements as they fill; and whether the draft is safe.
fn foot(model: &Model, draft: &Draft, buf: &mut Buffer, plan: &Plan) {
    let (look, area, focus) = (&model.look, plan.foot, draft.form.focus);
    let said = safety(draft);
    let of_safety = said.as_ref().map_or(0, |(words, _)| text::width(words) + 2);
    let of_safety = u16::try_from(of_safety).unwrap_or(0).min(area.width);
    let left = columns(area, 0, area.width - of_safety);
    if let Some((words, role)) = said {
        put(buf, columns(area, left.width + 2, of_safety), 0, &words, look.style(role));
    }
    if let Some(fault) = fault_at(draft, focus).filter(|_| has_focus(draft, focus)) {
        put(buf, left, 0, &in_words(focus, fault), look.style(Role::Error));
        return;
    }
    if let Some(words) = draft.form.moment_in_words(&model.zone(), draft.received_at.unwrap_or(model.now))
        && has_focus(draft, FieldId::Occurred)
    {
        put(buf, left, 0, &words, look.style(Role::Info));
        return;
    }
    let place = plan.of(focus).filter(|_| has_focus(draft, focus) && is_blank(&draft.form, focus));
    if place.is_some_and(|place| hint(focus, place.input.width, true).is_empty()) {
        put(buf, left, 0, &name_of("hint", focus.code()), look.style(Role::Placeholder));
        return;
    }
    let elements = draft.form.elements(draft.told);
    let mut at = 0;
    for (code, there) in [
        ("where", elements.where_),
        ("when", elements.when),
        ("who", elements.who),
        ("what", elements.what),
        ("ask", elements.ask),
    ] {
        let words = format!("{}{} ", if there { "[x]" } else { "[ ]" }, name_of("element", code));
        let width = u16::try_from(text::width(&words)).unwrap_or(0);
        let role = if there { Role::Good } else { Role::TextDim };
        put(buf, columns(left, at, width), 0, &words, look.style(role));
        at += width;
    }
}

/// Whether what is typed can be lost; nothing is said of an empty form.
fn safety(draft: &Draft) -> Option<(String, Role)> {
    let (code, role) = match draft.safety {
        _ if draft.sending => ("sending", Role::Info),
        Safety::Empty => return None,
        Safety::Unsaved | Safety::Written => ("unsaved", Role::TextDim),
        Safety::Saved => ("saved", Role::Good),
        Safety::Failed => ("failed", Role::Error),
    };
    Some((name_of("safety", code), role))
}

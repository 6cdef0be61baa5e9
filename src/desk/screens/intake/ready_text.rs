//! Ready texts in the form: a template goes in at the caret, what the form knows is filled in, and Tab goes through
//! the slots that are left.

use super::form::{FieldId, Form, Input};
use super::update::{Watched, after};
use crate::desk::city::CityTables;
use crate::desk::effects::Effect;
use crate::desk::model::{Model, Severity};
use crate::desk::uses::Shelf;
use crate::domain::slots;

/// Puts the template with this code in at the caret of the field in focus.
pub fn insert_template(model: &mut Model, code: &str) -> Vec<Effect> {
    let Some(city) = model.city.clone() else { return Vec::new() };
    let Some(template) = city.body.templates.iter().find(|template| template.code == code) else {
        return Vec::new();
    };
    let effects = insert(model, &template.body);
    model.uses.record(Shelf::Template, code, model.now);
    effects.into_iter().chain(model.keep_uses()).collect()
}

/// Adds a tag to those of the draft in front.
pub fn insert_tag(model: &mut Model, tag: &str) -> Vec<Effect> {
    let before = Watched::of(model.intake.current());
    let tags = &mut model.intake.current_mut().form.tags;
    let mut all = tags.text().trim().to_owned();
    if !all.is_empty() {
        all.push(' ');
    }
    all.push_str(tag);
    tags.set(&all);
    after(model, &before)
}

/// Puts a ready text in at the caret of the field in focus, and selects its first open slot.
pub(super) fn insert(model: &mut Model, body: &str) -> Vec<Effect> {
    let (city, zone, now) = (model.city.clone(), model.zone(), model.now);
    let draft = model.intake.current();
    if draft.sending {
        return Vec::new();
    }
    let before = Watched::of(draft);
    let received = draft.received_at.unwrap_or(now);
    let known = |name: &str| {
        let city = city.as_deref()?;
        match name {
            "期限" | "deadline" => {
                let due = city.due_at(draft.form.kind, draft.form.urgency, received);
                Some(crate::i18n::date(due, &zone))
            }
            _ => known(&draft.form, city, name),
        }
    };
    let body = slots::fill(body, known);
    let form = &mut model.intake.current_mut().form;
    let (start, refused) = match form.input() {
        Input::Line(line) => (line.selection().start, line.paste(&body)),
        Input::Area(area) => (area.selection().start, area.paste(&body)),
        _ => return Vec::new(),
    };
    select_slot(form, start);
    if refused > 0 {
        model.say(Severity::Error, rust_i18n::t!("desk.paste_refused", n = refused).into_owned());
    }
    after(model, &before)
}

/// What the form knows of a slot.
fn known(form: &Form, city: &CityTables, name: &str) -> Option<String> {
    let text = |field: &crate::desk::widgets::field::Field| field.text().trim().to_owned();
    Some(match name {
        "地点" | "事发地" | "place" => {
            let division = form.division.chosen().map(|code| city.division(code)).unwrap_or_default();
            format!("{division}{}", text(&form.detail))
        }
        "属地" => city.division(form.division.chosen()?).to_owned(),
        "详细地址" | "address" => text(&form.detail),
        "来电人" | "姓名" | "caller" => text(&form.name),
        "联系电话" | "联系方式" | "contact" => {
            if form.contact.is_empty() {
                text(&form.number)
            } else {
                text(&form.contact)
            }
        }
        "来电号码" | "number" => text(&form.number),
        "主办单位" | "lead" => city.department(form.lead.chosen()?).to_owned(),
        "协办单位" | "assisting" => {
            let assisting = form.assisting();
            assisting.iter().map(|code| city.department(code)).collect::<Vec<_>>().join("、")
        }
        "事项" | "matter" => {
            let at = city.matters.find(form.matter.chosen()?.as_str())?;
            city.matters.entries()[at].name.clone()
        }
        "工单编号" | "case number" => text(&form.earlier),
        "发生时间" | "事发时间" | "when" => text(&form.occurred),
        "被反映对象" | "单位名称" | "target" => text(&form.target),
        _ => return None,
    })
}

/// Goes on to the next open slot of the field in focus, if one is left behind the caret, or before it while none is
/// selected; says whether there was one.
pub(super) fn next_slot(form: &mut Form) -> bool {
    let (caret, on_slot) = {
        let Some((text, selection)) = ready(form) else { return false };
        let on_slot = slots::next(text, selection.start).is_some_and(|slot| slot == selection);
        (selection.end, on_slot)
    };
    select_slot(form, caret) || (!on_slot && select_slot(form, 0))
}

/// Selects the first open slot from a byte on.
pub(super) fn select_slot(form: &mut Form, from: usize) -> bool {
    let Some(slot) = ready(form).and_then(|(text, _)| slots::next(text, from)) else { return false };
    match form.input() {
        Input::Line(line) => line.select(slot),
        Input::Area(area) => area.select(slot),
        _ => return false,
    }
    true
}

/// The text of the field in focus and what is selected in it, if ready texts go there.
fn ready(form: &Form) -> Option<(&str, std::ops::Range<usize>)> {
    Some(match form.focus {
        FieldId::Text => (form.text.text(), form.text.selection()),
        FieldId::Opinion => (form.opinion.text(), form.opinion.selection()),
        FieldId::Answer => (form.answer.text(), form.answer.selection()),
        _ => return None,
    })
}

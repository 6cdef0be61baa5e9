//! Ready texts in the form: what it knows of their slots, and tags.

use super::form::Form;
use super::update::{Watched, after};
use crate::desk::city::CityTables;
use crate::desk::effects::Effect;
use crate::desk::model::{Model, Screen};
use crate::domain::slots;

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

/// A ready text with the slots filled that the form in front knows.
pub fn fill(model: &Model, body: &str) -> String {
    if model.screen != Screen::Intake || model.overlay.is_some() {
        return body.to_owned();
    }
    let (draft, city) = (model.intake.current(), model.city.as_deref());
    let received = draft.received_at.unwrap_or(model.now);
    slots::fill(body, |name| match name {
        "期限" | "deadline" => {
            let due = city?.due_at(draft.form.kind, draft.form.urgency, received);
            Some(crate::i18n::date(due, &model.zone()))
        }
        _ => known(&draft.form, city?, name),
    })
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

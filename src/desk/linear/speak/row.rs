//! A case in one line, and a case number as it is said.

use crate::desk::model::Model;
use crate::desk::presence::names;
use crate::domain::code::Urgency;
use crate::domain::number::CaseNumber;
use crate::i18n::{self, name_of};
use crate::wire::case::CaseRow;

/// State, age, title, place, department, limit, and what is out of the ordinary.
pub(super) fn line(model: &Model, row: &CaseRow) -> String {
    let language = i18n::current();
    let city = model.city.as_deref();
    let mut parts = vec![
        name_of("state", row.state.code()),
        i18n::age(row.received_at, model.now, language),
        row.title.clone(),
    ];
    if let Some(city) = city {
        parts.extend(row.division.as_ref().map(|code| city.division(code).to_owned()));
        parts.extend(row.department.as_ref().map(|code| city.department(code).to_owned()));
    }
    if let Some(due) = row.due_at {
        let due = i18n::deadline(due, model.now, &model.zone(), language);
        parts.push(rust_i18n::t!("linear.due", due = due).into_owned());
    }
    let card = city.zip(row.due_at);
    let card = card.and_then(|(city, due)| city.body.deadlines.card(due, model.now, &city.calendar));
    parts.extend(card.map(|card| name_of("linear_card", card.code())));
    if row.urgency != Urgency::Ordinary {
        parts.push(name_of("urgency", row.urgency.code()));
    }
    if row.confidential {
        parts.push(rust_i18n::t!("case.confidential").into_owned());
    }
    parts.extend(row.followed_up.map(i18n::outcome));
    if row.told_at.is_some() {
        parts.push(rust_i18n::t!("doubt.doubtful").into_owned());
    }
    if row.late {
        parts.push(rust_i18n::t!("doubt.late").into_owned());
    }
    if !row.present.is_empty() {
        parts.push(rust_i18n::t!("presence.also", names = names(&row.present)).into_owned());
    }
    if row.bounces > 0 {
        parts.push(rust_i18n::t!("case.bounces", n = row.bounces).trim().to_owned());
    }
    parts.join(&rust_i18n::t!("linear.comma"))
}

/// A case number in groups, and digit by digit.
pub(in crate::desk::linear) fn aloud(number: &CaseNumber) -> [String; 2] {
    let grouped = number.grouped();
    let said = i18n::read_aloud(&grouped, i18n::current());
    [grouped, said.join(&rust_i18n::t!("linear.comma"))]
}

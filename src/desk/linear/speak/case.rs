//! What is said of a case: its fields and what happened to it; later only what is new.

use super::Lines;
use super::row::aloud;
use crate::desk::linear::asked::said;
use crate::desk::model::Model;
use crate::desk::presence::names;
use crate::desk::screens::case::told::{caller, event, fields};
use crate::domain::id::CaseId;
use crate::i18n::name_of;

/// What was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    id: Option<CaseId>,
    state: String,
    caller: String,
    present: String,
    events: usize,
    aside: usize,
}

pub(super) fn told(lines: &mut Lines, seen: &mut Seen, model: &Model) {
    let Some(file) = model.open_case() else { return };
    let row = &file.case.row;
    let state = name_of("state", row.state.code());
    let caller = caller(model, &file.case);
    let present = names(&row.present);
    if seen.id == Some(row.id) {
        if state != seen.state {
            lines.say(state.clone());
        }
        if caller != seen.caller {
            lines.say(said(&name_of("field", "caller"), &caller));
        }
    } else {
        let [grouped, digits] = aloud(&row.number);
        lines.say(grouped);
        lines.say(digits);
        lines.say(state.clone());
        lines.say(said(&name_of("field", "title"), &row.title));
        for (name, content) in fields(model, &file.case) {
            lines.say(said(&name_of("field", name), &content));
        }
        lines.say(rust_i18n::t!("case.timeline"));
        seen.events = 0;
    }
    if seen.id != Some(row.id) && !present.is_empty() || seen.id == Some(row.id) && present != seen.present {
        lines.say(rust_i18n::t!("presence.also", names = present));
    }
    for happened in file.events.iter().skip(seen.events).rev() {
        let [at, what, by, body] = event(model, happened);
        let head = [at, what, by].join(&rust_i18n::t!("linear.comma"));
        lines.say(if body.is_empty() { head } else { said(&head, &body) });
    }
    let aside = model.case.aside.len();
    if let Some(item) = model.case.aside.first().filter(|_| aside > seen.aside) {
        let verb = item.parcel.verb.map(|verb| name_of("verb", verb.code())).unwrap_or_default();
        let key = rust_i18n::t!("aside.command");
        lines.say_at_once(rust_i18n::t!("aside.line", verb = verb, key = key));
    }
    *seen = Seen { id: Some(row.id), state, caller, present, events: file.events.len(), aside };
}

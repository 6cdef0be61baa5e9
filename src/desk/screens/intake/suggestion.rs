//! Taking what the text suggests: one stroke for the matter and the department, and the same stroke to go on to the
//! next suggestion or back to nothing.

use super::Draft;
use super::form::{FieldId, OutcomeChoice};
use super::reading::follow;
use super::update::{Watched, after};
use crate::desk::action::WhyNot;
use crate::desk::city::CityTables;
use crate::desk::effects::Effect;
use crate::desk::keymap::{Control, Keymap};
use crate::desk::model::Model;
use crate::desk::screens::pick::Pick;
use crate::desk::text;
use crate::domain::suggest::Suggestion;

/// Why there is nothing to take for the field in focus, if there is nothing.
pub fn nothing_to_take(draft: &Draft) -> Option<WhyNot> {
    let (matters, departments) = (&draft.suggested.matters, &draft.suggested.departments);
    let dispatched = draft.form.outcome == OutcomeChoice::Dispatch;
    let there = match draft.form.focus {
        FieldId::Matter => !matters.is_empty(),
        FieldId::Lead => !departments.is_empty(),
        _ => {
            let fits_matter = fits(&draft.form.matter, matters);
            let fits_lead = dispatched && fits(&draft.form.lead, departments);
            if !(fits_matter || fits_lead || matters.is_empty() && departments.is_empty()) {
                return Some("already_chosen");
            }
            fits_matter || fits_lead
        }
    };
    (!there).then_some("nothing_suggested")
}

/// What is proposed for an empty picking field, in words; which key takes it is said where `columns` have room for it.
pub fn proposed(
    draft: &Draft,
    field: FieldId,
    city: Option<&CityTables>,
    keys: &Keymap,
    columns: usize,
) -> Option<String> {
    let (draft_form, suggested, city) = (&draft.form, &draft.suggested, city?);
    let name = match field {
        FieldId::Matter if draft_form.matter.chosen().is_none() => {
            let at = city.matters.find(suggested.matters.first()?.code.as_str())?;
            city.matters.entries()[at].name.clone()
        }
        FieldId::Lead if draft_form.lead.chosen().is_none() => {
            city.department(&suggested.departments.first()?.code).to_owned()
        }
        _ => return None,
    };
    let key = keys.said_for(Control::GoOn);
    let whole = rust_i18n::t!("pick.proposed", name = name, key = key);
    let fits = text::width(&whole) <= columns;
    Some(if fits { whole } else { rust_i18n::t!("pick.proposed_alone", name = name) }.into_owned())
}

/// Takes what is proposed for the picking field in focus, if nothing is typed or chosen in it: Enter takes what it is
/// shown, Tab goes by. Says whether it took something.
pub(super) fn accept(draft: &mut Draft) -> bool {
    fn empty<C: std::str::FromStr + Clone>(pick: &Pick<C>) -> bool {
        pick.chosen().is_none() && !pick.is_open()
    }
    let suggested = &draft.suggested;
    match draft.form.focus {
        FieldId::Matter if empty(&draft.form.matter) => {
            let first = suggested.matters.first().map(|suggestion| suggestion.code.clone());
            draft.form.matter.choose(first);
            draft.form.matter.chosen().is_some()
        }
        FieldId::Lead if empty(&draft.form.lead) => {
            let first = suggested.departments.first().map(|suggestion| suggestion.code.clone());
            draft.form.lead.choose(first);
            draft.form.lead.chosen().is_some()
        }
        _ => false,
    }
}

/// Whether a field may be filled by the first suggestion, or emptied of it.
fn fits<C: std::str::FromStr + Clone + PartialEq>(pick: &Pick<C>, suggested: &[Suggestion<C>]) -> bool {
    suggested.first().is_some_and(|first| pick.chosen().is_none_or(|chosen| *chosen == first.code))
}

/// In a picking field takes the first suggestion, then the next, then none; from anywhere else fills the matter and
/// the department where they are empty, and once both are as suggested empties them again.
pub fn take_suggestion(model: &mut Model) -> Vec<Effect> {
    let city = model.city.clone();
    let before = Watched::of(model.intake.current());
    let draft = model.intake.current_mut();
    match draft.form.focus {
        FieldId::Matter => next(&mut draft.form.matter, &draft.suggested.matters),
        FieldId::Lead => next(&mut draft.form.lead, &draft.suggested.departments),
        _ => both(draft, city.as_deref()),
    }
    let form = &draft.form;
    let (has_matter, has_lead) = (form.matter.chosen().is_some(), form.lead.chosen().is_some());
    draft.faults.retain(|fault| match FieldId::at(&fault.pointer) {
        Some(FieldId::Matter) => !has_matter,
        Some(FieldId::Lead) => !has_lead,
        _ => true,
    });
    after(model, &before)
}

fn next<C: std::str::FromStr + Clone + PartialEq>(pick: &mut Pick<C>, suggested: &[Suggestion<C>]) {
    let next = match pick.chosen() {
        None => 0,
        Some(chosen) => {
            suggested.iter().position(|suggestion| suggestion.code == *chosen).map_or(0, |at| at + 1)
        }
    };
    pick.choose(suggested.get(next).map(|suggestion| suggestion.code.clone()));
}

fn both(draft: &mut Draft, city: Option<&CityTables>) {
    let dispatched = draft.form.outcome == OutcomeChoice::Dispatch;
    let matter = draft.suggested.matters.first().map(|suggestion| suggestion.code.clone());
    let is_taken = |draft: &Draft| {
        let lead = draft.suggested.departments.first().map(|suggestion| &suggestion.code);
        draft.form.matter.chosen() == matter.as_ref() && (!dispatched || draft.form.lead.chosen() == lead)
    };
    if is_taken(draft) {
        draft.form.matter.choose(None);
        if dispatched {
            draft.form.lead.choose(None);
        }
        return;
    }
    let mut lead = None;
    if draft.form.matter.chosen().is_none() {
        let shown = draft.suggested.departments.first().map(|suggestion| suggestion.code.clone());
        draft.form.matter.choose(matter.clone());
        // The matter says which department usually leads, unless the history has said it already.
        let known = draft.learned.is_some();
        follow(draft, city);
        lead = shown.filter(|_| known).or(lead);
    }
    if dispatched && draft.form.lead.chosen().is_none() {
        let usual = draft.suggested.departments.first().map(|suggestion| suggestion.code.clone());
        draft.form.lead.choose(lead.or(usual));
    }
}

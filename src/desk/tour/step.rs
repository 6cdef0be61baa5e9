//! The steps: what the caller says, what to do, and when it is done. The words are in the locales, `tour_say.NAME` and
//! `tour_do.NAME`; `%{action}` in them is the key of that action as it is today, and so with what
//! forms, lists and texts do.

use jiff::Timestamp;

use crate::desk::action::Action;
use crate::desk::keymap::{Control, Deed, Keymap};
use crate::desk::model::{Model, Screen};
use crate::desk::screens::intake::{FieldId, Form, OutcomeChoice};
use crate::desk::screens::overlay::Overlay;
use crate::domain::phone::PhoneNumber;
use crate::i18n::{Language, name_in};

/// The fewest digits of a number that is taken for one.
const DIGITS: usize = 7;
/// The fewest characters of a text that says something.
const CHARACTERS: usize = 8;

/// A step.
#[derive(Debug)]
pub struct Step {
    /// What it is called in the locales.
    pub name: &'static str,
    /// The actions whose keys its words name.
    keys: &'static [Action],
    /// Whether the screen shows that it is done; the time is that at which the step came up.
    done: fn(&Model, Timestamp) -> bool,
}

/// Where the case is filed.
pub(super) const SUBMIT: usize = 9;

/// The way through one case.
pub const STEPS: &[Step] = &[
    step("number", &[], |model, _| {
        let form = form(model);
        let number = PhoneNumber::parse(form.number.text());
        number.is_ok_and(|number| number.as_str().len() >= DIGITS) && left(model, FieldId::Number)
    }),
    step("name", &[], |model, _| !form(model).name.is_empty() && left(model, FieldId::Name)),
    step("place", &[], |model, _| form(model).division.chosen().is_some() && left(model, FieldId::Division)),
    step("detail", &[], |model, _| !form(model).detail.is_empty() && left(model, FieldId::Detail)),
    step("text", &[], |model, _| form(model).text.chars() >= CHARACTERS && left(model, FieldId::Text)),
    step("like", &[Action::SidePanel], |model, _| model.intake.current().side.has_keys()),
    step("matter", &[Action::SidePanel, Action::TakeSuggestion], |model, _| {
        form(model).matter.chosen().is_some() && !model.intake.current().side.has_keys()
    }),
    step("lead", &[], |model, _| {
        !is_dispatched(model) || form(model).lead.chosen().is_some() && left(model, FieldId::Lead)
    }),
    step("opinion", &[Action::Template], |model, _| {
        !is_dispatched(model) || !form(model).opinion.is_empty() && model.overlay.is_none()
    }),
    step("submit", &[Action::Submit], |model, _| matches!(model.overlay, Some(Overlay::Receipt(_)))),
    step("receipt", &[Action::CopyNumber], |model, _| !matches!(model.overlay, Some(Overlay::Receipt(_)))),
    step("search", &[Action::GoSearch], |model, _| {
        let search = &model.search;
        let answered = !search.waiting && search.asked == search.query.text();
        model.screen == Screen::Search && answered && !search.asked.is_empty() && !search.hits.is_empty()
    }),
    step("open", &[], |model, _| model.screen == Screen::Case && model.open_case().is_some()),
    step("note", &[Action::Note, Action::Remind], |model, since| {
        let mine = model.session.as_ref().map(|session| &session.account.name);
        let events = model.open_case().map(|file| file.events.as_slice()).unwrap_or_default();
        let written = |event: &str| matches!(event, "noted" | "reminded");
        events.iter().any(|event| written(&event.event) && Some(&event.by) == mine && event.at >= since)
    }),
];

const fn step(name: &'static str, keys: &'static [Action], done: fn(&Model, Timestamp) -> bool) -> Step {
    Step { name, keys, done }
}

fn form(model: &Model) -> &Form {
    &model.intake.current().form
}

/// Whether somebody has gone on from a field: until then they may still be typing.
fn left(model: &Model, field: FieldId) -> bool {
    let draft = model.intake.current();
    draft.form.focus != field || draft.side.has_keys() || model.screen != Screen::Intake
}

fn is_dispatched(model: &Model) -> bool {
    form(model).outcome == OutcomeChoice::Dispatch
}

impl Step {
    /// Whether it is done.
    pub fn is_done(&self, model: &Model, since: Timestamp) -> bool {
        (self.done)(model, since)
    }

    /// What the caller says, or what has come up; and what to do.
    pub fn words(&self, keys: &Keymap, typing: bool, language: Language) -> [String; 2] {
        use Control as C;
        ["tour_say", "tour_do"].map(|kind| {
            let mut words = name_in(language, kind, self.name);
            for action in self.keys {
                let key = keys.shown(*action, typing).unwrap_or_default();
                words = words.replace(&format!("%{{{}}}", action.code()), key);
            }
            for control in [C::Send, C::Accept, C::GoOn, C::NextField, C::Take, C::OpenRow] {
                words = words.replace(&format!("%{{{}}}", control.code()), keys.shown_for(control));
            }
            words.replace("%{new_line}", keys.key_of(Deed::Edit("new_line")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::text::width;

    /// Beside "导览 14/14" and before "F12 跳过", on the smallest screen.
    #[test]
    fn every_step_says_what_to_do_in_both_languages_and_fits() {
        let keys = Keymap::default();
        for language in Language::ALL {
            for step in STEPS {
                let [said, told] = step.words(&keys, true, *language);
                assert!(width(&said) <= 67 && width(&told) <= 69, "{}: {said} / {told}", step.name);
                assert!(said != step.name && told != step.name, "{} in {language:?}", step.name);
                assert!(!format!("{said}{told}").contains("%{"), "{}: {said} / {told}", step.name);
            }
        }
        assert_eq!(STEPS[SUBMIT].name, "submit");
    }
}

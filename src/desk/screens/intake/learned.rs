//! What the server suggests, from the history of the hotline: asked when the typing pauses, and shown as long as the text
//! only goes on. Until it answers, and where it has no history yet, the words of the city speak alone.

use super::Draft;
use super::form::Form;
use super::reading::follow;
use crate::desk::effects::Effect;
use crate::desk::model::Model;
use crate::desk::msg::{Answer, Turn};
use crate::domain::code::{DepartmentCode, MatterCode};
use crate::domain::suggest::{Suggested, Suggestion};
use crate::wire::suggest::{SuggestRequest, Suggestions};

/// What the server was asked and what it said.
pub(super) struct Learned {
    text: String,
    matter: Option<MatterCode>,
    matters: Vec<Suggestion<MatterCode>>,
    departments: Vec<Suggestion<DepartmentCode>>,
}

impl std::fmt::Debug for Learned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Learned(***)")
    }
}

/// Asks what the text of a draft is about.
pub(super) fn ask(draft: &Draft, turn: Turn) -> Effect {
    let form = &draft.form;
    Effect::Suggest(
        turn,
        Box::new(SuggestRequest {
            title: form.title.text().to_owned(),
            text: form.text.text().to_owned(),
            matter: form.matter.chosen().cloned(),
        }),
    )
}

/// Takes an answer in, if it is the one to the last question and there is a history behind it. No answer is no reason to
/// say anything: what is suggested by the words of the city stands.
pub fn suggested(model: &mut Model, turn: Turn, answer: Answer<Suggestions>) {
    let city = model.city.clone();
    let Some(draft) = model.intake.asked_of(|side| side.like_turn == turn) else { return };
    let answer = answer.ok().filter(|answer| answer.lessons > 0);
    draft.learned = answer.map(|answer| {
        // Nothing was typed since: that would have made it another question.
        let (text, matter) = (draft.form.text.text().to_owned(), draft.form.matter.chosen().cloned());
        let (matters, departments) = answer.suggested();
        Learned { text, matter, matters, departments }
    });
    follow(draft, city.as_deref());
}

/// Puts what the server said in front of what the words of the city say, as long as it is about this text: matters while
/// the text goes on, departments while the same matter is chosen as well.
pub(super) fn prefer(learned: &mut Option<Learned>, form: &Form, suggested: &mut Suggested) {
    if learned.as_ref().is_some_and(|learned| !form.text.text().starts_with(&learned.text)) {
        *learned = None;
    }
    let Some(learned) = learned else { return };
    suggested.matters.clone_from(&learned.matters);
    if learned.matter.as_ref() == form.matter.chosen() {
        suggested.departments.clone_from(&learned.departments);
    }
}

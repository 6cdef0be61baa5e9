//! Answering on the spot from the knowledge base: one key puts an article's text into the answer.

use super::form::{FieldId, OutcomeChoice};
use super::update::{Watched, after};
use crate::desk::effects::Effect;
use crate::desk::model::{Model, Screen, Severity};

/// The text of the article at that place of the profile becomes the answer given on the spot, behind what is there
/// already; the caret stands at its end, for a call-taker adds what the caller was told besides.
pub fn take_article(model: &mut Model, at: usize) -> Vec<Effect> {
    let city = model.city.clone();
    let Some(article) = city.as_ref().and_then(|city| city.body.knowledge.get(at)) else { return Vec::new() };
    if model.intake.current().sending {
        return Vec::new();
    }
    let before = Watched::of(model.intake.current());
    let draft = model.intake.current_mut();
    draft.side.leave();
    draft.form.outcome = OutcomeChoice::Answer;
    let answer = &mut draft.form.answer;
    answer.set_caret(answer.text().len());
    let gap = if answer.is_empty() { "" } else { "\n" };
    let refused = answer.paste(&format!("{gap}{}", article.body.trim()));
    let effects = after(model, &before);
    model.intake.current_mut().form.focus = FieldId::Answer;
    model.screen = Screen::Intake;
    if refused > 0 {
        model.say(Severity::Error, rust_i18n::t!("desk.paste_refused", n = refused).into_owned());
    } else {
        model.say(Severity::Done, rust_i18n::t!("knowledge.taken", title = article.title).into_owned());
    }
    effects
}

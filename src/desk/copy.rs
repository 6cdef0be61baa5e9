//! Copying, cutting and pasting in the input in focus, by the desk's own clipboard. What is copied goes to the
//! terminal's too; what other programs copied comes from it as a paste.

use super::clipboard;
use super::effects::Effect;
use super::model::{Model, Screen, Severity};
use super::screens::drafts;
use super::screens::intake::FormInput;
use super::screens::overlay::{DispatchField, Overlay};
use super::update;
use super::widgets::field::Field;
use crate::domain::secret::Secret;

/// Copies the selection, or the whole of a one-line field where nothing is selected.
pub(super) fn copy(model: &mut Model) -> Vec<Effect> {
    let Some(text) = drafts::copied(model).or_else(|| in_focus(model, false)) else {
        if model.is_typing() {
            model.say(Severity::Info, rust_i18n::t!("edit.nothing_to_copy").into_owned());
        }
        return Vec::new();
    };
    let (severity, words) = if text.len() > clipboard::MOST {
        (Severity::Warning, rust_i18n::t!("edit.copied_here_only"))
    } else {
        (Severity::Done, rust_i18n::t!("edit.copied", n = text.chars().count()))
    };
    model.say(severity, words.into_owned());
    vec![model.copy(&text)]
}

/// Copies the selection for cutting.
pub(super) fn cut(model: &mut Model) -> Option<Effect> {
    let text = in_focus(model, true)?;
    Some(model.copy(&text))
}

/// Pastes what was copied last at this desk.
pub(super) fn paste(model: &mut Model) -> Vec<Effect> {
    match model.clipboard.clone() {
        Some(text) => update::paste(model, Secret::expose(&text)),
        None if model.is_typing() => {
            model.say(Severity::Info, rust_i18n::t!("edit.nothing_to_paste").into_owned());
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// What is to be copied of the input in focus; only what is selected if so asked.
fn in_focus(model: &mut Model, selected: bool) -> Option<String> {
    if !model.is_typing() {
        return None;
    }
    let field: &Field = match &model.overlay {
        Some(Overlay::SignIn) => model.sign_in.field(),
        Some(Overlay::Palette(palette)) => &palette.query,
        Some(Overlay::Prompt(prompt)) => return prompt.text.copied().map(str::to_owned),
        Some(Overlay::Dispatch(dialog)) => match dialog.focus {
            DispatchField::Lead => dialog.lead.query(),
            DispatchField::Assisting => dialog.assist.query(),
            DispatchField::Opinion => &dialog.opinion,
            DispatchField::Reason => &dialog.reason,
        },
        Some(_) => return None,
        None => match model.screen {
            Screen::SignIn => model.sign_in.field(),
            Screen::Search => &model.search.query,
            Screen::Intake => match model.intake.current_mut().form.input() {
                FormInput::Line(line) => line,
                FormInput::Area(area) => return area.copied().map(str::to_owned),
                FormInput::Division(pick) => pick.query(),
                FormInput::Matter(pick) => pick.query(),
                FormInput::Department(pick) => pick.query(),
                FormInput::Choice => return None,
            },
            Screen::Case | Screen::Work | Screen::Drafts => return None,
        },
    };
    let there = !selected || !field.selection().is_empty();
    field.copied().filter(|_| there).map(str::to_owned)
}

//! What a key does to what lies over the screen.

use super::{Chooser, Choosing, DispatchDialog, DispatchField, Overlay, Palette, Prompt, Question, receipt};
use crate::desk::action::Action;
use crate::desk::effects::Effect;
use crate::desk::keys::Chord;
use crate::desk::model::{Model, Screen, Severity};
use crate::desk::screens::{case, intake, sign_in};
use crate::desk::update::act_on;
use crate::desk::uses::Shelf;
use crate::desk::widgets::edit::{Edit, Outcome, edit_of};

/// Handles a key; the overlay has all of them.
pub fn key(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let name = chord.to_string();
    if matches!(model.overlay, Some(Overlay::Themes(_))) {
        return super::themes::key(model, chord);
    }
    let Some(mut overlay) = model.overlay.take() else { return Vec::new() };
    // Leaving the password over the screen would leave a desk that can do nothing.
    if name == "Esc" && !matches!(overlay, Overlay::SignIn | Overlay::Receipt(_)) && !unsettled(&overlay) {
        if overlay.is_first_leave() {
            // One key must not throw away what somebody has typed.
            model.say(Severity::Warning, rust_i18n::t!("desk.leave_twice").into_owned());
            model.overlay = Some(overlay);
        } else {
            model.uncover();
        }
        return Vec::new();
    }
    overlay.stays();
    match &mut overlay {
        Overlay::SignIn => {
            model.overlay = Some(overlay);
            if model.keys.action(chord, Screen::SignIn, true) == Some(Action::Quit) {
                model.lay(Overlay::Confirm(Question::Quit));
                return Vec::new();
            }
            return sign_in::key(model, chord);
        }
        // It has its own keys, Esc among them.
        Overlay::Themes(_) => {}
        Overlay::Receipt(case) => {
            let (id, number) = (case.row.id, case.row.number.clone());
            return receipt::key(model, chord, overlay, id, &number);
        }
        Overlay::Confirm(question) => {
            let question = *question;
            return match name.as_str() {
                "Enter" | "y" | "Y" => {
                    model.uncover();
                    confirmed(model, question)
                }
                "n" | "N" => {
                    model.uncover();
                    Vec::new()
                }
                _ => {
                    model.overlay = Some(overlay);
                    Vec::new()
                }
            };
        }
        Overlay::Help(scroll) => match edit_of(&chord) {
            Some(Edit::Down) => *scroll += 1,
            Some(Edit::PageDown) => *scroll += 10,
            Some(Edit::Up) => *scroll = scroll.saturating_sub(1),
            Some(Edit::PageUp) => *scroll = scroll.saturating_sub(10),
            _ if matches!(name.as_str(), "F1" | "?" | "q" | "Enter") => {
                model.uncover();
                return Vec::new();
            }
            _ => {}
        },
        Overlay::Palette(palette) => {
            if name == "Enter" {
                return palette.marked().map(|action| act_on(model, action)).unwrap_or_default();
            }
            palette_key(palette, chord);
        }
        Overlay::Chooser(chooser) => {
            if name == "Enter" || name == "Tab" {
                model.uncover();
                return chosen(model, chooser);
            }
            chooser_key(chooser, chord);
        }
        Overlay::Prompt(prompt) => {
            if matches!(name.as_str(), "Ctrl-S" | "F9") && !prompt.sending {
                let effects = send_prompt(model, prompt);
                model.overlay = Some(overlay);
                return effects;
            }
            prompt_key(model, prompt, chord);
        }
        Overlay::Dispatch(dialog) => {
            if matches!(name.as_str(), "Ctrl-S" | "F9") && !dialog.sending {
                let effects = send_dispatch(model, dialog);
                model.overlay = Some(overlay);
                return effects;
            }
            dispatch_key(model, dialog, chord);
        }
    }
    model.overlay = Some(overlay);
    Vec::new()
}

/// Takes pasted text into the overlay's input.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let city = model.city.clone();
    let used = model.uses.places(Shelf::Department);
    let refused = match &mut model.overlay {
        Some(Overlay::SignIn) => return sign_in::paste(model, text),
        Some(Overlay::Palette(palette)) => {
            let refused = palette.query.paste(text);
            palette.narrow();
            refused
        }
        Some(Overlay::Chooser(chooser)) => {
            let refused = chooser.query.paste(text);
            chooser.narrow();
            refused
        }
        Some(Overlay::Prompt(prompt)) => prompt.text.paste(text),
        Some(Overlay::Dispatch(dialog)) => match (dialog.focus, &city) {
            (DispatchField::Lead, Some(city)) => dialog.lead.paste(text, &city.departments, used),
            (DispatchField::Assisting, Some(city)) => dialog.assist.paste(text, &city.departments, used),
            (DispatchField::Opinion, _) => dialog.opinion.paste(text),
            _ => dialog.reason.paste(text),
        },
        _ => 0,
    };
    if refused > 0 {
        model.say(Severity::Error, rust_i18n::t!("desk.paste_refused", n = refused).into_owned());
    }
    Vec::new()
}

/// Whether Esc first closes a list of candidates inside the overlay.
fn unsettled(overlay: &Overlay) -> bool {
    match overlay {
        Overlay::Dispatch(dialog) => match dialog.focus {
            DispatchField::Lead => dialog.lead.is_open(),
            DispatchField::Assisting => dialog.assist.is_open(),
            _ => false,
        },
        _ => false,
    }
}

fn confirmed(model: &mut Model, question: Question) -> Vec<Effect> {
    match question {
        Question::Quit => vec![Effect::Quit],
        Question::Discard(id) => {
            model.say(Severity::Info, rust_i18n::t!("desk.discarded").into_owned());
            intake::discard(model, id)
        }
    }
}

/// What was chosen goes into the form.
fn chosen(model: &mut Model, chooser: &Chooser) -> Vec<Effect> {
    let Some(code) = chooser.marked() else { return Vec::new() };
    match chooser.choosing {
        Choosing::Template(_) => intake::insert_template(model, code),
        Choosing::Tag => intake::insert_tag(model, code),
    }
}

fn chooser_key(chooser: &mut Chooser, chord: Chord) {
    let Some(edit) = edit_of(&chord) else { return };
    let n = chooser.found.len();
    if matches!(edit, Edit::Up | Edit::Down | Edit::PageUp | Edit::PageDown) {
        let _ = chooser.list.apply(&edit, n);
    } else if chooser.query.apply(&edit).edited() {
        chooser.narrow();
    }
}

fn palette_key(palette: &mut Palette, chord: Chord) {
    let Some(edit) = edit_of(&chord) else { return };
    let n = palette.found.len();
    if matches!(edit, Edit::Up | Edit::Down | Edit::PageUp | Edit::PageDown) {
        let _ = palette.list.apply(&edit, n);
    } else if palette.query.apply(&edit).edited() {
        palette.narrow();
    }
}

fn prompt_key(model: &mut Model, prompt: &mut Prompt, chord: Chord) {
    let Some(edit) = edit_of(&chord) else { return };
    match prompt.text.apply(&edit) {
        Outcome::Refused(_) => model.say(Severity::Error, rust_i18n::t!("desk.field_full").into_owned()),
        outcome if outcome.edited() => prompt.fault = None,
        _ => {}
    }
}

fn send_prompt(model: &mut Model, prompt: &mut Prompt) -> Vec<Effect> {
    match prompt.read() {
        Ok(act) => {
            prompt.sending = true;
            case::act(model, act)
        }
        Err(fault) => {
            prompt.fault = Some(fault);
            Vec::new()
        }
    }
}

fn dispatch_key(model: &mut Model, dialog: &mut DispatchDialog, chord: Chord) {
    let Some(city) = model.city.clone() else { return };
    let edit = edit_of(&chord);
    let used = model.uses.places(Shelf::Department);
    let outcome = match dialog.focus {
        DispatchField::Lead => dialog.lead.key(chord, &city.departments, used),
        DispatchField::Assisting => dialog.assist.key(chord, &city.departments, used),
        DispatchField::Opinion => edit.map_or(Outcome::Idle, |edit| dialog.opinion.apply(&edit)),
        DispatchField::Reason => edit.map_or(Outcome::Idle, |edit| dialog.reason.apply(&edit)),
    };
    match outcome {
        Outcome::Refused(_) => model.say(Severity::Error, rust_i18n::t!("desk.field_full").into_owned()),
        Outcome::Edited => dialog.fault = None,
        Outcome::Moved => {}
        Outcome::Idle => match chord.to_string().as_str() {
            "Tab" | "Down" | "Enter" => dialog.step(true),
            "Shift-Tab" | "Up" => dialog.step(false),
            _ => {}
        },
    }
}

fn send_dispatch(model: &mut Model, dialog: &mut DispatchDialog) -> Vec<Effect> {
    match dialog.read() {
        Ok(act) => {
            dialog.sending = true;
            if let Some(lead) = dialog.lead.chosen() {
                model.uses.record(Shelf::Department, lead.as_str(), model.now);
            }
            let kept = model.keep_uses();
            case::act(model, act).into_iter().chain(kept).collect()
        }
        Err((focus, fault)) => {
            (dialog.focus, dialog.fault) = (focus, Some(fault));
            Vec::new()
        }
    }
}

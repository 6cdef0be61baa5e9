//! What a key does to what lies over the screen.

use super::{
    Chooser, Choosing, DispatchDialog, DispatchField, Help, Overlay, Prompt, Question, aside, clash,
    knowledge, password, receipt,
};
use crate::desk::action::{self, Action};
use crate::desk::effects::Effect;
use crate::desk::expand;
use crate::desk::hot;
use crate::desk::keymap::{Context, Control, Deed, Press};
use crate::desk::model::{Model, Severity};
use crate::desk::saved;
use crate::desk::screens::{case, drafts, intake, sign_in};
use crate::desk::update::{act_on, pressed};
use crate::desk::uses::Shelf;
use crate::desk::widgets::edit::{Edit, Outcome};

/// Handles a key; the overlay has all of them.
pub fn key(model: &mut Model, press: &Press) -> Vec<Effect> {
    if matches!(model.overlay, Some(Overlay::Themes(_))) {
        return super::themes::key(model, press);
    }
    let Some(mut overlay) = model.overlay.take() else { return Vec::new() };
    let control = press.control(Context::Dialog);
    let accepts = control == Some(Control::Accept);
    let action = model.keys.command(press, model.screen, true);
    if action == Some(Action::Help) {
        return help(model, overlay);
    }
    if matches!(overlay, Overlay::Confirm(Question::WithoutDisk)) {
        return without_disk(model, overlay, control);
    }
    // Leaving the password over the screen would leave a desk that can do nothing.
    if control == Some(Control::Cancel)
        && !matches!(overlay, Overlay::SignIn | Overlay::Receipt(_))
        && !unsettled(&overlay)
    {
        if overlay.is_first_leave() {
            let key = model.keys.shown_for(Control::Cancel);
            // One key must not throw away what somebody has typed.
            model.say(Severity::Warning, rust_i18n::t!("desk.leave_twice", key = key).into_owned());
            model.overlay = Some(overlay);
        } else {
            model.uncover();
        }
        return Vec::new();
    }
    let mut overlay = match overlay {
        Overlay::Knowledge(open) => return knowledge::key(model, open, press),
        Overlay::Clash(dialog) => return clash::key(model, dialog, press),
        Overlay::Aside(dialog) => return aside::key(model, dialog, press),
        overlay => overlay,
    };
    overlay.stays();
    if control == Some(Control::Send)
        && let Some(effects) = send(model, &mut overlay)
    {
        model.overlay = Some(overlay);
        return effects;
    }
    match &mut overlay {
        Overlay::SignIn => {
            model.overlay = Some(overlay);
            if action == Some(Action::Quit) {
                model.lay(Overlay::Confirm(Question::Quit));
                return Vec::new();
            }
            return sign_in::key(model, press);
        }
        // They have their own keys, Esc among them.
        Overlay::Themes(_)
        | Overlay::Knowledge(_)
        | Overlay::Clash(_)
        | Overlay::Aside(_)
        | Overlay::FirstKeys => {}
        Overlay::Receipt(case) => {
            let case = case.clone();
            return receipt::key(model, press, overlay, &case);
        }
        Overlay::Confirm(question) => {
            let question = question.clone();
            if !matches!(control, Some(Control::Accept | Control::Yes | Control::No)) {
                model.overlay = Some(overlay);
                return Vec::new();
            }
            model.uncover();
            return if control == Some(Control::No) { Vec::new() } else { confirmed(model, &question) };
        }
        Overlay::Help(_) if accepts => {
            model.uncover();
            return Vec::new();
        }
        Overlay::Help(help) => help.key(press),
        Overlay::Palette(palette) if accepts => {
            let marked = palette.marked().map(Deed::Action);
            return choose(model, overlay, marked);
        }
        Overlay::Palette(palette) => palette.key(press),
        Overlay::Menu(menu) if accepts => {
            let marked = menu.marked();
            return choose(model, overlay, marked);
        }
        Overlay::Menu(menu) => menu.key(press),
        Overlay::Chooser(chooser) => {
            if let Some(effects) = chooser_key(model, chooser, press) {
                return effects;
            }
        }
        Overlay::Prompt(prompt) => {
            prompt_key(model, prompt, press);
        }
        Overlay::Password(dialog) => {
            password::key(dialog, press);
        }
        Overlay::Dispatch(dialog) => {
            dispatch_key(model, dialog, press);
        }
    }
    model.overlay = Some(overlay);
    Vec::new()
}

/// Answers whether to go on where the disk cannot be written: there is no desk without an answer.
fn without_disk(model: &mut Model, question: Overlay, control: Option<Control>) -> Vec<Effect> {
    match control {
        Some(Control::Accept | Control::Yes) => {
            model.uncover();
            return vec![Effect::WithoutDisk];
        }
        Some(Control::No | Control::Cancel) => model.finished = true,
        _ => {}
    }
    model.overlay = Some(question);
    Vec::new()
}

/// Sends what a dialog asks for, if it is one that sends and has not done so.
fn send(model: &mut Model, overlay: &mut Overlay) -> Option<Vec<Effect>> {
    match overlay {
        Overlay::Prompt(prompt) if !prompt.sending => Some(send_prompt(model, prompt)),
        Overlay::Dispatch(dialog) if !dialog.sending => Some(send_dispatch(model, dialog)),
        Overlay::Password(dialog) if !dialog.sending => Some(password::send(model, dialog)),
        _ => None,
    }
}

/// The key of the help: opens it over a dialog, and closes it.
fn help(model: &mut Model, overlay: Overlay) -> Vec<Effect> {
    if matches!(overlay, Overlay::Help(_)) {
        model.uncover();
    } else {
        let help = Help::of(model, Some(&overlay));
        model.overlay = Some(overlay);
        model.lay(Overlay::Help(help));
    }
    Vec::new()
}

/// Does what is marked in the palette or the menu, or says why it cannot be done and leaves it open.
fn choose(model: &mut Model, overlay: Overlay, marked: Option<Deed>) -> Vec<Effect> {
    let Some(deed) = marked else {
        model.overlay = Some(overlay);
        return Vec::new();
    };
    if let Deed::Action(action) = deed {
        if action::available(action, model).is_err() {
            let said = act_on(model, action);
            model.overlay = Some(overlay);
            return said;
        }
        model.recent.retain(|recent| *recent != action);
        model.recent.insert(0, action);
        return act_on(model, action);
    }
    pressed(model, &Press::of(deed))
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
        Some(Overlay::Help(help)) => {
            let refused = help.filter.paste(text);
            help.narrow();
            refused
        }
        Some(Overlay::Knowledge(knowledge)) => {
            let refused = knowledge.query.paste(text);
            knowledge.narrow();
            refused
        }
        Some(Overlay::Prompt(prompt)) => prompt.text.paste(text),
        Some(Overlay::Password(dialog)) => password::paste(dialog, text),
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

fn confirmed(model: &mut Model, question: &Question) -> Vec<Effect> {
    match question {
        Question::Same(same) => intake::is_same(model, same),
        Question::Quit => {
            let mut effects = intake::save_all(model);
            effects.push(Effect::Quit);
            effects
        }
        Question::WithoutDisk => vec![Effect::WithoutDisk],
        Question::ThrowAway(item, case) => {
            model.say(Severity::Info, rust_i18n::t!("desk.discarded").into_owned());
            drafts::thrown_away(model, *item, *case)
        }
        Question::Discard(id) => {
            model.say(Severity::Info, rust_i18n::t!("desk.discarded").into_owned());
            intake::discard(model, *id)
        }
    }
}

/// What was chosen goes into the text, or the tags.
fn chosen(model: &mut Model, chooser: &Chooser) -> Vec<Effect> {
    let Some(entry) = chooser.marked() else { return Vec::new() };
    match chooser.choosing {
        Choosing::Tag => intake::insert_tag(model, &entry.code),
        Choosing::SavedSearch => saved::take(model, &entry.code),
        Choosing::Topic => hot::take(model, &entry.code),
        Choosing::Outcome => case::outcome_chosen(model, &entry.code),
        choosing => expand::take(model, choosing, entry, chooser.over.clone()),
    }
}

/// Marks what a digit takes at once: where nothing is typed that it could belong to.
fn quick(chooser: &mut Chooser, press: &Press) -> bool {
    let Some(Edit::Insert(c)) = press.edit() else { return false };
    let quick = chooser.choosing.has_digits() && chooser.query.is_empty();
    let at = c.to_digit(10).filter(|digit| quick && *digit > 0);
    let at = at.and_then(|digit| usize::try_from(digit - 1).ok()).filter(|at| *at < chooser.found.len());
    at.inspect(|at| chooser.list.select(*at)).is_some()
}

/// Handles a key in a list to choose from; gives what closing it sets off, or nothing while it stays.
fn chooser_key(model: &mut Model, chooser: &mut Chooser, press: &Press) -> Option<Vec<Effect>> {
    let control = press.control(Context::Dialog);
    if control == Some(Control::Accept) || press.is(Control::Take) || quick(chooser, press) {
        model.uncover();
        return Some(chosen(model, chooser));
    }
    if chooser.choosing == Choosing::SavedSearch && control == Some(Control::Send) {
        model.uncover();
        return Some(saved::keep(model, chooser.query.text()));
    }
    let edit = press.edit()?;
    let n = chooser.found.len();
    if matches!(edit, Edit::Up | Edit::Down | Edit::PageUp | Edit::PageDown) {
        let _ = chooser.list.apply(&edit, n);
    } else if chooser.query.apply(&edit).edited() {
        chooser.narrow();
    }
    None
}

fn prompt_key(model: &mut Model, prompt: &mut Prompt, press: &Press) {
    let Some(edit) = press.edit() else { return };
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

fn dispatch_key(model: &mut Model, dialog: &mut DispatchDialog, press: &Press) {
    let Some(city) = model.city.clone() else { return };
    let edit = press.edit();
    let used = model.uses.places(Shelf::Department);
    let outcome = match dialog.focus {
        DispatchField::Lead => dialog.lead.key(press, &city.departments, used),
        DispatchField::Assisting => dialog.assist.key(press, &city.departments, used),
        DispatchField::Opinion => edit.map_or(Outcome::Idle, |edit| dialog.opinion.apply(&edit)),
        DispatchField::Reason => edit.map_or(Outcome::Idle, |edit| dialog.reason.apply(&edit)),
    };
    match outcome {
        Outcome::Refused(_) => model.say(Severity::Error, rust_i18n::t!("desk.field_full").into_owned()),
        Outcome::Edited => dialog.fault = None,
        Outcome::Idle if press.is(Control::NextField) || press.is(Control::GoOn) => dialog.step(true),
        Outcome::Idle if press.is(Control::PreviousField) => dialog.step(false),
        Outcome::Moved | Outcome::Idle => {}
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

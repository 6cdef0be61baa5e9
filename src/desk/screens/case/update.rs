//! What a key does to the case screen, and what comes of the acts asked for there.

use std::collections::BTreeSet;

use super::{CaseScreen, told};
use crate::client::ClientError;
use crate::desk::action::{self, Action};
use crate::desk::effects::Effect;
use crate::desk::keymap::Press;
use crate::desk::model::{Model, Screen, Severity};
use crate::desk::msg::{Answer, CaseFile, Turn};
use crate::desk::screens::overlay::{AsideDialog, Chooser, Choosing, DispatchDialog, Overlay, Prompt};
use crate::desk::screens::{drafts, intake};
use crate::desk::widgets::edit::Edit;
use crate::domain::act::{Act, Verb};
use crate::domain::amendment::Field;
use crate::domain::follow_up::FollowUp;
use crate::domain::id::CaseId;
use crate::journal::outbox::{Item, ItemId};
use crate::wire::case::{CallerBody, CaseView, EventView};
use crate::wire::problem::ProblemCode;

/// Goes to the screen of a case and reads it.
pub fn open(model: &mut Model, id: CaseId) -> Vec<Effect> {
    // It is no case yet: it is typed on where it is typed.
    let is_draft = |draft: &intake::Draft| draft.id == Some(id) && !draft.sending && draft.filed.is_none();
    if model.screen == Screen::Search && model.intake.all().iter().any(is_draft) {
        return drafts::show(model, id);
    }
    let turn = model.case.turn;
    if model.case.id != Some(id) {
        model.case = CaseScreen { id: Some(id), turn, ..CaseScreen::default() };
    }
    model.go(Screen::Case);
    let aside = (model.outlook.aside > 0).then_some(Effect::Asides(id));
    aside.into_iter().chain(refresh(model)).collect()
}

/// Reads the case anew.
pub fn refresh(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.case.id else { return Vec::new() };
    vec![Effect::OpenCase(model.case.turn.another(), id)]
}

/// The case came.
pub fn arrived(model: &mut Model, turn: Turn, answer: Answer<Box<CaseFile>>) -> Vec<Effect> {
    if turn != model.case.turn {
        return Vec::new();
    }
    match answer {
        Ok(file) => {
            let known = model.open_case().map_or(0, |file| file.case.row.version);
            let of_caller =
                |event: &EventView| event.fields.iter().any(|field| field == Field::Caller.code());
            if file.events.iter().any(|event| event.seq > known && of_caller(event)) {
                // Who was revealed is not who is called now.
                model.case.caller = None;
            }
            model.case.file = Some(*file);
            Vec::new()
        }
        Err(error) => model.failed(&error),
    }
}

/// A case changed on the server: read it anew if it is the one here, or leads it.
pub fn changed(model: &mut Model, id: CaseId, version: u32) -> Vec<Effect> {
    let here = model.open_case().map(|file| &file.case.row);
    let known = here.is_some_and(|row| row.version >= version);
    let leader = here.and_then(|row| row.leader.as_ref());
    let leads = leader.is_some_and(|leader| leader.id == id && leader.version < version);
    if leads || model.case.id == Some(id) && !known { refresh(model) } else { Vec::new() }
}

/// Handles a key that is no action: scrolling.
pub fn key(model: &mut Model, press: &Press) -> Vec<Effect> {
    let case = &mut model.case;
    let page = case.page.get().max(2) - 1;
    let to = match press.edit() {
        Some(Edit::Up) => case.scroll.saturating_sub(1),
        Some(Edit::Down) => case.scroll + 1,
        Some(Edit::PageUp) => case.scroll.saturating_sub(page),
        Some(Edit::PageDown) => case.scroll + page,
        Some(Edit::Home | Edit::Top) => 0,
        Some(Edit::End | Edit::Bottom) => usize::MAX,
        _ => return Vec::new(),
    };
    case.scroll = to.min(case.scroll_end.get());
    Vec::new()
}

/// Begins what is done with the open case: the form, a dialog, or at once.
pub fn begin(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Amend => intake::amend(model),
        Action::Dispatch => {
            let verb = model.dispatch_verb();
            dispatch(model, verb)
        }
        Action::Confirm => act(model, Act::Confirm),
        Action::FollowUp => {
            let list = Chooser::listing(Choosing::Outcome, told::outcomes());
            model.lay(Overlay::Chooser(Box::new(list)));
            Vec::new()
        }
        Action::Aside => {
            if let Some(dialog) = model.case.aside.first().map(|item| AsideDialog::of_item(model, item)) {
                model.lay(Overlay::Aside(Box::new(dialog)));
            }
            Vec::new()
        }
        Action::Reveal => model.case.id.map(Effect::Reveal).into_iter().collect(),
        _ => action::verb_of(action, model).map(|verb| ask(model, action, verb)).unwrap_or_default(),
    }
}

/// Opens the dialog of an act that takes a text.
fn ask(model: &mut Model, action: Action, verb: Verb) -> Vec<Effect> {
    model.overlay = Some(Overlay::Prompt(Prompt::new(action, verb)));
    Vec::new()
}

/// What the follow-up brought was chosen: what the caller said of it may be written down as well.
pub fn outcome_chosen(model: &mut Model, code: &str) -> Vec<Effect> {
    let outcome = code.parse().ok().and_then(|at: usize| FollowUp::ALL.get(at)).copied();
    let prompt = Prompt { outcome, ..Prompt::new(Action::FollowUp, Verb::FollowUp) };
    model.overlay = Some(Overlay::Prompt(prompt));
    Vec::new()
}

/// Opens the dialog that asks for departments.
fn dispatch(model: &mut Model, verb: Verb) -> Vec<Effect> {
    model.overlay = Some(Overlay::Dispatch(Box::new(DispatchDialog::new(verb))));
    Vec::new()
}

/// Asks the server for an act on the open case.
pub(in crate::desk) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    let Some((id, version)) = model.open_case().map(|file| (file.case.row.id, file.case.row.version)) else {
        return Vec::new();
    };
    let event = model.ids.event(model.now);
    model.case.acting = Some(ItemId::Act(event));
    vec![Effect::Act(id, version, event, Box::new(act))]
}

/// An act was done.
pub fn done(model: &mut Model, item: &Item, case: Box<CaseView>, merged: Vec<String>) -> Vec<Effect> {
    let id = case.row.id;
    let state = crate::i18n::name_of("state", case.row.state.code());
    if model.case.acting.take_if(|acting| *acting == item.id).is_some() {
        // What was typed in the dialog is done with only now.
        close_dialogs(model);
    }
    model.case.aside.retain(|other| other.id != item.id);
    let (mut merged, mut waited): (BTreeSet<_>, _) = (merged.into_iter().collect(), false);
    if let Some((before, front)) = intake::amended(model, item) {
        merged.extend(before.into_iter().map(|field| field.code().to_owned()));
        waited = front;
    }
    if let Some(file) = &mut model.case.file
        && file.case.row.id == id
    {
        // Who called may be another by now, and is masked again.
        let others_acted = case.row.version > file.case.row.version + 1;
        if others_acted || item.fields().iter().any(|field| field == Field::Caller.code()) {
            model.case.caller = None;
        }
        file.case = *case;
    }
    if merged.is_empty() {
        model.say(Severity::Done, rust_i18n::t!("desk.act_done", state = state).into_owned());
    } else {
        let fields: Vec<_> = merged.iter().map(|field| crate::i18n::name_of(Field::KIND, field)).collect();
        let words = rust_i18n::t!("outbox.merged", fields = fields.join("、"));
        model.say(Severity::Info, words.into_owned());
    }
    match (waited, model.case.id == Some(id)) {
        (true, _) => open(model, id),
        (false, true) => refresh(model),
        (false, false) => Vec::new(),
    }
}

/// An act waits in the outbox: there is nothing more to be done about it here.
pub fn waits(model: &mut Model, item: &Item) {
    let asked = model.case.acting.take_if(|acting| *acting == item.id).is_some();
    if asked {
        close_dialogs(model);
    }
    let amended = intake::amended(model, item);
    if asked || amended.is_some() {
        if model.not_written {
            model.say(Severity::Error, rust_i18n::t!("outbox.act_in_memory").into_owned());
        } else {
            model.say(Severity::Info, rust_i18n::t!("outbox.act_waits").into_owned());
        }
    }
    if amended.is_some_and(|(_, waited)| waited) && model.case.id == Some(item.case) {
        // As it was: nobody answers who could say more.
        model.go(Screen::Case);
    }
}

/// An act was refused. Where its dialog is still open it goes back there; otherwise it stays in the outbox.
pub fn aside(model: &mut Model, item: &Item, error: &ClientError) -> Vec<Effect> {
    let mut effects = model.failed(error);
    let asked = model.case.acting.take_if(|acting| *acting == item.id).is_some();
    if asked && model.overlays_mut().any(|overlay| overlay.is_act()) {
        model.overlays_mut().for_each(Overlay::not_sent);
        effects.push(Effect::TakeBack(item.id));
    } else if model.case.id == Some(item.case) {
        model.case.aside.retain(|other| other.id != item.id);
        model.case.aside.push(item.clone());
    }
    if model.case.id == Some(item.case) && (error.is(ProblemCode::Stale) || error.is(ProblemCode::Refused)) {
        effects.extend(refresh(model));
    }
    effects
}

/// What was put aside of the acts on a case was read.
pub fn put_aside(model: &mut Model, id: CaseId, items: Vec<Item>) -> Vec<Effect> {
    if model.case.id == Some(id) {
        model.case.aside = items;
    }
    Vec::new()
}

fn close_dialogs(model: &mut Model) {
    model.beneath.retain(|overlay| !overlay.is_act());
    if model.overlay.as_ref().is_some_and(Overlay::is_act) {
        model.uncover();
    }
}

/// Who called.
pub fn caller(model: &mut Model, id: CaseId, answer: Answer<Box<CallerBody>>) -> Vec<Effect> {
    match answer {
        Ok(caller) => {
            if model.case.id == Some(id) {
                model.case.caller = Some(*caller);
            }
            model.say(Severity::Info, rust_i18n::t!("desk.reveal_recorded").into_owned());
            Vec::new()
        }
        Err(error) => model.failed(&error),
    }
}

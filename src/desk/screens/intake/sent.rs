//! What becomes of a draft that was submitted: a case, a case that waits to be sent, or a draft once more.

use super::{Draft, DraftRecordBody, Led, Receipt, Safety, follow_all, save, show_faults};
use crate::client::ClientError;
use crate::desk::effects::Effect;
use crate::desk::model::{Model, Screen, Severity};
use crate::desk::screens::overlay::Overlay;
use crate::domain::check::{Fault, FaultCode};
use crate::domain::id::CaseId;
use crate::journal::outbox::{Item, ItemId};
use crate::wire::case::{CaseView, NewCase};
use crate::wire::problem::{Problem, ProblemCode};

/// The server has the case.
pub fn filed(model: &mut Model, item: &Item, case: &CaseView) -> Vec<Effect> {
    let in_front = in_front(model, item.case);
    let number = case.row.number.grouped();
    if let Some(told) = item.parcel.number.as_ref().filter(|told| **told != case.row.number) {
        // The second was used before this desk kept count. Who has told the caller another number must call back.
        let words = rust_i18n::t!("outbox.renumbered", told = told.grouped(), number = number);
        model.say(Severity::Warning, words.into_owned());
    } else if model.intake.find_mut(item.case).is_none() {
        // Its caller has been told the number long ago.
        model.say(Severity::Done, rust_i18n::t!("outbox.filed", number = number).into_owned());
    } else if !in_front {
        model.say(Severity::Done, rust_i18n::t!("call.filed", number = number).into_owned());
    }
    if let Some(draft) = model.intake.find_mut(item.case) {
        draft.sending = false;
        let receipt = Receipt { led: led(draft), ..Receipt::from(case) };
        (draft.filed, draft.safety) = (Some(Box::new(receipt)), Safety::Saved);
    }
    Vec::new()
}

/// Nobody could be asked: the case waits in the outbox, and the caller is told its number.
pub fn waits(model: &mut Model, id: CaseId, case: &NewCase) {
    if let Some(draft) = model.intake.find_mut(id).filter(|draft| draft.sending) {
        draft.sending = false;
        let receipt = Receipt { led: led(draft), ..Receipt::waiting(id, case) };
        (draft.filed, draft.safety) = (Some(Box::new(receipt)), Safety::Saved);
    }
}

fn led(draft: &Draft) -> Option<Led> {
    draft.merging.as_ref().map(|merging| Led::Waits(merging.into.clone()))
}

/// A case was merged, as it was to be since it was filed or by the case screen: the receipt says so, and the foot.
pub fn merged(model: &mut Model, case: &CaseView) {
    let row = &case.row;
    let words = if let Some(leader) = &row.leader {
        let number = leader.number.clone();
        tell_receipts(model, row.id, |_| Led::By(number.clone()));
        rust_i18n::t!("merge.done", number = leader.number.grouped())
    } else {
        rust_i18n::t!("merge.undone", state = crate::i18n::name_of("state", row.state.code()))
    };
    model.say(Severity::Done, words.into_owned());
}

/// A merge was refused: the case stands by itself, and whoever has its receipt before them is told.
pub fn not_merged(model: &mut Model, case: CaseId) {
    tell_receipts(model, case, |led| Led::Not(led.number().clone()));
}

fn tell_receipts(model: &mut Model, case: CaseId, led: impl Fn(&Led) -> Led) {
    let filed: Vec<_> = model.intake.all_mut().filter_map(|draft| draft.filed.as_mut()).collect();
    let update = |receipt: &mut Box<Receipt>| {
        if receipt.id == case {
            receipt.led = receipt.led.as_ref().map(&led);
        }
    };
    filed.into_iter().for_each(update);
    model.overlays_mut().for_each(|overlay| {
        if let Overlay::Receipt(receipt) = overlay {
            update(receipt);
        }
    });
}

/// The server would not have it: the draft is there again, with what is wrong with it.
pub fn aside(model: &mut Model, item: &Item, error: &ClientError) -> Vec<Effect> {
    let id = item.id.draft();
    let in_front = in_front(model, id);
    if model.intake.find_mut(id).is_none() {
        let Some(draft) = draft_of(item) else { return model.failed(error) };
        model.intake.bring_back(draft);
        follow_all(model);
    }
    let faults = item.parcel.problem.as_ref().map(faults_of).unwrap_or_default();
    let Some(draft) = model.intake.find_mut(id) else { return Vec::new() };
    (draft.sending, draft.filed) = (false, None);
    if item.reminds_instead() {
        // It may be filed as a case of its own.
        draft.not_sent = true;
        return model.failed(error);
    }
    // What was to be done with the case is asked for again with it.
    let behind = draft.merging.take().map(|merging| merging.acts).unwrap_or_default();
    let behind = behind.into_iter().map(|act| Effect::TakeBack(ItemId::Act(act)));
    let shown = refused(model, item, error, in_front, faults);
    behind.chain(shown).collect()
}

fn refused(
    model: &mut Model,
    item: &Item,
    error: &ClientError,
    in_front: bool,
    faults: Vec<Fault>,
) -> Vec<Effect> {
    let id = item.id.draft();
    let Some(draft) = model.intake.find_mut(id) else { return Vec::new() };
    if faults.is_empty() {
        draft.not_sent = true;
        let code = item.parcel.problem.as_ref().map(|problem| problem.code);
        return match (item.id, code) {
            (ItemId::Act(_), Some(ProblemCode::Stale | ProblemCode::Refused))
            | (ItemId::Filing(_), Some(ProblemCode::Conflict)) => vec![Effect::Compare(id, item.case)],
            (ItemId::Act(_), Some(ProblemCode::Conflict)) => anew(model, item),
            _ => model.failed(error),
        };
    }
    if in_front {
        show_faults(model, id, faults);
    } else {
        // Whoever types into another draft by now goes on there; the tab says it.
        draft.faults = faults;
        model.say(Severity::Error, rust_i18n::t!("call.faulty").into_owned());
    }
    Vec::new()
}

/// The act was done once, and the draft changed after that: the rest of it is another act.
fn anew(model: &mut Model, item: &Item) -> Vec<Effect> {
    let new = model.ids.case(model.now);
    let Some(draft) = model.intake.find_mut(item.id.draft()) else { return Vec::new() };
    draft.id = Some(new);
    let renamed = match save(draft) {
        Some(Effect::SaveDraft(record)) => Some(Effect::Rename(item.id, record)),
        _ => None,
    };
    renamed.into_iter().chain([Effect::Compare(new, item.case)]).collect()
}

/// The draft that an item was, with what the server said against it.
fn draft_of(item: &Item) -> Option<Draft> {
    let body: DraftRecordBody<'_> = serde_json::from_str(&item.parcel.draft).ok()?;
    let mut draft = body.into_draft(item.id.draft(), 0, item.submitted_at);
    refuse(&mut draft, item);
    Some(draft)
}

/// Marks on a draft what the server said against its item.
pub fn refuse(draft: &mut Draft, item: &Item) {
    draft.faults = item.parcel.problem.as_ref().map(faults_of).unwrap_or_default();
    draft.not_sent = draft.faults.is_empty();
}

fn in_front(model: &Model, id: CaseId) -> bool {
    model.screen == Screen::Intake && model.intake.current().id == Some(id)
}

fn faults_of(problem: &Problem) -> Vec<Fault> {
    let faults = problem.errors.iter().map(|fault| Fault {
        // A field of the form is named as where it is filed.
        pointer: fault
            .pointer
            .strip_prefix("/changes")
            .map_or_else(|| fault.pointer.clone(), |field| format!("/intake{field}")),
        code: fault.code.parse().unwrap_or(FaultCode::InvalidValue),
        limit: fault.limit,
    });
    faults.collect()
}

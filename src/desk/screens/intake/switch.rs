//! From one draft to another, from one call to the next, and from a draft to its receipt.

use super::{Drafts, Safety, look, save};
use crate::desk::effects::Effect;
use crate::desk::model::{Model, Screen};
use crate::desk::screens::overlay::Overlay;
use crate::domain::id::CaseId;
use crate::journal::outbox::ItemId;

/// Puts the next draft in front.
pub fn show_next(model: &mut Model) -> Vec<Effect> {
    model.intake.show_next();
    shown(model)
}

/// Puts the draft at a place in front, from 1.
pub fn show_at(model: &mut Model, place: usize) -> Vec<Effect> {
    if !model.intake.show_at(place) {
        return Vec::new();
    }
    model.go(Screen::Intake);
    shown(model)
}

/// What belongs beside a draft is asked for when it comes to the front.
fn shown(model: &mut Model) -> Vec<Effect> {
    if model.intake.current().filed.is_some() { Vec::new() } else { look(model) }
}

/// Throws a draft away; a caller who was on the line has gone.
pub fn discard(model: &mut Model, id: CaseId) -> Vec<Effect> {
    let now = model.now;
    let draft = model.intake.remove(id);
    model.drafts.broken.retain(|broken| broken.record.id != id);
    // What was refused stays in the outbox until then.
    let amends = draft.as_ref().is_some_and(|draft| draft.amends.is_some() || draft.not_sent);
    let call = draft.and_then(|draft| draft.call);
    if let Some(call) = call.filter(|call| call.at(now).is_live()) {
        model.intake.hang_up(Some(call), now);
    }
    let act = amends.then(|| Effect::ThrowAway(ItemId::Act(id.into())));
    [Effect::DropDraft(id)].into_iter().chain(act).collect()
}

/// Shows the receipt of the draft in front once its case is filed, as soon as nothing lies over it. So no key meant
/// for another draft or a dialog falls into a receipt that comes by itself.
pub fn present(model: &mut Model) -> Vec<Effect> {
    if model.screen != Screen::Intake || model.overlay.is_some() {
        return Vec::new();
    }
    let Some(case) = model.intake.take_filed() else { return Vec::new() };
    // What was said of the try before no longer holds.
    model.toast = None;
    model.lay(Overlay::Receipt(case));
    look(model)
}

/// The receipt was read to the caller: the call has ended, and what follows it begins.
pub fn told(model: &mut Model) {
    let now = model.now;
    model.intake.hang_up(None, now);
}

/// Something was typed into the draft in front; `begins` says that it was the first of it.
pub(super) fn typed(model: &mut Model, begins: bool) -> Vec<Effect> {
    let changed = model.intake.typed(begins, model.now);
    keep(&mut model.intake, changed)
}

/// Puts the caller on hold, or ends the hold.
pub fn hold(model: &mut Model) -> Vec<Effect> {
    let changed = model.intake.hold_or_resume(model.now);
    keep(&mut model.intake, changed)
}

/// Ends the call; once more, the work after it.
pub fn end_call(model: &mut Model) -> Vec<Effect> {
    let changed = model.intake.end_call(model.now);
    keep(&mut model.intake, changed)
}

/// The call stands in the draft's record. A draft that is a case by now has none.
fn keep(drafts: &mut Drafts, changed: impl IntoIterator<Item = CaseId>) -> Vec<Effect> {
    let mut effects = Vec::new();
    for id in changed {
        let draft = drafts.find_mut(id).filter(|draft| draft.filed.is_none());
        effects.extend(draft.filter(|draft| draft.safety != Safety::Empty).and_then(save));
    }
    effects
}

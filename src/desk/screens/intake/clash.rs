//! What others did to a case under the editor's hands: what can be put together is, what both changed is asked, and what
//! the case does not allow any more stays a draft.
//!
//! The outbox has found out that the case is not as it was seen. It is read anew here and told apart field by field; the
//! item stays in the outbox until the person has decided, so that a killed desk asks again.

use super::{Amends, Purpose, Safety, discard, save, send, show_faults};
use crate::desk::effects::Effect;
use crate::desk::model::{Model, Screen, Severity};
use crate::desk::msg::{Answer, CaseFile};
use crate::desk::screens::case;
use crate::desk::screens::overlay::{AsideDialog, ClashDialog, Overlay};
use crate::domain::act::{Verb, allowed};
use crate::domain::amendment::{Amendment, Field};
use crate::domain::case::Caller;
use crate::domain::id::CaseId;
use crate::domain::merge::{Merge, merge};
use crate::i18n::name_of;
use crate::journal::outbox::ItemId;

/// The case came that a draft shall change, or that it was filed as before.
pub fn compared(model: &mut Model, id: CaseId, answer: Answer<Box<CaseFile>>) -> Vec<Effect> {
    let file = match answer {
        Ok(file) => file,
        Err(error) => return model.failed(&error),
    };
    // What was submitted again meanwhile is answered by itself.
    let Some(draft) = model.intake.find_mut(id).filter(|draft| !draft.sending) else { return Vec::new() };
    if draft.amends.is_none() {
        return was_filed(model, id, &file);
    }
    let Some(theirs) = draft.amends.as_ref().map(|amends| amends.by_now(&file)) else { return Vec::new() };
    told_apart(model, id, theirs, false)
}

impl Amends {
    /// The same case as it is now. Who called is known of it only as long as nobody changed that.
    fn by_now(&self, file: &CaseFile) -> Self {
        let of_caller = |name: &String| name == Field::Caller.code();
        let changed =
            file.events.iter().any(|event| event.seq > self.version && event.fields.iter().any(of_caller));
        let caller = self.base.caller.clone().filter(|_| !changed);
        Self { asks_caller: self.asks_caller, ..Self::of(&file.case, caller) }
    }
}

/// A draft had been filed before: with what was filed as it was seen, the rest of it is a change to that case.
fn was_filed(model: &mut Model, id: CaseId, file: &CaseFile) -> Vec<Effect> {
    let new = model.ids.case(model.now);
    let Some(draft) = model.intake.find_mut(id) else { return Vec::new() };
    // Who called is sent again, for what is masked cannot be compared.
    let mut amends = Amends::of(&file.case, Some(Caller::default()));
    amends.version = 1;
    let since = file.events.iter().flat_map(|event| &event.fields);
    for field in since.filter_map(|name| name.parse().ok()).filter(|field| *field != Field::Caller) {
        // What was filed is not known of what others have changed since.
        amends.base = amends.base.without(field);
    }
    let theirs = amends.by_now(file);
    draft.id = Some(new);
    draft.number = Some(amends.number.clone());
    draft.form.purpose = Purpose::Amending { caller: true };
    draft.amends = Some(Box::new(amends));
    let renamed = match save(draft) {
        Some(Effect::SaveDraft(record)) => vec![Effect::Rename(ItemId::Filing(id), record)],
        _ => Vec::new(),
    };
    renamed.into_iter().chain(told_apart(model, new, theirs, true)).collect()
}

/// Puts together what a draft changes and what others made of the case; what cannot be put together is asked.
fn told_apart(model: &mut Model, id: CaseId, theirs: Amends, filed: bool) -> Vec<Effect> {
    let (zone, now, actor) = (model.zone(), model.now, model.actor());
    let front = model.overlay.is_none() && model.screen == Screen::Intake;
    let front = front && model.intake.current().id == Some(id);
    let Some(draft) = model.intake.find_mut(id) else { return Vec::new() };
    let Some(amends) = draft.amends.clone() else { return Vec::new() };
    let mine = match draft.form.changes(&amends, &zone, now) {
        Ok(mine) => mine,
        Err(faults) => {
            show_faults(model, id, faults);
            return Vec::new();
        }
    };
    draft.not_sent = true;
    let merged = merge(&amends.base, &mine, &theirs.base);
    if actor.is_some_and(|actor| allowed(Verb::Amend, theirs.state, &actor).is_err()) {
        let state = name_of("state", theirs.state.code());
        model.say(Severity::Warning, rust_i18n::t!("amend.finished", state = state).into_owned());
        if front {
            let dialog = AsideDialog::of_draft(model, id, &theirs, &mine);
            model.lay(Overlay::Aside(Box::new(dialog)));
        }
        return Vec::new();
    }
    let number = theirs.number.grouped();
    if filed {
        model.say(Severity::Warning, rust_i18n::t!("amend.already_filed", number = number).into_owned());
    }
    let asks = !merged.conflicts.is_empty() || theirs.state != amends.state;
    match (asks, front) {
        // The person who submitted a case has not asked for a change to it yet.
        (false, _) if filed => {
            take_over(model, id, theirs, &[]);
            Vec::new()
        }
        (false, _) => decide(model, id, theirs, &[]),
        (true, true) => {
            let dialog = ClashDialog::new(model, id, (&amends, &mine, theirs), &merged);
            model.lay(Overlay::Clash(Box::new(dialog)));
            Vec::new()
        }
        (true, false) => {
            model.say(Severity::Warning, rust_i18n::t!("amend.elsewhere", number = number).into_owned());
            Vec::new()
        }
    }
}

/// The person has decided: of the fields in `keep` the others' text stays, of all else that both changed this one's.
pub fn decide(model: &mut Model, id: CaseId, theirs: Amends, keep: &[Field]) -> Vec<Effect> {
    let case = theirs.case;
    let front = model.screen == Screen::Intake && model.intake.current().id == Some(id);
    if take_over(model, id, theirs, keep) {
        return send(model, id);
    }
    let mut effects = discard(model, id);
    model.say(Severity::Info, rust_i18n::t!("amend.nothing_left").into_owned());
    if front {
        effects.extend(case::open(model, case));
    }
    effects
}

/// Brings a draft up to the case as it is now; says whether anything of it is left to be sent.
fn take_over(model: &mut Model, id: CaseId, theirs: Amends, keep: &[Field]) -> bool {
    let (zone, now) = (model.zone(), model.now);
    let Some(draft) = model.intake.find_mut(id) else { return false };
    let Some(amends) = draft.amends.clone() else { return false };
    let Ok(mine) = draft.form.changes(&amends, &zone, now) else { return true };
    let Merge { theirs: others, same, .. } = merge(&amends.base, &mine, &theirs.base);
    let mut shown = Amendment::default();
    for field in others.iter().chain(&same).chain(keep) {
        shown.take(&theirs.base, *field);
    }
    draft.form.show(&shown, &zone);
    let mine_of_caller = mine.names(Field::Caller) && !keep.contains(&Field::Caller);
    let mut next = theirs;
    next.asks_caller = next.base.caller.is_some() || mine_of_caller;
    next.merged = others.into_iter().chain(amends.merged).collect();
    draft.form.purpose = Purpose::Amending { caller: next.asks_caller };
    let left = draft.form.changes(&next, &zone, now).is_ok_and(|changes| !changes.is_empty());
    draft.amends = Some(Box::new(next));
    // Not written before it is sent: as long as it is not, the item has all of it.
    draft.safety = Safety::Unsaved;
    left
}

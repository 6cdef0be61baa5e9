//! What keys do to the list of drafts and items, and how it follows what becomes of them.

use std::collections::HashSet;

use super::{Ledger, Subject};
use crate::desk::action::Action;
use crate::desk::effects::Effect;
use crate::desk::keymap::Press;
use crate::desk::model::{Model, Screen, Severity};
use crate::desk::msg::Turn;
use crate::desk::screens::overlay::{Overlay, Question};
use crate::desk::screens::{case, intake};
use crate::domain::id::CaseId;
use crate::journal::courier::Told;
use crate::journal::outbox::{ItemId, Standing};

/// Handles a key that is no action: the selection.
pub fn key(model: &mut Model, press: &Press) -> Vec<Effect> {
    if let Some(edit) = press.edit() {
        let n = model.drafts.count();
        let _ = model.drafts.list.apply(&edit, n);
    }
    Vec::new()
}

/// Selects a row.
pub fn select(model: &mut Model, row: usize) {
    model.drafts.list.select(row);
    model.drafts.list.keep_within(model.drafts.count());
}

/// Reads anew what was submitted.
pub fn refresh(model: &mut Model) -> Vec<Effect> {
    let screen = &mut model.drafts;
    (screen.waiting, screen.stale) = (true, false);
    vec![Effect::Outbox(screen.turn.another())]
}

/// What was submitted was read.
pub fn arrived(model: &mut Model, turn: Turn, mut ledger: Ledger) -> Vec<Effect> {
    if turn != model.drafts.turn {
        return Vec::new();
    }
    let kept = model.drafts.selected();
    model.drafts.waiting = false;
    for gone in &model.drafts.gone {
        ledger.take_out(*gone);
    }
    model.drafts.ledger = Some(ledger);
    list_drafts(model);
    stay_on(model, kept);
    if model.drafts.stale { refresh(model) } else { Vec::new() }
}

/// Follows what became of an item while the list is in front; when it comes to the front it is read anew.
pub fn follow(model: &mut Model, told: &Told) -> Vec<Effect> {
    if model.screen != Screen::Drafts {
        return Vec::new();
    }
    // What is being read may be from before this.
    model.drafts.stale = model.drafts.waiting;
    let kept = model.drafts.selected();
    let Some(ledger) = &mut model.drafts.ledger else { return Vec::new() };
    match told {
        Told::Accepted { item, .. } | Told::Aside { item, .. } | Told::Waits { item, .. } => {
            ledger.take_in(item);
        }
        // Items that were confirmed may go once more, without a word of each.
        Told::Outlook(outlook) if outlook.waiting > ledger.waiting.len() && !model.drafts.waiting => {
            return refresh(model);
        }
        Told::Outlook(_) => return Vec::new(),
    }
    list_drafts(model);
    stay_on(model, kept);
    Vec::new()
}

/// Lists the drafts as they are now.
pub fn settle(model: &mut Model) {
    let kept = model.drafts.selected();
    if list_drafts(model) {
        stay_on(model, kept);
    }
}

/// Lists the drafts that have no item of their own; says whether that changed anything.
fn list_drafts(model: &mut Model) -> bool {
    let screen = &mut model.drafts;
    let ledger = screen.ledger.as_ref();
    let items = ledger.into_iter().flat_map(|ledger| ledger.aside.iter().chain(&ledger.waiting));
    let submitted: HashSet<CaseId> =
        items.filter(|entry| entry.is_typed_on()).map(|entry| entry.id.draft()).collect();
    let drafts = model.intake.all().iter().filter(|draft| draft.filed.is_none());
    let drafts: Vec<_> = drafts.filter_map(|draft| draft.id).filter(|id| !submitted.contains(id)).collect();
    let changed = drafts != screen.drafts;
    screen.drafts = drafts;
    changed
}

/// Keeps the selection on what was selected, wherever it stands now.
fn stay_on(model: &mut Model, kept: Option<Subject>) {
    let screen = &mut model.drafts;
    let n = screen.count();
    let there = screen.subject(screen.list.selected()) == kept;
    if !there && let Some(at) = (0..n).find(|row| screen.subject(*row) == kept) {
        screen.list.select(at);
    }
    screen.list.keep_within(n);
}

/// Opens a draft once more that the program broke on, for a person says so; it counts again if it breaks again.
fn open_broken(model: &mut Model) -> Option<Vec<Effect>> {
    let broken = model.drafts.selected_broken()?.clone();
    let id = broken.record.id;
    let Some(draft) = broken.open() else {
        model.say(Severity::Error, rust_i18n::t!("drafts.does_not_open").into_owned());
        return Some(Vec::new());
    };
    model.drafts.broken.retain(|broken| broken.record.id != id);
    model.intake.restore(vec![draft]);
    intake::follow_all(model);
    Some(show(model, id))
}

/// What lies on the disk of the selected draft that the program broke on, as it lies there.
pub fn copied(model: &Model) -> Option<String> {
    let broken = model.drafts.selected_broken().filter(|_| model.screen == Screen::Drafts)?;
    Some(broken.record.body.clone())
}

/// Opens the selected row: what can be typed on comes to the front of intake, everything else is looked at as a case.
pub fn open(model: &mut Model) -> Vec<Effect> {
    if let Some(effects) = open_broken(model) {
        return effects;
    }
    match (model.drafts.selected(), model.drafts.selected_entry()) {
        (Some(Subject::Draft(id)), _) => show(model, id),
        (_, Some(entry)) => {
            let (draft, case, aside) = (entry.id.draft(), entry.case, entry.standing.needs_a_person());
            if aside && entry.is_typed_on() { show(model, draft) } else { case::open(model, case) }
        }
        _ => Vec::new(),
    }
}

/// Puts a draft in front, at intake.
pub fn show(model: &mut Model, id: CaseId) -> Vec<Effect> {
    model.intake.show(id);
    model.go(Screen::Intake);
    intake::look(model)
}

/// Goes to the screen, or does an action of it.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Retry => retry(model),
        Action::ThrowAway => throw_away(model),
        _ => {
            model.go(Screen::Drafts);
            refresh(model)
        }
    }
}

/// Sends once more what the server would not have: a case as it stands at intake now, an act as it was.
fn retry(model: &mut Model) -> Vec<Effect> {
    match model.drafts.selected_entry().map(|entry| (entry.id, entry.is_typed_on())) {
        Some((id, true)) => {
            let mut effects = show(model, id.draft());
            effects.extend(intake::submit(model));
            effects
        }
        Some((id, false)) => vec![Effect::SendAgain(id)],
        None => Vec::new(),
    }
}

/// Asks whether the selected row is thrown away.
fn throw_away(model: &mut Model) -> Vec<Effect> {
    let question = match (model.drafts.selected(), model.drafts.selected_entry()) {
        (Some(Subject::Draft(id) | Subject::Broken(id)), _) => Question::Discard(id),
        (_, Some(entry)) => Question::ThrowAway(entry.id, entry.case),
        _ => return Vec::new(),
    };
    model.lay(Overlay::Confirm(question));
    Vec::new()
}

/// An item is thrown away, and with it the draft that it had become again.
pub fn thrown_away(model: &mut Model, item: ItemId, case: CaseId) -> Vec<Effect> {
    model.drafts.gone.push(item);
    let was_broken = model.drafts.broken.iter().any(|broken| broken.record.id == item.draft());
    if let Some(ledger) = &mut model.drafts.ledger {
        ledger.take_out(item);
    }
    match item {
        ItemId::Filing(_) => intake::discard(model, case),
        ItemId::Act(_) if model.intake.find_mut(item.draft()).is_some() => {
            intake::discard(model, item.draft())
        }
        ItemId::Act(_) if was_broken => {
            let mut effects = intake::discard(model, item.draft());
            effects.push(Effect::ThrowAway(item));
            effects
        }
        ItemId::Act(_) => {
            model.case.aside.retain(|aside| aside.id != item);
            vec![Effect::ThrowAway(item)]
        }
    }
}

/// Why the selected row cannot be sent once more, or thrown away: the key of a sentence, `why_not.CODE`.
pub fn why_not(model: &Model, throwing: bool) -> Option<&'static str> {
    match (model.drafts.selected()?, model.drafts.selected_entry()) {
        (Subject::Draft(id), _) => {
            let sending = model.intake.all().iter().any(|draft| draft.id == Some(id) && draft.sending);
            match (throwing, sending) {
                (true, true) => Some("sending"),
                (true, false) => None,
                (false, _) => Some("not_submitted"),
            }
        }
        (Subject::Broken(_), _) if throwing => None,
        (Subject::Broken(_), _) => Some("not_submitted"),
        (_, Some(_)) if !throwing && model.drafts.selected_broken().is_some() => Some("not_submitted"),
        (_, Some(entry)) => match entry.standing {
            Standing::Waiting => Some("goes_by_itself"),
            Standing::Accepted => Some("has_gone"),
            Standing::Refused | Standing::Parked | Standing::Conflict => None,
        },
        _ => None,
    }
}

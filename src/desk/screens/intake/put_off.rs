//! What typing sets off and not every key need: the draft is handed to the journal, and the server is asked for like cases
//! and what the text is about.
//!
//! Both have a moment by which they are done; [`super::Drafts::due_at`] tells the next one, and [`due`] does what has
//! come. A draft is handed over with the first key, once the frame is out, and while typing goes on every
//! [`SAVE_EVERY`]: a deadline, which the next key does not move. Like cases are looked for when the typing pauses. So a
//! key wakes no thread but the one that paints it, and a killed process still loses no more than 50 ms.

use jiff::{SignedDuration, Timestamp};

use super::record::DraftRecordBody;
use super::update::ask;
use super::{Draft, Drafts, Safety};
use crate::desk::effects::Effect;
use crate::desk::model::Model;
use crate::journal::DraftRecord;

/// The longest that a change waits until it is handed to the journal; writing it is the rest of the 50 ms.
const SAVE_EVERY: SignedDuration = SignedDuration::from_millis(40);
/// How long the typing must pause before like cases are looked for.
const LIKE_PAUSE: SignedDuration = SignedDuration::from_millis(150);

/// When a draft is handed to the journal.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Saving {
    /// When it was handed over last because its time had come.
    last: Option<Timestamp>,
    /// When it is handed over next; none if nothing has changed.
    next: Option<Timestamp>,
    /// A field was left since: with that the draft is made durable.
    left_field: bool,
}

impl Saving {
    pub(super) fn next(self) -> Option<Timestamp> {
        self.next
    }

    /// Something has changed.
    fn wanted(&mut self, now: Timestamp) {
        let latest = now.checked_add(SAVE_EVERY).unwrap_or(now);
        let next = self.last.and_then(|last| last.checked_add(SAVE_EVERY).ok()).unwrap_or(now).max(now);
        // Also where the clock was set back.
        self.next = Some(self.next.unwrap_or(next).min(latest));
    }
}

/// Keeps the draft as it is now, soon.
pub(super) fn save_soon(draft: &mut Draft, now: Timestamp) {
    draft.changes += 1;
    draft.safety = Safety::Unsaved;
    draft.saving.wanted(now);
}

/// Keeps the draft as it is now, soon, and durably: a field was left.
pub(super) fn save_durably_soon(draft: &mut Draft, now: Timestamp) {
    draft.saving.left_field = true;
    save_soon(draft, now);
}

/// Keeps the draft as it is now, at once.
pub fn save(draft: &mut Draft) -> Option<Effect> {
    draft.id?;
    draft.changes += 1;
    draft.safety = Safety::Unsaved;
    hand_over(draft)
}

fn hand_over(draft: &mut Draft) -> Option<Effect> {
    draft.saving.next = None;
    // What is submitted is in the outbox as it was.
    if draft.sending {
        return None;
    }
    let (id, updated_at) = (draft.id?, draft.changed_at?);
    let body = serde_json::to_string(&DraftRecordBody::from(&*draft)).ok()?;
    Some(Effect::SaveDraft(DraftRecord { id, version: draft.changes, updated_at, body }))
}

/// Keeps every draft that has changed, at once: nobody may be here any more when its time would come.
pub fn save_all(model: &mut Model) -> Vec<Effect> {
    let changed = model.intake.all_mut().filter(|draft| draft.saving.next.is_some() && draft.filed.is_none());
    changed.filter_map(hand_over).collect()
}

fn saves_due(drafts: &mut Drafts, now: Timestamp) -> Vec<Effect> {
    let due = drafts.all_mut().filter(|draft| draft.saving.next.is_some_and(|at| at <= now));
    due.flat_map(|draft| {
        let saving = std::mem::replace(&mut draft.saving, Saving { last: Some(now), ..Saving::default() });
        // What is a case by now is no draft any more.
        let saved = if draft.filed.is_none() { hand_over(draft) } else { None };
        let durable = saved.is_some() && saving.left_field;
        saved.into_iter().chain(durable.then_some(Effect::MakeDurable))
    })
    .collect()
}

/// Looks for like cases when the typing pauses.
pub(super) fn like_soon(model: &mut Model) {
    let now = model.now;
    // An answer to an earlier text is no answer to this one.
    let (draft, turn) = model.intake.asking();
    draft.side.like_turn = turn;
    draft.side.like_at = now.checked_add(LIKE_PAUSE).ok();
}

/// Does what was put off until now.
pub fn due(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let mut effects = saves_due(&mut model.intake, now);
    if model.intake.current().side.like_at.is_some_and(|at| at <= now) {
        effects.extend(ask(model));
    }
    effects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::CaseId;

    /// Presses a key at each of `keys`, in milliseconds, and answers when what was typed was handed over. The clock goes
    /// in steps of a millisecond; `set_back` says by how much it is set back after the last key.
    fn handed_over(keys: &[i64], set_back: i64) -> Vec<i64> {
        let mut drafts = Drafts::new(false);
        let (id, start) = (CaseId::new(1, [1; 10]), Timestamp::UNIX_EPOCH);
        drafts.current_mut().id = Some(id);
        let last = *keys.last().unwrap();
        let mut saved = Vec::new();
        for at in 0..=last + 100 {
            let shown = if at >= last { at - set_back } else { at };
            let now = start + SignedDuration::from_millis(shown);
            if keys.contains(&at) {
                let draft = drafts.current_mut();
                draft.changed_at = Some(now);
                save_soon(draft, now);
            }
            for effect in saves_due(&mut drafts, now) {
                let Effect::SaveDraft(record) = effect else { panic!("{effect:?}") };
                assert_eq!(record.version, drafts.current().changes, "not the last of what was typed");
                saved.push(at);
            }
        }
        assert_eq!(drafts.due_at(), None);
        saved
    }

    #[test]
    fn while_typing_goes_on_the_journal_is_woken_every_forty_milliseconds() {
        assert_eq!(handed_over(&[0], 0), [0]);
        assert_eq!(handed_over(&[0, 10, 20, 30, 45, 50, 60], 0), [0, 40, 80]);
        // Nobody types faster than this for long: each key is handed over as it is pressed.
        assert_eq!(handed_over(&[0, 120, 240], 0), [0, 120, 240]);
        // A key that is held down.
        let held: Vec<i64> = (0..30).map(|n| n * 33).collect();
        let saved = handed_over(&held, 0);
        let waits = |key: &i64| saved.iter().find(|at| *at >= key).unwrap() - key;
        assert!(held.iter().all(|key| waits(key) <= 40) && saved.len() < held.len(), "{saved:?}");
    }

    #[test]
    fn a_field_that_is_left_is_made_durable_behind_what_was_typed_into_it() {
        let mut drafts = Drafts::new(false);
        let draft = drafts.current_mut();
        let now = Timestamp::UNIX_EPOCH;
        (draft.id, draft.changed_at) = (Some(CaseId::new(1, [1; 10])), Some(now));
        save_durably_soon(draft, now);
        assert!(matches!(*saves_due(&mut drafts, now), [Effect::SaveDraft(_), Effect::MakeDurable]));
        let later = now + SignedDuration::from_secs(1);
        save_soon(drafts.current_mut(), later);
        assert!(matches!(*saves_due(&mut drafts, later), [Effect::SaveDraft(_)]));
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nothing_from_the_journal() {
        assert_eq!(handed_over(&[0, 10], 3_600_000), [0, 50]);
    }
}

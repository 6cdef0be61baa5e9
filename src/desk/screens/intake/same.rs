//! 同一件事: what a caller tells of is a case already. Their call is merged into it (并单), or, where it is their own case
//! and they call again, it is reminded of (催办). Both are asked before, in one sentence that says what will happen.
//!
//! Merged, the call is a case as always, with a number and a caller of its own; the merge goes behind the filing in the
//! outbox, durable together with it. Reminded, it is no case: what was typed goes along as text, and as the draft it was.

use super::record::DraftRecordBody;
use super::{Form, OutcomeChoice, save};
use crate::clock::Clock;
use crate::desk::effects::Effect;
use crate::desk::model::Model;
use crate::desk::screens::overlay::{Overlay, Question};
use crate::domain::act::Act;
use crate::domain::check::{FIELD_LIMIT, TEXT_LIMIT};
use crate::domain::id::{CaseId, EventId};
use crate::domain::number::CaseNumber;
use crate::domain::secret::Secret;
use crate::i18n::name_of;
use crate::journal::outbox::Item;
use crate::wire::case::{CaseRow, LeaderView};

/// What is asked before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameEvent {
    /// The draft that is being typed.
    draft: CaseId,
    /// The case that is there already: the leading one, if the one that was chosen is merged.
    pub there: LeaderView,
    /// The title of the one that was chosen.
    title: String,
    /// Whether it is the caller's own, so that no other case is filed.
    pub reminds: bool,
}

/// A call that is filed to be merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merging {
    /// The number of the case that leads.
    pub into: CaseNumber,
    /// What is done with the case once it is filed.
    pub acts: Vec<EventId>,
}

/// What is sent in the place of a new case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemindInstead {
    /// The case that is there.
    pub case: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// The version of it that was seen.
    pub version: u32,
    /// The act that the draft becomes: the reminder itself.
    pub event: EventId,
    /// The reminder, and behind it as notes what has no room in it.
    pub acts: Vec<(EventId, Act)>,
}

impl RemindInstead {
    /// What goes into the outbox in the place of the `draft`.
    pub fn items(self, draft: &str, clock: &Clock) -> serde_json::Result<Vec<Item>> {
        let Self { case, number, version, event, acts } = self;
        let items = acts.into_iter().map(|(id, act)| {
            // Only one of them was the draft.
            let draft = if id == event { draft.to_owned() } else { String::new() };
            Item::act(case, id, act, Some(version), clock).map(|item| item.of_draft(number.clone(), draft))
        });
        items.collect()
    }
}

impl SameEvent {
    /// What will happen, to be confirmed.
    pub fn words(&self, model: &Model) -> String {
        let (number, state) = (self.there.number.grouped(), name_of("state", self.there.state.code()));
        if self.reminds {
            return rust_i18n::t!("same.ask_remind", number = number, state = state, title = self.title)
                .into_owned();
        }
        let own = model.intake.all().iter().find(|draft| draft.id == Some(self.draft));
        let own = own.and_then(|draft| draft.number.as_ref()).map(CaseNumber::grouped);
        let own = own.unwrap_or_else(|| rust_i18n::t!("receipt.no_number").into_owned());
        rust_i18n::t!("same.ask_merge", number = number, state = state, title = self.title, own = own)
            .into_owned()
    }
}

/// The case that the draft in front would be merged into or that would be reminded of: the one selected beside the form,
/// otherwise the likest; or why there is none, the key of a sentence `why_not.CODE`.
pub fn same_event(model: &Model) -> Result<SameEvent, &'static str> {
    let draft = model.intake.current();
    let Some(id) = draft.id else { return Err("nothing_typed") };
    if draft.sending {
        return Err("sending");
    }
    if draft.amends.is_some() {
        return Err("amending");
    }
    if model.city.is_none() {
        return Err("no_city");
    }
    let likest = || draft.side.like_rows().next();
    let row = draft.selected_beside().or_else(likest).ok_or("nothing_alike")?;
    let there = match &row.leader {
        Some(leader) => leader.clone(),
        None => leads(row),
    };
    if there.state.is_finished() {
        return Err("leader_finished");
    }
    let reminds = draft.side.history_rows().iter().any(|own| own.id == row.id);
    Ok(SameEvent { draft: id, there, title: row.title.clone(), reminds })
}

/// A case that is not merged leads itself.
fn leads(row: &CaseRow) -> LeaderView {
    LeaderView {
        id: row.id,
        number: row.number.clone(),
        version: row.version,
        state: row.state,
        due_at: row.due_at,
    }
}

/// Asks whether it is the same event.
pub fn ask_same(model: &mut Model) -> Vec<Effect> {
    if let Ok(same) = same_event(model) {
        model.lay(Overlay::Confirm(Question::Same(Box::new(same))));
    }
    Vec::new()
}

/// It is: the call is filed and merged, or the case is reminded of.
pub fn is_same(model: &mut Model, same: &SameEvent) -> Vec<Effect> {
    if same.reminds {
        return remind(model, same);
    }
    let mut effects = super::switch::typed(model, false);
    effects.extend(super::update::file(model, same.draft, Some(&same.there.number)));
    effects
}

/// What is done with a case behind its filing: what was to be said or done in another outcome is kept as a note, then it
/// is merged.
pub(super) fn behind(form: &Form, into: &CaseNumber, ids: [EventId; 2]) -> Vec<(EventId, Act)> {
    let said = match form.outcome {
        OutcomeChoice::Register => "",
        OutcomeChoice::Answer => form.answer.text().trim(),
        OutcomeChoice::Dispatch => form.opinion.text().trim(),
    };
    let note = (!said.is_empty()).then(|| (ids[0], Act::Note { text: said.to_owned() }));
    note.into_iter().chain([(ids[1], Act::Merge { into: into.clone() })]).collect()
}

fn remind(model: &mut Model, same: &SameEvent) -> Vec<Effect> {
    let now = model.now;
    let Some(draft) = model.intake.find_mut(same.draft).filter(|draft| !draft.sending) else {
        return Vec::new();
    };
    let told = told(&draft.form);
    // The draft stays on the disk until the outbox has this in its place.
    let saved = save(draft);
    draft.sending = true;
    let typed = serde_json::to_string(&DraftRecordBody::from(&*draft)).unwrap_or_default();
    let event = EventId::from(same.draft);
    let fits = told.chars().count() <= FIELD_LIMIT;
    let text = if fits { told.clone() } else { rust_i18n::t!("same.in_the_note").into_owned() };
    let mut acts = vec![(event, Act::Remind { by_caller: true, text })];
    if !fits {
        let notes = pieces(&told, TEXT_LIMIT).into_iter();
        acts.extend(notes.map(|text| (model.ids.event(now), Act::Note { text })));
    }
    let LeaderView { id, number, version, .. } = same.there.clone();
    let instead = RemindInstead { case: id, number, version, event, acts };
    saved.into_iter().chain([Effect::Remind(Box::new(instead), Secret::new(typed))]).collect()
}

/// All that was typed of the event, and nothing of who called: they stand on the case already.
fn told(form: &Form) -> String {
    let fields = [
        ("detail", form.detail.text()),
        ("occurred", form.occurred.text()),
        ("target", form.target.text()),
        ("remark", form.remark.text()),
        ("answer", form.answer.text()),
        ("opinion", form.opinion.text()),
    ];
    let mut lines = vec![form.text.text().trim().to_owned()];
    for (name, text) in fields {
        let text = text.trim();
        if !text.is_empty() {
            lines.push(rust_i18n::t!("same.field", name = name_of("field", name), text = text).into_owned());
        }
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// A text in pieces of at most so many characters.
fn pieces(text: &str, most: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(most).map(|piece| piece.iter().collect()).collect()
}

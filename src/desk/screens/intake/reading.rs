//! What is read out of the text: the title, the kind, what it suggests, and which of the elements it tells.
//!
//! A key that only types on is painted first, and the text is read when its frame is out; a second frame follows where
//! that changes what is shown. Whatever else happens reads it before ([`catch_up`]), so that nothing depends on when.

use super::Draft;
use super::form::FieldId;
use crate::desk::action::Action;
use crate::desk::city::CityTables;
use crate::desk::in_hand;
use crate::desk::model::{Model, Screen, Severity};
use crate::domain::code::Kind;
use crate::domain::elements::Told;

/// Reads what the text and the matter of a draft suggest, and what the text tells; says whether that is something else
/// than before.
pub(super) fn follow(draft: &mut Draft, city: Option<&CityTables>) -> bool {
    let (form, told) = (&draft.form, Told::by(draft.form.text.text()));
    let mut suggested =
        city.map(|city| city.cues.suggest(form.text.text(), form.matter.chosen())).unwrap_or_default();
    super::learned::prefer(&mut draft.learned, form, &mut suggested);
    let other = (&suggested, told) != (&draft.suggested, draft.told);
    (draft.suggested, draft.told) = (suggested, told);
    other
}

/// The same for every draft: the city, or drafts from the disk, have come.
pub fn follow_all(model: &mut Model) {
    let city = model.city.clone();
    for draft in model.intake.all_mut() {
        let _in_hand = in_hand::take(draft);
        follow(draft, city.as_deref());
    }
}

/// Whether a letter would only go on the text, for which nothing of what it says is needed.
pub fn is_in_text(model: &Model) -> bool {
    let draft = model.intake.current();
    let in_text = draft.form.focus == FieldId::Text && !draft.side.has_keys();
    model.screen == Screen::Intake && model.overlay.is_none() && in_text
}

/// Reads every text that was typed on in and not read.
pub fn catch_up(model: &mut Model) {
    if model.intake.all().iter().all(|draft| draft.unread.is_none()) {
        return;
    }
    let city = model.city.clone();
    let (mut shows, mut proposed) = (false, None);
    for draft in model.intake.all_mut().filter(|draft| draft.unread.is_some()) {
        draft.unread = None;
        shows |= draft.form.propose_title();
        shows |= follow(draft, city.as_deref());
        proposed = kind(draft, city.as_deref()).or(proposed);
    }
    if shows || proposed.is_some() {
        model.intake.read_late();
    }
    say_kind(model, proposed);
}

/// Proposes the kind; answers it if it is another one.
pub(super) fn kind(draft: &mut Draft, city: Option<&CityTables>) -> Option<Kind> {
    let kinds = city.map_or(Kind::ALL, |city| &*city.body.kinds);
    draft.form.propose_kind(kinds).then_some(draft.form.kind)
}

/// Says that another kind was proposed.
pub(super) fn say_kind(model: &mut Model, proposed: Option<Kind>) {
    let Some(proposed) = proposed else { return };
    let kind = crate::i18n::name_of("kind", proposed.code());
    let key = model.keys.shown(Action::NextKind, true).unwrap_or_default();
    model.say(Severity::Info, rust_i18n::t!("pick.kind_proposed", kind = kind, key = key).into_owned());
}

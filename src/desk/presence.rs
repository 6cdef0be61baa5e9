//! Says which case is before this desk, so that the others see it, and takes in who else has it.
//!
//! It is said again while the case stays open, and only then: a desk without an open case wakes for nothing.

use jiff::{SignedDuration, Timestamp};

use super::effects::Effect;
use super::model::{Connection, Model, Screen};
use super::screens::overlay::Overlay;
use crate::domain::id::CaseId;
use crate::domain::presence::Doing;
use crate::wire::case::CaseRow;
use crate::wire::presence::Present;

/// The server forgets after a minute.
const AGAIN: SignedDuration = SignedDuration::from_secs(20);

/// What was said last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    case: CaseId,
    doing: Doing,
    at: Timestamp,
}

impl Said {
    /// When it is to be said again.
    pub fn again_at(self) -> Timestamp {
        self.at.checked_add(AGAIN).unwrap_or(Timestamp::MAX)
    }
}

/// Says what has changed since it was said last.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    let asked_to_sign_in = model.overlays_mut().any(|overlay| matches!(overlay, Overlay::SignIn));
    if model.connection != Connection::Online || model.session.is_none() || asked_to_sign_in {
        // Nobody hears it; what was said ends by itself.
        model.said = None;
        return Vec::new();
    }
    let before = model.said;
    let now = before_us(model).map(|(case, doing)| Said { case, doing, at: model.now });
    let same = match (before, now) {
        (Some(before), Some(now)) => {
            before.case == now.case && before.doing == now.doing && now.at < before.again_at()
        }
        (before, now) => before.is_none() && now.is_none(),
    };
    if same {
        return Vec::new();
    }
    model.said = now;
    let left = before.filter(|before| now.is_none_or(|now| now.case != before.case));
    let left = left.map(|left| Effect::LeaveCase(left.case));
    left.into_iter().chain(now.map(|now| Effect::SayPresence(now.case, now.doing))).collect()
}

/// The case on the screen or in the form, and whether something is typed for it.
fn before_us(model: &mut Model) -> Option<(CaseId, Doing)> {
    if let Some(amends) = model.intake.current().amends.as_ref().filter(|_| model.screen == Screen::Intake) {
        return Some((amends.case, Doing::Editing));
    }
    let case = model.open_case().filter(|_| model.screen == Screen::Case)?.case.row.id;
    let typing = model.overlays_mut().any(|overlay| overlay.is_act());
    Some((case, if typing { Doing::Editing } else { Doing::Reading }))
}

/// Takes in who else has a case before them, wherever it is shown.
pub(super) fn arrived(model: &mut Model, case: CaseId, present: &[Present]) -> Vec<Effect> {
    for row in rows(model).into_iter().filter(|row| row.id == case) {
        row.present = present.to_vec();
    }
    Vec::new()
}

/// Whether that changes anything that is known.
pub(super) fn is_news(model: &Model, case: CaseId, present: &[Present]) -> bool {
    let shown = model.open_case().map(|file| &file.case.row).into_iter();
    let shown = shown.chain(model.search.hits.iter().map(|hit| &hit.row)).chain(model.preview.row());
    let work = model.work.work.iter().flat_map(|work| [&work.taken, &work.open, &work.returned]);
    shown.chain(work.flatten()).any(|row| row.id == case && row.present != present)
}

/// Every row that the desk knows.
fn rows(model: &mut Model) -> Vec<&mut CaseRow> {
    let mut rows: Vec<&mut CaseRow> = model.search.hits.iter_mut().map(|hit| &mut hit.row).collect();
    rows.extend(model.case.file.as_mut().map(|file| &mut file.case.row));
    rows.extend(model.preview.row_mut());
    if let Some(work) = &mut model.work.work {
        rows.extend(work.taken.iter_mut().chain(&mut work.open).chain(&mut work.returned));
    }
    rows
}

/// Who else is there in words: `林晓（编辑中）、赵明`. Empty where nobody is.
pub fn names(present: &[Present]) -> String {
    let name = |present: &Present| match present.doing {
        Doing::Editing => rust_i18n::t!("presence.editing", name = present.name).into_owned(),
        Doing::Reading => present.name.to_string(),
    };
    present.iter().map(name).collect::<Vec<_>>().join(&rust_i18n::t!("presence.between"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn who_types_is_told_apart() {
        crate::i18n::set(Language::Zh);
        let person = |name: &str, doing| Present { name: name.parse().unwrap(), doing };
        assert_eq!(names(&[]), "");
        let both = [person("林晓", Doing::Editing), person("赵明", Doing::Reading)];
        assert_eq!(names(&both), "林晓（编辑中）、赵明");
    }
}

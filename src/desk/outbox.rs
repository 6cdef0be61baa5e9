//! What the desk makes of what the outbox tells.

use super::effects::Effect;
use super::model::{Connection, Model, Severity};
use super::screens::intake::Safety;
use super::screens::{case, drafts, intake};
use crate::domain::act::Verb;
use crate::journal::courier::Told;
use crate::journal::outbox::ItemId;
use crate::wire::problem::ProblemCode;

/// What was submitted is in the outbox, and with it the draft that it was; or it is only in memory: then the person is
/// told.
pub(super) fn kept(model: &mut Model, id: ItemId, kept: Result<(), &'static str>) -> Vec<Effect> {
    match kept {
        Ok(()) => {
            if let Some(draft) = model.intake.find_mut(id.draft()).filter(|draft| draft.sending) {
                draft.safety = Safety::Saved;
            }
        }
        Err(code) => model.say(Severity::Error, crate::i18n::name_of("journal", code)),
    }
    Vec::new()
}

/// Takes in what became of something that was submitted.
pub(super) fn follow(model: &mut Model, told: Told) -> Vec<Effect> {
    let listed = drafts::follow(model, &told);
    let effects = take_in(model, told);
    listed.into_iter().chain(effects).collect()
}

fn take_in(model: &mut Model, told: Told) -> Vec<Effect> {
    match told {
        Told::Accepted { item, case, merged } => match item.id {
            ItemId::Filing(_) => intake::filed(model, &item, &case),
            ItemId::Act(_) => {
                let merge = matches!(item.parcel.verb, Some(Verb::Merge | Verb::Unmerge));
                let shown = merge.then(|| case.clone());
                let instead = item.reminds_instead().then(|| case.row.number.grouped());
                let effects = case::done(model, &item, case, merged);
                if let Some(case) = shown {
                    intake::merged(model, &case);
                } else if let Some(number) = instead {
                    let words = rust_i18n::t!("same.reminded", number = number);
                    model.say(Severity::Done, words.into_owned());
                }
                effects
            }
        },
        Told::Waits { item, error } => {
            let ended = error.as_ref().is_some_and(|error| error.is(ProblemCode::SignInNeeded));
            // That nobody answers is said by the header, and that it waits by the receipt.
            let told = error.as_ref().filter(|error| !error.is_offline());
            let effects = told.map(|error| model.failed(error)).unwrap_or_default();
            match (item.id, item.case_filed()) {
                // Who signs in again need not be told that it waits.
                _ if ended => {}
                (ItemId::Filing(id), Some(filed)) => intake::waits(model, id, &filed),
                _ => case::waits(model, &item),
            }
            effects
        }
        Told::Aside { item, error } => match item.id {
            ItemId::Filing(_) => intake::aside(model, &item, &error),
            ItemId::Act(_) if !item.parcel.draft.is_empty() => intake::aside(model, &item, &error),
            ItemId::Act(_) => {
                if item.parcel.verb == Some(Verb::Merge) {
                    intake::not_merged(model, item.case);
                }
                case::aside(model, &item, &error)
            }
        },
        Told::Outlook(outlook) => {
            model.outlook = outlook;
            match (outlook.silent_since, model.connection) {
                (Some(since), Connection::Online) => model.connection = Connection::Offline(since),
                (None, Connection::Offline(since)) if outlook.last_contact.is_some_and(|at| at > since) => {
                    model.connection = Connection::Online;
                }
                _ => {}
            }
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::ids::Ids;
    use crate::desk::look::Look;
    use crate::desk::msg::{Msg, SignedIn};
    use crate::desk::update::update;
    use crate::desk::widgets::overlay::Borders;
    use crate::domain::code::Role;
    use crate::journal::courier::{Obstacle, Outlook};
    use crate::theme::{Depth, Theme};
    use crate::wire::account::{Account, Session};

    #[test]
    fn what_waits_for_a_person_is_shown_though_it_is_told_before_they_have_signed_in() {
        let look = Look::new(Theme::built_in("dark", Depth::True).unwrap(), Depth::True, Borders::Plain);
        let now = jiff::Timestamp::UNIX_EPOCH;
        let mut model = Model::new(look, false, Ids::new([1; 32]), now);
        let outlook = Outlook { waiting: 3, obstacle: Some(Obstacle::NoSuchHost), ..Outlook::default() };
        update(&mut model, Msg::Outbox(Told::Outlook(outlook)));
        let name = "agent".parse().unwrap();
        let account = Account { name, role: Role::Agent, departments: Vec::new(), disabled: false };
        let session = Session { token: String::new(), account, expires_at: now, idle_seconds: 0 };
        let signed_in = SignedIn { session, journal: Ok(()), offline: Some(now) };
        update(&mut model, Msg::SignedIn(Ok(Box::new(signed_in))));
        assert_eq!((model.outlook, model.alone), (outlook, true));
    }
}

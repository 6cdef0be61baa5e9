//! The signs that are in sight at all times: what is not on the disk, why nothing is sent, what waits, whether the server
//! is there, and what else answers in its place. The header shows them, the lock leaves them, and line by line they are said.
//!
//! `docs/guide.*` tells what each of them means.

use jiff::{SignedDuration, Timestamp};

use super::model::{Connection, Model};
use crate::i18n::{age, current, name_of, time_of_day};
use crate::journal::courier::Obstacle;
use crate::journal::schedule::Halt;
use crate::theme::Role;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sign {
    pub(super) words: String,
    pub(super) role: Role,
    /// Whether somebody must do something about it.
    pub(super) is_urgent: bool,
}

/// Those that hold now but the connection, the gravest first.
pub(super) fn signs(model: &Model) -> Vec<Sign> {
    let urgent = |words: String| Sign { words, role: Role::Error, is_urgent: true };
    let mut signs = Vec::new();
    if model.not_written {
        signs.push(urgent(rust_i18n::t!("sign.not_written").into_owned()));
    }
    if model.session.is_none() {
        return signs;
    }
    let outlook = model.outlook;
    if let Some(halt) = outlook.halt {
        let code = match halt {
            Halt::SignIn => "sign_in",
            Halt::Update => "update",
        };
        signs.push(urgent(name_of("halt", code)));
    }
    if outlook.aside > 0 {
        signs.push(urgent(rust_i18n::t!("outbox.aside", n = outlook.aside).into_owned()));
    }
    // While it is online what is under way is a matter of moments.
    let waiting = outlook.waiting;
    if waiting > 0 && (waiting > 1 || model.connection != Connection::Online) {
        let words = rust_i18n::t!("outbox.waiting", n = waiting).into_owned();
        signs.push(Sign { words, role: Role::Warning, is_urgent: false });
    }
    if let Some(ahead) = outlook.clock_off {
        let by = span(ahead.abs());
        let words = if ahead.is_negative() {
            rust_i18n::t!("sign.clock_fast", by = by)
        } else {
            rust_i18n::t!("sign.clock_slow", by = by)
        };
        signs.push(Sign { words: words.into_owned(), role: Role::Warning, is_urgent: false });
    }
    if let Some(obstacle) = outlook.obstacle {
        let words = match obstacle {
            Obstacle::NoSuchHost => rust_i18n::t!("obstacle.no_such_host"),
            Obstacle::NotOurServer => rust_i18n::t!("obstacle.not_our_server"),
            Obstacle::Untrusted => rust_i18n::t!("obstacle.untrusted"),
            Obstacle::Busy(until) => rust_i18n::t!("obstacle.busy", at = time_of_day(until, &model.zone())),
        };
        signs.push(Sign { words: words.into_owned(), role: Role::Warning, is_urgent: false });
    }
    signs
}

/// How long that is, in the largest unit of which there is one whole.
fn span(long: SignedDuration) -> String {
    let hours = long.as_hours();
    let words = match hours {
        0 => rust_i18n::t!("sign.minutes", n = long.as_mins()),
        1..24 => rust_i18n::t!("sign.hours", n = hours),
        _ => rust_i18n::t!("sign.days", n = hours / 24),
    };
    words.into_owned()
}

/// That nobody answers, since when, and how long ago somebody did; none while somebody does.
pub(super) fn offline(model: &Model) -> Option<String> {
    let Connection::Offline(since) = model.connection else { return None };
    let at = time_of_day(since, &model.zone());
    let heard = model.outlook.last_contact.unwrap_or(since);
    if model.now.duration_since(heard) < MINUTE {
        return Some(rust_i18n::t!("desk.offline", since = at).into_owned());
    }
    let heard = age(heard, model.now, current());
    Some(rust_i18n::t!("sign.offline", since = at, heard = heard).into_owned())
}

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// When [`offline`] says something else by itself: each minute, and after an hour each hour.
pub(super) fn changes_at(model: &Model) -> Option<Timestamp> {
    let Connection::Offline(since) = model.connection else { return None };
    let heard = model.outlook.last_contact.unwrap_or(since);
    let passed = model.now.duration_since(heard).max(SignedDuration::ZERO);
    let step = if passed < HOUR { MINUTE } else { HOUR };
    let steps = passed.as_secs() / step.as_secs() + 1;
    heard.checked_add(SignedDuration::from_secs(steps * step.as_secs())).ok()
}

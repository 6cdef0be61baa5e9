//! The lock: a desk that nobody touches is covered, and the password opens it again.
//!
//! Under it everything goes on: drafts are written, the outbox is sent, answers are taken in. What is typed, pasted or
//! clicked reaches nothing but the form that asks for the password. Another person may sign in there; what the one
//! before typed stays sealed in the journal. The desk wakes once, when the time is up.

use jiff::{SignedDuration, Timestamp};
use ratatui::layout::{Position, Rect};

use super::effects::Effect;
use super::hits::Canvas;
use super::model::Model;
use super::msg::Msg;
use super::screens::sign_in::Refusal;
use super::screens::{intake, sign_in};
use super::signs::signs;

/// Wrong passwords that cost no time.
const FREE: u32 = 3;
/// The most seconds that a wrong password costs.
const MOST: i64 = 300;

/// Whether the desk is locked, and when it will be.
#[derive(Debug, Default)]
pub struct Lock {
    /// How long nobody may touch it; none is for ever.
    pub after: Option<SignedDuration>,
    /// When somebody touched it last.
    touched: Timestamp,
    /// Whether it is locked.
    pub is_locked: bool,
    /// Wrong passwords since.
    wrong: u32,
    /// No password is tried before.
    not_before: Timestamp,
}

impl Lock {
    /// When it locks by itself.
    pub fn at(&self, has_session: bool) -> Option<Timestamp> {
        let after = self.after.filter(|_| has_session && !self.is_locked)?;
        self.touched.checked_add(after).ok()
    }

    /// Nobody is locked out any more.
    pub(super) fn open(&mut self, now: Timestamp) {
        (self.is_locked, self.wrong, self.touched) = (false, 0, now);
    }
}

/// Covers the desk; every draft is handed to the journal.
pub(super) fn lock(model: &mut Model) -> Vec<Effect> {
    let Some(session) = &model.session else { return Vec::new() };
    let name = session.account.name.to_string();
    model.lock.is_locked = true;
    model.sign_in.ask_again(&name);
    model.toast = None;
    intake::save_all(model)
}

/// Covers the desk if its time is up.
pub(super) fn due(model: &mut Model) -> Vec<Effect> {
    let at = model.lock.at(model.session.is_some());
    if at.is_some_and(|at| at <= model.now) { lock(model) } else { Vec::new() }
}

/// Notes that somebody is here, and keeps what they type from a desk that is locked: gives what comes of it instead,
/// and none for what is no input.
pub(super) fn keep_out(model: &mut Model, msg: &Msg) -> Option<Vec<Effect>> {
    let is_input = matches!(
        msg,
        Msg::Key(_)
            | Msg::Paste(_)
            | Msg::Chosen(_)
            | Msg::Pressed(_)
            | Msg::Focus(_)
            | Msg::Row(_)
            | Msg::Point(..)
            | Msg::NotUtf8
    );
    if !is_input {
        return None;
    }
    if !model.lock.is_locked {
        model.lock.touched = model.now;
        return None;
    }
    let press = match msg {
        Msg::Key(chord) => model.keys.press(*chord),
        Msg::Pressed(chord) => super::keymap::Press::of_default(*chord),
        _ => return Some(Vec::new()),
    };
    let asked = sign_in::key(model, &press);
    Some(asked.into_iter().filter_map(|effect| unlocking(model, effect)).collect())
}

/// Who types their own name opens their desk, without the server; any other name signs in.
fn unlocking(model: &mut Model, effect: Effect) -> Option<Effect> {
    let own = model.session.as_ref().map(|session| session.account.name.clone());
    match effect {
        Effect::SignIn { name, password } if Some(&name) == own.as_ref() => {
            let left = model.lock.not_before.duration_since(model.now).as_secs();
            if left > 0 {
                refuse(model, Refusal::NotYet(left));
                return None;
            }
            Some(Effect::Unlock { name, password })
        }
        other => Some(other),
    }
}

fn refuse(model: &mut Model, why: Refusal) {
    let screen = &mut model.sign_in;
    screen.password.clear();
    (screen.waiting, screen.error, screen.focus) = (false, Some(why), 1);
}

/// The password was tried.
pub(super) fn tried(model: &mut Model, opened: Result<(), &'static str>) {
    let now = model.now;
    match opened {
        Ok(()) => {
            model.lock.open(now);
            model.sign_in.password.clear();
            (model.sign_in.waiting, model.sign_in.error) = (false, None);
        }
        Err("wrong_password") => {
            model.lock.wrong += 1;
            let pause = match model.lock.wrong.checked_sub(FREE) {
                None => 0,
                Some(over) => MOST.min(5_i64.saturating_mul(1 << over.min(10))),
            };
            model.lock.not_before = now.checked_add(SignedDuration::from_secs(pause)).unwrap_or(now);
            refuse(model, if pause == 0 { Refusal::WrongPassword } else { Refusal::WrongForNow(pause) });
        }
        Err(code) => refuse(model, Refusal::Desk(code)),
    }
}

/// Covers everything: who sits here, how much waits, and the password. Nothing of a case.
pub(super) fn view(model: &Model, buf: &mut Canvas<'_>, area: Rect) -> Option<Position> {
    let words: Vec<_> = signs(model).into_iter().map(|sign| sign.words).collect();
    super::paint::put(
        buf,
        area,
        1,
        &format!(" {}", words.join("  ")),
        model.look.style(crate::theme::Role::Warning),
    );
    sign_in::view_locked(model, buf, area)
}

//! What is said: the difference between what was said last and what the desk knows now.
//!
//! [`speak`] is pure, and a table in its tests. Each screen keeps a small copy of what was said of it, so that nothing
//! is said twice and nothing that changed is left out; what is out of sight is said when it comes back.

mod case;
mod drafts;
mod intake;
mod overlay;
mod row;
mod search;
mod sign_in;
mod work;

use jiff::Timestamp;

pub(super) use self::row::aloud;
use super::asked::{Asked, NINE};
use crate::desk::model::{Connection, Model, Screen, Severity};
use crate::desk::signs::signs;
use crate::i18n::name_of;

/// Something to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// The words, as people typed them where they did: made safe where they are written out.
    pub(super) text: String,
    /// Whether it cannot wait until the person has finished a line.
    pub(super) at_once: bool,
}

/// What was said last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    screen: Option<Screen>,
    who: Option<String>,
    offline: Option<Timestamp>,
    signs: Vec<String>,
    locked: bool,
    toast: Option<(Timestamp, String)>,
    /// Rows of the list in front that were read out.
    heard: usize,
    sign_in: sign_in::Seen,
    intake: intake::Seen,
    search: search::Seen,
    case: case::Seen,
    work: work::Seen,
    drafts: drafts::Seen,
    overlay: overlay::Seen,
}

impl Seen {
    /// What was refused is said again if it is refused again.
    pub(super) fn forget_refusals(&mut self) {
        self.sign_in.forget_refusals();
        self.intake.forget_refusals();
        self.overlay.forget_refusals();
    }

    /// What stands in front is said again, all of it.
    pub(super) fn forget_front(&mut self, model: &Model) {
        if model.overlay.is_some() {
            self.overlay = overlay::Seen::default();
            return;
        }
        self.screen = None;
        self.heard = 0;
        match model.screen {
            Screen::SignIn => self.sign_in = sign_in::Seen::default(),
            Screen::Intake => self.intake = intake::Seen::default(),
            Screen::Search => self.search = search::Seen::default(),
            Screen::Case => self.case = case::Seen::default(),
            Screen::Work => self.work = work::Seen::default(),
            Screen::Drafts => self.drafts = drafts::Seen::default(),
        }
    }
}

/// Collects what is said.
#[derive(Debug, Default)]
struct Lines(Vec<Said>);

impl Lines {
    fn say(&mut self, text: impl Into<String>) {
        self.0.push(Said { text: text.into(), at_once: false });
    }

    fn say_at_once(&mut self, text: impl Into<String>) {
        self.0.push(Said { text: text.into(), at_once: true });
    }

    /// At most nine rows with their numbers, from the place `from`; returns the place after the last.
    fn rows(&mut self, rows: impl Iterator<Item = String>, from: usize) -> usize {
        let mut next = from;
        for row in rows.skip(from).take(NINE) {
            next += 1;
            self.say(format!("{next}. {row}"));
        }
        next
    }
}

/// What is to be said of `model` after what was `seen`, and what is seen then.
pub(super) fn speak(seen: &Seen, model: &Model) -> (Vec<Said>, Seen) {
    let (mut lines, mut now) = (Lines::default(), seen.clone());
    if locked(&mut lines, &mut now, model) {
        return (lines.0, now);
    }
    connection(&mut lines, &mut now, model);
    urgent(&mut lines, &mut now, model);
    who(&mut lines, &mut now, model);
    if now.screen != Some(model.screen) {
        now.screen = Some(model.screen);
        now.heard = 0;
        if model.screen != Screen::SignIn {
            lines.say_at_once(name_of("screen", model.screen.code()));
        }
    }
    toast(&mut lines, &mut now, model);
    overlay::told(&mut lines, &mut now.overlay, model);
    if model.overlay.is_none() {
        match model.screen {
            Screen::SignIn => sign_in::told(&mut lines, &mut now.sign_in, model),
            Screen::Intake => intake::told(&mut lines, &mut now.intake, &mut now.heard, model),
            Screen::Search => search::told(&mut lines, &mut now.search, &mut now.heard, model),
            Screen::Case => case::told(&mut lines, &mut now.case, model),
            Screen::Work => work::told(&mut lines, &mut now.work, &mut now.heard, model),
            Screen::Drafts => drafts::told(&mut lines, &mut now.drafts, &mut now.heard, model),
        }
    }
    (lines.0, now)
}

/// The next nine of the list in front.
pub(super) fn more(seen: &Seen, model: &Model) -> (Vec<Said>, Seen) {
    let (mut lines, mut now) = (Lines::default(), seen.clone());
    now.heard = match (&model.overlay, model.screen) {
        (None, Screen::Search) => search::rows(&mut lines, seen.heard, model),
        (None, Screen::Work) => work::rows(&mut lines, seen.heard, model),
        (None, Screen::Drafts) => drafts::rows(&mut lines, seen.heard, model),
        (None, Screen::Intake) => intake::rows(&mut lines, seen.heard, model),
        _ => seen.heard,
    };
    if now.heard == seen.heard {
        lines.say(rust_i18n::t!("linear.no_more"));
    }
    (lines.0, now)
}

/// How many rows of the list in front were read out.
pub(super) fn heard(seen: &Seen) -> usize {
    seen.heard
}

/// Every field of the form with its number.
pub(super) fn fields(model: &Model) -> Vec<Said> {
    let mut lines = Lines::default();
    let form = &model.intake.current().form;
    for (at, field) in form.fields().enumerate() {
        let words = Asked::of_field(model, field).value_words();
        lines.say(format!("{}. {words}", at + 1));
    }
    lines.0
}

/// Connection, drafts, call and where one is.
pub(super) fn status(model: &Model) -> Vec<Said> {
    let mut lines = Lines::default();
    if let Some(session) = &model.session {
        let city = model.city.as_ref().map(|city| city.body.city.name.clone()).unwrap_or_default();
        let role = name_of("role", session.account.role.code());
        lines.say(rust_i18n::t!("linear.who", name = session.account.name, role = role, city = city));
    }
    let offline = crate::desk::signs::offline(model);
    lines.say(offline.unwrap_or_else(|| rust_i18n::t!("desk.online").into_owned()));
    for sign in signs(model) {
        lines.say(sign.words);
    }
    lines.say(rust_i18n::t!(
        "linear.draft",
        place = model.intake.place(),
        n = model.intake.count(),
        words = name_of("screen", model.screen.code())
    ));
    if let Some(call) = model.call() {
        let minutes = crate::desk::screens::intake::minutes(call.figure());
        let phase = name_of(crate::desk::screens::intake::Phase::KIND, call.phase().code());
        lines.say(super::asked::said(&phase, &minutes));
    }
    lines.0
}

fn offline(model: &Model, since: Timestamp) -> String {
    let since = crate::i18n::time_of_day(since, &model.zone());
    rust_i18n::t!("desk.offline", since = since).into_owned()
}

fn connection(lines: &mut Lines, seen: &mut Seen, model: &Model) {
    match (seen.offline, model.connection) {
        (None, Connection::Offline(since)) => {
            lines.say_at_once(offline(model, since));
            seen.offline = Some(since);
        }
        (Some(_), Connection::Online) => {
            lines.say(rust_i18n::t!("desk.online"));
            seen.offline = None;
        }
        _ => {}
    }
}

/// That the desk is locked; nothing else is said until it is open again.
fn locked(lines: &mut Lines, seen: &mut Seen, model: &Model) -> bool {
    let is_locked = model.lock.is_locked;
    if is_locked && !seen.locked {
        lines.say_at_once(rust_i18n::t!("lock.title"));
        lines.say(rust_i18n::t!("lock.told"));
    }
    seen.locked = is_locked;
    if is_locked {
        sign_in::told(lines, &mut seen.sign_in, model);
    }
    is_locked
}

/// What somebody must see to, once; how much waits is told when it is asked for.
fn urgent(lines: &mut Lines, seen: &mut Seen, model: &Model) {
    let now: Vec<_> = signs(model).into_iter().filter(|sign| sign.is_urgent).map(|sign| sign.words).collect();
    for words in now.iter().filter(|words| !seen.signs.contains(words)) {
        lines.say_at_once(words.clone());
    }
    seen.signs = now;
}

fn who(lines: &mut Lines, seen: &mut Seen, model: &Model) {
    let name = model.session.as_ref().map(|session| session.account.name.to_string());
    // The city is part of it.
    if name != seen.who && model.city.is_some() {
        seen.who = name;
        if let Some(first) = status(model).into_iter().next() {
            lines.0.push(first);
        }
        if model.demo {
            lines.say(rust_i18n::t!("desk.demo"));
        }
        lines.say(rust_i18n::t!("linear.how"));
    }
}

fn toast(lines: &mut Lines, seen: &mut Seen, model: &Model) {
    let now = model.toast.as_ref().map(|toast| (toast.until, toast.text.clone()));
    if let Some(toast) = model.toast.as_ref().filter(|_| now != seen.toast) {
        let at_once = toast.severity == Severity::Error;
        lines.0.push(Said { text: toast.text.clone(), at_once });
    }
    seen.toast = now;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::screens::intake::FieldId;
    use crate::desk::screens::overlay::{Overlay, Question};
    use crate::desk::widgets::overlay::Borders;
    use crate::desk::{Desk, Look};
    use crate::domain::check::{Fault, FaultCode};
    use crate::theme::{Depth, Theme};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_449_593 + second).unwrap()
    }

    fn desk() -> Desk {
        let look = Look::new(Theme::built_in("dark", Depth::None).unwrap(), Depth::None, Borders::Ascii);
        let mut desk = Desk::new(look, false, [7; 32], at(0));
        desk.model.screen = Screen::Intake;
        desk
    }

    /// What each change of the model has said: the words, those that come at once with a `!`.
    #[test]
    fn a_change_is_said_once_and_what_stays_is_not() {
        type Change = fn(&mut Model);
        let table: &[(&str, Change, &[&str])] = &[
            ("the screen", |_| (), &["!Intake"]),
            ("nothing", |_| (), &[]),
            ("a message", |model| model.say(Severity::Info, "kept".into()), &["kept"]),
            ("the same message goes", |model| model.toast = None, &[]),
            ("an error", |model| model.say(Severity::Error, "no".into()), &["!no"]),
            (
                "the same error later",
                |model| {
                    model.now = at(1);
                    model.say(Severity::Error, "no".into());
                },
                &["!no"],
            ),
            (
                "the server goes",
                |model| model.connection = Connection::Offline(at(2)),
                &["!Offline since 15:59"],
            ),
            ("it is still gone", |model| model.connection = Connection::Offline(at(2)), &[]),
            ("it is being tried", |model| model.connection = Connection::Unknown, &[]),
            ("it is back", |model| model.connection = Connection::Online, &["Online"]),
            (
                "faults",
                |model| {
                    let fault = Fault::new(FieldId::Text.pointer(), FaultCode::Required);
                    model.intake.current_mut().faults = vec![fault];
                },
                &["!Text is needed"],
            ),
            (
                "one more",
                |model| {
                    let fault = Fault::new(FieldId::Lead.pointer(), FaultCode::Required);
                    model.intake.current_mut().faults.push(fault);
                },
                &["!Lead is needed"],
            ),
            ("one less", |model| model.intake.current_mut().faults.truncate(1), &[]),
            ("a choice", |model| model.intake.current_mut().form.confidential = true, &["Secret: Yes"]),
            (
                "a title that follows the text",
                |model| {
                    let form = &mut model.intake.current_mut().form;
                    form.text.set("The lamps are out");
                    form.propose_title();
                },
                &["Title: The lamps are out"],
            ),
            ("a question over it", |model| model.lay(Overlay::Confirm(Question::Quit)), &["!Please confirm"]),
            ("it stays", |_| (), &[]),
            ("it goes", Model::uncover, &[]),
            ("another screen", |model| model.go(Screen::Case), &["!Case"]),
        ];
        let (mut desk, mut seen) = (desk(), Seen::default());
        for (what, change, expected) in table {
            change(&mut desk.model);
            let (said, now) = speak(&seen, &desk.model);
            seen = now;
            let mark = |said: &Said| format!("{}{}", if said.at_once { "!" } else { "" }, said.text);
            assert_eq!(said.iter().map(mark).collect::<Vec<_>>(), *expected, "{what}");
            assert_eq!(speak(&seen, &desk.model), (Vec::new(), seen.clone()), "{what} is said twice");
        }
    }

    #[test]
    fn what_is_in_front_is_said_again_when_it_is_asked_for() {
        let (mut desk, seen) = (desk(), Seen::default());
        desk.model.intake.current_mut().faults = vec![Fault::new("/intake/text", FaultCode::Required)];
        let (first, mut seen) = speak(&seen, &desk.model);
        seen.forget_front(&desk.model);
        assert_eq!(speak(&seen, &desk.model).0, first);
        seen.forget_refusals();
        assert_eq!(speak(&speak(&seen, &desk.model).1, &desk.model).0, []);
    }
}

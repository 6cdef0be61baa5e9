//! The desk without a screen: for screen readers, braille lines, dumb terminals and pipes.
//!
//! The same [`Desk`], told by lines and answering by lines. The terminal stays as it is found: nothing is drawn, moved
//! or painted over, every line is plain text that is written once and never touched again. What comes by itself waits
//! until the person has finished a line, unless it is an error or takes the question away.
//!
//! `hear` reads lines and signals, `asked` is the question that a line answers, `read` and `command` say what the
//! line means, `speak` what there is to say after it.

mod asked;
mod command;
mod hear;
mod read;
mod speak;

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::action::Action;
use super::effects::Effect;
use super::hands::Hands;
use super::input::Input;
use super::keymap::Deed;
use super::mailbox::{Mailbox, Post};
use super::model::{Model, Screen, Severity};
use super::msg::Msg;
use super::run::{App as _, Effects};
use super::screens::intake::{FieldId, Form, Safety};
use super::screens::overlay::{Choosing, DispatchField, Overlay};
use super::screens::sign_in::Asking;
use super::terminal::Silence;
use super::{Desk, Options};
use crate::clock::Clock;
use crate::domain::safe::SafeText;
use crate::domain::secret::Secret;
use asked::Asked;
use command::{Command, Found, Listening};
use read::Read;
use speak::{Said, Seen};

/// How long a question waits for answers that nobody waits for: a line is not torn for them, but what comes at once
/// is said before it.
const PATIENCE: Duration = Duration::from_millis(400);
/// After so long a wait it is said that there is one.
const LONG: Duration = Duration::from_secs(2);
/// How long a desk that was told to stop may still save.
const STOP_GRACE: Duration = Duration::from_millis(900);

/// A line, or the end of them.
#[derive(Debug)]
enum Heard {
    Line(Secret),
    End,
}

/// The loop and all it holds.
struct Linear<E, W> {
    desk: Desk,
    mailbox: Mailbox<Msg>,
    effects: E,
    clock: Clock,
    out: W,
    seen: Seen,
    /// Lines that wait for their turn.
    lines: VecDeque<Heard>,
    /// What was asked for and is not begun.
    asked_for: Vec<Effect>,
    /// Whether the question has been asked that the next line answers.
    prompted: bool,
    /// Whether a text of several lines is being taken.
    collecting: bool,
    /// While a password is asked for.
    silence: Option<Silence>,
    /// Since when the desk works on the last line.
    since: Instant,
    /// Whether the person has been told that it takes long.
    told_long: bool,
    /// Whether Ctrl-C was pressed and nothing since.
    interrupted: bool,
    stopping: bool,
}

/// Runs the desk line by line on standard input and output until the person leaves. `why` is said first.
pub fn run(options: Options, why: Option<&str>) -> anyhow::Result<()> {
    let mailbox: Mailbox<Msg> = Mailbox::default();
    let (journal, desk, first) = super::begin(&options, &mailbox)?;
    hear::listen(&mailbox, &options.runtime).context("listening to standard input")?;
    let clock = options.clock.clone();
    let hands = Hands::new(options, Arc::clone(&journal), &mailbox);
    let _witness = super::in_hand::Witness(Arc::clone(&journal));
    let mut linear = Linear {
        desk,
        mailbox,
        effects: hands,
        clock,
        out: io::stdout(),
        seen: Seen::default(),
        lines: VecDeque::new(),
        asked_for: vec![first],
        prompted: false,
        collecting: false,
        silence: None,
        since: Instant::now(),
        told_long: false,
        interrupted: false,
        stopping: false,
    };
    // Nobody may be listening any more; what was typed is safe all the same.
    let done = linear.greet(why).and_then(|()| linear.run());
    // Whoever waits for a journal that never came waits no longer.
    journal.give_up();
    match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => linear.stop(),
        other => other.context("speaking to standard output")?,
    }
    match journal.failure() {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

impl<E: Effects<Desk>, W: Write> Linear<E, W> {
    fn greet(&mut self, why: Option<&str>) -> io::Result<()> {
        let name = rust_i18n::t!("desk.name");
        self.say(&rust_i18n::t!("linear.greeting", name = name))?;
        why.map_or(Ok(()), |why| self.say(why))
    }

    fn run(&mut self) -> io::Result<()> {
        loop {
            self.take_in()?;
            self.begin_effects();
            if self.desk.finished() {
                return self.say(&rust_i18n::t!("linear.over"));
            }
            if self.stopping {
                self.stop();
                return self.say(&rust_i18n::t!("linear.stopped"));
            }
            if let Some(wait) = self.unsettled() {
                if !self.mailbox.wait(Some(wait)) && !self.told_long && self.since.elapsed() >= LONG {
                    self.told_long = true;
                    self.say(&rust_i18n::t!("linear.wait"))?;
                }
                continue;
            }
            self.speak()?;
            match self.lines.pop_front() {
                Some(heard) => self.hear(heard)?,
                None => {
                    self.mailbox.wait(None);
                }
            }
        }
    }

    /// Takes in all that has come. Lines wait for their turn.
    fn take_in(&mut self) -> io::Result<()> {
        while let Some(post) = self.mailbox.take() {
            match post {
                Post::Msg(msg) => self.update(msg),
                Post::Input(Input::Line(line)) => self.lines.push_back(Heard::Line(line)),
                Post::Input(Input::NoMoreLines) => self.lines.push_back(Heard::End),
                Post::Input(Input::Interrupt) if self.interrupted => self.stopping = true,
                Post::Input(Input::Interrupt) => {
                    self.interrupted = true;
                    self.say(&rust_i18n::t!("linear.how_to_leave"))?;
                    self.prompted = false;
                }
                Post::Input(Input::Stop(_)) => self.stopping = true,
                Post::Input(input) => {
                    if let Some(msg) = self.desk.on_input(input) {
                        self.update(msg);
                    }
                }
            }
        }
        Ok(())
    }

    fn update(&mut self, msg: Msg) {
        for effect in self.desk.update(msg, self.clock.now()) {
            self.asked_for.retain(|earlier| !effect.replaces(earlier));
            self.asked_for.push(effect);
        }
    }

    fn begin_effects(&mut self) {
        // Nothing is put off here: a line is typed less often than a key.
        while let Some((at, msg)) = self.desk.due() {
            let effects = self.desk.update(msg, at);
            self.asked_for.extend(effects);
        }
        for effect in self.asked_for.drain(..) {
            self.effects.run(effect, &self.mailbox);
        }
    }

    /// How long to wait before the next question, if something is still to come that belongs before it.
    fn unsettled(&self) -> Option<Duration> {
        let model = self.desk.model();
        let unsaved = model.intake.current().safety == Safety::Unsaved;
        let coming = matches!(model.sign_in.asking, Asking::Nobody | Asking::Wait) && model.session.is_none();
        let busy = !self.mailbox.is_idle();
        if coming || busy && is_awaited(model) {
            return Some(LONG);
        }
        let left = PATIENCE.saturating_sub(self.since.elapsed());
        ((busy || unsaved) && !left.is_zero()).then_some(left)
    }

    /// Says what there is to say, and asks.
    fn speak(&mut self) -> io::Result<()> {
        let (said, seen) = speak::speak(&self.seen, self.desk.model());
        if (self.prompted || self.collecting) && !said.iter().any(|said| said.at_once) {
            return Ok(());
        }
        self.seen = seen;
        self.say_all(&said)?;
        self.ask()
    }

    fn ask(&mut self) -> io::Result<()> {
        if !self.collecting {
            let asked = Asked::of(self.desk.model());
            // Before the question, for an answer may come with it.
            let secret = matches!(asked, Asked::Secret(_));
            if secret != self.silence.is_some() {
                self.silence = secret.then(Silence::begin);
            }
            self.say(&asked.words())?;
        }
        self.prompted = true;
        Ok(())
    }

    fn say_all(&mut self, said: &[Said]) -> io::Result<()> {
        said.iter().try_for_each(|said| self.say(&said.text))
    }

    /// Writes a line, or a few where a text has several.
    fn say(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", SafeText::block(text.trim_end()).as_str())?;
        self.out.flush()
    }

    /// Takes in a line.
    fn hear(&mut self, heard: Heard) -> io::Result<()> {
        self.since = Instant::now();
        (self.told_long, self.interrupted, self.prompted) = (false, false, false);
        self.update(Msg::Wake);
        let line = match heard {
            Heard::End => {
                self.stopping = true;
                return Ok(());
            }
            Heard::Line(line) => line,
        };
        let asked = Asked::of(self.desk.model());
        if self.desk.model().screen == Screen::SignIn
            || matches!(asked, Asked::Secret(_) | Asked::Article(..))
        {
            self.seen.forget_refusals();
        }
        match read::read(line.expose(), &asked, self.desk.model(), self.collecting) {
            Read::Do(first, then) => {
                if self.all(first) {
                    self.go_on(then)?;
                }
            }
            Read::Collect(first) => self.collecting = self.all(first),
            Read::Collected => {
                self.collecting = false;
                self.leave_text()?;
            }
            Read::Command(name) => {
                self.collecting = false;
                self.command(&name)?;
            }
            Read::More => self.more()?,
            Read::Say(words) => self.say(&words)?,
        }
        Ok(())
    }

    /// Hands messages to the desk; says whether it took them all.
    fn all(&mut self, msgs: Vec<Msg>) -> bool {
        let refused = |model: &Model| {
            model.toast.as_ref().filter(|toast| toast.severity == Severity::Error).map(|toast| toast.until)
        };
        let before = refused(self.desk.model());
        for msg in msgs {
            self.update(msg);
        }
        let after = refused(self.desk.model());
        after.is_none() || after == before
    }

    /// Goes on to the next field, and says so where there is none.
    fn go_on(&mut self, msg: Option<Msg>) -> io::Result<()> {
        let Some(msg) = msg else { return Ok(()) };
        let before = place(self.desk.model());
        self.update(msg);
        // One that collects stays where it is until nothing is added any more.
        let was_last = before.is_some_and(|before| place(self.desk.model()).is_some_and(|now| now <= before));
        if was_last && !collects(self.desk.model()) {
            self.say(&rust_i18n::t!("linear.was_last"))?;
        }
        Ok(())
    }

    /// A text of several lines is done with.
    fn leave_text(&mut self) -> io::Result<()> {
        let model = self.desk.model();
        if model.overlay.is_some() {
            return self.say(&rust_i18n::t!("linear.send_or_cancel"));
        }
        // Enter breaks lines here; this is where it would lead.
        let form = &model.intake.current().form;
        let next = form.fields().find(|field| *field > form.focus && Form::PATH.contains(field));
        self.go_on(Some(Msg::Focus(next.unwrap_or(form.focus))))
    }

    fn more(&mut self) -> io::Result<()> {
        let model = self.desk.model();
        let heard = speak::heard(&self.seen);
        if model.overlay.is_none() && model.screen == Screen::Search && !model.search.hits.is_empty() {
            // Going there fetches what comes after it.
            self.update(Msg::Row(heard + asked::NINE));
            self.begin_effects();
            while is_awaited(self.desk.model()) && self.mailbox.wait(Some(LONG)) {
                self.take_in()?;
                self.begin_effects();
            }
        }
        let (said, seen) = speak::more(&self.seen, self.desk.model());
        self.seen = seen;
        self.say_all(&said)
    }

    fn command(&mut self, name: &str) -> io::Result<()> {
        if name.is_empty() {
            return self.list();
        }
        let model = self.desk.model();
        if model.overlay.is_none()
            && model.screen == Screen::Intake
            && let Some(field) = command::named(name, model)
        {
            // The whole name of a field leads there, whatever it is a part of.
            self.update(Msg::Focus(field));
            return Ok(());
        }
        match command::find(name, self.desk.model()) {
            Found::One(Command::Do(action), rest) => self.act(action, &rest),
            Found::One(Command::Listen(listening), rest) => self.listen(listening, &rest),
            Found::One(Command::Press(chord), _) => {
                self.update(Msg::Key(chord));
                Ok(())
            }
            Found::Several(names) => {
                let names = names.iter().map(|name| format!("/{name}")).collect::<Vec<_>>();
                let names = names.join(&rust_i18n::t!("linear.comma"));
                self.say(&rust_i18n::t!("linear.several", names = names))
            }
            Found::NotHere(name) if self.desk.model().overlay.is_some() => {
                self.say(&rust_i18n::t!("linear.dialog_first", name = name))
            }
            Found::NotHere(name) => self.say(&rust_i18n::t!("linear.not_here", name = name)),
            Found::Nothing => self.say(&rust_i18n::t!("linear.unknown")),
        }
    }

    /// Every command of this place, with its number, its key and why not.
    fn list(&mut self) -> io::Result<()> {
        let model = self.desk.model();
        let mut lines = Vec::new();
        for (at, command) in command::here(model).into_iter().enumerate() {
            let mut words = format!("{}. {}", at + 1, command.name(model));
            if let Some(why) = command.why_not(model) {
                words = rust_i18n::t!("linear.with_hint", field = words, hint = why).into_owned();
            }
            lines.push(words);
        }
        lines.iter().try_for_each(|line| self.say(line))
    }

    fn act(&mut self, action: Action, rest: &str) -> io::Result<()> {
        match action {
            Action::Help => return self.say(&rust_i18n::t!("linear.guide")),
            Action::Palette | Action::Menu => return self.list(),
            _ if command::needs_a_screen(action) => {
                return self.say(&rust_i18n::t!("linear.needs_a_screen"));
            }
            _ => {}
        }
        if let Some(overlay) = &self.desk.model().overlay {
            // What a dialog knows of the actions, it knows by their keys.
            let known = command::here(self.desk.model()).contains(&Command::Do(action));
            let key = self
                .desk
                .model()
                .keys
                .of_deed(Deed::Action(action))
                .and_then(|binding| binding.chords.first().copied());
            return match (action, key) {
                (Action::Back, _) => self.listen(Listening::Cancel, ""),
                (Action::Submit, _) => self.listen(Listening::Send, ""),
                (Action::CopyNumber, Some(key)) if let Overlay::Receipt(receipt) = overlay => {
                    let aloud = receipt.number.as_ref().map(speak::aloud).unwrap_or_default();
                    self.update(Msg::Key(key));
                    aloud.iter().try_for_each(|words| self.say(words))
                }
                (_, Some(key)) if known => {
                    self.update(Msg::Key(key));
                    Ok(())
                }
                _ => {
                    let name = super::action::name(action, self.desk.model());
                    self.say(&rust_i18n::t!("linear.dialog_first", name = name))
                }
            };
        }
        if let Some(row) = read::number(rest) {
            self.update(Msg::Row(row - 1));
        }
        let aloud = match action {
            Action::CopyNumber => self.desk.model().number_at_hand().map(speak::aloud),
            _ => None,
        };
        match action {
            Action::Submit => self.seen.forget_refusals(),
            Action::Refresh => self.seen.forget_front(self.desk.model()),
            // The query holds the letters until one leaves it.
            Action::Back
                if self.desk.model().screen == Screen::Search && self.desk.model().search.in_query =>
            {
                for msg in read::press("tab") {
                    self.update(msg);
                }
            }
            _ => {}
        }
        self.update(Msg::Chosen(action));
        if action == Action::Language {
            self.seen.forget_front(self.desk.model());
        }
        aloud.iter().flatten().try_for_each(|words| self.say(words))
    }

    fn listen(&mut self, listening: Listening, rest: &str) -> io::Result<()> {
        let model = self.desk.model();
        match listening {
            Listening::More => return self.more(),
            Listening::Again => self.seen.forget_front(model),
            Listening::Fields => return self.say_all(&speak::fields(model)),
            Listening::Field => match command::field(rest, model) {
                Some(field) => self.update(Msg::Focus(field)),
                None => return self.say(&rust_i18n::t!("linear.which_field")),
            },
            Listening::Previous => self.press("shift-tab"),
            Listening::Next => self.press("tab"),
            Listening::Send => {
                self.seen.forget_refusals();
                self.press("ctrl-s");
            }
            Listening::Cancel => self.press("esc"),
            Listening::Status => return self.say_all(&speak::status(model)),
        }
        Ok(())
    }

    fn press(&mut self, key: &str) {
        for msg in read::press(key) {
            self.update(msg);
        }
    }

    /// Keeps what was typed.
    fn stop(&mut self) {
        self.update(Msg::Stop);
        self.begin_effects();
        let by = Instant::now() + STOP_GRACE;
        while !self.mailbox.is_idle() {
            let left = by.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            self.mailbox.wait(Some(left));
            while self.mailbox.take().is_some() {}
        }
    }
}

/// Whether what is under way was asked for by the person, who waits for it.
fn is_awaited(model: &Model) -> bool {
    let sending = match &model.overlay {
        Some(Overlay::Prompt(prompt)) => prompt.sending,
        Some(Overlay::Dispatch(dialog)) => dialog.sending,
        Some(Overlay::Password(dialog)) => dialog.sending,
        Some(Overlay::Chooser(chooser)) => chooser.choosing == Choosing::Topic && model.hot.topics.is_none(),
        _ => false,
    };
    let screen = match model.screen {
        Screen::SignIn => true,
        Screen::Intake => model.intake.current().sending,
        Screen::Search => model.search.waiting,
        Screen::Case => model.case.acting.is_some() || model.open_case().is_none(),
        Screen::Work => model.work.work.is_none(),
        Screen::Drafts => model.drafts.waiting,
    };
    sending || screen || model.sign_in.waiting || model.session.is_some() && model.city.is_none()
}

/// Which field is asked for, as far as going on moves it.
fn place(model: &Model) -> Option<usize> {
    match &model.overlay {
        Some(Overlay::Dispatch(dialog)) => dialog.fields().iter().position(|field| *field == dialog.focus),
        Some(Overlay::Password(dialog)) => Some(dialog.focus as usize),
        Some(Overlay::Clash(dialog)) => Some(dialog.list.selected()),
        Some(_) => None,
        None => {
            let form = &model.intake.current().form;
            form.fields().position(|field| field == form.focus).filter(|_| model.screen == Screen::Intake)
        }
    }
}

/// Whether the field in focus takes several, one after the other.
fn collects(model: &Model) -> bool {
    match &model.overlay {
        Some(Overlay::Dispatch(dialog)) => dialog.focus == DispatchField::Assisting,
        Some(_) => false,
        None => model.intake.current().form.focus == FieldId::Assisting,
    }
}

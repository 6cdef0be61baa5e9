//! What each message does to the model, and what it sets off. Decides only: no clock, no disk, no waiting.

use super::action::{self, Action};
use super::city::CityTables;
use super::copy;
use super::cramped;
use super::early;
use super::effects::Effect;
use super::expand;
use super::hot;
use super::keymap::{Control, Deed, Press};
use super::keys::Chord;
use super::lock;
use super::model::{Connection, Model, Screen, Severity};
use super::msg::{Answer, Msg, NotSignedIn, SignedIn};
use super::open_again::OpenedAgain;
use super::outbox;
use super::pointing;
use super::presence;
use super::saved;
use super::screens::intake::{FieldId, Safety};
use super::screens::overlay::{
    Help, Knowledge, Menu, Overlay, Palette, PasswordDialog, Question, ThemePicker,
};
use super::screens::sign_in::Asking;
use super::screens::{case, drafts as kept, intake, overlay, search, sign_in, work};
use super::tour;
use super::widgets::edit::Edit;
use crate::client::{ClientError, Live};
use crate::domain::account::{AccountName, Permission};
use crate::domain::number::CaseNumber;
use crate::journal::News;
use crate::wire::problem::ProblemCode;
use crate::wire::profile::ProfileBody;

/// Takes in one message, and shows a receipt that has come of it.
pub(super) fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    if let Some(kept_out) = lock::keep_out(model, &msg) {
        return kept_out;
    }
    let Some(msg) = early::keep(model, msg) else { return Vec::new() };
    if matches!(msg, Msg::Key(_)) {
        tour::count(model);
    }
    if !matches!(msg, Msg::Key(chord) if chord.text().is_some() && intake::is_in_text(model)) {
        intake::catch_up(model);
    }
    let mut effects = take_in(model, msg);
    effects.extend(intake::present(model));
    effects.extend(presence::follow(model));
    if model.screen == Screen::Drafts {
        kept::settle(model);
    }
    tour::follow(model);
    effects
}

#[expect(clippy::too_many_lines, reason = "a table: one arm a message")]
fn take_in(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(chord) => key(model, chord),
        Msg::Paste(text) => paste(model, &text),
        Msg::Chosen(action) => act_on(model, action),
        Msg::Pressed(chord) => pressed(model, &Press::of_default(chord)),
        Msg::Focus(field) => intake::focus(model, field),
        Msg::Row(row) => select(model, row),
        Msg::Size(size) => cramped::resized(model, size),
        Msg::Point(hit, gesture) => pointing::pointed(model, hit, gesture),
        Msg::NotUtf8 => {
            model.say(Severity::Error, rust_i18n::t!("desk.not_utf8").into_owned());
            Vec::new()
        }
        // The terminal goes away: every draft is written, then the desk is over.
        Msg::Stop => intake::save_all(model),
        Msg::Due => intake::due(model),
        Msg::Wake => {
            let now = model.now;
            model.toast.take_if(|toast| toast.until <= now);
            model.intake.count_calls(now);
            lock::due(model)
        }
        Msg::ServerIsThere { has_setup_secret } => {
            model.has_setup_secret = has_setup_secret;
            vec![Effect::Reach]
        }
        Msg::NoServer | Msg::Over => {
            model.finished = true;
            Vec::new()
        }
        Msg::Setup(answer) => setup(model, answer),
        Msg::Unlocked(opened) => {
            lock::tried(model, opened);
            Vec::new()
        }
        Msg::PasswordChanged(answer) => overlay::password_changed(model, answer),
        Msg::SignedIn(answer) => signed_in(model, answer),
        Msg::AskAgain => {
            model.alone = false;
            ask_again(model)
        }
        Msg::Profile(answer) => {
            let mut effects = profile(model, answer);
            effects.extend(early::type_all(model));
            effects
        }
        Msg::Uses(name, uses) => {
            // Of the person who is here now, and not of one before.
            if model.session.as_ref().is_some_and(|session| session.account.name == name) {
                model.uses = uses;
                model.settle_uses();
            }
            Vec::new()
        }
        Msg::SavedSearches(name, saved) => {
            saved::arrived(model, &name, saved);
            Vec::new()
        }
        Msg::NotKept(code) => {
            model.say(Severity::Error, crate::i18n::name_of("journal", code));
            Vec::new()
        }
        Msg::Topics(turn, answer) => hot::arrived(model, turn, answer),
        Msg::Station(answer) => match answer {
            Ok(()) => {
                // Drafts begun before there was a station get their numbers now.
                let unnumbered = model.intake.all_mut().filter(|draft| draft.number.is_none());
                unnumbered.filter_map(|draft| draft.id).map(Effect::IssueNumber).collect()
            }
            Err(error) => model.failed(&error),
        },
        Msg::Numbered(id, number) => {
            let draft = model.intake.find_mut(id).filter(|draft| number.is_some() && draft.number.is_none());
            draft
                .and_then(|draft| {
                    draft.number = number;
                    intake::save(draft)
                })
                .into_iter()
                .collect()
        }
        Msg::Drafts(found) => drafts(model, *found),
        Msg::FirstTime(name) => greet(model, &name),
        Msg::Journal(news) => journal(model, &news),
        Msg::Ledger(turn, ledger) => kept::arrived(model, turn, *ledger),
        Msg::Submitted(id, kept) => outbox::kept(model, id, kept),
        Msg::Outbox(told) => outbox::follow(model, told),
        Msg::History(turn, answer) => match (answer, model.intake.asked(|side| side.history_turn == turn)) {
            (Ok(history), Some(side)) => {
                side.history = Some(history);
                Vec::new()
            }
            (Err(error), Some(_)) => model.unasked(&error),
            (_, None) => Vec::new(),
        },
        Msg::Like(turn, answer) => match (answer, model.intake.asked(|side| side.like_turn == turn)) {
            (Ok(like), Some(side)) => {
                side.like = Some(like);
                Vec::new()
            }
            (Err(error), Some(_)) => model.unasked(&error),
            (_, None) => Vec::new(),
        },
        Msg::Suggested(turn, answer) => {
            intake::suggested(model, turn, answer);
            Vec::new()
        }
        Msg::Found(turn, goes_on, answer) => search::found(model, turn, goes_on, answer),
        Msg::Preview(turn, answer) => match model.preview.arrived(turn, answer) {
            Ok(()) => Vec::new(),
            Err(error) => model.unasked(&error),
        },
        Msg::Case(turn, answer) => case::arrived(model, turn, answer),
        Msg::Compared(draft, answer) => intake::compared(model, draft, answer),
        Msg::Asides(id, items) => case::put_aside(model, id, items),
        Msg::Caller(id, answer) => case::caller(model, id, answer),
        Msg::Present(id, present) => presence::arrived(model, id, &present),
        Msg::Work(turn, answer) => work::arrived(model, turn, answer),
        Msg::Themes(shelf) => {
            overlay::reshelve(model, shelf);
            Vec::new()
        }
        Msg::Live(live) => follow(model, live),
    }
}

fn profile(model: &mut Model, answer: Answer<Box<ProfileBody>>) -> Vec<Effect> {
    match answer {
        Ok(body) => {
            model.city = CityTables::new(*body).map(std::sync::Arc::new);
            if model.city.is_none() {
                model.say(Severity::Error, rust_i18n::t!("desk.bad_profile").into_owned());
            }
            intake::follow_all(model);
            model.settle_uses();
            Vec::new()
        }
        Err(error) => model.failed(&error),
    }
}

/// Takes in the drafts of the disk. Whoever has none may be new here.
fn drafts(model: &mut Model, found: OpenedAgain) -> Vec<Effect> {
    let OpenedAgain { drafts, half_read, closed, broken } = found;
    let (n, n_broken) = (drafts.len(), broken.len());
    model.drafts.broken = broken;
    model.intake.restore(drafts);
    intake::follow_all(model);
    if n_broken > 0 {
        model.say(Severity::Warning, rust_i18n::t!("desk.drafts_broken", n = n_broken).into_owned());
    } else if closed > 0 {
        model.say(Severity::Warning, rust_i18n::t!("desk.drafts_closed", n = closed).into_owned());
    } else if half_read > 0 {
        model.say(Severity::Warning, rust_i18n::t!("desk.drafts_half_read", n = half_read).into_owned());
    } else if n > 0 {
        model.say(Severity::Info, rust_i18n::t!("desk.drafts_restored", n = n).into_owned());
    }
    let newcomer = model.greets && n + n_broken == 0 && closed == 0;
    let name = model.session.as_ref().filter(|_| newcomer).map(|session| session.account.name.clone());
    intake::look(model).into_iter().chain(name.map(Effect::Greet)).collect()
}

/// Shows the first keys to somebody who has not begun to work.
fn greet(model: &mut Model, name: &AccountName) -> Vec<Effect> {
    let here = model.session.as_ref().is_some_and(|session| session.account.name == *name);
    let draft = model.intake.current();
    let idle = model.overlay.is_none() && model.intake.count() == 1 && draft.is_untouched();
    // What was typed already is about to be seen.
    let idle = idle && model.early.as_ref().is_none_or(|early| early.chars() == 0);
    if here && idle && model.uses.is_empty() {
        model.lay(Overlay::FirstKeys);
    }
    Vec::new()
}

/// "Saved" is said only of what a power cut cannot take: of a draft that has not changed since the disk was asked to keep it.
fn journal(model: &mut Model, news: &News) -> Vec<Effect> {
    match news {
        News::Written { id, version } => {
            if let Some(draft) = model.intake.find_mut(*id).filter(|draft| draft.changes == *version) {
                draft.safety = Safety::Written;
            }
        }
        News::Durable(drafts) => {
            model.not_written = false;
            for draft in model.intake.all_mut().filter(|draft| draft.becomes_safe(drafts)) {
                draft.safety = Safety::Saved;
            }
        }
        News::SetAside(salvaged) => {
            model.say(Severity::Warning, rust_i18n::t!("desk.journal_set_aside", n = salvaged).into_owned());
        }
        News::NoDisk => model.lay(Overlay::Confirm(Question::WithoutDisk)),
        News::NotOpened => model.finished = true,
        News::NotWritten(code) => {
            let known = std::mem::replace(&mut model.not_written, true);
            for draft in model.intake.all_mut().filter(|draft| draft.safety == Safety::Unsaved) {
                draft.safety = Safety::Failed;
            }
            // It is tried each second, and the sign stands until it is done.
            if !known {
                model.say(Severity::Error, crate::i18n::name_of("journal", code));
            }
        }
    }
    Vec::new()
}

/// Takes in a key as it was pressed.
pub(super) fn key(model: &mut Model, chord: Chord) -> Vec<Effect> {
    if model.cramped && !cramped::asks_to_quit(model) {
        let command = if model.is_typing() { chord } else { chord.as_command() };
        let press = model.keys.press(command);
        return cramped::key(model, &press);
    }
    if matches!(model.overlay, Some(Overlay::FirstKeys))
        && overlay::close_first_keys(model, &model.keys.press(chord))
    {
        return Vec::new();
    }
    let typing = model.is_typing();
    // Where nothing is typed, what an input method makes of a key acts as the key.
    let chord = if typing { chord } else { chord.as_command() };
    let dialog = model.overlay.is_some();
    // Caps Lock is how many people leave their input method for a moment.
    let chord = if dialog && !typing { chord.without_caps() } else { chord };
    // A dialog has all keys, except that of what is done with the text in it.
    let action = model.keys.action(chord, model.screen, typing);
    if let Some(action) = action.filter(|action| !dialog || *action == Action::Expand) {
        return act_on(model, action);
    }
    let press = model.keys.press(chord);
    pressed(model, &press)
}

/// Takes in a key that is no action.
pub(super) fn pressed(model: &mut Model, press: &Press) -> Vec<Effect> {
    let copied = match press.edit() {
        Some(Edit::Paste) => return copy::paste(model),
        Some(Edit::Copy) => return copy::copy(model),
        // The input then removes what was copied.
        Some(Edit::Cut) => copy::cut(model),
        _ => None,
    };
    let done = key_for_all(model, press);
    copied.into_iter().chain(done).collect()
}

/// Hands a key to what has the keys.
fn key_for_all(model: &mut Model, press: &Press) -> Vec<Effect> {
    if press.is(Control::NextSlot) && model.writing().is_some_and(|mut writing| writing.next_slot()) {
        // What stands before the next slot is as typed; only the selection is another.
        return Vec::new();
    }
    if model.overlay.is_some() {
        return overlay::key(model, press);
    }
    match model.screen {
        Screen::SignIn => sign_in::key(model, press),
        Screen::Intake => intake::key(model, press),
        Screen::Search => search::key(model, press),
        Screen::Case => case::key(model, press),
        Screen::Work => work::key(model, press),
        Screen::Drafts => kept::key(model, press),
    }
}

/// Selects a row of the list in front.
pub(super) fn select(model: &mut Model, row: usize) -> Vec<Effect> {
    match model.screen {
        Screen::Search => return search::select(model, row),
        Screen::Work => model.work.list.select(row),
        Screen::Drafts => kept::select(model, row),
        Screen::Intake => {
            if let Some(list) = model.intake.current_mut().side.list_mut() {
                list.select(row);
            }
        }
        Screen::SignIn | Screen::Case => {}
    }
    Vec::new()
}

/// Takes in a text that was pasted.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if matches!(model.overlay, Some(Overlay::FirstKeys)) {
        model.uncover();
    }
    if model.overlay.is_some() {
        return overlay::paste(model, text);
    }
    match model.screen {
        Screen::SignIn => sign_in::paste(model, text),
        Screen::Intake => intake::paste(model, text),
        Screen::Search => search::paste(model, text),
        Screen::Case | Screen::Work | Screen::Drafts => Vec::new(),
    }
}

/// Does an action, or says why it cannot be done now.
#[expect(clippy::too_many_lines, reason = "a table: one arm an action")]
pub(super) fn act_on(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Err(why) = action::available(action, model) {
        let why = crate::i18n::name_of("why_not", why);
        model.say(Severity::Error, why);
        return Vec::new();
    }
    match action {
        Action::Help => model.overlay = Some(Overlay::Help(Help::of(model, None))),
        Action::Menu => model.overlay = Some(Overlay::Menu(Menu::of(model))),
        Action::Palette => model.overlay = Some(Overlay::Palette(Palette::of(model))),
        Action::Knowledge => {
            model.overlay = Knowledge::of(model).map(|open| Overlay::Knowledge(Box::new(open)));
        }
        Action::GoIntake => model.go(Screen::Intake),
        Action::GoSearch => {
            model.go(Screen::Search);
            model.search.in_query = true;
            return search::refresh(model);
        }
        Action::GoWork => {
            model.go(Screen::Work);
            return work::refresh(model);
        }
        Action::GoDrafts | Action::Retry | Action::ThrowAway => return kept::act(model, action),
        Action::Refresh => return refresh(model),
        Action::Submit => return intake::submit(model),
        Action::NextKind => return intake::turn_kind(model),
        Action::NextOrder => return search::next_order(model),
        Action::SavedSearches => return saved::open(model),
        Action::ForgetSearch => return saved::forget(model),
        Action::HotTopics => return hot::open(model),
        Action::Template => {
            if let Some(chooser) = overlay::Chooser::of(model) {
                model.lay(Overlay::Chooser(Box::new(chooser)));
            }
        }
        Action::Expand => return expand::expand(model),
        Action::TakeSuggestion => return intake::take_suggestion(model),
        Action::NextOutcome => {
            model.intake.current_mut().form.focus = FieldId::Outcome;
            let effects = intake::key(model, &Press::of(Deed::Control(Control::NextChoice)));
            let form = &mut model.intake.current_mut().form;
            form.focus = form.fields().find(|field| *field > FieldId::Outcome).unwrap_or(FieldId::Outcome);
            return effects;
        }
        Action::NewDraft => model.intake.open_new(),
        Action::NextDraft => return intake::show_next(model),
        Action::Draft1
        | Action::Draft2
        | Action::Draft3
        | Action::Draft4
        | Action::Draft5
        | Action::Draft6
        | Action::Draft7
        | Action::Draft8
        | Action::Draft9 => {
            return action.draft().map(|place| intake::show_at(model, place)).unwrap_or_default();
        }
        Action::Hold => return intake::hold(model),
        Action::EndCall => return intake::end_call(model),
        Action::CopyNumber => {
            let number = model.number_at_hand().cloned();
            return number.map(|number| copy_number(model, &number)).into_iter().collect();
        }
        Action::DiscardDraft => {
            if let Some(id) = model.intake.current().id {
                model.overlay = Some(Overlay::Confirm(Question::Discard(id)));
            }
        }
        Action::SidePanel => {
            let n = model.intake.current().beside();
            model.intake.current_mut().side.toggle(n);
            return model.read_beside();
        }
        Action::Open => return open(model),
        Action::Merge if model.screen != Screen::Case => return intake::ask_same(model),
        Action::Dispatch
        | Action::Amend
        | Action::Answer
        | Action::Note
        | Action::Remind
        | Action::Close
        | Action::FollowUp
        | Action::Reopen
        | Action::Void
        | Action::Confirm
        | Action::Merge
        | Action::Aside
        | Action::Reveal => return case::begin(model, action),
        Action::Language => {
            crate::i18n::set(crate::i18n::current().other());
            // It was said in the other language.
            model.toast = None;
        }
        Action::Theme => {
            model.lay(Overlay::Themes(Box::new(ThemePicker::of(&model.look))));
            return vec![Effect::ReadThemes];
        }
        Action::Lock => return lock::lock(model),
        Action::Password => model.lay(Overlay::Password(Box::new(PasswordDialog::new()))),
        Action::FirstKeys => model.lay(Overlay::FirstKeys),
        Action::TourNext => tour::skip(model),
        Action::TourBack => tour::back(model),
        Action::Mouse => return vec![pointing::switch(model)],
        Action::Back => return back(model),
        Action::Suspend => return vec![Effect::Suspend],
        Action::Quit => {
            model.overlay = Some(Overlay::Confirm(Question::Quit));
        }
    }
    Vec::new()
}

/// Opens what is selected in the list in front.
fn open(model: &mut Model) -> Vec<Effect> {
    if model.screen == Screen::Drafts {
        return kept::open(model);
    }
    model.selected_case().map(|id| case::open(model, id)).unwrap_or_default()
}

/// Copies a case number as other programs want it, without gaps.
pub(super) fn copy_number(model: &mut Model, number: &CaseNumber) -> Effect {
    model.say(Severity::Done, rust_i18n::t!("call.copied", number = number.grouped()).into_owned());
    model.copy(number.as_str())
}

fn back(model: &mut Model) -> Vec<Effect> {
    if model.screen == Screen::Intake && model.intake.current_mut().form.close_list() {
        return Vec::new();
    }
    let side = &mut model.intake.current_mut().side;
    if model.screen == Screen::Intake && side.has_keys() {
        side.leave();
    } else if model.screen == Screen::Search && model.search.in_query && !model.search.query.is_empty() {
        model.search.in_query = false;
    } else if let Some(screen) = model.behind.pop() {
        if model.screen == Screen::Intake && model.intake.current().is_only_opened() {
            // A case that was looked at in the form and left as it is was no draft.
            let id = model.intake.current().id;
            id.map(|id| model.intake.remove(id));
        }
        model.screen = screen;
        // What changed while it was out of sight was not followed.
        return refresh(model);
    }
    Vec::new()
}

fn refresh(model: &mut Model) -> Vec<Effect> {
    match model.screen {
        Screen::SignIn => vec![Effect::Setup],
        Screen::Intake => intake::look(model),
        Screen::Search => search::refresh(model),
        Screen::Case => case::refresh(model),
        Screen::Work => work::refresh(model),
        Screen::Drafts => kept::refresh(model),
    }
}

fn setup(model: &mut Model, answer: Answer<bool>) -> Vec<Effect> {
    match answer {
        Ok(needs_first) => {
            model.connection = Connection::Online;
            let asking =
                if needs_first && model.has_setup_secret { Asking::FirstAccount } else { Asking::SignIn };
            model.sign_in.asking = asking;
            if std::mem::take(&mut model.sign_in.held) {
                return sign_in::send(model);
            }
        }
        Err(error) => {
            model.sign_in.asking = Asking::SignIn;
            model.sign_in.held = false;
            model.sign_in.error = Some(error.into());
            model.connection = Connection::Offline(model.now);
        }
    }
    Vec::new()
}

fn signed_in(model: &mut Model, answer: Result<Box<SignedIn>, NotSignedIn>) -> Vec<Effect> {
    model.sign_in.waiting = false;
    match answer {
        Ok(signed_in) => {
            let again =
                model.session.as_ref().is_some_and(|old| old.account.name == signed_in.session.account.name);
            model.sign_in.password.clear();
            model.sign_in.again.clear();
            let name = signed_in.session.account.name.clone();
            model.session = Some(signed_in.session);
            if let Err(code) = signed_in.journal {
                model.say(Severity::Warning, crate::i18n::name_of("journal", code));
            }
            // Until the live stream stands: what happens before it does is read anew then.
            let alone = signed_in.offline.is_some();
            model.connection = if alone { Connection::Offline(model.now) } else { Connection::Unknown };
            let was_alone = std::mem::replace(&mut model.alone, alone);
            if again {
                // The text under the dialog was never touched; only the session is new.
                model.beneath.retain(|overlay| !matches!(overlay, Overlay::SignIn));
                if matches!(model.overlay, Some(Overlay::SignIn)) {
                    model.uncover();
                }
                if alone {
                    return Vec::new();
                }
                let mut effects = vec![Effect::Listen];
                if was_alone {
                    // What could not be asked for before.
                    effects.push(Effect::Profile);
                }
                if model.may(Permission::TakeCases) {
                    // Sessions also end when a server is put back from a backup, and then it may have forgotten ours.
                    effects.push(Effect::Station);
                }
                effects.extend(refresh(model));
                return effects;
            }
            // Another person: what was on the screen is not theirs to see. Its drafts are in the journal.
            model.leave_to_another();
            if alone {
                let words = rust_i18n::t!("outbox.alone");
                model.say(Severity::Warning, words.into_owned());
                vec![Effect::Profile, Effect::Uses(name.clone()), Effect::SavedSearches(name), Effect::Drafts]
            } else if model.may(Permission::TakeCases) {
                vec![
                    Effect::Profile,
                    Effect::Uses(name.clone()),
                    Effect::SavedSearches(name),
                    Effect::Station,
                    Effect::Drafts,
                    Effect::Listen,
                ]
            } else {
                // Who takes no calls has no number to give and no draft; the search asks once the stream stands.
                model.screen = Screen::Search;
                vec![Effect::Profile, Effect::SavedSearches(name), Effect::Listen]
            }
        }
        Err(error) => {
            model.sign_in.password.clear();
            model.sign_in.again.clear();
            model.sign_in.error = Some(error.into());
            early::let_go(model);
            if model.sign_in.asking == Asking::Nobody {
                model.sign_in.asking = Asking::SignIn;
            }
            model.sign_in.focus = 1;
            Vec::new()
        }
    }
}

/// Asks the person who is here for the password.
fn ask_again(model: &mut Model) -> Vec<Effect> {
    // Several answers may want it; what is typed into the dialog stays.
    let asked = model.overlays_mut().any(|overlay| matches!(overlay, Overlay::SignIn));
    // Who came in without the server is signed in by itself.
    if let Some(session) = model.session.as_ref().filter(|_| !asked && !model.alone) {
        let name = session.account.name.to_string();
        model.sign_in.ask_again(&name);
        model.lay(Overlay::SignIn);
    }
    Vec::new()
}

fn follow(model: &mut Model, live: Live) -> Vec<Effect> {
    match live {
        Live::Connected => {
            let was = std::mem::replace(&mut model.connection, Connection::Online);
            if was == Connection::Online { Vec::new() } else { refresh(model) }
        }
        Live::Change { change, .. } => {
            let mut effects = case::changed(model, change.case, change.version);
            effects.extend(hot::changed(model));
            match model.screen {
                Screen::Work => effects.extend(work::changed(model)),
                Screen::Search if !model.search.waiting => effects.extend(search::refresh(model)),
                _ => {}
            }
            effects
        }
        Live::Presence(change) => presence::arrived(model, change.case, &change.present),
        Live::Reload => refresh(model),
        Live::Disconnected(_) => {
            if !matches!(model.connection, Connection::Offline(_)) {
                model.connection = Connection::Offline(model.now);
            }
            Vec::new()
        }
        Live::Ended(error) => model.failed(&error),
    }
}

impl Model {
    /// Takes in the failure of what nobody asked for: that nobody answers is said by the header, and by nothing else.
    fn unasked(&mut self, error: &ClientError) -> Vec<Effect> {
        if !error.is_offline() {
            return self.failed(error);
        }
        if !matches!(self.connection, Connection::Offline(_)) {
            self.connection = Connection::Offline(self.now);
        }
        Vec::new()
    }

    /// Takes in a failure: the session may have ended, the server may be gone, or it is only said.
    pub fn failed(&mut self, error: &ClientError) -> Vec<Effect> {
        if error.is(ProblemCode::SignInNeeded) {
            return ask_again(self);
        }
        if error.is_offline() && !matches!(self.connection, Connection::Offline(_)) {
            self.connection = Connection::Offline(self.now);
        }
        let words = self.in_words(error);
        self.say(Severity::Error, words);
        Vec::new()
    }
}

//! The one table of what can be done at the desk: key, where it works, and why not right now.
//!
//! Footer, help, palette, menu and key reference read it, and the [`super::keymap`] starts from it. What is not in
//! this table cannot be done by a command key. Names are in the locales: `action.NAME` and, for help,
//! `action_help.NAME`.

use super::model::{Connection, Model, Screen};
use crate::domain::account::Permission;
use crate::domain::act::Verb;
use crate::domain::code::code_enum;

code_enum! {
    /// What can be done.
    Action = "action" {
        /// Show the keys that work here.
        Help = "help",
        /// Find an action by name.
        Palette = "palette",
        /// What can be done with the thing under the selection.
        Menu = "menu",
        /// Go to intake.
        GoIntake = "go_intake",
        /// Go to search.
        GoSearch = "go_search",
        /// Go to one's own work.
        GoWork = "go_work",
        /// Go to the drafts and to what was submitted.
        GoDrafts = "go_drafts",
        /// Send once more what the server would not have.
        Retry = "retry",
        /// Throw the selected draft or item away, after asking.
        ThrowAway = "throw_away",
        /// Read the screen anew from the server.
        Refresh = "refresh",
        /// Turn between the newest and the most relevant cases first.
        NextOrder = "next_order",
        /// Keep this search under a name, or run one that was kept.
        SavedSearches = "saved_searches",
        /// Forget the saved search that stands in the query.
        ForgetSearch = "forget_search",
        /// See what several callers told of one place.
        HotTopics = "hot_topics",
        /// File the case that is being typed.
        Submit = "submit",
        /// Say what is done with the case: register, answer on the spot, dispatch.
        NextOutcome = "next_outcome",
        /// Put a ready text in at the caret, or a tag.
        Template = "template",
        /// Put in the text that the word before the caret stands for.
        Expand = "expand",
        /// Take the next kind of case.
        NextKind = "next_kind",
        /// Take what the text suggests for the matter and the department.
        TakeSuggestion = "take_suggestion",
        /// Look something up in the knowledge base.
        Knowledge = "knowledge",
        /// Start another draft.
        NewDraft = "new_draft",
        /// Throw the draft away, after asking.
        DiscardDraft = "discard_draft",
        /// Go to the next draft.
        NextDraft = "next_draft",
        /// Go to the first draft.
        Draft1 = "draft_1",
        /// Go to the second draft.
        Draft2 = "draft_2",
        /// Go to the third draft.
        Draft3 = "draft_3",
        /// Go to the fourth draft.
        Draft4 = "draft_4",
        /// Go to the fifth draft.
        Draft5 = "draft_5",
        /// Go to the sixth draft.
        Draft6 = "draft_6",
        /// Go to the seventh draft.
        Draft7 = "draft_7",
        /// Go to the eighth draft.
        Draft8 = "draft_8",
        /// Go to the ninth draft.
        Draft9 = "draft_9",
        /// Put the caller on hold, or end the hold.
        Hold = "hold",
        /// End the call; once more, the work after it.
        EndCall = "end_call",
        /// Copy the number of the case.
        CopyNumber = "copy_number",
        /// Go to the panel of earlier cases beside the form, and back.
        SidePanel = "side_panel",
        /// Open the selected case.
        Open = "open",
        /// Dispatch, redispatch or send to rework, as the state asks.
        Dispatch = "dispatch",
        /// Answer on the spot.
        Answer = "answer",
        /// Change the fields of the case.
        Amend = "amend",
        /// Write a note.
        Note = "note",
        /// Remind the department.
        Remind = "remind",
        /// Close the case.
        Close = "close",
        /// Write down what the caller said when they were asked whether it was solved.
        FollowUp = "follow_up",
        /// Open the case again.
        Reopen = "reopen",
        /// Void the case.
        Void = "void",
        /// Confirm a case whose time is doubtful or that came late.
        Confirm = "confirm",
        /// At intake: merge the call into a case that is there, or remind of it. On a case: merge it, or undo that.
        Merge = "merge",
        /// See to an act that was not done.
        Aside = "aside",
        /// See who called, on the record.
        Reveal = "reveal",
        /// Change the language.
        Language = "language",
        /// Change the theme.
        Theme = "theme",
        /// Cover the screen until the password is given.
        Lock = "lock",
        /// Give oneself another password.
        Password = "password",
        /// Show the three keys of the first start.
        FirstKeys = "first_keys",
        /// Go on in the tour.
        TourNext = "tour_next",
        /// Go back in the tour.
        TourBack = "tour_back",
        /// Listen to the mouse, or leave it to the terminal.
        Mouse = "mouse",
        /// Go back.
        Back = "back",
        /// Give the terminal to the shell for a while.
        Suspend = "suspend",
        /// Leave the desk.
        Quit = "quit",
    }
}

impl Action {
    /// The place of the draft that it goes to, from 1.
    pub fn draft(self) -> Option<usize> {
        let drafts = [
            Self::Draft1,
            Self::Draft2,
            Self::Draft3,
            Self::Draft4,
            Self::Draft5,
            Self::Draft6,
            Self::Draft7,
            Self::Draft8,
            Self::Draft9,
        ];
        drafts.iter().position(|draft| *draft == self).map(|at| at + 1)
    }
}

/// Where an action works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On every screen once signed in.
    Anywhere,
    /// On these screens.
    On(&'static [Screen]),
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// What it does.
    pub action: Action,
    /// Keys that work also while text is typed: F-keys, Ctrl and Alt. A person's `keys.toml` may say otherwise.
    pub keys: &'static [&'static str],
    /// Single keys that work where nothing is typed.
    pub bare: &'static [&'static str],
    /// Where.
    pub place: Place,
    /// Its place in the footer; 0 keeps it out.
    pub footer: u8,
}

const INTAKE: Place = Place::On(&[Screen::Intake]);
const CASE: Place = Place::On(&[Screen::Case]);
/// Where there are texts, be it in a dialog.
const TEXTS: Place = Place::On(&[Screen::Intake, Screen::Search, Screen::Case]);
const SEARCH: Place = Place::On(&[Screen::Search]);
const LISTS: Place = Place::On(&[Screen::Search, Screen::Work, Screen::Drafts]);
const DRAFTS: Place = Place::On(&[Screen::Drafts]);

/// The table.
pub const TABLE: &[Row] = &[
    row(Action::Submit, &["ctrl-s", "f9"], &[], INTAKE, 1),
    row(Action::NextOutcome, &["f8"], &[], INTAKE, 2),
    row(Action::SidePanel, &["f6"], &[], INTAKE, 3),
    row(Action::Template, &["f7"], &[], INTAKE, 0),
    row(Action::NextKind, &["alt-k"], &[], INTAKE, 0),
    row(Action::TakeSuggestion, &["alt-j"], &[], INTAKE, 0),
    row(Action::NewDraft, &["ctrl-n"], &[], INTAKE, 7),
    row(Action::NextDraft, &["ctrl-t"], &[], INTAKE, 0),
    row(Action::DiscardDraft, &["alt-delete"], &[], INTAKE, 0),
    row(Action::Hold, &["alt-h"], &[], Place::Anywhere, 0),
    row(Action::EndCall, &["alt-e"], &[], Place::Anywhere, 0),
    row(Action::CopyNumber, &["alt-c"], &[], Place::Anywhere, 0),
    row(Action::Open, &[], &["enter"], LISTS, 1),
    row(Action::NextOrder, &["alt-r"], &[], SEARCH, 0),
    row(Action::SavedSearches, &["alt-s"], &["s"], SEARCH, 2),
    row(Action::ForgetSearch, &["alt-delete"], &["delete"], SEARCH, 0),
    row(Action::Retry, &["f8"], &["r"], DRAFTS, 2),
    row(Action::ThrowAway, &["alt-delete"], &["delete"], DRAFTS, 3),
    row(Action::Dispatch, &["f6"], &["d"], CASE, 1),
    row(Action::Note, &["f7"], &["n"], CASE, 2),
    row(Action::Remind, &["f8"], &["r"], CASE, 3),
    row(Action::Amend, &["alt-g"], &["g"], CASE, 3),
    row(Action::Answer, &["alt-a"], &["a"], CASE, 4),
    row(Action::Close, &["f9"], &["c"], CASE, 4),
    row(Action::FollowUp, &["alt-p"], &["p"], CASE, 5),
    row(Action::Reopen, &["alt-o"], &["o"], CASE, 5),
    row(Action::Void, &["alt-v"], &["v"], CASE, 6),
    row(Action::Confirm, &["alt-y"], &["y"], CASE, 0),
    row(Action::Merge, &["alt-b"], &["b"], Place::On(&[Screen::Intake, Screen::Case]), 6),
    row(Action::Aside, &["alt-i"], &["i"], CASE, 0),
    row(Action::Reveal, &["alt-u"], &["u"], CASE, 6),
    row(Action::Expand, &["alt-/"], &[], TEXTS, 0),
    row(Action::GoIntake, &["f2"], &[], Place::Anywhere, 8),
    row(Action::GoSearch, &["f3"], &["/"], Place::Anywhere, 8),
    row(Action::GoWork, &["f4"], &[], Place::Anywhere, 8),
    row(Action::GoDrafts, &["alt-d"], &[], Place::Anywhere, 0),
    row(Action::Knowledge, &["alt-w"], &[], Place::Anywhere, 0),
    row(Action::HotTopics, &["alt-f"], &[], Place::Anywhere, 0),
    row(Action::Refresh, &["f5"], &[], Place::Anywhere, 0),
    row(Action::Help, &["f1"], &["?"], Place::Anywhere, 9),
    row(Action::Palette, &["ctrl-p"], &[":"], Place::Anywhere, 9),
    row(Action::Menu, &["f10", "alt-m"], &[], Place::Anywhere, 0),
    row(Action::Language, &["alt-l"], &[], Place::Anywhere, 0),
    row(Action::Theme, &["alt-t"], &[], Place::Anywhere, 0),
    row(Action::Mouse, &["alt-x"], &[], Place::Anywhere, 0),
    row(Action::Back, &["esc"], &[], Place::Anywhere, 0),
    row(Action::Suspend, &["alt-z"], &[], Place::Anywhere, 0),
    row(Action::Quit, &["ctrl-q"], &["q"], Place::Anywhere, 9),
    row(Action::Draft1, &["alt-1"], &[], Place::Anywhere, 0),
    row(Action::Draft2, &["alt-2"], &[], Place::Anywhere, 0),
    row(Action::Draft3, &["alt-3"], &[], Place::Anywhere, 0),
    row(Action::Draft4, &["alt-4"], &[], Place::Anywhere, 0),
    row(Action::Draft5, &["alt-5"], &[], Place::Anywhere, 0),
    row(Action::Draft6, &["alt-6"], &[], Place::Anywhere, 0),
    row(Action::Draft7, &["alt-7"], &[], Place::Anywhere, 0),
    row(Action::Draft8, &["alt-8"], &[], Place::Anywhere, 0),
    row(Action::Draft9, &["alt-9"], &[], Place::Anywhere, 0),
    row(Action::Lock, &["alt-q"], &[], Place::Anywhere, 0),
    row(Action::Password, &[], &[], Place::Anywhere, 0),
    row(Action::FirstKeys, &[], &[], Place::Anywhere, 0),
    row(Action::TourNext, &["f12"], &[], Place::Anywhere, 0),
    row(Action::TourBack, &[], &[], Place::Anywhere, 0),
];

const fn row(
    action: Action,
    keys: &'static [&'static str],
    bare: &'static [&'static str],
    place: Place,
    footer: u8,
) -> Row {
    Row { action, keys, bare, place, footer }
}

impl Row {
    /// Whether the action belongs to `screen` at all.
    pub fn belongs_to(&self, screen: Screen) -> bool {
        match self.place {
            Place::Anywhere => screen != Screen::SignIn || !needs_session(self.action),
            Place::On(screens) => screens.contains(&screen),
        }
    }
}

/// Why an action cannot be done now: the key of a sentence in the locales, `why_not.CODE`.
pub type WhyNot = &'static str;

/// Whether `action` can be done now, and if not, why.
pub fn available(action: Action, model: &Model) -> Result<(), WhyNot> {
    if model.session.is_none() && needs_session(action) {
        return Err("sign_in_first");
    }
    if let Some(why) = elsewhere(action, model.screen) {
        return Err(why);
    }
    match action {
        Action::Submit | Action::DiscardDraft | Action::Template | Action::NextKind
            if model.intake.current().sending =>
        {
            Err("sending")
        }
        Action::Submit if !model.intake.current().is_untouched() && model.city.is_none() => Err("no_city"),
        Action::NextOutcome if model.intake.current().amends.is_some() => Err("amending"),
        Action::SidePanel if model.intake.current().beside() == 0 => Err("nothing_beside"),
        Action::NextDraft if model.intake.count() < 2 => Err("only_one_draft"),
        Action::Submit | Action::DiscardDraft if model.intake.current().is_untouched() => {
            Err("nothing_typed")
        }
        Action::Template if model.city.is_none() => Err("no_city"),
        Action::Template => {
            let focus = model.intake.current().form.focus;
            crate::desk::screens::overlay::Choosing::of(focus).map(|_| ()).ok_or("no_template_here")
        }
        Action::Expand if model.is_writing() => Ok(()),
        Action::Expand => Err("no_text_here"),
        Action::TakeSuggestion => {
            crate::desk::screens::intake::nothing_to_take(model.intake.current()).map_or(Ok(()), Err)
        }
        Action::Merge if model.screen != Screen::Case => {
            super::screens::intake::same_event(model).map(|_| ())
        }
        Action::Hold | Action::EndCall if !model.intake.has_clock() => Err("no_call_clock"),
        Action::Hold => model.call().filter(|call| call.is_live()).map(|_| ()).ok_or("no_call"),
        Action::EndCall => model.call().map(|_| ()).ok_or("no_call"),
        Action::CopyNumber => model.number_at_hand().map(|_| ()).ok_or("no_number"),
        Action::Knowledge if model.city.as_ref().is_none_or(|city| city.body.knowledge.is_empty()) => {
            Err("no_knowledge")
        }
        Action::HotTopics => allowed(model, Permission::ReadCases),
        Action::ForgetSearch if !super::saved::is_saved(model) => Err("not_saved"),
        Action::TourNext | Action::TourBack if model.tour.is_none() => Err("no_tour"),
        Action::TourBack if model.tour.as_ref().is_some_and(|tour| tour.at() == 0) => Err("first_step"),
        Action::Open if model.screen == Screen::Drafts => {
            model.drafts.selected().map(|_| ()).ok_or("nothing_selected")
        }
        Action::Retry | Action::ThrowAway if model.drafts.selected().is_none() => Err("nothing_selected"),
        Action::Retry | Action::ThrowAway => {
            super::screens::drafts::why_not(model, action == Action::ThrowAway).map_or(Ok(()), Err)
        }
        Action::Open => model.selected_case().map(|_| ()).ok_or("nothing_selected"),
        Action::GoIntake | Action::GoWork => allowed(model, Permission::TakeCases),
        _ if action.draft().is_some_and(|place| place > model.intake.count()) => Err("no_such_draft"),
        _ if action.draft().is_some() => allowed(model, Permission::TakeCases),
        Action::Lock if model.demo => Err("not_in_demo"),
        Action::Password if matches!(model.connection, Connection::Offline(_)) => Err("needs_server"),
        Action::Aside => model.case.aside.first().map(|_| ()).ok_or("nothing_aside"),
        Action::Reveal => allowed(model, Permission::SeeCallers),
        Action::Suspend if !model.has_shell => Err("no_shell"),
        _ => match verb_of(action, model) {
            Some(verb) => model.case_allows(verb),
            None => Ok(()),
        },
    }
}

/// Why an action cannot be done on `screen`, if it belongs to others.
fn elsewhere(action: Action, screen: Screen) -> Option<WhyNot> {
    let row = TABLE.iter().find(|row| row.action == action)?;
    match row.place {
        Place::On(screens) if !screens.contains(&screen) => Some(match screens {
            [Screen::Intake] => "only_at_intake",
            [Screen::Search] => "only_in_search",
            [Screen::Case] => "only_on_a_case",
            [Screen::Drafts] => "only_among_drafts",
            _ if action == Action::Expand => "no_text_here",
            _ => "nothing_selected",
        }),
        _ => None,
    }
}

/// Whether somebody must have signed in first.
fn needs_session(action: Action) -> bool {
    !matches!(
        action,
        Action::Help | Action::Suspend | Action::Quit | Action::Language | Action::Theme | Action::Mouse
    )
}

fn allowed(model: &Model, permission: Permission) -> Result<(), WhyNot> {
    match &model.session {
        Some(session) if permission.granted_to(session.account.role) => Ok(()),
        _ => Err("not_your_role"),
    }
}

/// The act that an action asks for on the case in front.
pub fn verb_of(action: Action, model: &Model) -> Option<Verb> {
    match action {
        Action::Dispatch => Some(model.dispatch_verb()),
        Action::Answer => Some(Verb::Answer),
        Action::Amend => Some(Verb::Amend),
        Action::Note => Some(Verb::Note),
        Action::Remind => Some(Verb::Remind),
        Action::Close => Some(Verb::Close),
        Action::FollowUp => Some(Verb::FollowUp),
        Action::Reopen => Some(Verb::Reopen),
        Action::Void => Some(Verb::Void),
        Action::Confirm => Some(Verb::Confirm),
        Action::Merge => Some(model.merge_verb()),
        _ => None,
    }
}

/// What an action is called here and now: dispatch and merge are called by the act they stand for.
pub fn name(action: Action, model: &Model) -> String {
    match (action, model.screen) {
        (Action::Dispatch, Screen::Case) => crate::i18n::name_of("verb", model.dispatch_verb().code()),
        (Action::Merge, Screen::Case) => crate::i18n::name_of("verb", model.merge_verb().code()),
        _ => crate::i18n::name_of("action", action.code()),
    }
}

/// Whether lists of what can be done name it: of the places for drafts those that are there, and the next one;
/// the steps of a tour only while there is one.
pub fn is_listed(action: Action, model: &Model) -> bool {
    let of_tour = matches!(action, Action::TourNext | Action::TourBack);
    (!of_tour || model.tour.is_some()) && action.draft().is_none_or(|place| place <= model.intake.count() + 1)
}

/// Rows that the footer of a screen shows, in its order.
pub fn footer(screen: Screen) -> Vec<&'static Row> {
    let mut rows: Vec<_> = TABLE.iter().filter(|row| row.footer > 0 && row.belongs_to(screen)).collect();
    rows.sort_by_key(|row| row.footer);
    rows
}

//! All that the desk knows and shows. Changed by `update` alone; `view` only looks.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::action::Action;
use super::city::CityTables;
use super::early::Early;
use super::effects::Effect;
use super::hot::Hot;
use super::ids::Ids;
use super::keymap::Keymap;
use super::lock::Lock;
use super::look::Look;
use super::msg::CaseFile;
use super::presence::Said;
use super::preview::Preview;
use super::saved::SavedSearches;
use super::screens::case::CaseScreen;
use super::screens::drafts::DraftsScreen;
use super::screens::intake::{Call, Drafts};
use super::screens::overlay::Overlay;
use super::screens::search::SearchScreen;
use super::screens::sign_in::SignInScreen;
use super::screens::work::WorkScreen;
use super::snippets::Snippets;
use super::tour::Tour;
use super::uses::Uses;
pub use super::widgets::toast::Severity;
use crate::domain::account::{Actor, Permission};
use crate::domain::act::{self, Verb};
use crate::domain::code::{State, code_enum};
use crate::domain::id::CaseId;
use crate::domain::number::CaseNumber;
use crate::domain::progress::Rule;
use crate::domain::secret::Secret;
use crate::journal::courier::Outlook;
use crate::journal::outbox::Standing;
use crate::wire::account::Session;

code_enum! {
    /// The screens.
    Screen = "screen" {
        /// Signing in, and the first account.
        SignIn = "sign_in",
        /// 受理: the form and what the call needs beside it.
        Intake = "intake",
        /// 查询.
        Search = "search",
        /// One case.
        Case = "case",
        /// 我的工单.
        Work = "work",
        /// 草稿与待上传.
        Drafts = "drafts",
    }
}

/// Whether the server is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Not tried yet.
    Unknown,
    /// The live stream is open.
    Online,
    /// Not since then.
    Offline(Timestamp),
}

/// A message at the foot of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// How much it matters.
    pub severity: Severity,
    /// What it says, in the person's language; safe to draw.
    pub text: String,
    /// When it goes.
    pub until: Timestamp,
}

/// Everything.
#[derive(Debug)]
pub struct Model {
    /// The screen in front.
    pub screen: Screen,
    /// Where Back leads.
    pub behind: Vec<Screen>,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// What lies under it, and comes back when it is closed: a dialog half typed stays as it is.
    pub beneath: Vec<Overlay>,
    /// Who works here.
    pub session: Option<Session>,
    /// The city, once its profile is here.
    pub city: Option<Arc<CityTables>>,
    /// What this person uses most.
    pub uses: Uses,
    /// Makes identities.
    pub ids: Ids,
    /// Whether the server is there.
    pub connection: Connection,
    /// Whether the person came in without the server, and is signed in with it by itself.
    pub alone: bool,
    /// How what was submitted stands.
    pub outlook: Outlook,
    /// The sign-in screen.
    pub sign_in: SignInScreen,
    /// What is typed before the desk is there, as long as it signs in by itself.
    pub early: Option<Early>,
    /// The drafts of intake.
    pub intake: Drafts,
    /// The search screen.
    pub search: SearchScreen,
    /// The searches that this person has kept.
    pub saved: SavedSearches,
    /// What several callers told of one place.
    pub hot: Hot,
    /// The case screen.
    pub case: CaseScreen,
    /// The screen of one's own work.
    pub work: WorkScreen,
    /// The screen of drafts and of what was submitted.
    pub drafts: DraftsScreen,
    /// Whether the desk is locked, and when it will be.
    pub lock: Lock,
    /// Whether the disk refuses what was typed: it is only in memory.
    pub not_written: bool,
    /// What was copied last here, for pasting here again.
    pub clipboard: Option<Secret>,
    /// Which case the others were told is before this desk.
    pub said: Option<Said>,
    /// The case that is read beside the list in front.
    pub preview: Preview,
    /// The message at the foot.
    pub toast: Option<Toast>,
    /// Colours and borders.
    pub look: Look,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Which key does what.
    pub keys: Arc<Keymap>,
    /// The actions that were chosen by name, the last one first.
    pub recent: Vec<Action>,
    /// The person's own short texts.
    pub snippets: Arc<Snippets>,
    /// Whether the data is invented and thrown away afterwards.
    pub demo: bool,
    /// Whether who signs in here for the first time is shown the first keys.
    pub greets: bool,
    /// How far somebody is led through a case, on a tour.
    pub tour: Option<Tour>,
    /// Whether this program may make the server's first account.
    pub has_setup_secret: bool,
    /// Whether a shell waits that the terminal can be given to for a while.
    pub has_shell: bool,
    /// Whether the window is too small to be drawn on.
    pub cramped: bool,
    /// The time of the last message.
    pub now: Timestamp,
    /// Whether the desk is over.
    pub finished: bool,
}

impl Model {
    /// A desk that nobody has signed in to.
    pub fn new(look: Look, demo: bool, ids: Ids, now: Timestamp) -> Self {
        Self {
            screen: Screen::SignIn,
            behind: Vec::new(),
            overlay: None,
            beneath: Vec::new(),
            session: None,
            city: None,
            uses: Uses::default(),
            ids,
            connection: Connection::Unknown,
            alone: false,
            outlook: Outlook::default(),
            sign_in: SignInScreen::new(),
            early: None,
            intake: Drafts::new(true),
            search: SearchScreen::new(),
            saved: SavedSearches::default(),
            hot: Hot::default(),
            case: CaseScreen::default(),
            work: WorkScreen::new(),
            drafts: DraftsScreen::default(),
            lock: Lock::default(),
            not_written: false,
            clipboard: None,
            said: None,
            preview: Preview::default(),
            toast: None,
            look,
            mouse: true,
            keys: Arc::default(),
            recent: Vec::new(),
            snippets: Arc::default(),
            demo,
            greets: false,
            tour: None,
            has_setup_secret: false,
            has_shell: false,
            cramped: false,
            now,
            finished: false,
        }
    }

    /// The zone in which clocks are read: the city's, or UTC until it is known.
    pub fn zone(&self) -> TimeZone {
        self.city.as_ref().map_or(TimeZone::UTC, |city| city.zone().clone())
    }

    /// Whether letters go into a text.
    pub fn is_typing(&self) -> bool {
        if self.lock.is_locked {
            return true;
        }
        match &self.overlay {
            Some(overlay) if !matches!(overlay, Overlay::FirstKeys) => overlay.is_typing(),
            _ => match self.screen {
                Screen::SignIn => true,
                Screen::Intake => self.intake.is_typing(),
                Screen::Search => self.search.is_typing(),
                Screen::Case | Screen::Work | Screen::Drafts => false,
            },
        }
    }

    /// The person as the domain decides about.
    pub fn actor(&self) -> Option<Actor> {
        let account = &self.session.as_ref()?.account;
        Some(Actor {
            name: account.name.clone(),
            role: account.role,
            departments: account.departments.clone(),
        })
    }

    /// Whether the person's role has `permission`.
    pub fn may(&self, permission: Permission) -> bool {
        self.actor().is_some_and(|actor| actor.may(permission))
    }

    /// Looks up where what this person uses stands in the city's tables.
    pub fn settle_uses(&mut self) {
        if let Some(city) = &self.city {
            self.uses.settle(city);
        }
    }

    /// Keeps what this person uses, once it has changed; what is listed first follows.
    pub fn keep_uses(&mut self) -> Option<Effect> {
        self.settle_uses();
        let name = self.session.as_ref()?.account.name.clone();
        Some(Effect::KeepUses(name, self.uses.to_bytes()))
    }

    /// The case of the selected row of the list in front.
    pub fn selected_case(&self) -> Option<CaseId> {
        match self.screen {
            Screen::Search => self.search.selected().map(|row| row.id),
            Screen::Work => self.work.selected().map(|row| row.id),
            Screen::Intake => self.intake.current().selected_beside().map(|row| row.id),
            Screen::Case | Screen::SignIn | Screen::Drafts => None,
        }
    }

    /// The number that is meant by "the number" now: that of the selected or the open case, otherwise the one the
    /// caller of the draft in front can be told.
    pub fn number_at_hand(&self) -> Option<&CaseNumber> {
        match self.screen {
            Screen::Search => self.search.selected().map(|row| &row.number),
            Screen::Work => self.work.selected().map(|row| &row.number),
            Screen::Case => self.open_case().map(|file| &file.case.row.number),
            Screen::Intake => {
                let draft = self.intake.current();
                draft.selected_beside().map(|row| &row.number).or(draft.number.as_ref())
            }
            Screen::Drafts => self.drafts.selected_number(&self.intake),
            Screen::SignIn => None,
        }
    }

    /// The call that is counted in sight, as far as it is now.
    pub fn call(&self) -> Option<Call> {
        self.intake.call_at_hand(self.now).filter(|_| self.session.is_some())
    }

    /// Asks for the selected case, to be read beside its list.
    pub fn read_beside(&mut self) -> Vec<Effect> {
        let id = self.selected_case();
        self.preview.ask(id)
    }

    /// The case on the case screen.
    pub fn open_case(&self) -> Option<&CaseFile> {
        self.case.file.as_ref()
    }

    /// Whether the state of the open case and the person's role allow an act; if not, the rule that refuses.
    pub fn case_allows(&self, verb: Verb) -> Result<(), &'static str> {
        let (Some(file), Some(actor)) = (self.open_case(), self.actor()) else { return Err("no_case") };
        let row = &file.case.row;
        if verb == Verb::Confirm && row.told_at.is_none() && !row.late {
            return Err("nothing_to_confirm");
        }
        if file.kept.is_some_and(Standing::needs_a_person) {
            return Err("not_sent_yet");
        }
        if matches!(verb, Verb::Void | Verb::Merge) && row.attached > 0 {
            return Err(Rule::LeadsOthers.code());
        }
        act::allowed(verb, file.case.row.state, &actor).map_err(Rule::code)
    }

    /// The act that "merge" means for the state the open case is in.
    pub fn merge_verb(&self) -> Verb {
        match self.open_case().map(|file| file.case.row.state) {
            Some(State::Merged) => Verb::Unmerge,
            _ => Verb::Merge,
        }
    }

    /// The act that "dispatch" means for the state the open case is in.
    pub fn dispatch_verb(&self) -> Verb {
        match self.open_case().map(|file| file.case.row.state) {
            Some(State::Dispatched | State::InProgress) => Verb::Redispatch,
            Some(State::Replied) => Verb::Rework,
            _ => Verb::Dispatch,
        }
    }

    /// Shows a message for some seconds.
    pub fn say(&mut self, severity: Severity, text: String) {
        let seconds = if severity == Severity::Error { 12 } else { 6 };
        let until = self.now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(self.now);
        self.toast = Some(Toast { severity, text, until });
    }

    /// Clears the desk of all that the person before has typed and seen. The outlook stays: whoever sends for the next
    /// tells it in any case, perhaps before it is known here that somebody has signed in.
    pub fn leave_to_another(&mut self) {
        (self.screen, self.overlay) = (Screen::Intake, None);
        self.behind.clear();
        self.beneath.clear();
        self.uses = Uses::default();
        self.intake = Drafts::new(self.intake.has_clock());
        self.search = SearchScreen::new();
        self.saved = SavedSearches::default();
        self.hot.topics = None;
        self.case = CaseScreen::default();
        self.work = WorkScreen::new();
        self.drafts = DraftsScreen::default();
        self.lock.open(self.now);
        self.clipboard = None;
        self.said = None;
        self.preview = Preview::default();
    }

    /// Copies `text`: for pasting here, and by the effect for pasting elsewhere.
    pub fn copy(&mut self, text: &str) -> Effect {
        let copied = Secret::new(text.to_owned());
        self.clipboard = Some(copied.clone());
        Effect::Copy(copied)
    }

    /// Lays `overlay` over the screen and over what lies there already.
    pub fn lay(&mut self, overlay: Overlay) {
        self.beneath.extend(self.overlay.replace(overlay));
    }

    /// Takes away what lies on top.
    pub fn uncover(&mut self) {
        self.overlay = self.beneath.pop();
    }

    /// Everything that lies over the screen.
    pub fn overlays_mut(&mut self) -> impl Iterator<Item = &mut Overlay> {
        self.overlay.iter_mut().chain(&mut self.beneath)
    }

    /// Goes to `screen`, with the one in front behind it.
    pub fn go(&mut self, screen: Screen) {
        if self.screen != screen {
            self.behind.retain(|behind| *behind != screen);
            self.behind.push(self.screen);
            self.screen = screen;
        }
    }
}

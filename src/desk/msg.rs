//! Everything that can happen to the desk. What is not in this list cannot change the screen.

use jiff::Timestamp;
use ratatui::layout::Size;

use super::action::Action;
use super::hits::{Gesture, Hit};
use super::keys::Chord;
use super::open_again::OpenedAgain;
use super::saved::SavedSearches;
use super::screens::drafts::Ledger;
use super::screens::intake::FieldId;
use super::uses::Uses;
use crate::client::{ClientError, Live};
use crate::domain::account::AccountName;
use crate::domain::id::CaseId;
use crate::domain::number::CaseNumber;
use crate::journal::courier::Told;
use crate::journal::outbox::{Item, ItemId, Standing};
use crate::journal::{News, NotChanged};
use crate::theme::Shelf;
use crate::wire::account::Session;
use crate::wire::case::{CallerBody, CaseView, EventView};
use crate::wire::presence::Present;
use crate::wire::profile::ProfileBody;
use crate::wire::search::{CallerHistory, LikeCases, SearchPage, Work};
use crate::wire::suggest::Suggestions;
use crate::wire::topic::HotTopics;

/// What a server said, or why it did not.
pub type Answer<T> = Result<T, ClientError>;

/// The place of a question among those of its kind: an answer to any but the last is stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Turn(u64);

impl Turn {
    /// Goes on to the next question and gives its place.
    #[must_use]
    pub fn another(&mut self) -> Self {
        self.0 += 1;
        *self
    }
}

/// Something happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(Chord),
    /// Text was pasted, whole.
    Paste(String),
    /// An action was chosen by its name, without a key.
    Chosen(Action),
    /// A default key for what has the keys, whatever `keys.toml` makes of it.
    Pressed(Chord),
    /// The focus shall be on this field of the form.
    Focus(FieldId),
    /// A row of the list in front was chosen, from 0.
    Row(usize),
    /// The window has this size from now on.
    Size(Size),
    /// The mouse was used on something.
    Point(Hit, Gesture),
    /// The terminal sent bytes that are no UTF-8.
    NotUtf8,
    /// The terminal goes away, or the program is told to end.
    Stop,
    /// A moment asked for has come.
    Wake,
    /// The moment of something put off has come; nobody sees it.
    Due,
    /// The server is there; whether this program may make its first account.
    ServerIsThere {
        /// It may.
        has_setup_secret: bool,
    },
    /// The server does not come: the desk is over, and who started it says why.
    NoServer,
    /// Whether the server has no account yet.
    Setup(Answer<bool>),
    /// A session began, or did not.
    SignedIn(Result<Box<SignedIn>, NotSignedIn>),
    /// The password opens the desk again, or does not: `journal.CODE`.
    Unlocked(Result<(), &'static str>),
    /// One's own password was changed, or was not.
    PasswordChanged(Result<(), NotChanged>),
    /// The server is there again and does not take the password that was given without it: the person is asked.
    AskAgain,
    /// The city profile came, from the cache or the server.
    Profile(Answer<Box<ProfileBody>>),
    /// What a person has used at this desk so far.
    Uses(AccountName, Uses),
    /// Which searches a person has kept here.
    SavedSearches(AccountName, SavedSearches),
    /// The saved searches could not be kept: `journal.CODE`.
    NotKept(&'static str),
    /// What several callers told of one place within a day.
    Topics(Turn, Answer<HotTopics>),
    /// This person has never been at this desk before.
    FirstTime(AccountName),
    /// The station is leased and kept, or is not.
    Station(Answer<()>),
    /// The number of a draft, if this desk has a station.
    Numbered(CaseId, Option<CaseNumber>),
    /// Drafts were found on the disk.
    Drafts(Box<OpenedAgain>),
    /// What became of drafts that were handed to the journal.
    Journal(News),
    /// What was submitted here and is kept, as it is listed.
    Ledger(Turn, Box<Ledger>),
    /// What was submitted is in the outbox, durably, or is not: `journal.CODE`.
    Submitted(ItemId, Result<(), &'static str>),
    /// What became of what was submitted.
    Outbox(Told),
    /// What the caller called about before.
    History(Turn, Answer<CallerHistory>),
    /// Earlier cases like the one being typed.
    Like(Turn, Answer<LikeCases>),
    /// What the text is probably about.
    Suggested(Turn, Answer<Suggestions>),
    /// A page of a search; whether it goes on after what is shown.
    Found(Turn, bool, Answer<SearchPage>),
    /// The case that is read beside a list.
    Preview(Turn, Answer<Box<CaseFile>>),
    /// A case and its timeline.
    Case(Turn, Answer<Box<CaseFile>>),
    /// Who else has a case before them.
    Present(CaseId, Vec<Present>),
    /// The case that a draft shall change, as it is now.
    Compared(CaseId, Answer<Box<CaseFile>>),
    /// What was put aside of the acts on a case.
    Asides(CaseId, Vec<Item>),
    /// Who called.
    Caller(CaseId, Answer<Box<CallerBody>>),
    /// One's own work.
    Work(Turn, Answer<Work>),
    /// The person's own themes, as they stand on the disk now.
    Themes(Shelf),
    /// Something came over the live stream.
    Live(Live),
    /// The person leaves.
    Over,
}

/// Why nobody is signed in.
#[derive(Debug)]
pub enum NotSignedIn {
    /// The server says no, or nothing.
    Server(ClientError),
    /// The server says nothing, and the desk lets this person in no more by itself: `journal.CODE`.
    Desk(&'static str),
}

impl From<ClientError> for NotSignedIn {
    fn from(error: ClientError) -> Self {
        Self::Server(error)
    }
}

/// What signing in brought.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// Why drafts will not be kept as they should, if they will not: `journal.CODE`.
    pub journal: Result<(), &'static str>,
    /// When the server knew this person last, where it could not be asked.
    pub offline: Option<Timestamp>,
}

/// A case with its timeline, as one screen shows it.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// The case.
    pub case: CaseView,
    /// What happened to it, oldest first.
    pub events: Vec<EventView>,
    /// How it stands, where this is only what the desk itself has of it.
    pub kept: Option<Standing>,
}

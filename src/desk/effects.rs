//! What the desk asks of the world: values that a test can compare. [`super::hands`] carries them out.

use super::find_here::Here;
use super::kept::KeptLook;
use super::msg::Turn;
use super::screens::intake::{Amends, RemindInstead};
use crate::domain::account::AccountName;
use crate::domain::act::Act;
use crate::domain::amendment::Amendment;
use crate::domain::id::{CaseId, EventId};
use crate::domain::phone::PhoneNumber;
use crate::domain::presence::Doing;
use crate::domain::secret::Secret;
use crate::journal::DraftRecord;
use crate::journal::outbox::ItemId;
use crate::wire::case::NewCase;
use crate::wire::search::{LikeRequest, SearchRequest};
use crate::wire::suggest::SuggestRequest;

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The server is there: ask it what was kept for it.
    Reach,
    /// Ask whether there is any account yet.
    Setup,
    /// Begin a session.
    SignIn {
        /// The account.
        name: AccountName,
        /// Its password.
        password: Secret,
    },
    /// Find out whether the password opens what this person has here.
    Unlock {
        /// The account.
        name: AccountName,
        /// Its password.
        password: Secret,
    },
    /// Make the first account, then begin a session with it.
    FirstAccount {
        /// The account.
        name: AccountName,
        /// Its password.
        password: Secret,
    },
    /// Change one's own password, and the key of the drafts with it.
    ChangePassword {
        /// The account.
        name: AccountName,
        /// The one that holds.
        old: Secret,
        /// The next.
        new: Secret,
    },
    /// Fetch the city profile, by the cache where it is still right.
    Profile,
    /// Find out what a person has used at this desk so far.
    Uses(AccountName),
    /// Find out which searches a person has kept here.
    SavedSearches(AccountName),
    /// Keep the saved searches of who is here.
    KeepSaved(Secret),
    /// Ask for the hot topics.
    Topics(Turn),
    /// Keep what a person uses.
    KeepUses(AccountName, Vec<u8>),
    /// Find out whether a person is at this desk for the first time, and note it.
    Greet(AccountName),
    /// Lease a station for case numbers.
    Station,
    /// Find the drafts on the disk.
    Drafts,
    /// Follow the live stream from here on.
    Listen,
    /// Keep a draft.
    SaveDraft(DraftRecord),
    /// Have the disk keep what is saved by now: a field was left.
    MakeDurable,
    /// The draft was thrown away.
    DropDraft(CaseId),
    /// Give a draft the next number of this desk's station.
    IssueNumber(CaseId),
    /// File a case: put it into the outbox, with the draft it was, and send it; behind it what is done with it then.
    Submit(CaseId, Box<NewCase>, Secret, Vec<(EventId, Act)>),
    /// Remind of a case in the place of filing another, with the draft that was to become that.
    Remind(Box<RemindInstead>, Secret),
    /// Look for earlier calls of a number.
    History(Turn, PhoneNumber),
    /// Look for earlier cases like the one being typed.
    Like(Turn, Box<LikeRequest>),
    /// Ask what the text is probably about.
    Suggest(Turn, Box<SuggestRequest>),
    /// Search.
    Search(Turn, SearchRequest),
    /// Search what this person has here.
    SearchHere(Turn, Box<Here>),
    /// Read the case that is selected in a list, to be read beside it.
    Preview(Turn, CaseId),
    /// Read a case and its timeline.
    OpenCase(Turn, CaseId),
    /// Do something with a case at this version, by the outbox as well.
    Act(CaseId, u32, EventId, Box<Act>),
    /// Send what is changed of a case, with the draft it was: by the outbox, as all acts go.
    Amend(Box<Amends>, EventId, Box<Amendment>, Secret),
    /// Read the case that a draft shall change, or that it was filed as before, to tell both apart.
    Compare(CaseId, CaseId),
    /// Keep a draft under another identity; what it was known by goes once that is durable.
    Rename(ItemId, DraftRecord),
    /// Read what was put aside of the acts on a case.
    Asides(CaseId),
    /// Throw away what was submitted: a person said so, and the server is told.
    ThrowAway(ItemId),
    /// Forget what the server refused and is corrected elsewhere.
    TakeBack(ItemId),
    /// Tell the others what is done here with a case, and hear who else has it.
    SayPresence(CaseId, Doing),
    /// Tell the others that a case is not before this desk any more.
    LeaveCase(CaseId),
    /// See who called.
    Reveal(CaseId),
    /// Read one's own work.
    Work(Turn),
    /// Read what was submitted here.
    Outbox(Turn),
    /// Send once more what the server would not have, as it is.
    SendAgain(ItemId),
    /// Hand a text to the clipboard of the terminal; see [`Model::copy`](super::model::Model::copy).
    Copy(Secret),
    /// Let the terminal report the mouse, or no more.
    ReportMouse(bool),
    /// Read the person's own themes from the disk.
    ReadThemes,
    /// Keep the look for the next start.
    KeepLook(KeptLook),
    /// Go on though nothing can be kept on the disk.
    WithoutDisk,
    /// Give the terminal to the shell until it brings the program back.
    Suspend,
    /// Leave.
    Quit,
}

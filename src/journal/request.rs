//! What the journal's thread is asked for: one variant a question. The methods of [`super::Journal`] send them.

use std::sync::mpsc::Sender;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::discards::Discard;
use super::outbox::{Item, ItemId, Outbox};
use super::password::Step;
use super::{DraftRecord, Drafts, JournalError, NotKept, SetAside};
use crate::domain::account::AccountName;
use crate::domain::epoch::Epoch;
use crate::domain::id::{CaseId, DeskId};
use crate::domain::number::CaseNumber;
use crate::domain::secret::Secret;
use crate::wire::account::Account;
use crate::wire::station::StationLease;

/// What the thread is asked for.
pub(super) enum Request {
    Desk(Sender<DeskId>),
    SetAside(Sender<Option<SetAside>>),
    Unlock {
        account: AccountName,
        password: Secret,
        answer: Answer<()>,
    },
    Check {
        account: AccountName,
        password: Secret,
        answer: Answer<()>,
    },
    Password(Step),
    BeginAnew {
        account: AccountName,
        password: Secret,
        answer: Answer<()>,
    },
    UnlockOffline {
        account: AccountName,
        password: Secret,
        now: Timestamp,
        answer: Answer<(Account, Timestamp)>,
    },
    KeepPerson {
        account: Account,
        now: Timestamp,
        answer: Answer<()>,
    },
    Epoch(Answer<Option<Epoch>>),
    KeepEpoch(Epoch),
    Lock,
    Submit(Vec<Item>, Sender<Result<Vec<Item>, NotKept>>),
    Put(Box<Item>),
    Forget(ItemId),
    Discard(Discard),
    Discards(Answer<Vec<Discard>>),
    DiscardIsKnown(ItemId),
    ForgetConfirmed(Timestamp),
    Outbox(Answer<Outbox>),
    Item(ItemId, Answer<Option<Item>>),
    KeepOwn {
        name: &'static str,
        text: Secret,
        answer: Answer<()>,
    },
    Own(&'static str, Answer<Option<String>>),
    Save(DraftRecord),
    Delete(CaseId),
    Drafts(Answer<Drafts>),
    Flush(Answer<()>),
    /// The same, and nobody waits for it.
    Hasten,
    Lease {
        now: Timestamp,
        answer: Answer<Option<StationLease>>,
    },
    KeepLease {
        lease: StationLease,
        answer: Answer<()>,
    },
    IssueNumber {
        now: Timestamp,
        zone: TimeZone,
        answer: Answer<Option<CaseNumber>>,
    },
    /// A sync has ended ([`super::syncer`]).
    Synced,
    /// Write what is left, durably, and stop.
    End,
}

/// Where an answer goes.
pub(super) type Answer<T> = Sender<Result<T, JournalError>>;

/// Hears once whether what was written is durable, or why it is not.
pub(super) type Asker = Box<dyn FnOnce(Result<(), JournalError>) + Send>;

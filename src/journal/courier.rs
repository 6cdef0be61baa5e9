//! The one task that sends the outbox: it carries, waits and tells; [`super::sender`] decides.
//!
//! It runs from the moment somebody signs in until they leave. Nothing wakes it but a submission, an answer, the
//! connection coming back, or the moment of the next try.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::chain::Chain;
use super::discards::Discard;
use super::outbox::{Item, ItemId, Outbox};
pub use super::sender::{Obstacle, Outlook, Told};
use super::sender::{Sender, Step, too_far};
use super::{Journal, JournalError};
use crate::client::{Client, ClientError};
use crate::clock::{Clock, Uptime};
use crate::domain::epoch::Epoch;
use crate::wire::case::CaseView;
use crate::wire::discard::DiscardBody;
use crate::wire::sent::SentBody;

/// The way to the server.
pub trait Carrier: Clone + Send + Sync + 'static {
    /// Sends an item, with the desk that it comes from and its age, and gives the case as the server has it behind that;
    /// safe to repeat.
    fn carry(
        &self,
        item: &Item,
        sent: SentBody,
    ) -> impl Future<Output = Result<CaseView, ClientError>> + Send;

    /// Asks whether the server is there.
    fn probe(&self) -> impl Future<Output = Result<(), ClientError>> + Send;

    /// Tells the server that something was thrown away; safe to repeat.
    fn tell(&self, discard: Discard) -> impl Future<Output = Result<(), ClientError>> + Send;

    /// The epoch of the server's store, by its last answer.
    fn epoch(&self) -> Option<Epoch>;

    /// By how much the server's clock is ahead of this machine's, by its last answer.
    fn clock_offset(&self) -> Option<SignedDuration>;
}

impl Carrier for Client {
    async fn carry(&self, item: &Item, sent: SentBody) -> Result<CaseView, ClientError> {
        let parcel = &item.parcel;
        let offset = self.clock_offset().and_then(|offset| i64::try_from(offset.as_millis()).ok());
        let sent = SentBody { clock_offset_ms: offset, ..sent };
        match parcel.verb {
            None => self.file_as(item.case, parcel.format, &parcel.body, sent).await,
            Some(verb) => {
                let version = parcel.seen.unwrap_or(1);
                self.act_as((item.case, version), verb, parcel.format, &parcel.body, sent).await
            }
        }
    }

    async fn probe(&self) -> Result<(), ClientError> {
        self.setup().await.map(drop)
    }

    async fn tell(&self, discard: Discard) -> Result<(), ClientError> {
        let Discard { id, case, at } = discard;
        self.say_discarded(id.draft(), &DiscardBody { case, at }).await
    }

    fn epoch(&self) -> Option<Epoch> {
        Client::epoch(self)
    }

    fn clock_offset(&self) -> Option<SignedDuration> {
        Client::clock_offset(self)
    }
}

/// Dropped once the first answer to a submission is in, or it is known to have to wait.
pub type Guard = Box<dyn Send>;

enum Command<C> {
    Begin(C),
    Submitted(Box<Item>, Guard),
    ThrownAway(ItemId, Option<Timestamp>),
    Nudge,
    Silent(Option<Obstacle>),
    End(std::sync::mpsc::Sender<()>),
}

/// Nothing was heard for so long though something was asked: the person is told that nobody answers, while the answer may
/// still come. A slow line takes longer for a long case, and asking again would only begin anew.
const QUIET: Duration = Duration::from_secs(8);

/// How long [`Courier::end`] waits: nothing the task does takes longer but reading a journal of many thousand items.
const ENDING: Duration = Duration::from_secs(5);

/// A handle to the task; it ends when the last handle is dropped, or by [`Courier::end`].
#[derive(Clone)]
pub struct Courier<C> {
    commands: mpsc::UnboundedSender<Command<C>>,
}

impl<C: Carrier> Courier<C> {
    /// Starts the task for the items of whoever has `journal` unlocked. Nothing is sent before [`Courier::begin`].
    pub fn start(
        runtime: &Handle,
        journal: Arc<Journal>,
        clock: Clock,
        tell: impl FnMut(Told) + Send + 'static,
    ) -> Self {
        let (commands, queue) = mpsc::unbounded_channel();
        let task = Task { sender: Sender::new(Arc::clone(&journal)), journal, clock, tell, shown: None };
        runtime.spawn(async move {
            // The word is given after the task, and its hold of the journal, are gone.
            if let Some(ended) = task.run(queue).await {
                let _ = ended.send(());
            }
        });
        Self { commands }
    }

    /// Sends by `carrier` from now on: somebody has signed in, for the first time or again.
    pub fn begin(&self, carrier: C) {
        self.command(Command::Begin(carrier));
    }

    /// Takes over what was submitted. `guard` is dropped when it is answered, or known to have to wait.
    pub fn submitted(&self, item: Item, guard: Guard) {
        self.command(Command::Submitted(Box::new(item), guard));
    }

    /// Forgets an item that a person threw away at `by_person`, or that goes on as something else.
    pub fn thrown_away(&self, id: ItemId, by_person: Option<Timestamp>) {
        self.command(Command::ThrownAway(id, by_person));
    }

    /// The connection stands again: what waits is tried at once.
    pub fn nudge(&self) {
        self.command(Command::Nudge);
    }

    /// Nobody answers on another way, for this reason if it is known.
    pub fn silent(&self, obstacle: Option<Obstacle>) {
        self.command(Command::Silent(obstacle));
    }

    /// Ends the task and waits until it has let go of the journal. What is under way stays in the outbox, and is asked for
    /// again. Not to be called on a thread of the runtime.
    pub fn end(&self) {
        let (ended, end) = std::sync::mpsc::channel();
        self.command(Command::End(ended));
        let _ = end.recv_timeout(ENDING);
    }

    fn command(&self, command: Command<C>) {
        // The task ends only with the last handle.
        let _ = self.commands.send(command);
    }
}

struct Task<F> {
    sender: Sender,
    journal: Arc<Journal>,
    clock: Clock,
    tell: F,
    /// What was told last.
    shown: Option<Outlook>,
}

/// What came back.
enum Back {
    Carried(Box<Item>, Result<Box<CaseView>, ClientError>),
    Unreadable(ItemId),
    Told(Result<(), ClientError>),
    Probed(Result<(), ClientError>),
}

impl<F: FnMut(Told) + Send + 'static> Task<F> {
    /// Runs until the end; gives whoever waits for it.
    async fn run<C: Carrier>(
        mut self,
        mut queue: mpsc::UnboundedReceiver<Command<C>>,
    ) -> Option<std::sync::mpsc::Sender<()>> {
        let started = Instant::now();
        let known = ask(&self.journal, |journal| {
            Ok((journal.outbox()?, journal.discards()?, journal.desk()?, journal.epoch()?))
        });
        let (outbox, discards, desk, mut epoch) = match known.await {
            Some((outbox, discards, desk, epoch)) => (outbox, discards, Some(desk), epoch),
            None => (Outbox::default(), Vec::new(), None, None),
        };
        self.sender.load(outbox, discards, self.clock.now());
        let mut carrier: Option<C> = None;
        let mut under_way = FuturesUnordered::new();
        let mut sent: BTreeSet<ItemId> = BTreeSet::new();
        let mut guards: Vec<(ItemId, Guard)> = Vec::new();
        // Since when something has been asked and nothing heard, and whether that was told.
        let (mut asked, mut is_quiet) = (started, false);
        loop {
            if under_way.is_empty() {
                (asked, is_quiet) = (Instant::now(), false);
            }
            let mut wake = None;
            while let Some(carrier) = &carrier {
                match self.sender.step(started.elapsed()) {
                    Step::Wait(until) => {
                        wake = until;
                        break;
                    }
                    Step::Probe => under_way.push(Trip::Probe(carrier.clone()).go()),
                    Step::Tell(discard) => under_way.push(Trip::Tell(carrier.clone(), discard).go()),
                    Step::Send(id, held) => {
                        sent.insert(id);
                        let (carrier, journal) = (carrier.clone(), Arc::clone(&self.journal));
                        let (chain, now) = (self.sender.chain(id), self.clock.uptime());
                        let who = SentBody { desk, ..SentBody::default() };
                        under_way
                            .push(Trip::Carry { carrier, journal, sent: who, now, id, held, chain }.go());
                    }
                }
            }
            let under_way_is_empty = under_way.is_empty();
            self.show(carrier.as_ref());
            // Whoever waits for an answer to what cannot be sent now is told so.
            guards.retain(|(id, _)| {
                let sent = (sent.contains(id) || self.sender.is_next(*id)) && !is_quiet;
                if !sent && let Some(item) = self.sender.held(*id) {
                    (self.tell)(Told::Waits { item, error: None });
                }
                sent
            });
            let sleep = async {
                match wake {
                    Some(at) => tokio::time::sleep_until(started + at).await,
                    None => std::future::pending().await,
                }
            };
            let quiet = async {
                if under_way_is_empty || is_quiet {
                    std::future::pending::<()>().await;
                } else {
                    tokio::time::sleep_until(asked + QUIET).await;
                }
            };
            tokio::select! {
                () = quiet => {
                    is_quiet = true;
                    self.sender.silent(self.clock.now(), None);
                }
                command = queue.recv() => match command {
                    None => return None,
                    Some(Command::End(ended)) => return Some(ended),
                    Some(Command::Begin(new)) => {
                        carrier = Some(new);
                        self.sender.signed_in();
                    }
                    Some(Command::Submitted(item, guard)) => {
                        guards.push((item.id, guard));
                        self.sender.submitted(*item);
                    }
                    Some(Command::ThrownAway(id, by_person)) => {
                        self.sender.thrown_away(id, by_person);
                    }
                    Some(Command::Nudge) => self.sender.nudge(self.clock.now()),
                    Some(Command::Silent(obstacle)) => self.sender.silent(self.clock.now(), obstacle),
                },
                Some(came) = under_way.next() => {
                    (asked, is_quiet) = (Instant::now(), false);
                    self.take_in(came, started.elapsed(), &mut sent, &mut guards);
                }
                () = sleep => {}
            }
            let now = carrier.as_ref().and_then(Carrier::epoch);
            if let Some(now) = now.filter(|now| epoch != Some(*now)) {
                // The store was put back to an earlier day: what it confirmed since may be lost.
                if epoch.is_some() {
                    // Where it cannot be read now, the epoch stays as it was and it is tried again.
                    let Some(outbox) = ask(&self.journal, Journal::outbox).await else { continue };
                    self.sender.send_again(outbox);
                }
                epoch = Some(now);
                self.journal.keep_epoch(now);
            }
        }
    }

    /// Takes in what came back at `at`.
    fn take_in(
        &mut self,
        came: Back,
        at: Duration,
        sent: &mut BTreeSet<ItemId>,
        guards: &mut Vec<(ItemId, Guard)>,
    ) {
        match came {
            Back::Carried(item, answer) => {
                let id = item.id;
                sent.remove(&id);
                if let Some(told) = self.sender.answered(item, answer, at, self.clock.now(), chance()) {
                    (self.tell)(told);
                    guards.retain(|(waits, _)| *waits != id);
                }
            }
            Back::Probed(answer) => {
                self.sender.probed(answer, at, self.clock.now(), chance());
            }
            Back::Told(answer) => self.sender.told(answer, at, self.clock.now(), chance()),
            Back::Unreadable(id) => {
                sent.remove(&id);
                guards.retain(|(waits, _)| *waits != id);
                self.sender.unreadable(id, at);
            }
        }
    }

    /// Tells how it all stands, at first and whenever that has changed.
    fn show(&mut self, carrier: Option<&impl Carrier>) {
        let clock_off = carrier.and_then(Carrier::clock_offset).and_then(too_far);
        let outlook = Outlook { clock_off, ..self.sender.outlook() };
        let is_news = self.shown.is_none_or(|shown| {
            let quiet = Outlook { last_contact: shown.last_contact, ..outlook };
            quiet != shown || shown.last_contact.is_none() && outlook.last_contact.is_some()
        });
        if is_news {
            self.shown = Some(outlook);
            (self.tell)(Told::Outlook(outlook));
        }
    }
}

/// Asks the journal off the runtime's own threads; none if it does not answer as it should.
async fn ask<T: Send + 'static>(
    journal: &Arc<Journal>,
    question: impl FnOnce(&Journal) -> Result<T, JournalError> + Send + 'static,
) -> Option<T> {
    let journal = Arc::clone(journal);
    let answer = tokio::task::spawn_blocking(move || question(&journal)).await.ok()?;
    answer.inspect_err(|error| tracing::error!(code = error.code(), "the outbox could not be read")).ok()
}

/// One request.
enum Trip<C> {
    Probe(C),
    Tell(C, Discard),
    Carry {
        carrier: C,
        journal: Arc<Journal>,
        sent: SentBody,
        now: Option<Uptime>,
        id: ItemId,
        held: Option<Box<Item>>,
        chain: Chain,
    },
}

impl<C: Carrier> Trip<C> {
    async fn go(self) -> Back {
        match self {
            Self::Probe(carrier) => Back::Probed(carrier.probe().await),
            Self::Tell(carrier, discard) => Back::Told(carrier.tell(discard).await),
            Self::Carry { carrier, journal, sent, now, id, held, chain } => {
                let item = match held {
                    Some(item) => Some(item),
                    None => ask(&journal, move |journal| journal.item(id)).await.flatten().map(Box::new),
                };
                let Some(item) = item else { return Back::Unreadable(id) };
                let item = Box::new(chain.ready(*item));
                let age = now.zip(item.parcel.heard).and_then(|(now, heard)| now.since(heard));
                let sent = SentBody { age_seconds: age, ..sent };
                let answer = carrier.carry(&item, sent).await.map(Box::new);
                Back::Carried(item, answer)
            }
        }
    }
}

/// A number in 0..1; without a source of randomness, the middle.
fn chance() -> f64 {
    getrandom::u32().map_or(0.5, |random| f64::from(random) / (f64::from(u32::MAX) + 1.0))
}

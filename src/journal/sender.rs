//! What is sent, and what an answer makes of it. It waits for nothing: [`super::courier`] carries, and tells it the time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, Unit};

use super::Journal;
use super::chain::{Chain, touches};
use super::discards::{Discard, Heard, Telling};
use super::outbox::{Item, ItemId, Outbox, Standing};
use super::schedule::{Halt, Moment, Next, Schedule, Verdict};
use crate::client::{ClientError, NextStep, NoAnswer};
use crate::domain::act::Verb;
use crate::domain::id::CaseId;
use crate::wire::case::CaseView;
use crate::wire::problem::{Problem, ProblemCode};

/// What is confirmed is kept this long: for the person's own searches, and for a server that lost it.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What the sending has to tell.
#[derive(Debug)]
pub enum Told {
    /// The server has it.
    Accepted {
        /// The item as it was sent.
        item: Box<Item>,
        /// The case as it stands now.
        case: Box<CaseView>,
        /// Fields that others changed meanwhile and that stay as they made them.
        merged: Vec<String>,
    },
    /// It waits for a person: `item.standing` says how it stands.
    Aside {
        /// The item.
        item: Box<Item>,
        /// Why.
        error: ClientError,
    },
    /// It is kept and will be sent by itself.
    Waits {
        /// The item.
        item: Box<Item>,
        /// Why it is not through yet; none where it could not even be tried.
        error: Option<ClientError>,
    },
    /// How the whole of it stands.
    Outlook(Outlook),
}

/// How the sending stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outlook {
    /// Items that wait to be confirmed.
    pub waiting: usize,
    /// Items that wait for a person.
    pub aside: usize,
    /// Why nothing is sent, if a person must do something about it.
    pub halt: Option<Halt>,
    /// Since when nobody has answered; none while somebody does.
    pub silent_since: Option<Timestamp>,
    /// When the server answered last.
    pub last_contact: Option<Timestamp>,
    /// What stands between here and the server, as far as it is known.
    pub obstacle: Option<Obstacle>,
    /// By how much the server's clock is ahead of this machine's, in whole minutes, where that is too much.
    pub clock_off: Option<SignedDuration>,
}

/// Clocks may differ by this.
const CLOSE: SignedDuration = SignedDuration::from_mins(2);

/// By how much a clock is wrong, to be told to a person; none where it is as good as right.
pub(super) fn too_far(offset: SignedDuration) -> Option<SignedDuration> {
    let told = offset.round(Unit::Minute).ok()?;
    (told.abs() > CLOSE).then_some(told)
}

/// Why the server cannot be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Its name leads nowhere.
    NoSuchHost,
    /// Something else answers in its place.
    NotOurServer,
    /// Its certificate does not stand for it.
    Untrusted,
    /// It asks to be left alone until then.
    Busy(Timestamp),
}

impl Obstacle {
    /// What a failure at `now` says of the way to the server; none where it says no more than that nobody answers.
    pub fn of(error: &ClientError, now: Timestamp) -> Option<Self> {
        match (error, error.next_step()) {
            (ClientError::Offline(NoAnswer::NoSuchHost), _) => Some(Self::NoSuchHost),
            (ClientError::NotOurServer { .. }, _) => Some(Self::NotOurServer),
            (ClientError::Untrusted, _) => Some(Self::Untrusted),
            (_, NextStep::RetryAfter(pause)) => {
                let until =
                    SignedDuration::try_from(pause).ok().and_then(|pause| now.checked_add(pause).ok());
                until.map(Self::Busy)
            }
            _ => None,
        }
    }
}

/// What to do now.
#[derive(Debug)]
pub enum Step {
    /// Send this; the item itself, unless the journal has to be asked for it.
    Send(ItemId, Option<Box<Item>>),
    /// Ask the server whether it is there.
    Probe,
    /// Tell the server that this was thrown away.
    Tell(Discard),
    /// Nothing until then, or until something is submitted or answered.
    Wait(Option<Moment>),
}

/// The items that wait, and what to do about them.
pub struct Sender {
    journal: Arc<Journal>,
    schedule: Schedule,
    /// The case of each item that waits; the item itself where the journal need not be asked for it.
    waiting: BTreeMap<ItemId, (CaseId, Option<Box<Item>>)>,
    /// Items that wait for a person, the case of each, and whether it holds up what stands behind it.
    aside: BTreeMap<ItemId, (CaseId, bool)>,
    /// What was confirmed of each case that was touched lately.
    chains: BTreeMap<CaseId, Chain>,
    /// What was under way when the server was found to be another: its answer may be of the server as it was.
    doubtful: BTreeSet<ItemId>,
    /// Fields that others changed and that an item on its way leaves as they are.
    merged: BTreeMap<ItemId, Vec<String>>,
    /// What was thrown away and the server has not heard of.
    telling: Telling,
    silent_since: Option<Timestamp>,
    last_contact: Option<Timestamp>,
    obstacle: Option<Obstacle>,
}

impl Sender {
    /// One that has nothing to send yet, for whoever has `journal` unlocked.
    pub fn new(journal: Arc<Journal>) -> Self {
        Self {
            journal,
            schedule: Schedule::default(),
            waiting: BTreeMap::new(),
            aside: BTreeMap::new(),
            chains: BTreeMap::new(),
            doubtful: BTreeSet::new(),
            merged: BTreeMap::new(),
            telling: Telling::default(),
            silent_since: None,
            last_contact: None,
            obstacle: None,
        }
    }

    /// Takes in what the disk holds of the person who has just unlocked it.
    pub fn load(&mut self, outbox: Outbox, discards: Vec<Discard>, now: Timestamp) {
        discards.into_iter().for_each(|discard| self.telling.push(discard));
        for item in outbox.items {
            let (id, case) = (item.id, item.case);
            match item.standing {
                Standing::Accepted => self.chains.entry(case).or_default().add(&item),
                Standing::Waiting => {
                    self.waiting.insert(id, (case, None));
                    self.schedule.push(item.place, id, case, false);
                }
                _ => {
                    let holds_up = !decides_nothing(&item);
                    self.aside.insert(id, (case, holds_up));
                    if holds_up {
                        self.schedule.block(item.place, case);
                    }
                }
            }
        }
        let not_done: BTreeSet<_> = self
            .waiting
            .values()
            .map(|(case, _)| *case)
            .chain(self.aside.values().map(|(case, _)| *case))
            .collect();
        self.chains.retain(|case, _| not_done.contains(case));
        if let Ok(limit) = now.checked_sub(KEPT) {
            self.journal.forget_confirmed(limit);
        }
    }

    /// Takes in what was submitted: new, or put right.
    pub fn submitted(&mut self, item: Item) {
        let (id, case) = (item.id, item.case);
        self.no_longer_aside(id);
        if let ItemId::Filing(case) = id {
            // What was to remind of another case, and was refused, is a case of its own now.
            self.no_longer_aside(ItemId::Act(case.into()));
        }
        self.schedule.push(item.place, id, case, true);
        self.waiting.insert(id, (case, Some(Box::new(item))));
    }

    /// An item is there no more: a person threw it away at `by_person`, or it goes on as something else. False if it is under
    /// way.
    pub fn thrown_away(&mut self, id: ItemId, by_person: Option<Timestamp>) -> bool {
        let waiting = self.waiting.get(&id).map(|(case, _)| *case);
        let case = waiting.or_else(|| self.aside.get(&id).map(|(case, _)| *case));
        if let Some((case, _)) = self.waiting.get(&id) {
            if !self.schedule.remove(id, *case) {
                return false;
            }
            self.waiting.remove(&id);
        }
        self.no_longer_aside(id);
        match case.zip(by_person) {
            Some((case, at)) => {
                let discard = Discard { id, case, at };
                self.journal.discard(discard);
                self.telling.push(discard);
            }
            None => self.journal.forget(id),
        }
        true
    }

    /// Takes in whether the server has heard that something was thrown away.
    pub fn told(&mut self, answer: Result<(), ClientError>, now: Moment, wall: Timestamp, chance: f64) {
        let heard = match answer {
            Ok(()) => Heard::Yes,
            Err(error)
                if error.is_offline()
                    || matches!(error.next_step(), NextStep::Retry | NextStep::RetryAfter(_)) =>
            {
                Heard::Nobody
            }
            Err(error) => {
                tracing::warn!(%error, "the server does not hear of what was thrown away");
                Heard::No
            }
        };
        if heard == Heard::Yes {
            self.heard(wall);
        }
        if let Some(known) = self.telling.told(heard, now, chance) {
            self.journal.discard_is_known(known);
        }
    }

    fn no_longer_aside(&mut self, id: ItemId) {
        if let Some((case, true)) = self.aside.remove(&id)
            && !self.aside.values().any(|other| *other == (case, true))
        {
            self.schedule.unblock(case);
        }
    }

    /// The connection stands again.
    pub fn nudge(&mut self, now: Timestamp) {
        self.heard(now);
        self.schedule.nudge();
        self.telling.begin_again();
    }

    /// Somebody has signed in.
    pub fn signed_in(&mut self) {
        self.telling.begin_again();
        self.schedule.signed_in();
    }

    /// The server is another than it was: what it confirmed and may have lost is sent again.
    pub fn send_again(&mut self, outbox: Outbox) {
        self.doubtful = self.schedule.under_way().collect();
        for item in outbox.items.into_iter().filter(|item| item.standing == Standing::Accepted) {
            let (id, case, place) = (item.id, item.case, item.place);
            let item = item.lost();
            self.journal.put(item);
            self.chains.remove(&case);
            self.waiting.insert(id, (case, None));
            self.schedule.push(place, id, case, false);
        }
    }

    /// What to do now; what is to be sent counts as under way until [`Sender::answered`].
    pub fn step(&mut self, now: Moment) -> Step {
        match self.schedule.next(now) {
            Next::Probe => Step::Probe,
            // Nobody waits for it, so it comes after all that can be sent.
            Next::Wait(until) if self.schedule.halt().is_none() && !self.schedule.is_cut_off() => {
                match self.telling.next(now) {
                    Some(discard) => Step::Tell(discard),
                    None => Step::Wait(until.into_iter().chain(self.telling.due()).min()),
                }
            }
            Next::Wait(until) => Step::Wait(until),
            Next::Send(id) => Step::Send(id, self.held(id)),
        }
    }

    /// What the person has done already to the case of the item `id`, which is to be sent.
    pub fn chain(&self, id: ItemId) -> Chain {
        let chain = self.waiting.get(&id).and_then(|(case, _)| self.chains.get(case));
        chain.cloned().unwrap_or_default()
    }

    /// An item that was to be sent does not open any more. It stays on the disk and is named there.
    pub fn unreadable(&mut self, id: ItemId, now: Moment) {
        if let Some((case, _)) = self.waiting.remove(&id) {
            self.aside.insert(id, (case, true));
            self.schedule.answered(id, case, Verdict::Aside, now, 0.0);
        }
    }

    /// Takes in what came of a probe; `wall` is the time of day, and `chance` a random number of 0..1. What our server
    /// says against it is an answer as well.
    pub fn probed(&mut self, answer: Result<(), ClientError>, now: Moment, wall: Timestamp, chance: f64) {
        match answer {
            Ok(()) | Err(ClientError::Problem { .. } | ClientError::NotUnderstood) => {
                self.heard(wall);
                self.schedule.nudge();
            }
            Err(error) => {
                self.silent(wall, Obstacle::of(&error, wall));
                self.schedule.probe_failed(now, chance);
            }
        }
    }

    /// Takes in what became of `item`, sent before; says what the desk must hear of it. None where it simply goes
    /// again.
    pub fn answered(
        &mut self,
        item: Box<Item>,
        answer: Result<Box<CaseView>, ClientError>,
        now: Moment,
        wall: Timestamp,
        chance: f64,
    ) -> Option<Told> {
        let (id, case) = (item.id, item.case);
        if matches!(
            answer,
            Err(ClientError::Offline(_) | ClientError::NotOurServer { .. } | ClientError::Untrusted)
        ) {
            self.silent_since.get_or_insert(wall);
        } else {
            self.heard(wall);
        }
        if let Err(error) = &answer {
            self.obstacle = Obstacle::of(error, wall);
        }
        let doubtful = self.doubtful.remove(&id);
        let (verdict, told) = match answer {
            Ok(_) if doubtful => (Verdict::Again, None),
            // What stands before it is sent again first.
            Err(error) if doubtful && error.next_step().needs_a_person() => (Verdict::Again, None),
            Ok(view) => {
                self.waiting.remove(&id);
                let item = item.confirmed(&view);
                self.chains.entry(case).or_default().add(&item);
                self.journal.put(item.clone());
                let merged = self.merged.remove(&id).unwrap_or_default();
                (Verdict::Done, Some(Told::Accepted { item: Box::new(item), case: view, merged }))
            }
            Err(error) => self.refused(item, error),
        };
        self.schedule.answered(id, case, verdict, now, chance);
        told
    }

    fn refused(&mut self, item: Box<Item>, error: ClientError) -> (Verdict, Option<Told>) {
        let id = item.id;
        let filing = ItemId::Filing(item.case);
        if error.is(ProblemCode::NotFound) && id != filing && self.waiting.contains_key(&filing) {
            // The server has lost the case, which goes before this now.
            return (Verdict::Again, None);
        }
        if let Some(again) = brought_up_to_date(&item, error.problem()) {
            let (again, merged) = again;
            if !merged.is_empty() {
                self.merged.insert(id, merged);
            }
            self.journal.put(again.clone());
            self.waiting.insert(id, (again.case, Some(Box::new(again))));
            return (Verdict::Again, None);
        }
        let waits = |verdict| (verdict, Standing::Waiting);
        let (verdict, standing) = match error.next_step() {
            NextStep::Retry
                if matches!(error, ClientError::Unavailable { .. } | ClientError::Problem { .. }) =>
            {
                waits(Verdict::Later)
            }
            NextStep::Retry => waits(Verdict::NoAnswer),
            NextStep::RetryAfter(pause) => waits(Verdict::Pause(pause)),
            NextStep::SignIn => waits(Verdict::SignIn),
            NextStep::Update => waits(Verdict::Update),
            NextStep::Park => (Verdict::Aside, Standing::Parked),
            NextStep::Conflict => (Verdict::Aside, Standing::Conflict),
            NextStep::Rejected => (Verdict::Aside, Standing::Refused),
        };
        if standing == Standing::Waiting {
            return (verdict, Some(Told::Waits { item, error: Some(error) }));
        }
        self.waiting.remove(&id);
        // Whoever opens a case again whose change was refused need not decide about the change first.
        let holds_up = !decides_nothing(&item);
        self.aside.insert(id, (item.case, holds_up));
        let verdict = if holds_up { verdict } else { Verdict::Done };
        let mut item = item.stand(standing);
        item.parcel.problem = error.problem().cloned();
        self.journal.put(item.clone());
        (verdict, Some(Told::Aside { item: Box::new(item), error }))
    }

    fn heard(&mut self, now: Timestamp) {
        self.obstacle = None;
        self.last_contact = Some(now);
        self.silent_since = None;
    }

    /// Nobody answered something else that was asked, for this reason if it is known.
    pub fn silent(&mut self, now: Timestamp, obstacle: Option<Obstacle>) {
        self.silent_since.get_or_insert(now);
        self.obstacle = obstacle;
    }

    /// How much was thrown away that the server has not heard of.
    pub fn untold(&self) -> usize {
        self.telling.untold()
    }

    /// How the whole of it stands.
    pub fn outlook(&self) -> Outlook {
        Outlook {
            waiting: self.schedule.waiting(),
            aside: self.aside.len(),
            halt: self.schedule.halt(),
            silent_since: self.silent_since,
            last_contact: self.last_contact,
            obstacle: self.obstacle,
            clock_off: None,
        }
    }

    /// Whether it goes as soon as another item of its case, which is under way, has been answered.
    pub fn is_next(&self, id: ItemId) -> bool {
        self.waiting.get(&id).is_some_and(|(case, _)| self.schedule.is_under_way(*case))
    }

    /// The item, if it waits and is in memory.
    pub fn held(&self, id: ItemId) -> Option<Box<Item>> {
        self.waiting.get(&id).and_then(|(_, held)| held.clone())
    }
}

/// Whether an item only adds to a case or puts its fields right, so that what stands behind it does not mean the case as
/// it would have left it.
fn decides_nothing(item: &Item) -> bool {
    matches!(item.parcel.verb, Some(Verb::Amend | Verb::Note | Verb::Remind))
}

/// The item as it may go again by itself, and the fields that others changed meanwhile: a note or a reminder adds to
/// the case whatever its version, and an amendment of other fields than theirs takes nothing back. A number that is
/// taken is left to the server.
fn brought_up_to_date(item: &Item, problem: Option<&Problem>) -> Option<(Item, Vec<String>)> {
    let problem = problem?;
    let mut again = item.clone();
    again.version += 1;
    match problem.code {
        ProblemCode::NumberTaken => {
            let mut case = item.case_filed()?;
            case.number.take()?;
            again.parcel.body = serde_json::to_string(&case).ok()?;
            Some((again, Vec::new()))
        }
        ProblemCode::Stale => {
            let seen = item.parcel.seen;
            let version = problem.version.filter(|version| seen != Some(*version))?;
            let verb = item.parcel.verb?;
            // A server that was put back to an earlier day does not know what this person saw, and cannot tell what has
            // become of it.
            let went_back =
                seen.is_some_and(|seen| version < seen) && !matches!(verb, Verb::Note | Verb::Remind);
            if went_back || touches(verb, &item.fields(), &problem.changed) {
                return None;
            }
            again.parcel.base = item.parcel.base.or(seen);
            again.parcel.seen = Some(version);
            let new = problem.changed.iter().filter(|field| !item.parcel.passed.contains(field));
            again.parcel.passed.extend(new.cloned());
            let changed = if verb == Verb::Amend { problem.changed.clone() } else { Vec::new() };
            Some((again, changed))
        }
        _ => None,
    }
}

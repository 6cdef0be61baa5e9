//! Which item of the outbox goes next, and when. Pure: it is told the time and what was answered, and knows no disk
//! and no network.
//!
//! Items of one case go one after the other in the order they were submitted; cases do not wait for each other. After
//! five requests in a row that nobody answered it stops trying and only probes, at first at a random moment of half a
//! minute, so that a hall of desks does not come back at once. Nothing ever leaves it but by an answer.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use super::outbox::ItemId;
use crate::domain::id::CaseId;

/// A moment on a clock that only goes forward.
pub type Moment = Duration;

/// This many unanswered requests in a row, and nothing more is sent until a probe is answered.
const FAILURES: u32 = 5;
/// The first probe after that comes at a random moment within this.
const FIRST_PROBE: Duration = Duration::from_secs(30);
/// The shortest of the longest waits, and the longest.
const BASE: Duration = Duration::from_secs(1);
const CAP: Duration = Duration::from_mins(1);
/// How many requests may be under way at once.
const AT_ONCE: usize = 4;

/// What an answer means for the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is done; the next of its case may go.
    Done,
    /// It is put aside for a person; what stands behind it in its case waits.
    Aside,
    /// It goes again at once, for it has been brought up to date.
    Again,
    /// Nobody answered.
    NoAnswer,
    /// An answer came, but it is to be tried again later.
    Later,
    /// The server asks for a pause.
    Pause(Duration),
    /// The session has ended.
    SignIn,
    /// The server speaks another version.
    Update,
}

/// Why nothing is sent, though the server could be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// Somebody must sign in.
    SignIn,
    /// The program must be brought up to date.
    Update,
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send this.
    Send(ItemId),
    /// Ask the server whether it is there.
    Probe,
    /// Nothing until then, or until something is pushed, answered or nudged.
    Wait(Option<Moment>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breaker {
    Closed { failures: u32 },
    Open { until: Moment, probes: u32 },
    Probing { probes: u32 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    Ready,
    Sent,
    Later(Moment),
    /// Behind something that was put aside.
    Blocked,
}

#[derive(Debug)]
struct Line {
    items: VecDeque<(i64, ItemId)>,
    stand: Stand,
    tries: u32,
    /// Somebody waits for it right now.
    urgent: bool,
    /// In whose session its first was sent.
    session: u32,
}

impl Line {
    /// Where it stands among those that are ready: what somebody waits for is before all else.
    fn rank(&self) -> Option<(bool, i64)> {
        self.items.front().map(|(place, _)| (!self.urgent, *place))
    }

    /// Whether the case itself is to be filed next: nothing that was done with it holds that up.
    fn files(&self) -> bool {
        matches!(self.items.front(), Some((_, ItemId::Filing(_))))
    }

    /// Whether what was put aside holds up what goes next: that stands behind it, and is not the case itself.
    fn is_behind(&self, aside: Option<&i64>) -> bool {
        !self.files() && aside.is_some_and(|aside| self.items.front().is_some_and(|(place, _)| place > aside))
    }

    /// Puts all in the order of their places, the filing first: what is sent again may have come behind what was under
    /// way.
    fn put_in_order(&mut self) {
        let place = |(place, id): &(i64, ItemId)| (!matches!(id, ItemId::Filing(_)), *place);
        if !self.items.iter().is_sorted_by_key(place) {
            self.items.make_contiguous().sort_by_key(place);
        }
    }
}

/// The lines of all cases.
#[derive(Debug)]
pub struct Schedule {
    lines: BTreeMap<CaseId, Line>,
    /// By what somebody waits for, then by the place of the first of the line.
    ready: BTreeSet<((bool, i64), CaseId)>,
    later: BTreeSet<(Moment, CaseId)>,
    /// The place of the first of each case that was put aside.
    aside: BTreeMap<CaseId, i64>,
    sent: usize,
    waiting: usize,
    breaker: Breaker,
    paused_until: Option<Moment>,
    halt: Option<Halt>,
    /// Counts the times that somebody signed in.
    session: u32,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            lines: BTreeMap::new(),
            ready: BTreeSet::new(),
            later: BTreeSet::new(),
            aside: BTreeMap::new(),
            sent: 0,
            waiting: 0,
            breaker: Breaker::Closed { failures: 0 },
            paused_until: None,
            halt: None,
            session: 0,
        }
    }
}

impl Schedule {
    /// Puts an item into its case's line where its `place` belongs. `urgent` says that somebody waits for it: then its
    /// case goes before others, and one more than usual may be under way.
    pub fn push(&mut self, place: i64, id: ItemId, case: CaseId, urgent: bool) {
        let aside = self.aside.get(&case);
        let line = self.lines.entry(case).or_insert_with(|| Line {
            items: VecDeque::new(),
            stand: if aside.is_some() { Stand::Blocked } else { Stand::Ready },
            tries: 0,
            urgent: false,
            session: 0,
        });
        if line.items.iter().any(|(_, there)| *there == id) {
            return;
        }
        let before = line.rank();
        line.urgent |= urgent;
        // What is under way stays first, and nothing is done with a case before it is filed.
        let from = usize::from(line.stand == Stand::Sent);
        let first = matches!(id, ItemId::Filing(_));
        let at = line.items.iter().skip(from).position(|(other, _)| first || *other > place);
        line.items.insert(at.map_or(line.items.len(), |at| at + from), (place, id));
        self.waiting += 1;
        if line.stand == Stand::Blocked && !line.is_behind(aside) {
            line.stand = Stand::Ready;
        }
        if line.stand == Stand::Ready {
            self.ready.extend(line.rank().map(|rank| (rank, case)));
            if let Some(rank) = before.filter(|rank| line.rank() != Some(*rank)) {
                self.ready.remove(&(rank, case));
            }
        }
    }

    /// Takes an item out: a person threw it away. What is under way cannot be taken out any more.
    pub fn remove(&mut self, id: ItemId, case: CaseId) -> bool {
        let Some(line) = self.lines.get_mut(&case) else { return false };
        let Some(at) = line.items.iter().position(|(_, there)| *there == id) else { return false };
        if at == 0 && line.stand == Stand::Sent {
            return false;
        }
        self.forget_place(case);
        if let Some(line) = self.lines.get_mut(&case) {
            line.items.remove(at);
            self.waiting -= 1;
        }
        self.line_up(case);
        true
    }

    /// From now on nothing of the case is sent that stands behind this place: what has it waits for a person.
    pub fn block(&mut self, place: i64, case: CaseId) {
        keep_first(&mut self.aside, place, case);
        self.forget_place(case);
        self.line_up(case);
    }

    /// What a person had to decide about this case is decided.
    pub fn unblock(&mut self, case: CaseId) {
        self.aside.remove(&case);
        if let Some(line) = self.lines.get_mut(&case).filter(|line| line.stand == Stand::Blocked) {
            line.stand = Stand::Ready;
            line.tries = 0;
            self.line_up(case);
        }
    }

    /// What to do now.
    pub fn next(&mut self, now: Moment) -> Next {
        while let Some((at, case)) = self.later.first().copied().filter(|(at, _)| *at <= now) {
            self.later.remove(&(at, case));
            if let Some(line) = self.lines.get_mut(&case) {
                line.stand = Stand::Ready;
            }
            self.line_up(case);
        }
        if self.halt.is_some() || self.waiting == 0 {
            return Next::Wait(None);
        }
        if let Some(until) = self.paused_until {
            if until > now {
                return Next::Wait(Some(until));
            }
            self.paused_until = None;
        }
        match self.breaker {
            Breaker::Closed { .. } => {}
            Breaker::Probing { .. } => return Next::Wait(None),
            Breaker::Open { until, .. } if until > now => return Next::Wait(Some(until)),
            Breaker::Open { probes, .. } => {
                self.breaker = Breaker::Probing { probes };
                return Next::Probe;
            }
        }
        let room = |((not_urgent, _), _): &((bool, i64), CaseId)| {
            self.sent < if *not_urgent { AT_ONCE } else { AT_ONCE + 1 }
        };
        if self.ready.first().is_some_and(room)
            && let Some((_, case)) = self.ready.pop_first()
            && let Some(line) = self.lines.get_mut(&case)
            && let Some((_, id)) = line.items.front()
        {
            line.stand = Stand::Sent;
            line.session = self.session;
            self.sent += 1;
            return Next::Send(*id);
        }
        Next::Wait(self.later.first().map(|(at, _)| *at))
    }

    /// An item was answered, or was not. `chance` is a random number of 0..1.
    pub fn answered(&mut self, id: ItemId, case: CaseId, verdict: Verdict, now: Moment, chance: f64) {
        if verdict == Verdict::NoAnswer {
            self.unanswered(now, chance);
        } else {
            self.reached();
        }
        let Some(line) = self.lines.get_mut(&case) else { return };
        if line.stand != Stand::Sent || line.items.front().is_none_or(|(_, first)| *first != id) {
            return;
        }
        self.sent -= 1;
        line.stand = Stand::Ready;
        line.urgent = false;
        match verdict {
            Verdict::Done | Verdict::Aside => {
                let done = line.items.pop_front();
                line.tries = 0;
                self.waiting -= 1;
                if verdict == Verdict::Aside
                    && let Some((place, _)) = done
                {
                    keep_first(&mut self.aside, place, case);
                }
            }
            Verdict::Again => {}
            Verdict::NoAnswer | Verdict::Later => {
                let at = now + full(line.tries, chance);
                line.tries = line.tries.saturating_add(1);
                line.stand = Stand::Later(at);
            }
            Verdict::Pause(asked) => {
                let until = now + asked + asked.mul_f64(chance / 2.0);
                self.paused_until = Some(self.paused_until.map_or(until, |before| before.max(until)));
            }
            // It was sent in a session that is over; there is a new one.
            Verdict::SignIn if line.session != self.session => {}
            Verdict::SignIn => self.halt = Some(Halt::SignIn),
            Verdict::Update => self.halt = Some(Halt::Update),
        }
        line.put_in_order();
        self.line_up(case);
    }

    /// Whether something of this case is under way.
    pub fn is_under_way(&self, case: CaseId) -> bool {
        self.lines.get(&case).is_some_and(|line| line.stand == Stand::Sent)
    }

    /// What is under way.
    pub fn under_way(&self) -> impl Iterator<Item = ItemId> {
        let sent = self.lines.values().filter(|line| line.stand == Stand::Sent);
        sent.filter_map(|line| line.items.front().map(|(_, id)| *id))
    }

    /// The server answered something: it is there.
    pub fn reached(&mut self) {
        self.breaker = Breaker::Closed { failures: 0 };
    }

    /// The probe was not answered.
    pub fn probe_failed(&mut self, now: Moment, chance: f64) {
        if let Breaker::Probing { probes } = self.breaker {
            self.breaker =
                Breaker::Open { until: now + full(probes, chance), probes: probes.saturating_add(1) };
        }
    }

    /// The connection stands again, as something else found out: nothing waits any longer. The server may be another than
    /// it was, so that one of another version is tried once more.
    pub fn nudge(&mut self) {
        self.reached();
        self.halt.take_if(|halt| *halt == Halt::Update);
        for (_, case) in std::mem::take(&mut self.later) {
            if let Some(line) = self.lines.get_mut(&case) {
                line.stand = Stand::Ready;
                line.tries = 0;
            }
            self.line_up(case);
        }
    }

    /// Somebody has signed in.
    pub fn signed_in(&mut self) {
        self.session = self.session.wrapping_add(1);
        self.halt.take_if(|halt| *halt == Halt::SignIn);
    }

    /// How many items wait, those under way among them.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// Why nothing is sent, if a person must do something about it.
    pub fn halt(&self) -> Option<Halt> {
        self.halt
    }

    /// Whether so many requests were not answered that only probes are sent.
    pub fn is_cut_off(&self) -> bool {
        !matches!(self.breaker, Breaker::Closed { .. })
    }

    fn unanswered(&mut self, now: Moment, chance: f64) {
        if let Breaker::Closed { failures } = &mut self.breaker {
            *failures += 1;
            if *failures >= FAILURES {
                let until = now + FIRST_PROBE.mul_f64(chance);
                self.breaker = Breaker::Open { until, probes: 1 };
            }
        }
    }

    /// Takes a case out of the lists of what comes next, as it stands now.
    fn forget_place(&mut self, case: CaseId) {
        let Some(line) = self.lines.get(&case) else { return };
        if let Some(rank) = line.rank() {
            self.ready.remove(&(rank, case));
        }
        if let Stand::Later(at) = line.stand {
            self.later.remove(&(at, case));
        }
    }

    /// Puts a case into the list where it belongs as it stands now.
    fn line_up(&mut self, case: CaseId) {
        let Some(line) = self.lines.get_mut(&case) else { return };
        if line.stand != Stand::Sent && line.is_behind(self.aside.get(&case)) {
            line.stand = Stand::Blocked;
        }
        let Some(rank) = line.rank() else {
            self.lines.remove(&case);
            return;
        };
        match line.stand {
            Stand::Ready => {
                self.ready.insert((rank, case));
            }
            Stand::Later(at) => {
                self.later.insert((at, case));
            }
            Stand::Sent | Stand::Blocked => {}
        }
    }
}

fn keep_first(aside: &mut BTreeMap<CaseId, i64>, place: i64, case: CaseId) {
    let first = aside.entry(case).or_insert(place);
    *first = place.min(*first);
}

/// A random part of a wait that doubles with each try, at most a minute.
pub(super) fn full(tries: u32, chance: f64) -> Duration {
    BASE.saturating_mul(1 << tries.min(6)).min(CAP).mul_f64(chance)
}

#[cfg(test)]
mod tests;

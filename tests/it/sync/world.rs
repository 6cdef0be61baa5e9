//! One day: two desks, what is on its way between them and the server, and the person's deeds as they remember them.

use std::collections::BTreeMap;
use std::time::Duration;

use huiyin::client::{ClientError, NoAnswer};
use huiyin::domain::act::Act;
use huiyin::domain::amendment::Amendment;
use huiyin::domain::code::{Channel, Kind, Urgency};
use huiyin::domain::epoch::Epoch;
use huiyin::domain::event::Order;
use huiyin::domain::id::{CaseId, EventId};
use huiyin::domain::number::{CaseNumber, NumberIssuer};
use huiyin::domain::secret::Secret;
use huiyin::journal::outbox::{Item, ItemId};
use huiyin::wire::case::{CallerBody, CaseView, IntakeBody, NewCase, Outcome, PlaceBody};
use jiff::SignedDuration;

use super::ground::Ground;
use super::seat::{Draft, Goes, Seat};
use super::turn::{Dice, Turn, What};

/// How long a desk waits for an answer.
const ANSWER: Duration = Duration::from_secs(15);
/// The longest wait between two tries.
pub(super) const CAP: Duration = Duration::from_mins(1);

/// Within this nothing that was confirmed is forgotten.
const KEPT: Duration = Duration::from_hours(6 * 24);

/// A request on its way, or its answer.
struct Flight {
    who: usize,
    life: u32,
    item: Box<Item>,
    token: Secret,
    sent_at: Duration,
    /// Nobody waits for the answer any more, or it is a second copy.
    forgotten: bool,
    answer: Option<Result<Box<CaseView>, ClientError>>,
    /// The epoch of the server whose answer it is.
    epoch: Option<Epoch>,
}

/// A case as its person submitted it.
#[derive(Debug, Clone)]
pub(super) struct Filing {
    pub(super) who: usize,
    /// As it was submitted last.
    pub(super) case: NewCase,
    pub(super) discarded: bool,
    /// It was submitted while the screen said that nothing can be written, and the desk was killed.
    pub(super) lost_with_warning: bool,
}

/// An act as its person asked for it.
#[derive(Debug, Clone)]
pub(super) struct Deed {
    pub(super) who: usize,
    pub(super) case: CaseId,
    pub(super) act: Act,
    /// The version of the case that was seen.
    pub(super) base: u32,
    pub(super) discarded: bool,
    pub(super) lost_with_warning: bool,
}

pub(super) struct World<'a> {
    pub(super) ground: &'a mut Ground,
    pub(super) seats: [Seat; 2],
    flights: Vec<Flight>,
    now: Duration,
    issuers: [NumberIssuer; 2],
    pub(super) filings: BTreeMap<CaseId, Filing>,
    pub(super) deeds: BTreeMap<EventId, Deed>,
    typed: u32,
    /// Whether the server has forgotten something.
    pub(super) is_put_back: bool,
    /// Whether all is well: from then on nothing is lost on the way.
    is_well: bool,
}

impl<'a> World<'a> {
    pub(super) fn new(ground: &'a mut Ground) -> Self {
        // No second of another day is used again.
        ground.clock.advance(Duration::from_hours(3));
        let issuers = ground.stations.map(|station| NumberIssuer::new(station, None));
        let mut seats = [0, 1].map(|who| Seat::new(who, &ground.clock));
        ground.forget_copy();
        for seat in &mut seats {
            seat.token = Some(ground.session(seat.who));
            seat.hear(ground.epoch());
        }
        Self {
            ground,
            seats,
            flights: Vec::new(),
            now: Duration::ZERO,
            issuers,
            filings: BTreeMap::new(),
            deeds: BTreeMap::new(),
            typed: 0,
            is_put_back: false,
            is_well: false,
        }
    }

    /// Lets one thing happen.
    pub(super) fn turn(&mut self, turn: Turn) -> Result<(), String> {
        let mut dice = Dice(turn.luck);
        let who = dice.below(2);
        match turn.what {
            What::Type => self.kind_of_typing(who, &mut dice),
            What::Submit => self.submit(who, &mut dice),
            What::Act => self.act(who, &mut dice),
            What::Look => self.look(who, &mut dice),
            What::Arrive => self.arrive(|flight| flight.answer.is_none(), false, &mut dice),
            What::Repeat => self.arrive(|flight| flight.answer.is_none(), true, &mut dice),
            What::Return => self.come_back(None, &mut dice)?,
            What::LoseRequest => self.lose(false, &mut dice)?,
            What::LoseAnswer => self.lose(true, &mut dice)?,
            What::Meddle => self.meddle(&mut dice),
            What::Pass => self.pass(Duration::from_millis(dice.roll() % 20_000), &mut dice)?,
            What::Wait => self.pass(Duration::from_secs(dice.roll() % 100_000), &mut dice)?,
            What::Dark => self.seats[who].dark = true,
            What::Light => self.seats[who].dark = false,
            What::Revoke => self.ground.revoke(who),
            What::SignIn => self.sign_in(who),
            What::Correct => self.correct(who, &mut dice),
            What::Discard => self.discard(who, &mut dice),
            What::Kill => {
                let left = self.seats[who].left_behind();
                self.rise_again(who, left)?;
            }
            What::KillLate => {
                let left = self.seats[who].left_behind();
                self.come_back(Some(who), &mut dice)?;
                self.rise_again(who, left)?;
            }
            What::Restart => self.ground.restart(),
            What::BackUp => self.ground.back_up(),
            // What was confirmed is kept for a week.
            What::PutBack if self.ground.is_backed_up() && self.now < KEPT => {
                self.ground.put_back();
                self.is_put_back = true;
            }
            What::PutBack => {}
            What::DiskFails => self.seats[who].break_disk(true),
            What::DiskHeals => self.mend_disk(who),
        }
        self.pump(&mut dice)
    }

    /// Everything is in order again, nobody touches anything, and time goes by.
    pub(super) fn heal(&mut self, dice: &mut Dice) -> Result<(), String> {
        self.is_well = true;
        for who in 0..2 {
            self.mend_disk(who);
            self.seats[who].dark = false;
            let seat = &self.seats[who];
            // That a session has ended is told by the live stream as well, where nothing waits to be sent.
            let ended = seat.epoch != Some(self.ground.epoch());
            let halted = seat.sender.outlook().halt.is_some() || seat.sender.untold() > 0;
            if ended || halted || self.seats[who].token.is_none() {
                self.sign_in(who);
            }
        }
        let end = self.now + CAP * 2;
        while self.now < end {
            for _ in 0..64 {
                self.pump(dice)?;
                if self.flights.is_empty() {
                    break;
                }
                self.arrive(|flight| flight.answer.is_none(), false, dice);
                self.come_back(None, dice)?;
            }
            // A session may have been ended whose desk did not know it yet.
            for who in 0..2 {
                if self.seats[who].sender.outlook().halt.is_some() {
                    self.sign_in(who);
                }
            }
            let still = |seat: &Seat| {
                seat.sender.untold() > 0
                    || seat.sender.outlook().waiting > 0 && !seat.held_up_by_nobody().is_empty()
            };
            if self.flights.is_empty() && !self.seats.iter().any(still) {
                return Ok(());
            }
            self.pass(Duration::from_secs(3), dice)?;
        }
        let stuck: Vec<_> =
            self.seats.iter().map(|seat| (seat.held_up_by_nobody(), seat.sender.outlook())).collect();
        Err(format!("I6: two caps after all is well something still waits: {stuck:?}"))
    }

    /// Sends what is to be sent.
    fn pump(&mut self, dice: &mut Dice) -> Result<(), String> {
        for who in 0..2 {
            let Some(token) = self.seats[who].token.clone() else { continue };
            for _ in 0..100 {
                let seat = &mut self.seats[who];
                match seat.step(self.now) {
                    Goes::Nothing => break,
                    Goes::Probe => {
                        let answered = !seat.dark && (self.is_well || dice.below(4) > 0);
                        let answer = if answered { Ok(()) } else { Err(nobody()) };
                        seat.sender.probed(answer, self.now, self.ground.clock.now(), dice.chance());
                    }
                    Goes::Discard(discard) => {
                        // Now and then it is heard, and the answer is lost.
                        let heard = if seat.dark { Err(nobody()) } else { self.ground.tell(&token, discard) };
                        let lost = !self.is_well && dice.below(4) == 0;
                        let heard = if lost { Err(nobody()) } else { heard };
                        seat.sender.told(heard, self.now, self.ground.clock.now(), dice.chance());
                    }
                    Goes::Item(item) if seat.dark => {
                        seat.answered(item, Err(nobody()), (self.now, &self.ground.clock, dice.chance()))?;
                    }
                    Goes::Item(item) => self.flights.push(Flight {
                        who,
                        life: seat.life,
                        item,
                        token: token.clone(),
                        sent_at: self.now,
                        forgotten: false,
                        answer: None,
                        epoch: None,
                    }),
                }
            }
        }
        Ok(())
    }

    fn arrive(&mut self, which: impl Fn(&Flight) -> bool, again: bool, dice: &mut Dice) {
        let coming: Vec<_> = (0..self.flights.len()).filter(|at| which(&self.flights[*at])).collect();
        let Some(at) = dice.pick(&coming).copied() else { return };
        let flight = &mut self.flights[at];
        let answer = self.ground.carry(&flight.token, &flight.item, self.seats[flight.who].desk);
        flight.epoch = Some(self.ground.epoch());
        if again {
            let copy = Flight {
                item: flight.item.clone(),
                token: flight.token.clone(),
                forgotten: true,
                answer: None,
                ..*flight
            };
            flight.answer = Some(answer);
            self.flights.push(copy);
        } else if flight.forgotten {
            self.flights.remove(at);
        } else {
            flight.answer = Some(answer);
        }
    }

    /// An answer reaches the desk.
    fn come_back(&mut self, to: Option<usize>, dice: &mut Dice) -> Result<(), String> {
        let here = |flight: &Flight| flight.answer.is_some() && to.is_none_or(|who| who == flight.who);
        let coming: Vec<_> = (0..self.flights.len()).filter(|at| here(&self.flights[*at])).collect();
        let Some(at) = dice.pick(&coming).copied() else { return Ok(()) };
        let flight = self.flights.remove(at);
        self.tell(flight, None, dice)
    }

    /// Tells a desk what came of a request: `instead`, or the answer.
    fn tell(&mut self, flight: Flight, instead: Option<ClientError>, dice: &mut Dice) -> Result<(), String> {
        let seat = &mut self.seats[flight.who];
        if flight.forgotten || flight.life != seat.life {
            return Ok(());
        }
        let epoch = flight.epoch.filter(|_| instead.is_none());
        let answer = instead.map(Err).or(flight.answer);
        let answer = answer.unwrap_or(Err(ClientError::Offline(NoAnswer::Cut)));
        seat.answered(flight.item, answer, (self.now, &self.ground.clock, dice.chance()))?;
        epoch.into_iter().for_each(|epoch| seat.hear(epoch));
        Ok(())
    }

    fn lose(&mut self, answered: bool, dice: &mut Dice) -> Result<(), String> {
        if answered {
            self.arrive(|flight| flight.answer.is_none() && !flight.forgotten, false, dice);
        }
        let lost = |flight: &Flight| !flight.forgotten && flight.answer.is_some() == answered;
        let lost: Vec<_> = (0..self.flights.len()).filter(|at| lost(&self.flights[*at])).collect();
        let Some(at) = dice.pick(&lost).copied() else { return Ok(()) };
        let flight = self.flights.remove(at);
        self.tell(flight, Some(ClientError::Offline(NoAnswer::Cut)), dice)
    }

    /// A proxy, a sign-in page of a network or an overloaded server answers in its place.
    fn meddle(&mut self, dice: &mut Dice) {
        let coming: Vec<_> = (0..self.flights.len())
            .filter(|at| self.flights[*at].answer.is_none() && !self.flights[*at].forgotten)
            .collect();
        let Some(at) = dice.pick(&coming).copied() else { return };
        let retry_after = Some(Duration::from_secs(dice.roll() % 40));
        self.flights[at].answer = Some(Err(match dice.below(5) {
            0 => ClientError::NotOurServer { status: 200 },
            1 => ClientError::Unavailable { status: 502, retry_after: None },
            2 => ClientError::Unavailable { status: 429, retry_after },
            3 => ClientError::Untrusted,
            _ => ClientError::Unavailable { status: 503, retry_after },
        }));
    }

    /// Time goes by, and patience ends.
    fn pass(&mut self, by: Duration, dice: &mut Dice) -> Result<(), String> {
        self.now += by;
        self.ground.clock.advance(by);
        for at in (0..self.flights.len()).rev() {
            let flight = &mut self.flights[at];
            if flight.forgotten || self.now < flight.sent_at + ANSWER {
                continue;
            }
            let late = Flight {
                item: flight.item.clone(),
                token: flight.token.clone(),
                answer: None,
                forgotten: false,
                ..*flight
            };
            flight.forgotten = true;
            if flight.answer.is_some() {
                self.flights.remove(at);
            }
            self.tell(late, Some(ClientError::Offline(NoAnswer::TooSlow)), dice)?;
        }
        Ok(())
    }

    fn sign_in(&mut self, who: usize) {
        self.seats[who].token = Some(self.ground.session(who));
        self.seats[who].sender.signed_in();
        self.seats[who].hear(self.ground.epoch());
    }

    fn mend_disk(&mut self, who: usize) {
        let seat = &mut self.seats[who];
        if seat.broken {
            seat.break_disk(false);
            seat.journal.flush().unwrap();
            let there = seat.journal.outbox().unwrap().items;
            seat.durable.extend(there.iter().map(|item| item.id));
        }
    }

    fn kind_of_typing(&mut self, who: usize, dice: &mut Dice) {
        self.typed += 1;
        let text = format!("第 {} 次输入", self.typed);
        let goes_on: Vec<_> = self.seats[who].drafts.keys().copied().collect();
        if let Some(id) = dice.pick(&goes_on).copied().filter(|_| dice.below(3) == 0) {
            let draft = self.seats[who].drafts.get_mut(&id).unwrap();
            draft.version += 1;
            draft.case.intake.text = text;
            self.seats[who].save(id, &self.ground.clock);
            return;
        }
        let ms = self.ground.clock.now().as_millisecond().unsigned_abs();
        let id = CaseId::new(ms, self.ground.unlike_any_other());
        let case = self.new_case(who, text, dice);
        self.seats[who].drafts.insert(id, Draft { version: 1, case });
        self.seats[who].save(id, &self.ground.clock);
    }

    fn new_case(&mut self, who: usize, text: String, dice: &mut Dice) -> NewCase {
        let now = self.ground.clock.now();
        // One clock in twelve is days off.
        let skew = SignedDuration::from_hours([72, -72][dice.below(2)]);
        let received_at = if dice.below(12) == 0 { now + skew } else { now };
        let number = match dice.below(4) {
            0 => None,
            // A number that stands for another case.
            1 => self.filings.values().filter(|filing| filing.who == who).find_map(|filing| {
                filing.case.number.clone().filter(|_| filing.case.received_at == received_at)
            }),
            _ => Some(self.number(who, received_at)),
        };
        NewCase {
            number,
            received_at,
            intake: IntakeBody {
                channel: Channel::Phone,
                kind: Kind::Complaint,
                caller: CallerBody::default(),
                // One in six is refused until it is put right.
                matter: (dice.below(6) == 0).then(|| "no-such-matter".parse().unwrap()),
                title: "路灯".to_owned(),
                text,
                place: PlaceBody::default(),
                occurred_at: None,
                target: String::new(),
                urgency: Urgency::Ordinary,
                confidential: false,
                earlier_case: None,
                tags: Vec::new(),
                remark: String::new(),
            },
            outcome: if dice.below(4) == 0 { Outcome::Dispatch(order().into()) } else { Outcome::Register },
        }
    }

    fn number(&mut self, who: usize, at: jiff::Timestamp) -> CaseNumber {
        let zone = huiyin::profile::Profile::demonstration().calendar().time_zone.clone();
        self.issuers[who].next(at.to_zoned_datetime(zone).datetime())
    }

    fn submit(&mut self, who: usize, dice: &mut Dice) {
        let seat = &mut self.seats[who];
        let ready: Vec<_> = seat.drafts.keys().copied().collect();
        let Some(id) = dice.pick(&ready).copied() else { return };
        let Draft { case, .. } = seat.drafts.remove(&id).unwrap();
        let body = serde_json::to_string(&case).unwrap();
        let item = Item::filing(id, &case, body, &self.ground.clock).unwrap();
        // What was lost with a warning may have been filed all the same: then the person is shown both.
        let lost_with_warning = self.filings.get(&id).is_some_and(|before| before.lost_with_warning);
        self.filings.insert(id, Filing { who, case, discarded: false, lost_with_warning });
        seat.submit(item);
    }

    fn act(&mut self, who: usize, dice: &mut Dice) {
        let seat = &mut self.seats[who];
        let mut cases: Vec<_> = seat.views.iter().map(|(case, version)| (*case, *version)).collect();
        // What waits here can be acted on as well.
        cases.extend(
            self.filings
                .iter()
                .filter(|(id, filing)| {
                    filing.who == who
                        && !filing.discarded
                        && !filing.lost_with_warning
                        && !seat.drafts.contains_key(id)
                        && !seat.views.contains_key(id)
                })
                .map(|(id, _)| (*id, 1)),
        );
        let Some((case, base)) = dice.pick(&cases).copied() else { return };
        self.typed += 1;
        let text = format!("第 {} 次输入", self.typed);
        let others: Vec<_> = self.filings.keys().copied().filter(|id| *id != case).collect();
        let other = dice.pick(&others).and_then(|id| super::oracle::number(&self.ground.store, *id));
        let act = match dice.below(11) {
            0 | 1 => Act::Note { text },
            2 => Act::Remind { by_caller: true, text },
            3 => Act::Dispatch(order()),
            4 => Act::Close { result: text },
            // The other case may be anybody's, and finished, or merged itself.
            5 | 6 => match other {
                Some(into) => Act::Merge { into },
                None => Act::Note { text },
            },
            7 => Act::Unmerge { reason: text },
            8 => Act::Amend(Box::new(Amendment { target: Some(text), ..Amendment::default() })),
            _ => Act::Amend(Box::new(Amendment { remark: Some(text), ..Amendment::default() })),
        };
        let now = self.ground.clock.now();
        let id = EventId::new(now.as_millisecond().unsigned_abs(), self.ground.unlike_any_other());
        let item = Item::act(case, id, act.clone(), Some(base), &self.ground.clock).unwrap();
        let deed = Deed { who, case, act, base, discarded: false, lost_with_warning: false };
        self.deeds.insert(id, deed);
        seat.submit(item);
    }

    /// A case is opened and read, if the line stands.
    fn look(&mut self, who: usize, dice: &mut Dice) {
        let all: Vec<_> = self.filings.keys().copied().collect();
        let seat = &mut self.seats[who];
        if let Some(id) = dice.pick(&all).copied()
            && !seat.dark
            && let Some(version) = super::oracle::version(&self.ground.store, id)
        {
            seat.views.insert(id, version);
        }
    }

    fn correct(&mut self, who: usize, dice: &mut Dice) {
        let aside: Vec<_> = self.seats[who].aside.values().cloned().collect();
        let Some(item) = dice.pick(&aside).cloned() else { return };
        match item.id {
            ItemId::Filing(id) => {
                let mut case = item.case_filed().unwrap();
                if dice.below(3) > 0 {
                    case.intake.matter = None;
                }
                case.intake.remark.push('改');
                let body = serde_json::to_string(&case).unwrap();
                let item = Item::filing(id, &case, body, &self.ground.clock).unwrap();
                self.filings.get_mut(&id).unwrap().case = case;
                self.seats[who].submit(item);
            }
            ItemId::Act(id) => {
                // The person looks at the case as it is now and asks for the same again.
                let Some(version) = super::oracle::version(&self.ground.store, item.case) else { return };
                let deed = self.deeds.get_mut(&id).unwrap();
                deed.base = version;
                let act = deed.act.clone();
                self.seats[who].views.insert(item.case, version);
                let clock = &self.ground.clock;
                self.seats[who].submit(Item::act(item.case, id, act, Some(version), clock).unwrap());
            }
        }
    }

    fn discard(&mut self, who: usize, dice: &mut Dice) {
        let aside: Vec<_> = self.seats[who].aside.keys().copied().collect();
        let Some(id) = dice.pick(&aside).copied() else { return };
        let seat = &mut self.seats[who];
        let now = Some(self.ground.clock.now());
        assert!(seat.sender.thrown_away(id, now), "what waits for a person can be thrown away");
        seat.aside.remove(&id);
        seat.durable.remove(&id);
        match id {
            ItemId::Filing(case) => {
                seat.journal.delete_draft(case);
                self.filings.get_mut(&case).unwrap().discarded = true;
            }
            ItemId::Act(act) => self.deeds.get_mut(&act).unwrap().discarded = true,
        }
    }

    /// A desk that was killed is started again on what it left.
    fn rise_again(&mut self, who: usize, left: tempfile::TempDir) -> Result<(), String> {
        let (life, warned) = (self.seats[who].life + 1, self.seats[who].broken);
        let new = Seat::open(who, left, &self.ground.clock, life);
        let before = std::mem::replace(&mut self.seats[who], new);
        self.flights.retain(|flight| flight.who != who || flight.answer.is_none());
        for flight in self.flights.iter_mut().filter(|flight| flight.who == who) {
            flight.forgotten = true;
        }
        self.seats[who].token = Some(self.ground.session(who));
        self.seats[who].dark = before.dark;
        self.seats[who].numbers = before.numbers.clone();
        super::oracle::after_a_start(self, who, &before, warned)?;
        self.seats[who].hear(self.ground.epoch());
        Ok(())
    }
}

fn nobody() -> ClientError {
    ClientError::Offline(NoAnswer::NotConnected)
}

fn order() -> Order {
    Order { lead: "cgj".parse().unwrap(), assisting: Vec::new(), opinion: "请核实处理".to_owned() }
}

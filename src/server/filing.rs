//! From a body to a filed case, for one case and for a batch alike.
//!
//! What is wrong with a body is told only where the case is new: a case that was taken once is answered for ever,
//! also when its station has been leased to somebody else or its department has left the profile since.

use jiff::{SignedDuration, Timestamp};

use super::app::App;
use super::problem::Failure;
use crate::domain::account::Actor;
use crate::domain::case::{Intake, Place};
use crate::domain::check::{FaultCode, Faults, TEXT_LIMIT};
use crate::domain::code::{DepartmentCode, MatterCode};
use crate::domain::event::Order;
use crate::domain::id::{CaseId, DeskId};
use crate::domain::number::CaseNumber;
use crate::domain::receipt::{AHEAD, FIRST_RECEIVED, Receipt};
use crate::profile::Profile;
use crate::store::cases::{self, Filed, Filing, FirstAct};
use crate::store::{Tx, stations};
use crate::wire::case::{NewCase, Outcome};
use crate::wire::sent::SentBody;

/// Nothing that anybody calls about happened before 1950 (in seconds); such a date is a slip.
const FIRST_OCCURRED: i64 = -631_152_000;
/// The second in a number may lie this long before the one the caller was heard in: clocks are read twice.
const NUMBER_BEFORE: SignedDuration = SignedDuration::from_secs(5);
/// And this long after it: a station takes the next free second when many come at once, or when it gives the number
/// at the end of a call.
const NUMBER_AFTER: SignedDuration = SignedDuration::from_hours(2);

/// A case that was sent in, checked as far as that can be done without the store.
#[derive(Clone)]
pub(crate) struct Sent {
    id: CaseId,
    number: Option<CaseNumber>,
    received_at: Timestamp,
    judged: Option<Receipt>,
    desk: Option<DeskId>,
    intake: Intake,
    outcome: FirstAct,
    sound: Result<(), Failure>,
}

impl Sent {
    /// Checks a case that a desk took and `sent` at `now`. A time of receipt that cannot be right is no fault of the
    /// caller's: the case is taken, and the time marked as doubtful.
    pub(crate) fn from_desk(app: &App, id: CaseId, case: NewCase, sent: SentBody, now: Timestamp) -> Self {
        let judged = Receipt::judged(case.received_at, sent.clock(), now, app.profile.offline_limit());
        Self { judged: Some(judged), desk: sent.desk, ..Self::check(app, id, case, now) }
    }

    /// Checks a case that is brought in from elsewhere at `now`. Its time must be one, and is believed.
    pub(crate) fn brought_in(app: &App, id: CaseId, case: NewCase, now: Timestamp) -> Self {
        let mut faults = Faults::under("");
        if is_ahead(case.received_at, now) {
            faults.add("/received_at", FaultCode::InTheFuture);
        }
        if case.received_at.as_second() < FIRST_RECEIVED {
            faults.add("/received_at", FaultCode::TooLongAgo);
        }
        let timely = Failure::unless_sound(faults);
        let sent = Self::check(app, id, case, now);
        Self { sound: sent.sound.and(timely), ..sent }
    }

    fn check(app: &App, id: CaseId, case: NewCase, now: Timestamp) -> Self {
        let NewCase { number, received_at, intake, outcome } = case;
        let intake = Intake::from(intake);
        let outcome = match outcome {
            Outcome::Register => FirstAct::Register,
            Outcome::Answer(answer) => FirstAct::Answer(answer),
            Outcome::Dispatch(order) => FirstAct::Dispatch(order.into()),
        };
        let sound = check(app, number.as_ref(), received_at, &intake, &outcome, now);
        Self { id, number, received_at, judged: None, desk: None, intake, outcome, sound }
    }

    /// Files it in the transaction.
    pub(crate) fn file(
        self,
        tx: &mut dyn Tx,
        app: &App,
        actor: &Actor,
        at: Timestamp,
        request: &str,
    ) -> Result<Filed, Failure> {
        if cases::find(tx, self.id)?.is_none() {
            self.sound?;
            if let Some(number) = &self.number {
                check_station(tx, number, actor, self.desk)?;
            }
        }
        let Self { id, number, received_at, judged, intake, outcome, .. } = self;
        let filing = Filing { id, number, received_at, judged, intake, outcome, actor, at, request };
        Ok(cases::file(tx, filing, app.rules())?)
    }
}

fn check(
    app: &App,
    number: Option<&CaseNumber>,
    received_at: Timestamp,
    intake: &Intake,
    outcome: &FirstAct,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut faults = Faults::under("/intake");
    faults.intake(intake);
    codes(&mut faults, &app.profile, intake.matter.as_ref(), Some(&intake.place));
    occurred(&mut faults, intake.occurred_at, now);
    let mut list = faults.into_vec();

    let mut faults = Faults::under("");
    match outcome {
        FirstAct::Register => {}
        FirstAct::Answer(answer) => faults.required("/outcome/answer", answer, TEXT_LIMIT),
        FirstAct::Dispatch(order) => {
            faults.order("/outcome/dispatch", order);
            departments(&mut faults, &app.profile, "/outcome/dispatch", order);
        }
    }
    if let Some(number) = number
        && !fits(number, received_at, app)
    {
        faults.add("/number", FaultCode::NotOfThisTime);
    }
    list.extend(faults.into_vec());
    if list.is_empty() { Ok(()) } else { Err(Failure::fields(list)) }
}

/// When it happened: not in the future, and not before anybody's time.
pub(crate) fn occurred(faults: &mut Faults, at: Option<Timestamp>, now: Timestamp) {
    if at.is_some_and(|at| is_ahead(at, now)) {
        faults.add("/occurred_at", FaultCode::InTheFuture);
    }
    if at.is_some_and(|at| at.as_second() < FIRST_OCCURRED) {
        faults.add("/occurred_at", FaultCode::TooLongAgo);
    }
}

/// Whether a time lies in the future, further than clocks differ.
fn is_ahead(at: Timestamp, now: Timestamp) -> bool {
    at.duration_since(now) > AHEAD
}

/// Whether the second in the number is the one the caller was heard in, as near as clocks and stations go. Its two
/// digits of the year cannot tell a time before 2000.
fn fits(number: &CaseNumber, received_at: Timestamp, app: &App) -> bool {
    if received_at.as_second() < FIRST_RECEIVED {
        return true;
    }
    let heard = received_at.to_zoned_datetime(app.profile.calendar().time_zone.clone()).datetime();
    let after = number.local_time().duration_since(heard);
    (-NUMBER_BEFORE..=NUMBER_AFTER).contains(&after)
}

/// The station of a number must be the desk's that sends it, or of the account that asked for it last. One that has
/// lapsed is still nobody else's: what was taken with it offline is taken here. So is what a desk sends again of a
/// station that a store put back from a backup has forgotten.
fn check_station(
    tx: &mut dyn Tx,
    number: &CaseNumber,
    actor: &Actor,
    desk: Option<DeskId>,
) -> Result<(), Failure> {
    let lease = stations::find(tx, number.station())?;
    let own = match lease {
        Some(lease) => lease.account == actor.name || desk == Some(lease.desk),
        None => desk.is_some() && stations::may_be_forgotten(tx, number.station())?,
    };
    if own { Ok(()) } else { Err(Failure::field("/number", FaultCode::NotYourStation)) }
}

/// The codes of an intake or an amendment must be the profile's.
pub(crate) fn codes(
    faults: &mut Faults,
    profile: &Profile,
    matter: Option<&MatterCode>,
    place: Option<&Place>,
) {
    if matter.is_some_and(|code| profile.matter(code).is_none()) {
        faults.add("/matter", FaultCode::UnknownCode);
    }
    let division = place.and_then(|place| place.division.as_ref());
    if division.is_some_and(|code| profile.division(code).is_none()) {
        faults.add("/place/division", FaultCode::UnknownCode);
    }
}

/// The departments of an order must be the profile's.
pub(crate) fn departments(faults: &mut Faults, profile: &Profile, pointer: &str, order: &Order) {
    let unknown = |code: &DepartmentCode| profile.department(code).is_none();
    if unknown(&order.lead) {
        faults.add(&format!("{pointer}/lead"), FaultCode::UnknownCode);
    }
    for (index, code) in order.assisting.iter().enumerate() {
        if unknown(code) {
            faults.add(&format!("{pointer}/assisting/{index}"), FaultCode::UnknownCode);
        }
    }
}

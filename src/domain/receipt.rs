//! When a caller was heard, as far as the desk's clock can be believed, and whether that is so long ago that a lead has
//! to look at it.
//!
//! Two desks' clocks are never compared, and nothing that counts hangs on one: every deadline runs from the time at
//! which the server took the case.

use jiff::{SignedDuration, Timestamp};

/// Clocks that differ by less are not worth a word.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(2);
/// A desk's clock may be this far ahead of the server's without anything being said.
pub const AHEAD: SignedDuration = SignedDuration::from_mins(10);
/// A clock that is off by more than this is not put right but doubted.
const DOUBTED: SignedDuration = SignedDuration::from_hours(24);
/// No reading of a clock means more than a century.
const LONGEST: SignedDuration = SignedDuration::from_hours(100 * 366 * 24);
/// No case was received before 2000 (in seconds): a clock that says so has lost its battery.
pub const FIRST_RECEIVED: i64 = 946_684_800;

/// What a desk knew of its clock when it sent the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeskClock {
    /// How far its clock was behind the server's, where it knew.
    pub behind: Option<SignedDuration>,
    /// How long ago the caller was heard by a clock that nobody sets, where the machine ran all the while.
    pub age: Option<SignedDuration>,
}

/// When the caller was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The time that counts in lists; where the desk's is doubtful, the server's.
    pub received_at: Timestamp,
    /// What the desk's clock said, where that is doubtful.
    pub told_at: Option<Timestamp>,
    /// Whether the case was so long on its way that a lead has to look at it.
    pub is_late: bool,
}

impl Receipt {
    /// A time that is believed as it stands: of a case that is brought in from elsewhere.
    pub const fn believed(received_at: Timestamp) -> Self {
        Self { received_at, told_at: None, is_late: false }
    }

    /// Judges what a desk's clock said, `told`, when the server took the case at `now`. The case is late if it was on
    /// its way for longer than `limit`.
    pub fn judged(told: Timestamp, clock: DeskClock, now: Timestamp, limit: SignedDuration) -> Self {
        let within = |time: SignedDuration| time.clamp(-LONGEST, LONGEST);
        let clock = DeskClock { behind: clock.behind.map(within), age: clock.age.map(within) };
        let behind = clock.behind.unwrap_or(SignedDuration::ZERO);
        let put_right = if behind.abs() > TOLERANCE { later(told, behind) } else { told };
        let by_age = clock.age.map(|age| later(now, -age));
        let doubtful = behind.abs() > DOUBTED
            || put_right.duration_since(now) > AHEAD
            || put_right.as_second() < FIRST_RECEIVED
            || by_age.is_some_and(|heard| put_right.duration_since(heard).abs() > DOUBTED);
        if doubtful {
            // A clock that nobody sets still tells how long it was on its way.
            let is_late = clock.age.is_some_and(|age| age > limit);
            return Self { received_at: now, told_at: Some(told), is_late };
        }
        // No case was heard after it came in; one without a correction keeps what it said, to the millisecond.
        let received_at = if behind.abs() > TOLERANCE { put_right.min(now) } else { told };
        Self { received_at, told_at: None, is_late: now.duration_since(received_at) > limit }
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    let beyond = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    at.checked_add(by).unwrap_or(beyond)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).unwrap()
    }

    /// Judged at 0 with a limit of 72 hours: what counts, whether the desk's time is doubted, whether it is late.
    fn judged(told: i64, behind: Option<i64>, age: Option<i64>) -> (i64, bool, bool) {
        let clock = DeskClock {
            behind: behind.map(SignedDuration::from_secs),
            age: age.map(SignedDuration::from_secs),
        };
        let receipt = Receipt::judged(at(told), clock, at(0), SignedDuration::from_hours(72));
        assert!(receipt.told_at.is_none_or(|told_at| told_at == at(told)));
        (receipt.received_at.duration_since(at(0)).as_secs(), receipt.told_at.is_some(), receipt.is_late)
    }

    #[test]
    fn a_clock_that_can_be_explained_is_put_right_and_another_is_doubted() {
        // Told at, the server ahead by, age; then what counts, doubtful, late. In seconds.
        for (told, behind, age, expected) in [
            (-30, None, None, (-30, false, false)),
            (-30, Some(90), Some(30), (-30, false, false)),
            (500, None, None, (500, false, false)),
            (601, None, None, (0, true, false)),
            // Half an hour fast, and known to be.
            (1800, Some(-1800), Some(0), (0, false, false)),
            (1800, Some(-1700), None, (0, false, false)),
            (3600, Some(-1800), None, (0, true, false)),
            // Two hours slow: put right.
            (-3 * HOUR, Some(2 * HOUR), Some(HOUR), (-HOUR, false, false)),
            // Off by days, though it is known by how much.
            (-3 * 24 * HOUR, Some(3 * 24 * HOUR), Some(60), (0, true, false)),
            (3 * 24 * HOUR, Some(-3 * 24 * HOUR), None, (0, true, false)),
            // Set right since: the offset explains nothing, the age tells.
            (-20 * 365 * 24 * HOUR, Some(0), Some(120), (0, true, false)),
            (-40 * 365 * 24 * HOUR, None, None, (0, true, false)),
            (-2 * 24 * HOUR, Some(0), Some(3 * 24 * HOUR), (-2 * 24 * HOUR, false, false)),
            (-HOUR, Some(0), Some(80 * HOUR), (0, true, true)),
            // Offline for long.
            (-72 * HOUR, None, None, (-72 * HOUR, false, false)),
            (-72 * HOUR - 1, None, None, (-72 * HOUR - 1, false, true)),
            (-80 * HOUR, Some(0), Some(80 * HOUR), (-80 * HOUR, false, true)),
        ] {
            assert_eq!(judged(told, behind, age), expected, "{told} {behind:?} {age:?}");
        }
    }

    #[test]
    fn no_reading_is_too_wild() {
        for wild in [SignedDuration::MIN, SignedDuration::MAX, SignedDuration::ZERO] {
            for told in [Timestamp::MIN, Timestamp::MAX, at(0)] {
                let clock = DeskClock { behind: Some(wild), age: Some(wild) };
                let receipt = Receipt::judged(told, clock, at(0), SignedDuration::from_hours(72));
                assert!(receipt.received_at <= later(at(0), AHEAD));
            }
        }
    }
}

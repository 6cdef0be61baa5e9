//! One call as the desk counts it: talk (通话), hold (保持) and after-call work (话后处理).
//!
//! Pure: every step is given the time. A call begins with the first key of its draft, for the desk is not told by the
//! telephone yet. As in any call centre only one is talked on. Which one follows the typing: a key typed into another
//! caller's draft takes that call up and sets the one before aside (it is on hold, and comes back with the next key
//! typed into its own draft); merely looking at a draft moves nothing. A caller put on hold by hand waits until the
//! hold is ended by hand, so that one can type while they wait. A call that is over is never put on hold.
//!
//! Time is counted in stretches, each never less than nothing, so a clock set back costs at most the stretch it was
//! set back in. A machine that slept counts on, for the telephone did not sleep; but a call whose draft nobody has
//! touched for two hours was left, and counts up to the last touch only. (The longest talk in a year of a city's
//! hotline was 79 minutes.)

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::code::code_enum;

/// Milliseconds without a touch after which a call is over.
const LEFT_AFTER: u64 = 2 * 60 * 60 * 1_000;

code_enum! {
    /// How a call stands.
    Phase = "call" {
        /// 通话.
        Talking = "talking",
        /// 保持, asked for by hand.
        Held = "held",
        /// On hold because another call is talked on.
        Aside = "aside",
        /// 话后处理: the caller has gone, the case is not finished.
        After = "after",
        /// Over and done with.
        Over = "over",
    }
}

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    phase: Phase,
    /// Up to when the figures below count.
    counted_to: Timestamp,
    /// Milliseconds of talk.
    talked: u64,
    /// Milliseconds on hold, in all.
    held: u64,
    /// Milliseconds of after-call work.
    after: u64,
    /// Milliseconds since somebody did something to it; they are in the figures too.
    untouched: u64,
}

impl Call {
    /// A call taken just now.
    pub fn begin(now: Timestamp) -> Self {
        Self { phase: Phase::Talking, counted_to: now, talked: 0, held: 0, after: 0, untouched: 0 }
    }

    /// The same call, counted up to `now`.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        let gap = now.as_millisecond().saturating_sub(self.counted_to.as_millisecond());
        let gap = u64::try_from(gap).unwrap_or(0);
        self.counted_to = now;
        let untouched = self.untouched.saturating_add(gap);
        let Some(figure) = self.figure_mut() else { return self };
        *figure = figure.saturating_add(gap);
        if untouched >= LEFT_AFTER {
            *figure = figure.saturating_sub(untouched);
            self.phase = Phase::Over;
        }
        self.untouched = untouched;
        self
    }

    /// Somebody typed into its draft: it is not left.
    #[must_use]
    pub fn touch(self, now: Timestamp) -> Self {
        Self { untouched: 0, ..self.at(now) }
    }

    /// Goes on to `phase`.
    #[must_use]
    fn go(self, now: Timestamp, from: &[Phase], to: Phase) -> Self {
        let here = self.touch(now);
        if from.contains(&here.phase) { Self { phase: to, ..here } } else { here }
    }

    /// Hold, by hand.
    #[must_use]
    pub fn hold(self, now: Timestamp) -> Self {
        self.go(now, &[Phase::Talking], Phase::Held)
    }

    /// Talks on, after whatever hold it was.
    #[must_use]
    pub fn resume(self, now: Timestamp) -> Self {
        self.go(now, &[Phase::Held, Phase::Aside], Phase::Talking)
    }

    /// Another call is talked on: this one waits, and if its caller has gone, its after-call work ends.
    #[must_use]
    pub fn set_aside(self, now: Timestamp) -> Self {
        match self.at(now).phase {
            Phase::Talking => self.go(now, &[Phase::Talking], Phase::Aside),
            Phase::After => self.ready(now),
            _ => self.at(now),
        }
    }

    /// The caller has gone; what is left is the work on the case.
    #[must_use]
    pub fn end(self, now: Timestamp) -> Self {
        self.go(now, &[Phase::Talking, Phase::Held, Phase::Aside], Phase::After)
    }

    /// The work after the call is done, or there is none.
    #[must_use]
    pub fn ready(self, now: Timestamp) -> Self {
        self.go(now, &[Phase::Talking, Phase::Held, Phase::Aside, Phase::After], Phase::Over)
    }

    /// How it stands.
    pub fn phase(self) -> Phase {
        self.phase
    }

    /// Whether a caller is on the line.
    pub fn is_live(self) -> bool {
        matches!(self.phase, Phase::Talking | Phase::Held | Phase::Aside)
    }

    /// Whether something is counted.
    pub fn counts(self) -> bool {
        self.phase != Phase::Over
    }

    /// Milliseconds of talk so far.
    pub fn talked(self) -> u64 {
        self.talked
    }

    /// Milliseconds of what it is in now: talk, hold or after-call work.
    pub fn figure(self) -> u64 {
        match self.phase {
            Phase::Talking => self.talked,
            Phase::Held | Phase::Aside => self.held,
            Phase::After => self.after,
            Phase::Over => 0,
        }
    }

    fn figure_mut(&mut self) -> Option<&mut u64> {
        match self.phase {
            Phase::Talking => Some(&mut self.talked),
            Phase::Held | Phase::Aside => Some(&mut self.held),
            Phase::After => Some(&mut self.after),
            Phase::Over => None,
        }
    }

    /// Milliseconds since somebody did something to it.
    pub fn untouched(self) -> u64 {
        self.untouched
    }

    /// When the figure shows another second; none if nothing is counted.
    pub fn next_second(self) -> Option<Timestamp> {
        let rest = i64::try_from(1_000 - self.figure() % 1_000).unwrap_or(1_000);
        let next = self.counted_to.checked_add(SignedDuration::from_millis(rest));
        next.ok().filter(|_| self.counts())
    }
}

/// `03:12`, and `1:03:12` from an hour on.
pub fn minutes(milliseconds: u64) -> String {
    let seconds = milliseconds / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::Phase::{After, Aside, Held, Over, Talking};
    use super::*;

    fn second(n: i64) -> Timestamp {
        // Seven seconds before midnight in Shanghai: what is counted runs over it.
        Timestamp::from_second(1_795_449_593 + n).unwrap()
    }

    fn in_phase(phase: Phase) -> Call {
        let call = Call::begin(second(0));
        match phase {
            Talking => call,
            Held => call.hold(second(0)),
            Aside => call.set_aside(second(0)),
            After => call.end(second(0)),
            Over => call.ready(second(0)),
        }
    }

    #[test]
    fn every_step_from_every_phase() {
        type Step = fn(Call, Timestamp) -> Call;
        let table: [(&str, Step, [Phase; 5]); 6] = [
            // From:                        talking  held     aside    after  over
            ("touch", Call::touch, [Talking, Held, Aside, After, Over]),
            ("hold", Call::hold, [Held, Held, Aside, After, Over]),
            ("resume", Call::resume, [Talking, Talking, Talking, After, Over]),
            ("set_aside", Call::set_aside, [Aside, Held, Aside, Over, Over]),
            ("end", Call::end, [After, After, After, After, Over]),
            ("ready", Call::ready, [Over, Over, Over, Over, Over]),
        ];
        for (name, step, to) in table {
            for (from, to) in Phase::ALL.iter().zip(to) {
                assert_eq!(step(in_phase(*from), second(5)).phase(), to, "{name} from {from}");
            }
        }
    }

    #[test]
    fn each_figure_counts_its_own_time() {
        let call = Call::begin(second(0)).hold(second(65)).resume(second(80)).set_aside(second(100));
        assert_eq!((call.talked(), call.at(second(103)).figure()), (85_000, 18_000));
        let call = call.resume(second(110)).end(second(120));
        let after = call.at(second(150));
        assert_eq!((after.talked(), after.figure(), after.phase()), (95_000, 30_000, After));
        assert_eq!(after.ready(second(160)).at(second(900)).figure(), 0);
        // Asked at any moment on the way it is the same.
        let often = (0..=120).fold(Call::begin(second(0)), |call, n| call.at(second(n)));
        assert_eq!(often, Call::begin(second(0)).at(second(120)));
    }

    #[test]
    fn a_clock_set_back_takes_nothing_away_and_counts_on() {
        let call = Call::begin(second(0)).touch(second(60)).at(second(-3_600));
        assert_eq!(call.figure(), 60_000);
        assert_eq!(call.at(second(-3_590)).figure(), 70_000);
        assert_eq!(call.at(Timestamp::MIN).at(Timestamp::MAX).phase(), Over);
    }

    #[test]
    fn a_machine_that_slept_counts_on_unless_the_call_was_left() {
        let call = Call::begin(second(0)).touch(second(60));
        let slept = call.at(second(60 + 40 * 60));
        assert_eq!((slept.phase(), slept.figure()), (Talking, 41 * 60_000));
        assert_eq!(call.at(second(60 + 7_199)).phase(), Talking);
        for left in [call.at(second(60 + 7_200)), slept.at(second(60 + 7_200)), call.touch(second(90_000))] {
            assert_eq!((left.phase(), left.talked(), left.next_second()), (Over, 60_000, None));
        }
        assert_eq!(in_phase(After).at(second(7_200)).phase(), Over);
    }

    #[test]
    fn it_ticks_when_the_shown_second_changes() {
        let call = Call::begin(second(0)).at(second(0) + SignedDuration::from_millis(2_300));
        assert_eq!(call.next_second(), Some(second(3)));
        assert_eq!(call.at(second(3)).next_second(), Some(second(4)));
        assert_eq!(in_phase(Over).next_second(), None);
    }

    #[test]
    fn figures_are_minutes_and_seconds() {
        for (ms, shown) in [(0, "00:00"), (999, "00:00"), (192_000, "03:12"), (3_792_000, "1:03:12")] {
            assert_eq!(minutes(ms), shown);
        }
    }
}

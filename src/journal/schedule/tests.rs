//! Stories of what goes next, without a disk and without a network.

use super::*;

fn case(n: u8) -> CaseId {
    CaseId::new(1, [n; 10])
}

fn filing(n: u8) -> ItemId {
    ItemId::Filing(case(n))
}

fn act(n: u8) -> ItemId {
    ItemId::Act(crate::domain::id::EventId::new(2, [n; 10]))
}

const fn s(seconds: u64) -> Moment {
    Duration::from_secs(seconds)
}

/// Two cases, the second with an act behind it.
fn three() -> Schedule {
    let mut schedule = Schedule::default();
    schedule.push(1, filing(1), case(1), false);
    schedule.push(2, filing(2), case(2), false);
    schedule.push(3, act(1), case(2), false);
    schedule
}

#[test]
fn a_case_goes_in_order_and_waits_for_no_other() {
    let mut schedule = three();
    assert_eq!(schedule.next(s(0)), Next::Send(filing(1)));
    assert_eq!(schedule.next(s(0)), Next::Send(filing(2)));
    assert_eq!(schedule.next(s(0)), Next::Wait(None));
    schedule.answered(filing(1), case(1), Verdict::Later, s(0), 0.5);
    schedule.answered(filing(2), case(2), Verdict::Done, s(0), 0.5);
    assert_eq!(schedule.next(s(0)), Next::Send(act(1)));
    assert_eq!(schedule.next(s(0)), Next::Wait(Some(Duration::from_millis(500))));
    assert_eq!(schedule.next(s(1)), Next::Send(filing(1)));
    assert_eq!(schedule.waiting(), 2);
}

#[test]
fn what_is_put_aside_holds_up_its_own_case_only() {
    let mut schedule = three();
    assert_eq!(schedule.next(s(0)), Next::Send(filing(1)));
    assert_eq!(schedule.next(s(0)), Next::Send(filing(2)));
    schedule.answered(filing(2), case(2), Verdict::Aside, s(0), 0.5);
    schedule.answered(filing(1), case(1), Verdict::Done, s(0), 0.5);
    assert_eq!(schedule.next(s(100)), Next::Wait(None));
    // Corrected, it goes first again: it keeps its place.
    schedule.push(2, filing(2), case(2), false);
    schedule.unblock(case(2));
    assert_eq!(schedule.next(s(100)), Next::Send(filing(2)));
    schedule.answered(filing(2), case(2), Verdict::Done, s(100), 0.5);
    assert_eq!(schedule.next(s(100)), Next::Send(act(1)));
}

#[test]
fn five_silences_stop_all_but_probes_and_a_probe_brings_all_back() {
    let mut schedule = Schedule::default();
    for n in 0..9 {
        schedule.push(n.into(), filing(n), case(n), false);
    }
    for n in 0..5 {
        assert_eq!(schedule.next(s(0)), Next::Send(filing(n)));
        schedule.answered(filing(n), case(n), Verdict::NoAnswer, s(0), 0.5);
    }
    assert!(schedule.is_cut_off());
    assert_eq!(schedule.next(s(0)), Next::Wait(Some(s(15))));
    assert_eq!(schedule.next(s(15)), Next::Probe);
    assert_eq!(schedule.next(s(15)), Next::Wait(None));
    schedule.probe_failed(s(15), 1.0);
    assert_eq!(schedule.next(s(15)), Next::Wait(Some(s(17))));
    assert_eq!(schedule.next(s(17)), Next::Probe);
    schedule.nudge();
    assert_eq!(schedule.next(s(17)), Next::Send(filing(0)));
    assert_eq!(schedule.waiting(), 9);
}

#[test]
fn no_probe_waits_longer_than_a_minute() {
    let mut schedule = three();
    for _ in 0..FAILURES {
        schedule.unanswered(s(0), 1.0);
    }
    let mut now = s(0);
    for _ in 0..20 {
        match schedule.next(now) {
            Next::Wait(Some(at)) => {
                assert!(at <= now + CAP);
                now = at;
            }
            Next::Probe => schedule.probe_failed(now, 1.0),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_pause_that_the_server_asks_for_is_not_undercut() {
    let mut schedule = three();
    assert_eq!(schedule.next(s(0)), Next::Send(filing(1)));
    schedule.answered(filing(1), case(1), Verdict::Pause(s(10)), s(0), 0.0);
    assert_eq!(schedule.next(s(9)), Next::Wait(Some(s(10))));
    assert_eq!(schedule.next(s(10)), Next::Send(filing(1)));
}

#[test]
fn an_ended_session_keeps_everything_until_somebody_signs_in() {
    let mut schedule = three();
    assert_eq!(schedule.next(s(0)), Next::Send(filing(1)));
    schedule.answered(filing(1), case(1), Verdict::SignIn, s(0), 0.0);
    assert_eq!((schedule.next(s(500)), schedule.halt()), (Next::Wait(None), Some(Halt::SignIn)));
    schedule.nudge();
    assert_eq!(schedule.next(s(500)), Next::Wait(None));
    schedule.signed_in();
    assert_eq!(schedule.next(s(500)), Next::Send(filing(1)));
    schedule.answered(filing(1), case(1), Verdict::Update, s(500), 0.0);
    schedule.signed_in();
    assert_eq!((schedule.next(s(501)), schedule.waiting()), (Next::Wait(None), 3));
    schedule.nudge();
    assert_eq!((schedule.halt(), schedule.next(s(501))), (None, Next::Send(filing(1))));
}

#[test]
fn a_late_word_that_an_old_session_has_ended_does_not_end_the_new_one() {
    let mut schedule = three();
    assert_eq!(schedule.next(s(0)), Next::Send(filing(1)));
    assert_eq!(schedule.next(s(0)), Next::Send(filing(2)));
    schedule.answered(filing(1), case(1), Verdict::SignIn, s(0), 0.0);
    schedule.signed_in();
    schedule.answered(filing(2), case(2), Verdict::SignIn, s(1), 0.0);
    assert_eq!((schedule.halt(), schedule.next(s(1))), (None, Next::Send(filing(1))));
}

#[test]
fn what_is_thrown_away_is_not_sent_unless_it_is_under_way() {
    let mut schedule = three();
    assert_eq!(schedule.next(s(0)), Next::Send(filing(1)));
    assert!(!schedule.remove(filing(1), case(1)));
    assert!(schedule.remove(filing(2), case(2)));
    assert!(!schedule.remove(filing(2), case(2)));
    assert_eq!(schedule.next(s(0)), Next::Send(act(1)));
    assert_eq!(schedule.waiting(), 2);
}

#[test]
fn what_somebody_waits_for_goes_before_a_week_of_others() {
    let mut schedule = Schedule::default();
    for n in 0..9 {
        schedule.push(n.into(), filing(n), case(n), false);
    }
    for n in 0..4 {
        assert_eq!(schedule.next(s(0)), Next::Send(filing(n)));
    }
    assert_eq!(schedule.next(s(0)), Next::Wait(None));
    schedule.push(99, filing(99), case(99), true);
    assert_eq!(schedule.next(s(0)), Next::Send(filing(99)));
    assert_eq!(schedule.next(s(0)), Next::Wait(None));
    schedule.answered(filing(99), case(99), Verdict::Done, s(0), 0.5);
    schedule.answered(filing(0), case(0), Verdict::Done, s(0), 0.5);
    assert_eq!(schedule.next(s(0)), Next::Send(filing(4)));
}

#[test]
fn what_is_put_aside_holds_up_nothing_that_stands_before_it() {
    let mut schedule = Schedule::default();
    schedule.push(3, act(3), case(1), false);
    assert_eq!(schedule.next(s(0)), Next::Send(act(3)));
    // The server was put back meanwhile: what it had confirmed is sent again.
    schedule.push(2, act(2), case(1), false);
    schedule.push(4, act(4), case(1), false);
    schedule.answered(act(3), case(1), Verdict::Aside, s(0), 0.5);
    assert_eq!(schedule.next(s(0)), Next::Send(act(2)));
    schedule.answered(act(2), case(1), Verdict::Done, s(0), 0.5);
    assert_eq!(schedule.next(s(0)), Next::Wait(None));
    schedule.unblock(case(1));
    assert_eq!(schedule.next(s(0)), Next::Send(act(4)));
}

#[test]
fn a_case_that_the_server_has_lost_is_filed_before_what_is_done_with_it_whatever_holds_that_up() {
    let mut schedule = Schedule::default();
    schedule.push(3, act(1), case(1), false);
    schedule.block(3, case(2));
    schedule.push(4, act(2), case(2), false);
    assert_eq!(schedule.next(s(0)), Next::Send(act(1)));
    schedule.push(1, filing(1), case(1), false);
    schedule.push(2, filing(2), case(2), false);
    assert_eq!(schedule.under_way().collect::<Vec<_>>(), [act(1)]);
    schedule.answered(act(1), case(1), Verdict::Again, s(0), 0.5);
    assert_eq!(schedule.next(s(0)), Next::Send(filing(1)));
    assert_eq!(schedule.next(s(0)), Next::Send(filing(2)));
    schedule.answered(filing(2), case(2), Verdict::Later, s(0), 0.5);
    assert_eq!(schedule.next(s(1)), Next::Send(filing(2)));
    schedule.answered(filing(2), case(2), Verdict::Done, s(1), 0.5);
    schedule.answered(filing(1), case(1), Verdict::Done, s(1), 0.5);
    assert_eq!((schedule.next(s(1)), schedule.next(s(1))), (Next::Send(act(1)), Next::Wait(None)));
}

#[test]
fn an_answer_that_comes_twice_is_one() {
    let mut schedule = three();
    assert_eq!(schedule.next(s(0)), Next::Send(filing(1)));
    assert_eq!(schedule.next(s(0)), Next::Send(filing(2)));
    for _ in 0..2 {
        schedule.answered(filing(2), case(2), Verdict::Done, s(0), 0.5);
    }
    assert_eq!((schedule.waiting(), schedule.next(s(0))), (2, Next::Send(act(1))));
}

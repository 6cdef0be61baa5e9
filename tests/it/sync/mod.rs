//! Thousands of days at two desks, each with everything going wrong that can: requests and answers lost, late, twice
//! and out of order, desks killed, the server stopped or put back to an earlier hour, disks full, sessions ended, cases
//! refused and put right. Then all is well again, time goes by, and [`oracle`] asks what has become of every case and
//! every act.
//!
//! Real are the journal on its files, the sender with its schedule, the client and the server over its store. Time and
//! the line are the test's. A day that fails is told by its seed and the fewest turns that still fail.
//!
//! One day in four is a fresh one, which nobody has played before: the others are the same in every run.
//! `HUIYIN_TEST_SEED` plays the fresh days of an earlier run again, `HUIYIN_DAYS=20000` more days,
//! `HUIYIN_FIRST_DAY=7` others. A day that went wrong is remembered in [`REMEMBERED`].

mod ground;
mod oracle;
mod seat;
mod turn;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use ground::Ground;
pub(crate) use oracle::chain;
use turn::{Dice, Turn};
use world::World;

/// Days that once went wrong.
const REMEMBERED: &[u64] = &[24, 131, 1178, 9_612_148_883_960_913_436, 13_123_636_640_628_918_364, 903_603];

/// Plays the turns; says what is wrong at the end.
fn play(ground: &mut Ground, seed: u64, turns: &[Turn]) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| played(ground, seed, turns))).unwrap_or(Err("a panic".to_owned()))
}

fn played(ground: &mut Ground, seed: u64, turns: &[Turn]) -> Result<(), String> {
    let mut world = World::new(ground);
    for turn in turns {
        world.turn(*turn)?;
    }
    world.heal(&mut Dice(seed))?;
    oracle::at_the_end(&world)?;
    if seed.is_multiple_of(64) {
        oracle::is_nobody_elses(&mut world.seats[0])?;
    }
    Ok(())
}

/// The fewest turns, as far as leaving out goes, that still go wrong.
fn shrunk(ground: &mut Ground, seed: u64, mut turns: Vec<Turn>) -> (Vec<Turn>, String) {
    let mut why = String::new();
    let mut piece = turns.len() / 2;
    loop {
        let mut at = 0;
        while at < turns.len() {
            let mut fewer = turns.clone();
            fewer.drain(at..(at + piece.max(1)).min(turns.len()));
            match play(ground, seed, &fewer) {
                Err(still) => (turns, why) = (fewer, still),
                Ok(()) => at += piece.max(1),
            }
        }
        if piece <= 1 {
            return (turns, why);
        }
        piece /= 2;
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// The days of a run.
struct Days {
    first: u64,
    count: u64,
    /// From here on the fresh ones are counted.
    fresh: u64,
}

impl Days {
    /// As the environment says; what it does not say of the fresh ones is drawn.
    fn of_this_run() -> Self {
        let drawn = || uuid::Uuid::now_v7().as_u64_pair().1;
        Self {
            first: number("HUIYIN_FIRST_DAY").unwrap_or(0),
            count: number("HUIYIN_DAYS").unwrap_or(500),
            fresh: number("HUIYIN_TEST_SEED").unwrap_or_else(drawn),
        }
    }

    /// The seed of the `nth` day: first those that are remembered, then one fresh day after every three known ones.
    fn nth(&self, nth: u64) -> Option<u64> {
        if let Some(day) = usize::try_from(nth).ok().and_then(|nth| REMEMBERED.get(nth)) {
            return Some(*day);
        }
        let nth = nth - u64::try_from(REMEMBERED.len()).ok()?;
        let (round, of_round) = (nth / 4, nth % 4);
        let is_fresh = of_round == 3;
        let seed = if is_fresh { self.fresh.wrapping_add(round) } else { self.first + round * 3 + of_round };
        (nth < self.count).then_some(seed)
    }
}

#[test]
fn three_days_of_four_are_known_and_the_fourth_is_played_again_by_its_seed() {
    let days = Days { first: 10, count: 9, fresh: u64::MAX };
    let played: Vec<_> = (0..).map_while(|nth| days.nth(nth)).collect();
    assert_eq!(played[..REMEMBERED.len()], *REMEMBERED);
    assert_eq!(played[REMEMBERED.len()..], [10, 11, 12, u64::MAX, 13, 14, 15, 0, 16]);
}

#[test]
fn whatever_happens_everything_submitted_ends_up_in_one_place() {
    let days = Days::of_this_run();
    println!("HUIYIN_TEST_SEED={} HUIYIN_FIRST_DAY={} HUIYIN_DAYS={}", days.fresh, days.first, days.count);
    let next = AtomicU64::new(0);
    let work = || {
        let mut ground = Ground::new();
        for played in 1.. {
            // A store is copied in the time that its size takes.
            if played % 64 == 0 {
                ground = Ground::new();
            }
            let Some(seed) = days.nth(next.fetch_add(1, Ordering::Relaxed)) else { return };
            let turns = turn::day(seed);
            if let Err(why) = play(&mut ground, seed, &turns) {
                let (turns, shorter) = shrunk(&mut ground, seed, turns);
                let turns: Vec<_> = turns.iter().map(|turn| format!("{turn:?}")).collect();
                panic!("day {seed}: {why}\nin {} turns: {shorter}\n{}", turns.len(), turns.join("\n"));
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
}

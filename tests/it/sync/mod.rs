//! Thousands of days at two desks, each with everything going wrong that can: requests and answers lost, late, twice
//! and out of order, desks killed, the server stopped or put back to an earlier hour, disks full, sessions ended, cases
//! refused and put right. Then all is well again, time goes by, and [`oracle`] asks what has become of every case and
//! every act.
//!
//! Real are the journal on its files, the sender with its schedule, the client and the server over its store. Time and
//! the line are the test's. A day that fails is told by its seed and the fewest turns that still fail.
//!
//! `HUIYIN_DAYS=20000` plays more days, `HUIYIN_FIRST_DAY=7` others.

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
const REMEMBERED: &[u64] = &[24, 131, 1178];

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

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn whatever_happens_everything_submitted_ends_up_in_one_place() {
    let (days, first) = (number("HUIYIN_DAYS", 500), number("HUIYIN_FIRST_DAY", 0));
    println!("HUIYIN_FIRST_DAY={first} HUIYIN_DAYS={days}");
    let next = AtomicU64::new(0);
    let remembered = u64::try_from(REMEMBERED.len()).unwrap();
    let work = || {
        let mut ground = Ground::new();
        for played in 1.. {
            // A store is copied in the time that its size takes.
            if played % 64 == 0 {
                ground = Ground::new();
            }
            let nth = next.fetch_add(1, Ordering::Relaxed);
            let kept = usize::try_from(nth).ok().and_then(|nth| REMEMBERED.get(nth)).copied();
            let seed = kept.unwrap_or_else(|| first + nth - remembered.min(nth));
            if nth >= days + remembered {
                return;
            }
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

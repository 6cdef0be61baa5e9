//! How long to wait before trying again, so that a hall of desks does not come back in one moment.

use std::time::Duration;

/// The first wait is at most this long.
const BASE: Duration = Duration::from_secs(1);
/// No wait is longer.
const CAP: Duration = Duration::from_mins(1);

/// A wait between nothing and one second, twice as long after each further attempt (from 0), at most a minute.
pub fn full_jitter(attempt: u32) -> Duration {
    let most = BASE.saturating_mul(1 << attempt.min(6)).min(CAP);
    most.mul_f64(part())
}

/// A wait between one and one and a half times `asked`: what a server asked for is not undercut.
pub fn equal_jitter(asked: Duration) -> Duration {
    asked.saturating_add(asked.mul_f64(part() / 2.0))
}

/// A number in 0..1; without a source of randomness, the middle.
fn part() -> f64 {
    getrandom::u32().map_or(0.5, |random| f64::from(random) / (f64::from(u32::MAX) + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_within_their_bounds() {
        for _ in 0..100 {
            assert!(full_jitter(0) <= BASE);
            assert!(full_jitter(3) <= BASE * 8);
            assert!(full_jitter(u32::MAX) <= CAP);
            let asked = Duration::from_secs(10);
            assert!((asked..=asked * 3 / 2).contains(&equal_jitter(asked)));
        }
    }
}

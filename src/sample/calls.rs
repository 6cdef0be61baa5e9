//! When calls come: busy mornings, quiet nights, half as many on a day off.

use jiff::{SignedDuration, Timestamp};

use super::rng::Rng;
use crate::domain::calendar::Calendar;

/// How many calls come in each hour of a working day, relative to the others.
const HOURS: [u64; 24] =
    [8, 5, 4, 3, 4, 8, 20, 48, 92, 110, 104, 86, 62, 70, 92, 96, 88, 72, 56, 48, 42, 34, 24, 14];

/// Calls on a day off, in percent of those on a working day.
const DAY_OFF: u64 = 58;

/// The hours of the time covered, each with the weight of all hours up to its end.
#[derive(Debug)]
pub(super) struct Calls {
    start: Timestamp,
    end: Timestamp,
    up_to: Vec<u64>,
}

impl Calls {
    /// The `days` days that end at `until`.
    pub(super) fn new(calendar: &Calendar, until: Timestamp, days: u32) -> Self {
        let hours = u64::from(days.max(1)) * 24;
        let span = SignedDuration::from_hours(i64::try_from(hours).unwrap_or(i64::MAX));
        let start = until.checked_sub(span).unwrap_or(Timestamp::UNIX_EPOCH);
        let mut sum = 0;
        let mut at = start;
        let mut up_to = Vec::new();
        while at < until {
            let local = at.to_zoned_datetime(calendar.time_zone.clone());
            let weight = HOURS[usize::try_from(local.hour()).unwrap_or(0)];
            sum += weight * if calendar.is_working(local.date()) { 100 } else { DAY_OFF };
            up_to.push(sum);
            at = at.checked_add(SignedDuration::from_hours(1)).unwrap_or(until);
        }
        Self { start, end: until, up_to }
    }

    /// When call `index` of `count` comes; never before the one before it.
    pub(super) fn at(&self, index: u64, count: u64, rng: &mut Rng) -> Timestamp {
        const GRAIN: u64 = 1 << 20;
        let total = u128::from(self.up_to.last().copied().unwrap_or(0));
        let place = u128::from(index) * u128::from(GRAIN) + u128::from(rng.below(GRAIN));
        let whole = u128::from(count.max(1)) * u128::from(GRAIN);
        let weight = u64::try_from(place * total / whole).unwrap_or(0);
        let hour =
            self.up_to.partition_point(|up_to| *up_to <= weight).min(self.up_to.len().saturating_sub(1));
        let before = if hour == 0 { 0 } else { self.up_to[hour - 1] };
        let width = self.up_to.get(hour).map_or(1, |up_to| up_to - before).max(1);
        let inside = (weight - before.min(weight)) * 3_600_000 / width;
        let offset = (hour as u64).saturating_mul(3_600_000).saturating_add(inside);
        let offset = SignedDuration::from_millis(i64::try_from(offset).unwrap_or(i64::MAX));
        self.start.checked_add(offset).map_or(self.end, |at| at.min(self.end))
    }
}

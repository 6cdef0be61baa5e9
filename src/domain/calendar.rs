//! Which days count: weekends, public holidays (放假) and the make-up days (调休) that turn weekends into work.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The working days of a city. Built by the profile's loader, which has looked up the time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The zone in which days are counted.
    pub time_zone: TimeZone,
    /// Days off every week.
    pub weekend: Vec<Weekday>,
    /// Days off by notice.
    pub holidays: BTreeSet<Date>,
    /// Weekend days that are worked.
    pub makeup: BTreeSet<Date>,
    /// When a day's work is due: deadlines counted in days end then.
    pub day_ends: Time,
}

impl Calendar {
    /// Saturday and Sunday off, no holidays, days end at 18:00, in `time_zone`.
    pub fn plain(time_zone: TimeZone) -> Self {
        Self {
            time_zone,
            weekend: vec![Weekday::Saturday, Weekday::Sunday],
            holidays: BTreeSet::new(),
            makeup: BTreeSet::new(),
            day_ends: Time::constant(18, 0, 0, 0),
        }
    }

    /// Whether `day` is worked.
    pub fn is_working(&self, day: Date) -> bool {
        self.makeup.contains(&day) || !(self.holidays.contains(&day) || self.weekend.contains(&day.weekday()))
    }

    /// The local date at `at`.
    pub fn date(&self, at: Timestamp) -> Date {
        at.to_zoned_datetime(self.time_zone.clone()).date()
    }

    /// The end of work on the `n`-th day after `from` that `counts`; the end of time where the calendar runs out.
    pub fn end_of_day_after(
        &self,
        from: Timestamp,
        n: u32,
        counts: impl Fn(&Self, Date) -> bool,
    ) -> Timestamp {
        let mut day = self.date(from);
        let mut left = n;
        while left > 0 {
            let Ok(next) = day.tomorrow() else { return Timestamp::MAX };
            day = next;
            if counts(self, day) {
                left -= 1;
            }
        }
        self.at(day, self.day_ends)
    }

    /// The end of work on the `n`-th working day before the day of `at`.
    pub fn end_of_working_day_before(&self, at: Timestamp, n: u32) -> Timestamp {
        let mut day = self.date(at);
        let mut left = n;
        while left > 0 {
            let Ok(before) = day.yesterday() else { return Timestamp::MIN };
            day = before;
            if self.is_working(day) {
                left -= 1;
            }
        }
        self.at(day, self.day_ends)
    }

    fn at(&self, day: Date, time: Time) -> Timestamp {
        day.to_datetime(time)
            .to_zoned_datetime(self.time_zone.clone())
            .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }

    /// The end of work on the `n`-th calendar day before the day of `at`.
    pub fn end_of_day_before(&self, at: Timestamp, n: u32) -> Timestamp {
        let day = self.date(at).checked_sub(i64::from(n).days()).unwrap_or(Date::MIN);
        self.at(day, self.day_ends)
    }
}

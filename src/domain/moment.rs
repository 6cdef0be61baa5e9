//! A moment as people say it on the phone: `昨天下午三点`, `上周五晚上`, `半小时前`, `11月20日 8:30`, `yesterday 3pm`.
//!
//! Pure: the time of the call is an argument. Numbers may be Chinese or full-width. The rules where speech leaves
//! something open: a day alone is its first minute; a part of the day alone is an hour in its middle; a weekday is the
//! last one, today included; a day of the month that is still to come was last month's, and a date more than half a
//! year ahead last year's; the small hours after `晚上` belong to the next day. An hour from one to eleven without a
//! part of the day is ambiguous, unless its afternoon is still to come.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use super::normalise::normalise;

/// The longest text that is read, in characters.
const LONGEST: usize = 60;

/// Why a text is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unclear {
    /// Nobody would read a moment in it, or there is no such day or time.
    NotUnderstood,
    /// It may be the morning or the afternoon.
    Ambiguous,
}

/// Reads a moment in `zone`, relative to `call`. What lies in the future is for the caller to refuse.
pub fn read(typed: &str, zone: &TimeZone, call: Timestamp) -> Result<Timestamp, Unclear> {
    if typed.chars().nth(LONGEST).is_some() {
        return Err(Unclear::NotUnderstood);
    }
    let now = call.to_zoned_datetime(zone.clone()).datetime();
    let text = with_digits(&normalise(typed)).replace(['/', '.'], "-");
    let mut reading = Reading { rest: text.trim(), now };
    match reading.whole()? {
        Said::Instant(back) => call.checked_sub(back).map_err(|_| Unclear::NotUnderstood),
        Said::Local(local) => local
            .to_zoned_datetime(zone.clone())
            .map(|zoned| zoned.timestamp())
            .map_err(|_| Unclear::NotUnderstood),
    }
}

/// What was said: so long before the call, or a time on the clock.
enum Said {
    Instant(SignedDuration),
    Local(DateTime),
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Dawn,
    Morning,
    Noon,
    Afternoon,
    Dusk,
    Night,
    /// `am` and `pm`, which leave nothing open.
    Before,
    After,
}

const PARTS: &[(&str, Part)] = &[
    ("凌晨", Part::Dawn),
    ("清晨", Part::Morning),
    ("早晨", Part::Morning),
    ("早上", Part::Morning),
    ("上午", Part::Morning),
    ("中午", Part::Noon),
    ("午后", Part::Afternoon),
    ("下午", Part::Afternoon),
    ("傍晚", Part::Dusk),
    ("晚上", Part::Night),
    ("晚间", Part::Night),
    ("夜里", Part::Night),
    ("夜间", Part::Night),
    ("半夜", Part::Night),
    ("深夜", Part::Night),
    ("in the morning", Part::Morning),
    ("in the afternoon", Part::Afternoon),
    ("in the evening", Part::Night),
    ("at night", Part::Night),
    ("morning", Part::Morning),
    ("noon", Part::Noon),
    ("afternoon", Part::Afternoon),
    ("evening", Part::Night),
    ("night", Part::Night),
    ("早", Part::Morning),
    ("晚", Part::Night),
    ("夜", Part::Night),
];

/// Days by name and how many days back, the longer before the shorter.
const DAYS: &[(&str, i64)] = &[
    ("大前天", 3),
    ("前天", 2),
    ("前日", 2),
    ("前晚", 2),
    ("昨天", 1),
    ("昨日", 1),
    ("昨", 1),
    ("今天", 0),
    ("今日", 0),
    ("今", 0),
    ("当天", 0),
    ("the day before yesterday", 2),
    ("yesterday", 1),
    ("last night", 1),
    ("today", 0),
    ("this", 0),
];

const WEEKDAYS: &[(&str, i8)] =
    &[("1", 1), ("2", 2), ("3", 3), ("4", 4), ("5", 5), ("6", 6), ("日", 7), ("天", 7), ("末", 6)];

const ENGLISH_WEEKDAYS: &[(&str, i8)] = &[
    ("monday", 1),
    ("tuesday", 2),
    ("wednesday", 3),
    ("thursday", 4),
    ("friday", 5),
    ("saturday", 6),
    ("sunday", 7),
];

struct Reading<'a> {
    rest: &'a str,
    now: DateTime,
}

impl Reading<'_> {
    fn whole(&mut self) -> Result<Said, Unclear> {
        for word in ["刚才", "刚刚", "刚", "现在", "just now", "now"] {
            if self.rest == word {
                return Ok(Said::Instant(SignedDuration::ZERO));
            }
        }
        let start = self.rest;
        if let Some(said) = self.ago() {
            return Ok(said);
        }
        self.rest = start;
        let day = self.day()?;
        self.blank();
        let _ = self.eat(&["t", "的", "大概", "大约", "约", "at ", "around ", "about "]);
        let mut part = self.part(day.is_some());
        self.blank();
        let time = self.time(&mut part)?;
        let _ = self.eat(&["左右", "前后", "多", "许", "的时候", "时候"]);
        self.blank();
        if !self.rest.is_empty() || (day.is_none() && part.is_none() && time.is_none()) {
            return Err(Unclear::NotUnderstood);
        }
        let day = day.unwrap_or(self.now.date());
        let (time, next_day) = match time {
            Some(time) => self.on_the_clock(day, time, part)?,
            None => (part.map_or(Time::midnight(), middle), false),
        };
        let day = if next_day { back(day, -1)? } else { day };
        Ok(Said::Local(DateTime::from_parts(day, time)))
    }

    fn eat(&mut self, words: &[&str]) -> bool {
        let found = words.iter().find_map(|word| self.rest.strip_prefix(word));
        if let Some(rest) = found {
            self.rest = rest;
        }
        found.is_some()
    }

    fn blank(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', ',']);
    }

    /// Up to four digits.
    fn number(&mut self) -> Option<i16> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        let number = if digits.len() <= 4 { digits.parse().ok()? } else { return None };
        self.rest = rest;
        Some(number)
    }

    fn one_of<T: Copy>(&mut self, table: &[(&str, T)]) -> Option<T> {
        let (rest, value) =
            table.iter().find_map(|(word, value)| Some((self.rest.strip_prefix(word)?, *value)))?;
        self.rest = rest;
        Some(value)
    }

    /// `半小时前`, `3天前`, `2 hours ago`: `None` where it is nothing of the kind, and then somewhere in the text.
    fn ago(&mut self) -> Option<Said> {
        const MINUTES: &[(&str, i64)] = &[
            ("分钟", 1),
            ("分", 1),
            ("刻钟", 15),
            ("小时", 60),
            ("钟头", 60),
            ("天", 24 * 60),
            ("日", 24 * 60),
            ("周", 7 * 24 * 60),
            ("星期", 7 * 24 * 60),
            ("礼拜", 7 * 24 * 60),
            ("minute", 1),
            ("hour", 60),
            ("day", 24 * 60),
            ("week", 7 * 24 * 60),
        ];
        let mut halves = if self.eat(&["半", "half an ", "half a "]) {
            1
        } else if self.eat(&["an ", "a "]) {
            2
        } else {
            i64::from(self.number()?) * 2
        };
        self.blank();
        let _ = self.eat(&["多"]);
        let _ = self.eat(&["个"]);
        halves += i64::from(self.eat(&["半"]));
        let unit = self.one_of(MINUTES);
        let _ = self.eat(&["s"]);
        let _ = self.eat(&["多", "左右"]);
        self.blank();
        let told = self.eat(&["以前", "之前", "前", "ago"]);
        let (Some(minutes), true) = (unit, told) else { return None };
        if self.rest.is_empty() {
            return Some(Said::Instant(SignedDuration::from_mins(minutes * halves / 2)));
        }
        // 三天前下午三点: the day is counted, the time is told.
        self.blank();
        let days = minutes * halves / 2 / (24 * 60);
        let day = (minutes % (24 * 60) == 0).then(|| back(self.now.date(), days).ok()).flatten()?;
        let _ = self.eat(&["的", "at "]);
        let mut part = self.part(true);
        self.blank();
        let time = match self.time(&mut part) {
            Ok(Some(time)) => self.on_the_clock(day, time, part).ok(),
            Ok(None) => part.map(|part| (middle(part), false)),
            Err(_) => None,
        };
        let (time, next_day) = time.filter(|_| self.rest.is_empty())?;
        let day = if next_day { back(day, -1).ok()? } else { day };
        Some(Said::Local(DateTime::from_parts(day, time)))
    }

    fn day(&mut self) -> Result<Option<Date>, Unclear> {
        let today = self.now.date();
        let before = self.rest;
        if let Some(days) = self.one_of(DAYS) {
            // 前晚 and `last night` tell the part of the day as well.
            if before.starts_with("前晚") || before.starts_with("last night") {
                self.rest =
                    &before[before.len() - self.rest.len() - if before.starts_with('前') { 3 } else { 5 }..];
            }
            return back(today, days).map(Some);
        }
        if let Some(day) = self.weekday()? {
            return Ok(Some(day));
        }
        self.date()
    }

    fn weekday(&mut self) -> Result<Option<Date>, Unclear> {
        let start = self.rest;
        let today = self.now.date();
        let mut weeks = 0;
        while self.eat(&["上个", "上"]) {
            weeks += 1;
        }
        let this = weeks == 0 && self.eat(&["本", "这个", "这"]);
        let found = if self.eat(&["周", "星期", "礼拜"]) { self.one_of(WEEKDAYS) } else { None };
        if let Some(day) = found {
            let monday = back(today, i64::from(today.weekday().to_monday_zero_offset()))?;
            let day_of_week = back(monday, i64::from(1 - day))?;
            return if weeks > 0 {
                back(day_of_week, 7 * weeks).map(Some)
            } else if this || day_of_week <= today {
                Ok(Some(day_of_week))
            } else {
                back(day_of_week, 7).map(Some)
            };
        }
        self.rest = start;
        let last = self.eat(&["last "]);
        let _ = self.eat(&["on "]);
        if let Some(day) = self.one_of(ENGLISH_WEEKDAYS)
            && let Ok(weekday) = Weekday::from_monday_one_offset(day)
        {
            let days = i64::from(today.weekday().since(weekday));
            return back(today, if last && days == 0 { 7 } else { days }).map(Some);
        }
        self.rest = start;
        Ok(None)
    }

    /// `2026-11-20`, `11-20`, `11月20日`, `20号`, `去年11月20日`.
    fn date(&mut self) -> Result<Option<Date>, Unclear> {
        let (start, today) = (self.rest, self.now.date());
        let years = self.one_of(&[("前年", 2), ("去年", 1), ("今年", 0)]);
        let months = if years.is_none() {
            self.one_of(&[("上个月", 1), ("上月", 1), ("这个月", 0), ("本月", 0)])
        } else {
            None
        };
        let Some(first) = self.number() else {
            self.rest = start;
            return Ok(None);
        };
        let date = |year: i16, month: i16, day: i16| {
            let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
            Date::new(year, month, day).ok()
        };
        let right = |date: Option<Date>| date.map(Some).ok_or(Unclear::NotUnderstood);
        let (year, month) = if self.eat(&["年"]) {
            let Some(month) = self.number() else { return Err(Unclear::NotUnderstood) };
            (Some(first), month)
        } else {
            (years.map(|back| today.year().saturating_sub(back)), first)
        };
        if self.eat(&["月"]) {
            let Some(day) = self.number() else { return Err(Unclear::NotUnderstood) };
            let _ = self.eat(&["日", "号"]);
            return match year {
                Some(year) => right(date(year, month, day)),
                None => right(date(today.year(), month, day).map(|date| nearest(date, today))),
            };
        }
        if year.is_none() && self.eat(&["日", "号"]) {
            let this = date(today.year(), i16::from(today.month()), first);
            let wanted = months.unwrap_or(i64::from(this.is_none_or(|this| this > today)));
            let of = today.first_of_month().checked_sub(Span::new().months(wanted));
            return right(of.ok().and_then(|of| date(of.year(), i16::from(of.month()), first)));
        }
        if self.eat(&["-"]) {
            let Some(second) = self.number() else { return Err(Unclear::NotUnderstood) };
            let found = if self.eat(&["-"]) {
                let Some(third) = self.number() else { return Err(Unclear::NotUnderstood) };
                date(first, second, third)
            } else {
                date(today.year(), first, second).map(|date| nearest(date, today))
            };
            return right(found);
        }
        self.rest = start;
        Ok(None)
    }

    /// A part of the day; a single character such as 晚 only right behind a day.
    fn part(&mut self, after_day: bool) -> Option<Part> {
        let short = |word: &str| word.chars().count() == 1;
        let allowed = |(word, _): &&(&str, Part)| after_day || !short(word);
        let table: Vec<(&str, Part)> = PARTS.iter().filter(allowed).copied().collect();
        let part = self.one_of(&table);
        if part.is_some() {
            let _ = self.eat(&["的"]);
        }
        part
    }

    /// Hour, minute, second, and whether the hour is one of twelve as people say it; `None` where no time stands.
    fn time(&mut self, part: &mut Option<Part>) -> Result<Option<Told>, Unclear> {
        let start = self.rest;
        let Some(hour) = self.number() else { return Ok(None) };
        let mut told = Told { hour, minute: 0, second: 0, spoken: false };
        let wrong = Unclear::NotUnderstood;
        if self.eat(&[":"]) {
            told.minute = self.number().ok_or(wrong)?;
            if self.eat(&[":"]) {
                told.second = self.number().ok_or(wrong)?;
            }
        } else if self.eat(&["点钟", "点整", "点", "时"]) {
            told.spoken = true;
            if self.eat(&["半"]) {
                told.minute = 30;
            } else {
                let before = self.rest;
                if let Some(minute) = self.number() {
                    told.minute = if self.eat(&["刻"]) { minute.saturating_mul(15) } else { minute };
                    let _ = self.eat(&["分钟", "分"]);
                    if minute > 59 || told.minute > 59 {
                        return Err(wrong);
                    }
                } else {
                    self.rest = before;
                }
            }
        } else if !self.rest.trim_start().starts_with(['a', 'p']) {
            self.rest = start;
            return Ok(None);
        }
        self.blank();
        if self.eat(&["am", "a-m-"]) {
            *part = Some(Part::Before);
        } else if self.eat(&["pm", "p-m-"]) {
            *part = Some(Part::After);
        } else if part.is_none() {
            *part = self.part(false);
        }
        Ok(Some(told))
    }

    /// The time on a clock of 24 hours, and whether it belongs to the next day.
    fn on_the_clock(&self, day: Date, told: Told, part: Option<Part>) -> Result<(Time, bool), Unclear> {
        let Told { hour, minute, second, spoken } = told;
        let (hour, next_day) = match part {
            Some(part) => hour_in(part, hour).ok_or(Unclear::NotUnderstood)?,
            None if hour == 24 => (0, true),
            None if spoken && (1..12).contains(&hour) => {
                let later = i8::try_from(hour + 12).ok().and_then(|hour| Time::new(hour, 0, 0, 0).ok());
                let to_come = later.is_some_and(|time| DateTime::from_parts(day, time) > self.now);
                if !to_come {
                    return Err(Unclear::Ambiguous);
                }
                (hour, false)
            }
            None => (hour, false),
        };
        let small = |n: i16| i8::try_from(n).map_err(|_| Unclear::NotUnderstood);
        let time = Time::new(small(hour)?, small(minute)?, small(second)?, 0);
        time.map(|time| (time, next_day)).map_err(|_| Unclear::NotUnderstood)
    }
}

/// A time as it was told.
#[derive(Debug, Clone, Copy)]
struct Told {
    hour: i16,
    minute: i16,
    second: i16,
    spoken: bool,
}

/// The hour of 24 that `hour` is in a part of the day, and whether it belongs to the next day.
fn hour_in(part: Part, hour: i16) -> Option<(i16, bool)> {
    Some(match (part, hour) {
        (Part::Dawn, 0..=6)
        | (Part::Morning, 0..=12)
        | (Part::Before, 1..=11)
        | (Part::Noon, 10..=14)
        | (Part::Afternoon, 12..=20)
        | (Part::Dusk, 16..=20)
        | (Part::Night, 17..=23)
        | (Part::After, 12) => (hour, false),
        (Part::Noon, 1..=2)
        | (Part::Afternoon, 1..=8)
        | (Part::Dusk, 4..=8)
        | (Part::Night, 5..=11)
        | (Part::After, 1..=11) => (hour + 12, false),
        (Part::Dawn | Part::Before, 12) => (0, false),
        (Part::Night, 0 | 12 | 24) => (0, true),
        (Part::Night, 1..=4) => (hour, true),
        _ => return None,
    })
}

/// What a part of the day alone stands for.
fn middle(part: Part) -> Time {
    let hour = match part {
        Part::Dawn => 3,
        Part::Morning | Part::Before => 9,
        Part::Noon => 12,
        Part::Afternoon | Part::After => 15,
        Part::Dusk => 18,
        Part::Night => 21,
    };
    Time::new(hour, 0, 0, 0).unwrap_or(Time::midnight())
}

fn back(day: Date, days: i64) -> Result<Date, Unclear> {
    Span::new().try_days(days).and_then(|span| day.checked_sub(span)).map_err(|_| Unclear::NotUnderstood)
}

/// A date without a year is the nearest: more than half a year ahead, it was last year's.
fn nearest(date: Date, today: Date) -> Date {
    let last_year = Date::new(date.year() - 1, date.month(), date.day());
    match (back(today, -183), last_year) {
        (Ok(half_a_year), Ok(last_year)) if date > half_a_year => last_year,
        _ => date,
    }
}

/// Chinese numbers up to ninety-nine, and years digit by digit, as digits; 半 stays.
fn with_digits(text: &str) -> String {
    const DIGITS: &[char] = &['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let value = |c: char| match c {
        '零' => Some(0),
        '两' => Some(2),
        _ => DIGITS.iter().position(|digit| *digit == c),
    };
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '十' && value(c).is_none() {
            out.push(c);
            continue;
        }
        let mut run = vec![c];
        // 周三十点 is ten o'clock on Wednesday, not the thirtieth.
        let of_week = out.ends_with(['周', '期', '拜']);
        while let Some(next) = chars.next_if(|next| !of_week && (*next == '十' || value(*next).is_some())) {
            run.push(next);
        }
        if run.contains(&'十') {
            let at = run.iter().position(|c| *c == '十').unwrap_or(0);
            let tens = run[..at].iter().rev().find_map(|c| value(*c)).unwrap_or(1);
            let units = run[at + 1..].iter().find_map(|c| value(*c)).unwrap_or(0);
            out.push_str(&(tens * 10 + units).to_string());
        } else {
            run.iter().filter_map(|c| value(*c)).for_each(|digit| out.push_str(&digit.to_string()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    /// Read on a Monday at 15:42:03.
    fn said(typed: &str) -> Result<String, Unclear> {
        let now = "2026-11-23T15:42:03+08:00".parse().unwrap();
        let at = read(typed, &zone(), now)?;
        Ok(at.to_zoned_datetime(zone()).strftime("%F %T").to_string())
    }

    fn all_are(table: &[(&str, &str)]) {
        for (typed, expected) in table {
            assert_eq!(said(typed).as_deref(), Ok(*expected), "{typed}");
        }
    }

    #[test]
    fn as_it_is_typed_with_digits() {
        all_are(&[
            ("2026-11-20 08:30", "2026-11-20 08:30:00"),
            ("2026/11/20", "2026-11-20 00:00:00"),
            ("11-20 8:05", "2026-11-20 08:05:00"),
            ("9:15", "2026-11-23 09:15:00"),
            ("１１－２０　８：０５", "2026-11-20 08:05:00"),
            ("昨天 22:10", "2026-11-22 22:10:00"),
            ("昨天22:10", "2026-11-22 22:10:00"),
            ("前天", "2026-11-21 00:00:00"),
            ("2026-11-20T08:30:59", "2026-11-20 08:30:59"),
            ("12-30", "2026-12-30 00:00:00"),
        ]);
    }

    #[test]
    fn as_it_is_said() {
        all_are(&[
            ("昨天下午三点", "2026-11-22 15:00:00"),
            ("昨天下午３点一刻", "2026-11-22 15:15:00"),
            ("大前天上午十点半", "2026-11-20 10:30:00"),
            ("今早七点", "2026-11-23 07:00:00"),
            ("昨晚十点二十", "2026-11-22 22:20:00"),
            ("昨晚十二点", "2026-11-23 00:00:00"),
            ("昨晚两点多", "2026-11-23 02:00:00"),
            ("昨晚8:30", "2026-11-22 20:30:00"),
            ("前晚", "2026-11-21 21:00:00"),
            ("今天凌晨两点", "2026-11-23 02:00:00"),
            ("中午12点半", "2026-11-23 12:30:00"),
            ("昨天中午一点", "2026-11-22 13:00:00"),
            ("昨天傍晚六点左右", "2026-11-22 18:00:00"),
            ("昨天下午", "2026-11-22 15:00:00"),
            ("15点20", "2026-11-23 15:20:00"),
            ("十五点零五分", "2026-11-23 15:05:00"),
            ("8点", "2026-11-23 08:00:00"),
            ("刚才", "2026-11-23 15:42:03"),
            ("半小时前", "2026-11-23 15:12:03"),
            ("一个半小时前", "2026-11-23 14:12:03"),
            ("两小时前", "2026-11-23 13:42:03"),
            ("3天前", "2026-11-20 15:42:03"),
            ("三天前上午九点", "2026-11-20 09:00:00"),
            ("两周前", "2026-11-09 15:42:03"),
        ]);
    }

    #[test]
    fn weekdays_and_dates() {
        all_are(&[
            ("周一", "2026-11-23 00:00:00"),
            ("周三晚上八点", "2026-11-18 20:00:00"),
            ("上周五", "2026-11-20 00:00:00"),
            ("周三十点半上午", "2026-11-18 10:30:00"),
            ("上上周五", "2026-11-13 00:00:00"),
            ("上礼拜天下午四点", "2026-11-22 16:00:00"),
            ("星期日", "2026-11-22 00:00:00"),
            ("11月20日", "2026-11-20 00:00:00"),
            ("十一月二十号晚上九点", "2026-11-20 21:00:00"),
            ("二〇二五年三月五日", "2025-03-05 00:00:00"),
            ("去年12月1日", "2025-12-01 00:00:00"),
            ("20号", "2026-11-20 00:00:00"),
            ("28号", "2026-10-28 00:00:00"),
            ("上个月5号", "2026-10-05 00:00:00"),
        ]);
    }

    #[test]
    fn in_english() {
        all_are(&[
            ("yesterday 3pm", "2026-11-22 15:00:00"),
            ("Yesterday at 3:30 PM", "2026-11-22 15:30:00"),
            ("last night", "2026-11-22 21:00:00"),
            ("last friday 9am", "2026-11-20 09:00:00"),
            ("this morning", "2026-11-23 09:00:00"),
            ("2 hours ago", "2026-11-23 13:42:03"),
            ("half an hour ago", "2026-11-23 15:12:03"),
            ("12am", "2026-11-23 00:00:00"),
        ]);
    }

    #[test]
    fn what_is_left_open_is_refused() {
        for typed in ["三点", "昨天三点半", "昨天8点", "11月20日十点"] {
            assert_eq!(said(typed), Err(Unclear::Ambiguous), "{typed}");
        }
        for typed in [
            "2026-02-30",
            "25:00",
            "11",
            "1-2-3-4",
            "11-20 8",
            "99999-1-1",
            "-",
            ":",
            "8:5:9:1",
            "",
            "昨天来过",
            "下午",
            "上午十五点",
            "周八",
            "32号",
            "三点七刻",
            "13月1日",
            "前",
            "ago",
        ] {
            let expected = if typed == "下午" {
                Ok("2026-11-23 15:00:00".to_owned())
            } else {
                Err(Unclear::NotUnderstood)
            };
            assert_eq!(said(typed), expected, "{typed}");
        }
    }

    #[test]
    fn at_the_turn_of_the_year_the_nearest_date_is_meant() {
        let now = "2027-01-03T10:00:00+08:00".parse().unwrap();
        let at = read("12月30日", &zone(), now).unwrap().to_zoned_datetime(zone());
        assert_eq!(at.date().to_string(), "2026-12-30");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn any_text_is_answered(typed in "[昨今前大天上下午早晚点半刻周五年月日号0-9零十两:/ apmgo-]{0,14}|\\PC{0,20}") {
            for now in [Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH] {
                let _ = read(&typed, &zone(), now);
            }
        }
    }
}

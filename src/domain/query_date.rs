//! A day or span of days as people type it in a query: `2026-11-23`, `2026-11`, `11-23`, `昨天`, `上周`,
//! `7d`, `三天前`.

use std::fmt;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::normalise::normalise;

/// A date in a query, which may depend on the day it is asked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateSpec {
    /// One day.
    Day(Date),
    /// A month, held as its first day.
    Month(Date),
    /// The day so many days before today: 0 is today, 1 yesterday.
    DaysAgo(u16),
    /// The week from Monday so many weeks before this one.
    WeeksAgo(u16),
    /// The month so many months before this one.
    MonthsAgo(u16),
    /// A day of a month, the last one there was: `11-23`. Month and day.
    DayOfYear(i8, i8),
    /// A month, the last one there was: `11月`.
    MonthOfYear(i8),
}

/// The words for days: the usual Chinese and English one first.
pub(super) const NAMED: &[(DateSpec, &[&str])] = &[
    (DateSpec::DaysAgo(0), &["今天", "today", "今日"]),
    (DateSpec::DaysAgo(1), &["昨天", "yesterday", "昨日"]),
    (DateSpec::DaysAgo(2), &["前天", "2d", "前日"]),
    (DateSpec::DaysAgo(3), &["大前天", "3d"]),
    (DateSpec::WeeksAgo(0), &["本周", "week", "这周", "本星期", "这星期", "这个星期", "this_week"]),
    (DateSpec::WeeksAgo(1), &["上周", "last_week", "上星期", "上个星期", "上礼拜"]),
    (DateSpec::MonthsAgo(0), &["本月", "month", "这个月", "this_month"]),
    (DateSpec::MonthsAgo(1), &["上月", "last_month", "上个月"]),
];

impl DateSpec {
    /// Reads a date of the years 2000 to 2099 or a word for one; `None` if it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let text = normalise(text);
        let named = NAMED.iter().find(|(_, words)| words.contains(&text.as_str())).map(|(date, _)| *date);
        named.or_else(|| Self::ago(&text)).or_else(|| Self::calendar(&text)).or_else(|| Self::of_year(&text))
    }

    /// `7d`, `2w`, `3m`, `7天`, `三天前`.
    fn ago(text: &str) -> Option<Self> {
        let spoken = text
            .chars()
            .next()
            .and_then(|c| "一二三四五六七八九十".find(c).map(|at| (c, at / c.len_utf8() + 1)));
        let spoken = spoken.or_else(|| text.starts_with('两').then_some(('两', 2)));
        let (count, unit) = if let Some((c, count)) = spoken {
            (u16::try_from(count).ok()?, &text[c.len_utf8()..])
        } else {
            let (count, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
            (count.parse().ok().filter(|&count: &u16| count <= 9999)?, unit)
        };
        match unit {
            "d" | "天" | "天前" => Some(Self::DaysAgo(count)),
            "w" | "周" | "周前" | "个星期前" => Some(Self::WeeksAgo(count)),
            "m" | "个月" | "个月前" => Some(Self::MonthsAgo(count)),
            _ => None,
        }
    }

    /// `2026-11-23`, `2026/1/5`, `2026.1.5`, `2026年1月5日`, `20261123`, and the same without the day.
    fn calendar(text: &str) -> Option<Self> {
        let whole = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
        let mut parts = if whole {
            vec![&text[..4], &text[4..6], &text[6..]]
        } else {
            text.split(['-', '/', '.', '年', '月', '日']).collect()
        };
        if text.ends_with(['月', '日']) {
            parts.pop();
        }
        let number = |part: &str| {
            let plain = !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<i16>().ok()).flatten()
        };
        let year = parts.first().copied().and_then(number).filter(|year| (2000..=2099).contains(year))?;
        let month = parts.get(1).copied().and_then(number)?.try_into().ok()?;
        match parts.as_slice() {
            [_, _] => Some(Self::Month(Date::new(year, month, 1).ok()?)),
            [_, _, day] => Some(Self::Day(Date::new(year, month, number(day)?.try_into().ok()?).ok()?)),
            _ => None,
        }
    }

    /// `11-23`, `11/23`, `11月23日`, `11月23号`, `11月`.
    fn of_year(text: &str) -> Option<Self> {
        let number = |part: &str| {
            let plain = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<i8>().ok()).flatten()
        };
        if let Some(month) = text.strip_suffix('月') {
            return number(month).filter(|month| (1..=12).contains(month)).map(Self::MonthOfYear);
        }
        let (month, day) = text.split_once(['-', '/', '月'])?;
        let day = day.strip_suffix(['日', '号']).unwrap_or(day);
        let (month, day) = (number(month)?, number(day)?);
        // 2000 has every day that a year can have.
        Date::new(2000, month, day).is_ok().then_some(Self::DayOfYear(month, day))
    }

    /// The first day it means and the day after its last, asked on `today`.
    pub fn resolve(self, today: Date) -> (Date, Date) {
        let span = |first: Date, length: Span| (first, first.saturating_add(length));
        match self {
            Self::Day(day) => span(day, 1.day()),
            Self::Month(first) => span(first, 1.month()),
            Self::DaysAgo(count) => span(today.saturating_sub(i64::from(count).days()), 1.day()),
            Self::WeeksAgo(count) => {
                let into_week = i64::from(today.weekday().since(Weekday::Monday));
                span(today.saturating_sub((into_week + 7 * i64::from(count)).days()), 7.days())
            }
            Self::MonthsAgo(count) => {
                span(today.first_of_month().saturating_sub(i64::from(count).months()), 1.month())
            }
            Self::DayOfYear(month, day) => {
                // A leap day may lie eight years back.
                let year = today.year();
                let mut days = (0..=8).filter_map(|back| Date::new(year - back, month, day).ok());
                span(days.find(|day| *day <= today).unwrap_or(today), 1.day())
            }
            Self::MonthOfYear(month) => {
                let year = today.year();
                let mut months = (0..=1).filter_map(|back| Date::new(year - back, month, 1).ok());
                span(months.find(|first| *first <= today).unwrap_or(today.first_of_month()), 1.month())
            }
        }
    }
}

impl fmt::Display for DateSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Month(first) => write!(f, "{}", first.strftime("%Y-%m")),
            Self::DaysAgo(0) => f.write_str("today"),
            Self::DaysAgo(1) => f.write_str("yesterday"),
            Self::DaysAgo(count) => write!(f, "{count}d"),
            Self::WeeksAgo(count) => write!(f, "{count}w"),
            Self::MonthsAgo(count) => write!(f, "{count}m"),
            Self::DayOfYear(month, day) => write!(f, "{month}-{day}"),
            Self::MonthOfYear(month) => write!(f, "{month}月"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn means_whole_days() {
        for (text, first, end) in [
            ("2026-11-23", date(2026, 11, 23), date(2026, 11, 24)),
            ("2026/1/5", date(2026, 1, 5), date(2026, 1, 6)),
            ("２０２６．１．５", date(2026, 1, 5), date(2026, 1, 6)),
            ("2026年1月5日", date(2026, 1, 5), date(2026, 1, 6)),
            ("20261231", date(2026, 12, 31), date(2027, 1, 1)),
            ("2026-11", date(2026, 11, 1), date(2026, 12, 1)),
            ("2026年2月", date(2026, 2, 1), date(2026, 3, 1)),
            ("今天", date(2026, 11, 25), date(2026, 11, 26)),
            ("Yesterday", date(2026, 11, 24), date(2026, 11, 25)),
            ("7d", date(2026, 11, 18), date(2026, 11, 19)),
            ("7天", date(2026, 11, 18), date(2026, 11, 19)),
            ("上週", date(2026, 11, 16), date(2026, 11, 23)),
            ("本周", date(2026, 11, 23), date(2026, 11, 30)),
            ("上月", date(2026, 10, 1), date(2026, 11, 1)),
            ("大前天", date(2026, 11, 22), date(2026, 11, 23)),
            ("三天前", date(2026, 11, 22), date(2026, 11, 23)),
            ("两周前", date(2026, 11, 9), date(2026, 11, 16)),
            ("上個星期", date(2026, 11, 16), date(2026, 11, 23)),
            ("11-23", date(2026, 11, 23), date(2026, 11, 24)),
            ("１１月２３号", date(2026, 11, 23), date(2026, 11, 24)),
            ("12/1", date(2025, 12, 1), date(2025, 12, 2)),
            ("2-29", date(2024, 2, 29), date(2024, 3, 1)),
            ("11月", date(2026, 11, 1), date(2026, 12, 1)),
            ("12月", date(2025, 12, 1), date(2026, 1, 1)),
        ] {
            let spec = DateSpec::parse(text).unwrap_or_else(|| panic!("{text}"));
            // A Wednesday.
            assert_eq!(spec.resolve(date(2026, 11, 25)), (first, end), "{text}");
            assert_eq!(DateSpec::parse(&spec.to_string()), Some(spec), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_day() {
        for text in [
            "",
            "2026-02-30",
            "0000-01-01",
            "9999-12-31T23:59:60Z",
            "1900",
            "1900-01-01",
            "2026",
            "2026-13",
            "2026-1-1-1",
            "2026--1",
            "d",
            "99999d",
            "-7d",
            "2026-11-23+14:30",
            "2026-+1-1",
            "月",
            "日",
            "２０２６-甲",
            "2-30",
            "13-1",
            "0月",
            "13月",
            "11月32日",
            "十",
            "三",
        ] {
            assert_eq!(DateSpec::parse(text), None, "{text}");
        }
        let far = DateSpec::MonthsAgo(9999).resolve(Date::MIN);
        assert_eq!(far.0, Date::MIN);
    }
}

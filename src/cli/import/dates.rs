//! Dates as people and programs write them.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use unicode_normalization::UnicodeNormalization;

use super::file::Cell;

/// Excel's day 0. Its day 60 is a 29th of February 1900 that never was; nobody was on the telephone then.
const EXCEL_EPOCH: DateTime = DateTime::constant(1899, 12, 30, 0, 0, 0, 0);
/// The days of Excel that are taken for dates when they come as bare numbers: 1954 to 2119.
const EXCEL_DAYS: std::ops::RangeInclusive<f64> = 20_000.0..=80_000.0;

/// The instant a cell means in `zone`; a local time that is skipped or doubled by the clocks is the earlier one's.
pub(super) fn instant(cell: &Cell, zone: &TimeZone) -> Option<Timestamp> {
    match cell {
        Cell::Empty => None,
        Cell::Number(number) => of_number(*number, zone),
        Cell::Time(time) => local(*time, zone),
        Cell::Text(text) => of_text(text, zone),
    }
}

fn local(time: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(time).compatible().ok()
}

fn of_number(number: f64, zone: &TimeZone) -> Option<Timestamp> {
    if !EXCEL_DAYS.contains(&number) {
        return None;
    }
    // To the second: a serial has no more than that to give.
    let seconds = SignedDuration::try_from_secs_f64((number * 86_400.0).round()).ok()?;
    local(EXCEL_EPOCH.checked_add(seconds).ok()?, zone)
}

fn of_text(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text: String = text.trim().nfkc().collect();
    // With a zone or an offset there is nothing to guess.
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    if let Ok(number) = text.parse::<f64>()
        && let Some(instant) = of_number(number, zone)
    {
        return Some(instant);
    }
    local(civil(&text)?, zone)
}

/// Which half of the day a word means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Before,
    After,
}

const HALVES: &[(&str, Half)] = &[
    ("am", Half::Before),
    ("a.m.", Half::Before),
    ("pm", Half::After),
    ("p.m.", Half::After),
    ("上午", Half::Before),
    ("早上", Half::Before),
    ("凌晨", Half::Before),
    ("下午", Half::After),
    ("晚上", Half::After),
    ("中午", Half::After),
];

/// A number, and how many digits it was written with.
type Number = (u32, usize);

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn civil(text: &str) -> Option<DateTime> {
    let mut text = text.to_lowercase();
    let mut half = None;
    for (word, means) in HALVES {
        if text.contains(word) {
            text = text.replace(word, " ");
            half = Some(*means);
        }
    }
    let (numbers, named_month) = numbers(&text)?;
    let (date, time) = split(&numbers, named_month)?;
    let (year, month, day) = date;
    let part = |at: usize| time.get(at).copied().unwrap_or_default();
    let hour = match (half, part(0)) {
        (Some(Half::After), hour @ 1..=11) => hour + 12,
        (Some(Half::Before), 12) => 0,
        (_, hour) => hour,
    };
    let small = |number: u32| i8::try_from(number).ok();
    let date = (i16::try_from(year).ok()?, small(month)?, small(day)?);
    DateTime::new(date.0, date.1, date.2, small(hour)?, small(part(1))?, small(part(2))?, 0).ok()
}

/// The numbers of a text with their count of digits, and the place among them of a month that is a word. None if
/// there is anything that belongs to no date.
fn numbers(text: &str) -> Option<(Vec<Number>, Option<usize>)> {
    let mut numbers = Vec::new();
    let mut month = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let run = |belongs: fn(char) -> bool| rest.find(|c: char| !belongs(c)).unwrap_or(rest.len());
        let length = if c.is_ascii_digit() {
            let length = run(|c| c.is_ascii_digit());
            if length > 14 {
                return None;
            }
            numbers.extend(grouped(&rest[..length])?);
            length
        } else if c.is_ascii_alphabetic() {
            let length = run(|c| c.is_ascii_alphabetic());
            let word = &rest[..length];
            if let Some(index) = MONTHS.iter().position(|name| length >= 3 && word.starts_with(name)) {
                month = Some(numbers.len());
                numbers.push((u32::try_from(index).ok()? + 1, 2));
            } else if !matches!(
                word,
                "t" | "mon" | "tue" | "tues" | "wed" | "thu" | "thur" | "fri" | "sat" | "sun"
            ) {
                return None;
            }
            length
        } else if let Some(weekday) = ["星期", "周"].iter().find(|word| rest.starts_with(**word)) {
            weekday.len() + rest[weekday.len()..].chars().next().map_or(0, char::len_utf8)
        } else if "年月日号时点分秒-/.:, ".contains(c) || c.is_whitespace() {
            c.len_utf8()
        } else {
            return None;
        };
        rest = &rest[length..];
    }
    Some((numbers, month))
}

/// `20261123` and `20261123154203` are several numbers written without anything between.
fn grouped(digits: &str) -> Option<Vec<Number>> {
    let cuts: &[usize] = match digits.len() {
        8 => &[4, 2, 2],
        12 => &[4, 2, 2, 2, 2],
        14 => &[4, 2, 2, 2, 2, 2],
        length if length <= 9 => return Some(vec![(digits.parse().ok()?, length)]),
        _ => return None,
    };
    let mut at = 0;
    let part = |length: &usize| {
        at += length;
        digits[at - length..at].parse().ok().map(|number| (number, *length))
    };
    cuts.iter().map(part).collect()
}

type Date = (u32, u32, u32);

/// The date and the rest. Year first, or else month first as in America unless only the day can be meant.
fn split(numbers: &[Number], named_month: Option<usize>) -> Option<(Date, Vec<u32>)> {
    let [(a, a_digits), (b, b_digits), (c, c_digits), rest @ ..] = numbers else { return None };
    let date = match named_month {
        Some(0) => (*c, *a, *b),
        Some(1) if *a_digits == 4 => (*a, *b, *c),
        Some(1) => (*c, *b, *a),
        _ if *a_digits == 4 => (*a, *b, *c),
        _ if *c_digits == 4 && *a > 12 => (*c, *b, *a),
        _ if *c_digits == 4 => (*c, *a, *b),
        // Two digits are too few to say a year.
        _ => return None,
    };
    let digits_fit = [a_digits, b_digits, c_digits].into_iter().filter(|digits| **digits == 4).count() == 1;
    (digits_fit && rest.len() <= 4).then(|| (date, rest.iter().map(|(number, _)| *number).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        instant(&Cell::Text(text.into()), &zone).map(|at| zone.to_datetime(at).to_string())
    }

    #[test]
    fn the_usual_forms() {
        for (text, means) in [
            ("2019/2/28 11:25:05", "2019-02-28T11:25:05"),
            ("2019-01-08 9:05:00", "2019-01-08T09:05:00"),
            ("06/26/2018 10:58:54 AM", "2018-06-26T10:58:54"),
            ("06/26/2018 12:00:01 AM", "2018-06-26T00:00:01"),
            ("06/26/2018 01:00 PM", "2018-06-26T13:00:00"),
            ("26/06/2018", "2018-06-26T00:00:00"),
            ("2019年2月28日 下午3时05分", "2019-02-28T15:05:00"),
            ("2019年2月28日星期四 8点", "2019-02-28T08:00:00"),
            ("２０１９／２／２８　１１：２５", "2019-02-28T11:25:00"),
            ("2019.2.28", "2019-02-28T00:00:00"),
            ("20190228", "2019-02-28T00:00:00"),
            ("20190228112505", "2019-02-28T11:25:05"),
            ("2019-02-28T11:25:05", "2019-02-28T11:25:05"),
            ("2019-02-28T11:25:05.123", "2019-02-28T11:25:05"),
            ("2019-02-28T11:25:05Z", "2019-02-28T19:25:05"),
            ("2019-02-28T11:25:05+09:00", "2019-02-28T10:25:05"),
            ("Jun 26, 2018 1:02 pm", "2018-06-26T13:02:00"),
            ("Tue, 26 June 2018 10:58:54", "2018-06-26T10:58:54"),
            ("43524.47575231482", "2019-02-28T11:25:05"),
        ] {
            assert_eq!(read(text).as_deref(), Some(means), "{text}");
        }
        let zone = TimeZone::UTC;
        let serial = instant(&Cell::Number(43_524.5), &zone).unwrap();
        assert_eq!(serial.to_string(), "2019-02-28T12:00:00Z");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            " ",
            "昨天",
            "2019/2/30",
            "2019/13/1",
            "19/2/28",
            "2/28",
            "2019/2/28 25:00",
            "now",
            "1",
            "99999999999999999",
            "2019-02-28 11:25:05 EST",
            "=NOW()",
            "0000-00-00",
            "13/13/2018",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

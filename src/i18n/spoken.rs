//! Dates, figures and what a follow-up brought, as they are said to people. Pure: the time of day and the zone are arguments.

use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use rust_i18n::t;

use super::{Language, name_in, name_of};
use crate::domain::follow_up::{Satisfaction, Told};

/// When something is due: `今天18点前`, `12月1日（周二）18点30分前`, `by 18:00 on Tuesday, 1 December`. The first moment of a
/// day is said as 24 o'clock of the day before.
pub fn deadline(at: Timestamp, now: Timestamp, zone: &TimeZone, language: Language) -> String {
    let locale = language.tag();
    let (mut due, today) =
        (at.to_zoned_datetime(zone.clone()).datetime(), now.to_zoned_datetime(zone.clone()).date());
    let midnight = due.hour() == 0 && due.minute() == 0;
    if midnight {
        due = due.checked_sub(1.day()).unwrap_or(due);
    }
    let (date, hour) = (due.date(), if midnight { 24 } else { due.hour() });
    let weekday = name_in(language, "weekday", &date.weekday().to_monday_one_offset().to_string());
    let month = name_in(language, "month", &date.month().to_string());
    let day = if date == today {
        t!("spoken.today", locale = locale)
    } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == date) {
        t!("spoken.tomorrow", locale = locale)
    } else if date.year() == today.year() {
        t!("spoken.day", locale = locale, month = month, date = date.day(), weekday = weekday)
    } else {
        let year = date.year();
        t!(
            "spoken.day_of_year",
            locale = locale,
            year = year,
            month = month,
            date = date.day(),
            weekday = weekday
        )
    };
    let time = match due.minute() {
        0 => t!("spoken.hour", locale = locale, hour = hour),
        minute => {
            t!("spoken.minute", locale = locale, hour = hour, minute = format!("{minute:02}"))
        }
    };
    t!("spoken.due", locale = locale, day = day, time = time).into_owned()
}

/// Digits as operators say them, for each group: `二六幺幺二三`. What is no digit parts the groups.
pub fn read_aloud(digits: &str, language: Language) -> Vec<String> {
    let words = t!("spoken.digits", locale = language.tag());
    let words: Vec<_> = words.split(' ').collect();
    let between = if language == Language::Zh { "" } else { " " };
    let groups = digits.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    let said = groups.map(|group| {
        let said = group.bytes().filter_map(|digit| words.get(usize::from(digit - b'0')));
        said.copied().collect::<Vec<_>>().join(between)
    });
    said.collect()
}

/// What a follow-up brought, in the language in front: 不满意，未解决.
pub fn outcome(told: Told) -> String {
    let (Some(satisfaction), Some(solved)) = (told.satisfaction, told.solved) else {
        return t!("follow_up.not_reached").into_owned();
    };
    let solved = name_of("solved", if solved { "yes" } else { "no" });
    let satisfaction = name_of(Satisfaction::KIND, satisfaction.code());
    t!("follow_up.reached", satisfaction = satisfaction, solved = solved).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_said_as_people_say_it() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let now: Timestamp = "2026-11-23T15:42:03+08:00".parse().unwrap();
        for (at, zh, en) in [
            ("2026-12-01T18:00:00+08:00", "12月1日（周二）18点前", "by 18:00 on Tuesday, 1 December"),
            ("2026-11-23T17:42:03+08:00", "今天17点42分前", "by 17:42 today"),
            ("2026-11-24T00:00:00+08:00", "今天24点前", "by 24:00 today"),
            ("2026-11-24T09:05:00+08:00", "明天9点05分前", "by 9:05 tomorrow"),
            ("2027-01-03T18:00:00+08:00", "2027年1月3日（周日）18点前", "by 18:00 on Sunday, 3 January 2027"),
        ] {
            let at = at.parse().unwrap();
            assert_eq!(deadline(at, now, &zone, Language::Zh), zh);
            assert_eq!(deadline(at, now, &zone, Language::En), en);
        }
    }

    #[test]
    fn a_number_is_said_digit_by_digit_in_its_groups() {
        let said = read_aloud("261123 154203 0042 71", Language::Zh);
        assert_eq!(said, ["二六幺幺二三", "幺五四二零三", "零零四二", "七幺"]);
        assert_eq!(read_aloud("0042 71", Language::En), ["zero zero four two", "seven one"]);
    }
}

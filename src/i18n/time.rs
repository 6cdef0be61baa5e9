//! Dates and ages as people read them. Pure: the time of day and the zone are arguments.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_i18n::t;

use super::Language;

/// `2026-11-23 15:42`: the same in both languages, so that columns line up.
pub fn date_time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// `2026-11-23`.
pub fn date(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d").to_string()
}

/// `15:42`.
pub fn time_of_day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%H:%M").to_string()
}

/// How far `at` lies from `now`, in the largest whole unit: `3 天前`, `in 2 h`, `刚刚` within a minute.
pub fn age(at: Timestamp, now: Timestamp, language: Language) -> String {
    let seconds = at.as_second().saturating_sub(now.as_second());
    let (size, locale) = (seconds.unsigned_abs(), language.tag());
    let (minute, hour, day) = (60, 3_600, 86_400);
    let (ago, n) = (seconds < 0, size);
    match size {
        0..60 => t!("time.now", locale = locale),
        60..3_600 if ago => t!("time.ago.minutes", locale = locale, n = n / minute),
        60..3_600 => t!("time.in.minutes", locale = locale, n = n / minute),
        3_600..86_400 if ago => t!("time.ago.hours", locale = locale, n = n / hour),
        3_600..86_400 => t!("time.in.hours", locale = locale, n = n / hour),
        86_400..172_800 if ago => t!("time.ago.day", locale = locale),
        86_400..172_800 => t!("time.in.day", locale = locale),
        172_800..5_184_000 if ago => t!("time.ago.days", locale = locale, n = n / day),
        172_800..5_184_000 => t!("time.in.days", locale = locale, n = n / day),
        5_184_000..63_072_000 if ago => t!("time.ago.months", locale = locale, n = n / (30 * day)),
        5_184_000..63_072_000 => t!("time.in.months", locale = locale, n = n / (30 * day)),
        _ if ago => t!("time.ago.years", locale = locale, n = n / (365 * day)),
        _ => t!("time.in.years", locale = locale, n = n / (365 * day)),
    }
    .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_the_largest_whole_unit() {
        let now: Timestamp = "2026-11-23T07:42:03Z".parse().unwrap();
        let check = |at: &str, zh: &str, en: &str| {
            let at = at.parse().unwrap();
            assert_eq!(age(at, now, Language::Zh), zh);
            assert_eq!(age(at, now, Language::En), en);
        };
        check("2026-11-23T07:41:33Z", "刚刚", "just now");
        check("2026-11-23T07:40:03Z", "2 分钟前", "2 min ago");
        check("2026-11-23T04:12:03Z", "3 小时前", "3 h ago");
        check("2026-11-20T07:42:03Z", "3 天前", "3 days ago");
        check("2026-08-01T07:42:03Z", "3 个月前", "3 months ago");
        check("2020-11-23T07:42:03Z", "6 年前", "6 years ago");
        check("2026-11-23T09:42:04Z", "2 小时后", "in 2 h");
    }

    #[test]
    fn dates_are_in_the_zone_of_the_desk() {
        let at: Timestamp = "2026-11-23T17:42:03Z".parse().unwrap();
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        assert_eq!(date_time(at, &zone), "2026-11-24 01:42");
        assert_eq!(date(at, &zone), "2026-11-24");
        assert_eq!(time_of_day(at, &zone), "01:42");
    }
}

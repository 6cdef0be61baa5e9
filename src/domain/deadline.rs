//! How long each kind of case may take, and when it turns yellow or red. The numbers are the city's, not ours.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::code::{Kind, Urgency, code_enum};

code_enum! {
    /// What a term is counted in.
    TermUnit = "term_unit" {
        /// To the minute, day and night.
        Hours = "hours",
        /// Every day counts; the day of receipt does not.
        CalendarDays = "calendar_days",
        /// Working days of the calendar; the day of receipt does not count.
        WorkingDays = "working_days",
    }
}

code_enum! {
    /// How near the deadline is, as leads see it.
    Card = "card" {
        /// 黄牌: it will soon be due.
        Yellow = "yellow",
        /// 红牌: it is overdue.
        Red = "red",
    }
}

/// A length of time as rules state it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: TermUnit,
}

impl Term {
    /// When a term that starts at `from` ends. Days end when work ends on the last of them.
    pub fn due(self, from: Timestamp, calendar: &Calendar) -> Timestamp {
        match self.unit {
            TermUnit::Hours => {
                let span = SignedDuration::from_hours(i64::from(self.amount));
                from.checked_add(span).unwrap_or(Timestamp::MAX)
            }
            TermUnit::CalendarDays => calendar.end_of_day_after(from, self.amount, |_, _| true),
            TermUnit::WorkingDays => calendar.end_of_day_after(from, self.amount, Calendar::is_working),
        }
    }

    /// The moment that lies this term before `due`.
    fn before(self, due: Timestamp, calendar: &Calendar) -> Timestamp {
        match self.unit {
            TermUnit::Hours => {
                let span = SignedDuration::from_hours(i64::from(self.amount));
                due.checked_sub(span).unwrap_or(Timestamp::MIN)
            }
            TermUnit::CalendarDays => calendar.end_of_day_before(due, self.amount),
            TermUnit::WorkingDays => calendar.end_of_working_day_before(due, self.amount),
        }
    }
}

/// One line of the table of deadlines; an absent kind or urgency fits any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// 诉求类型.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// 紧急程度.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// How long such a case may take.
    pub term: Term,
}

/// The deadlines of a city: the first rule that fits decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeadlineRules {
    /// In order of precedence.
    pub rules: Vec<DeadlineRule>,
    /// Where no rule fits.
    pub otherwise: Term,
    /// A case turns yellow this long before it is due.
    pub yellow_before: Term,
    /// A department may return a case within this term of its dispatch.
    pub return_within: Term,
    /// A department may ask for at most this much more.
    pub extension_at_most: Term,
}

impl DeadlineRules {
    /// The term of a case of `kind` and `urgency`.
    pub fn term(&self, kind: Kind, urgency: Urgency) -> Term {
        let fits = |rule: &&DeadlineRule| {
            rule.kind.is_none_or(|k| k == kind) && rule.urgency.is_none_or(|u| u == urgency)
        };
        self.rules.iter().find(fits).map_or(self.otherwise, |rule| rule.term)
    }

    /// When a case of `kind` and `urgency`, dispatched at `from`, must be finished.
    pub fn due_at(&self, kind: Kind, urgency: Urgency, from: Timestamp, calendar: &Calendar) -> Timestamp {
        self.term(kind, urgency).due(from, calendar)
    }

    /// The card of a case that is due at `due`, seen at `now`.
    pub fn card(&self, due: Timestamp, now: Timestamp, calendar: &Calendar) -> Option<Card> {
        if now > due {
            Some(Card::Red)
        } else if now >= self.yellow_before.before(due, calendar) {
            Some(Card::Yellow)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn calendar() -> Calendar {
        let mut calendar = Calendar::plain(TimeZone::get("Asia/Shanghai").unwrap());
        // 2026: National Day 1 to 7 October, made up for on 20 September and 10 October.
        calendar.holidays = (1..=7).map(|day| jiff::civil::date(2026, 10, day)).collect();
        calendar.makeup = [jiff::civil::date(2026, 9, 20), jiff::civil::date(2026, 10, 10)].into();
        calendar
    }

    fn due(from: &str, amount: u32, unit: TermUnit) -> String {
        let calendar = calendar();
        let due = Term { amount, unit }.due(from.parse().unwrap(), &calendar);
        due.to_zoned_datetime(calendar.time_zone).strftime("%m-%d %H:%M").to_string()
    }

    #[test]
    fn terms_count_what_they_say() {
        use TermUnit::{CalendarDays, Hours, WorkingDays};
        for (from, amount, unit, expected) in [
            ("2026-11-23T09:00:00+08:00", 2, Hours, "11-23 11:00"),
            ("2026-11-23T23:30:00+08:00", 1, CalendarDays, "11-24 18:00"),
            ("2026-11-23T09:00:00+08:00", 5, WorkingDays, "11-30 18:00"),
            ("2026-11-27T09:00:00+08:00", 1, WorkingDays, "11-30 18:00"),
            // Received on a Saturday: Monday is the first day.
            ("2026-11-28T09:00:00+08:00", 1, WorkingDays, "11-30 18:00"),
            // Over the holiday, with the make-up Saturday 10 October.
            ("2026-09-30T09:00:00+08:00", 1, WorkingDays, "10-08 18:00"),
            ("2026-09-30T09:00:00+08:00", 3, WorkingDays, "10-10 18:00"),
            ("2026-09-18T09:00:00+08:00", 1, WorkingDays, "09-20 18:00"),
            // Late in the evening in UTC is the next day in the city.
            ("2026-11-23T17:00:00Z", 1, CalendarDays, "11-25 18:00"),
        ] {
            assert_eq!(due(from, amount, unit), expected, "{from} + {amount} {unit}");
        }
    }

    #[test]
    fn a_card_is_yellow_a_working_day_before_and_red_after() {
        let calendar = calendar();
        let rules = DeadlineRules {
            rules: Vec::new(),
            otherwise: Term { amount: 5, unit: TermUnit::WorkingDays },
            yellow_before: Term { amount: 1, unit: TermUnit::WorkingDays },
            return_within: Term { amount: 2, unit: TermUnit::WorkingDays },
            extension_at_most: Term { amount: 10, unit: TermUnit::WorkingDays },
        };
        let due: Timestamp = "2026-11-30T18:00:00+08:00".parse().unwrap();
        let card = |now: &str| rules.card(due, now.parse().unwrap(), &calendar);
        assert_eq!(card("2026-11-27T17:59:59+08:00"), None);
        assert_eq!(card("2026-11-27T18:00:00+08:00"), Some(Card::Yellow));
        assert_eq!(card("2026-11-30T18:00:00+08:00"), Some(Card::Yellow));
        assert_eq!(card("2026-11-30T18:00:01+08:00"), Some(Card::Red));
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let hours = |amount| Term { amount, unit: TermUnit::Hours };
        let rules = DeadlineRules {
            rules: vec![
                DeadlineRule { kind: None, urgency: Some(Urgency::Emergency), term: hours(2) },
                DeadlineRule { kind: Some(Kind::Consult), urgency: None, term: hours(24) },
            ],
            otherwise: hours(120),
            yellow_before: hours(1),
            return_within: hours(48),
            extension_at_most: hours(240),
        };
        assert_eq!(rules.term(Kind::Consult, Urgency::Emergency), hours(2));
        assert_eq!(rules.term(Kind::Consult, Urgency::Ordinary), hours(24));
        assert_eq!(rules.term(Kind::Complaint, Urgency::Urgent), hours(120));
    }
}

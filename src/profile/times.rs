//! The two files about time: how long a case may take, and which days count.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use super::finding::{Finding, FindingCode};
use super::rows::{Lines, toml_document};
use super::source::Source;
use crate::domain::calendar::Calendar;
use crate::domain::code::Kind;
use crate::domain::deadline::{DeadlineRule, DeadlineRules, Term};

/// A day of the week, as `calendar.toml` writes it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DayName {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// The longest holiday taken, in days. A year typed wrong would otherwise be a holiday of a thousand years.
const LONGEST_HOLIDAY: usize = 60;

/// `calendar.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    weekend: Vec<DayName>,
    day_ends: Time,
    #[serde(default)]
    holiday: Vec<Spanned<Holiday>>,
    #[serde(default)]
    makeup: Vec<Spanned<Date>>,
}

/// Days off together, from the first to the last of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    name: String,
    from: Date,
    to: Date,
}

/// `deadlines.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeadlineFile {
    #[serde(default)]
    rules: Vec<Spanned<DeadlineRule>>,
    otherwise: Spanned<Term>,
    yellow_before: Term,
    return_within: Term,
    extension_at_most: Term,
}

/// Reads `calendar.toml` for a city in `zone`.
pub(super) fn calendar(source: &Source, zone: TimeZone, findings: &mut Vec<Finding>) -> Option<Calendar> {
    let file: CalendarFile = toml_document(source, findings)?;
    let lines = Lines::new(&source.text);
    let mut holidays = BTreeSet::new();
    for spanned in &file.holiday {
        let (line, _) = lines.of(spanned.span().start);
        let Holiday { name, from, to } = spanned.get_ref();
        if name.trim().is_empty() {
            findings.push(Finding::of_file(source.file, FindingCode::EmptyName, name).at(line, None));
        }
        let days: Vec<Date> =
            from.series(jiff::ToSpan::day(1)).take_while(|d| d <= to).take(LONGEST_HOLIDAY + 1).collect();
        if days.is_empty() || days.len() > LONGEST_HOLIDAY {
            findings.push(
                Finding::of_file(source.file, FindingCode::BadValue, format!("{from} .. {to}"))
                    .at(line, None),
            );
        }
        holidays.extend(days);
    }
    for day in file.makeup.iter().filter(|day| holidays.contains(day.get_ref())) {
        let (line, column) = lines.of(day.span().start);
        let finding = Finding::of_file(source.file, FindingCode::HolidayIsWorkday, day.get_ref().to_string());
        findings.push(finding.at(line, Some(column)));
    }
    // A week without a working day has no fifth working day either.
    let weekend: BTreeSet<DayName> = file.weekend.into_iter().collect();
    if weekend.len() == 7 {
        findings.push(Finding::of_file(source.file, FindingCode::BadValue, "weekend"));
    }
    Some(Calendar {
        time_zone: zone,
        weekend: weekend.into_iter().map(weekday).collect(),
        holidays,
        makeup: file.makeup.into_iter().map(Spanned::into_inner).collect(),
        day_ends: file.day_ends,
    })
}

/// Reads `deadlines.toml` for a city that uses `kinds`.
pub(super) fn deadlines(
    source: &Source,
    kinds: &[Kind],
    findings: &mut Vec<Finding>,
) -> Option<DeadlineRules> {
    let file: DeadlineFile = toml_document(source, findings)?;
    let lines = Lines::new(&source.text);
    let terms = file.rules.iter().map(|rule| (rule.span(), rule.get_ref().term));
    for (span, term) in terms.chain([(file.otherwise.span(), *file.otherwise.get_ref())]) {
        if term.amount == 0 {
            let finding = Finding::of_file(source.file, FindingCode::EmptyTerm, format!("0 {}", term.unit));
            findings.push(finding.at(lines.of(span.start).0, None));
        }
    }
    for rule in &file.rules {
        if let Some(kind) = rule.get_ref().kind.filter(|kind| !kinds.contains(kind)) {
            let finding = Finding::of_file(source.file, FindingCode::RuleForUnusedKind, kind.code());
            findings.push(finding.at(lines.of(rule.span().start).0, None));
        }
    }
    Some(DeadlineRules {
        rules: file.rules.into_iter().map(Spanned::into_inner).collect(),
        otherwise: file.otherwise.into_inner(),
        yellow_before: file.yellow_before,
        return_within: file.return_within,
        extension_at_most: file.extension_at_most,
    })
}

const fn weekday(name: DayName) -> Weekday {
    match name {
        DayName::Monday => Weekday::Monday,
        DayName::Tuesday => Weekday::Tuesday,
        DayName::Wednesday => Weekday::Wednesday,
        DayName::Thursday => Weekday::Thursday,
        DayName::Friday => Weekday::Friday,
        DayName::Saturday => Weekday::Saturday,
        DayName::Sunday => Weekday::Sunday,
    }
}

//! The invented city must be as skewed as a real one, and nobody's.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::domain::check::Faults;
use crate::domain::phone::PhoneKind;

fn until() -> Timestamp {
    "2026-11-20T17:30:00+08:00".parse().unwrap()
}

fn sample(seed: u64, count: u64) -> Sample<'static> {
    Sample::new(Profile::demonstration(), seed, until(), 365, count)
}

fn share(cases: &[SampleCase], holds: impl Fn(&SampleCase) -> bool) -> usize {
    cases.iter().filter(|case| holds(case)).count() * 1000 / cases.len()
}

#[test]
fn the_same_seed_is_the_same_city() {
    let first: Vec<_> = sample(7, 500).collect();
    assert_eq!(first, sample(7, 500).collect::<Vec<_>>());
    assert_eq!(first[321], sample(7, 500).case(321));
    assert_ne!(first, sample(8, 500).collect::<Vec<_>>());
}

#[test]
fn every_family_finds_its_matter_and_department_in_the_demonstration_city() {
    let families = words::families(Profile::demonstration());
    assert!(families.len() >= 60);
    for family in &families {
        assert!(family.matter.is_some(), "{}", family.title);
        assert!(family.what.len() >= 2 && !family.ask.is_empty());
    }
    let leads: HashSet<_> = families.iter().map(|f| &f.lead).collect();
    assert!(leads.len() >= 25, "{leads:?}");
}

#[test]
fn cases_come_in_order_within_the_time_and_by_day() {
    let cases: Vec<_> = sample(1, 20_000).collect();
    assert!(cases.is_sorted_by_key(|case| case.received_at));
    let start = until().checked_sub(SignedDuration::from_hours(365 * 24)).unwrap();
    assert!(cases[0].received_at >= start && cases[cases.len() - 1].received_at <= until());
    let zone = &Profile::demonstration().calendar().time_zone;
    let at_night = share(&cases, |case| case.received_at.to_zoned_datetime(zone.clone()).hour() < 6);
    let in_the_morning =
        share(&cases, |case| (8..12).contains(&case.received_at.to_zoned_datetime(zone.clone()).hour()));
    assert!(at_night < 60 && in_the_morning > 280, "{at_night} {in_the_morning}");
    assert!(cases.iter().all(|case| case.intake.occurred_at.is_none_or(|at| at < case.received_at)));
}

#[test]
fn shares_are_those_of_a_real_hotline() {
    let cases: Vec<_> = sample(2, 20_000).collect();
    let within =
        |of: usize, from: usize, to: usize, what: &str| assert!((from..=to).contains(&of), "{what}: {of}");
    let kind = |kind| share(&cases, |case| case.intake.kind == kind);
    within(kind(Kind::Consult), 400, 470, "consult");
    within(kind(Kind::Help), 270, 330, "help");
    within(kind(Kind::Complaint), 150, 200, "complaint");
    within(share(&cases, |case| case.intake.channel == Channel::Phone), 850, 890, "phone");
    within(
        share(&cases, |case| matches!(case.outcome, SampleOutcome::Answered { .. })),
        500,
        667,
        "answered",
    );
    within(share(&cases, |case| case.repeats.is_some()), 65, 95, "repeats");
    let mut streets: HashMap<_, usize> = HashMap::new();
    cases.iter().for_each(|case| *streets.entry(&case.intake.place.division).or_default() += 1);
    let busiest = streets.values().max().unwrap() * 1000 / cases.len();
    within(busiest, 80, 200, "the busiest street");
    assert!(streets.len() > 70);
}

#[test]
fn a_repeat_is_the_same_event_in_other_words() {
    let sample = sample(3, 5000);
    let mut other_words = 0;
    let mut repeats = 0;
    for case in (0..5000).map(|index| sample.case(index)).filter(|case| case.repeats.is_some()) {
        let first = sample.case(case.repeats.unwrap());
        assert_eq!(first.repeats, None);
        assert_eq!((&case.intake.place, &case.intake.matter), (&first.intake.place, &first.intake.matter));
        assert!(first.received_at <= case.received_at);
        repeats += 1;
        other_words += usize::from(case.intake.text != first.intake.text);
    }
    assert_eq!(other_words, repeats);
}

#[test]
fn texts_are_varied_and_whole_and_would_be_accepted() {
    let cases: Vec<_> = sample(4, 10_000).collect();
    let mut texts = HashSet::new();
    for case in &cases {
        let text = &case.intake.text;
        assert!((35..=220).contains(&text.chars().count()), "{} {text}", text.chars().count());
        assert!(!text.contains(['{', '}']) && !case.intake.title.contains(['{', '}']), "{text}");
        let mut faults = Faults::default();
        faults.intake(&case.intake);
        assert!(faults.into_vec().is_empty(), "{text}");
        texts.insert(text);
    }
    assert!(texts.len() > 9_900, "{}", texts.len());
    let long = share(&cases, |case| case.intake.text.chars().count() >= 60);
    assert!(long > 850, "{long}");
}

#[test]
fn numbers_are_nobodys() {
    for case in sample(5, 5000) {
        let number = case.intake.caller.number.unwrap();
        match number.kind() {
            PhoneKind::Mobile => {
                assert!(["161", "164", "169"].iter().any(|b| number.as_str().starts_with(b)));
            }
            kind => assert!(kind == PhoneKind::Landline && number.as_str().starts_with("0900")),
        }
    }
}

#[test]
fn old_cases_are_closed_and_new_ones_are_not() {
    let cases: Vec<_> = sample(6, 20_000).collect();
    let open = |case: &SampleCase| {
        use SampleOutcome as O;
        matches!(
            case.outcome,
            O::Registered | O::Dispatched | O::InProgress | O::Returned { .. } | O::Replied { .. }
        )
    };
    assert!(share(&cases[..10_000], open) < 20);
    assert!(share(&cases[19_950..], open) > 200);
}

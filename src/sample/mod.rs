//! Invented cases by the thousand or the million: for `huiyin demo`, for tests and for benchmarks.
//!
//! Every case is a function of the seed and its place in the row, so nothing is kept, any case can be made alone, and
//! the same seed is the same city on every machine. Nothing here comes from a real call. Telephone numbers begin with
//! 161, 164 or 169, beginnings that read like a mobile number and that no operator gives out, or with the area code
//! of the profile.

mod calls;
mod rng;
#[cfg(test)]
mod tests;
mod words;

use jiff::{SignedDuration, Timestamp};

use self::calls::Calls;
use self::rng::Rng;
use self::words::{Family, Scene, Words};
use crate::domain::case::{Caller, Intake, Place};
use crate::domain::code::{Channel, DepartmentCode, Kind, Sex, Urgency};
use crate::domain::phone::PhoneNumber;
use crate::profile::Profile;

/// How many call-takers there are; [`SampleCase::taken_by`] is below this.
pub const AGENTS: u64 = 40;

/// Kinds, in thousandths of all cases.
const KINDS: [(u64, Kind); 6] = [
    (435, Kind::Consult),
    (302, Kind::Help),
    (182, Kind::Complaint),
    (34, Kind::Report),
    (30, Kind::Suggestion),
    (17, Kind::Praise),
];

/// Channels, in thousandths of all cases.
const CHANNELS: [(u64, Channel); 9] = [
    (870, Channel::Phone),
    (40, Channel::App),
    (34, Channel::Wechat),
    (22, Channel::Web),
    (12, Channel::Mailbox),
    (12, Channel::Transferred),
    (5, Channel::Sms),
    (3, Channel::Weibo),
    (2, Channel::WalkIn),
];

/// Calls about an event that somebody called about before, in thousandths.
const REPEATS: u64 = 80;

/// One invented case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleCase {
    /// Its place in the row, from 0, oldest first.
    pub index: u64,
    /// When the caller was heard.
    pub received_at: Timestamp,
    /// What was taken down. `earlier_case` is empty: numbers are given by who files it.
    pub intake: Intake,
    /// The case of the row that first told of the same event, if another did.
    pub repeats: Option<u64>,
    /// Who leads.
    pub lead: DepartmentCode,
    /// Who assists.
    pub assisting: Vec<DepartmentCode>,
    /// What became of it by the end of the time covered.
    pub outcome: SampleOutcome,
    /// Which call-taker took it, below [`AGENTS`].
    pub taken_by: u64,
}

/// What became of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SampleOutcome {
    /// Answered on the spot.
    Answered {
        /// What the caller was told.
        answer: String,
    },
    /// Not dispatched yet.
    Registered,
    /// With the departments, not signed for.
    Dispatched,
    /// Signed for.
    InProgress,
    /// Replied to, not closed.
    Replied {
        /// What was done.
        reply: String,
        /// What the caller may be told.
        public_answer: String,
    },
    /// Closed after the reply.
    Closed {
        /// What was done.
        reply: String,
        /// What the caller may be told.
        public_answer: String,
    },
    /// Dispatched and sent back.
    Returned {
        /// Why.
        reason: String,
    },
    /// Filed in error.
    Voided {
        /// Why.
        reason: String,
    },
}

/// A row of invented cases, oldest first.
#[derive(Debug)]
pub struct Sample<'p> {
    profile: &'p Profile,
    seed: u64,
    count: u64,
    next: u64,
    until: Timestamp,
    calls: Calls,
    words: Words,
    /// By kind, in the order of [`KINDS`].
    families: Vec<Vec<Family>>,
    /// The streets and towns with the department that governs each.
    streets: Vec<(Place, String, Option<DepartmentCode>)>,
}

impl<'p> Sample<'p> {
    /// `count` cases of the city of `profile` from the `days` days that end at `until`.
    pub fn new(profile: &'p Profile, seed: u64, until: Timestamp, days: u32, count: u64) -> Self {
        let mut all = words::families(profile);
        let families = KINDS.map(|(_, kind)| all.extract_if(.., |f| f.kind == kind).collect()).into();
        let place = |d: &crate::domain::catalogue::Division| {
            let place = Place { division: Some(d.code.clone()), detail: String::new() };
            let governs = profile.department_of(&d.code).map(|department| department.code.clone());
            (place, profile.division_name(&d.code).unwrap_or_default(), governs)
        };
        let mut streets: Vec<_> =
            profile.divisions().iter().filter(|d| d.parent.is_some()).map(place).collect();
        if streets.is_empty() {
            streets = profile.divisions().iter().map(place).collect();
        }
        // The busiest streets of a real city do not stand beside each other in its list.
        let mut order = Rng::new(seed, 0, 9);
        for at in (1..streets.len()).rev() {
            streets.swap(at, order.index(at + 1));
        }
        let calls = Calls::new(profile.calendar(), until, days);
        Self { profile, seed, count, next: 0, until, calls, words: words::words(), families, streets }
    }

    /// The case at `index`, made alone.
    pub fn case(&self, index: u64) -> SampleCase {
        let first = self.first_of(index);
        let mut event = Rng::new(self.seed, first, 1);
        let kind_at = event.share(&KINDS.map({
            let mut at = 0;
            move |(share, _)| {
                at += 1;
                (share, at - 1)
            }
        }));
        let family = event.pick_skewed(&self.families[kind_at]);
        let scene = Scene::draw(&self.words, &mut event);
        let (street, street_name, governed_by) = event.pick_skewed(&self.streets);
        let at_estate = family.what.iter().chain([&family.title]).any(|text| text.contains("{小区}"));
        let detail = scene.detail(at_estate);
        let phrase = event.below(100);

        let mut rng = Rng::new(self.seed, index, 2);
        let repeats = (first != index).then_some(first);
        let received_at = self.received_at(index);
        let confidential = rng.chance(20);
        let intake = Intake {
            channel: rng.share(&CHANNELS),
            kind: family.kind,
            caller: self.caller(index, repeats, &mut rng),
            matter: family.matter.clone(),
            title: filled(&scene, &family.title),
            text: self.text(
                family,
                &scene,
                &format!("{street_name}{detail}"),
                repeats,
                phrase + index - first,
                &mut rng,
            ),
            place: Place { division: street.division.clone(), detail },
            occurred_at: occurred(family.kind, self.received_at(first), &mut event),
            target: target(family, &scene),
            urgency: match family.kind {
                Kind::Help => {
                    rng.share(&[(900, Urgency::Ordinary), (85, Urgency::Urgent), (15, Urgency::Emergency)])
                }
                Kind::Complaint => rng.share(&[(960, Urgency::Ordinary), (40, Urgency::Urgent)]),
                _ => Urgency::Ordinary,
            },
            confidential: confidential || family.kind == Kind::Report,
            earlier_case: None,
            tags: Vec::new(),
            remark: String::new(),
        };
        let by_street = matches!(family.kind, Kind::Help | Kind::Complaint) && rng.chance(180);
        let (lead, assisting) = match governed_by {
            Some(street) if by_street => (street.clone(), vec![family.lead.clone()]),
            Some(street) if rng.chance(120) => (family.lead.clone(), vec![street.clone()]),
            _ => (family.lead.clone(), Vec::new()),
        };
        let outcome = self.outcome(family, &lead, received_at, &mut rng);
        SampleCase {
            index,
            received_at,
            intake,
            repeats,
            lead,
            assisting,
            outcome,
            taken_by: rng.below(AGENTS),
        }
    }

    fn received_at(&self, index: u64) -> Timestamp {
        self.calls.at(index, self.count, &mut Rng::new(self.seed, index, 3))
    }

    /// The case that first told of the event of `index`: itself, or by a short chain one of those shortly before it.
    fn first_of(&self, mut index: u64) -> u64 {
        loop {
            let mut rng = Rng::new(self.seed, index, 4);
            if index == 0 || !rng.chance(REPEATS) {
                return index;
            }
            index -= 1 + rng.skewed(index.min(4000));
        }
    }

    /// Half of those who call again about an event are the one who called first.
    fn caller(&self, index: u64, repeats: Option<u64>, rng: &mut Rng) -> Caller {
        let mut who = Rng::new(self.seed, repeats.filter(|_| rng.chance(500)).unwrap_or(index), 5);
        // Some people call all the time, most call once.
        let population = self.count.max(500);
        let person = if who.chance(250) { who.skewed(population) } else { who.below(population) };
        let mut person = Rng::new(self.seed, person, 6);
        let sex = if person.chance(520) { Sex::Male } else { Sex::Female };
        let surname = person.pick_skewed(&self.words.surnames);
        let given = person.pick(&self.words.given);
        let name = match rng.below(100) {
            0..=2 => String::new(),
            3..=27 => format!("{surname}{}", if sex == Sex::Male { "先生" } else { "女士" }),
            _ => format!("{surname}{given}"),
        };
        let number = if person.chance(70) {
            PhoneNumber::parse(&format!(
                "{}{:07}",
                self.profile.city().area_code,
                2_000_000 + person.below(7_000_000)
            ))
        } else {
            let beginning = *person.pick(&["161", "164", "169"]);
            PhoneNumber::parse(&format!("{beginning}{:08}", person.below(100_000_000)))
        };
        let number = number.ok();
        let contact = number.clone().filter(|_| rng.chance(930));
        Caller { name, sex: Some(sex).filter(|_| rng.chance(800)), number, contact }
    }

    fn text(
        &self,
        family: &Family,
        scene: &Scene<'_>,
        place: &str,
        repeats: Option<u64>,
        phrase: u64,
        rng: &mut Rng,
    ) -> String {
        let words = &self.words;
        let consult = family.kind == Kind::Consult;
        let opener = match (repeats, consult) {
            (Some(_), _) => rng.pick(&words.openers_again),
            (None, true) => rng.pick(&words.openers_consult),
            (None, false) => rng.pick(&words.openers_other),
        };
        let what = &family.what[usize::try_from(phrase % family.what.len() as u64).unwrap_or(0)];
        let mut text = String::with_capacity(512);
        text.push_str(opener);
        if consult {
            text.push_str("住在");
        }
        text.push_str(place);
        text.push('，');
        scene.fill(&mut text, what);
        text.push('。');
        let extras = if consult { &words.extras_consult } else { &words.extras_other };
        let extra = rng.index(extras.len());
        text.push_str(&extras[extra]);
        if rng.chance(300) {
            text.push_str(&extras[(extra + 1 + rng.index(extras.len() - 1)) % extras.len()]);
        }
        text.push_str(rng.pick(&words.asks).as_str());
        scene.fill(&mut text, rng.pick(&family.ask).as_str());
        text.push('。');
        text
    }

    fn outcome(
        &self,
        family: &Family,
        lead: &DepartmentCode,
        received_at: Timestamp,
        rng: &mut Rng,
    ) -> SampleOutcome {
        let answered = match family.kind {
            Kind::Consult => 930,
            Kind::Help => 340,
            Kind::Complaint => 220,
            Kind::Report => 40,
            Kind::Suggestion => 250,
            Kind::Praise => 800,
        };
        if rng.chance(answered) {
            return SampleOutcome::Answered { answer: format!("您好，{}", family.answer) };
        }
        if rng.chance(6) {
            return SampleOutcome::Voided { reason: rng.pick(&self.words.voids).clone() };
        }
        let hours = self.until.duration_since(received_at).as_hours();
        // Registered, dispatched, in progress, returned, replied, closed: what is usual after so long.
        let shares = match hours {
            ..1 => [800, 200, 0, 0, 0, 0],
            1..8 => [150, 500, 330, 20, 0, 0],
            8..48 => [20, 130, 700, 50, 80, 20],
            48..168 => [5, 25, 420, 40, 260, 250],
            168..480 => [0, 5, 75, 10, 110, 800],
            _ => [0, 0, 6, 1, 8, 985],
        };
        let stage = rng.share(&[0, 1, 2, 3, 4, 5].map(|stage: usize| (shares[stage], stage)));
        let name = self.profile.department(lead).map_or("", |d| d.name.as_str());
        let reply = || format!("{name}已核实办理：{}", family.answer);
        let public_answer = || format!("您好，您反映的问题已收悉。{}感谢您的来电。", family.answer);
        match stage {
            0 => SampleOutcome::Registered,
            1 => SampleOutcome::Dispatched,
            2 => SampleOutcome::InProgress,
            3 => SampleOutcome::Returned { reason: rng.pick(&self.words.returns).clone() },
            4 => SampleOutcome::Replied { reply: reply(), public_answer: public_answer() },
            _ => SampleOutcome::Closed { reply: reply(), public_answer: public_answer() },
        }
    }
}

impl Iterator for Sample<'_> {
    type Item = SampleCase;

    fn next(&mut self) -> Option<SampleCase> {
        let index = self.next;
        (index < self.count).then(|| {
            self.next += 1;
            self.case(index)
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.count - self.next).unwrap_or(usize::MAX);
        (left, Some(left))
    }
}

fn filled(scene: &Scene<'_>, template: &str) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    scene.fill(&mut text, template);
    text
}

/// A question has no time of its own; what is complained of happened some hours before the first call.
fn occurred(kind: Kind, first_call: Timestamp, event: &mut Rng) -> Option<Timestamp> {
    if matches!(kind, Kind::Consult | Kind::Suggestion) {
        return None;
    }
    let minutes = i64::try_from(10 + event.skewed(4096)).unwrap_or(10);
    first_call.checked_sub(SignedDuration::from_mins(minutes)).ok()
}

/// Who is complained of, where the problem names one.
fn target(family: &Family, scene: &Scene<'_>) -> String {
    let named = |slot: &str| family.title.contains(slot);
    match family.kind {
        Kind::Complaint | Kind::Report if named("{店}") => scene.shop.to_owned(),
        Kind::Complaint | Kind::Report if named("{餐}") => scene.eatery.to_owned(),
        Kind::Complaint | Kind::Report if named("{公司}") => scene.company.to_owned(),
        Kind::Complaint if named("物业") => format!("{}物业", scene.estate),
        _ => String::new(),
    }
}

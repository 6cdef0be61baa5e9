//! Hot topics: the same trouble at the same place, told by several callers within a day.
//!
//! Pure: which calls are looked at is the store's choice (`store/topics.rs`). Two calls are of one place if they have
//! the same division, or their places in words are alike; of one trouble if they have the same matter, or their texts
//! are near. A call joins the topic of its place that it fits, so that the work grows with the calls and not with
//! their pairs.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::{SignedDuration, Timestamp};

use super::case::Case;
use super::code::{DepartmentCode, DivisionCode, MatterCode, State};
use super::id::CaseId;
use super::likeness::{telling_terms, terms_of_place};
use super::normalise::normalise;
use super::phone::PhoneNumber;

/// Calls further apart than this are no topic together.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// From so many different callers on it is one.
pub const CALLERS: usize = 3;

/// Texts are near from this share of the shorter one's terms on.
const NEAR: f32 = 0.5;
/// Places are alike from this share on.
const SAME_PLACE: f32 = 0.6;
/// A text of fewer terms is near to nothing.
const TELLING: usize = 4;
/// So many topics of a place, the newest, are compared by text; by matter all of them are.
const COMPARED: usize = 12;
/// Characters by which places in words are brought together before they are compared: a road or an estate.
const PLACE_BEGINS: usize = 3;

/// What of a case tells whether it belongs to a topic.
#[derive(Clone)]
pub struct Call {
    /// The case.
    pub case: CaseId,
    /// When the caller was heard.
    pub received_at: Timestamp,
    /// The title.
    pub title: String,
    /// Whether it is not finished.
    pub is_open: bool,
    /// Who has it, or had it last.
    pub departments: Vec<DepartmentCode>,
    division: Option<DivisionCode>,
    matter: Option<MatterCode>,
    caller: Option<PhoneNumber>,
    detail: String,
    detail_terms: Vec<u64>,
    terms: Vec<u64>,
}

impl Call {
    /// A case as a call; none of a voided one.
    pub fn of(case: &Case) -> Option<Self> {
        if case.state() == State::Voided {
            return None;
        }
        let intake = &case.intake;
        let place = &intake.place;
        let mut call = Self::typed(
            &intake.text,
            place.division.clone(),
            &place.detail,
            intake.matter.clone(),
            case.received_at,
        );
        call.case = case.id;
        call.title.clone_from(&intake.title);
        call.is_open = !case.state().is_finished();
        let departments =
            case.progress.assignment().into_iter().flat_map(|given| given.departments().cloned());
        call.departments = departments.collect();
        call.caller = intake.caller.number.clone().or_else(|| intake.caller.contact.clone());
        Some(call)
    }

    /// What is being typed, as far as it is known.
    pub fn typed(
        text: &str,
        division: Option<DivisionCode>,
        detail: &str,
        matter: Option<MatterCode>,
        now: Timestamp,
    ) -> Self {
        Self {
            case: CaseId::new(0, [0; 10]),
            received_at: now,
            title: String::new(),
            is_open: true,
            departments: Vec::new(),
            division,
            matter,
            caller: None,
            detail: normalise(detail),
            detail_terms: hashed(&terms_of_place(detail)),
            terms: hashed(&telling_terms(text)),
        }
    }

    /// The beginnings of places under which a topic may be found.
    fn keys(&self) -> impl Iterator<Item = Key> {
        let division = self.division.clone().map(Key::Division);
        let detail: String = self.detail.chars().take(PLACE_BEGINS).collect();
        let detail = (detail.chars().count() == PLACE_BEGINS).then_some(Key::Detail(detail));
        division.into_iter().chain(detail)
    }

    /// Whether both were told of one place.
    pub fn is_at_the_place_of(&self, other: &Self) -> bool {
        self.division.is_some() && self.division == other.division
            || in_common(&self.detail_terms, &other.detail_terms, 1) >= SAME_PLACE
    }

    fn has_the_matter_of(&self, other: &Self) -> bool {
        self.matter.is_some() && self.matter == other.matter
    }

    fn is_near(&self, other: &Self) -> bool {
        in_common(&self.terms, &other.terms, TELLING) >= NEAR
    }
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Division(DivisionCode),
    Detail(String),
}

/// Calls that belong together, the oldest first.
pub struct Topic<'a> {
    calls: Vec<&'a Call>,
}

/// The topics of these calls, which come in the order of time: those of the most callers first, of as many the one that
/// was told of last.
pub fn topics<'a>(calls: impl IntoIterator<Item = &'a Call>) -> Vec<Topic<'a>> {
    let mut groups: Vec<Topic<'a>> = Vec::new();
    let mut by_place: HashMap<Key, Vec<usize>> = HashMap::new();
    for call in calls {
        let near = |place: Option<&Vec<usize>>| place.map_or(&[][..], Vec::as_slice).to_vec();
        let candidates: Vec<usize> =
            call.keys().flat_map(|key| near(by_place.get(&key)).into_iter().rev()).collect();
        let by_matter = candidates.iter().find(|at| groups[**at].takes_by_matter(call));
        let by_text = || candidates.iter().take(COMPARED).find(|at| groups[**at].takes_by_text(call));
        let at = by_matter.or_else(by_text).copied().unwrap_or_else(|| {
            groups.push(Topic { calls: Vec::new() });
            groups.len() - 1
        });
        groups[at].calls.push(call);
        for key in call.keys() {
            let there = by_place.entry(key).or_default();
            if !there.contains(&at) {
                there.push(at);
            }
        }
    }
    groups.retain(|topic| topic.callers() >= CALLERS);
    groups.sort_by_cached_key(|topic| std::cmp::Reverse((topic.callers(), topic.last_at())));
    groups
}

impl<'a> Topic<'a> {
    /// Whether what is being typed belongs to it.
    pub fn fits(&self, call: &Call) -> bool {
        self.takes_by_matter(call) || self.takes_by_text(call)
    }

    /// Compared with the first and the last call only: what is told changes little, and it is cheap.
    fn ends(&self) -> impl Iterator<Item = &'a Call> + use<'a> {
        let first = self.calls.first().copied();
        first.into_iter().chain(self.calls.last().copied())
    }

    fn takes_by_matter(&self, call: &Call) -> bool {
        self.ends().any(|end| end.is_at_the_place_of(call) && end.has_the_matter_of(call))
    }

    fn takes_by_text(&self, call: &Call) -> bool {
        self.ends().any(|end| end.is_at_the_place_of(call) && end.is_near(call))
    }

    /// The calls, the oldest first; at least one.
    pub fn calls(&self) -> &[&'a Call] {
        &self.calls
    }

    /// How many different callers. Of those without a number each counts.
    pub fn callers(&self) -> usize {
        let known: HashSet<&str> =
            self.calls.iter().filter_map(|call| call.caller.as_ref()).map(PhoneNumber::as_str).collect();
        known.len() + self.calls.iter().filter(|call| call.caller.is_none()).count()
    }

    /// How many are not finished.
    pub fn open(&self) -> usize {
        self.calls.iter().filter(|call| call.is_open).count()
    }

    /// When the first caller was heard.
    pub fn first_at(&self) -> Timestamp {
        self.calls.iter().map(|call| call.received_at).min().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// When the last one was.
    pub fn last_at(&self) -> Timestamp {
        self.calls.iter().map(|call| call.received_at).max().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The title of the newest call.
    pub fn title(&self) -> &str {
        self.calls.last().map_or("", |call| &call.title)
    }

    /// The division, where all of them that have one have the same.
    pub fn division(&self) -> Option<&DivisionCode> {
        the_one(self.calls.iter().filter_map(|call| call.division.as_ref()))
    }

    /// The matter, where all of them that have one have the same.
    pub fn matter(&self) -> Option<&MatterCode> {
        the_one(self.calls.iter().filter_map(|call| call.matter.as_ref()))
    }

    /// The place in words that most of them name, in its normal form.
    pub fn place(&self) -> Option<&str> {
        let mut details: BTreeMap<&str, usize> = BTreeMap::new();
        for call in self.calls.iter().filter(|call| !call.detail.is_empty()) {
            *details.entry(&call.detail).or_default() += 1;
        }
        details.into_iter().max_by_key(|(_, n)| *n).map(|(detail, _)| detail)
    }

    /// The departments that have them, the one with the most first.
    pub fn departments(&self) -> Vec<DepartmentCode> {
        let mut counted: BTreeMap<&DepartmentCode, usize> = BTreeMap::new();
        self.calls
            .iter()
            .flat_map(|call| &call.departments)
            .for_each(|code| *counted.entry(code).or_default() += 1);
        let mut all: Vec<_> = counted.into_iter().collect();
        all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        all.into_iter().map(|(code, _)| code.clone()).collect()
    }
}

fn the_one<T: PartialEq>(mut of: impl Iterator<Item = T>) -> Option<T> {
    let first = of.next()?;
    of.all(|other| other == first).then_some(first)
}

/// The terms in order, as numbers that are quickly compared.
fn hashed(terms: &HashSet<String>) -> Vec<u64> {
    let hash = |term: &String| {
        let mut hasher = DefaultHasher::new();
        term.hash(&mut hasher);
        hasher.finish()
    };
    let mut hashed: Vec<u64> = terms.iter().map(hash).collect();
    hashed.sort_unstable();
    hashed
}

/// Which share of the shorter one's terms stands in the other, 0 to 1; none where it has fewer than `at_least`.
#[expect(clippy::cast_precision_loss, reason = "counts of terms are small")]
fn in_common(a: &[u64], b: &[u64], at_least: usize) -> f32 {
    let shorter = a.len().min(b.len());
    if shorter < at_least.max(1) {
        return 0.0;
    }
    let (mut at, mut common) = (0, 0_usize);
    for term in a {
        while b.get(at).is_some_and(|other| other < term) {
            at += 1;
        }
        common += usize::from(b.get(at) == Some(term));
    }
    common as f32 / shorter as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_795_424_400 + minute * 60).unwrap()
    }

    fn call(n: i64, text: &str, division: &str, detail: &str, matter: &str, caller: &str) -> Call {
        let mut call = Call::typed(text, division.parse().ok(), detail, matter.parse().ok(), at(n));
        call.case = CaseId::new(u64::try_from(n).unwrap(), [1; 10]);
        call.title = text.to_owned();
        call.caller = PhoneNumber::parse(caller).ok();
        call
    }

    const CALLERS_OF_THE_DAY: [&str; 4] = ["13800138000", "13800138001", "13800138002", "13800138003"];

    #[test]
    fn a_topic_is_one_place_one_trouble_and_several_callers() {
        let [a, b, c, d] = CALLERS_OF_THE_DAY;
        let water =
            |minute, caller| call(minute, "整栋楼停水了，什么时候来水", "990102001", "", "020101", caller);
        let found = |calls: &[Call]| topics(calls).iter().map(Topic::callers).collect::<Vec<_>>();
        assert_eq!(found(&[water(0, a), water(1, b), water(2, c)]), [3]);
        // One who calls again and again is one caller.
        assert_eq!(found(&[water(0, a), water(1, a), water(2, b), water(3, a)]), [0; 0]);
        // Another street, another matter.
        let elsewhere = call(2, "停水", "990102002", "", "020101", c);
        let other = call(3, "路灯坏了没人修理", "990102001", "", "030101", d);
        assert_eq!(found(&[water(0, a), water(1, b), elsewhere, other]), [0; 0]);
        assert!(topics(&[]).is_empty());
    }

    #[test]
    fn texts_and_places_in_words_do_where_nothing_was_picked() {
        let [a, b, c, _] = CALLERS_OF_THE_DAY;
        let calls = [
            call(0, "小区从早上开始停暖气，老人冻得不行", "", "幸福里小区2号楼", "", a),
            call(5, "从早上开始停暖气，孩子冻得不行", "", "幸福里小区5号楼", "", b),
            call(9, "停暖气了，从早上开始，老人冻得不行", "", "幸福里小区", "", c),
            call(10, "小区从早上开始停暖气，老人冻得不行", "", "", "", "13800138009"),
        ];
        let found = topics(&calls);
        assert_eq!(found.len(), 1);
        let topic = &found[0];
        assert_eq!((topic.callers(), topic.calls().len(), topic.open()), (3, 3, 3));
        assert_eq!(
            (topic.first_at(), topic.last_at(), topic.title()),
            (at(0), at(9), calls[2].title.as_str())
        );
        assert!(topic.fits(&call(20, "停暖气，从早上开始", "", "幸福里小区1号楼", "", "")));
        assert!(!topic.fits(&call(20, "停暖气，从早上开始", "", "阳光小区1号楼", "", "")));
    }

    #[test]
    fn the_one_with_the_most_callers_comes_first() {
        let callers: Vec<String> = (0..9).map(|n| format!("1380013800{n}")).collect();
        let few =
            callers.iter().take(3).map(|caller| call(50, "路灯全部不亮", "990102002", "", "030101", caller));
        let many =
            callers.iter().map(|caller| call(9, "整片停水没有通知", "990102001", "", "020101", caller));
        let calls: Vec<Call> = many.chain(few).collect();
        let found = topics(&calls);
        let told: Vec<_> =
            found.iter().map(|topic| (topic.callers(), topic.matter().unwrap().as_str())).collect();
        assert_eq!(told, [(9, "020101"), (3, "030101")]);
    }
}

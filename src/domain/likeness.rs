//! How like two cases are: whether what is being typed may be an event that somebody has reported before.
//!
//! Pure: which cases are compared at all is the store's choice. A term counts by its weight, so that 噪声 in common
//! says less than 幸福里小区 in common.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::case::Case;
use super::code::{DivisionCode, MatterCode, code_enum};
use super::normalise::normalise;
use super::terms::{BARRIER, index_terms};

code_enum! {
    /// Why a case is held to be alike; `likeness.code` in the locales.
    Likeness = "likeness" {
        /// The same words.
        SameText = "same_text",
        /// Much of the text.
        NearText = "near_text",
        /// The same street or district.
        SameDivision = "same_division",
        /// The same road, estate or building.
        SameDetail = "same_detail",
        /// The same matter.
        SameMatter = "same_matter",
        /// Within a week.
        Recent = "recent",
    }
}

/// The score from which a case is worth showing.
pub const WORTH_SHOWING: u8 = 30;

/// Longer texts are compared by their beginning, in characters: like calls begin alike, and the work is bounded.
const COMPARED: usize = 600;
/// A text with fewer terms than this tells too little to be sure of.
const TELLING: f32 = 8.0;
/// Cases this close in time are probably one event.
const RECENT: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Cases this close in time are most probably one event.
const FRESH: SignedDuration = SignedDuration::from_hours(24 * 3);

/// What is being typed.
#[derive(Clone)]
pub struct Sought {
    text: String,
    terms: HashMap<String, f32>,
    detail: HashSet<String>,
    division: Option<DivisionCode>,
    matter: Option<MatterCode>,
}

/// How like a case is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// 0 to 100.
    pub score: u8,
    /// The reasons, the strongest first.
    pub because: Vec<Likeness>,
}

impl Sought {
    /// A text with its place and matter, as far as they are known; every term weighs alike.
    pub fn new(text: &str, detail: &str, division: Option<DivisionCode>, matter: Option<MatterCode>) -> Self {
        let terms = telling_terms(text).into_iter().map(|term| (term, 1.0)).collect();
        Self { text: beginning(text), terms, detail: terms_of_place(detail), division, matter }
    }

    /// The terms of the text, in no order.
    pub fn text_terms(&self) -> impl Iterator<Item = &str> {
        self.terms.keys().map(String::as_str)
    }

    /// The terms of the place, in no order.
    pub fn detail_terms(&self) -> impl Iterator<Item = &str> {
        self.detail.iter().map(String::as_str)
    }

    /// Sets the weight of a term: 1 for a rare one, towards 0 for one that is everywhere.
    pub fn weigh(&mut self, term: &str, weight: f32) {
        if let Some(known) = self.terms.get_mut(term) {
            *known = weight;
        }
    }

    /// How like `case` is, seen at `now`.
    pub fn compare(&self, case: &Case, now: Timestamp) -> Alike {
        let intake = &case.intake;
        let mut reasons: Vec<(f32, Likeness)> = Vec::new();
        let theirs = telling_terms(&intake.text);
        let near = self.nearness(&theirs);
        let mut score = 0.0;
        if !self.text.is_empty() && self.text == beginning(&intake.text) {
            reasons.push((80.0, Likeness::SameText));
        } else if near >= 0.4 {
            reasons.push((60.0 * near, Likeness::NearText));
        } else {
            score += 60.0 * near;
        }
        if !self.detail.is_empty() {
            let there = terms_of_place(&intake.place.detail);
            let common =
                self.detail.iter().filter(|term| there.contains(*term) || theirs.contains(*term)).count();
            let part = share(common, self.detail.len());
            if part >= 0.6 {
                reasons.push((25.0 * part, Likeness::SameDetail));
            }
        }
        if self.division.is_some() && self.division == intake.place.division {
            reasons.push((12.0, Likeness::SameDivision));
        }
        if self.matter.is_some() && self.matter == intake.matter {
            reasons.push((12.0, Likeness::SameMatter));
        }
        // Nearness in time alone is no likeness.
        let apart = now.duration_since(case.received_at).abs();
        if !reasons.is_empty() && apart <= RECENT {
            // The same matter in the same street is worth a look for some days, whatever the words.
            reasons.push((if apart <= FRESH { 8.0 } else { 5.0 }, Likeness::Recent));
        }
        score += reasons.iter().map(|(points, _)| points).sum::<f32>();
        reasons.sort_by(|a, b| b.0.total_cmp(&a.0));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is within 0 to 100")]
        let score = score.clamp(0.0, 100.0).round() as u8;
        Alike { score, because: reasons.into_iter().map(|(_, reason)| reason).collect() }
    }

    /// How much of what is typed stands in their text, 0 to 1, a little less if theirs says much else.
    fn nearness(&self, theirs: &HashSet<String>) -> f32 {
        let all: f32 = self.terms.values().sum();
        if all <= 0.0 {
            return 0.0;
        }
        let common: f32 = self.terms.iter().filter(|(term, _)| theirs.contains(*term)).map(|(_, w)| w).sum();
        let count = self.terms.keys().filter(|term| theirs.contains(*term)).count();
        let contained = common / all;
        let focused = share(count, theirs.len());
        let telling = (share(count, 1) / TELLING).min(1.0);
        (0.8 * contained + 0.2 * contained * focused) * telling
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of terms are small")]
fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

fn beginning(text: &str) -> String {
    normalise(text).chars().take(COMPARED).collect()
}

/// The different terms of a text that tell something: no single characters, and not the barrier.
pub(super) fn telling_terms(text: &str) -> HashSet<String> {
    let text: String = text.chars().take(COMPARED).collect();
    let telling = |term: &&str| term.chars().nth(1).is_some() && *term != BARRIER;
    index_terms(&text).split(' ').filter(telling).map(str::to_owned).collect()
}

/// As [`telling_terms`], with door numbers of one digit.
pub(super) fn terms_of_place(text: &str) -> HashSet<String> {
    let text: String = text.chars().take(COMPARED).collect();
    let telling = |term: &&str| *term != BARRIER && !term.is_empty();
    let last_of_run = |term: &&str| term.chars().nth(1).is_none() && !term.is_ascii();
    index_terms(&text)
        .split(' ')
        .filter(telling)
        .filter(|term| !last_of_run(term))
        .map(str::to_owned)
        .collect()
}

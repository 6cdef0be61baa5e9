//! In which order cases that have all the words are worth reading: where the words stand, how often, and how new it is.
//!
//! Words are exact here, so there is nothing to guess about what fits; what stands in a title is what a case is about.

use super::case::Case;
use super::code::code_enum;
use super::find::marks;
use super::query::Query;

code_enum! {
    /// In which order cases are answered.
    SearchOrder = "search_order" {
        /// 按时间: the newest first, without end.
        Newest = "newest",
        /// 按相关度: what is most about the words first, among the newest few hundred.
        Relevance = "relevance",
    }
}

/// A word in the title.
const TITLE: usize = 8;
/// A word in the place or in whom it is about.
const PLACE: usize = 5;
/// Each time in the text, as often as counts.
const TEXT: usize = 2;
const OFTEN: usize = 4;
/// The first time in the first characters of the text, which mostly say what it is about.
const EARLY: usize = 3;
const BEGINNING: usize = 40;
/// Each of the words behind the other: they are one word to those who typed them.
const TOGETHER: usize = 4;
/// Still open.
const OPEN: usize = 2;

/// How much a case is about the words of a query; more is better. `written` is what later events wrote.
pub fn relevance(case: &Case, written: &[String], query: &Query) -> usize {
    let intake = &case.intake;
    let count = |text: &str| marks(text, query).len();
    let in_text = marks(&intake.text, query);
    let early = in_text.first().is_some_and(|mark| intake.text[..mark.start].chars().count() < BEGINNING);
    // Marks that touch are one, so words that stand together leave one that is longer.
    let longest = in_text.iter().map(|mark| intake.text[mark.clone()].chars().count()).max().unwrap_or(0);
    let asked = query.words.iter().filter(|word| !word.excluded);
    let (words, length) = asked
        .fold((0, 0), |(words, length), word| (words + 1, usize::max(length, word.text.chars().count())));
    let together = if words > 1 && longest > length { TOGETHER } else { 0 };
    let written = written.iter().any(|text| count(text) > 0);
    TITLE * count(&intake.title).min(OFTEN)
        + PLACE * (count(&intake.place.detail) + count(&intake.target)).min(OFTEN)
        + TEXT * in_text.len().min(OFTEN)
        + if early { EARLY } else { 0 }
        + together
        + usize::from(written)
        + if case.state().is_finished() { 0 } else { OPEN }
}

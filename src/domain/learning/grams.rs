//! The features of a text: its characters and pairs of characters, hashed, and where each of them stands.
//!
//! Nothing longer than a pair and no digit is a feature, so that no name of three characters, no telephone number and
//! no house number can be read out of weights, even by whoever knows the hash.

use crate::domain::normalise::Normalised;

/// How many buckets the features are hashed into.
pub(super) const BUCKETS: usize = 1 << 16;
/// What a case is about stands at its beginning; this bounds the work, in characters of each text.
const CONSIDERED: usize = 1000;

/// One or two characters of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gram {
    /// The place of its bucket among those of the text.
    pub(super) index: u16,
    /// The place of its first character in the normal form.
    pub(super) at: u16,
    /// Whether it is a pair.
    pub(super) is_pair: bool,
}

/// A text cut into its features.
pub(super) struct Grams {
    /// The beginning that was considered, as it was typed.
    typed: String,
    normal: Normalised,
    all: Vec<Gram>,
    /// How many grams fall into each bucket, in the order of the buckets.
    counts: Vec<(u16, u16)>,
}

impl Grams {
    /// Cuts the beginning of a text.
    pub(super) fn of(text: &str) -> Self {
        let end = text.char_indices().nth(CONSIDERED).map_or(text.len(), |(at, _)| at);
        let typed = text[..end].to_owned();
        let normal = Normalised::of(&typed);
        // By bucket, then by place once it is known which there are.
        let mut grams = Vec::new();
        let mut before = None;
        for (at, c) in (0_u16..).zip(normal.chars()) {
            if !c.is_alphabetic() {
                before = None;
                continue;
            }
            grams.push(Gram { index: bucket(*c, None), at, is_pair: false });
            if let Some(before) = before {
                grams.push(Gram { index: bucket(before, Some(*c)), at: at - 1, is_pair: true });
            }
            before = Some(*c);
        }
        let mut buckets: Vec<u16> = grams.iter().map(|gram| gram.index).collect();
        buckets.sort_unstable();
        let counts: Vec<(u16, u16)> = buckets
            .chunk_by(PartialEq::eq)
            .map(|same| (same[0], u16::try_from(same.len()).unwrap_or(u16::MAX)))
            .collect();
        for gram in &mut grams {
            let at = counts.partition_point(|(bucket, _)| *bucket < gram.index);
            gram.index = u16::try_from(at).unwrap_or(u16::MAX);
        }
        Self { typed, normal, all: grams, counts }
    }

    /// How many grams fall into each bucket, in the order of the buckets.
    pub(super) fn counts(&self) -> &[(u16, u16)] {
        &self.counts
    }

    /// Every gram, in the order of the text.
    pub(super) fn all(&self) -> &[Gram] {
        &self.all
    }

    /// The characters of the normal form.
    pub(super) fn chars(&self) -> &[char] {
        self.normal.chars()
    }

    /// A range of characters of the normal form as it was typed.
    pub(super) fn typed(&self, chars: std::ops::Range<usize>) -> &str {
        self.typed.get(self.normal.origin(chars)).unwrap_or_default()
    }
}

/// The bucket of a character, or of two.
fn bucket(first: char, second: Option<char>) -> u16 {
    let both = u64::from(u32::from(first)) | second.map_or(0, |c| u64::from(u32::from(c)) << 32);
    mix(both)
}

/// The bucket of the matter that was chosen for a case; of its code, so that it says nothing of the text.
pub(super) fn bucket_of_matter(place: usize) -> u16 {
    mix(place as u64 | 1 << 63)
}

/// The upper bits of a multiplication by a number that spreads them (splitmix64's finaliser).
fn mix(value: u64) -> u16 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    u16::try_from(value >> 48).unwrap_or_default()
}

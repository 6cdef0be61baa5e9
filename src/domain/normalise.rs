//! Normal form of text for searching (first cut, replaced by the full one).

use unicode_normalization::UnicodeNormalization as _;

/// The normal form of `text`.
pub fn normalise(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

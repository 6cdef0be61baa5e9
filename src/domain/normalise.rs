//! The normal form of text, in which the index and the query meet. What people see stays as it was typed.
//!
//! In this order: characters that cannot be seen are removed (they come along in pastes and split words); NFKC (full
//! width, compatibility ideographs, composed accents); lower case; traditional to simplified by single characters
//! (`simplified.txt`); white space to one blank, none at the ends. Only single characters are simplified: 乾 is 干 in
//! 乾隆 too, which is wrong for reading and right for finding, because the query goes the same way.
//!
//! [`Normalised`] knows where each of its characters came from, since the normal form may be longer or shorter than
//! the original, and matches are marked in the original.

use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The normal form of `text`.
pub fn normalise(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    walk(text, |c, _| normal.push(c));
    if normal.ends_with(' ') {
        normal.pop();
    }
    normal
}

/// A normal form that remembers where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normalised {
    chars: Vec<char>,
    origins: Vec<Range<usize>>,
}

impl Normalised {
    /// The normal form of `text`.
    pub fn of(text: &str) -> Self {
        let mut normal = Self { chars: Vec::new(), origins: Vec::new() };
        walk(text, |c, origin| {
            normal.chars.push(c);
            normal.origins.push(origin);
        });
        if normal.chars.last() == Some(&' ') {
            normal.chars.pop();
            normal.origins.pop();
        }
        normal
    }

    /// The characters of the normal form.
    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The bytes of the original from which a range of these characters came; empty at 0 for a range that is empty
    /// or out of bounds.
    pub fn origin(&self, chars: Range<usize>) -> Range<usize> {
        match self.origins.get(chars) {
            Some([first, .., last]) => first.start..last.end,
            Some([only]) => only.clone(),
            _ => 0..0,
        }
    }
}

/// Gives each character of the normal form of `text` with the bytes it came from. A blank may stand at the end.
///
/// The text is cut before every character that cannot join with what stands before it, and each piece is normalised
/// for itself; that equals normalising the whole, by the stability of such cuts in Unicode's annex 15.
fn walk(text: &str, mut give: impl FnMut(char, Range<usize>)) {
    let mut visible = text.char_indices().filter(|&(_, c)| !is_invisible(c)).peekable();
    let mut piece = String::new();
    let mut blank = true;
    let mut give_one = |c: char, origin: Range<usize>| {
        if !c.is_whitespace() {
            blank = false;
            give(simplified(c), origin);
        } else if !blank {
            blank = true;
            give(' ', origin);
        }
    };
    while let Some((start, c)) = visible.next() {
        let mut end = start + c.len_utf8();
        if is_plain(c) && visible.peek().is_none_or(|&(_, next)| begins_anew(next)) {
            give_one(c.to_ascii_lowercase(), start..end);
            continue;
        }
        piece.clear();
        piece.push(c);
        while let Some((at, c)) = visible.next_if(|&(_, c)| !begins_anew(c)) {
            piece.push(c);
            end = at + c.len_utf8();
        }
        // Lower case may undo composition, so it is composed again.
        let lower: String = piece.nfkc().flat_map(char::to_lowercase).map(final_sigma).collect();
        for c in lower.nfkc().filter(|&c| !is_invisible(c)) {
            give_one(c, start..end);
        }
    }
}

/// Letters and ideographs that are their own normal form but for case, which is nearly all of a Chinese text.
fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{3400}'..='\u{9fff}' | '\u{3001}' | '\u{3002}')
}

/// Whether normalisation can cut before `c`.
fn begins_anew(c: char) -> bool {
    if is_plain(c) {
        return true;
    }
    // The half-width voiced marks of kana decompose into combining ones and only then join.
    let first = std::iter::once(c).nfkd().next().unwrap_or(c);
    canonical_combining_class(first) == 0 && is_nfc_quick(std::iter::once(first)) == IsNormalized::Yes
}

/// Sigma is one letter at the end of a word as within.
fn final_sigma(c: char) -> char {
    if c == 'ς' { 'σ' } else { c }
}

/// Controls, zero-width and direction marks, variation selectors, tags and fillers: all that takes no place on paper.
pub fn is_invisible(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' => false,
        c if c.is_control() => true,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        _ => false,
    }
}

/// The simplified form of a traditional character; any other as it is.
fn simplified(c: char) -> char {
    static TABLE: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
        let lines = include_str!("simplified.txt").lines().filter(|line| !line.starts_with('#'));
        let mut chars = lines.flat_map(str::chars);
        std::iter::from_fn(|| Some((chars.next()?, chars.next()?))).collect()
    });
    if c < '\u{3400}' {
        return c;
    }
    TABLE.binary_search_by_key(&c, |pair| pair.0).map_or(c, |at| TABLE[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_what_people_take_for_the_same() {
        for (text, normal) in [
            ("１３８ＡＢｃ", "138abc"),
            ("電梯噪聲擾民", "电梯噪声扰民"),
            ("臺灣後面的麵館", "台湾后面的面馆"),
            ("  甲\t\n乙　丙  ", "甲 乙 丙"),
            ("小\u{200b}区\u{feff}\u{202e}门", "小区门"),
            // A compatibility ideograph, an ideograph with a variation selector, and one beyond the BMP.
            ("\u{f900}\u{f92f}", "岂劳"),
            ("葛\u{e0100}城", "葛城"),
            ("𨨏𠮷", "𬭛𠮷"),
            ("㎡①℃Ⅷ", "m21°cviii"),
            ("ｶﾞス", "ガス"),
            ("Cafe\u{301} ΟΔΟΣ", "café οδοσ"),
            ("한국", "한국"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
            ("", ""),
            ("\0\u{1b}[2J", "[2j"),
        ] {
            assert_eq!(normalise(text), normal, "{text:?}");
        }
    }

    #[test]
    fn remembers_where_each_character_came_from() {
        let text = "ｅ\u{301}電\u{200b}梯㎡";
        let normal = Normalised::of(text);
        let places: Vec<_> = (0..normal.chars().len()).map(|at| &text[normal.origin(at..at + 1)]).collect();
        assert_eq!(normal.chars(), ['é', '电', '梯', 'm', '2']);
        assert_eq!(places, ["ｅ\u{301}", "電", "梯", "㎡", "㎡"]);
        assert_eq!(&text[normal.origin(1..3)], "電\u{200b}梯");
    }

    #[test]
    fn the_table_is_sorted_and_final() {
        let lines = include_str!("simplified.txt").lines().filter(|line| !line.starts_with('#'));
        let keys: Vec<char> = lines.flat_map(str::chars).step_by(2).collect();
        assert!(keys.len() > 4000 && keys.is_sorted());
        for key in keys {
            let once = simplified(key);
            assert!(
                once != key && simplified(once) == once && normalise(&once.to_string()).chars().eq([once]),
                "{key}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn is_final_and_its_origins_are_in_order(text in "[\\PC\\x00\\u{200b}\\u{301}ｶﾞ電A1 \\u{1112}\\u{1161}\\u{11ab}]{0,30}") {
            let normal = normalise(&text);
            prop_assert_eq!(&normalise(&normal), &normal);
            let mapped = Normalised::of(&text);
            prop_assert_eq!(mapped.chars().iter().collect::<String>(), normal);
            for pair in mapped.origins.windows(2) {
                prop_assert!(pair[0].end <= pair[1].start || pair[0] == pair[1]);
            }
            for origin in &mapped.origins {
                prop_assert!(text.get(origin.clone()).is_some_and(|piece| !piece.is_empty()));
            }
        }

        #[test]
        fn cutting_changes_nothing(text in "[\\u{300}-\\u{345}ｶﾞゔアe\\u{1100}-\\u{1175}\\u{11a8}가ñ電㈱ﬁ]{0,12}") {
            // What cannot be seen goes first: marks that it kept apart stand in order then.
            let visible = text.replace(is_invisible, "");
            let whole: String = visible.nfkc().flat_map(char::to_lowercase).nfkc().map(simplified).collect();
            prop_assert_eq!(normalise(&text).replace(' ', ""), whole.replace(' ', "").replace(is_invisible, ""));
        }
    }
}

//! A code table that is searched as one types: by characters, pinyin, initials and any mix of them.
//!
//! The whole table is read at each key. That is quick because the work is done once for each distinct character: for
//! a query, a character knows from which positions of the query it leads to which (`重` from `z` to the next, from
//! `chong` five on), as bits; reading an entry is then a few operations a character. Every reading counts, for which
//! one is meant is known only to the person typing.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use ib_pinyin::pinyin::{PinyinData, PinyinNotation};

use crate::domain::normalise::{Normalised, normalise};

/// Characters of a word of the query that count, the rest is taken to fit; bits of a state, less one for the end.
const LONGEST: usize = 63;

/// Letters of the longest syllable, `zhuang`.
const SYLLABLE: usize = 6;

/// A row of a code table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The code, found from its start.
    pub code: String,
    /// The name, shown and found anywhere.
    pub name: String,
    /// Other words that find it: aliases, the names of what it belongs to.
    pub extra: Vec<String>,
    /// What is shown beside the name: what it belongs to.
    pub path: String,
}

/// An entry found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Where it stands in the table.
    pub index: usize,
    /// The bytes of its name that fit the query, in order, apart from each other.
    pub ranges: Vec<Range<usize>>,
}

/// A code table, built once.
#[derive(Debug, Clone, Default)]
pub struct Table {
    entries: Vec<Entry>,
    /// The distinct characters; the first stands for the gap between texts and fits nothing.
    letters: Vec<Letter>,
    syllables: Vec<Vec<char>>,
    /// Of all entries one after another: lower-case codes, and names and extra words as letters.
    codes: String,
    texts: Vec<u16>,
    spans: Vec<Span>,
}

#[derive(Debug, Clone, Default)]
struct Letter {
    c: char,
    readings: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Span {
    code: Range<usize>,
    name: Range<usize>,
    extra: Range<usize>,
}

/// An entry that fits; the least is the best.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    rank: usize,
    use_place: usize,
    length: usize,
    index: usize,
}

/// What a letter does at the positions of a query, as bits: where it fits, where it completes the query, and from
/// where it leads one, two, .. positions on.
#[derive(Clone, Copy, Default)]
struct Steps {
    fits: u64,
    completes: u64,
    leads: [u64; SYLLABLE],
}

/// A word of a query, ready to be held against letters.
struct Word {
    text: String,
    steps: Vec<Steps>,
}

impl Table {
    /// A table of these entries, in this order.
    pub fn new(entries: Vec<Entry>) -> Self {
        let pinyin = PinyinData::new(PinyinNotation::Ascii);
        let mut table = Self { letters: vec![Letter::default()], ..Self::default() };
        let (mut known, mut syllables) = (HashMap::new(), HashMap::new());
        for entry in &entries {
            let code = table.codes.len();
            table.codes.push_str(&normalise(&entry.code));
            let start = table.texts.len();
            for c in normalise(&entry.name).chars() {
                let letter = table.letter(c, &pinyin, &mut known, &mut syllables);
                table.texts.push(letter);
            }
            let name = table.texts.len();
            for extra in &entry.extra {
                table.texts.push(0);
                for c in normalise(extra).chars() {
                    let letter = table.letter(c, &pinyin, &mut known, &mut syllables);
                    table.texts.push(letter);
                }
            }
            table.spans.push(Span {
                code: code..table.codes.len(),
                name: start..name,
                extra: name..table.texts.len(),
            });
        }
        table.entries = entries;
        table
    }

    /// The entries, in the order given.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry with this code.
    pub fn find(&self, code: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.code == code)
    }

    /// The best `limit` entries for `query`, whose words (separated by blanks) must all fit: first whole codes and
    /// names, then those that start with it, then names that contain it, then other words; the shorter name first,
    /// then the order of the table. An empty query gives the first entries.
    pub fn matches(&self, query: &str, limit: usize) -> Vec<Match> {
        self.matches_by_use(query, limit, &[])
    }

    /// The same with what is `used` most, by the places of the entries in their order, before what fits as well; an
    /// empty query gives these first.
    pub fn matches_by_use(&self, query: &str, limit: usize, used: &[usize]) -> Vec<Match> {
        let query = normalise(query);
        let words: Vec<_> =
            query.split(' ').filter(|word| !word.is_empty()).map(|word| self.word(word)).collect();
        if words.is_empty() {
            let used = used.iter().copied().filter(|index| *index < self.entries.len());
            let others = (0..self.entries.len()).filter(|index| !used.clone().any(|used| used == *index));
            let all = used.clone().chain(others).take(limit);
            return all.map(|index| Match { index, ranges: Vec::new() }).collect();
        }
        let mut found: Vec<Found> = self
            .spans
            .iter()
            .enumerate()
            .filter_map(|(index, span)| {
                let rank = words.iter().map(|word| self.rank(word, span)).sum::<Option<usize>>()?;
                Some(Found { rank, use_place: usize::MAX, length: span.name.len(), index })
            })
            .collect();
        for (place, index) in used.iter().enumerate() {
            if let Ok(at) = found.binary_search_by_key(index, |found| found.index) {
                found[at].use_place = place;
            }
        }
        if limit < found.len() {
            found.select_nth_unstable(limit);
            found.truncate(limit);
        }
        found.sort_unstable();
        let found = found.into_iter();
        found.map(|Found { index, .. }| Match { index, ranges: self.ranges(&words, index) }).collect()
    }

    /// The entries whose whole code or whole name `word` is.
    pub fn named(&self, word: &str) -> Vec<usize> {
        let word = self.word(&normalise(word));
        let whole = |(_, span): &(usize, &Span)| self.rank(&word, span) == Some(0);
        self.spans.iter().enumerate().filter(whole).map(|(index, _)| index).collect()
    }

    fn letter(
        &mut self,
        c: char,
        pinyin: &PinyinData,
        known: &mut HashMap<char, u16>,
        syllables: &mut HashMap<String, usize>,
    ) -> u16 {
        if let Some(letter) = known.get(&c) {
            return *letter;
        }
        // A table with more distinct characters than Unicode's first plane does not find the rest.
        let Ok(letter) = u16::try_from(self.letters.len()) else { return 0 };
        let mut readings = Vec::new();
        pinyin.get_pinyins_and_for_each(c, |reading| {
            if let Some(syllable) = reading.notation(PinyinNotation::Ascii) {
                let next = syllables.len();
                let index = *syllables.entry(syllable.to_owned()).or_insert(next);
                if index == next {
                    self.syllables.push(syllable.chars().collect());
                }
                readings.push(index);
            }
        });
        self.letters.push(Letter { c, readings });
        known.insert(c, letter);
        letter
    }

    fn word(&self, text: &str) -> Word {
        let word: Vec<char> = text.chars().take(LONGEST).collect();
        let of_syllables: Vec<Steps> =
            self.syllables.iter().map(|syllable| Steps::of(syllable, &word)).collect();
        let steps = self
            .letters
            .iter()
            .map(|letter| {
                let mut steps = Steps::default();
                for (at, _) in word.iter().enumerate().filter(|(_, c)| **c == letter.c) {
                    steps.lead(at, 1, word.len());
                }
                for reading in &letter.readings {
                    steps.join(&of_syllables[*reading]);
                }
                steps
            })
            .collect();
        Word { text: text.to_owned(), steps }
    }

    /// How well a word fits an entry: 0 is best, nothing if not at all.
    fn rank(&self, word: &Word, span: &Span) -> Option<usize> {
        let code = &self.codes[span.code.clone()];
        if code.starts_with(&word.text) {
            return Some(usize::from(code.len() > word.text.len()));
        }
        let name = &self.texts[span.name.clone()];
        if let Some(end) = word.fits_at_start(name) {
            return Some(usize::from(end < name.len()));
        }
        if word.fits_within(name) {
            return Some(2);
        }
        word.fits_within(&self.texts[span.extra.clone()]).then_some(3)
    }

    fn ranges(&self, words: &[Word], index: usize) -> Vec<Range<usize>> {
        let name = &self.texts[self.spans[index].name.clone()];
        let origins = Normalised::of(&self.entries[index].name);
        let mut found: Vec<Range<usize>> = words
            .iter()
            .filter_map(|word| {
                let (start, length) =
                    (0..name.len()).find_map(|start| Some((start, word.fits_at_start(&name[start..])?)))?;
                Some(origins.origin(start..start + length))
            })
            .collect();
        found.sort_unstable_by(|a, b| match a.start.cmp(&b.start) {
            Ordering::Equal => b.end.cmp(&a.end),
            order => order,
        });
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for range in found {
            match ranges.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => ranges.push(range),
            }
        }
        ranges
    }
}

impl Steps {
    /// A syllable may be written whole, by its first letter, by `zh`, `ch` or `sh`, and cut short at the end.
    fn of(syllable: &[char], word: &[char]) -> Self {
        let mut steps = Self::default();
        for at in 0..word.len() {
            let rest = &word[at..];
            let common = rest.iter().zip(syllable).take_while(|(a, b)| a == b).count();
            if common == 0 {
                continue;
            }
            steps.lead(at, 1, word.len());
            if common >= 2 && syllable[1] == 'h' {
                steps.lead(at, 2, word.len());
            }
            if common == syllable.len() || common == rest.len() {
                steps.lead(at, common, word.len());
            }
        }
        steps
    }

    fn lead(&mut self, at: usize, by: usize, length: usize) {
        self.fits |= 1 << at;
        if at + by == length {
            self.completes |= 1 << at;
        } else if let Some(leads) = self.leads.get_mut(by - 1) {
            *leads |= 1 << at;
        }
    }

    fn join(&mut self, other: &Self) {
        self.fits |= other.fits;
        self.completes |= other.completes;
        for (mine, theirs) in self.leads.iter_mut().zip(other.leads) {
            *mine |= theirs;
        }
    }

    fn advance(&self, state: u64) -> u64 {
        self.leads.iter().zip(1..).fold(0, |next, (leads, by)| next | ((state & leads) << by))
    }
}

impl Word {
    /// How many letters from the start of `letters` the word takes up.
    fn fits_at_start(&self, letters: &[u16]) -> Option<usize> {
        let mut state = 1;
        for (at, letter) in letters.iter().enumerate() {
            let steps = &self.steps[usize::from(*letter)];
            if state & steps.fits == 0 {
                return None;
            }
            if state & steps.completes != 0 {
                return Some(at + 1);
            }
            state = steps.advance(state);
        }
        None
    }

    fn fits_within(&self, letters: &[u16]) -> bool {
        let mut state = 1;
        for letter in letters {
            let steps = &self.steps[usize::from(*letter)];
            if state & steps.completes != 0 {
                return true;
            }
            state = if state & steps.fits == 0 { 1 } else { steps.advance(state) | 1 };
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(code: &str, name: &str, extra: &[&str]) -> Entry {
        let extra = extra.iter().map(ToString::to_string).collect();
        Entry { code: code.into(), name: name.into(), extra, ..Entry::default() }
    }

    fn table() -> Table {
        Table::new(vec![
            entry("0101", "市城市管理局", &["城管"]),
            entry("0102", "市水务局", &["自来水"]),
            entry("0103", "重庆路街道办事处", &["朝阳区"]),
            entry("0104", "长安街道", &["海淀区"]),
            entry("0105", "市水务局第二分局", &[]),
            entry("B2", "ＡＢ座物业", &["物業公司"]),
        ])
    }

    fn found(query: &str) -> Vec<String> {
        let table = table();
        table.matches(query, 10).into_iter().map(|m| table.entries()[m.index].name.clone()).collect()
    }

    #[test]
    fn characters_pinyin_initials_and_mixes_find() {
        for query in [
            "城市管理",
            "chengshiguanli",
            "csgl",
            "chengsgl",
            "城sgl",
            "chshgl",
            "chengshigua",
            "CSGL",
            "城管",
        ] {
            assert_eq!(found(query), ["市城市管理局"], "{query}");
        }
        assert_eq!(found("噪声"), Vec::<String>::new());
        assert_eq!(found("ab座"), ["ＡＢ座物业"]);
        assert_eq!(found("物业公司"), ["ＡＢ座物业"]);
    }

    #[test]
    fn every_reading_finds() {
        for query in ["chongqing", "zhongqing", "cql", "zql", "zhongql"] {
            assert_eq!(found(query), ["重庆路街道办事处"], "{query}");
        }
        for query in ["changan", "zhangan", "ca", "za"] {
            assert_eq!(found(query), ["长安街道"], "{query}");
        }
    }

    #[test]
    fn the_best_comes_first() {
        assert_eq!(found("swj"), ["市水务局", "市水务局第二分局"]);
        assert_eq!(found("0104"), ["长安街道"]);
        // 局第 begins with these letters as well.
        assert_eq!(found("jd"), ["长安街道", "重庆路街道办事处", "市水务局第二分局"]);
        assert_eq!(found("jd cy"), ["重庆路街道办事处"]);
        assert_eq!(found("").len(), 6);
        assert_eq!(table().matches("s", 2).len(), 2);
    }

    #[test]
    fn what_is_used_comes_before_what_fits_as_well() {
        let table = table();
        let used = |query: &str, used: &[usize]| -> Vec<usize> {
            table.matches_by_use(query, 10, used).into_iter().map(|found| found.index).collect()
        };
        assert_eq!(used("jd", &[]), [3, 2, 4]);
        assert_eq!(used("jd", &[2, 5, 99]), [2, 3, 4]);
        // A better fit stays before a used one.
        assert_eq!(used("sswj", &[4]), [1, 4]);
        assert_eq!(used("", &[4, 1]), [4, 1, 0, 2, 3, 5]);
    }

    #[test]
    fn a_long_word_finds() {
        let name = "云汀市住房和城乡建设局老旧小区改造工程管理处";
        let table = Table::new(vec![entry("9", name, &[])]);
        for query in
            ["yuntingshizhufanghechengxiangjianshe", &"云汀市住房和城乡建设局老旧小区改造工程管理处"[3..]]
        {
            assert_eq!(table.matches(query, 5).len(), 1, "{query}");
        }
        let whole = "yuntingshizhufanghechengxiangjianshejulaojiuxiaoqugaizaogongchengguanlichu";
        assert_eq!((whole.len() > LONGEST, table.matches(whole, 5).len()), (true, 1));
        assert!(table.matches(&"x".repeat(100), 5).is_empty());
    }

    #[test]
    fn what_fits_is_marked_in_the_name() {
        let marks = |query: &str| -> Vec<(usize, usize)> {
            table().matches(query, 1)[0].ranges.iter().map(|range| (range.start, range.end)).collect()
        };
        assert_eq!(marks("csgl"), [(3, 15)]);
        assert_eq!(marks("jiedao chongq"), [(0, 6), (9, 15)]);
        assert_eq!(marks("b座"), [(3, 9)]);
        assert!(marks("自来水").is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_query_is_answered_with_whole_characters(query in "[a-z重庆市 \u{202e}\u{301}]{0,40}") {
            let table = table();
            for found in table.matches(&query, 10) {
                for range in found.ranges {
                    prop_assert!(table.entries()[found.index].name.get(range).is_some());
                }
            }
        }
    }
}

//! Cuts a normal form into runs of one script, for the index and for the plain search alike.

use std::ops::{Range, RangeInclusive};

use unicode_normalization::char::is_combining_mark;

/// From this many digits a number is also indexed without its grouping, to
pub(super) const NUMBER_DIGITS: usize = 7;
/// this many: the digits of a list of numbers are not put together without end.
const NUMBER_DIGITS_MOST: usize = 20;

/// The digits of a query that is nothing but one number, long enough to be looked up without its grouping.
pub(super) fn number_only(chars: &[char], runs: &[Run]) -> Option<String> {
    let length: usize = runs.iter().map(|run| run.at.len()).sum();
    let fits = (NUMBER_DIGITS..=NUMBER_DIGITS_MOST).contains(&length);
    let together = runs.windows(2).all(|pair| is_grouping(chars, &pair[0], &pair[1]));
    (fits && together && runs[0].script == Script::Digits).then(|| number_at(chars, runs))
}

/// The digits of the number that begins with the first of `runs`, put together over its groups; empty for no number.
pub(super) fn number_at(chars: &[char], runs: &[Run]) -> String {
    let mut digits = String::new();
    for (at, run) in runs.iter().enumerate() {
        let continues = at == 0 || is_grouping(chars, &runs[at - 1], run);
        if !continues || run.script != Script::Digits || digits.len() >= NUMBER_DIGITS_MOST {
            break;
        }
        digits.extend(chars[run.at.clone()].iter().take(NUMBER_DIGITS_MOST - digits.len()));
    }
    digits
}

/// Whether two runs are groups of one number: digits with one or two signs of grouping between them.
fn is_grouping(chars: &[char], one: &Run, two: &Run) -> bool {
    let between = &chars[one.at.end..two.at.start];
    one.script == Script::Digits
        && two.script == Script::Digits
        && (1..=2).contains(&between.len())
        && between.iter().all(|c| matches!(c, ' ' | '-' | '(' | ')' | '‐' | '–' | '—'))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// Written without blanks: any part of a run may be a word.
    Dense,
    Letters,
    Digits,
}

#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) script: Script,
    pub(super) at: Range<usize>,
}

/// Cuts a normal form into runs of one script; blanks, punctuation and signs belong to none.
pub(super) fn runs(chars: &[char]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, &c) in chars.iter().enumerate() {
        let open = runs.last_mut().filter(|run| run.at.end == at);
        match (script(c), open) {
            (Some(script), Some(run)) if run.script == script => run.at.end += 1,
            (Some(script), _) => runs.push(Run { script, at: at..at + 1 }),
            // A mark above or below a letter belongs to it.
            (None, Some(run)) if run.script != Script::Digits && is_combining_mark(c) => run.at.end += 1,
            (None, _) => {}
        }
    }
    runs
}

/// What is written without blanks, the most frequent first.
const DENSE: &[RangeInclusive<char>] = &[
    // Han, with the rare planes.
    '\u{4e00}'..='\u{9fff}',
    '\u{3400}'..='\u{4dbf}',
    '\u{20000}'..='\u{3ffff}',
    '\u{2e80}'..='\u{2fdf}',
    '\u{3005}'..='\u{3007}',
    '\u{3021}'..='\u{3029}',
    '\u{3038}'..='\u{303c}',
    // Kana, bopomofo, Hangul.
    '\u{3041}'..='\u{3096}',
    '\u{3099}'..='\u{309f}',
    '\u{30a1}'..='\u{30fa}',
    '\u{30fc}'..='\u{318f}',
    '\u{31a0}'..='\u{31bf}',
    '\u{31f0}'..='\u{31ff}',
    '\u{1100}'..='\u{11ff}',
    '\u{a960}'..='\u{a97f}',
    '\u{ac00}'..='\u{d7ff}',
    // Thai, Lao, Burmese, Khmer.
    '\u{e00}'..='\u{eff}',
    '\u{1000}'..='\u{109f}',
    '\u{1780}'..='\u{17ff}',
    // Pictures.
    '\u{2600}'..='\u{27bf}',
    '\u{1f000}'..='\u{1faff}',
    // Characters that somebody made for the names of his own people.
    '\u{e000}'..='\u{f8ff}',
    '\u{f0000}'..='\u{10ffff}',
];

/// Whether a character of a normal form is written without blanks, so that any part of a run of such may be a word.
pub fn is_dense(c: char) -> bool {
    script(c) == Some(Script::Dense)
}

fn script(c: char) -> Option<Script> {
    match c {
        'a'..='z' => Some(Script::Letters),
        '0'..='9' => Some(Script::Digits),
        '\0'..='\u{7f}' => None,
        c if DENSE.iter().any(|range| range.contains(&c)) => Some(Script::Dense),
        c if c.is_alphanumeric() => Some(Script::Letters),
        _ => None,
    }
}

//! Finds the words of a query in a text without any index: what is marked on the screen, and what the index is
//! held against in tests. The rules stand in [`super::terms`].

use std::ops::Range;

use super::normalise::Normalised;
use super::query::Query;
use super::runs::{Run, Script, number_at, number_only, runs};
use super::terms::{PREFIX_DIGITS, TERM_LIMIT};

/// Whether `text` holds `word` by the rules above, read off the text itself.
pub fn contains(text: &str, word: &str, exact: bool) -> bool {
    find(&Normalised::of(text), word, exact, true).next().is_some()
}

/// The places in `text` that the words of `query` are found at: byte ranges of the original, in order, not touching.
pub fn marks(text: &str, query: &Query) -> Vec<Range<usize>> {
    let normal = Normalised::of(text);
    let mut marks: Vec<Range<usize>> = Vec::new();
    for word in query.words.iter().filter(|word| !word.excluded) {
        marks.extend(find(&normal, &word.text, word.exact, false).map(|found| normal.origin(found)));
    }
    marks.sort_unstable_by_key(|mark| (mark.start, mark.end));
    marks.dedup_by(|next, kept| {
        let touches = next.start <= kept.end;
        if touches {
            kept.end = kept.end.max(next.end);
        }
        touches
    });
    marks
}

/// Where `word` stands in the text, as ranges of its normal form.
fn find(text: &Normalised, word: &str, exact: bool, first_only: bool) -> std::vec::IntoIter<Range<usize>> {
    let word = Normalised::of(word);
    let (chars, wanted) = (text.chars(), word.chars());
    let (runs, wanted_runs) = (runs(chars), runs(wanted));
    let mut found = Vec::new();
    let number = number_only(wanted, &wanted_runs);
    for at in 0..runs.len() {
        if first_only && !found.is_empty() {
            break;
        }
        if let Some(number) = &number {
            if number_at(chars, &runs[at..]).starts_with(number) {
                found.push(runs[at].at.start..end_of_digits(&runs[at..], number.len()));
            }
        } else if let Some((first, rest)) = wanted_runs.split_first() {
            let first_chars = &wanted[first.at.clone()];
            let here = &chars[runs[at].at.clone()];
            if first.script == Script::Dense && runs[at].script == Script::Dense {
                for (offset, part) in here.windows(first_chars.len()).enumerate() {
                    let start = runs[at].at.start + offset;
                    let ends_run = offset + part.len() == here.len();
                    if part != first_chars || !(rest.is_empty() || ends_run) {
                        continue;
                    }
                    let end = start + part.len();
                    found.extend(
                        follow(chars, &runs[at + 1..], wanted, rest, exact, end).map(|end| start..end),
                    );
                }
            } else {
                let end = runs[at].at.start;
                found.extend(follow(chars, &runs[at..], wanted, &wanted_runs, exact, end).map(|to| end..to));
            }
        }
    }
    found.into_iter()
}

/// Whether `runs` begin with the `wanted` ones, and where the last of these ends; `end` if none is wanted.
fn follow(
    chars: &[char],
    runs: &[Run],
    wanted: &[char],
    wanted_runs: &[Run],
    exact: bool,
    mut end: usize,
) -> Option<usize> {
    for (at, want) in wanted_runs.iter().enumerate() {
        let run = runs.get(at).filter(|run| run.script == want.script)?;
        let (part, want_part) = (&chars[run.at.clone()], &wanted[want.at.clone()]);
        let is_last = at + 1 == wanted_runs.len();
        let open_end = is_last
            && match want.script {
                Script::Dense => true,
                Script::Letters => false,
                Script::Digits => !exact && want_part.len() >= PREFIX_DIGITS,
            };
        let limit = |part: &[char]| {
            if want.script == Script::Dense { part.len() } else { part.len().min(TERM_LIMIT) }
        };
        let (part_end, want_end) = (limit(part), limit(want_part));
        let fits = if open_end {
            part[..part_end].starts_with(&want_part[..want_end])
        } else {
            part[..part_end] == want_part[..want_end]
        };
        if !fits {
            return None;
        }
        end = run.at.start + if open_end { want_end } else { part.len() };
    }
    Some(end)
}

/// Where as many digits end, counted from the first of `runs`.
fn end_of_digits(runs: &[Run], mut digits: usize) -> usize {
    for run in runs {
        if digits <= run.at.len() {
            return run.at.start + digits;
        }
        digits -= run.at.len();
    }
    runs.last().map_or(0, |run| run.at.end)
}

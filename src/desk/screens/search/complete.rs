//! What the word before the caret of the query may become: names of filters and their values, by characters, pinyin,
//! initials or the English word. Tab takes the first.

use std::ops::Range;
use std::sync::LazyLock;

use crate::desk::model::Model;
use crate::desk::widgets::table::{Entry, Table};
use crate::domain::query::{NoteCode, Query};
use crate::domain::query_typing::{Unfinished, Wanted, spellings, unfinished};
use crate::i18n::{Language, current};

/// The most that are offered.
const OFFERED: usize = 8;

/// A completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    /// The bytes of the query that it comes in the place of.
    pub range: Range<usize>,
    /// What comes there.
    pub text: String,
}

/// What can be taken at the caret now, the likeliest first.
pub(super) fn offers(model: &Model) -> Vec<Offer> {
    let query = &model.search.query;
    let Some(Unfinished { range, wanted }) = unfinished(query.text(), query.caret()) else {
        return Vec::new();
    };
    let typed = &query.text()[range.clone()];
    let table = match (wanted, model.city.as_deref()) {
        (Wanted::Department, Some(city)) => &*city.departments,
        (Wanted::Matter, Some(city)) => &*city.matters,
        (Wanted::Place, Some(city)) => &*city.divisions,
        (Wanted::Department | Wanted::Matter | Wanted::Place, None) => return Vec::new(),
        _ => words(wanted),
    };
    let found = table.matches(typed, if wanted == Wanted::Name { table.entries().len() } else { OFFERED });
    let fits = |entry: &Entry, ranges: &[Range<usize>]| {
        // Any word may be typed bare: only what begins like a filter is taken for one.
        let begins =
            entry.code.starts_with(&typed.to_lowercase()) || ranges.iter().any(|range| range.start == 0);
        (wanted != Wanted::Name || begins) && !is_done(typed, entry, wanted)
    };
    let found = found.into_iter().map(|found| (&table.entries()[found.index], found.ranges));
    let found = found.filter(|(entry, ranges)| fits(entry, ranges)).take(OFFERED);
    found.map(|(entry, _)| Offer { range: range.clone(), text: written(entry, wanted) }).collect()
}

/// Whether nothing is left to complete.
fn is_done(typed: &str, entry: &Entry, wanted: Wanted) -> bool {
    wanted != Wanted::Name && (typed == entry.name || typed == entry.code)
}

/// As it stands in a query: in the language of the desk; both are understood everywhere.
fn written(entry: &Entry, wanted: Wanted) -> String {
    match wanted {
        Wanted::Department | Wanted::Matter | Wanted::Place => {
            if entry.name.contains(char::is_whitespace) {
                format!("\"{}\" ", entry.name)
            } else {
                format!("{} ", entry.name)
            }
        }
        _ => {
            let word = if current() == Language::Zh { &entry.name } else { &entry.code };
            format!("{word}{}", if wanted == Wanted::Name { ":" } else { " " })
        }
    }
}

/// The words of the language itself.
fn words(wanted: Wanted) -> &'static Table {
    static TABLES: LazyLock<[Table; 5]> = LazyLock::new(|| {
        [Wanted::Name, Wanted::State, Wanted::Kind, Wanted::Flag, Wanted::Date].map(|wanted| {
            let entries = spellings(wanted).into_iter().map(|word| Entry {
                code: word.english.to_owned(),
                name: word.chinese.to_owned(),
                ..Entry::default()
            });
            Table::new(entries.collect())
        })
    });
    match wanted {
        Wanted::State => &TABLES[1],
        Wanted::Kind => &TABLES[2],
        Wanted::Flag => &TABLES[3],
        Wanted::Date => &TABLES[4],
        _ => &TABLES[0],
    }
}

/// What of the query is not taken as it was perhaps meant, and where; nothing of a word that is still being completed.
pub(super) fn doubts(model: &Model) -> Vec<(Range<usize>, Option<NoteCode>)> {
    let search = &model.search;
    let text = search.query.text();
    let typing = unfinished(text, search.query.caret()).filter(|_| search.in_query);
    let open = typing.filter(|typing| typing.wanted != Wanted::Name && !offers(model).is_empty());
    let mut doubts: Vec<(Range<usize>, Option<NoteCode>)> = Query::parse(text)
        .notes
        .into_iter()
        .filter(|note| open.as_ref().is_none_or(|open| note.range.end != open.range.end))
        .filter(|note| {
            !matches!(note.code, NoteCode::EmptyFilter | NoteCode::OpenQuote | NoteCode::NothingToFind)
        })
        .map(|note| (note.range, Some(note.code)))
        .collect();
    // Names that the city does not have are known to the server.
    for word in search.literal.iter().filter(|_| search.asked == text) {
        let known = |at: usize| doubts.iter().any(|(range, _)| range.contains(&at));
        if let Some((at, _)) = text.match_indices(word.as_str()).find(|(at, _)| !known(*at)) {
            doubts.push((at..at + word.len(), None));
        }
    }
    doubts
}

//! No row is cut without a mark. What may stand on a screen is known: the texts of the program, of the city and of the
//! cases. Where one of them begins on a screen, all of it stands there, or it goes on in the row below, or there is the
//! mark of what was cut.

use std::collections::HashMap;
use std::sync::LazyLock;

use huiyin::desk::screens::work::WorkTab;
use huiyin::desk::text::{ELLIPSIS, width};
use ratatui::buffer::CellWidth as _;
use ratatui::layout::Rect;

use super::roles;
use crate::harness::Desk;

/// So much of a text must stand there to know it by: four Han characters or some words.
fn is_known_by(start: &str) -> bool {
    width(start) >= if start.is_ascii() { 18 } else { 8 }
}

/// Texts by their first character.
#[derive(Default)]
struct Known(HashMap<char, Vec<String>>);

impl Known {
    fn add(&mut self, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| line.chars().count() > 1) {
            self.0.entry(line.chars().next().unwrap()).or_default().push(line.to_owned());
        }
    }

    /// The texts that begin with the character that `rest` begins with.
    fn at(&self, rest: &str) -> &[String] {
        rest.chars().next().and_then(|first| self.0.get(&first)).map_or(&[], Vec::as_slice)
    }
}

/// The texts of the program, in both languages, and of the city.
static OURS: LazyLock<Known> = LazyLock::new(|| {
    let mut known = Known::default();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/i18n/locales");
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines() {
            for quoted in ["zh-CN: \"", "en: \""] {
                let Some((_, rest)) = line.split_once(quoted) else { continue };
                let end = rest.find("\", en:").or_else(|| rest.rfind('"')).unwrap_or(rest.len());
                let whole = rest[..end].replace("\\\"", "\"").replace("\\n", "\n");
                // What is put in is not known, so each piece between counts for itself.
                for piece in whole.split("%{") {
                    known.add(piece.split_once('}').map_or(piece, |(_, piece)| piece));
                }
            }
        }
    }
    let city = huiyin::profile::Profile::demonstration();
    for department in city.departments() {
        known.add(&department.name);
        known.add(&department.duties);
    }
    for division in city.divisions() {
        let above = city.divisions().iter().find(|above| division.parent.as_ref() == Some(&above.code));
        known.add(&format!("{}{}", above.map_or("", |above| &above.name), division.name));
    }
    for article in city.knowledge() {
        known.add(&article.title);
        known.add(&article.body);
    }
    known
});

/// The texts of the cases on the desk.
fn theirs(desk: &Desk) -> Known {
    let mut known = Known::default();
    let model = desk.model();
    let found = model.search.hits.iter().map(|hit| &hit.row);
    let side = &model.intake.current().side;
    let rows = found.chain(side.history_rows()).chain(side.like_rows());
    for row in rows.chain(WorkTab::ALL.iter().flat_map(|tab| model.work.rows(*tab))) {
        known.add(&row.title);
    }
    for draft in model.intake.all() {
        known.add(draft.form.title.text());
        known.add(draft.form.text.text());
    }
    known.add("阳光小区3栋");
    known.add(&model.open_case().map(|file| file.case.text.clone()).unwrap_or_default());
    known
}

/// Fails where a text is cut without a mark, in the dialog if there is one, or half a wide character stands at the edge.
pub(super) fn assert_marked(desk: &Desk, (columns, rows): (u16, u16), dialog: Option<Rect>) {
    for y in 0..rows {
        let last = desk.cell(columns - 1, y);
        assert!(last.cell_width() < 2, "half of {} at the edge:\n{}", last.symbol(), desk.screen());
    }
    let theirs = theirs(desk);
    let screen = desk.screen();
    let shown = roles::rows(desk, roles::area((columns, rows), dialog));
    for (y, row) in shown.iter().enumerate() {
        let below = shown.get(y + 1).map_or("", String::as_str);
        let mut at = 0;
        while let Some(first) = row[at..].chars().next() {
            let rest = &row[at..];
            let texts = || OURS.at(rest).iter().chain(theirs.at(rest));
            let longest = texts().map(|text| common(text, rest)).max().unwrap_or(0);
            let longest = rest[..longest].trim_end().len();
            if !is_known_by(&rest[..longest]) {
                at += first.len_utf8();
                continue;
            }
            let whole = texts().any(|text| text.len() >= longest && rest.starts_with(text.as_str()));
            let marked = rest[longest..].trim_start().starts_with(['.', '>']);
            // Another text may end with a sentence that this one begins with.
            let ended = rest[..longest].ends_with(['.', '。']);
            let goes_on = || {
                texts().filter(|text| common(text, rest) >= longest).any(|text| {
                    let next: String = text[longest..].trim_start().chars().take(3).collect();
                    below.contains(&next) || below.contains(ELLIPSIS)
                })
            };
            assert!(
                whole || marked || ended || goes_on(),
                "cut without a mark at {columns}x{rows}, row {y}: {rest}\nknown: {:?}\n{screen}",
                texts().find(|text| common(text, rest) >= longest)
            );
            at += longest;
        }
    }
}

/// How many bytes two texts have in common at their beginning.
fn common(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

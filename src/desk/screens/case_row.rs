//! A case as one line of a list, in columns: state, card, title, and as many more as there is room for.
//!
//! The columns are as wide as the words of the language in front, measured once; what a list is for decides which
//! of them come first when there is little room: one's own work needs the limit, a search the age.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::desk::buffer::Buffer;
use crate::desk::model::Model;
use crate::desk::paint::{marked, put, span};
use crate::desk::text::{pad, truncate, width};
use crate::domain::code::{Kind, State, Urgency};
use crate::domain::deadline::Card;
use crate::i18n::{Language, name_in, name_of};
use crate::theme::Role;
use crate::wire::case::CaseRow;

/// Columns of a card in brackets, with the blank behind it.
const CARD: usize = 5;
/// The fewest columns that a title keeps.
const TITLE: usize = 34;
/// Columns of a department, of a street with its district, of a date and time.
const DEPARTMENT: usize = 22;
const PLACE: usize = 22;
const MOMENT: usize = 16;

/// What a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Finding a case among many.
    Found,
    /// Keeping to the limits of one's own.
    Own,
}

/// A column beside the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Age,
    Due,
    Department,
    Place,
    Kind,
    Received,
    TakenBy,
}

/// How wide the words of a language are.
struct Words {
    state: usize,
    age: usize,
    kind: usize,
}

impl Words {
    /// Of the language in front.
    fn now() -> &'static Self {
        static ZH: LazyLock<Words> = LazyLock::new(|| Words::measure(Language::Zh));
        static EN: LazyLock<Words> = LazyLock::new(|| Words::measure(Language::En));
        match crate::i18n::current() {
            Language::Zh => &ZH,
            Language::En => &EN,
        }
    }

    fn measure(language: Language) -> Self {
        let widest = |kind: &str, codes: &mut dyn Iterator<Item = &'static str>| {
            codes.map(|code| width(&name_in(language, kind, code))).max().unwrap_or(0)
        };
        let now = Timestamp::UNIX_EPOCH;
        // The longest of each unit, in both directions.
        let spans = [59, 23 * 60, 59 * 24 * 60, 23 * 30 * 24 * 60].map(SignedDuration::from_mins);
        let ages = spans.into_iter().flat_map(|span| [now.checked_add(span), now.checked_sub(span)]);
        let age = ages.flatten().map(|at| width(&crate::i18n::age(at, now, language))).max().unwrap_or(0);
        Self {
            state: widest("state", &mut State::ALL.iter().map(|code| code.code())),
            age,
            kind: widest("kind", &mut Kind::ALL.iter().map(|code| code.code())),
        }
    }
}

/// The columns of a list, laid out once for all its rows.
#[derive(Debug)]
pub struct Columns {
    state: usize,
    title: usize,
    beside: Vec<(Column, usize)>,
}

impl Columns {
    /// The columns that fit into `columns`.
    pub fn of(columns: usize, purpose: Purpose) -> Self {
        use Column::{Age, Department, Due, Kind, Place, Received, TakenBy};
        let words = Words::now();
        let wanted = match purpose {
            Purpose::Found => [Age, Department, Due, Place, Kind, TakenBy, Received],
            Purpose::Own => [Due, Department, Place, Age, Kind, Received, TakenBy],
        };
        let state = words.state + 1;
        let mut left = columns.saturating_sub(state + CARD);
        let mut beside = Vec::new();
        for column in wanted {
            let wide = match column {
                Age | Due => words.age,
                Department => DEPARTMENT,
                Place => PLACE,
                Kind => words.kind,
                Received => MOMENT,
                TakenBy => 10,
            };
            // The first is always there; the others must leave the title its room.
            if !beside.is_empty() && left < wide + 1 + TITLE {
                break;
            }
            left = left.saturating_sub(wide + 1);
            beside.push((column, wide));
        }
        // They stand in one order, whichever came first.
        let order = [Kind, Place, Department, TakenBy, Received, Age, Due];
        beside.sort_by_key(|(column, _)| order.iter().position(|one| one == column));
        Self { state, title: left, beside }
    }

    /// Names the columns, above a list whose rows begin `gutter` columns further right.
    pub fn head(&self, model: &Model, buf: &mut Buffer, area: Rect, gutter: u16) {
        let words = |code: &str| name_of("column", code);
        let mut line = pad(&words("state"), self.state + CARD) + &pad(&words("title"), self.title);
        for (column, wide) in &self.beside {
            let name = match column {
                Column::Age => "age",
                Column::Due => "due",
                Column::Department => "department",
                Column::Place => "place",
                Column::Kind => "kind",
                Column::Received => "received",
                Column::TakenBy => "taken_by",
            };
            line.push(' ');
            line.push_str(&pad(&words(name), *wide));
        }
        let at = crate::desk::paint::columns(area, gutter, area.width);
        put(buf, at, 0, line.trim_end(), model.look.style(Role::TextDim));
    }

    /// The line of a case; `marks` are byte ranges of the title that a search found.
    pub fn line(&self, model: &Model, row: &CaseRow, marks: &[Range<usize>]) -> Line<'static> {
        let look = &model.look;
        let dim = look.style(Role::TextDim);
        let card = card_of(model, row);
        let mut spans = vec![
            span(&pad(&name_of("state", row.state.code()), self.state), look.state(row.state)),
            span(&card_words(card), card_style(model, card)),
        ];
        let flags = flags(row);
        let room = self.title.saturating_sub(width(&flags));
        if !flags.is_empty() {
            spans.push(span(&flags, look.style(Role::Warning)));
        }
        spans.extend(title(row, room, marks, look.style(Role::Text), look.style(Role::Match)));
        for (column, wide) in &self.beside {
            let (words, style) = match column {
                Column::Age => (age(model, row.received_at), dim),
                Column::Due => match row.due_at.filter(|_| !row.state.is_finished()) {
                    Some(due) => (age(model, due), card_style(model, card)),
                    None => (String::new(), dim),
                },
                Column::Department => (named(model, row, true), dim),
                Column::Place => (named(model, row, false), dim),
                Column::Kind => (name_of("kind", row.kind.code()), dim),
                Column::Received => (crate::i18n::date_time(row.received_at, &model.zone()), dim),
                Column::TakenBy => (row.taken_by.to_string(), dim),
            };
            spans.push(span(&format!(" {}", pad(&words, *wide)), style));
        }
        Line::from(spans)
    }
}

/// The title in exactly `room` columns, with what was found marked.
fn title(
    row: &CaseRow,
    room: usize,
    marks: &[Range<usize>],
    plain: Style,
    found: Style,
) -> Vec<Span<'static>> {
    let shown = truncate(&row.title, room).into_owned();
    // The mark of what was cut is no part of the title, so only what is left of the title is marked.
    let of_title = |mark: &&Range<usize>| {
        row.title.get(..mark.end).is_some_and(|start| shown.get(..mark.end) == Some(start))
    };
    let kept: Vec<_> = marks.iter().filter(of_title).cloned().collect();
    let mut spans = marked(&shown, &kept, plain, found).spans;
    spans.push(span(&" ".repeat(room.saturating_sub(width(&shown))), plain));
    spans
}

/// What stands before the title: urgency, secrecy, what a lead has to look at, returns, and who else is there.
pub fn flags(row: &CaseRow) -> String {
    let mut flags = match row.urgency {
        Urgency::Ordinary => String::new(),
        urgency => format!("[{}]", name_of("urgency", urgency.code())),
    };
    if row.confidential {
        flags = format!("{flags}[{}]", rust_i18n::t!("case.confidential"));
    }
    if row.told_at.is_some() {
        flags.push_str(&rust_i18n::t!("doubt.doubtful"));
    }
    if row.late {
        flags.push_str(&rust_i18n::t!("doubt.late"));
    }
    match row.present.as_slice() {
        [] => {}
        [one] => flags = format!("{flags}[@{}]", one.name),
        [one, others @ ..] => {
            flags.push_str(&rust_i18n::t!("presence.more", name = one.name, n = others.len()));
        }
    }
    if row.attached > 0 {
        flags.push_str(&rust_i18n::t!("merge.flag", n = row.attached));
    }
    if row.bounces > 0 {
        flags.push_str(&rust_i18n::t!("case.bounces", n = row.bounces));
    }
    flags
}

fn age(model: &Model, at: Timestamp) -> String {
    crate::i18n::age(at, model.now, crate::i18n::current())
}

/// Department or place by name.
fn named(model: &Model, row: &CaseRow, department: bool) -> String {
    let Some(city) = model.city.as_deref() else { return String::new() };
    let name = if department {
        row.department.as_ref().map(|code| city.department(code))
    } else {
        row.division.as_ref().map(|code| city.division(code))
    };
    name.unwrap_or_default().to_owned()
}

/// The card of a case whose limit still runs.
fn card_of(model: &Model, row: &CaseRow) -> Option<Card> {
    let city = model.city.as_ref()?;
    let due = row.due_at.filter(|_| !row.state.is_finished())?;
    city.body.deadlines.card(due, model.now, &city.calendar)
}

/// 黄 or 红 in brackets: the letter says what the colour says.
fn card_words(card: Option<Card>) -> String {
    let words = card.map(|card| format!("[{}]", name_of("card", card.code()))).unwrap_or_default();
    pad(&words, CARD)
}

fn card_style(model: &Model, card: Option<Card>) -> Style {
    model.look.style(match card {
        Some(Card::Red) => Role::CardRed,
        Some(Card::Yellow) => Role::CardYellow,
        None => Role::TextDim,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(wide: usize, purpose: Purpose) -> (usize, Vec<Column>) {
        let columns = Columns::of(wide, purpose);
        (columns.title, columns.beside.into_iter().map(|(column, _)| column).collect())
    }

    /// What a list is for decides what is left when there is little room; the title keeps its own.
    #[test]
    fn more_columns_come_with_more_room() {
        use Column::{Age, Department, Due, Kind, Place, Received, TakenBy};
        crate::i18n::set(Language::Zh);
        assert_eq!(columns(78, Purpose::Found), (54, vec![Age]));
        assert_eq!(columns(78, Purpose::Own), (54, vec![Due]));
        assert_eq!(columns(108, Purpose::Found), (51, vec![Department, Age, Due]));
        assert_eq!(columns(118, Purpose::Own).1, [Place, Department, Age, Due]);
        assert_eq!(columns(200, Purpose::Found).1, [Kind, Place, Department, TakenBy, Received, Age, Due]);
        for wide in 60..220 {
            for purpose in [Purpose::Found, Purpose::Own] {
                let columns = Columns::of(wide, purpose);
                let beside: usize = columns.beside.iter().map(|(_, wide)| wide + 1).sum();
                assert_eq!(columns.state + CARD + columns.title + beside, wide);
            }
        }
    }

    /// No word of either language is cut by its column.
    #[test]
    fn columns_hold_every_word() {
        for language in Language::ALL {
            let words = Words::measure(*language);
            for state in State::ALL {
                assert!(width(&name_in(*language, "state", state.code())) <= words.state);
            }
            for card in ["yellow", "red"] {
                assert!(width(&name_in(*language, "card", card)) + 2 < CARD);
            }
        }
    }
}

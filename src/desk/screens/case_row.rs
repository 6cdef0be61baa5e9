//! A case as one line of a list: state, card, title, department, age. What matters most stands leftmost.

use ratatui::text::Line;

use crate::desk::model::Model;
use crate::desk::paint::{marked, span};
use crate::desk::text::{pad, truncate, width};
use crate::domain::code::Urgency;
use crate::domain::deadline::Card;
use crate::i18n::name_of;
use crate::theme::Role;
use crate::wire::case::CaseRow;

/// Columns of the state's word.
const STATE: usize = 9;
/// Columns of the age.
const AGE: usize = 11;
/// Columns of the department, on wide screens.
const DEPARTMENT: usize = 22;

/// The line, `columns` wide; `marks` are byte ranges of the title that a search found.
pub fn line(model: &Model, row: &CaseRow, columns: usize, marks: &[std::ops::Range<usize>]) -> Line<'static> {
    let look = &model.look;
    let text = look.style(Role::Text);
    let mut spans = vec![
        span(&pad(&name_of("state", row.state.code()), STATE), look.state(row.state)),
        span(&card(model, row), card_style(model, row)),
    ];
    let mut flags = String::new();
    match row.urgency {
        Urgency::Ordinary => {}
        urgency => flags = format!("[{}]", name_of("urgency", urgency.code())),
    }
    if row.confidential {
        flags = format!("{flags}[{}]", rust_i18n::t!("case.confidential"));
    }
    if row.bounces > 0 {
        flags.push_str(&rust_i18n::t!("case.bounces", n = row.bounces));
    }
    if !flags.is_empty() {
        spans.push(span(&flags, look.style(Role::Warning)));
    }
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    let department = if columns >= 90 { DEPARTMENT } else { 0 };
    let room = columns.saturating_sub(used + department + AGE + 2);
    let shown = truncate(&row.title, room).into_owned();
    let cut: Vec<_> = marks
        .iter()
        .filter(|mark| mark.end <= shown.len() && shown.is_char_boundary(mark.end))
        .cloned()
        .collect();
    // The ellipsis is not part of the title, so marks are looked for in what is left of it only.
    let kept: Vec<_> =
        cut.into_iter().filter(|mark| row.title.get(..mark.end) == shown.get(..mark.end)).collect();
    let fill = room.saturating_sub(width(&shown));
    spans.extend(marked(&shown, &kept, text, look.style(Role::Match)).spans);
    spans.push(span(&" ".repeat(fill + 1), text));
    if department > 0 {
        let name = match (&row.department, &model.city) {
            (Some(code), Some(city)) => city.department(code),
            _ => "",
        };
        spans.push(span(&pad(name, department), look.style(Role::TextDim)));
    }
    let age = crate::i18n::age(row.received_at, model.now, crate::i18n::current());
    spans.push(span(&pad(&age, AGE), look.style(Role::TextDim)));
    Line::from(spans)
}

fn card_of(model: &Model, row: &CaseRow) -> Option<Card> {
    let city = model.city.as_ref()?;
    city.body.deadlines.card(row.due_at?, model.now, &city.calendar)
}

/// 黄 or 红 in brackets: the letter says what the colour says.
fn card(model: &Model, row: &CaseRow) -> String {
    card_of(model, row)
        .map_or_else(|| "     ".to_owned(), |card| pad(&format!("[{}]", name_of("card", card.code())), 5))
}

fn card_style(model: &Model, row: &CaseRow) -> ratatui::style::Style {
    model.look.style(match card_of(model, row) {
        Some(Card::Red) => Role::CardRed,
        Some(Card::Yellow) => Role::CardYellow,
        None => Role::Text,
    })
}

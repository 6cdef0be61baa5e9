//! The list of drafts and items: what each is and how it stands; below it why, and the whole of the words.

use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{Entry, Row, first_words, glyph, standing_code};
use crate::desk::action::Action;
use crate::desk::buffer::Buffer;
use crate::desk::hits::{Canvas, Target};
use crate::desk::in_hand;
use crate::desk::layout::{self, Class};
use crate::desk::model::Model;
use crate::desk::paint::{columns, heading, put, rows, span};
use crate::desk::screens::intake::{FieldId, fault_words};
use crate::desk::text::{self, pad, truncate, width, wrap};
use crate::desk::widgets::list;
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
use crate::i18n::{self, name_of};
use crate::journal::outbox::Standing;
use crate::theme::Role;

/// Columns of a grouped case number with the blank behind it.
const NUMBER: usize = 22;
/// Characters of a draft's text that are looked at.
const WORDS: usize = 80;

/// Without the first column and the last.
fn inset(area: Rect) -> Rect {
    columns(area, 1, area.width.saturating_sub(2))
}

/// How many there are of each.
pub fn status(model: &Model) -> String {
    let screen = &model.drafts;
    let Some(ledger) = &screen.ledger else { return rust_i18n::t!("drafts.waiting").into_owned() };
    let counts = [
        ("aside", ledger.aside.len()),
        ("drafts", screen.drafts()),
        ("waiting", ledger.waiting.len()),
        ("confirmed", ledger.confirmed.len()),
    ];
    let counts = counts.map(|(sort, n)| format!("{} {n}", name_of("drafts_of", sort)));
    let mut words = counts.join("  ");
    if ledger.closed > 0 {
        words = format!("{words}  {}", rust_i18n::t!("drafts.closed", n = ledger.closed));
    }
    words
}

/// Paints the screen. Nothing is typed here, so the cursor is hidden.
pub fn view(model: &Model, buf: &mut Canvas<'_>, area: Rect) -> Option<Position> {
    let (look, screen) = (&model.look, &model.drafts);
    put(buf, inset(rows(area, 0, 1)), 0, &status(model), look.style(Role::TextDim));
    let n = screen.count();
    if n == 0 {
        if screen.ledger.is_some() {
            let words = rust_i18n::t!("drafts.none");
            put(buf, inset(rows(area, 2, 1)), 0, &words, look.style(Role::TextDim));
        }
        return None;
    }
    let areas = layout::drafts(rows(area, 1, area.height.saturating_sub(1)));
    let laid = Columns::of(list::room(areas.list), Class::of(area));
    laid.head(model, buf, rows(areas.list, 0, 1));
    let below = rows(areas.list, 1, areas.list.height.saturating_sub(1));
    list::view(buf, below, &screen.list, n, &look.list(true), |index, _| {
        screen.row(&model.intake, index).map(|row| laid.line(model, &row)).unwrap_or_default()
    });
    buf.rows(below, Target::Rows, screen.list.offset());
    if let Some(row) = screen.row(&model.intake, screen.list.selected()) {
        detail(model, buf, areas.preview, &row);
    }
    None
}

/// What is selected, in full: what it is, why it stands as it does, and what can be done.
fn detail(model: &Model, buf: &mut Buffer, area: Rect, row: &Row<'_>) {
    let look = &model.look;
    heading(buf, rows(area, 0, 1), &name_of("item", standing_code(row)), look);
    let inside = inset(area);
    let mut top = 1;
    let mut tell = |words: &str, role| {
        let words = text::line(words);
        for line in wrap(&words, usize::from(inside.width.max(1))) {
            put(buf, inside, top, &words[line], look.style(role));
            top += 1;
        }
    };
    tell(&words(row), Role::Text);
    if let Some(reason) = reason(model, row) {
        tell(&format!("! {reason}"), Role::Error);
    }
    let key = model.keys.shown(Action::Open, false).unwrap_or_default();
    tell(&name_of("item_help", standing_code(row)).replace("%{key}", key), Role::TextDim);
}

/// Why a row waits for a person, in their language.
pub fn reason(model: &Model, row: &Row<'_>) -> Option<String> {
    match row {
        Row::Item(entry) if entry.standing.needs_a_person() => Some(match &entry.problem {
            Some(problem) => model.problem_in_words(problem),
            None => rust_i18n::t!("drafts.no_reason").into_owned(),
        }),
        Row::Item(_) => None,
        Row::Broken(_) => Some(rust_i18n::t!("drafts.broken").into_owned()),
        Row::Draft(draft) => draft.faults.first().map(|fault| match FieldId::at(&fault.pointer) {
            Some(field) => {
                let field = name_of("field", field.code());
                rust_i18n::t!("desk.fault", field = field, fault = fault_words(fault)).into_owned()
            }
            None => fault_words(fault),
        }),
    }
}

/// The title or the first words of a row, behind what it asks for.
fn words(row: &Row<'_>) -> String {
    let words = match row {
        Row::Draft(draft) => {
            let _in_hand = in_hand::take(draft);
            let words = first_words(draft.form.title.text(), draft.form.text.text(), WORDS);
            // Before there are words, the tabs tell a draft by its number as well.
            let number = || PhoneNumber::parse(draft.form.number.text()).map(|number| number.masked());
            if words.is_empty() {
                number().unwrap_or_else(|_| rust_i18n::t!("drafts.no_words").into_owned())
            } else {
                words
            }
        }
        Row::Broken(_) => rust_i18n::t!("drafts.not_read").into_owned(),
        Row::Item(Entry { verb: Some(verb), words, .. }) => {
            format!("[{}] {words}", name_of("verb", verb.code()))
        }
        Row::Item(entry) => entry.words.clone(),
    };
    text::line(&words).into_owned()
}

fn age(model: &Model, row: &Row<'_>) -> String {
    let at = match row {
        Row::Draft(draft) => draft.changed_at.or(draft.received_at),
        Row::Broken(broken) => Some(broken.record.updated_at),
        Row::Item(entry) => Some(entry.submitted_at),
    };
    at.map(|at| i18n::age(at, model.now, i18n::current())).unwrap_or_default()
}

/// A row in words, for whoever hears it.
pub fn line(model: &Model, row: &Row<'_>) -> String {
    let parts = [
        name_of("item", standing_code(row)),
        age(model, row),
        words(row),
        row.number().map(CaseNumber::grouped).unwrap_or_default(),
        reason(model, row).unwrap_or_default(),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(&rust_i18n::t!("linear.comma"))
}

/// The columns of the list.
struct Columns {
    standing: usize,
    age: usize,
    title: usize,
    reason: usize,
}

impl Columns {
    fn of(wide: usize, class: Class) -> Self {
        let codes = Standing::ALL.iter().map(|standing| standing.code()).chain(["draft", "broken"]);
        let standing = codes.map(|code| width(&name_of("item", code))).max().unwrap_or(0) + 1;
        let age = 11;
        // The mark in front has two columns.
        let left = wide.saturating_sub(2 + standing + age + NUMBER);
        let reason = if class == Class::Compact { 0 } else { left * 2 / 5 };
        Self { standing, age, title: left - reason, reason }
    }

    fn head(&self, model: &Model, buf: &mut Buffer, area: Rect) {
        let words = |code: &str| name_of("column", code);
        let line = format!(
            "  {}{}{}{}{}",
            pad(&words("state"), self.standing),
            pad(&words("age"), self.age),
            pad(&words("number"), NUMBER),
            pad(&words("title"), self.title),
            if self.reason > 0 { words("reason") } else { String::new() },
        );
        let at = columns(area, list::GUTTER, area.width);
        put(buf, at, 0, line.trim_end(), model.look.style(Role::TextDim));
    }

    fn line(&self, model: &Model, row: &Row<'_>) -> Line<'static> {
        let look = &model.look;
        let standing = if let Row::Item(entry) = row { Some(entry.standing) } else { None };
        let broken = matches!(row, Row::Broken(_));
        let role = match standing {
            None if broken => Role::Error,
            None => Role::Text,
            Some(Standing::Waiting) => Role::Warning,
            Some(Standing::Accepted) => Role::Good,
            Some(Standing::Refused | Standing::Parked | Standing::Conflict) => Role::Error,
        };
        let dim = look.style(Role::TextDim);
        let number = row.number().map(CaseNumber::grouped).unwrap_or_default();
        let cell = |words: &str, wide: usize| pad(&truncate(words, wide.saturating_sub(1)), wide);
        let mut spans = vec![
            span(&format!("{} ", if broken { "!" } else { glyph(standing) }), look.style(role)),
            span(&pad(&name_of("item", standing_code(row)), self.standing), look.style(role)),
            span(&pad(&age(model, row), self.age), dim),
            span(&pad(&number, NUMBER), look.style(Role::Text)),
            span(&cell(&words(row), self.title), look.style(Role::Text)),
        ];
        if self.reason > 0 {
            let reason = reason(model, row).unwrap_or_default();
            spans.push(span(&cell(&reason, self.reason), look.style(Role::Error)));
        }
        Line::from(spans)
    }
}

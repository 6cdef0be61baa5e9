//! What is said of drafts and items: how many there are of each sort, and the first of them.

use super::Lines;
use crate::desk::model::Model;
use crate::desk::screens::drafts::{Subject, line, status};

/// What was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    status: Option<String>,
    rows: Vec<Subject>,
}

pub(super) fn told(lines: &mut Lines, seen: &mut Seen, heard: &mut usize, model: &Model) {
    let screen = &model.drafts;
    if screen.ledger.is_none() {
        return;
    }
    let status = status(model);
    let now: Vec<_> = (0..screen.count()).filter_map(|row| screen.subject(row)).collect();
    if seen.status.is_none() {
        lines.say(status.clone());
        if now.is_empty() {
            lines.say(rust_i18n::t!("drafts.none"));
        }
        *heard = rows(lines, 0, model);
        if *heard < now.len() {
            lines.say(rust_i18n::t!("linear.more"));
        }
    } else if seen.status.as_ref() != Some(&status) {
        lines.say(status.clone());
    } else if now != seen.rows {
        lines.say(rust_i18n::t!("linear.list_changed"));
    }
    (seen.status, seen.rows) = (Some(status), now);
}

pub(super) fn rows(lines: &mut Lines, from: usize, model: &Model) -> usize {
    let screen = &model.drafts;
    let all = (0..screen.count()).filter_map(|row| screen.row(&model.intake, row));
    lines.rows(all.map(|row| line(model, &row)), from)
}

//! What is said of a search: how many were found, and the first of them.

use super::Lines;
use super::row::line;
use crate::desk::model::Model;
use crate::desk::screens::search::status;
use crate::domain::id::CaseId;

/// What was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    asked: Option<String>,
    hits: Vec<CaseId>,
}

pub(super) fn told(lines: &mut Lines, seen: &mut Seen, heard: &mut usize, model: &Model) {
    let search = &model.search;
    if search.waiting {
        return;
    }
    let hits: Vec<_> = search.hits.iter().map(|hit| hit.row.id).collect();
    if seen.asked.as_ref() != Some(&search.asked) {
        lines.say(status(model));
        seen.asked = Some(search.asked.clone());
        // Without a query it is the list of all; nobody asked to hear it yet.
        *heard = if search.asked.trim().is_empty() { 0 } else { rows(lines, 0, model) };
        if *heard < hits.len() {
            lines.say(rust_i18n::t!("linear.more"));
        }
    } else if !hits.starts_with(&seen.hits) {
        lines.say(rust_i18n::t!("linear.list_changed"));
    }
    seen.hits = hits;
}

pub(super) fn rows(lines: &mut Lines, from: usize, model: &Model) -> usize {
    lines.rows(model.search.hits.iter().map(|hit| line(model, &hit.row)), from)
}

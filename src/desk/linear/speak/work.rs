//! What is said of one's own work: how long the lists are, and the first cases of the one in front.

use super::Lines;
use super::row::line;
use crate::desk::linear::asked::said;
use crate::desk::model::Model;
use crate::desk::screens::work::WorkTab;
use crate::domain::code::State;
use crate::domain::id::CaseId;
use crate::i18n::name_of;

/// What was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    tab: Option<WorkTab>,
    rows: Vec<(CaseId, State)>,
}

pub(super) fn told(lines: &mut Lines, seen: &mut Seen, heard: &mut usize, model: &Model) {
    let work = &model.work;
    if work.work.is_none() {
        return;
    }
    let rows_now: Vec<_> = work.rows(work.tab).iter().map(|row| (row.id, row.state)).collect();
    if seen.tab != Some(work.tab) {
        if seen.tab.is_none() {
            let counts = WorkTab::ALL
                .iter()
                .map(|tab| said(&name_of("work_tab", tab.code()), &work.rows(*tab).len().to_string()));
            lines.say(counts.collect::<Vec<_>>().join(&rust_i18n::t!("linear.comma")));
        }
        lines.say(name_of("work_tab", work.tab.code()));
        if rows_now.is_empty() {
            lines.say(rust_i18n::t!("work.none"));
        }
        *heard = rows(lines, 0, model);
        if *heard < rows_now.len() {
            lines.say(rust_i18n::t!("linear.more"));
        }
        seen.tab = Some(work.tab);
    } else if rows_now != seen.rows {
        lines.say(rust_i18n::t!("linear.list_changed"));
    }
    seen.rows = rows_now;
}

pub(super) fn rows(lines: &mut Lines, from: usize, model: &Model) -> usize {
    lines.rows(model.work.rows(model.work.tab).iter().map(|row| line(model, row)), from)
}

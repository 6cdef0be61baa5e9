//! 并单 as it is shown: beside a merged case the one that leads it, in a leading one those it leads.

use std::collections::BTreeMap;

use super::app::App;
use super::auth::Signed;
use crate::domain::account::Permission;
use crate::domain::case::Case;
use crate::domain::id::CaseId;
use crate::store::{StoreError, cases};
use crate::wire::case::{AttachedView, CaseRow, CaseView, LeaderView};

/// The leading cases of the merged ones among some cases.
#[derive(Default)]
pub(crate) struct Leaders(BTreeMap<CaseId, LeaderView>);

impl Leaders {
    /// Of these cases; most of the time nothing is read.
    pub(crate) async fn of(app: &App, cases: impl IntoIterator<Item = &Case>) -> Result<Self, StoreError> {
        let is_merged = |case: &&Case| case.progress.merged().is_some();
        let merged: Vec<Case> = cases.into_iter().filter(is_merged).cloned().collect();
        if merged.is_empty() {
            return Ok(Self::default());
        }
        let leaders = app.store.read(move |tx| {
            let mut leaders = BTreeMap::new();
            for case in &merged {
                let leader = cases::leader_of(tx, case)?;
                leaders.extend(leader.map(|leader| (case.id, LeaderView::from(&leader))));
            }
            Ok::<_, StoreError>(Self(leaders))
        });
        leaders.await
    }

    /// The row with the case that leads it.
    pub(crate) fn mark(&self, mut row: CaseRow) -> CaseRow {
        row.leader = self.0.get(&row.id).cloned();
        row
    }
}

/// The case as this person may see it, without who has it before them. No caller is told of another; a department is
/// told the numbers, and nothing of a caller who asked for secrecy.
pub(crate) async fn view(app: &App, case: &Case, signed: &Signed) -> Result<CaseView, StoreError> {
    let mut view = CaseView::from(case);
    let at_the_hotline = signed.actor.may(Permission::ReadCases);
    if view.row.confidential && !at_the_hotline {
        view.caller = None;
    }
    let row = view.row.clone();
    view.row = Leaders::of(app, [case]).await?.mark(row);
    if !case.attached.is_empty() {
        let leader = case.clone();
        let attached = app.store.read(move |tx| cases::attached_to(tx, &leader)).await?;
        let attached = attached.iter().map(AttachedView::from);
        view.attached_cases = attached
            .map(|other| if at_the_hotline { other } else { AttachedView { caller: None, ..other } })
            .collect();
    }
    Ok(view)
}

//! Who has which case before them, as rows and live streams show it. Nobody is shown to themselves.

use std::collections::BTreeMap;

use super::app::App;
use super::auth::Signed;
use super::problem::Failure;
use crate::domain::account::AccountName;
use crate::domain::case::Case;
use crate::domain::code::DepartmentCode;
use crate::domain::id::CaseId;
use crate::domain::progress::Assignment;
use crate::store::presence::{self, Someone};
use crate::store::{StoreError, Tx};
use crate::wire::case::CaseRow;
use crate::wire::presence::{PresenceChange, Present};

/// Everybody but the asker.
pub(crate) struct Others(BTreeMap<CaseId, Vec<Present>>);

impl Others {
    /// As it is now. The table has a row a desk at the most, so a list reads it whole.
    pub(crate) async fn than(app: &App, signed: &Signed) -> Result<Self, Failure> {
        let now = app.clock.now();
        let all = app.store.read(move |tx| presence::all(tx, now)).await?;
        let mut others: BTreeMap<CaseId, Vec<Present>> = BTreeMap::new();
        for someone in all.into_iter().filter(|someone| someone.account != signed.actor.name) {
            others.entry(someone.case).or_default().push(present(someone));
        }
        Ok(Self(others))
    }

    /// Marks a row with them.
    pub(crate) fn mark(&self, mut row: CaseRow) -> CaseRow {
        row.present = self.0.get(&row.id).cloned().unwrap_or_default();
        row
    }
}

/// Who has a case before them now, and whom that concerns.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    case: CaseId,
    everybody: Vec<Someone>,
    /// The departments that have the case.
    pub(crate) departments: Vec<DepartmentCode>,
    /// Whose doing it is; they know.
    pub(crate) by: Option<AccountName>,
}

impl Seen {
    /// As `tx` sees it.
    pub(crate) fn of(
        tx: &mut dyn Tx,
        case: &Case,
        now: jiff::Timestamp,
        by: Option<AccountName>,
    ) -> Result<Self, StoreError> {
        let everybody = presence::of_case(tx, case.id, now)?;
        let departments = case.progress.assignment().into_iter().flat_map(Assignment::departments).cloned();
        Ok(Self { case: case.id, everybody, departments: departments.collect(), by })
    }

    /// Everybody but `name`.
    pub(crate) fn others(&self, name: &AccountName) -> Vec<Present> {
        let others = self.everybody.iter().filter(|someone| someone.account != *name);
        others.cloned().map(present).collect()
    }

    /// As it is told to `name`.
    pub(crate) fn told_to(&self, name: &AccountName) -> PresenceChange {
        PresenceChange { case: self.case, present: self.others(name) }
    }
}

fn present(someone: Someone) -> Present {
    Present { name: someone.account, doing: someone.doing }
}

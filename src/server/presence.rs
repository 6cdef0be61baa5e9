//! Who has which case before them, as rows and live streams show it. Nobody is shown to themselves.

use std::collections::BTreeMap;

use tokio::sync::broadcast::error::RecvError;

use super::app::{App, Shared};
use super::auth::Signed;
use super::listen::stopped;
use super::problem::Failure;
use crate::domain::account::AccountName;
use crate::domain::case::Case;
use crate::domain::code::DepartmentCode;
use crate::domain::id::CaseId;
use crate::domain::progress::Assignment;
use crate::store::presence::{self, Someone};
use crate::store::{StoreError, Tx, cases};
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

    /// Tells the other servers of the same store to look at the case, once what was written is committed.
    pub(crate) fn announce(&self, tx: &mut dyn Tx, server: &str) -> Result<(), StoreError> {
        let by = self.by.as_ref().map_or("", AccountName::as_str);
        tx.announce(&format!("{server} {} {by}", self.case))
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

/// Tells the clients of this server what was said to others, until it stops.
pub(crate) async fn hear_others(app: Shared) {
    let Some(mut words) = app.store.announced() else { return };
    let mut stopping = app.stopping.clone();
    loop {
        let heard = tokio::select! {
            () = stopped(&mut stopping) => return,
            heard = words.recv() => heard,
        };
        match heard {
            Ok(word) => {
                if let Some((case, by)) = of_another(&word, &app.name) {
                    look(&app, case, by).await;
                }
            }
            // Who stays says so again.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// The case and whose doing it is, unless it was said here.
fn of_another(word: &str, own: &str) -> Option<(CaseId, Option<AccountName>)> {
    let mut parts = word.splitn(3, ' ');
    let (server, case, by) = (parts.next()?, parts.next()?, parts.next()?);
    Some((case.parse().ok()?, by.parse().ok())).filter(|_| server != own)
}

async fn look(app: &App, case: CaseId, by: Option<AccountName>) {
    let now = app.clock.now();
    let seen = app.store.read(move |tx| {
        let found = cases::find(tx, case)?;
        found.map(|case| Seen::of(tx, &case, now, by)).transpose()
    });
    match seen.await {
        Ok(Some(seen)) => app.hub.tell(seen),
        Ok(None) | Err(StoreError::Closed) => {}
        Err(error) => tracing::warn!("cannot look who has a case: {error}"),
    }
}

fn present(someone: Someone) -> Present {
    Present { name: someone.account, doing: someone.doing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_another_server_says_of_a_case_is_heard() {
        let case = CaseId::new(1, [7; 10]);
        let word = format!("a1 {case} xiaolin");
        assert_eq!(of_another(&word, "b2"), Some((case, "xiaolin".parse().ok())));
        assert_eq!(of_another(&format!("a1 {case} "), "b2"), Some((case, None)));
        for other in [word.as_str(), "a1", "a1 x y", ""] {
            assert_eq!(of_another(other, "a1"), None, "{other}");
        }
    }
}

//! What a submitted draft has become, as the caller is told it: a case, or a case that waits to be sent.

use jiff::Timestamp;

use crate::domain::code::{DepartmentCode, Kind, State};
use crate::domain::id::CaseId;
use crate::domain::number::CaseNumber;
use crate::wire::case::{CaseView, NewCase, Outcome};

/// What there is to tell. `Debug` says nothing of the caller: nothing of theirs is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The case.
    pub id: CaseId,
    /// Its number; none where a desk without a station could not ask for one.
    pub number: Option<CaseNumber>,
    /// Where it stands, or will.
    pub state: State,
    /// 诉求类型.
    pub kind: Kind,
    /// Who is to act.
    pub department: Option<DepartmentCode>,
    /// By when; none where that is not known yet.
    pub due_at: Option<Timestamp>,
    /// 保密.
    pub confidential: bool,
    /// Whether it is still to be sent.
    pub waits: bool,
    /// The case that it is merged into, if it was filed for that.
    pub led: Option<Led>,
}

/// How a merge stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Led {
    /// It goes behind the filing.
    Waits(CaseNumber),
    /// It is done.
    By(CaseNumber),
    /// It was refused: the case stands by itself.
    Not(CaseNumber),
}

impl Led {
    /// The number of the case that leads, or would have.
    pub const fn number(&self) -> &CaseNumber {
        let (Self::Waits(number) | Self::By(number) | Self::Not(number)) = self;
        number
    }

    /// How it stands, in words.
    pub fn words(&self) -> String {
        let number = self.number().grouped();
        match self {
            Self::Waits(_) => rust_i18n::t!("receipt.will_be_merged", number = number),
            Self::By(_) => rust_i18n::t!("receipt.merged_into", number = number),
            Self::Not(_) => rust_i18n::t!("receipt.not_merged", number = number),
        }
        .into_owned()
    }
}

impl Receipt {
    /// Of a case that waits in the outbox.
    pub fn waiting(id: CaseId, case: &NewCase) -> Self {
        let (state, department) = match &case.outcome {
            Outcome::Register => (State::Registered, None),
            Outcome::Answer(_) => (State::Answered, None),
            Outcome::Dispatch(order) => (State::Dispatched, Some(order.lead.clone())),
        };
        Self {
            id,
            number: case.number.clone(),
            state,
            kind: case.intake.kind,
            department,
            due_at: None,
            confidential: case.intake.confidential || case.intake.kind == Kind::Report,
            waits: true,
            led: None,
        }
    }
}

impl From<&CaseView> for Receipt {
    fn from(case: &CaseView) -> Self {
        let row = &case.row;
        Self {
            id: row.id,
            number: Some(row.number.clone()),
            state: row.state,
            kind: row.kind,
            department: case.assignment.as_ref().map(|assignment| assignment.lead.department.clone()),
            due_at: row.due_at,
            confidential: row.confidential,
            waits: false,
            led: None,
        }
    }
}

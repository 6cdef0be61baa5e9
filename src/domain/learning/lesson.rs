//! What an event teaches: the choices of people, and their corrections.

use crate::domain::case::Case;
use crate::domain::code::{DepartmentCode, MatterCode};
use crate::domain::event::{CaseEvent, EventBody};

/// One thing that people decided about a text.
#[derive(Clone, PartialEq, Eq)]
pub struct Lesson {
    /// The title and the text of the case as they were then.
    pub text: String,
    /// Its matter then.
    pub matter: Option<MatterCode>,
    /// What was decided.
    pub taught: Taught,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taught {
    /// It is this matter.
    Matter {
        /// The matter.
        is: MatterCode,
        /// What it was taken for before.
        not: Option<MatterCode>,
    },
    /// This department leads it.
    Department {
        /// The department.
        is: DepartmentCode,
        /// Which it was taken from.
        not: Option<DepartmentCode>,
    },
    /// This department sent it back.
    Returned {
        /// The department.
        by: DepartmentCode,
    },
}

/// What the last of these events, the history of one case up to it, teaches.
///
/// A confidential case teaches nothing: not the least of it shall be seen in what others are suggested.
pub fn lesson_of(history: &[CaseEvent]) -> Option<Lesson> {
    let (event, earlier) = history.split_last()?;
    let before = Case::replay(earlier.iter());
    let case = Case::replay(history.iter())?;
    if case.intake.is_confidential() {
        return None;
    }
    let matter = case.intake.matter.clone();
    let lead = |case: &Case| case.progress.assignment().map(|assignment| assignment.lead.department.clone());
    let led_before = before.as_ref().and_then(lead);
    let taught = match &event.body {
        EventBody::Registered { .. } => Taught::Matter { is: matter.clone()?, not: None },
        EventBody::Amended { changes } if changes.matter.is_some() => {
            let not = before.and_then(|before| before.intake.matter);
            Taught::Matter { is: matter.clone().filter(|is| Some(is) != not.as_ref())?, not }
        }
        EventBody::Dispatched { order, .. } => Taught::Department { is: order.lead.clone(), not: None },
        EventBody::Redispatched { order, .. } | EventBody::Reworked { order, .. } => {
            // The same department once more is no decision about the text.
            let not = led_before.filter(|before| *before != order.lead)?;
            Taught::Department { is: order.lead.clone(), not: Some(not) }
        }
        EventBody::Returned { department, .. } => {
            Taught::Returned { by: led_before.filter(|lead| lead == department)? }
        }
        _ => return None,
    };
    Some(Lesson { text: format!("{}\n{}", case.intake.title, case.intake.text), matter, taught })
}

//! The case that is read beside a list, in full: one for the whole desk, for only one screen is in front.

use super::effects::Effect;
use super::msg::{Answer, CaseFile, Turn};
use crate::domain::id::CaseId;
use crate::wire::case::CaseRow;

/// What is read beside the list in front.
#[derive(Debug, Default)]
pub struct Preview {
    turn: Turn,
    file: Option<CaseFile>,
}

impl Preview {
    /// Asks for a case, or for nothing where none is selected. What stands there stays until the answer comes.
    pub fn ask(&mut self, id: Option<CaseId>) -> Vec<Effect> {
        let turn = self.turn.another();
        if id.is_none() {
            self.file = None;
        }
        id.map(|id| Effect::Preview(turn, id)).into_iter().collect()
    }

    /// The answer came; an error of the question that still stands is given back.
    pub fn arrived(
        &mut self,
        turn: Turn,
        answer: Answer<Box<CaseFile>>,
    ) -> Result<(), crate::client::ClientError> {
        if turn == self.turn {
            self.file = Some(*answer?);
        }
        Ok(())
    }

    /// The line of the case that stands there.
    pub fn row(&self) -> Option<&CaseRow> {
        self.file.as_ref().map(|file| &file.case.row)
    }

    /// The same, to be changed.
    pub fn row_mut(&mut self) -> Option<&mut CaseRow> {
        self.file.as_mut().map(|file| &mut file.case.row)
    }

    /// The case, if it is the one of that id.
    pub fn of(&self, id: Option<CaseId>) -> Option<&CaseFile> {
        self.file.as_ref().filter(|file| Some(file.case.row.id) == id)
    }
}

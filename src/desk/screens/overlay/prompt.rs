//! The dialog of an act that takes a text: note, remind, answer, follow-up, close, reopen, void, merge and its undoing.

use crate::desk::action::Action;
use crate::desk::widgets::textarea::TextArea;
use crate::domain::act::{Act, Verb};
use crate::domain::check::{Fault, FaultCode, Faults, TEXT_LIMIT};
use crate::domain::follow_up::FollowUp;
use crate::domain::number::CaseNumber;

/// The dialog.
#[derive(Debug)]
pub struct Prompt {
    /// The action that opened it, which names it.
    pub action: Action,
    /// The act asked for.
    pub verb: Verb,
    /// What a follow-up brought, as it was chosen before.
    pub outcome: Option<FollowUp>,
    /// What is typed.
    pub text: TextArea,
    /// What is wrong with it.
    pub fault: Option<Fault>,
    /// Whether the answer has not come.
    pub sending: bool,
    /// Whether leaving it was asked for once.
    pub leaving: bool,
}

impl Prompt {
    /// An empty dialog.
    pub fn new(action: Action, verb: Verb) -> Self {
        Self {
            action,
            verb,
            outcome: None,
            text: TextArea::new(TEXT_LIMIT),
            fault: None,
            sending: false,
            leaving: false,
        }
    }

    /// The act, or what is wrong with its text.
    pub fn read(&self) -> Result<Act, Fault> {
        let text = self.text.text().trim().to_owned();
        let act = match self.verb {
            Verb::FollowUp => match self.outcome {
                Some(outcome) => Act::FollowUp { outcome, text },
                None => return Err(Fault::new("/outcome", FaultCode::Required)),
            },
            Verb::Answer => Act::Answer { answer: text },
            Verb::Remind => Act::Remind { by_caller: true, text },
            Verb::Close => Act::Close { result: text },
            Verb::Reopen => Act::Reopen { reason: text },
            Verb::Void => Act::Void { reason: text },
            Verb::Unmerge => Act::Unmerge { reason: text },
            Verb::Merge => match CaseNumber::parse(&text) {
                Ok(into) => Act::Merge { into },
                Err(_) if text.is_empty() => return Err(Fault::new("/into", FaultCode::Required)),
                Err(_) => return Err(Fault::new("/into", FaultCode::InvalidValue)),
            },
            _ => Act::Note { text },
        };
        let mut faults = Faults::default();
        faults.act(&act);
        faults.into_vec().into_iter().next().map_or(Ok(act), Err)
    }
}

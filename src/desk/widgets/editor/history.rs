//! The way back: what each step took out and put in. A step holds only what changed, and a run of keys of one kind is
//! one step.

use std::collections::VecDeque;

/// Steps kept.
const STEPS: usize = 200;
/// Bytes kept in all steps together; the last step is kept whatever its size.
const BYTES: usize = 256 * 1024;
/// Bytes after which a run of typing begins another step, so that one key never takes back a paragraph.
const RUN: usize = 60;

/// One change of a text.
#[derive(Clone)]
pub(super) struct Step {
    /// The byte at which it begins.
    pub(super) at: usize,
    pub(super) removed: String,
    pub(super) inserted: String,
    /// Anchor and caret before it.
    pub(super) before: (usize, usize),
}

impl Step {
    fn bytes(&self) -> usize {
        self.removed.len() + self.inserted.len()
    }
}

/// Keys of one kind in a row are one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    Typing,
    Erasing,
}

/// The steps back and forth.
#[derive(Clone, Default)]
pub(super) struct History {
    undo: VecDeque<Step>,
    redo: Vec<Step>,
    open: Option<Run>,
    bytes: usize,
}

impl History {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What comes next is a step of its own.
    pub(super) fn close(&mut self) {
        self.open = None;
    }

    /// Notes a change that was made, as part of the last step where `run` goes on.
    pub(super) fn record(&mut self, step: Step, run: Option<Run>) {
        self.bytes -= self.redo.drain(..).map(|step| step.bytes()).sum::<usize>();
        self.bytes += step.bytes();
        let goes_on = run.is_some() && self.open == run;
        self.open = run;
        match self.undo.back_mut().filter(|_| goes_on) {
            Some(last)
                if run == Some(Run::Typing)
                    && step.removed.is_empty()
                    && last.at + last.inserted.len() == step.at
                    && last.inserted.len() < RUN =>
            {
                last.inserted.push_str(&step.inserted);
            }
            Some(last) if run == Some(Run::Erasing) && step.at + step.removed.len() == last.at => {
                last.removed.insert_str(0, &step.removed);
                last.at = step.at;
            }
            Some(last) if run == Some(Run::Erasing) && step.at == last.at => {
                last.removed.push_str(&step.removed);
            }
            _ => self.undo.push_back(step),
        }
        while self.undo.len() > STEPS || (self.bytes > BYTES && self.undo.len() > 1) {
            self.bytes -= self.undo.pop_front().map_or(0, |step| step.bytes());
        }
    }

    /// The step to take back; [`Self::undone`] must follow.
    pub(super) fn last(&mut self) -> Option<Step> {
        self.open = None;
        self.undo.pop_back()
    }

    /// The step was taken back.
    pub(super) fn undone(&mut self, step: Step) {
        self.redo.push(step);
    }

    /// The step to take again; [`Self::redone`] must follow.
    pub(super) fn next(&mut self) -> Option<Step> {
        self.open = None;
        self.redo.pop()
    }

    /// The step was taken again.
    pub(super) fn redone(&mut self, step: Step) {
        self.undo.push_back(step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_steps_go_when_there_are_too_many_or_they_are_too_big() {
        let step = |bytes: usize| Step {
            at: 0,
            removed: String::new(),
            inserted: "a".repeat(bytes),
            before: (0, 0),
        };
        let mut history = History::default();
        (0..300).for_each(|_| history.record(step(1), None));
        assert_eq!(history.undo.len(), STEPS);
        history.record(step(BYTES), None);
        assert_eq!((history.undo.len(), history.bytes), (1, BYTES));
        let last = history.last().unwrap();
        history.undone(last);
        history.record(step(3), None);
        assert_eq!((history.undo.len(), history.redo.len(), history.bytes), (1, 0, 3));
    }
}

//! The text that is being written now, whichever input of whichever screen or dialog it stands in: what ready texts go
//! into, and whose open slots are filled in one after the other.

use std::ops::Range;

use super::hits::{Hit, Target};
use super::model::{Model, Screen};
use super::screens::intake::{Form, FormInput};
use super::screens::overlay::{DispatchField, Overlay};
use super::widgets::field::Field;
use super::widgets::textarea::TextArea;
use crate::domain::slots;

/// The input.
#[derive(Debug)]
pub(super) enum Writing<'a> {
    /// One line.
    Line(&'a mut Field),
    /// Many lines.
    Area(&'a mut TextArea),
}

impl Writing<'_> {
    /// What is written.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Line(line) => line.text(),
            Self::Area(area) => area.text(),
        }
    }

    /// The byte before which the caret stands.
    pub(super) fn caret(&self) -> usize {
        match self {
            Self::Line(line) => line.caret(),
            Self::Area(area) => area.caret(),
        }
    }

    /// The bytes selected.
    pub(super) fn selection(&self) -> Range<usize> {
        match self {
            Self::Line(line) => line.selection(),
            Self::Area(area) => area.selection(),
        }
    }

    /// Selects bytes.
    pub(super) fn select(&mut self, range: Range<usize>) {
        match self {
            Self::Line(line) => line.select(range),
            Self::Area(area) => area.select(range),
        }
    }

    /// Puts the caret where it was clicked; `focused` says that it was drawn with the focus then.
    pub(super) fn point(&mut self, hit: Hit, focused: bool) {
        match self {
            Self::Line(line) => line.set_caret(line.at(hit.column, hit.columns, focused)),
            Self::Area(area) => area.set_caret(area.at(hit.column, hit.row)),
        }
    }

    /// Selects from where the mouse was pressed to where it is now.
    pub(super) fn reach(&mut self, hit: Hit) {
        match self {
            Self::Line(line) => line.select_to(line.at(hit.column, hit.columns, true)),
            Self::Area(area) => area.select_to(area.at(hit.column, hit.row)),
        }
    }

    /// How many characters may come in the place of what is selected.
    pub(super) fn room(&self) -> usize {
        let limit = match self {
            Self::Line(line) => line.limit(),
            Self::Area(area) => area.limit(),
        };
        let (text, selected) = (self.text(), self.selection());
        let kept = text.chars().count() - text[selected].chars().count();
        limit.saturating_sub(kept)
    }

    /// Selects the first open slot from a byte on; says whether there is one.
    pub(super) fn select_slot(&mut self, from: usize) -> bool {
        let slot = slots::next(self.text(), from);
        if let Some(slot) = slot.clone() {
            self.select(slot);
        }
        slot.is_some()
    }

    /// Goes on to the next open slot, if one is left behind the caret, or before it while none is selected; says whether
    /// there was one.
    pub(super) fn next_slot(&mut self) -> bool {
        let selected = self.selection();
        let on_slot = slots::next(self.text(), selected.start).is_some_and(|slot| slot == selected);
        self.select_slot(selected.end) || (!on_slot && self.select_slot(0))
    }
}

impl Form {
    /// The text of the field in focus; none for a field that is chosen.
    pub(super) fn writing(&mut self) -> Option<Writing<'_>> {
        match self.input() {
            FormInput::Line(line) => Some(Writing::Line(line)),
            FormInput::Area(area) => Some(Writing::Area(area)),
            _ => None,
        }
    }
}

impl Model {
    /// The text that is being written; none where letters choose, search a list or are a password.
    pub(super) fn writing(&mut self) -> Option<Writing<'_>> {
        if !self.is_writing() {
            return None;
        }
        match &mut self.overlay {
            Some(Overlay::Prompt(prompt)) => Some(Writing::Area(&mut prompt.text)),
            Some(Overlay::Dispatch(dialog)) => Some(Writing::Line(match dialog.focus {
                DispatchField::Reason => &mut dialog.reason,
                _ => &mut dialog.opinion,
            })),
            Some(_) => None,
            None if self.screen == Screen::Search => Some(Writing::Line(&mut self.search.query)),
            None => self.intake.current_mut().form.writing(),
        }
    }

    /// The input that a target is, if it has the focus.
    pub(super) fn input_at(&mut self, target: Target) -> Option<Writing<'_>> {
        let line = match (target, &mut self.overlay) {
            (Target::Typed, Some(Overlay::Palette(palette))) => &mut palette.query,
            (Target::Typed, Some(Overlay::Help(help))) => &mut help.filter,
            (Target::Typed, Some(Overlay::Chooser(chooser))) => &mut chooser.query,
            (Target::Typed, Some(Overlay::Knowledge(knowledge))) => &mut knowledge.query,
            (Target::Typed, Some(Overlay::Prompt(prompt))) => return Some(Writing::Area(&mut prompt.text)),
            (Target::Dispatch(field), Some(Overlay::Dispatch(dialog))) => match field {
                DispatchField::Opinion if dialog.focus == field => &mut dialog.opinion,
                DispatchField::Reason if dialog.focus == field => &mut dialog.reason,
                _ => return None,
            },
            (Target::Password(field), Some(Overlay::Password(dialog))) => {
                if dialog.focus != field {
                    return None;
                }
                dialog.field()
            }
            (Target::SignIn(at), _) if self.sign_in.focus == at && !self.sign_in.waiting => {
                self.sign_in.field()
            }
            (Target::Query, None) if self.search.in_query => &mut self.search.query,
            (Target::Field(field), None) => {
                let draft = self.intake.current_mut();
                let here = draft.form.focus == field && !draft.sending && !draft.side.has_keys();
                return if here { draft.form.writing() } else { None };
            }
            _ => return None,
        };
        Some(Writing::Line(line))
    }

    /// Whether there is one, be it below a list of what can be done with it.
    pub(super) fn is_writing(&self) -> bool {
        let front = match &self.overlay {
            Some(Overlay::Help(_) | Overlay::Palette(_) | Overlay::Menu(_)) => self.beneath.last(),
            other => other.as_ref(),
        };
        match front {
            Some(Overlay::Prompt(_)) => true,
            Some(Overlay::Dispatch(dialog)) => {
                matches!(dialog.focus, DispatchField::Opinion | DispatchField::Reason)
            }
            Some(_) => false,
            None => match self.screen {
                Screen::Search => self.search.is_typing(),
                Screen::Intake => {
                    let draft = self.intake.current();
                    !draft.sending && !draft.side.has_keys() && draft.form.is_written()
                }
                Screen::SignIn | Screen::Case | Screen::Work | Screen::Drafts => false,
            },
        }
    }
}

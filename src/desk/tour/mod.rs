//! The tour: a new call-taker is led through one case, from the first key to the note after the second call.
//!
//! The steps are a table of what is said and when it is done. What counts is what stands on the screen, by whatever
//! keys it came there, so nothing is in the way of somebody who does it differently; and every step can be skipped.

mod step;
mod strip;

pub use step::{STEPS, Step};
pub(super) use strip::{height, view};

use jiff::Timestamp;

use super::model::Model;
use super::screens::intake::minutes;
use super::screens::overlay::Overlay;

/// How far somebody is led.
#[derive(Debug, Clone, Default)]
pub struct Tour {
    /// The place of the step in [`STEPS`]; their number once all are done.
    at: usize,
    /// Keys pressed so far.
    strokes: u32,
    /// When the first key was pressed.
    began: Option<Timestamp>,
    /// When the step in front came up.
    since: Option<Timestamp>,
    /// When the last step was done.
    ended: Option<Timestamp>,
    /// Whether somebody went back to look: then a step that is done already stays.
    held: bool,
}

impl Tour {
    /// The step in front; none once all are done.
    pub fn step(&self) -> Option<&'static Step> {
        STEPS.get(self.at)
    }

    /// The place of the step in front, from 0.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Keys pressed, up to the end.
    pub fn strokes(&self) -> u32 {
        self.strokes
    }

    /// Minutes and seconds from the first key to the last step.
    pub fn took(&self) -> String {
        let milliseconds = match (self.began, self.ended) {
            (Some(began), Some(ended)) => ended.as_millisecond().saturating_sub(began.as_millisecond()),
            _ => 0,
        };
        minutes(u64::try_from(milliseconds).unwrap_or(0))
    }

    /// Goes to the step at `at`.
    fn go(&mut self, at: usize, now: Timestamp) {
        (self.at, self.since) = (at, Some(now));
        if at == STEPS.len() && self.ended.is_none() {
            self.ended = Some(now);
        }
    }
}

/// Counts a key.
pub(super) fn count(model: &mut Model) {
    let now = model.now;
    if let Some(tour) = model.tour.as_mut().filter(|tour| tour.ended.is_none()) {
        tour.strokes = tour.strokes.saturating_add(1);
        tour.began.get_or_insert(now);
        tour.since.get_or_insert(now);
    }
}

/// Goes on over every step that is done.
pub(super) fn follow(model: &mut Model) {
    let Some(mut tour) = model.tour.take() else { return };
    // Who files the case before the tour asks for it is not led back.
    if tour.at < step::SUBMIT && matches!(model.overlay, Some(Overlay::Receipt(_))) {
        tour.go(step::SUBMIT, model.now);
        tour.held = false;
    }
    while let (Some(step), Some(since), false) = (tour.step(), tour.since, tour.held)
        && step.is_done(model, since)
    {
        let next = tour.at + 1;
        tour.go(next, model.now);
    }
    model.tour = Some(tour);
}

/// Goes on to the next step, done or not; after the last one the tour is over and its room is free.
pub(super) fn skip(model: &mut Model) {
    let now = model.now;
    let Some(tour) = &mut model.tour else { return };
    if tour.step().is_none() {
        model.tour = None;
        return;
    }
    tour.held = false;
    tour.began.get_or_insert(now);
    let next = tour.at + 1;
    tour.go(next, now);
}

/// Goes back to the step before, and stays there until somebody goes on.
pub(super) fn back(model: &mut Model) {
    let now = model.now;
    if let Some(tour) = &mut model.tour {
        let before = tour.at.saturating_sub(1);
        tour.held = true;
        tour.go(before, now);
    }
}

//! What stands where on the last frame, so that the mouse finds it: recorded while painting, what lies on top last.
//!
//! It stands beside the model and not in it: the screen can be drawn anew at any size, and what was clicked is asked of
//! the frame that the person saw. Every target has a twin on the keyboard, which a test walks.

use std::mem::{Discriminant, discriminant};
use std::ops::{Deref, DerefMut};

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::buffer::Buffer;
use super::keymap::Deed;
use super::model::{Model, Screen};
use super::screens::intake::FieldId;
use super::screens::overlay::{DispatchField, Overlay, PasswordField};
use super::screens::work::WorkTab;

/// What can be clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// What a key does: a screen in the header, a key in the footer.
    Do(Deed),
    /// The draft at a place, from 1.
    Draft(usize),
    /// The label of a field of the form.
    Label(FieldId),
    /// A field of the form.
    Field(FieldId),
    /// A candidate of the picking field in focus.
    Candidates,
    /// A row beside the form.
    Beside(usize),
    /// The query of the search screen.
    Query,
    /// A case in the list of the screen.
    Rows,
    /// A list of one's own work.
    Tab(WorkTab),
    /// The text of the case screen.
    Reading,
    /// A field of the sign-in form.
    SignIn(usize),
    /// A field of the dialog that dispatches.
    Dispatch(DispatchField),
    /// A field of the dialog of one's own password.
    Password(PasswordField),
    /// What is typed in what else lies over the screen.
    Typed,
    /// A row of the list in what lies over the screen.
    Choices,
    /// What lies over something, beside its parts: nothing under it is reached.
    Over,
}

/// What was hit, and where in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// What.
    pub target: Target,
    /// Columns from its left.
    pub column: u16,
    /// Rows from its top.
    pub row: u16,
    /// Its width.
    pub columns: u16,
    /// Its first row in a list that scrolls.
    pub first: usize,
}

impl Hit {
    /// The row of the list that was hit; there may be none so far down.
    pub fn index(&self) -> usize {
        self.first + usize::from(self.row)
    }
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gesture {
    /// The left button was pressed.
    Press,
    /// It was moved while held.
    Drag,
    /// The right button was pressed.
    Menu,
    /// The wheel was turned towards the start.
    WheelUp,
    /// The wheel was turned towards the end.
    WheelDown,
}

impl Gesture {
    /// What an event means; the release of a button and a move without one mean nothing.
    pub fn of(event: &MouseEvent) -> Option<Self> {
        match event.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Self::Press),
            MouseEventKind::Down(MouseButton::Right) => Some(Self::Menu),
            MouseEventKind::Drag(MouseButton::Left) => Some(Self::Drag),
            MouseEventKind::ScrollUp => Some(Self::WheelUp),
            MouseEventKind::ScrollDown => Some(Self::WheelDown),
            _ => None,
        }
    }
}

/// A screen, the kind of what lies over it, and whether the window is too small for them.
type Scene = (Screen, Option<Discriminant<Overlay>>, bool);

/// What stands where.
#[derive(Debug, Default)]
pub struct Hits {
    all: Vec<Area>,
    scene: Option<Scene>,
    /// What the button was pressed on: it is dragged in this until it is released, wherever the mouse goes.
    held: Option<Area>,
}

/// Something on the screen: where, what, and its first row if it is a list.
type Area = (Rect, Target, usize);

impl Hits {
    /// What the mouse did to what. Nothing where nothing can be clicked, and nothing if by now another screen or dialog
    /// is in front than on the last frame: nobody clicks on what has not been shown.
    pub fn pointed(&mut self, event: &MouseEvent, model: &Model) -> Option<(Hit, Gesture)> {
        let gesture = Gesture::of(event);
        let at = Position::new(event.column, event.row);
        if gesture != Some(Gesture::Drag) {
            self.held = None;
        }
        if self.scene != Some(scene(model)) {
            return None;
        }
        let area = match gesture? {
            Gesture::Drag => self.held,
            _ => self.all.iter().rev().find(|(area, ..)| area.contains(at)).copied(),
        };
        if gesture == Some(Gesture::Press) {
            self.held = area;
        }
        let (area, target, first) = area?;
        let column = at.x.saturating_sub(area.x).min(area.width);
        let row = at.y.saturating_sub(area.y).min(area.height.saturating_sub(1));
        Some((Hit { target, column, row, columns: area.width, first }, gesture?))
    }

    /// Starts a frame.
    pub(super) fn begin(&mut self, model: &Model) {
        self.all.clear();
        self.scene = Some(scene(model));
    }

    /// Says what stands in `area`; what was there before lies under it.
    pub(super) fn add(&mut self, area: Rect, target: Target) {
        self.add_rows(area, target, 0);
    }

    fn add_rows(&mut self, area: Rect, target: Target, first: usize) {
        if !area.is_empty() {
            self.all.push((area, target, first));
        }
    }
}

fn scene(model: &Model) -> Scene {
    (model.screen, model.overlay.as_ref().map(discriminant), model.cramped)
}

/// A buffer that is painted into, and what is recorded about it.
#[derive(Debug)]
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    hits: &'a mut Hits,
}

impl<'a> Canvas<'a> {
    /// Paints into `buffer` and records into `hits`.
    pub(super) fn new(buffer: &'a mut Buffer, hits: &'a mut Hits) -> Self {
        Self { buffer, hits }
    }

    /// Says what stands in `area`; what was there before lies under it.
    pub(super) fn hit(&mut self, area: Rect, target: Target) {
        self.hits.add(area, target);
    }

    /// Says that `area` shows a list from row `first` on.
    pub(super) fn rows(&mut self, area: Rect, target: Target, first: usize) {
        self.hits.add_rows(area, target, first);
    }

    /// Both, for what paints without knowing what is hit.
    pub(super) fn parts(&mut self) -> (&mut Buffer, &mut Hits) {
        (self.buffer, self.hits)
    }
}

impl Deref for Canvas<'_> {
    type Target = Buffer;

    fn deref(&self) -> &Buffer {
        self.buffer
    }
}

impl DerefMut for Canvas<'_> {
    fn deref_mut(&mut self) -> &mut Buffer {
        self.buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Look;
    use crate::desk::action::Action;
    use crate::desk::ids::Ids;
    use crate::desk::keymap::{Control, Keymap};
    use crate::desk::widgets::overlay::Borders;
    use crate::theme::{Depth, Theme};
    use crossterm::event::KeyModifiers;
    use proptest::prelude::*;

    fn model() -> Model {
        let look = Look::new(Theme::built_in("dark", Depth::True).unwrap(), Depth::True, Borders::Plain);
        Model::new(look, false, Ids::new([1; 32]), jiff::Timestamp::UNIX_EPOCH)
    }

    fn event(kind: MouseEventKind, column: u16, row: u16) -> MouseEvent {
        MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }
    }

    const DOWN: MouseEventKind = MouseEventKind::Down(MouseButton::Left);
    const DRAG: MouseEventKind = MouseEventKind::Drag(MouseButton::Left);

    fn drawn(model: &Model) -> Hits {
        let (mut buffer, mut hits) = (Buffer::empty(Rect::new(0, 0, 20, 5)), Hits::default());
        hits.begin(model);
        let mut canvas = Canvas::new(&mut buffer, &mut hits);
        canvas.hit(Rect::new(0, 0, 20, 5), Target::Reading);
        canvas.rows(Rect::new(4, 1, 8, 3), Target::Choices, 7);
        hits
    }

    #[test]
    fn what_lies_on_top_is_hit() {
        let model = model();
        let mut hits = drawn(&model);
        let mut at = |kind, x, y| {
            let pointed = hits.pointed(&event(kind, x, y), &model);
            pointed.map(|(hit, _)| (hit.target, hit.column, hit.index()))
        };
        assert_eq!(at(DOWN, 5, 3), Some((Target::Choices, 1, 9)));
        assert_eq!(at(DOWN, 12, 3), Some((Target::Reading, 12, 3)));
        assert_eq!(at(DOWN, 20, 3), None);
        assert_eq!(at(MouseEventKind::Moved, 5, 3), None);
    }

    #[test]
    fn what_is_dragged_stays_within_what_was_pressed() {
        let model = model();
        let mut hits = drawn(&model);
        let mut at = |kind, x, y| {
            let pointed = hits.pointed(&event(kind, x, y), &model);
            pointed.map(|(hit, _)| (hit.target, hit.column, hit.row))
        };
        assert_eq!(at(DRAG, 5, 3), None);
        assert_eq!(at(DOWN, 5, 3), Some((Target::Choices, 1, 2)));
        assert_eq!(at(DRAG, 0, 0), Some((Target::Choices, 0, 0)));
        assert_eq!(at(DRAG, 900, 900), Some((Target::Choices, 8, 2)));
        assert_eq!(at(MouseEventKind::Up(MouseButton::Left), 5, 3), None);
        assert_eq!(at(DRAG, 5, 3), None);
    }

    #[test]
    fn what_has_not_been_shown_is_not_clicked() {
        let mut model = model();
        let mut hits = drawn(&model);
        model.screen = Screen::Search;
        assert_eq!(hits.pointed(&event(DOWN, 5, 3), &model), None);
        model.screen = Screen::SignIn;
        model.overlay = Some(Overlay::FirstKeys);
        assert_eq!(hits.pointed(&event(DOWN, 5, 3), &model), None);
        hits.begin(&model);
        assert_eq!(hits.pointed(&event(DOWN, 5, 3), &model), None);
    }

    proptest! {
        #[test]
        fn any_report_is_within_what_it_hits(x: u16, y: u16, kind in 0..4usize) {
            let model = model();
            let mut hits = drawn(&model);
            hits.pointed(&event(DOWN, 5, 3), &model);
            let kind = [DOWN, DRAG, MouseEventKind::ScrollUp, MouseEventKind::Down(MouseButton::Right)][kind];
            if let Some((hit, _)) = hits.pointed(&event(kind, x, y), &model) {
                prop_assert!(hit.column <= hit.columns && hit.row < 5);
            }
        }
    }

    /// A target of the kind that comes after another's, so that a walk from the first meets every kind.
    fn after(target: Option<Target>) -> Option<Target> {
        Some(match target {
            None => Target::Do(Deed::Control(Control::NextChoice)),
            Some(Target::Do(_)) => Target::Draft(1),
            Some(Target::Draft(_)) => Target::Label(FieldId::Text),
            Some(Target::Label(_)) => Target::Field(FieldId::Text),
            Some(Target::Field(_)) => Target::Candidates,
            Some(Target::Candidates) => Target::Beside(0),
            Some(Target::Beside(_)) => Target::Query,
            Some(Target::Query) => Target::Rows,
            Some(Target::Rows) => Target::Tab(WorkTab::Open),
            Some(Target::Tab(_)) => Target::Reading,
            Some(Target::Reading) => Target::SignIn(0),
            Some(Target::SignIn(_)) => Target::Dispatch(DispatchField::Lead),
            Some(Target::Dispatch(_)) => Target::Password(PasswordField::ALL[0]),
            Some(Target::Password(_)) => Target::Typed,
            Some(Target::Typed) => Target::Choices,
            Some(Target::Choices) => Target::Over,
            Some(Target::Over) => return None,
        })
    }

    /// What does the same on the keyboard; nothing where a click does nothing.
    fn twin(target: Target) -> Option<Deed> {
        Some(match target {
            Target::Do(deed) => deed,
            Target::Draft(_) => Deed::Action(Action::NextDraft),
            Target::Label(_)
            | Target::Field(_)
            | Target::SignIn(_)
            | Target::Dispatch(_)
            | Target::Password(_) => Deed::Control(Control::NextField),
            Target::Candidates | Target::Choices => Deed::Control(Control::Accept),
            Target::Beside(_) => Deed::Action(Action::SidePanel),
            Target::Query => Deed::Action(Action::GoSearch),
            Target::Rows => Deed::Action(Action::Open),
            Target::Tab(_) => Deed::Control(Control::NextTab),
            Target::Typed => Deed::Edit("left"),
            Target::Reading => Deed::Edit("down"),
            Target::Over => return None,
        })
    }

    #[test]
    fn whatever_can_be_clicked_has_a_key() {
        let keys = Keymap::default();
        let kinds: Vec<_> = std::iter::successors(after(None), |target| after(Some(*target))).collect();
        assert_eq!(kinds.last(), Some(&Target::Over));
        for target in &kinds[..kinds.len() - 1] {
            let binding = twin(*target).and_then(|deed| keys.of_deed(deed));
            assert!(binding.is_some_and(|binding| !binding.chords.is_empty()), "{target:?}");
        }
    }
}

//! The menu: what can be done with the thing under the selection – a row of a list, the open case, the draft, a field.

use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::palette::{SIZE, TOLD, action_line, line, tell_whole};
use super::view::open;
use crate::desk::action::{self, Action, Place};
use crate::desk::hits::{Canvas, Target};
use crate::desk::keymap::{Control, Deed, Press};
use crate::desk::layout::dialog;
use crate::desk::model::{Model, Screen};
use crate::desk::paint::rows;
use crate::desk::screens::intake::FieldId;
use crate::desk::text::width;
use crate::desk::widgets::list::{self, ListState};
use crate::domain::number::CaseNumber;
use crate::i18n::{current, name_of};
use crate::theme::Role;

/// What a field of text can do beside taking letters.
const OF_A_TEXT: [&str; 6] = ["undo", "redo", "select_all", "copy", "cut", "paste"];

/// The menu.
#[derive(Debug)]
pub struct Menu {
    /// What the thing is called.
    pub title: String,
    /// What can be done with it, what cannot be done now among it.
    pub items: Vec<Deed>,
    /// The marked row.
    pub list: ListState,
}

impl Menu {
    /// What can be done with the thing under the selection of the screen in front.
    pub fn of(model: &Model) -> Self {
        let draft = model.intake.current();
        let beside = model.screen == Screen::Intake && draft.side.has_keys();
        let (title, mut items) = match model.screen {
            Screen::Intake if beside => (
                draft.selected_beside().map(|row| row.number.grouped()),
                vec![Deed::Control(Control::OpenRow), Deed::Control(Control::TakeAsEarlier)],
            ),
            Screen::Intake => {
                let field = draft.form.focus;
                let items = match field {
                    FieldId::Division | FieldId::Matter | FieldId::Lead | FieldId::Assisting => {
                        vec![Deed::Control(Control::ListAll)]
                    }
                    FieldId::Sex
                    | FieldId::Channel
                    | FieldId::Kind
                    | FieldId::Urgency
                    | FieldId::Confidential
                    | FieldId::Outcome => vec![Deed::Control(Control::NextChoice)],
                    _ => OF_A_TEXT.map(Deed::Edit).to_vec(),
                };
                (Some(name_of("field", field.code())), items)
            }
            Screen::Search => (model.search.selected().map(|row| row.number.grouped()), Vec::new()),
            Screen::Work => (model.work.selected().map(|row| row.number.grouped()), Vec::new()),
            Screen::Drafts => (model.number_at_hand().map(CaseNumber::grouped), Vec::new()),
            Screen::Case => (model.open_case().map(|file| file.case.row.number.grouped()), Vec::new()),
            Screen::SignIn => (None, Vec::new()),
        };
        let own = action::TABLE
            .iter()
            .filter(|row| matches!(row.place, Place::On(_)) && row.belongs_to(model.screen))
            .filter(|row| row.action != Action::Expand || model.is_writing());
        items.extend(own.map(|row| Deed::Action(row.action)));
        items.push(Deed::Action(Action::CopyNumber));
        let title = title.unwrap_or_else(|| name_of("screen", model.screen.code()));
        Self { title, items, list: ListState::default() }
    }

    /// The marked row.
    pub fn marked(&self) -> Option<Deed> {
        self.items.get(self.list.selected()).copied()
    }

    /// Handles a key that neither closes it nor does what is marked.
    pub(super) fn key(&mut self, press: &Press) {
        if let Some(edit) = press.edit() {
            let _ = self.list.apply(&edit, self.items.len());
        }
    }

    pub(super) fn view(&self, model: &Model, buf: &mut Canvas<'_>, area: Rect) -> Option<Position> {
        let high = u16::try_from(self.items.len()).unwrap_or(u16::MAX).saturating_add(2 + TOLD);
        let columns = u16::try_from(width(&self.title)).unwrap_or(0).saturating_add(8).max(SIZE.0);
        let inside = open(model, buf, dialog(area, (columns, high)), &self.title);
        let items = rows(inside, 0, inside.height.saturating_sub(TOLD));
        list::view(buf, items, &self.list, self.items.len(), &model.look.list_in_overlay(), |index, _| {
            let deed = self.items[index];
            if let Deed::Action(action) = deed {
                return action_line(model, action);
            }
            let Some(binding) = model.keys.of_deed(deed) else { return Line::default() };
            let (name, told) = (binding.title(current()), binding.help(current()));
            line(model, Role::Overlay, &name, binding.key().unwrap_or_default(), &told)
        });
        buf.rows(items, Target::Choices, self.list.offset());
        if let Some(marked) = self.marked() {
            tell_whole(model, buf, inside, marked);
        }
        None
    }
}

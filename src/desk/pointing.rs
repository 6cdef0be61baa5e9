//! What the mouse does. Each click does what keys do as well: it is turned into an action, a key, or the step of the
//! focus that keys would have made, so that nothing can be done by the mouse alone.

use super::action::Action;
use super::effects::Effect;
use super::hits::{Gesture, Hit, Target};
use super::keymap::{Control, Deed, Press};
use super::model::{Model, Screen, Severity};
use super::screens::intake::{self, FieldId, FormInput};
use super::screens::overlay::{DispatchField, Overlay};
use super::screens::work::WorkTab;
use super::update::{act_on, key, pressed, select};
use super::writing::Writing;

/// Rows that a notch of the wheel goes.
const NOTCH: usize = 3;

/// Listens to the mouse, or leaves it to the terminal.
pub(super) fn switch(model: &mut Model) -> Effect {
    model.mouse = !model.mouse;
    let said = if model.mouse { rust_i18n::t!("mouse.on") } else { rust_i18n::t!("mouse.off") };
    model.say(Severity::Info, said.into_owned());
    Effect::ReportMouse(model.mouse)
}

/// Takes in what the mouse did to something of the last frame.
pub(super) fn pointed(model: &mut Model, hit: Hit, gesture: Gesture) -> Vec<Effect> {
    match gesture {
        Gesture::Press | Gesture::Menu if matches!(model.overlay, Some(Overlay::FirstKeys)) => {
            // As by any key: they are gone, and what was clicked beside them is done.
            model.uncover();
            let own = matches!(hit.target, Target::Over | Target::Do(Deed::Control(_)));
            if own { Vec::new() } else { pointed(model, hit, gesture) }
        }
        Gesture::Press => press(model, hit),
        Gesture::Drag => {
            if let Some(mut input) = model.input_at(hit.target) {
                input.reach(hit);
            }
            Vec::new()
        }
        Gesture::Menu => menu(model, hit),
        Gesture::WheelUp => wheel(model, hit, ["up", "page_up"]),
        Gesture::WheelDown => wheel(model, hit, ["down", "page_down"]),
    }
}

fn press(model: &mut Model, hit: Hit) -> Vec<Effect> {
    match hit.target {
        Target::Do(deed) => does(model, deed),
        Target::Draft(place) => intake::show_at(model, place),
        Target::Label(field) => intake::focus(model, field),
        Target::Field(field) => field_of_form(model, field, hit),
        Target::Candidates => {
            let listed = model.intake.current().form.listed();
            choose(model, listed, hit.index(), true)
        }
        Target::Beside(row) if model.intake.current().beside_at() == Some(row) => {
            does(model, Deed::Control(Control::OpenRow))
        }
        Target::Beside(row) => select_beside(model, row),
        Target::Query => {
            let was_here = std::mem::replace(&mut model.search.in_query, true);
            put_caret(model, hit, was_here)
        }
        Target::Rows if selected_row(model) == Some(hit.index()) => act_on(model, Action::Open),
        Target::Rows => select_row(model, hit.index()).unwrap_or_default(),
        Target::Tab(tab) => does(
            model,
            Deed::Control(match tab {
                WorkTab::Taken => Control::FirstTab,
                WorkTab::Open => Control::SecondTab,
                WorkTab::Returned => Control::ThirdTab,
            }),
        ),
        Target::SignIn(at) => {
            if at >= model.sign_in.fields() || model.sign_in.waiting {
                return Vec::new();
            }
            let was_here = std::mem::replace(&mut model.sign_in.focus, at) == at;
            put_caret(model, hit, was_here)
        }
        Target::Dispatch(field) => {
            let Some(Overlay::Dispatch(dialog)) = &mut model.overlay else { return Vec::new() };
            let was_here = dialog.focus == field;
            if !was_here && dialog.focus == DispatchField::Assisting {
                // The one that is picked there joins the others.
                dialog.step(true);
            }
            dialog.focus = field;
            let lists = match field {
                DispatchField::Lead => !dialog.lead.is_open(),
                DispatchField::Assisting => !dialog.assist.is_open(),
                DispatchField::Opinion | DispatchField::Reason => false,
            };
            if lists { does(model, Deed::Control(Control::ListAll)) } else { put_caret(model, hit, was_here) }
        }
        Target::Password(field) => {
            let Some(Overlay::Password(dialog)) = &mut model.overlay else { return Vec::new() };
            let was_here = std::mem::replace(&mut dialog.focus, field) == field;
            put_caret(model, hit, was_here)
        }
        Target::Typed => put_caret(model, hit, true),
        Target::Choices => {
            // What is tried on or read first is taken by the second click.
            let at_once = !matches!(
                model.overlay,
                Some(Overlay::Themes(_) | Overlay::Knowledge(_) | Overlay::Clash(_) | Overlay::Aside(_))
            );
            let listed = model.overlay.as_ref().and_then(Overlay::listed);
            choose(model, listed, hit.index(), at_once)
        }
        Target::Reading | Target::Over => Vec::new(),
    }
}

/// Goes to a field of the form: the caret to where it was clicked, the list of one that picks opens, and a choice that
/// has the focus already takes its next.
fn field_of_form(model: &mut Model, field: FieldId, hit: Hit) -> Vec<Effect> {
    let draft = model.intake.current();
    let was_here = draft.form.focus == field && !draft.side.has_keys();
    let mut effects = intake::focus(model, field);
    let form = &mut model.intake.current_mut().form;
    if form.focus != field {
        return effects;
    }
    if form.may_list_all() {
        effects.extend(does(model, Deed::Control(Control::ListAll)));
    } else if was_here && matches!(form.input(), FormInput::Choice) {
        effects.extend(does(model, Deed::Control(Control::NextChoice)));
    } else {
        effects.extend(put_caret(model, hit, was_here));
    }
    effects
}

/// Puts the caret where it was clicked, if that is an input with the focus.
fn put_caret(model: &mut Model, hit: Hit, was_here: bool) -> Vec<Effect> {
    if let Some(mut input) = model.input_at(hit.target) {
        input.point(hit, was_here);
    }
    Vec::new()
}

/// Does what a key does.
fn does(model: &mut Model, deed: Deed) -> Vec<Effect> {
    match deed {
        Deed::Action(action) if model.overlay.is_none() => act_on(model, action),
        // A dialog has keys of its own for it.
        Deed::Action(_) => {
            let chords = model.keys.of_deed(deed).map(|binding| &*binding.chords).unwrap_or_default();
            let chord = chords.iter().find(|chord| chord.works_while_typing()).copied();
            chord.map(|chord| key(model, chord)).unwrap_or_default()
        }
        Deed::Control(_) | Deed::Edit(_) => pressed(model, &Press::of(deed)),
    }
}

/// Goes to a row of the list that is open (the marked row, and how many there are) as the arrows do; takes it at once,
/// or if it was marked already.
fn choose(model: &mut Model, listed: Option<(usize, usize)>, index: usize, at_once: bool) -> Vec<Effect> {
    let Some((marked, _)) = listed.filter(|(_, n)| index < *n) else { return Vec::new() };
    let step = Deed::Edit(if index < marked { "up" } else { "down" });
    let mut effects: Vec<_> = (0..index.abs_diff(marked)).flat_map(|_| does(model, step)).collect();
    if at_once || index == marked {
        // What Enter means, wherever the list is.
        let enter = Press::of(Deed::Control(Control::Take)).or(Control::GoOn).or(Control::Accept);
        effects.extend(pressed(model, &enter));
    }
    effects
}

/// Gives the keys to the panel beside the form, with a row of it selected.
fn select_beside(model: &mut Model, row: usize) -> Vec<Effect> {
    let draft = model.intake.current_mut();
    if row >= draft.beside() {
        return Vec::new();
    }
    draft.side.select(row);
    model.read_beside()
}

/// The selected row of the list of the screen.
fn selected_row(model: &Model) -> Option<usize> {
    match model.screen {
        Screen::Search => Some(model.search.list.selected()),
        Screen::Work => Some(model.work.list.selected()),
        Screen::Drafts => Some(model.drafts.list.selected()),
        Screen::SignIn | Screen::Intake | Screen::Case => None,
    }
}

/// Selects a row of the list of the screen, if there is one.
fn select_row(model: &mut Model, row: usize) -> Option<Vec<Effect>> {
    let n = match model.screen {
        Screen::Search => model.search.hits.len(),
        Screen::Work => model.work.rows(model.work.tab).len(),
        Screen::Drafts => model.drafts.count(),
        Screen::SignIn | Screen::Intake | Screen::Case => 0,
    };
    (row < n).then(|| {
        let effects = select(model, row);
        if model.screen == Screen::Search { effects } else { model.read_beside() }
    })
}

/// The menu of what was hit, which is selected first.
fn menu(model: &mut Model, hit: Hit) -> Vec<Effect> {
    let selected = match hit.target {
        // What is selected in a text stays so, to be copied.
        Target::Field(field) | Target::Label(field) => Some(intake::focus(model, field)),
        Target::Beside(row) => Some(select_beside(model, row)),
        Target::Rows => select_row(model, hit.index()),
        Target::Reading if model.overlay.is_none() => Some(Vec::new()),
        _ => None,
    };
    let Some(mut effects) = selected else { return Vec::new() };
    effects.extend(act_on(model, Action::Menu));
    effects
}

/// Scrolls what is under the mouse by rows, or an article by a page, where that takes the caret out of no field.
fn wheel(model: &mut Model, hit: Hit, [row, page]: [&'static str; 2]) -> Vec<Effect> {
    let follows = match hit.target {
        Target::Reading if matches!(model.overlay, Some(Overlay::Knowledge(_))) => {
            return does(model, Deed::Edit(page));
        }
        Target::Choices | Target::Candidates => true,
        Target::Over => matches!(model.overlay, Some(Overlay::Help(_))),
        Target::Reading => model.screen == Screen::Case,
        Target::Rows => selected_row(model).is_some(),
        Target::Beside(_) => model.intake.current().side.has_keys(),
        Target::Field(_) | Target::Typed => {
            matches!(model.input_at(hit.target), Some(Writing::Area(_)))
        }
        _ => false,
    };
    let n = if follows { NOTCH } else { 0 };
    (0..n).flat_map(|_| does(model, Deed::Edit(row))).collect()
}

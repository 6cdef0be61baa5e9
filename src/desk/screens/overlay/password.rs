//! One's own password: the one that holds, and the next one twice. It is sent by the keys of every dialog and never by
//! Enter, which goes on; what is typed is shown as stars and forgotten when the dialog closes.

use ratatui::layout::{Position, Rect};

use super::Overlay;
use super::view::{open, tell};
use crate::client::ClientError;
use crate::desk::effects::Effect;
use crate::desk::hits::{Canvas, Target};
use crate::desk::keymap::{Control, Press};
use crate::desk::layout::dialog;
use crate::desk::model::{Model, Severity};
use crate::desk::paint::{self, columns, put, rows};
use crate::desk::widgets::edit::Outcome;
use crate::desk::widgets::field::Field;
use crate::domain::code::code_enum;
use crate::domain::secret::Secret;
use crate::i18n::name_of;
use crate::journal::NotChanged;
use crate::theme::Role;
use crate::wire::problem::{FieldProblem, ProblemCode};

/// The longest that is taken; the server says what is too long.
const LIMIT: usize = 256;
/// Columns of a label.
const LABEL: u16 = 14;

code_enum! {
    /// The fields in the order of the focus.
    PasswordField = "password_field" {
        /// The one that holds.
        Old = "old",
        /// The next.
        New = "new",
        /// The next again.
        Again = "again",
    }
}

/// The dialog.
#[derive(Debug)]
pub struct PasswordDialog {
    /// The field in focus.
    pub focus: PasswordField,
    fields: [Field; 3],
    /// What is wrong, in the person's language, and with which field if with one.
    pub fault: Option<(Option<PasswordField>, String)>,
    /// Whether the answer has not come.
    pub sending: bool,
}

impl PasswordDialog {
    /// An empty dialog.
    pub fn new() -> Self {
        let fields = [(); 3].map(|()| Field::masked(LIMIT));
        Self { focus: PasswordField::Old, fields, fault: None, sending: false }
    }

    /// The input in focus.
    pub fn field(&mut self) -> &mut Field {
        &mut self.fields[self.focus as usize]
    }

    fn text(&self, field: PasswordField) -> &str {
        self.fields[field as usize].text()
    }

    fn step(&mut self, forward: bool) {
        let (n, at) = (PasswordField::ALL.len(), self.focus as usize);
        self.focus = PasswordField::ALL[if forward { at + 1 } else { at + n - 1 } % n];
    }

    /// The old and the new one, or what is wrong with what is typed.
    fn read(&self) -> Result<(Secret, Secret), (PasswordField, String)> {
        let [old, new, again] =
            [PasswordField::Old, PasswordField::New, PasswordField::Again].map(|field| self.text(field));
        for (field, text) in [(PasswordField::Old, old), (PasswordField::New, new)] {
            if text.is_empty() {
                return Err((field, name_of("fault", "required")));
            }
        }
        if new == old {
            return Err((PasswordField::New, rust_i18n::t!("password.same").into_owned()));
        }
        if again != new {
            return Err((PasswordField::Again, rust_i18n::t!("sign_in.not_the_same").into_owned()));
        }
        Ok((Secret::new(old.to_owned()), Secret::new(new.to_owned())))
    }

    fn refuse(&mut self, field: Option<PasswordField>, words: String) {
        self.focus = field.unwrap_or(self.focus);
        (self.fault, self.sending) = (Some((field, words)), false);
    }
}

/// Handles a key that does not leave the dialog.
pub(super) fn key(dialog: &mut PasswordDialog, press: &Press) {
    if dialog.sending {
        return;
    }
    if press.is(Control::GoOn) || press.is(Control::NextField) {
        dialog.step(true);
    } else if press.is(Control::PreviousField) {
        dialog.step(false);
    } else if let Some(edit) = press.edit() {
        match dialog.field().apply(&edit) {
            Outcome::Refused(_) => dialog.fault = Some((Some(dialog.focus), name_of("fault", "too_long"))),
            outcome if outcome.edited() => dialog.fault = None,
            _ => {}
        }
    }
}

/// Takes pasted text; how many characters did not fit.
pub(super) fn paste(dialog: &mut PasswordDialog, text: &str) -> usize {
    if dialog.sending {
        return 0;
    }
    dialog.fault = None;
    dialog.field().paste(text)
}

/// Sends what is typed, or says what is wrong with it.
pub(super) fn send(model: &Model, dialog: &mut PasswordDialog) -> Vec<Effect> {
    let Some(session) = &model.session else { return Vec::new() };
    match dialog.read() {
        Ok((old, new)) => {
            (dialog.sending, dialog.fault) = (true, None);
            vec![Effect::ChangePassword { name: session.account.name.clone(), old, new }]
        }
        Err((field, words)) => {
            dialog.refuse(Some(field), words);
            Vec::new()
        }
    }
}

/// The answer came; the dialog may be closed, or under another, by now.
pub fn changed(model: &mut Model, answer: Result<(), NotChanged>) -> Vec<Effect> {
    match answer {
        Ok(()) => {
            model.beneath.retain(|overlay| !matches!(overlay, Overlay::Password(_)));
            if matches!(model.overlay, Some(Overlay::Password(_))) {
                model.uncover();
            }
            model.say(Severity::Done, rust_i18n::t!("password.done").into_owned());
            Vec::new()
        }
        Err(NotChanged::Refused(error)) => refused(model, &error),
        Err(NotChanged::Unknown(_)) => {
            refuse(model, None, rust_i18n::t!("password.unknown").into_owned());
            Vec::new()
        }
        Err(NotChanged::Journal(error)) => {
            refuse(model, None, name_of("journal", error.code()));
            Vec::new()
        }
    }
}

fn refused(model: &mut Model, error: &ClientError) -> Vec<Effect> {
    let fault = error.problem().and_then(|problem| problem.errors.first());
    let field = fault.and_then(|fault| match fault.pointer.as_str() {
        "/old" => Some(PasswordField::Old),
        "/new" => Some(PasswordField::New),
        _ => None,
    });
    let words = match (field, fault) {
        (Some(PasswordField::Old), _) => rust_i18n::t!("password.wrong").into_owned(),
        (Some(_), Some(fault)) => fault_words(fault),
        _ => model.in_words(error),
    };
    refuse(model, field, words);
    // Who it is has to be said again, over the dialog.
    if error.is(ProblemCode::SignInNeeded) { model.failed(error) } else { Vec::new() }
}

fn fault_words(fault: &FieldProblem) -> String {
    let words = name_of("fault", &fault.code);
    fault.limit.map_or_else(|| words.clone(), |limit| format!("{words} ({limit})"))
}

/// Says in the dialog why not; at the foot of the screen if it is closed.
fn refuse(model: &mut Model, field: Option<PasswordField>, words: String) {
    let dialog = model.overlays_mut().find_map(|overlay| match overlay {
        Overlay::Password(dialog) => Some(dialog),
        _ => None,
    });
    match dialog {
        Some(dialog) => dialog.refuse(field, words),
        None => model.say(Severity::Error, words),
    }
}

/// Paints it.
pub(super) fn view(
    model: &Model,
    buf: &mut Canvas<'_>,
    area: Rect,
    asked: &PasswordDialog,
) -> Option<Position> {
    let inside = open(model, buf, dialog(area, (62, 11)), &name_of("action", "password"));
    let look = &model.look;
    let mut top = tell(model, buf, inside, 0, &rust_i18n::t!("password.told"), Role::TextDim) + 1;
    let mut cursor = None;
    for (field, input) in PasswordField::ALL.iter().zip(&asked.fields) {
        let focused = asked.focus == *field;
        let wrong = asked.fault.as_ref().is_some_and(|(at, _)| *at == Some(*field));
        let role = if focused { Role::LabelFocus } else { Role::Label };
        let label = name_of("password_field", field.code());
        let style = look.style(Role::Overlay).patch(look.style(role));
        let before = rows(columns(inside, 0, LABEL), top, 1);
        put(buf, before, 0, &label, style);
        let mark = match (wrong, focused) {
            (true, _) => paint::REFUSED,
            (false, true) => paint::FOCUS,
            (false, false) => "",
        };
        paint::mark(buf, before, mark, style);
        let at = rows(columns(inside, LABEL, inside.width.saturating_sub(LABEL)), top, 1);
        cursor = cursor.or(input.view(buf, at, &look.field(wrong), "", focused));
        buf.hit(at, Target::Password(*field));
        top += 1;
    }
    if asked.sending {
        tell(model, buf, inside, top + 1, &rust_i18n::t!("sign_in.checking"), Role::Info);
    } else if let Some((field, words)) = &asked.fault {
        let words = field.map_or_else(
            || words.clone(),
            |field| {
                let field = name_of("password_field", field.code());
                rust_i18n::t!("desk.fault", field = field, fault = words).into_owned()
            },
        );
        tell(model, buf, inside, top + 1, &words, Role::Error);
    }
    cursor
}

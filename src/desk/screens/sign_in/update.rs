//! What a key does to the sign-in screen.

use super::{Asking, Refusal, SignInScreen};
use crate::desk::effects::Effect;
use crate::desk::keymap::{Context, Control, Press};
use crate::desk::model::Model;
use crate::desk::screens::intake;
use crate::domain::account::AccountName;
use crate::domain::secret::Secret;

/// Handles a key that is no action.
pub fn key(model: &mut Model, press: &Press) -> Vec<Effect> {
    let screen = &mut model.sign_in;
    let fields = screen.fields();
    if fields == 0 || screen.waiting {
        return Vec::new();
    }
    match press.control(Context::Form) {
        // No case is filed by this: a password is sent by Enter everywhere.
        Some(Control::GoOn) if screen.focus + 1 == fields => return send(model),
        Some(Control::NextField | Control::GoOn) => screen.focus = (screen.focus + 1) % fields,
        Some(Control::PreviousField) => screen.focus = (screen.focus + fields - 1) % fields,
        _ => {
            if let Some(edit) = press.edit()
                && screen.field().apply(&edit).edited()
            {
                (screen.error, screen.held) = (None, false);
            }
        }
    }
    Vec::new()
}

/// Takes a pasted name or password.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.sign_in.fields() > 0 && !model.sign_in.waiting {
        let refused = model.sign_in.field().paste(text);
        if refused > 0 {
            model.sign_in.error = Some(Refusal::PasteCut(refused));
        }
    }
    Vec::new()
}

/// Sends what is typed, or says what is missing.
pub fn send(model: &mut Model) -> Vec<Effect> {
    let screen = &mut model.sign_in;
    if screen.asking == Asking::Wait {
        // The first account is typed otherwise than all the others: which it is, the server will say.
        screen.held = true;
        return Vec::new();
    }
    match ready(screen) {
        Ok(effect) => {
            (screen.waiting, screen.error) = (true, None);
            // The next one's key is another.
            let mut effects = intake::save_all(model);
            effects.push(effect);
            effects
        }
        Err((focus, error)) => {
            (screen.focus, screen.error) = (focus, Some(error));
            Vec::new()
        }
    }
}

fn ready(screen: &SignInScreen) -> Result<Effect, (usize, Refusal)> {
    let name: AccountName = screen.name.text().trim().parse().map_err(|_| (0, Refusal::BadName))?;
    if screen.password.is_empty() {
        return Err((1, Refusal::NoPassword));
    }
    let password = Secret::new(screen.password.text().to_owned());
    match screen.asking {
        Asking::FirstAccount if screen.again.text() != screen.password.text() => {
            Err((2, Refusal::NotTheSame))
        }
        Asking::FirstAccount => Ok(Effect::FirstAccount { name, password }),
        _ => Ok(Effect::SignIn { name, password }),
    }
}

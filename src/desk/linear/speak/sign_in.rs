//! What is said of signing in, on its screen and over the work.

use super::Lines;
use crate::desk::model::Model;
use crate::desk::screens::sign_in::{Asking, Refusal};

/// What was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    asking: Option<Asking>,
    error: Option<Refusal>,
}

impl Seen {
    pub(super) fn forget_refusals(&mut self) {
        self.error = None;
    }
}

pub(super) fn told(lines: &mut Lines, seen: &mut Seen, model: &Model) {
    let screen = &model.sign_in;
    // While it is not known what is asked for, the waiting is said by whoever waits.
    let asking = Some(screen.asking).filter(|asking| !matches!(asking, Asking::Nobody | Asking::Wait));
    if asking.is_some() && asking != seen.asking {
        seen.asking = asking;
        lines.say_at_once(if screen.asking == Asking::FirstAccount {
            rust_i18n::t!("sign_in.first_told")
        } else {
            rust_i18n::t!("sign_in.told")
        });
    }
    if screen.error != seen.error && !screen.waiting {
        seen.error.clone_from(&screen.error);
        if let Some(error) = &screen.error {
            lines.say_at_once(error.words(model));
        }
    }
}

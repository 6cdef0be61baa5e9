//! Signing in: over the whole screen at the start, as an overlay when a session has ended; and the first account.

mod refusal;
mod update;
mod view;

pub use refusal::Refusal;
pub use update::{key, paste, send};
pub use view::{hints, view, view_locked, view_over};

use crate::desk::widgets::field::Field;

/// The longest name or password that is taken.
const LIMIT: usize = 128;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Nobody: the program signs in by itself.
    Nobody,
    /// A name and a password, which are kept until the server has said whether anybody has an account.
    Wait,
    /// A name and a password.
    SignIn,
    /// A name and a password twice, for the first account.
    FirstAccount,
}

/// The sign-in screen.
#[derive(Debug)]
pub struct SignInScreen {
    /// What is asked for.
    pub asking: Asking,
    /// The account.
    pub name: Field,
    /// The password.
    pub password: Field,
    /// The password again, for the first account.
    pub again: Field,
    /// The field in focus, from 0.
    pub focus: usize,
    /// Whether the answer has not come.
    pub waiting: bool,
    /// Whether Enter was pressed before it was known what is asked for.
    pub held: bool,
    /// Why not.
    pub error: Option<Refusal>,
}

impl SignInScreen {
    /// Waits for the server's word whether there is an account.
    pub fn new() -> Self {
        Self {
            asking: Asking::Wait,
            name: Field::new(LIMIT),
            password: Field::masked(LIMIT),
            again: Field::masked(LIMIT),
            focus: 0,
            waiting: false,
            held: false,
            error: None,
        }
    }

    /// The fields that are asked for.
    pub fn fields(&self) -> usize {
        match self.asking {
            Asking::Nobody => 0,
            Asking::Wait | Asking::SignIn => 2,
            Asking::FirstAccount => 3,
        }
    }

    /// The field in focus.
    pub fn field(&mut self) -> &mut Field {
        match self.focus {
            0 => &mut self.name,
            1 => &mut self.password,
            _ => &mut self.again,
        }
    }

    /// Asks `name` again for the password.
    pub fn ask_again(&mut self, name: &str) {
        self.asking = Asking::SignIn;
        self.name.set(name);
        self.password.clear();
        (self.focus, self.waiting, self.error) = (1, false, None);
    }
}

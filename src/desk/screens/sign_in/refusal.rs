//! Why nobody comes in. It is put into words when it is shown, for the language may be switched meanwhile.

use crate::client::ClientError;
use crate::desk::model::Model;
use crate::desk::msg::NotSignedIn;
use crate::i18n::name_of;
use crate::wire::problem::Problem;

/// Why nobody comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// So many characters of a paste did not fit.
    PasteCut(usize),
    /// No account can have this name.
    BadName,
    /// No password was typed.
    NoPassword,
    /// The password was typed in two ways.
    NotTheSame,
    /// The password does not open this desk.
    WrongPassword,
    /// The same, and no other is tried for so many seconds.
    WrongForNow(i64),
    /// None is tried for so many seconds.
    NotYet(i64),
    /// The server says no.
    Problem(Box<Problem>),
    /// The server says nothing that is understood: `client.CODE`.
    NoAnswer(&'static str),
    /// The desk says no: `journal.CODE`.
    Desk(&'static str),
}

impl Refusal {
    /// The same in the person's language.
    pub fn words(&self, model: &Model) -> String {
        let words = match self {
            Self::PasteCut(n) => rust_i18n::t!("desk.paste_refused", n = n),
            Self::BadName => rust_i18n::t!("sign_in.bad_name"),
            Self::NoPassword => rust_i18n::t!("sign_in.no_password"),
            Self::NotTheSame => rust_i18n::t!("sign_in.not_the_same"),
            Self::WrongPassword => rust_i18n::t!("lock.wrong"),
            Self::WrongForNow(seconds) => rust_i18n::t!("lock.wrong_later", n = seconds),
            Self::NotYet(seconds) => rust_i18n::t!("lock.later", n = seconds),
            Self::Problem(problem) => return model.problem_in_words(problem),
            Self::NoAnswer(code) => return name_of("client", code),
            Self::Desk(code) => return name_of("journal", code),
        };
        words.into_owned()
    }
}

impl From<ClientError> for Refusal {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Problem { problem, .. } => Self::Problem(problem),
            other => Self::NoAnswer(other.code()),
        }
    }
}

impl From<NotSignedIn> for Refusal {
    fn from(error: NotSignedIn) -> Self {
        match error {
            NotSignedIn::Server(error) => error.into(),
            NotSignedIn::Desk(code) => Self::Desk(code),
        }
    }
}

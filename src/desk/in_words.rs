//! What went wrong, in the person's language: the code is translated, what a server wrote is never shown.

use super::model::Model;
use super::screens::intake::FieldId;
use crate::client::ClientError;
use crate::i18n::name_of;
use crate::wire::problem::{Problem, ProblemCode};

impl Model {
    /// An error in the person's language.
    pub fn in_words(&self, error: &ClientError) -> String {
        match error.problem() {
            Some(problem) => self.problem_in_words(problem),
            None => name_of("client", error.code()),
        }
    }

    /// What a server said against something, in the person's language.
    pub fn problem_in_words(&self, problem: &Problem) -> String {
        if problem.code == ProblemCode::Refused {
            let rule = problem.rule.as_deref().map(|rule| name_of("rule", rule));
            return rule.unwrap_or_else(|| name_of("problem", "refused"));
        }
        let Some(fault) = problem.errors.first() else { return name_of("problem", problem.code.code()) };
        let mut words = name_of("fault", &fault.code);
        if let Some(limit) = fault.limit {
            words = format!("{words} ({limit})");
        }
        let field = match fault.pointer.as_str() {
            "/name" => Some(rust_i18n::t!("sign_in.name").into_owned()),
            "/password" => Some(rust_i18n::t!("sign_in.password").into_owned()),
            pointer => FieldId::at(pointer).map(|field| name_of("field", field.code())),
        };
        match field {
            Some(field) => rust_i18n::t!("desk.fault", field = field, fault = words).into_owned(),
            None => words,
        }
    }
}

//! How a command fails: refused (1) or used wrongly (2), and the sentence on stderr.

use std::process::ExitCode;

use super::output;
use crate::config::ConfigError;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// It was understood and cannot be done.
    Refused(String),
    /// It cannot be understood, or the settings are wrong.
    Usage(String),
    /// Everything has been said already.
    Told,
}

impl Failure {
    /// Says why, and gives the exit code.
    pub(super) fn tell(self) -> ExitCode {
        match self {
            Self::Refused(why) => {
                output::complain(&why);
                ExitCode::from(1)
            }
            Self::Usage(why) => {
                output::complain(&why);
                ExitCode::from(2)
            }
            Self::Told => ExitCode::from(1),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Refused(format!("{error:#}"))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Refused(error.to_string())
    }
}

#[cfg(feature = "desk")]
impl From<crate::client::ClientError> for Failure {
    fn from(error: crate::client::ClientError) -> Self {
        Self::Refused(sentence(&error))
    }
}

/// A failure of the client in the person's language: the reason, the fields that are wrong, the request to name.
#[cfg(feature = "desk")]
pub(super) fn sentence(error: &crate::client::ClientError) -> String {
    use std::fmt::Write as _;

    use crate::i18n::name_of;

    let Some(problem) = error.problem() else { return name_of("client", error.code()) };
    let mut sentence = name_of("problem", problem.code.code());
    if let Some(rule) = &problem.rule {
        sentence.push_str(": ");
        sentence.push_str(&name_of("rule", rule));
    }
    for fault in &problem.errors {
        let limit = fault.limit.map(|limit| format!(" ({limit})")).unwrap_or_default();
        let _ = write!(sentence, "; {}: {}{limit}", fault.pointer, name_of("fault", &fault.code));
    }
    let _ = write!(sentence, " [{}]", problem.request_id);
    sentence
}

//! How a command fails: refused (1) or used wrongly (2), the sentence on stderr, and what to do next.
//!
//! Every reason has a code. It is the last part of the key `next.CODE` in the locales, where the advice stands, and it
//! is what scripts read: with `--json` a failure is one line, `{"error":{"code":…,"message":…,"next":…}}`.

use std::borrow::Cow;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use rust_i18n::t;

use super::output;
use crate::config::ConfigError;
use crate::i18n::name_of;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// It was understood and cannot be done.
    Refused(Reason),
    /// It cannot be understood, or the settings are wrong.
    Usage(Reason),
    /// Everything has been said already.
    Told,
}

/// What happened, in the person's language, and what to do about it.
#[derive(Debug)]
pub(super) struct Reason {
    code: &'static str,
    what: String,
    /// Instead of the advice that goes with the code.
    next: Option<String>,
}

impl Reason {
    fn next(&self) -> Cow<'_, str> {
        self.next.as_deref().map_or_else(|| name_of("next", self.code).into(), Cow::Borrowed)
    }
}

impl Failure {
    /// It was understood and cannot be done.
    pub(super) fn refused(code: &'static str, what: impl Into<String>) -> Self {
        Self::Refused(Reason { code, what: what.into(), next: None })
    }

    /// It cannot be understood, or the settings are wrong.
    pub(super) fn usage(code: &'static str, what: impl Into<String>) -> Self {
        Self::Usage(Reason { code, what: what.into(), next: None })
    }

    /// The same with other advice than its code has.
    pub(super) fn advise(mut self, advice: impl Into<String>) -> Self {
        if let Self::Refused(reason) | Self::Usage(reason) = &mut self {
            reason.next = Some(advice.into());
        }
        self
    }

    /// A database that is not who it should be.
    #[cfg(feature = "server")]
    fn distrusted(path: &Path, why: crate::store::Distrust) -> Self {
        use crate::store::Distrust;
        let path = path.display();
        match why {
            Distrust::NoTls => Self::refused("database_no_tls", t!("cli.store.no_tls", path = path)),
            Distrust::Authority => {
                Self::refused("database_untrusted", t!("cli.store.untrusted", path = path))
            }
            Distrust::Name => Self::refused("database_name", t!("cli.store.name", path = path)),
            Distrust::Time => Self::refused("database_expired", t!("cli.store.expired", path = path)),
        }
    }

    /// A database of whose hosts none can be used, each with its reason.
    #[cfg(feature = "server")]
    fn unserved(path: &Path, hosts: &[(String, crate::store::Trouble)]) -> Self {
        use crate::store::Trouble;
        let told: Vec<_> = hosts
            .iter()
            .map(|(host, why)| match (name_of("database_host", why.code()), why) {
                (sentence, Trouble::Other(code)) => format!("{host} {sentence} ({code})"),
                (sentence, _) => format!("{host} {sentence}"),
            })
            .collect();
        let told = told.join(&t!("cli.store.and"));
        Self::refused("database_unserved", t!("cli.store.unserved", path = path.display(), hosts = told))
    }

    /// What the system says of a file. A file that is not there is refused alike, whatever it was wanted for.
    pub(super) fn file(path: &Path, error: &io::Error) -> Self {
        let code = system_code(error);
        Self::refused(code, format!("{}: {}", path.display(), system_words(code, error)))
    }

    /// What happened and what to do, for those who tell it in their own way.
    #[cfg(feature = "desk")]
    pub(super) fn into_words(self) -> (String, String) {
        match self {
            Self::Refused(reason) | Self::Usage(reason) => {
                let next = reason.next().into_owned();
                (reason.what, next)
            }
            Self::Told => (String::new(), String::new()),
        }
    }

    /// Says why, and gives the exit code.
    pub(super) fn tell(self, json: bool) -> ExitCode {
        let (code, reason) = match &self {
            Self::Refused(reason) => (1, reason),
            Self::Usage(reason) => (2, reason),
            Self::Told => return ExitCode::from(1),
        };
        let next = reason.next();
        if json {
            let error = serde_json::json!({ "code": reason.code, "message": reason.what, "next": next });
            output::complain_json(&serde_json::json!({ "error": error }));
        } else {
            output::complain(&reason.what);
            output::advise(&t!("cli.next", next = next));
        }
        ExitCode::from(code)
    }
}

/// The advice that goes with a code.
#[cfg(feature = "desk")]
pub(super) fn advice(code: &str) -> String {
    name_of("next", code)
}

/// The code of what the system says; `system.CODE` is its sentence.
fn system_code(error: &io::Error) -> &'static str {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::NotFound => "file_not_found",
        Kind::PermissionDenied => "permission_denied",
        Kind::AlreadyExists => "already_exists",
        Kind::IsADirectory => "is_a_folder",
        Kind::NotADirectory => "no_folder",
        Kind::ReadOnlyFilesystem => "read_only",
        Kind::StorageFull | Kind::QuotaExceeded => "no_space",
        Kind::AddrInUse => "address_in_use",
        Kind::AddrNotAvailable => "no_such_address",
        Kind::ResourceBusy | Kind::ExecutableFileBusy => "busy_file",
        Kind::InvalidData => "not_text",
        _ => "system",
    }
}

/// What the system says, in the person's language; what has no sentence is told in the system's own words.
fn system_words(code: &str, error: &io::Error) -> String {
    if code == "system" { error.to_string() } else { name_of("system", code) }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        match &error {
            ConfigError::Unreadable { path, source } => Self::file(path, source),
            ConfigError::Folder(source) => source_of(source),
            ConfigError::InFile { .. } | ConfigError::InEnvironment { .. } => {
                Self::usage("bad_setting", error.to_string())
            }
            ConfigError::NotPrivate { .. } => Self::usage("not_private", error.to_string()),
            ConfigError::NoHome => Self::usage("no_home", error.to_string()),
        }
    }
}

fn source_of(error: &io::Error) -> Failure {
    let code = system_code(error);
    Failure::refused(code, system_words(code, error))
}

/// Why the server does not listen, where that is for the one who started it to put right.
#[cfg(feature = "server")]
fn not_listening(error: &anyhow::Error) -> Option<Failure> {
    use crate::server::{ListenError, StartError};
    let started = error.chain().find_map(|cause| cause.downcast_ref::<StartError>())?;
    let StartError::Listen(error) = started else { return None };
    match error {
        ListenError::NeedsTls(address) => {
            Some(Failure::usage("needs_certificate", t!("cli.serve.needs_tls", address = address)))
        }
        ListenError::Pem(_) | ListenError::Tls(_) => {
            Some(Failure::refused("bad_certificate", t!("cli.serve.bad_tls")))
        }
        ListenError::Bind(..) => None,
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        #[cfg(feature = "server")]
        if let Some(failure) = not_listening(&error) {
            return failure;
        }
        let of_system = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
        of_system.map_or_else(|| Self::refused("internal", format!("{error:#}")), source_of)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        source_of(&error)
    }
}

#[cfg(feature = "server")]
impl From<&crate::store::StoreError> for Failure {
    fn from(error: &crate::store::StoreError) -> Self {
        use crate::store::StoreError;
        match error {
            StoreError::DiskFull => Self::refused("no_space", name_of("system", "no_space")),
            StoreError::Open { path, kind } => Self::file(path, &io::Error::from(*kind)),
            StoreError::Newer { path, .. } => {
                Self::refused("database_newer", t!("cli.store.newer", path = path.display()))
            }
            StoreError::Unreadable { path } => {
                Self::refused("database_damaged", t!("cli.store.damaged", path = path.display()))
            }
            StoreError::Address { what } => {
                Self::usage("database_address", t!("cli.store.address", what = what))
            }
            StoreError::Distrusted { path, why } => Self::distrusted(path, *why),
            StoreError::Unserved { path, hosts } => Self::unserved(path, hosts),
            StoreError::Busy | StoreError::TimedOut | StoreError::Unavailable | StoreError::Unanswered => {
                Self::refused("busy", name_of("problem", "busy"))
            }
            other => Self::refused("internal", other.to_string()),
        }
    }
}

#[cfg(feature = "desk")]
impl From<crate::client::ClientError> for Failure {
    fn from(error: crate::client::ClientError) -> Self {
        Self::refused(error.code(), sentence(&error))
    }
}

/// A failure of the client in the person's language: the reason, the fields that are wrong, the request to name.
#[cfg(feature = "desk")]
fn sentence(error: &crate::client::ClientError) -> String {
    use std::fmt::Write as _;

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::i18n::{Language, name_in};

    /// The codes that the sources of the command line fail with.
    fn codes_in_sources() -> BTreeSet<String> {
        let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/cli")];
        let mut codes = BTreeSet::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = fs::read_to_string(path).unwrap();
                for call in ["::refused(", "::usage("] {
                    for (at, _) in text.match_indices(call) {
                        let argument = text[at + call.len()..].trim_start();
                        codes.extend(
                            argument
                                .strip_prefix('"')
                                .and_then(|rest| rest.split('"').next())
                                .map(str::to_owned),
                        );
                    }
                }
            }
        }
        // What is looked for stands in this file as well, and is no call.
        codes.retain(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        codes
    }

    #[test]
    fn every_failure_says_what_to_do_next() {
        let mut codes = codes_in_sources();
        assert!(codes.len() > 20, "{codes:?}");
        codes.extend(crate::wire::problem::ProblemCode::ALL.iter().map(|code| code.code().to_owned()));
        for code in [
            "bad_address",
            "insecure",
            "bad_authority",
            "untrusted",
            "offline",
            "unavailable",
            "not_our_server",
            "not_understood",
        ] {
            codes.insert(code.to_owned());
        }
        for kind in [
            io::ErrorKind::NotFound,
            io::ErrorKind::PermissionDenied,
            io::ErrorKind::AlreadyExists,
            io::ErrorKind::IsADirectory,
            io::ErrorKind::NotADirectory,
            io::ErrorKind::ReadOnlyFilesystem,
            io::ErrorKind::StorageFull,
            io::ErrorKind::AddrInUse,
            io::ErrorKind::AddrNotAvailable,
            io::ErrorKind::ResourceBusy,
            io::ErrorKind::InvalidData,
            io::ErrorKind::Other,
        ] {
            codes.insert(system_code(&io::Error::from(kind)).to_owned());
        }
        for language in Language::ALL {
            for code in &codes {
                assert_ne!(&name_in(*language, "next", code), code, "no next.{code} in {language:?}");
            }
        }
    }
}

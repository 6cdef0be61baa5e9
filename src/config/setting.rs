//! The table of settings: key in the file, variable in the environment, type.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use rust_i18n::t;

use super::ConfigError;
use crate::domain::secret::Secret;

/// The characters that borders are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Borders {
    /// Lines with round corners.
    #[default]
    Rounded,
    /// Lines.
    Plain,
    /// `+`, `-` and `|`, for terminals that draw the others two columns wide.
    Ascii,
}

/// How many columns the terminal gives characters of ambiguous width, such as `…` and `①`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AmbiguousWidth {
    /// As many as the environment says, otherwise one.
    #[default]
    Auto,
    /// One.
    Narrow,
    /// Two.
    Wide,
}

/// Where a server keeps its cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// The embedded database in this file.
    File(PathBuf),
    /// A `postgres://` address, which may hold a password.
    Postgres(Secret),
}

impl Database {
    /// Reads an address, or an absolute path.
    pub fn read(text: &str) -> Result<Self, String> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(Self::Postgres(Secret::new(text.to_owned())))
        } else {
            path(text).map(Self::File)
        }
    }
}

/// The settings that one layer gives; what it leaves open comes from the layer below.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "told once, in `Config`")]
pub struct Settings {
    pub server: Option<String>,
    pub ca: Option<PathBuf>,
    pub language: Option<String>,
    pub theme: Option<String>,
    pub borders: Option<Borders>,
    pub ambiguous_width: Option<AmbiguousWidth>,
    pub clipboard: Option<bool>,
    pub mouse: Option<bool>,
    pub call_clock: Option<bool>,
    pub lock_minutes: Option<u32>,
    pub linear: Option<bool>,
    pub database: Option<Database>,
    pub replicas: Option<Vec<Secret>>,
    pub listen: Option<SocketAddr>,
    pub profile: Option<PathBuf>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub session_idle_minutes: Option<u32>,
    pub session_hours: Option<u32>,
}

/// What the value of a setting is, in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text in quotes.
    Text,
    /// A text in quotes: an absolute path.
    Path,
    /// A text in quotes: an absolute path, or a `postgres://` address.
    Database,
    /// `true` or `false`, with or without quotes.
    YesOrNo,
    /// A whole number.
    Number,
}

impl Kind {
    /// The key of its name, `setting_kind.CODE`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Path => "path",
            Self::Database => "database",
            Self::YesOrNo => "yes_or_no",
            Self::Number => "number",
        }
    }
}

/// One setting. What it means stands in the locales as `setting.KEY`.
pub struct Setting {
    /// Its key in `config.toml`.
    pub key: &'static str,
    /// Its variable in the environment.
    pub env: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What holds where nothing is said; empty where that depends on something else, told with its meaning.
    pub default: &'static str,
    /// Reads the value into its field, or says what is wrong with it.
    pub set: fn(&mut Settings, &str) -> Result<(), String>,
}

/// Every setting.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "server",
        env: "HUIYIN_SERVER",
        kind: Kind::Text,
        default: "",
        set: |s, v| put(&mut s.server, url(v)),
    },
    Setting {
        key: "ca",
        env: "HUIYIN_CA",
        kind: Kind::Path,
        default: "",
        set: |s, v| put(&mut s.ca, path(v)),
    },
    Setting {
        key: "language",
        env: "HUIYIN_LANGUAGE",
        kind: Kind::Text,
        default: "zh-CN",
        set: |s, v| put(&mut s.language, language(v)),
    },
    Setting {
        key: "theme",
        env: "HUIYIN_THEME",
        kind: Kind::Text,
        default: "dark",
        set: |s, v| put(&mut s.theme, name(v)),
    },
    Setting {
        key: "borders",
        env: "HUIYIN_BORDERS",
        kind: Kind::Text,
        default: "rounded",
        set: |s, v| put(&mut s.borders, borders(v)),
    },
    Setting {
        key: "ambiguous_width",
        env: "HUIYIN_AMBIGUOUS_WIDTH",
        kind: Kind::Text,
        default: "auto",
        set: |s, v| put(&mut s.ambiguous_width, ambiguous_width(v)),
    },
    Setting {
        key: "clipboard",
        env: "HUIYIN_CLIPBOARD",
        kind: Kind::YesOrNo,
        default: "true",
        set: |s, v| put(&mut s.clipboard, yes_or_no(v)),
    },
    Setting {
        key: "mouse",
        env: "HUIYIN_MOUSE",
        kind: Kind::YesOrNo,
        default: "true",
        set: |s, v| put(&mut s.mouse, yes_or_no(v)),
    },
    Setting {
        key: "call_clock",
        env: "HUIYIN_CALL_CLOCK",
        kind: Kind::YesOrNo,
        default: "true",
        set: |s, v| put(&mut s.call_clock, yes_or_no(v)),
    },
    Setting {
        key: "lock_minutes",
        env: "HUIYIN_LOCK_MINUTES",
        kind: Kind::Number,
        default: "5",
        set: |s, v| put(&mut s.lock_minutes, whole(v, 0, 15)),
    },
    Setting {
        key: "linear",
        env: "HUIYIN_LINEAR",
        kind: Kind::YesOrNo,
        default: "false",
        set: |s, v| put(&mut s.linear, yes_or_no(v)),
    },
    Setting {
        key: "database",
        env: "HUIYIN_DATABASE",
        kind: Kind::Database,
        default: "",
        set: |s, v| put(&mut s.database, Database::read(v)),
    },
    Setting {
        key: "replicas",
        env: "HUIYIN_REPLICAS",
        kind: Kind::Text,
        default: "",
        set: |s, v| put(&mut s.replicas, replicas(v)),
    },
    Setting {
        key: "listen",
        env: "HUIYIN_LISTEN",
        kind: Kind::Text,
        default: "127.0.0.1:8345",
        set: |s, v| put(&mut s.listen, address(v)),
    },
    Setting {
        key: "profile",
        env: "HUIYIN_PROFILE",
        kind: Kind::Path,
        default: "",
        set: |s, v| put(&mut s.profile, path(v)),
    },
    Setting {
        key: "tls_cert",
        env: "HUIYIN_TLS_CERT",
        kind: Kind::Path,
        default: "",
        set: |s, v| put(&mut s.tls_cert, path(v)),
    },
    Setting {
        key: "tls_key",
        env: "HUIYIN_TLS_KEY",
        kind: Kind::Path,
        default: "",
        set: |s, v| put(&mut s.tls_key, path(v)),
    },
    Setting {
        key: "session_idle_minutes",
        env: "HUIYIN_SESSION_IDLE_MINUTES",
        kind: Kind::Number,
        default: "30",
        set: |s, v| put(&mut s.session_idle_minutes, whole(v, 1, 24 * 60)),
    },
    Setting {
        key: "session_hours",
        env: "HUIYIN_SESSION_HOURS",
        kind: Kind::Number,
        default: "12",
        set: |s, v| put(&mut s.session_hours, whole(v, 1, 24 * 7)),
    },
];

impl Settings {
    /// Sets the one named `key` from text, or says what is wrong with it.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let setting = SETTINGS
            .iter()
            .find(|setting| setting.key == key)
            .ok_or_else(|| t!("config.unknown", known = "").into_owned())?;
        (setting.set)(self, value)
    }

    /// These, and where they are open `below`.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            server: self.server.or(below.server),
            ca: self.ca.or(below.ca),
            language: self.language.or(below.language),
            theme: self.theme.or(below.theme),
            borders: self.borders.or(below.borders),
            ambiguous_width: self.ambiguous_width.or(below.ambiguous_width),
            clipboard: self.clipboard.or(below.clipboard),
            mouse: self.mouse.or(below.mouse),
            call_clock: self.call_clock.or(below.call_clock),
            lock_minutes: self.lock_minutes.or(below.lock_minutes),
            linear: self.linear.or(below.linear),
            database: self.database.or(below.database),
            replicas: self.replicas.or(below.replicas),
            listen: self.listen.or(below.listen),
            profile: self.profile.or(below.profile),
            tls_cert: self.tls_cert.or(below.tls_cert),
            tls_key: self.tls_key.or(below.tls_key),
            session_idle_minutes: self.session_idle_minutes.or(below.session_idle_minutes),
            session_hours: self.session_hours.or(below.session_hours),
        }
    }
}

/// Reads the environment by `lookup`. An empty variable is as good as none.
pub(super) fn from_env(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Settings, ConfigError> {
    let mut settings = Settings::default();
    for setting in SETTINGS {
        let Some(value) = lookup(setting.env).filter(|value| !value.is_empty()) else { continue };
        let wrong = |what| ConfigError::InEnvironment { name: setting.env, what };
        let text = value.into_string().map_err(|_| wrong(t!("config.wanted.utf8").into_owned()))?;
        (setting.set)(&mut settings, &text).map_err(wrong)?;
    }
    Ok(settings)
}

fn put<T>(field: &mut Option<T>, value: Result<T, String>) -> Result<(), String> {
    *field = Some(value?);
    Ok(())
}

fn url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !text.contains(char::is_whitespace) => Ok(text.to_owned()),
        _ => Err(t!("config.wanted.url").into_owned()),
    }
}

fn path(text: &str) -> Result<PathBuf, String> {
    if Path::new(text).is_absolute() {
        Ok(PathBuf::from(text))
    } else {
        Err(t!("config.wanted.path").into_owned())
    }
}

/// Addresses with spaces between them: a comma stands in an address.
fn replicas(text: &str) -> Result<Vec<Secret>, String> {
    let replica = |text| match Database::read(text) {
        Ok(Database::Postgres(address)) => Ok(address),
        _ => Err(t!("config.wanted.replica").into_owned()),
    };
    text.split_whitespace().map(replica).collect()
}

fn language(text: &str) -> Result<String, String> {
    one_of(text, &[("zh-CN", "zh-CN"), ("zh", "zh-CN"), ("en", "en")]).map(str::to_owned)
}

fn borders(text: &str) -> Result<Borders, String> {
    one_of(text, &[("rounded", Borders::Rounded), ("plain", Borders::Plain), ("ascii", Borders::Ascii)])
}

fn ambiguous_width(text: &str) -> Result<AmbiguousWidth, String> {
    use AmbiguousWidth::{Auto, Narrow, Wide};
    one_of(text, &[("auto", Auto), ("narrow", Narrow), ("wide", Wide)])
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    one_of(text, &[("true", true), ("false", false)])
}

fn one_of<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
        t!("config.wanted.one_of", words = words.join(", ")).into_owned()
    })
}

fn name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if text.chars().all(plain) { Ok(text.to_owned()) } else { Err(t!("config.wanted.name").into_owned()) }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| t!("config.wanted.address").into_owned())
}

fn whole(text: &str, least: u32, most: u32) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| t!("config.wanted.number", least = least, most = most).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_lies_over_the_file_and_under_the_flags() {
        let env = from_env(|name| match name {
            "HUIYIN_LISTEN" => Some("127.0.0.1:0".into()),
            "HUIYIN_BORDERS" => Some("ascii".into()),
            "HUIYIN_THEME" => Some("".into()),
            _ => None,
        })
        .unwrap();
        let file =
            Settings { borders: Some(Borders::Rounded), theme: Some("dark".into()), ..Settings::default() };
        let flags = Settings { listen: "127.0.0.1:9".parse().ok(), ..Settings::default() };
        let all = flags.over(env).over(file);
        assert_eq!(all.listen, "127.0.0.1:9".parse().ok());
        assert_eq!(all.borders, Some(Borders::Ascii));
        assert_eq!(all.theme.as_deref(), Some("dark"));
    }

    #[test]
    fn the_default_that_is_told_is_the_one_that_holds() {
        let mut told = Settings::default();
        for setting in SETTINGS.iter().filter(|setting| !setting.default.is_empty()) {
            (setting.set)(&mut told, setting.default).unwrap();
        }
        // These are told apart from nothing where the program starts, not here.
        let told = Settings { language: None, theme: None, borders: None, mouse: None, ..told };
        let paths = crate::config::Paths::under(Path::new("/a"));
        let holds = |settings| format!("{:?}", crate::config::Config::of(paths.clone(), settings));
        assert_eq!(holds(told), holds(Settings::default()));
    }

    #[test]
    fn a_wrong_variable_is_named() {
        let error = from_env(|name| (name == "HUIYIN_LISTEN").then(|| "there".into())).unwrap_err();
        assert!(error.to_string().starts_with("HUIYIN_LISTEN: an address"), "{error}");
    }
}

//! The table of settings: key in the file, variable in the environment, type.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::ConfigError;

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

/// The settings that one layer gives; what it leaves open comes from the layer below.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "told once, in `Config`")]
pub struct Settings {
    pub server: Option<String>,
    pub ca: Option<PathBuf>,
    pub language: Option<String>,
    pub theme: Option<String>,
    pub borders: Option<Borders>,
    pub clipboard: Option<bool>,
    pub database: Option<PathBuf>,
    pub listen: Option<SocketAddr>,
    pub profile: Option<PathBuf>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub session_idle_minutes: Option<u32>,
    pub session_hours: Option<u32>,
}

/// One setting.
pub struct Setting {
    /// Its key in `config.toml`.
    pub key: &'static str,
    /// Its variable in the environment.
    pub env: &'static str,
    /// Whether it is a whole number in the file; otherwise it is a text, or a bare `true` or `false`.
    pub number: bool,
    /// Reads the value into its field, or says what is wrong with it.
    pub set: fn(&mut Settings, &str) -> Result<(), String>,
}

/// Every setting.
pub const SETTINGS: &[Setting] = &[
    Setting { key: "server", env: "HUIYIN_SERVER", number: false, set: |s, v| put(&mut s.server, url(v)) },
    Setting { key: "ca", env: "HUIYIN_CA", number: false, set: |s, v| put(&mut s.ca, path(v)) },
    Setting {
        key: "language",
        env: "HUIYIN_LANGUAGE",
        number: false,
        set: |s, v| put(&mut s.language, language(v)),
    },
    Setting { key: "theme", env: "HUIYIN_THEME", number: false, set: |s, v| put(&mut s.theme, name(v)) },
    Setting {
        key: "borders",
        env: "HUIYIN_BORDERS",
        number: false,
        set: |s, v| put(&mut s.borders, borders(v)),
    },
    Setting {
        key: "clipboard",
        env: "HUIYIN_CLIPBOARD",
        number: false,
        set: |s, v| put(&mut s.clipboard, yes_or_no(v)),
    },
    Setting {
        key: "database",
        env: "HUIYIN_DATABASE",
        number: false,
        set: |s, v| put(&mut s.database, path(v)),
    },
    Setting {
        key: "listen",
        env: "HUIYIN_LISTEN",
        number: false,
        set: |s, v| put(&mut s.listen, address(v)),
    },
    Setting {
        key: "profile",
        env: "HUIYIN_PROFILE",
        number: false,
        set: |s, v| put(&mut s.profile, path(v)),
    },
    Setting {
        key: "tls_cert",
        env: "HUIYIN_TLS_CERT",
        number: false,
        set: |s, v| put(&mut s.tls_cert, path(v)),
    },
    Setting {
        key: "tls_key",
        env: "HUIYIN_TLS_KEY",
        number: false,
        set: |s, v| put(&mut s.tls_key, path(v)),
    },
    Setting {
        key: "session_idle_minutes",
        env: "HUIYIN_SESSION_IDLE_MINUTES",
        number: true,
        set: |s, v| put(&mut s.session_idle_minutes, whole(v, 1, 24 * 60)),
    },
    Setting {
        key: "session_hours",
        env: "HUIYIN_SESSION_HOURS",
        number: true,
        set: |s, v| put(&mut s.session_hours, whole(v, 1, 24 * 7)),
    },
];

impl Settings {
    /// Sets the one named `key` from text, or says what is wrong with it.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let setting = SETTINGS.iter().find(|setting| setting.key == key).ok_or("no such setting")?;
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
            clipboard: self.clipboard.or(below.clipboard),
            database: self.database.or(below.database),
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
        let text = value.into_string().map_err(|_| wrong("not UTF-8".to_owned()))?;
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
        _ => Err("an address such as https://hotline.example:8345 is wanted".to_owned()),
    }
}

fn path(text: &str) -> Result<PathBuf, String> {
    if Path::new(text).is_absolute() {
        Ok(PathBuf::from(text))
    } else {
        Err("an absolute path is wanted".to_owned())
    }
}

fn language(text: &str) -> Result<String, String> {
    one_of(text, &[("zh-CN", "zh-CN"), ("zh", "zh-CN"), ("en", "en")]).map(str::to_owned)
}

fn borders(text: &str) -> Result<Borders, String> {
    one_of(text, &[("rounded", Borders::Rounded), ("plain", Borders::Plain), ("ascii", Borders::Ascii)])
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    one_of(text, &[("true", true), ("false", false)])
}

fn one_of<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
        format!("one of {} is wanted", words.join(", "))
    })
}

fn name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if text.chars().all(plain) { Ok(text.to_owned()) } else { Err("a name is wanted".to_owned()) }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "an address and a port such as 127.0.0.1:8345 are wanted".to_owned())
}

fn whole(text: &str, least: u32, most: u32) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("a whole number from {least} to {most} is wanted"))
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
    fn a_wrong_variable_is_named() {
        let error = from_env(|name| (name == "HUIYIN_LISTEN").then(|| "there".into())).unwrap_err();
        assert!(error.to_string().starts_with("HUIYIN_LISTEN: an address"), "{error}");
    }
}

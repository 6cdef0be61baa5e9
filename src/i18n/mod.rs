//! What the program says, in the person's language: Chinese first, English second.
//!
//! Texts are fetched with `rust_i18n::t!("key")`. They stand in `locales/*.yml`, one file a room, one line a
//! key, both languages side by side. The files are read by the macro in `lib.rs` while compiling; the compiler
//! does not know that, so each file is named in [`FILES`] too (a test notices one that is missing).

#[cfg(test)]
mod guard;
mod language;
mod spoken;
mod time;

pub use language::Language;
pub use spoken::{deadline, outcome, read_aloud};
pub use time::{age, date, date_time, time_of_day};

/// Names every locale file, so that a change in one compiles the crate again.
macro_rules! locale_files {
    ($($name:literal),+ $(,)?) => {
        /// Every locale file, by name.
        pub const FILES: &[&str] = &[$({ const _: &str = include_str!(concat!("locales/", $name)); $name }),+];
    };
}
locale_files!(
    "amend.yml",
    "backup.yml",
    "call.yml",
    "city.yml",
    "cli.yml",
    "client.yml",
    "code.yml",
    "config.yml",
    "cramped.yml",
    "desk.yml",
    "doctor.yml",
    "doubt.yml",
    "drafts.yml",
    "edit.yml",
    "export.yml",
    "find.yml",
    "follow_up.yml",
    "keys.yml",
    "layout.yml",
    "linear.yml",
    "look.yml",
    "merge.yml",
    "migrate.yml",
    "mouse.yml",
    "outbox.yml",
    "password.yml",
    "pick.yml",
    "presence.yml",
    "profile.yml",
    "receipt.yml",
    "screen.yml",
    "snippets.yml",
    "terminal.yml",
    "time.yml",
    "tour.yml",
    "usage.yml"
);

/// The language that texts are fetched in now.
pub fn current() -> Language {
    Language::of_tag(&rust_i18n::locale())
}

/// Sets the language for the whole program. Before the first call it is what rust-i18n starts with, English.
pub fn set(language: Language) {
    rust_i18n::set_locale(language.tag());
}

/// The name of a code, such as `待派单` for `("state", "registered")`; the code itself when it has none (a newer
/// server may send one).
pub fn name_of(kind: &str, code: &str) -> String {
    name_in(current(), kind, code)
}

/// [`name_of`] in a given language.
pub fn name_in(language: Language, kind: &str, code: &str) -> String {
    crate::_rust_i18n_try_translate(language.tag(), format!("{kind}.{code}"))
        .map_or_else(|| code.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::{Channel, Kind, Role, Sex, State, Urgency};

    #[test]
    fn every_code_has_a_name_in_both_languages() {
        let codes = [
            (Channel::KIND, Channel::ALL.iter().map(|c| c.code()).collect::<Vec<_>>()),
            (Kind::KIND, Kind::ALL.iter().map(|c| c.code()).collect()),
            (Urgency::KIND, Urgency::ALL.iter().map(|c| c.code()).collect()),
            (State::KIND, State::ALL.iter().map(|c| c.code()).collect()),
            (Sex::KIND, Sex::ALL.iter().map(|c| c.code()).collect()),
            (Role::KIND, Role::ALL.iter().map(|c| c.code()).collect()),
        ];
        for (kind, codes) in codes {
            for code in codes {
                for language in Language::ALL {
                    assert_ne!(name_in(*language, kind, code), code, "{kind}.{code} in {language:?}");
                }
            }
        }
        assert_eq!(name_in(Language::Zh, "state", "registered"), "待派单");
        assert_eq!(name_in(Language::En, "state", "registered"), "Registered");
        assert_eq!(name_in(Language::Zh, "state", "frozen"), "frozen");
    }
}

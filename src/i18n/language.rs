//! The two languages, and how the environment asks for one.

/// A language the program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// 简体中文, the first.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// Both, the first language first.
    pub const ALL: &'static [Self] = &[Self::Zh, Self::En];

    /// The tag in the locale files: `zh-CN` or `en`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language of a tag such as `zh-CN`, `en_US.UTF-8` or `C`: English for `en…`, Chinese for the rest.
    pub fn of_tag(tag: &str) -> Self {
        let language = tag.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("en") { Self::En } else { Self::Zh }
    }

    /// What `LC_ALL`, `LC_MESSAGES` and `LANG` ask for, the first that is set winning; Chinese when none is.
    pub fn from_env() -> Self {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(lookup)
            .find(|value| !value.is_empty())
            .map_or(Self::Zh, |value| Self::of_tag(&value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_chooses_and_chinese_is_the_default() {
        let from = |pairs: &[(&str, &str)]| {
            Language::from_lookup(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(from(&[]), Language::Zh);
        assert_eq!(from(&[("LANG", "C.UTF-8")]), Language::Zh);
        assert_eq!(from(&[("LANG", "en_US.UTF-8")]), Language::En);
        assert_eq!(from(&[("LC_ALL", ""), ("LANG", "en")]), Language::En);
        assert_eq!(from(&[("LC_ALL", "zh_CN.UTF-8"), ("LANG", "en_US")]), Language::Zh);
    }
}

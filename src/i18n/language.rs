//! The two languages. Chinese is what everybody gets who does not ask for English: the locale of a shared machine says
//! little about who sits at it.

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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_that_is_not_english_is_chinese() {
        for (tag, language) in [
            ("zh-CN", Language::Zh),
            ("en", Language::En),
            ("en_US.UTF-8", Language::En),
            ("EN-gb", Language::En),
            ("C", Language::Zh),
            ("", Language::Zh),
        ] {
            assert_eq!(Language::of_tag(tag), language, "{tag}");
        }
        assert_eq!(Language::default(), Language::Zh);
    }
}

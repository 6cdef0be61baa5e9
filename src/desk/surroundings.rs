//! What the environment says of the terminal before it is taken over, beside its colours (`theme::Depth`).
//!
//! Hints only, read once at the start: to ask the terminal itself would keep the first frame waiting, so that is left
//! to `huiyin doctor`.

/// Whether the terminal is likely to give characters of ambiguous width two columns.
pub fn ambiguous_is_wide() -> bool {
    is_wide_by(variable)
}

/// Whether this is the console of the Linux kernel, whose fonts hold little more than plain lines.
pub fn is_console() -> bool {
    variable("TERM").as_deref() == Some("linux")
}

/// Whether this is GNU screen, which holds Esc back until the next key while the mouse is reported, and then hands both
/// over as Alt with that key (measured with 4.09).
pub fn holds_esc_for_the_mouse() -> bool {
    variable("STY").is_some()
}

/// Whether the line to the terminal goes over the network and may tear a key's bytes apart.
pub fn is_remote() -> bool {
    variable("SSH_CONNECTION").is_some()
}

/// The encoding that the locale names, where it plainly names another than UTF-8: `GBK` of `zh_CN.GBK`. `C` and
/// `POSIX` name none; many machines are set so whose terminals speak UTF-8 all the same.
pub fn foreign_encoding() -> Option<String> {
    foreign_by(variable)
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The locale of characters, by the order of POSIX.
fn locale(lookup: impl Fn(&str) -> Option<String>) -> Option<String> {
    ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(lookup)
}

fn is_wide_by(lookup: impl Fn(&str) -> Option<String>) -> bool {
    let modifier = locale(&lookup).and_then(|locale| Some(locale.split_once('@')?.1.to_owned()));
    lookup("RUNEWIDTH_EASTASIAN").as_deref() == Some("1")
        || lookup("VTE_CJK_WIDTH").is_some_and(|width| matches!(width.as_str(), "wide" | "2"))
        || modifier.as_deref() == Some("cjkwide")
}

fn foreign_by(lookup: impl Fn(&str) -> Option<String>) -> Option<String> {
    let locale = locale(lookup)?;
    let encoding = locale.split_once('.')?.1.split('@').next()?.to_owned();
    let plain = encoding.to_ascii_lowercase().replace('-', "");
    (!plain.is_empty() && plain != "utf8").then_some(encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within<'a>(set: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + Copy + 'a {
        move |name| set.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn only_a_locale_that_names_another_encoding_is_foreign() {
        let of = |locale| foreign_by(within(&[("LANG", locale)]));
        assert_eq!(of("zh_CN.GBK").as_deref(), Some("GBK"));
        assert_eq!(of("zh_CN.GB18030@pinyin").as_deref(), Some("GB18030"));
        assert_eq!(
            ["zh_CN.UTF-8", "C.utf8", "C", "POSIX", "zh_CN", "zh_CN.", ""].map(of),
            [const { None }; 7]
        );
        assert_eq!(foreign_by(within(&[("LANG", "zh_CN.GBK"), ("LC_ALL", "C.UTF-8")])), None);
        assert_eq!(foreign_by(within(&[])), None);
    }

    #[test]
    fn what_says_that_ambiguous_characters_are_wide_is_believed() {
        for set in [("RUNEWIDTH_EASTASIAN", "1"), ("VTE_CJK_WIDTH", "wide"), ("LANG", "zh_CN.UTF-8@cjkwide")]
        {
            assert!(is_wide_by(within(&[set])), "{set:?}");
        }
        for set in [("RUNEWIDTH_EASTASIAN", "0"), ("VTE_CJK_WIDTH", "narrow"), ("LANG", "zh_CN.UTF-8")] {
            assert!(!is_wide_by(within(&[set])), "{set:?}");
        }
    }
}

//! Text from people, made safe to show: what could steer a terminal or hide is written out, nothing is deleted.
//!
//! A case text may hold an escape sequence that retitles a window, a bidi control that turns a number round, a
//! zero-width character that makes two names look alike. Evidence stays evidence: the store keeps the original,
//! and what is shown names each such character (`␛`, `<202E>`). Pure, so that the command line uses it as well.

use std::borrow::Cow;
use std::fmt::{self, Write};

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Marks drawn over one base character; the rest is counted (`<+92>`), for a tower of them covers other rows.
const MARKS_SHOWN: usize = 8;

/// Text that may be drawn, printed, logged or put into a window title.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeText<'a>(Cow<'a, str>);

impl<'a> SafeText<'a> {
    /// Text for one row: a line break is shown as `␊`.
    pub fn line(text: &'a str) -> Self {
        Self(show(text, false))
    }

    /// Text for several rows: `\n` breaks, and `\r\n` counts as one break.
    pub fn block(text: &'a str) -> Self {
        Self(show(text, true))
    }

    /// The text as it may be shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same, borrowing nothing.
    pub fn into_owned(self) -> SafeText<'static> {
        SafeText(Cow::Owned(self.0.into_owned()))
    }

    /// The text itself, borrowed where nothing had to be written out.
    pub fn into_cow(self) -> Cow<'a, str> {
        self.0
    }
}

impl fmt::Display for SafeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for SafeText<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Whether `text` is shown as it is, line breaks aside.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| (b' '..0x7f).contains(&b)) || text.chars().all(|c| !is_odd(c))
}

/// One grapheme cluster as it is shown on one row.
pub fn show_grapheme(cluster: &str) -> Cow<'_, str> {
    if is_plain(cluster) {
        return Cow::Borrowed(cluster);
    }
    let mut out = String::with_capacity(cluster.len());
    write_cluster(&mut out, cluster);
    if out == cluster { Cow::Borrowed(cluster) } else { Cow::Owned(out) }
}

fn show(text: &str, breaks: bool) -> Cow<'_, str> {
    if text.chars().all(|c| !is_odd(c) || (breaks && c == '\n')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for cluster in text.graphemes(true) {
        match cluster {
            "\n" | "\r\n" if breaks => out.push('\n'),
            _ => write_cluster(&mut out, cluster),
        }
    }
    Cow::Owned(out)
}

fn write_cluster(out: &mut String, cluster: &str) {
    let mut marks = 0_usize;
    let mut before: Option<char> = None;
    let mut rest = cluster.chars().peekable();
    while let Some(c) = rest.next() {
        if is_mark(c) {
            marks += 1;
            if marks <= MARKS_SHOWN {
                out.push(c);
            }
        } else if !is_odd(c) || joins(before, c, rest.peek().copied()) {
            out.push(c);
        } else {
            write_out(out, c);
        }
        before = Some(c);
    }
    if marks > MARKS_SHOWN {
        // A string takes all that is written into it.
        let _ = write!(out, "<+{}>", marks - MARKS_SHOWN);
    }
}

fn write_out(out: &mut String, c: char) {
    match c {
        '\0'..='\x1f' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')),
        '\x7f' => out.push('\u{2421}'),
        _ => {
            let _ = write!(out, "<{:02X}>", u32::from(c));
        }
    }
}

/// Characters that need a second look; everything else is pushed as it is.
fn is_odd(c: char) -> bool {
    match c {
        ' '..='\x7e' | '\u{3000}'..='\u{3163}' | '\u{3165}'..='\u{d7ff}' => is_mark(c),
        _ => is_invisible(c) || is_mark(c),
    }
}

fn is_mark(c: char) -> bool {
    c >= '\u{300}' && !is_invisible(c) && !('\u{3000}'..='\u{3029}').contains(&c) && is_combining_mark(c)
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}'
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

/// Whether an invisible character does its proper work between its neighbours: a joiner inside an emoji or an
/// Indic or Arabic word, a variation selector after an emoji, a keycap or a Han character.
fn joins(before: Option<char>, c: char, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match c {
        '\u{200d}' => {
            let pictures = (is_emoji(before) || matches!(before, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'))
                && after.is_some_and(is_emoji);
            pictures || is_joining_script(before)
        }
        '\u{200c}' => is_joining_script(before) && after.is_some_and(is_joining_script),
        '\u{fe0e}' | '\u{fe0f}' => is_emoji(before) || matches!(before, '0'..='9' | '#' | '*'),
        '\u{fe00}'..='\u{fe0d}' | '\u{e0100}'..='\u{e01ef}' => is_han(before),
        _ => false,
    }
}

fn is_emoji(c: char) -> bool {
    matches!(c, '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '\u{2190}'..='\u{2bff}' | '〰' | '〽' | '㊗' | '㊙'
        | '\u{1f000}'..='\u{1faff}')
}

fn is_joining_script(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6ff}' | '\u{900}'..='\u{dff}' | '\u{1800}'..='\u{18aa}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, shown: &str) {
        assert_eq!(SafeText::line(text).as_str(), shown);
    }

    #[test]
    fn what_steers_or_hides_is_written_out() {
        check("夜间施工，请处理", "夜间施工，请处理");
        check("\x1b]0;改\x07", "␛]0;改␇");
        check("a\nb\tc\0", "a␊b␉c␀");
        check("\x7f\u{9b}31m", "␡<9B>31m");
        check("138\u{202e}0001", "138<202E>0001");
        check("张\u{200b}三\u{feff}", "张<200B>三<FEFF>");
        check("\u{e0041}\u{e001}\u{2028}", "<E0041><E001><2028>");
        check("e\u{301}\u{301}", "e\u{301}\u{301}");
        check(&format!("e{}", "\u{301}".repeat(100)), &format!("e{}<+92>", "\u{301}".repeat(8)));
    }

    #[test]
    fn joiners_and_selectors_stay_where_they_work() {
        check("👨\u{200d}👩\u{200d}👧", "👨\u{200d}👩\u{200d}👧");
        check("❤\u{fe0f} 1\u{fe0f}\u{20e3}", "❤\u{fe0f} 1\u{fe0f}\u{20e3}");
        check("葛\u{e0100}", "葛\u{e0100}");
        check("张\u{200d}三 a\u{fe0f}", "张<200D>三 a<FE0F>");
    }

    #[test]
    fn a_block_keeps_its_line_breaks() {
        assert_eq!(SafeText::block("一\r\n二\n三\r四").as_str(), "一\n二\n三␍四");
    }

    proptest! {
        #[test]
        fn nothing_that_steers_survives(text in any::<String>()) {
            let shown = SafeText::line(&text).into_owned();
            let steers = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!shown.as_str().chars().any(steers));
        }

        #[test]
        fn showing_twice_changes_nothing(text in "[\\PC\\pC]{0,40}") {
            let once = SafeText::line(&text).into_owned();
            let twice = SafeText::line(once.as_str());
            prop_assert_eq!(&twice, &once);
        }
    }
}

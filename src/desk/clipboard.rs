//! What is copied at the desk, on its way to other programs: OSC 52 asks the terminal to put a text into the clipboard
//! of the machine that the person sits at, also through SSH.
//!
//! The terminal may refuse in silence; xterm asks for `allowWindowOps`, tmux for `set-clipboard on`. Nothing is ever
//! read back: a terminal that answers would type into the desk.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::domain::safe::SafeText;

/// The most bytes that are handed over: with more, the sequence passes the 100,000 bytes that terminals put up with.
pub const MOST: usize = 74_994;

/// The sequence that carries `text`, control and bidi characters written out: what other programs do with them is not
/// known. Nothing for a text too long, for half a text would be pasted as if it were the whole.
pub(super) fn sequence(text: &str) -> Option<String> {
    let safe = SafeText::block(text);
    (safe.as_str().len() <= MOST).then(|| format!("\x1b]52;c;{}\x07", STANDARD.encode(safe.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_one_sequence_without_anything_that_steers() {
        assert_eq!(sequence("工单\n").as_deref(), Some("\x1b]52;c;5bel5Y2VCg==\x07"));
        assert_eq!(sequence("a\x1b]0;x\x07\u{202e}"), sequence("a␛]0;x␇<202E>"));
        assert!(sequence(&"字".repeat(20_000)).is_some());
        assert_eq!(sequence(&"字".repeat(25_000)), None);
    }
}

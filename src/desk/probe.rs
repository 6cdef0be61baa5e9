//! What a terminal says of itself when it is asked: how far a text moves its cursor, and which modes it knows.
//!
//! Each question ends with one for the cursor's place, which every terminal answers: whoever does not know the
//! question before it answers at least that, and nobody is waited for longer than once.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::terminal::Hush;

/// Where is the cursor?
const PLACE: &str = "\x1b[6n";

/// What the terminal answered; none where it did not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// How many columns each text takes.
    pub widths: Vec<Option<u16>>,
    /// Whether it knows bracketed pastes.
    pub pastes: Option<bool>,
    /// Whether it can draw a whole frame at once (mode 2026).
    pub synchronised: Option<bool>,
}

/// Asks the terminal on stdin and stdout; each answer may take `wait`. The line is left empty.
pub fn ask(texts: &[&str], wait: Duration) -> io::Result<Answers> {
    let _hush = Hush::begin()?;
    let mut answers = Answers::default();
    for text in texts {
        let width = question(&format!("\r{text}{PLACE}"), wait)?.and_then(|answer| column(&answer));
        let silent = width.is_none();
        answers.widths.push(width.and_then(|column| column.checked_sub(1)));
        if silent {
            break;
        }
    }
    if answers.widths.iter().all(Option::is_some) {
        answers.pastes = question(&format!("\x1b[?2004$p{PLACE}"), wait)?.and_then(|answer| mode(&answer));
        answers.synchronised =
            question(&format!("\x1b[?2026$p{PLACE}"), wait)?.and_then(|answer| mode(&answer));
    }
    let mut out = io::stdout();
    out.write_all(b"\r\x1b[K")?;
    out.flush()?;
    Ok(answers)
}

/// Writes, and reads until the cursor's place has come, or nothing any more.
fn question(text: &str, wait: Duration) -> io::Result<Option<Vec<u8>>> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    let until = Instant::now() + wait;
    let (mut answer, mut bytes) = (Vec::new(), [0; 256]);
    while !answer.ends_with(b"R") {
        let left = until.saturating_duration_since(Instant::now());
        let input = io::stdin();
        let mut fds = [PollFd::new(&input, PollFlags::IN)];
        let timeout = Timespec::try_from(left).map_err(io::Error::other)?;
        if poll(&mut fds, Some(&timeout))? == 0 {
            return Ok(None);
        }
        match rustix::io::read(&input, &mut bytes)? {
            0 => return Ok(None),
            n => answer.extend_from_slice(&bytes[..n]),
        }
    }
    Ok(Some(answer))
}

/// The column of `ESC [ row ; column R`, the last of the answer.
fn column(answer: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(answer).ok()?.strip_suffix('R')?;
    text.rsplit_once("\x1b[")?.1.split_once(';')?.1.parse().ok()
}

/// Whether the mode is known, by `ESC [ ? mode ; state $ y`: state 0 says no. Who does not know the question leaves it open.
fn mode(answer: &[u8]) -> Option<bool> {
    let text = std::str::from_utf8(answer).ok()?;
    let (before, _) = text.split_once("$y")?;
    Some(before.rsplit_once(';')?.1 != "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whatever_comes_before_them() {
        assert_eq!(column(b"\x1b[12;3R"), Some(3));
        assert_eq!(column(b"abc\x1b[?2026;2$y\x1b[1;2R"), Some(2));
        assert_eq!(column(b"\x1b[;R"), None);
        assert_eq!(mode(b"\x1b[?2026;2$y\x1b[1;2R"), Some(true));
        assert_eq!(mode(b"\x1b[?2026;0$y\x1b[1;2R"), Some(false));
        assert_eq!(mode(b"\x1b[1;2R"), None);
    }
}

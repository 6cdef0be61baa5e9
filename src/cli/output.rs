//! What commands print: lines for people through `SafeText`, and JSON that a terminal can be shown.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::failure::Failure;
use crate::domain::safe::SafeText;

/// Prints a line for a person on stdout. A reader that went away is told no more, and is no failure.
pub(super) fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{}", SafeText::line(line).as_str());
}

/// Prints a text of several lines for a person on stdout.
#[cfg(feature = "desk")]
pub(super) fn say_block(text: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{}", SafeText::block(text).as_str());
}

/// Prints a line for a person on stderr.
pub(super) fn complain(line: &str) {
    let mut out = io::stderr().lock();
    let _ = writeln!(out, "huiyin: {}", SafeText::block(line).as_str());
}

/// Prints advice for a person on stderr.
pub(super) fn advise(line: &str) {
    let mut out = io::stderr().lock();
    let _ = writeln!(out, "{}", SafeText::block(line).as_str());
}

/// Prints one value as one line of JSON on stderr.
pub(super) fn complain_json(value: &serde_json::Value) {
    let mut out = io::stderr().lock();
    let _ = writeln!(out, "{}", escape_invisible(&value.to_string()));
}

/// Prints one value as one line of JSON, at once.
pub(super) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", json_line(value)?)?;
    Ok(out.flush()?)
}

/// One value as a line of JSON that a terminal can be shown.
pub(super) fn json_line(value: &impl Serialize) -> Result<String, Failure> {
    let line = serde_json::to_string(value).map_err(anyhow::Error::from)?;
    Ok(escape_invisible(&line))
}

/// Prints a text that this program made for another one to read: a script, a page of the manual.
pub(super) fn raw(text: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    Ok(out.flush()?)
}

/// JSON escapes the old control characters; those above ASCII and the invisible ones steer terminals too, and
/// `\u` means the same to every reader of JSON.
fn escape_invisible(json: &str) -> String {
    let steers = |c: char| {
        matches!(c, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if steers(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_json_means_the_same() {
        let hostile = "张三\u{9b}2J\u{202e}\u{feff}\u{e0041}\u{1b}[2J";
        let line = escape_invisible(&serde_json::to_string(hostile).unwrap());
        assert!(line.starts_with("\"张三\\u009b2J\\u202e\\ufeff\\udb40\\udc41\\u001b[2J"), "{line}");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), hostile);
    }
}

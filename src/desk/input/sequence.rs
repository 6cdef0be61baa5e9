//! Which key an escape sequence is: the sequences of xterm and those that follow it, rxvt's and the Linux console's
//! where they differ, the mouse as SGR reports it. Everything else is skipped whole, answers of the terminal included.

use crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// What a sequence means, and its bytes without the escape byte.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A key with what is held down.
    Key(KeyCode, KeyModifiers, usize),
    /// The mouse.
    Mouse(MouseEvent, usize),
    /// Pasted text follows.
    PasteBegins(usize),
    /// Nothing that the desk knows.
    Nothing(usize),
    /// The beginning of a sequence.
    Part,
}

/// Reads the sequence behind an escape byte: `[…`, `O.`, or a string that is skipped up to its end.
pub(super) fn read(bytes: &[u8]) -> Meaning {
    match bytes {
        [b'[', b'[', rest @ ..] => match rest {
            // The Linux console's first five function keys.
            [c @ b'A'..=b'E', ..] => Meaning::Key(KeyCode::F(c - b'A' + 1), KeyModifiers::NONE, 3),
            [] => Meaning::Part,
            _ => Meaning::Nothing(2),
        },
        [b'[', rest @ ..] => control_sequence(rest),
        [b'O', rest @ ..] => single_shift(rest),
        [_, rest @ ..] => string(rest),
        [] => Meaning::Part,
    }
}

/// `CSI parameters final`.
fn control_sequence(rest: &[u8]) -> Meaning {
    // Some terminals report a mouse beyond the window's edge as below zero.
    let is_report = rest.first() == Some(&b'<');
    let is_parameter = |byte: &&u8| matches!(**byte, 0x30..=0x3f) || (is_report && **byte == b'-');
    let parameters = rest.iter().take_while(is_parameter).count();
    let (parameters, tail) = rest.split_at(parameters);
    let is_private = parameters.first().is_some_and(|byte| matches!(byte, b'<'..=b'?'));
    let between = tail.iter().take_while(|byte| matches!(**byte, 0x20..=0x2f)).count();
    let n = 1 + parameters.len();
    // rxvt ends some keys with what is no end elsewhere: `CSI 3 $`.
    if let ([b'$', ..], false, [_, ..]) = (tail, is_private, parameters) {
        let keyed = numbered(parameters, KeyModifiers::SHIFT);
        return keyed.map_or(Meaning::Nothing(n + 1), |(code, held)| Meaning::Key(code, held, n + 1));
    }
    let Some(end) = tail.get(between) else { return Meaning::Part };
    let n = n + between + 1;
    if !matches!(end, 0x40..=0x7e) {
        // It broke off; what follows is read for itself.
        return Meaning::Nothing(n - 1);
    }
    if between > 0 {
        return Meaning::Nothing(n);
    }
    let key = match (end, parameters) {
        (b'M' | b'm', [b'<', report @ ..]) => {
            return mouse(report, *end == b'M').map_or(Meaning::Nothing(n), |mouse| Meaning::Mouse(mouse, n));
        }
        // The mouse as terminals reported it before: three bytes more.
        (b'M', []) => return if rest.len() < 4 { Meaning::Part } else { Meaning::Nothing(n + 3) },
        _ if is_private => None,
        (b'~', b"200") => return Meaning::PasteBegins(n),
        (b'~', _) => numbered(parameters, KeyModifiers::NONE),
        (b'^', _) => numbered(parameters, KeyModifiers::CONTROL),
        (b'@', _) => numbered(parameters, KeyModifiers::CONTROL | KeyModifiers::SHIFT),
        (b'u', _) => coded(&numbers(parameters)),
        (b'a'..=b'd', _) => lettered(end.to_ascii_uppercase()).map(|code| (code, KeyModifiers::SHIFT)),
        (b'Z', _) => Some((KeyCode::BackTab, KeyModifiers::SHIFT)),
        _ => lettered(*end).map(|code| (code, held(numbers(parameters).get(1)))),
    };
    key.map_or(Meaning::Nothing(n), |(code, held)| Meaning::Key(code, held, n))
}

/// `SS3 letter`; some old terminals put what is held between.
fn single_shift(rest: &[u8]) -> Meaning {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let Some(end) = rest.get(digits) else { return Meaning::Part };
    let modifiers = held(numbers(&rest[..digits]).first());
    let keypad = |c: u8| (KeyCode::Char(char::from(c)), modifiers);
    let key = match end {
        b'a'..=b'd' => lettered(end.to_ascii_uppercase()).map(|code| (code, KeyModifiers::CONTROL)),
        b'j'..=b'y' => Some(keypad(end - b'j' + b'*')),
        b'M' => Some((KeyCode::Enter, modifiers)),
        b'X' => Some(keypad(b'=')),
        _ => lettered(*end).map(|code| (code, modifiers)),
    };
    let n = digits + 2;
    key.map_or(Meaning::Nothing(n), |(code, held)| Meaning::Key(code, held, n))
}

/// The answer of a terminal to a question, up to its end.
fn string(rest: &[u8]) -> Meaning {
    let ends = |at: &usize| rest[*at] == 0x07 || rest[*at..].starts_with(b"\x1b\\");
    match (0..rest.len()).find(ends) {
        Some(at) => Meaning::Nothing(at + if rest[at] == 0x07 { 2 } else { 3 }),
        None => Meaning::Part,
    }
}

fn numbers(parameters: &[u8]) -> Vec<u32> {
    let text = str::from_utf8(parameters).unwrap_or_default();
    // A part behind a colon says more than is asked for.
    text.split(';').map(|part| part.split(':').next().unwrap_or_default().parse().unwrap_or(0)).collect()
}

/// What is held down, as xterm counts it.
fn held(parameter: Option<&u32>) -> KeyModifiers {
    let bits = parameter.copied().unwrap_or(1).max(1) - 1;
    let mut held = KeyModifiers::NONE;
    for (bit, modifier) in [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL)] {
        held.set(modifier, bits & bit != 0);
    }
    held
}

/// `CSI n ; held ~`, with what the end itself says is held.
fn numbered(parameters: &[u8], also: KeyModifiers) -> Option<(KeyCode, KeyModifiers)> {
    let numbers = numbers(parameters);
    if numbers.first() == Some(&27) {
        return coded(&[*numbers.get(2)?, *numbers.get(1)?]);
    }
    let number = u8::try_from(*numbers.first()?).ok()?;
    let code = match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23..=26 => KeyCode::F(number - 12),
        28 | 29 => KeyCode::F(number - 13),
        31..=34 => KeyCode::F(number - 14),
        _ => return None,
    };
    Some((code, held(numbers.get(1)) | also))
}

/// `CSI code ; held u`: the character's number, as some terminals send Ctrl-Enter and its like.
fn coded(numbers: &[u32]) -> Option<(KeyCode, KeyModifiers)> {
    let modifiers = held(numbers.get(1));
    let code = match *numbers.first()? {
        9 if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        number => KeyCode::Char(char::from_u32(number).filter(|c| !c.is_control())?),
    };
    Some((code, modifiers))
}

fn lettered(letter: u8) -> Option<KeyCode> {
    Some(match letter {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'R' => KeyCode::F(3),
        b'S' => KeyCode::F(4),
        _ => return None,
    })
}

/// `CSI < button ; column ; row M` (pressed, moved, wheel) or `m` (let go).
fn mouse(report: &[u8], pressed: bool) -> Option<MouseEvent> {
    let numbers = numbers(report);
    let [bits, column, row] = numbers.as_slice() else { return None };
    let place = |n: u32| u16::try_from(n.checked_sub(1)?).ok();
    // The buttons under the thumb have the same low bits as others.
    if bits & 128 != 0 {
        return None;
    }
    let button = match bits & 3 {
        0 => Some(MouseButton::Left),
        1 => Some(MouseButton::Middle),
        2 => Some(MouseButton::Right),
        _ => None,
    };
    let kind = match (bits & 64 != 0, bits & 32 != 0, button) {
        (true, _, Some(MouseButton::Left)) => MouseEventKind::ScrollUp,
        (true, _, Some(MouseButton::Middle)) => MouseEventKind::ScrollDown,
        (true, _, Some(MouseButton::Right)) => MouseEventKind::ScrollLeft,
        (true, _, None) => MouseEventKind::ScrollRight,
        (false, true, Some(button)) => MouseEventKind::Drag(button),
        (false, true, None) => MouseEventKind::Moved,
        (false, false, button) if pressed => MouseEventKind::Down(button?),
        (false, false, button) => MouseEventKind::Up(button?),
    };
    let mut modifiers = KeyModifiers::NONE;
    for (bit, modifier) in [(4, KeyModifiers::SHIFT), (8, KeyModifiers::ALT), (16, KeyModifiers::CONTROL)] {
        modifiers.set(modifier, bits & bit != 0);
    }
    Some(MouseEvent { kind, column: place(*column)?, row: place(*row)?, modifiers })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_many_terminals() {
        for (bytes, code, modifiers) in [
            ("[A", KeyCode::Up, ""),
            ("OA", KeyCode::Up, ""),
            ("[1;5C", KeyCode::Right, "c"),
            ("[1;2D", KeyCode::Left, "s"),
            ("[1;6H", KeyCode::Home, "cs"),
            ("[d", KeyCode::Left, "s"),
            ("Od", KeyCode::Left, "c"),
            ("[3$", KeyCode::Delete, "s"),
            ("[3^", KeyCode::Delete, "c"),
            ("[7@", KeyCode::Home, "cs"),
            ("[3;3~", KeyCode::Delete, "a"),
            ("OP", KeyCode::F(1), ""),
            ("O2P", KeyCode::F(1), "s"),
            ("[1;2P", KeyCode::F(1), "s"),
            ("[[E", KeyCode::F(5), ""),
            ("[15~", KeyCode::F(5), ""),
            ("[17~", KeyCode::F(6), ""),
            ("[21;2~", KeyCode::F(10), "s"),
            ("[24~", KeyCode::F(12), ""),
            ("[34~", KeyCode::F(20), ""),
            ("[Z", KeyCode::BackTab, "s"),
            ("OM", KeyCode::Enter, ""),
            ("Oq", KeyCode::Char('1'), ""),
            ("[13;5u", KeyCode::Enter, "c"),
            ("[97;5u", KeyCode::Char('a'), "c"),
            ("[27;5;13~", KeyCode::Enter, "c"),
            ("[9;2u", KeyCode::BackTab, "s"),
        ] {
            let mut held = KeyModifiers::NONE;
            for (letter, modifier) in
                [('s', KeyModifiers::SHIFT), ('a', KeyModifiers::ALT), ('c', KeyModifiers::CONTROL)]
            {
                held.set(modifier, modifiers.contains(letter));
            }
            assert_eq!(read(bytes.as_bytes()), Meaning::Key(code, held, bytes.len()), "{bytes}");
            for cut in 1..bytes.len() {
                let part = read(&bytes.as_bytes()[..cut]);
                assert_eq!(part, Meaning::Part, "the first {cut} of {bytes}");
            }
        }
    }

    #[test]
    fn answers_and_noise_are_skipped_whole() {
        for bytes in [
            "[?1;2c",
            "[?2026;1$y",
            "[I",
            "[12;40;3;9t",
            "[201~",
            "[99~",
            "[<0;0;1M",
            "[<0;1M",
            "[M !!",
            "]11;rgb:0000/0000/0000\x07",
            "]52;c;aGk=\x1b\\",
            "P1+r544e\x1b\\",
            "[999999999999;5",
        ] {
            let more = format!("{bytes}中");
            match read(more.as_bytes()) {
                Meaning::Nothing(n) => assert_eq!(n, bytes.len(), "{bytes:?}"),
                other => panic!("{bytes:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn the_mouse_is_told_by_place_and_button() {
        let read = |bytes: &str| match read(bytes.as_bytes()) {
            Meaning::Mouse(mouse, _) => (mouse.kind, mouse.column, mouse.row, mouse.modifiers),
            other => panic!("{bytes}: {other:?}"),
        };
        let left = MouseButton::Left;
        let none = KeyModifiers::NONE;
        assert_eq!(read("[<0;10;3M"), (MouseEventKind::Down(left), 9, 2, none));
        assert_eq!(read("[<0;10;3m"), (MouseEventKind::Up(left), 9, 2, none));
        assert_eq!(read("[<36;200;3M"), (MouseEventKind::Drag(left), 199, 2, KeyModifiers::SHIFT));
        assert_eq!(read("[<65;1;1M"), (MouseEventKind::ScrollDown, 0, 0, none));
        assert_eq!(read("[<2;1;1M").0, MouseEventKind::Down(MouseButton::Right));
    }

    #[test]
    fn a_report_of_no_place_or_of_a_thumb_is_taken_whole_and_means_nothing() {
        for report in ["[<0;-1;5M", "[<32;-12;-3m", "[<128;4;4M", "[<0;0;4M", "[<0;70000;4M", "[<;;M"] {
            match read(report.as_bytes()) {
                Meaning::Nothing(n) => assert_eq!(n, report.len(), "{report}"),
                other => panic!("{report}: {other:?}"),
            }
        }
    }
}

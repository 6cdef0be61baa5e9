//! Key chords: what a key is called in the key table, on the screen and in the configuration.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A key with what is held down. Shift is part of a character (`A`), and kept for the other keys (`shift-tab`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// A text that names no chord.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a key; keys are written like `ctrl-s`, `f2`, `alt-1` or `shift-tab`")]
pub struct UnknownKey(pub String);

const NAMES: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("space", KeyCode::Char(' ')),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
];

/// What a key is called on the screen where that is not its name with a capital letter.
const SHOWN: &[(KeyCode, &str)] = &[(KeyCode::PageUp, "PgUp"), (KeyCode::PageDown, "PgDn")];

impl Chord {
    /// The key itself.
    pub const fn code(self) -> KeyCode {
        self.code
    }

    /// Whether Ctrl is held.
    pub const fn ctrl(self) -> bool {
        self.modifiers.contains(KeyModifiers::CONTROL)
    }

    /// Whether Alt is held.
    pub const fn alt(self) -> bool {
        self.modifiers.contains(KeyModifiers::ALT)
    }

    /// Whether Shift is held with a key that is not a character.
    pub const fn shift(self) -> bool {
        self.modifiers.contains(KeyModifiers::SHIFT)
    }

    /// The character that this types, if it types one.
    pub fn text(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl() && !self.alt() => Some(c),
            _ => None,
        }
    }

    /// The chord as a command where nothing is typed: what a Chinese input method makes of a key acts as the key.
    #[must_use]
    pub fn as_command(self) -> Self {
        match self.code {
            KeyCode::Char(c) => Self { code: KeyCode::Char(half_width(c)), ..self },
            _ => self,
        }
    }

    /// Whether it may be a command where text is typed: with Ctrl or Alt, a function key, or Esc. Letters belong to
    /// the input method there, and Enter, Tab and the arrows to the text.
    pub fn works_while_typing(self) -> bool {
        self.text().is_none() && (!self.is_plain() || self.code == KeyCode::Esc)
    }

    /// Whether it is one of the keys that every keyboard has beside the characters, as it is or with Shift: Enter,
    /// Tab, Esc, Backspace, the arrows and so on.
    pub const fn is_plain(self) -> bool {
        !self.ctrl() && !self.alt() && !matches!(self.code, KeyCode::Char(_) | KeyCode::F(_))
    }

    /// Whether terminals tell it from every other key. Without an extension that few have, `Ctrl-I` is Tab, `Ctrl-M`
    /// Enter, `Ctrl-H` Backspace, and Ctrl with a digit or a mark is nothing at all.
    pub fn is_sent(self) -> bool {
        match self.code {
            KeyCode::Char(c) if self.ctrl() => {
                c == ' ' || (c.is_ascii_lowercase() && !matches!(c, 'h' | 'i' | 'j' | 'm'))
            }
            KeyCode::Char(c) => !self.alt() || (c.is_ascii_graphic() && !matches!(c, '[' | 'O')),
            KeyCode::Enter | KeyCode::Backspace => !self.ctrl() && !self.shift(),
            KeyCode::Tab => !self.ctrl() && !self.alt(),
            KeyCode::Esc => self.is_plain() && !self.shift(),
            _ => true,
        }
    }

    /// The same key without the capital that Caps Lock makes of a letter.
    #[must_use]
    pub const fn without_caps(self) -> Self {
        match self.code {
            KeyCode::Char(c) => Self { code: KeyCode::Char(c.to_ascii_lowercase()), ..self },
            _ => self,
        }
    }

    /// The chord of a key event; nothing for the release of a key and for keys that have no name here.
    pub fn of_event(event: KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let kept = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let (mut code, mut modifiers) = (event.code, event.modifiers & kept);
        match code {
            KeyCode::BackTab => (code, modifiers) = (KeyCode::Tab, modifiers | KeyModifiers::SHIFT),
            KeyCode::Char(c) => {
                let shifted = modifiers == KeyModifiers::CONTROL | KeyModifiers::SHIFT;
                if shifted && c.eq_ignore_ascii_case(&'z') {
                    // The other key that people know for redoing, where a terminal can tell it.
                    return Some(Self { code: KeyCode::Char('y'), modifiers: KeyModifiers::CONTROL });
                }
                modifiers.remove(KeyModifiers::SHIFT);
                if modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
                    code = KeyCode::Char(c.to_ascii_lowercase());
                }
            }
            KeyCode::F(_) => {}
            _ if NAMES.iter().any(|(_, named)| *named == code) => {}
            _ => return None,
        }
        Some(Self { code, modifiers })
    }
}

/// The ASCII twin of a full-width or Chinese punctuation character that the same key types.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '、' => '/',
        '。' => '.',
        '《' => '<',
        '》' => '>',
        '【' => '[',
        '】' => ']',
        '￥' => '$',
        _ => c,
    }
}

impl FromStr for Chord {
    type Err = UnknownKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownKey(text.to_owned());
        let (mut rest, mut modifiers) = (text, KeyModifiers::NONE);
        loop {
            let lower = rest.to_ascii_lowercase();
            let held = [
                ("ctrl-", KeyModifiers::CONTROL),
                ("alt-", KeyModifiers::ALT),
                ("shift-", KeyModifiers::SHIFT),
            ];
            let Some((name, held)) = held.into_iter().find(|(name, _)| lower.starts_with(name)) else {
                break;
            };
            if rest.len() == name.len() || modifiers.contains(held) {
                return Err(unknown());
            }
            modifiers |= held;
            rest = &rest[name.len()..];
        }
        let lower = rest.to_ascii_lowercase();
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) => KeyCode::Char(c),
            (Some('f' | 'F'), Some(_)) => match lower[1..].parse() {
                Ok(n @ 1..=24) => KeyCode::F(n),
                _ => return Err(unknown()),
            },
            _ => NAMES.iter().find(|(name, _)| *name == lower).ok_or_else(unknown)?.1,
        };
        match code {
            // `ctrl-S` and `ctrl-s` are one key on every keyboard, and so are `alt-S` and `alt-s`; a bare `shift-a` is
            // `A`.
            KeyCode::Char(_) if modifiers.contains(KeyModifiers::SHIFT) => Err(unknown()),
            KeyCode::Char(c) if modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
                Ok(Self { code: KeyCode::Char(c.to_ascii_lowercase()), modifiers })
            }
            _ => Ok(Self { code, modifiers }),
        }
    }
}

impl fmt::Display for Chord {
    /// As it is shown in the footer and the help: `Ctrl-S`, `F2`, `Shift-Tab`, `?`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        for (held, name) in [(self.ctrl(), "Ctrl-"), (self.alt(), "Alt-"), (self.shift(), "Shift-")] {
            out.push_str(if held { name } else { "" });
        }
        match self.code {
            KeyCode::F(n) => out.extend(["F".to_owned(), n.to_string()]),
            KeyCode::Char(c) if c != ' ' && (self.ctrl() || self.alt()) => out.push(c.to_ascii_uppercase()),
            KeyCode::Char(c) if c != ' ' => out.push(c),
            code if SHOWN.iter().any(|(shown, _)| *shown == code) => {
                out.extend(SHOWN.iter().filter(|(shown, _)| *shown == code).map(|(_, name)| *name));
            }
            code => {
                let name = NAMES.iter().find(|(_, named)| *named == code).map_or("", |(name, _)| name);
                let mut letters = name.chars();
                out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
                out.extend(letters);
            }
        }
        f.pad(&out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_parsed_and_shown() {
        for (text, shown) in [
            ("ctrl-s", "Ctrl-S"),
            ("Ctrl-S", "Ctrl-S"),
            ("f2", "F2"),
            ("alt-1", "Alt-1"),
            ("shift-tab", "Shift-Tab"),
            ("enter", "Enter"),
            ("ctrl-space", "Ctrl-Space"),
            ("alt--", "Alt--"),
            ("Alt-S", "Alt-S"),
            ("?", "?"),
            ("ctrl-alt-pagedown", "Ctrl-Alt-PgDn"),
        ] {
            assert_eq!(text.parse::<Chord>().unwrap().to_string(), shown);
        }
        for text in ["", "ctrl-", "f0", "f99", "shift-a", "ctrl-ctrl-a", "hyper-x", "enterr"] {
            assert_eq!(text.parse::<Chord>(), Err(UnknownKey(text.to_owned())));
        }
    }

    fn chord(code: KeyCode, modifiers: KeyModifiers) -> Option<Chord> {
        Chord::of_event(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn events_become_the_chords_of_the_table() {
        let parsed = |text: &str| Some(text.parse().unwrap());
        assert_eq!(chord(KeyCode::Char('A'), KeyModifiers::SHIFT), parsed("A"));
        assert_eq!(chord(KeyCode::Char('S'), KeyModifiers::CONTROL | KeyModifiers::SHIFT), parsed("ctrl-s"));
        assert_eq!(chord(KeyCode::Char('z'), KeyModifiers::CONTROL | KeyModifiers::SHIFT), parsed("ctrl-y"));
        assert_eq!(chord(KeyCode::BackTab, KeyModifiers::NONE), parsed("shift-tab"));
        assert_eq!(chord(KeyCode::F(9), KeyModifiers::SHIFT), parsed("shift-f9"));
        assert_eq!(chord(KeyCode::CapsLock, KeyModifiers::NONE), None);
    }

    #[test]
    fn full_width_characters_act_as_their_twins_and_letters_belong_to_the_input_method() {
        for (typed, acts) in
            [('／', "/"), ('：', ":"), ('？', "?"), ('１', "1"), ('、', "/"), ('　', "space")]
        {
            let chord = chord(KeyCode::Char(typed), KeyModifiers::NONE).unwrap();
            assert_eq!(chord.as_command(), acts.parse().unwrap());
            assert_eq!(chord.text(), Some(typed));
            assert!(!chord.works_while_typing());
        }
        let works = |key: &str| key.parse::<Chord>().unwrap().works_while_typing();
        assert_eq!(["f1", "esc", "alt-1", "ctrl-left"].map(works), [true; 4]);
        assert_eq!(["enter", "tab", "shift-left", "delete", "a"].map(works), [false; 5]);
    }

    #[test]
    fn a_key_that_looks_like_another_to_a_terminal_is_not_sent() {
        let sent = |key: &str| key.parse::<Chord>().unwrap().is_sent();
        assert_eq!(
            ["ctrl-s", "alt-s", "ctrl-space", "shift-f9", "alt-enter", "ctrl-left", "y"].map(sent),
            [true; 7]
        );
        assert_eq!(
            ["ctrl-i", "ctrl-m", "ctrl-h", "ctrl-1", "ctrl-enter", "alt-[", "ctrl-中"].map(sent),
            [false; 7]
        );
    }
}

//! What the bytes of a terminal mean: characters, escape sequences, pastes; torn apart wherever a read ended.
//!
//! Holds the bytes that mean nothing yet. How long they may wait is [`Decoder::patience`]; whoever reads asks
//! with that limit and calls [`Decoder::give_up`] when nothing came.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::Input;
use super::sequence::{self, Meaning};
use crate::desk::keys::Chord;

/// How long the rest of a key may lag behind its Esc on a slow line.
const ESC_TAIL: Duration = Duration::from_millis(10);

/// How long the rest of a sequence, or of a character, may lag behind what is plainly its beginning.
const SEQUENCE_TAIL: Duration = Duration::from_millis(100);

/// How long a paste may pause before its end is taken as lost.
const PASTE_PAUSE: Duration = Duration::from_secs(2);

/// The longest sequence that is listened to; what is longer is noise.
const SEQUENCE_BYTES: usize = 256;

/// A paste is cut here, a hundred times what any field takes.
const PASTE_BYTES: usize = 8 * 1024 * 1024;

const PASTE_END: &[u8] = b"\x1b[201~";

/// Bytes in, input out.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    remote: bool,
    /// What means nothing yet, behind what has been told while decoding.
    held: Vec<u8>,
    done: usize,
    /// The bytes of a paste, while one is under way.
    paste: Option<Vec<u8>>,
    /// The Esc at the head of `held` has been told: if it was the head of a torn key, the tail is not told.
    told: bool,
}

/// What the next bytes are.
enum Next {
    /// Input, and how many bytes it took.
    Input(Input, usize),
    /// So many bytes that mean nothing here.
    Nothing(usize),
    /// A paste begins after so many bytes.
    Paste(usize),
    /// The beginning of something.
    Part,
}

impl Decoder {
    pub(super) fn new(remote: bool) -> Self {
        Self { remote, ..Self::default() }
    }

    /// How long to wait for more; `None` where nothing hangs in the air.
    pub(super) fn patience(&self) -> Option<Duration> {
        match (&self.paste, self.held.as_slice()) {
            (Some(_), _) => Some(PASTE_PAUSE),
            (None, []) => None,
            (None, [0x1b]) => Some(ESC_TAIL),
            (None, _) => Some(SEQUENCE_TAIL),
        }
    }

    /// Takes bytes in and gives what they mean, together with those before.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Vec<Input> {
        self.held.extend_from_slice(bytes);
        let mut found = Vec::new();
        while self.step(&mut found) {}
        self.held.drain(..self.done);
        self.done = 0;
        if self.held == [0x1b] && !self.remote && !self.told {
            self.told = true;
            found.extend(key(KeyCode::Esc, KeyModifiers::NONE));
        }
        found
    }

    /// Nothing more came in time: what is held means what it means alone.
    pub(super) fn give_up(&mut self) -> Vec<Input> {
        let held = std::mem::take(&mut self.held);
        let told = std::mem::take(&mut self.told);
        if let Some(mut paste) = self.paste.take() {
            paste.extend(held);
            return pasted(&paste).into_iter().collect();
        }
        let meant = match held.as_slice() {
            [] => None,
            _ if told => None,
            [0x1b] => key(KeyCode::Esc, KeyModifiers::NONE),
            // Alt-[ and its like.
            [0x1b, c] => key(KeyCode::Char(char::from(*c)), KeyModifiers::ALT),
            // A sequence that broke off is no text.
            [0x1b, ..] => None,
            _ => Some(Input::NotUtf8),
        };
        meant.into_iter().collect()
    }

    /// Decodes the next thing held; says whether there may be another.
    fn step(&mut self, found: &mut Vec<Input>) -> bool {
        if self.paste.is_some() {
            return self.go_on_pasting(found);
        }
        if self.told && self.unread().len() > 1 {
            let torn = matches!(self.unread()[1], b'[' | b'O');
            match self.next() {
                Next::Part if torn => return false,
                Next::Input(_, n) | Next::Nothing(n) | Next::Paste(n) if torn => self.done += n,
                _ => self.done += 1,
            }
            self.told = false;
            return true;
        }
        match self.next() {
            Next::Input(input, n) => {
                self.done += n;
                // One complaint a read is enough.
                if input != Input::NotUtf8 || found.last() != Some(&Input::NotUtf8) {
                    found.push(input);
                }
            }
            Next::Nothing(n) => self.done += n,
            Next::Paste(n) => {
                self.done += n;
                self.paste = Some(Vec::new());
            }
            Next::Part if self.unread().len() > SEQUENCE_BYTES => self.done = self.held.len(),
            Next::Part => return false,
        }
        true
    }

    /// Adds to the paste under way; says whether it has ended.
    fn go_on_pasting(&mut self, found: &mut Vec<Input>) -> bool {
        let unread = &self.held[self.done..];
        let end = unread.windows(PASTE_END.len()).position(|window| window == PASTE_END);
        // Without an end, the last bytes may be the beginning of one.
        let begins = |n: &usize| unread.ends_with(&PASTE_END[..*n]);
        let kept = (1..PASTE_END.len()).rev().find(begins).unwrap_or(0);
        let text = end.unwrap_or(unread.len() - kept);
        let paste = self.paste.get_or_insert_default();
        paste.extend_from_slice(&unread[..text.min(PASTE_BYTES.saturating_sub(paste.len()))]);
        self.done += end.map_or(text, |end| end + PASTE_END.len());
        if end.is_some() {
            found.extend(self.paste.take().as_deref().and_then(pasted));
        }
        end.is_some()
    }

    fn unread(&self) -> &[u8] {
        &self.held[self.done..]
    }

    fn next(&self) -> Next {
        match self.unread() {
            [] => Next::Part,
            [0x1b, rest @ ..] => after_escape(rest),
            [byte, ..] if *byte < 0x20 || *byte == 0x7f => control(*byte, KeyModifiers::NONE, 1),
            bytes => character(bytes, KeyModifiers::NONE, 0),
        }
    }
}

fn after_escape(rest: &[u8]) -> Next {
    match rest {
        [] => Next::Part,
        // Esc, and then something else.
        [0x1b, ..] => told(key(KeyCode::Esc, KeyModifiers::NONE), 1),
        [b'[' | b'O' | b'P' | b']' | b'^' | b'_' | b'X', ..] => match sequence::read(rest) {
            Meaning::Key(code, modifiers, n) => told(key(code, modifiers), n + 1),
            Meaning::Mouse(mouse, n) => Next::Input(Input::Mouse(mouse), n + 1),
            Meaning::PasteBegins(n) => Next::Paste(n + 1),
            Meaning::Nothing(n) => Next::Nothing(n + 1),
            Meaning::Part => Next::Part,
        },
        [byte, ..] if *byte < 0x20 || *byte == 0x7f => control(*byte, KeyModifiers::ALT, 2),
        bytes => character(bytes, KeyModifiers::ALT, 1),
    }
}

/// The key that sends a control byte; `n` bytes are gone with it.
fn control(byte: u8, held: KeyModifiers, n: usize) -> Next {
    let ctrl = |c: u8| key(KeyCode::Char(char::from(c)), held | KeyModifiers::CONTROL);
    let input = match byte {
        b'\r' => key(KeyCode::Enter, held),
        b'\t' => key(KeyCode::Tab, held),
        0x7f => key(KeyCode::Backspace, held),
        0 => ctrl(b' '),
        1..=26 => ctrl(byte - 1 + b'a'),
        28..=31 => ctrl(byte - 28 + b'4'),
        _ => None,
    };
    told(input, n)
}

/// The first character of bytes that begin with no control byte; `before` bytes are gone with it.
fn character(bytes: &[u8], held: KeyModifiers, before: usize) -> Next {
    // At most four bytes make one; the rest may be anything.
    let first = &bytes[..bytes.len().min(4)];
    let (text, wrong) = match str::from_utf8(first) {
        Ok(text) => (text, None),
        Err(error) => (str::from_utf8(&first[..error.valid_up_to()]).unwrap_or_default(), error.error_len()),
    };
    match (text.chars().next(), wrong) {
        (Some(c), _) if c.is_control() => Next::Nothing(c.len_utf8() + before),
        (Some(c), _) => told(key(KeyCode::Char(c), held), c.len_utf8() + before),
        (None, Some(wrong)) => Next::Input(Input::NotUtf8, wrong + before),
        (None, None) => Next::Part,
    }
}

/// A key as the desk takes it, if it has a name here.
fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Input> {
    Chord::of_event(KeyEvent::new(code, modifiers)).map(Input::Key)
}

fn told(input: Option<Input>, n: usize) -> Next {
    input.map_or(Next::Nothing(n), |input| Next::Input(input, n))
}

/// Pasted text as the fields take it; nothing where nothing of it is text.
fn pasted(bytes: &[u8]) -> Option<Input> {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\n' => out.push('\n'),
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    (!out.is_empty()).then_some(Input::Paste(out))
}

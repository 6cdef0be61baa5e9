//! Keys, pastes and resizes, read on a thread of their own: a blocking read, one post an event.
//!
//! Built on crossterm with `use-dev-tty` (its other reader stalls on pastes over 1,024 bytes). Two of its limits
//! stay: a bracketed paste whose end never comes is swallowed inside its parser, where no watchdog reaches; and
//! a read of a terminal that is gone never returns, so `terminal` watches for that and ends the program.

use std::io;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseEvent};

use super::backend::SharedSize;
use super::keys::Chord;
use super::mailbox::Mailbox;

/// How long the rest of a key sequence may lag behind its Esc on a slow line.
const ESC_TAIL: Duration = Duration::from_millis(10);

/// A paste is cut here: five times the longest text that any field takes.
const PASTE_CHARS: usize = 100_000;

/// What a person or the system did to the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(Chord),
    /// Text was pasted: line breaks are `\n`, other control characters are gone, tabs are blanks.
    Paste(String),
    /// The mouse was used (only where it was asked for).
    Mouse(MouseEvent),
    /// The terminal has another size; the next frame is drawn for it.
    Resize,
    /// The screen was somebody else's and is ours again: draw all of it.
    Redraw,
    /// The program shall end, soon, with what was typed safe.
    Stop(Stop),
}

/// Why the program shall end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The window was closed or the line cut: nothing can be shown any more.
    HangUp,
    /// The system asked.
    Terminate,
}

/// Where events come from: the terminal, or a script in a test.
pub trait Source {
    /// Waits for the next event.
    fn read(&mut self) -> io::Result<Event>;
    /// Waits at most `limit` and says whether there is an event to read.
    fn ready(&mut self, limit: Duration) -> io::Result<bool>;
}

/// The terminal itself.
#[derive(Debug)]
pub struct Tty;

impl Source for Tty {
    fn read(&mut self) -> io::Result<Event> {
        crossterm::event::read()
    }

    fn ready(&mut self, limit: Duration) -> io::Result<bool> {
        crossterm::event::poll(limit)
    }
}

/// Reads `source` until it fails, which for a terminal means that it is gone.
///
/// `remote` says that the line may tear a key's bytes apart: there a lone Esc is held back for 10 ms to see what
/// follows; on a local line it counts at once, and only the tail that would become letters is taken away.
pub fn read_all<M>(
    mut source: impl Source,
    mailbox: &Mailbox<M>,
    size: &SharedSize,
    remote: bool,
) -> io::Error {
    loop {
        if let Err(error) = read_one(&mut source, mailbox, size, remote) {
            return error;
        }
    }
}

fn read_one<M>(
    source: &mut impl Source,
    mailbox: &Mailbox<M>,
    size: &SharedSize,
    remote: bool,
) -> io::Result<()> {
    let event = source.read()?;
    if !is_key(&event, KeyCode::Esc) {
        post(event, mailbox, size);
        return Ok(());
    }
    if !remote {
        post(event.clone(), mailbox, size);
    }
    let mut pending = None;
    if source.ready(ESC_TAIL)? {
        let next = source.read()?;
        match next {
            Event::Key(key) if matches!(key.code, KeyCode::Char('[' | 'O')) && key.modifiers.is_empty() => {
                let whole = read_tail(source, key.code)?;
                if let Some(code) = whole.filter(|_| remote) {
                    post(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)), mailbox, size);
                }
                return Ok(());
            }
            _ => pending = Some(next),
        }
    }
    if remote {
        post(event, mailbox, size);
    }
    if let Some(event) = pending {
        post(event, mailbox, size);
    }
    Ok(())
}

/// Reads what follows `ESC [` or `ESC O` and says which key that was, if it is a common one.
fn read_tail(source: &mut impl Source, start: KeyCode) -> io::Result<Option<KeyCode>> {
    let mut tail = String::new();
    while tail.len() < 16 && source.ready(ESC_TAIL)? {
        let Event::Key(KeyEvent { code: KeyCode::Char(c), .. }) = source.read()? else { break };
        tail.push(c);
        if start == KeyCode::Char('O') || matches!(c, '@'..='~') {
            break;
        }
    }
    Ok(match tail.as_str() {
        "A" => Some(KeyCode::Up),
        "B" => Some(KeyCode::Down),
        "C" => Some(KeyCode::Right),
        "D" => Some(KeyCode::Left),
        "H" | "1~" | "7~" => Some(KeyCode::Home),
        "F" | "4~" | "8~" => Some(KeyCode::End),
        "Z" => Some(KeyCode::BackTab),
        "2~" => Some(KeyCode::Insert),
        "3~" => Some(KeyCode::Delete),
        "5~" => Some(KeyCode::PageUp),
        "6~" => Some(KeyCode::PageDown),
        "P" | "11~" => Some(KeyCode::F(1)),
        "Q" | "12~" => Some(KeyCode::F(2)),
        "R" | "13~" => Some(KeyCode::F(3)),
        "S" | "14~" => Some(KeyCode::F(4)),
        _ => None,
    })
}

fn is_key(event: &Event, code: KeyCode) -> bool {
    matches!(event, Event::Key(key) if key.code == code && key.modifiers.is_empty())
}

fn post<M>(event: Event, mailbox: &Mailbox<M>, size: &SharedSize) {
    let input = match event {
        Event::Key(key) => Chord::of_event(key).map(Input::Key),
        Event::Paste(text) => Some(Input::Paste(clean(&text))),
        Event::Mouse(mouse) => Some(Input::Mouse(mouse)),
        Event::Resize(columns, rows) => {
            size.set(columns, rows);
            Some(Input::Resize)
        }
        Event::FocusGained | Event::FocusLost => None,
    };
    if let Some(input) = input {
        mailbox.input(input);
    }
}

/// Pasted text as the fields take it.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().take(PASTE_CHARS).peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\n' => out.push('\n'),
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::desk::mailbox::Post;

    /// Events, and gaps longer than any tail.
    struct Script(VecDeque<Option<Event>>);

    impl Source for Script {
        fn read(&mut self) -> io::Result<Event> {
            loop {
                match self.0.pop_front() {
                    Some(Some(event)) => return Ok(event),
                    Some(None) => {}
                    None => return Err(io::ErrorKind::UnexpectedEof.into()),
                }
            }
        }

        fn ready(&mut self, _: Duration) -> io::Result<bool> {
            Ok(matches!(self.0.front(), Some(Some(_))))
        }
    }

    /// `⎋` is Esc, a blank a gap, everything else itself.
    fn check(keys: &str, remote: bool, read: &[&str]) {
        let event = |c| match c {
            ' ' => None,
            '⎋' => Some(Event::Key(KeyCode::Esc.into())),
            c => Some(Event::Key(KeyCode::Char(c).into())),
        };
        let mailbox = Mailbox::<()>::default();
        read_all(Script(keys.chars().map(event).collect()), &mailbox, &SharedSize::new(80, 24), remote);
        let mut found = Vec::new();
        while let Some(Post::Input(Input::Key(chord))) = mailbox.take() {
            found.push(chord.to_string());
        }
        assert_eq!(found, read);
    }

    #[test]
    fn an_arrow_key_torn_apart_never_becomes_letters() {
        check("⎋ a", false, &["Esc", "a"]);
        check("⎋ a", true, &["Esc", "a"]);
        check("⎋[A b", false, &["Esc", "b"]);
        check("⎋[A b", true, &["Up", "b"]);
        check("⎋[5~⎋OPx", true, &["Pageup", "F1", "x"]);
        check("⎋[200;3u b", true, &["b"]);
        check("⎋x", true, &["Esc", "x"]);
        check("⎋ [A", false, &["Esc", "[", "A"]);
    }

    #[test]
    fn pasted_text_is_cleaned() {
        assert_eq!(clean("一\r\n二\r三\t四\x1b[31m\0五"), "一\n二\n三 四[31m五");
        assert_eq!(clean(&"长".repeat(200_000)).chars().count(), PASTE_CHARS);
    }

    #[test]
    fn a_resize_is_noted_before_it_is_told() {
        let (mailbox, size) = (Mailbox::<()>::default(), SharedSize::new(80, 24));
        read_all(Script([Some(Event::Resize(120, 36))].into()), &mailbox, &size, false);
        assert_eq!((size.get().width, size.get().height), (120, 36));
        assert!(matches!(mailbox.take(), Some(Post::Input(Input::Resize))));
    }
}

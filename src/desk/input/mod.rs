//! Keys, pastes and the mouse, read by the thread of the loop itself: it sleeps on the terminal and on the mailbox at
//! once, so that a key wakes one thread and not two.
//!
//! The bytes are read and decoded here and not by crossterm, whose readers stall on long pastes or spin once the
//! terminal is gone, hand over the letters of a key that the network tore apart, and never give a paste back whose
//! end got lost. `decoder` knows what bytes mean, `sequence` which key an escape sequence is; this file knows
//! when to wait for more of them.

mod decoder;
mod sequence;

use std::fs::File;
use std::io::{self, IsTerminal, PipeReader, Read as _};
use std::os::fd::AsFd;
use std::time::Duration;

use crossterm::event::MouseEvent;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use self::decoder::Decoder;
use super::keys::Chord;
use super::mailbox::Mailbox;
use crate::domain::secret::Secret;

/// What a person or the system did to the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(Chord),
    /// Text was pasted: line breaks are `\n`, other control characters are gone, tabs are blanks.
    Paste(String),
    /// The mouse was used (only where it was asked for).
    Mouse(MouseEvent),
    /// Bytes came that are no UTF-8: the terminal speaks another encoding, and what was typed is not known.
    NotUtf8,
    /// The terminal has another size; the next frame is drawn for it.
    Resize,
    /// The screen was somebody else's and is ours again: draw all of it.
    Redraw,
    /// A whole line, where lines are read and not keys. It may be a password.
    Line(Secret),
    /// There are no more lines.
    NoMoreLines,
    /// Ctrl-C, where the terminal makes a signal of it.
    Interrupt,
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

/// What waiting for bytes came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// So many bytes were read.
    Bytes(usize),
    /// The time is up.
    Nothing,
    /// Something else needs the loop.
    Bell,
}

/// Where bytes come from: the terminal, or a script in a test.
pub trait Source {
    /// Waits for bytes, at most `limit` if there is one, and reads them.
    fn read(&mut self, into: &mut [u8], limit: Option<Duration>) -> io::Result<Heard>;
}

/// The terminal that keys come from, and the mailbox's bell beside it.
#[derive(Debug)]
pub struct Tty {
    file: File,
    bell: PipeReader,
}

impl Tty {
    /// Standard input where it is a terminal, otherwise the terminal of the session.
    pub fn open(bell: PipeReader) -> io::Result<Self> {
        if io::stdin().is_terminal() {
            return Ok(Self { file: File::from(io::stdin().as_fd().try_clone_to_owned()?), bell });
        }
        Ok(Self { file: File::open("/dev/tty")?, bell })
    }
}

impl Source for Tty {
    fn read(&mut self, into: &mut [u8], limit: Option<Duration>) -> io::Result<Heard> {
        let limit = limit.map(Timespec::try_from).transpose().map_err(io::Error::other)?;
        let mut fds = [PollFd::new(&self.file, PollFlags::IN), PollFd::new(&self.bell, PollFlags::IN)];
        match poll(&mut fds, limit.as_ref()) {
            Ok(0) => return Ok(Heard::Nothing),
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(Heard::Bell),
            Err(error) => return Err(error.into()),
        }
        let (typed, rung) = (!fds[0].revents().is_empty(), !fds[1].revents().is_empty());
        if rung {
            self.bell.read_exact(&mut [0])?;
        }
        if !typed {
            return Ok(Heard::Bell);
        }
        match self.file.read(into) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => Ok(Heard::Bytes(n)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Heard::Bell),
            Err(error) => Err(error),
        }
    }
}

/// The loop's ear: waits for a source and a mailbox, and puts what the source says into the mailbox.
///
/// `remote` says that the line may tear a key's bytes apart: there a lone Esc is held back for 10 ms to see what
/// follows; on a local line it counts at once, and only the tail that would become letters is taken away.
#[derive(Debug)]
pub struct Ear<S> {
    /// None once it is gone.
    source: Option<S>,
    decoder: Decoder,
    bytes: Vec<u8>,
}

impl<S: Source> Ear<S> {
    /// An ear for `source`.
    pub fn new(source: S, remote: bool) -> Self {
        Self { source: Some(source), decoder: Decoder::new(remote), bytes: vec![0; 16 * 1024] }
    }

    /// Waits until `mailbox` has something to take, or `limit` has passed.
    pub fn wait<M>(&mut self, mailbox: &Mailbox<M>, limit: Option<Duration>) {
        if self.source.is_none() {
            mailbox.wait(limit);
        } else if mailbox.listen() {
            let heard = self.hear(limit);
            mailbox.listen_no_more();
            mailbox.inputs(heard);
        }
    }

    /// What the source says, if it says something in time. A source that fails is a terminal that is gone: that is told
    /// once, after what was half said until then.
    pub fn hear(&mut self, limit: Option<Duration>) -> Vec<Input> {
        let Some(source) = &mut self.source else { return Vec::new() };
        let patience = self.decoder.patience();
        let until = [limit, patience].into_iter().flatten().min();
        match source.read(&mut self.bytes, until) {
            Ok(Heard::Bytes(n)) => self.decoder.take(&self.bytes[..n]),
            Ok(Heard::Nothing) if patience == until => self.decoder.give_up(),
            Ok(Heard::Nothing | Heard::Bell) => Vec::new(),
            Err(error) => {
                tracing::info!(%error, "no more keys");
                self.source = None;
                let mut last = self.decoder.give_up();
                last.push(Input::Stop(Stop::HangUp));
                last
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::super::mailbox::Post;
    use super::*;

    /// What one read gives; `None` is a pause that is longer than any patience.
    struct Script(VecDeque<Option<Vec<u8>>>);

    impl Source for Script {
        fn read(&mut self, into: &mut [u8], limit: Option<Duration>) -> io::Result<Heard> {
            loop {
                match self.0.pop_front() {
                    Some(Some(bytes)) => {
                        into[..bytes.len()].copy_from_slice(&bytes);
                        return Ok(Heard::Bytes(bytes.len()));
                    }
                    Some(None) if limit.is_some() => return Ok(Heard::Nothing),
                    Some(None) => {}
                    None => return Err(io::ErrorKind::UnexpectedEof.into()),
                }
            }
        }
    }

    fn read(script: &[Option<&[u8]>], remote: bool) -> Vec<Input> {
        let mailbox = Mailbox::<()>::default();
        let script = Script(script.iter().map(|read| read.map(<[u8]>::to_vec)).collect());
        let (mut ear, mut found) = (Ear::new(script, remote), Vec::new());
        loop {
            ear.wait(&mailbox, None);
            while let Some(post) = mailbox.take() {
                match post {
                    Post::Input(Input::Stop(Stop::HangUp)) => return found,
                    Post::Input(input) => found.push(input),
                    Post::Msg(()) => panic!("a message from the terminal"),
                }
            }
        }
    }

    /// `⎋` is the escape byte; every `|` ends a read, and a blank around it is a pause.
    fn check(script: &str, remote: bool, expected: &[&str]) {
        let mut reads = Vec::new();
        for part in script.replace('⎋', "\x1b").split('|') {
            reads.push(Some(part.trim().as_bytes().to_vec()));
            if part.ends_with(' ') {
                reads.push(None);
            }
        }
        let reads: Vec<_> = reads.iter().map(Option::as_deref).collect();
        let found = read(&reads, remote);
        let found: Vec<_> = found
            .iter()
            .map(|input| match input {
                Input::Key(chord) => chord.to_string(),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(found, expected, "{script}");
    }

    #[test]
    fn an_arrow_key_torn_apart_never_becomes_letters() {
        for remote in [false, true] {
            check("⎋ |a", remote, &["Esc", "a"]);
            check("⎋ |[A", remote, &["Esc", "[", "A"]);
            check("⎋[|A|b", remote, &["Up", "b"]);
            check("⎋[1;|5|C", remote, &["Ctrl-Right"]);
        }
        check("⎋|[A|b", false, &["Esc", "b"]);
        check("⎋|[|1;5|C|b", false, &["Esc", "b"]);
        check("⎋|OP|x", false, &["Esc", "x"]);
        check("⎋|a", false, &["Esc", "a"]);
        check("⎋|[A|b", true, &["Up", "b"]);
        check("⎋|[5~⎋OPx", true, &["PgUp", "F1", "x"]);
        check("⎋|x", true, &["Alt-X"]);
        check("⎋|[200;3u| b", true, &["Alt-È", "b"]);
    }

    #[test]
    fn a_paste_whose_end_never_comes_is_given_back() {
        check("⎋[200~一|二 |三", false, &[r#"Paste("一二")"#, "三"]);
        check("⎋[200~一⎋[201|~二", false, &[r#"Paste("一")"#, "二"]);
        // An end that comes after all is no key.
        check("⎋[200~一 |⎋[201~二", false, &[r#"Paste("一")"#, "二"]);
    }

    #[test]
    fn what_was_half_said_when_the_line_went_dead_is_kept() {
        check("⎋[200~夜间施工", false, &[r#"Paste("夜间施工")"#]);
    }

    #[test]
    fn a_long_paste_in_many_reads_is_one() {
        let text = "夜间施工扰民。".repeat(10_000);
        let bytes = [b"\x1b[200~", text.as_bytes(), b"\x1b[201~"].concat();
        let reads: Vec<_> = bytes.chunks(1_021).map(Some).collect();
        assert_eq!(read(&reads, false), [Input::Paste(text)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn any_bytes_in_any_pieces_are_survived(
            reads in prop::collection::vec(prop::option::of(prop::collection::vec(any::<u8>(), 0..40)), 0..40),
            remote: bool,
        ) {
            let reads: Vec<_> = reads.iter().map(Option::as_deref).collect();
            let _ = read(&reads, remote);
        }

        #[test]
        fn typed_text_arrives_whole_however_it_is_torn(
            text in "[a-z中文，。é😀１ ]{0,60}",
            sizes in prop::collection::vec(1_usize..7, 200),
            remote: bool,
        ) {
            let (mut rest, mut reads) = (text.as_bytes(), Vec::new());
            for n in sizes {
                let (piece, left) = rest.split_at(n.min(rest.len()));
                reads.push(Some(piece));
                rest = left;
            }
            reads.push(Some(rest));
            let typed: String = read(&reads, remote)
                .into_iter()
                .map(|input| match input {
                    Input::Key(chord) => chord.text().unwrap(),
                    other => panic!("{other:?}"),
                })
                .collect();
            prop_assert_eq!(typed, text);
        }
    }
}

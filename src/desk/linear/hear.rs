//! What the linear desk hears: lines of standard input on a thread of its own, and signals.

use std::io::{self, BufRead, Read as _};
use std::thread;

use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};
use zeroize::Zeroizing;

use crate::desk::input::{Input, Stop};
use crate::desk::mailbox::Mailbox;
use crate::domain::secret::Secret;

/// The most bytes of one line that are taken; no field holds as much.
const LONGEST: u64 = 256 * 1024;

/// Starts to listen.
pub(super) fn listen<M: Send + 'static>(mailbox: &Mailbox<M>, runtime: &Handle) -> io::Result<()> {
    watch_signals(mailbox, runtime)?;
    let to = mailbox.clone();
    thread::Builder::new().name("lines".into()).spawn(move || {
        if let Err(error) = read_lines(io::stdin().lock(), |input| to.input(input)) {
            tracing::info!(%error, "no more lines");
        }
        to.input(Input::NoMoreLines);
    })?;
    Ok(())
}

fn watch_signals<M: Send + 'static>(mailbox: &Mailbox<M>, runtime: &Handle) -> io::Result<()> {
    let _entered = runtime.enter();
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut quit = signal(SignalKind::quit())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mailbox = mailbox.clone();
    runtime.spawn(async move {
        loop {
            mailbox.input(tokio::select! {
                _ = hang_up.recv() => Input::Stop(Stop::HangUp),
                _ = terminate.recv() => Input::Stop(Stop::Terminate),
                _ = quit.recv() => Input::Stop(Stop::Terminate),
                _ = interrupt.recv() => Input::Interrupt,
            });
        }
    });
    Ok(())
}

/// Reads lines to the end, without their ends; of one that is too long the first part.
fn read_lines(mut from: impl BufRead, mut hear: impl FnMut(Input)) -> io::Result<()> {
    let mut bytes = Zeroizing::new(Vec::new());
    loop {
        bytes.clear();
        if from.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        if bytes.last() != Some(&b'\n') && bytes.len() as u64 == LONGEST {
            from.skip_until(b'\n')?;
            // The cut may have halved a character.
            let whole = str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
            if bytes.len() - whole < 4 {
                bytes.truncate(whole);
            }
        }
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        hear(match str::from_utf8(&bytes) {
            Ok(line) => Input::Line(Secret::new(line.to_owned())),
            Err(_) => Input::NotUtf8,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(bytes: &[u8]) -> Vec<Option<String>> {
        let mut heard = Vec::new();
        let hear = |input| {
            heard.push(match input {
                Input::Line(line) => Some(line.expose().to_owned()),
                _ => None,
            });
        };
        read_lines(bytes, hear).unwrap();
        heard
    }

    #[test]
    fn lines_come_without_their_ends() {
        let some = |line: &str| Some(line.to_owned());
        assert_eq!(heard("路灯\r\n\n不亮".as_bytes()), [some("路灯"), some(""), some("不亮")]);
        assert_eq!(heard(b"a\n\xb2\xbb\nb\n"), [some("a"), None, some("b")]);
        assert_eq!(heard(b""), []);
    }

    #[test]
    fn a_line_without_an_end_in_sight_is_cut_between_characters() {
        let mut long = "灯".repeat(200_000);
        long.push_str("\n好\n");
        let heard = heard(long.as_bytes());
        assert_eq!(heard.len(), 2);
        let first = heard[0].as_ref().unwrap();
        assert_eq!((first.len(), first.chars().last()), (262_143, Some('灯')));
        assert_eq!(heard[1].as_deref(), Some("好"));
    }
}

//! A program in a pseudo-terminal: keys in, and when what came out.

use std::io::{Read as _, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::screen::Size;

/// Nothing takes longer than this, or it hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// The question what terminal this is, and an answer.
const ASKED: &[u8] = b"\x1b[c";
const ANSWER: &[u8] = b"\x1b[?62;22c";

/// A running program.
pub(crate) struct Pty {
    child: Box<dyn Child + Send + Sync>,
    keys: Arc<Mutex<Box<dyn Write + Send>>>,
    chunks: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    started: Instant,
    _master: Box<dyn MasterPty + Send>,
}

impl Pty {
    /// Starts a program on a terminal of its own.
    pub(crate) fn start(program: &str, args: &[&str], size: Size) -> anyhow::Result<Self> {
        let mut command = CommandBuilder::new(program);
        command.args(args);
        Self::run(command, size)
    }

    /// Runs a command on a terminal of its own.
    pub(crate) fn run(mut command: CommandBuilder, size: Size) -> anyhow::Result<Self> {
        let open = PtySize { rows: size.1, cols: size.0, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(open)?;
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("LANG", "zh_CN.UTF-8");
        let mut from = pair.master.try_clone_reader()?;
        let keys = Arc::new(Mutex::new(pair.master.take_writer()?));
        let (chunk, chunks) = channel();
        let answers = Arc::clone(&keys);
        std::thread::spawn(move || {
            let mut bytes = vec![0; 65_536];
            while let Ok(read @ 1..) = from.read(&mut bytes) {
                // Whoever asks what terminal this is would wait for the answer.
                if bytes[..read].windows(ASKED.len()).any(|window| window == ASKED) {
                    let _ = lock(&answers).write_all(ANSWER);
                }
                if chunk.send((Instant::now(), bytes[..read].to_vec())).is_err() {
                    break;
                }
            }
        });
        let (rows, columns) = (size.1.try_into()?, size.0.try_into()?);
        let started = Instant::now();
        let child = pair.slave.spawn_command(command)?;
        Ok(Self {
            child,
            keys,
            chunks,
            screen: vt100::Parser::new(rows, columns, 0),
            started,
            _master: pair.master,
        })
    }

    /// The process.
    pub(crate) fn id(&self) -> anyhow::Result<u32> {
        self.child.process_id().context("it has ended")
    }

    /// How long the thread that it began with has been on a processor, which reads keys and paints, and all of them.
    pub(crate) fn ran(&self) -> anyhow::Result<[Duration; 2]> {
        let id = self.id()?;
        let first = std::fs::read_to_string(format!("/proc/{id}/task/{id}/schedstat"))?;
        let first = first.split(' ').next().context("no times")?.parse()?;
        Ok([Duration::from_nanos(first), crate::start::Spent::of(id)?.ran])
    }

    /// Sends keys as a terminal does.
    pub(crate) fn send(&mut self, keys: &str) -> anyhow::Result<()> {
        let mut to = lock(&self.keys);
        to.write_all(keys.as_bytes())?;
        Ok(to.flush()?)
    }

    /// Sends a paste.
    pub(crate) fn paste(&mut self, text: &str) -> anyhow::Result<()> {
        self.send(&format!("\x1b[200~{text}\x1b[201~"))
    }

    /// Waits until the screen says `text`, and tells how long after the start that was.
    pub(crate) fn until(&mut self, text: &str) -> anyhow::Result<Duration> {
        self.until_seen(text, |screen| screen.contents().contains(text))
    }

    /// Whether the screen says `text`.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.sees(|screen| screen.contents().contains(text))
    }

    /// Whether something is on the screen.
    pub(crate) fn sees(&self, what: impl Fn(&vt100::Screen) -> bool) -> bool {
        what(self.screen.screen())
    }

    /// Sends keys and waits until something is on the screen; tells how long after the keys the last of it came.
    pub(crate) fn answered(
        &mut self,
        keys: &str,
        seen: impl Fn(&vt100::Screen) -> bool,
    ) -> anyhow::Result<Duration> {
        let sent = Instant::now();
        self.send(keys)?;
        let shown = self.until_seen(keys, seen)?;
        Ok((self.started + shown).saturating_duration_since(sent))
    }

    /// Waits until the screen says `text`, from now on.
    pub(crate) fn wait(&mut self, text: &str) -> anyhow::Result<Duration> {
        let asked = Instant::now();
        let shown = self.until(text)?;
        Ok((self.started + shown).saturating_duration_since(asked))
    }

    /// Waits until something is on the screen, and tells how long after the start that was.
    pub(crate) fn until_anything(&mut self) -> anyhow::Result<Duration> {
        self.until_seen("anything", |screen| !screen.contents().trim().is_empty())
    }

    fn until_seen(&mut self, what: &str, seen: impl Fn(&vt100::Screen) -> bool) -> anyhow::Result<Duration> {
        let mut last = self.started;
        while !seen(self.screen.screen()) {
            match self.chunks.recv_timeout(PATIENCE) {
                Ok((at, bytes)) => {
                    self.screen.process(&bytes);
                    last = at;
                }
                Err(_) => bail!("{what} is not seen on:\n{}", self.screen.screen().contents()),
            }
        }
        Ok(last.duration_since(self.started))
    }

    /// Takes in what comes until nothing has come for so long, and tells how many bytes that were.
    pub(crate) fn rest(&mut self, quiet: Duration) -> anyhow::Result<usize> {
        let mut count = 0;
        loop {
            match self.chunks.recv_timeout(quiet) {
                Ok((_, bytes)) => {
                    self.screen.process(&bytes);
                    count += bytes.len();
                }
                Err(RecvTimeoutError::Timeout) => return Ok(count),
                Err(RecvTimeoutError::Disconnected) => bail!("it has ended"),
            }
        }
    }

    /// Sends keys and waits until nothing has come for so long; tells how long after the keys the last of it came, and the
    /// bytes of it.
    pub(crate) fn painted(&mut self, keys: &str, quiet: Duration) -> anyhow::Result<(Duration, usize)> {
        let sent = Instant::now();
        let (mut last, mut count) = (sent, 0);
        self.send(keys)?;
        loop {
            match self.chunks.recv_timeout(quiet) {
                Ok((at, bytes)) => {
                    self.screen.process(&bytes);
                    last = at;
                    count += bytes.len();
                }
                Err(RecvTimeoutError::Timeout) => return Ok((last.duration_since(sent), count)),
                Err(RecvTimeoutError::Disconnected) => bail!("it has ended"),
            }
        }
    }

    /// Takes in what comes for so long, and tells how many bytes that were.
    pub(crate) fn rest_for(&mut self, long: Duration) -> anyhow::Result<usize> {
        let (until, mut count) = (Instant::now() + long, 0);
        loop {
            match self.chunks.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok((_, bytes)) => {
                    self.screen.process(&bytes);
                    count += bytes.len();
                }
                Err(RecvTimeoutError::Timeout) => return Ok(count),
                Err(RecvTimeoutError::Disconnected) => bail!("it has ended"),
            }
        }
    }

    /// Sends a character and waits until it comes back in a frame; tells how long that took and the bytes that came.
    pub(crate) fn typed(&mut self, character: &str) -> anyhow::Result<(Duration, usize)> {
        let mut came = Vec::new();
        let sent = Instant::now();
        self.send(character)?;
        loop {
            let (at, bytes) =
                self.chunks.recv_timeout(PATIENCE).with_context(|| format!("{character} is not painted"))?;
            self.screen.process(&bytes);
            came.extend(bytes);
            if came.windows(character.len()).any(|window| window == character.as_bytes()) {
                return Ok((at.duration_since(sent), came.len()));
            }
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is over.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

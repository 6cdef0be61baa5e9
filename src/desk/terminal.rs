//! The terminal's modes, in one pair of hands: raw input, the other screen, bracketed paste, mouse, cursor, title.
//!
//! Nothing else changes a mode. Whatever ends the program (return, error, panic, a signal, the window closing)
//! gives the terminal back first. Signals and a lost terminal become [`Input::Stop`]; the loop ends by itself
//! within a second of one.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::panic;
use std::sync::{Mutex, PoisonError};
use std::thread;

use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};

use super::backend::{Painter, SharedSize};
use super::clipboard;
use super::input::{Ear, Input, Stop, Tty};
use super::mailbox::Mailbox;
use super::surroundings;
use crate::domain::safe::SafeText;
use crate::theme::Depth;

const SAVE_TITLE: &str = "\x1b[22;2t";
const ENTER: &str = "\x1b[?1049h\x1b[?2004h";
const LEAVE: &str =
    "\x1b[?2026l\x1b[0m\x1b[?1000l\x1b[?1002l\x1b[?1006l\x1b[?2004l\x1b[23;2t\x1b[?25h\x1b[?1049l";
const NO_MOUSE: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";
const MOUSE: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";

/// What the terminal is set to now. One terminal, so one of these: the panic hook must reach it too.
static MODES: Mutex<Option<Modes>> = Mutex::new(None);

#[derive(Debug)]
struct Modes {
    tty: File,
    mouse: bool,
    title: String,
}

impl Modes {
    fn enter(&mut self) -> io::Result<()> {
        self.tty.write_all(SAVE_TITLE.as_bytes())?;
        self.set()
    }

    fn set(&mut self) -> io::Result<()> {
        crossterm::terminal::enable_raw_mode()?;
        let mouse = if self.mouse { MOUSE } else { "" };
        let title = format!("\x1b]2;{}\x1b\\", self.title);
        self.tty.write_all(format!("{ENTER}{mouse}{title}").as_bytes())
    }

    fn leave(&mut self) -> io::Result<()> {
        // A terminal that is gone takes neither; try both all the same.
        let written = self.tty.write_all(LEAVE.as_bytes());
        crossterm::terminal::disable_raw_mode()?;
        written
    }
}

fn with_modes<T>(act: impl FnOnce(&mut Modes) -> io::Result<T>) -> io::Result<T> {
    let mut modes = MODES.lock().unwrap_or_else(PoisonError::into_inner);
    modes.as_mut().map_or_else(|| Err(io::ErrorKind::NotConnected.into()), act)
}

/// How the terminal is taken over.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether the mouse is reported; a person cannot select text with it then.
    pub mouse: bool,
    /// The title of the window.
    pub title: String,
    /// How many colours to send.
    pub depth: Depth,
}

/// The terminal, taken over until this is dropped.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal over and starts the watcher of signals (on `runtime`). Gives the painter for it, and the ear
    /// for its keys.
    pub fn open<M: Send + 'static>(
        options: &Options,
        mailbox: &Mailbox<M>,
        runtime: &Handle,
    ) -> io::Result<(Self, Painter<File>, Ear<Tty>)> {
        let tty = open_tty()?;
        let size = SharedSize::new(80, 24);
        measure(&tty, &size);
        let painter = Painter::new(tty.try_clone()?, size.clone(), options.depth);
        let sized = tty.try_clone()?;

        let title = SafeText::line(&options.title).to_string();
        *MODES.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Modes { tty, mouse: options.mouse, title });
        // From here on a failure drops the guard, which gives the terminal back.
        let guard = Self(());
        with_modes(Modes::enter)?;
        restore_on_panic();
        watch_signals(mailbox, runtime, sized, size)?;
        let remote = surroundings::is_remote();
        let ear = Ear::new(Tty::open(mailbox.bell()?)?, remote);
        Ok((guard, painter, ear))
    }
}

/// Whether a shell waits that can take the terminal for a while and bring the program back: then it has given the
/// program a process group of its own. Where the program is all that runs in a window, to stop it would freeze that.
pub fn has_shell() -> bool {
    getsid(None).is_ok_and(|leader| leader != getpgrp())
}

/// Gives the terminal to the shell until the person brings the program back, then takes it again. The caller posts
/// [`Input::Redraw`] afterwards.
pub(super) fn suspend() -> io::Result<()> {
    with_modes(Modes::leave)?;
    kill_current_process_group(Signal::STOP)?;
    with_modes(Modes::enter)
}

/// Hands `text` to the clipboard of the terminal in one write. Called between frames, by the thread that paints them.
/// A text too long for [`clipboard::MOST`] stays where it is.
pub(super) fn copy(text: &str) -> io::Result<()> {
    let Some(sequence) = clipboard::sequence(text) else { return Ok(()) };
    with_modes(|modes| modes.tty.write_all(sequence.as_bytes()))
}

/// Asks the terminal to report the mouse, or to keep it for itself. Called between frames, as [`copy`] is.
pub(super) fn report_mouse(on: bool) -> io::Result<()> {
    with_modes(|modes| {
        modes.mouse = on;
        modes.tty.write_all(if on { MOUSE } else { NO_MOUSE }.as_bytes())
    })
}

/// The terminal without echo and without lines, while it is asked something; as it was found when dropped.
#[derive(Debug)]
pub struct Hush(());

impl Hush {
    /// Begins. The screen and everything else stay as they are.
    pub fn begin() -> io::Result<Self> {
        crossterm::terminal::enable_raw_mode()?;
        Ok(Self(()))
    }
}

impl Drop for Hush {
    fn drop(&mut self) {
        log_failure(crossterm::terminal::disable_raw_mode());
    }
}

/// The terminal without an echo of what is typed, until dropped. Where standard input is no terminal there is none.
#[derive(Debug)]
pub struct Silence(Option<Termios>);

impl Silence {
    /// Hides what is typed; the end of a line is still shown.
    pub fn begin() -> Self {
        let before = tcgetattr(io::stdin()).ok();
        if let Some(modes) = &before {
            let mut silent = modes.clone();
            silent.local_modes.remove(LocalModes::ECHO);
            silent.local_modes.insert(LocalModes::ECHONL);
            log_failure(tcsetattr(io::stdin(), OptionalActions::Now, &silent).map_err(Into::into));
        }
        Self(before)
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            log_failure(tcsetattr(io::stdin(), OptionalActions::Now, before).map_err(Into::into));
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back, once; what cannot be given back is gone.
fn give_back() {
    let modes = MODES.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(mut modes) = modes
        && let Err(error) = modes.leave()
    {
        tracing::debug!(%error, "giving the terminal back");
    }
}

/// Standard output where it is a terminal, otherwise the terminal of the session.
fn open_tty() -> io::Result<File> {
    if io::stdout().is_terminal() {
        return Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?));
    }
    File::options().read(true).write(true).open("/dev/tty")
}

/// When the thread that holds the terminal panics: the terminal first, then a line that says where, and nothing
/// of what was being typed, for a panic's message may hold it. A panic elsewhere ends one piece of work, not the
/// program, and is only logged.
fn restore_on_panic() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    let holder = thread::current().id();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let ours = MODES.lock().unwrap_or_else(PoisonError::into_inner).is_some();
            if !ours {
                return before(info);
            }
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(place, "panicked");
            if thread::current().id() != holder {
                return;
            }
            give_back();
            // Nobody is left to hear that standard error failed.
            let _ = writeln!(io::stderr(), "huiyin: panicked at {place}");
        }));
    });
}

fn watch_signals<M: Send + 'static>(
    mailbox: &Mailbox<M>,
    runtime: &Handle,
    tty: File,
    size: SharedSize,
) -> io::Result<()> {
    let _entered = runtime.enter();
    let mut resized = signal(SignalKind::window_change())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    let mut stopped = signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?;
    let mut resume = signal(SignalKind::from_raw(Signal::CONT.as_raw()))?;
    let mailbox = mailbox.clone();
    runtime.spawn(async move {
        loop {
            let stop = tokio::select! {
                _ = resized.recv() => {
                    measure(&tty, &size);
                    mailbox.input(Input::Resize);
                    continue;
                }
                _ = hang_up.recv() => Some(Stop::HangUp),
                _ = terminate.recv() => Some(Stop::Terminate),
                _ = interrupt.recv() => Some(Stop::Terminate),
                _ = quit.recv() => Some(Stop::Terminate),
                _ = stopped.recv() => {
                    log_failure(suspend());
                    None
                }
                // A shell may have changed the modes while we were stopped without being asked.
                _ = resume.recv() => {
                    log_failure(with_modes(|modes| {
                        crossterm::terminal::disable_raw_mode()?;
                        modes.set()
                    }));
                    None
                }
            };
            // It may have another size than when it was left.
            measure(&tty, &size);
            mailbox.input(stop.map_or(Input::Redraw, Input::Stop));
        }
    });
    Ok(())
}

/// Asks the terminal for its size; one that does not answer keeps the one it had.
fn measure(tty: &File, size: &SharedSize) {
    if let Ok(now) = tcgetwinsize(tty) {
        size.set(now.ws_col, now.ws_row);
    }
}

fn log_failure(done: io::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(%error, "setting the terminal");
    }
}

//! The real program: its commands, and its desk in a pseudo-terminal that a test reads and types into.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write};
use std::num::NonZero;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

use portable_pty::{Child, CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, tcgetattr};
use vt100::MouseProtocolMode;

use super::PATIENCE;

/// The password of the account that a [`Home`] signs in with.
pub(crate) const PROGRAM_PASSWORD: &str = "Tide-Lamp-47-quay";

/// A folder in which the program keeps everything.
pub(crate) struct Home {
    folder: PathBuf,
    /// None if it is another process's.
    _own: Option<tempfile::TempDir>,
}

impl Home {
    /// An empty one.
    pub(crate) fn empty() -> Self {
        let own = tempfile::tempdir().unwrap();
        let home = Self { folder: own.path().to_owned(), _own: Some(own) };
        fs::write(home.password_file(), PROGRAM_PASSWORD).unwrap();
        fs::set_permissions(home.password_file(), fs::Permissions::from_mode(0o600)).unwrap();
        home
    }

    /// One that is there already.
    pub(crate) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), _own: None }
    }

    /// One whose database has the account `boss`, an administrator.
    pub(crate) fn with_boss() -> Self {
        let home = Self::empty();
        let file = home.password_file();
        home.done(&["user", "add", "boss", "--role", "admin", "--password-file", file.to_str().unwrap()]);
        home
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    fn password_file(&self) -> PathBuf {
        self.folder.join("password")
    }

    /// What every run is told, and nothing of the tester's own surroundings.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("LANG", "zh_CN.UTF-8".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
            ("HUIYIN_USER", "boss".to_owned()),
            ("HUIYIN_PASSWORD_FILE", self.password_file().display().to_string()),
        ]
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_huiyin"));
        command.env_clear().envs(self.environment()).arg("--home").arg(self.path()).args(arguments);
        command.output().unwrap()
    }

    /// Runs a command that must succeed, and gives what it prints.
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The desk of this home, signed in as `boss`, with more arguments.
    pub(crate) fn desk(&self, arguments: &[&str]) -> Pty {
        Pty::start(self, &self.environment(), arguments)
    }

    /// The desk of this home, signed in as `boss`, with another variable in its environment.
    pub(crate) fn desk_with(&self, name: &'static str, value: &str) -> Pty {
        let mut environment = self.environment();
        environment.retain(|(set, _)| *set != name);
        environment.push((name, value.to_owned()));
        Pty::start(self, &environment, &[])
    }

    /// The desk of this home in a terminal multiplexer, `tmux` or `screen`; nothing where it is not installed.
    pub(crate) fn desk_under(&self, multiplexer: &str) -> Option<Pty> {
        let settings = self.path().join(multiplexer);
        let file = settings.to_str().unwrap().to_owned();
        let words = if multiplexer == "tmux" {
            fs::write(&settings, "set -g status off\n").unwrap();
            vec!["tmux", "-u", "-S", "./tmux-socket", "-f", &file, "new-session"]
        } else {
            fs::write(&settings, "startup_message off\ndefutf8 on\nmaptimeout 0\n").unwrap();
            vec!["screen", "-U", "-c", &file]
        };
        let version = if multiplexer == "tmux" { "-V" } else { "--version" };
        Command::new(multiplexer).arg(version).output().ok()?;
        let mut environment = self.environment();
        environment.extend([
            ("LC_ALL", "C.UTF-8".to_owned()),
            ("PATH", std::env::var("PATH").unwrap()),
            ("SCREENDIR", self.path().join("screens").display().to_string()),
            ("HOME", self.path().display().to_string()),
            ("SHELL", "/bin/sh".to_owned()),
        ]);
        let folder = self.path().join("screens");
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        let words: Vec<_> = words.into_iter().map(str::to_owned).collect();
        Some(Pty::start_by(&words, self, &environment, &[]))
    }

    /// The desk, asking who is there.
    pub(crate) fn desk_of_nobody(&self) -> Pty {
        let mut environment = self.environment();
        environment.retain(|(name, _)| !name.starts_with("HUIYIN"));
        Pty::start(self, &environment, &[])
    }

    /// The same on a terminal of this kind.
    pub(crate) fn desk_on(&self, term: &str) -> Pty {
        let mut environment = self.environment();
        environment.retain(|(name, _)| !name.starts_with("HUIYIN") && *name != "TERM");
        environment.push(("TERM", term.to_owned()));
        Pty::start(self, &environment, &[])
    }

    /// Where the server of a running desk of this home listens.
    pub(crate) fn server_address(&self) -> String {
        let note = find(self.path(), ".server.json").expect("no server has left its note");
        let note: serde_json::Value = serde_json::from_slice(&fs::read(note).unwrap()).unwrap();
        note["url"].as_str().unwrap().to_owned()
    }
}

fn find(folder: &Path, suffix: &str) -> Option<PathBuf> {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if let Some(found) = find(&path, suffix) {
                return Some(found);
            }
        } else if path.to_string_lossy().ends_with(suffix) {
            return Some(path);
        }
    }
    None
}

struct Shown {
    parser: vt100::Parser<Copied>,
    /// Whether the program has closed the terminal.
    ended: bool,
}

/// What the clipboard of the terminal was last set to, in base64.
#[derive(Default)]
struct Copied(Vec<u8>);

impl vt100::Callbacks for Copied {
    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        self.0 = data.to_vec();
    }
}

/// The program in a terminal of 100 by 30.
pub(crate) struct Pty {
    shown: Arc<(Mutex<Shown>, Condvar)>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
}

impl Pty {
    fn start(home: &Home, environment: &[(&'static str, String)], arguments: &[&str]) -> Self {
        Self::start_by(&[], home, environment, arguments)
    }

    /// Starts the program as the arguments of another one, if there is one.
    fn start_by(
        by: &[String],
        home: &Home,
        environment: &[(&'static str, String)],
        arguments: &[&str],
    ) -> Self {
        let program = [env!("CARGO_BIN_EXE_huiyin"), "--home", home.path().to_str().unwrap()];
        let own = program.iter().chain(arguments).map(ToString::to_string);
        let words: Vec<_> = by.iter().cloned().chain(own).collect();
        Self::of(&words, environment, home.path())
    }

    /// Starts any program there.
    pub(crate) fn of(words: &[String], environment: &[(&'static str, String)], folder: &Path) -> Self {
        let size = PtySize { rows: 30, cols: 100, pixel_width: 0, pixel_height: 0 };
        let pair = NativePtySystem::default().openpty(size).unwrap();
        let mut command = CommandBuilder::new(&words[0]);
        command.args(&words[1..]);
        command.env_clear();
        environment.iter().for_each(|(name, value)| command.env(name, value));
        command.cwd(folder);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let (rows, columns) = (NonZero::new(30).unwrap(), NonZero::new(100).unwrap());
        let shown = Shown {
            parser: vt100::Parser::new_with_callbacks(rows, columns, 0, Copied::default()),
            ended: false,
        };
        let shown = Arc::new((Mutex::new(shown), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let seen = Arc::clone(&shown);
        std::thread::spawn(move || {
            let mut bytes = [0; 16 * 1024];
            let mut held = Vec::new();
            loop {
                let n = reader.read(&mut bytes).unwrap_or(0);
                held.extend_from_slice(&bytes[..n]);
                let whole = if n == 0 { held.len() } else { whole_frames(&held) };
                let mut shown = seen.0.lock().unwrap();
                shown.parser.process(&held[..whole]);
                held.drain(..whole);
                shown.ended = n == 0;
                seen.1.notify_all();
                if shown.ended {
                    return;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Self { shown, master: pair.master, writer, child }
    }

    fn wait(&self, what: &str, met: impl Fn(&Shown) -> bool) {
        let by = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().unwrap();
        while !met(&shown) {
            let left = by.saturating_duration_since(Instant::now());
            let screen = || shown.parser.screen().contents();
            assert!(!left.is_zero() && !shown.ended, "{what} did not come:\n{}", screen());
            shown = self.shown.1.wait_timeout(shown, left).unwrap().0;
        }
    }

    /// Waits until the screen shows `text`.
    pub(crate) fn until_shows(&mut self, text: &str) -> &mut Self {
        self.wait(text, |shown| shown.parser.screen().contents().contains(text));
        self
    }

    /// The rows of the screen.
    pub(crate) fn rows(&self) -> Vec<String> {
        rows_of(&self.shown.0.lock().unwrap())
    }

    /// Waits until the rows are as they should be; `expected` is said where they never are.
    pub(crate) fn until_rows(&mut self, met: impl Fn(&[String]) -> bool, expected: &str) -> &mut Self {
        self.wait(&format!("this screen:\n{expected}\n"), |shown| met(&rows_of(shown)));
        self
    }

    /// Waits until the terminal is as it should be.
    pub(crate) fn until(&mut self, what: &str, met: impl Fn(&vt100::Screen) -> bool) -> &mut Self {
        self.wait(what, |shown| met(shown.parser.screen()));
        self
    }

    /// Looks at the terminal.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.shown.0.lock().unwrap().parser.screen())
    }

    /// Tells the program of another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).unwrap();
        self
    }

    /// Gives what is read another size, without telling the program.
    pub(crate) fn enlarge(&mut self, columns: u16, rows: u16) -> &mut Self {
        let (rows, columns) = (NonZero::new(rows).unwrap(), NonZero::new(columns).unwrap());
        self.shown.0.lock().unwrap().parser.screen_mut().set_size(rows, columns);
        self
    }

    /// Waits until the screen shows `text` no more.
    pub(crate) fn until_gone(&mut self, text: &str) -> &mut Self {
        self.wait(text, |shown| !shown.parser.screen().contents().contains(text));
        self
    }

    /// Waits until the terminal's clipboard holds a text, given in base64.
    pub(crate) fn until_copied(&mut self, base64: &str) -> &mut Self {
        self.wait("the copy", |shown| shown.parser.callbacks().0 == base64.as_bytes());
        self
    }

    /// Waits until the terminal is asked for the mouse, or no more.
    pub(crate) fn until_mouse(&mut self, asked: bool) -> &mut Self {
        let is_asked = |shown: &Shown| shown.parser.screen().mouse_protocol_mode() != MouseProtocolMode::None;
        self.wait("the mouse", |shown| is_asked(shown) == asked);
        self
    }

    /// Types text as it is; `\r` is Enter, `\t` Tab.
    pub(crate) fn type_text(&mut self, text: &str) -> &mut Self {
        self.type_bytes(text.as_bytes())
    }

    /// Types bytes, text or not.
    pub(crate) fn type_bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.writer.write_all(bytes).unwrap();
        self.writer.flush().unwrap();
        self
    }

    /// Presses a function key.
    pub(crate) fn function_key(&mut self, n: usize) -> &mut Self {
        let codes = ["OP", "OQ", "OR", "OS", "[15~", "[17~", "[18~", "[19~", "[20~", "[21~"];
        self.type_text(&format!("\x1b{}", codes[n - 1]))
    }

    /// Pastes text, in brackets.
    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        assert!(self.shown.0.lock().unwrap().parser.screen().bracketed_paste(), "pastes are not asked for");
        self.type_text(&format!("\x1b[200~{text}\x1b[201~"))
    }

    /// Sends the program a signal.
    pub(crate) fn signal(&mut self, signal: Signal) -> &mut Self {
        kill_process(self.pid(), signal).unwrap();
        self
    }

    /// The program.
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_raw(self.child.process_id().unwrap().cast_signed()).unwrap()
    }

    /// Leaves the desk by its keys.
    pub(crate) fn quit(&mut self) {
        self.type_text("\x11").until_shows("退出工作台？").type_text("\r");
        self.ended();
    }

    /// Waits until the program has ended by itself, and gives its exit code; the terminal must be as it was found.
    pub(crate) fn ended(&mut self) -> u32 {
        let by = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().unwrap();
        while !shown.ended {
            let left = by.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the program does not end:\n{}", shown.parser.screen().contents());
            shown = self.shown.1.wait_timeout(shown, left).unwrap().0;
        }
        let screen = shown.parser.screen();
        assert_eq!(screen.mouse_protocol_mode(), MouseProtocolMode::None);
        assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        drop(shown);
        assert!(is_cooked(&*self.master), "the terminal was left raw");
        self.child.wait().unwrap().exit_code()
    }
}

/// How much of what was read a terminal shows: up to where a frame has begun that has not ended, or may have.
fn whole_frames(bytes: &[u8]) -> usize {
    const BEGIN: &[u8] = b"\x1b[?2026h";
    const END: &[u8] = b"\x1b[?2026l";
    let last = |wanted: &[u8]| bytes.windows(wanted.len()).rposition(|window| window == wanted);
    match last(BEGIN) {
        Some(begin) if last(END).is_none_or(|end| end < begin) => begin,
        _ => {
            let cut = (1..BEGIN.len()).rev().find(|n| bytes.ends_with(&BEGIN[..*n]));
            bytes.len() - cut.unwrap_or_default()
        }
    }
}

fn rows_of(shown: &Shown) -> Vec<String> {
    let screen = shown.parser.screen();
    screen.rows(0, screen.size().1.get()).map(|row| row.trim_end().to_owned()).collect()
}

/// Whether the terminal echoes and gives whole lines.
fn is_cooked(master: &(dyn MasterPty + Send)) -> bool {
    // O_NOCTTY: a test must not get a terminal of its own by looking at one.
    let path = master.tty_name().unwrap();
    let tty: File = OpenOptions::new().read(true).custom_flags(0o400).open(path).unwrap();
    tcgetattr(tty).unwrap().local_modes.contains(LocalModes::ECHO | LocalModes::ICANON)
}

impl Drop for Pty {
    fn drop(&mut self) {
        // A story that failed leaves no program behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

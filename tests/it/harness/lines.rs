//! The real program line by line, on pipes, as a screen reader or a script would use it.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

use super::PATIENCE;
use super::program::Home;

#[derive(Default)]
struct Heard {
    text: String,
    ended: bool,
}

/// The desk in linear mode.
pub(crate) struct Lines {
    child: Child,
    typed: Option<ChildStdin>,
    heard: Arc<(Mutex<Heard>, Condvar)>,
    /// Up to where a story has listened.
    at: usize,
}

impl Lines {
    /// Starts it; somebody is signed in by the environment unless `nobody`.
    pub(crate) fn start(home: &Home, nobody: bool, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_huiyin"));
        let mut environment = home.environment();
        environment.retain(|(name, _)| !nobody || !name.starts_with("HUIYIN"));
        command.env_clear().envs(environment).arg("--home").arg(home.path()).arg("--linear").args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (typed, mut said) = (child.stdin.take(), child.stdout.take().unwrap());
        let heard: Arc<(Mutex<Heard>, Condvar)> = Arc::default();
        let to = Arc::clone(&heard);
        std::thread::spawn(move || {
            let (mut bytes, mut whole) = ([0; 4096], Vec::new());
            loop {
                let n = said.read(&mut bytes).unwrap_or(0);
                whole.extend_from_slice(&bytes[..n]);
                let mut heard = to.0.lock().unwrap();
                heard.ended = n == 0;
                // A character may come in two pieces.
                let valid = str::from_utf8(&whole).map_or_else(|error| error.valid_up_to(), str::len);
                heard.text.push_str(str::from_utf8(&whole[..valid]).unwrap());
                whole.drain(..valid);
                assert!(!heard.ended || whole.is_empty(), "what is said is no UTF-8");
                to.1.notify_all();
                if heard.ended {
                    return;
                }
            }
        });
        Self { child, typed, heard, at: 0 }
    }

    /// Waits until `text` is said, after what was heard before.
    pub(crate) fn hear(&mut self, text: &str) -> &mut Self {
        let by = Instant::now() + PATIENCE;
        let from = Arc::clone(&self.heard);
        let mut heard = from.0.lock().unwrap();
        loop {
            if let Some(found) = heard.text[self.at..].find(text) {
                self.at += found + text.len();
                break;
            }
            let left = by.saturating_duration_since(Instant::now());
            let silent = left.is_zero() || heard.ended;
            assert!(!silent, "`{text}` was not said after:\n{}", &heard.text[self.at..]);
            heard = from.1.wait_timeout(heard, left).unwrap().0;
        }
        drop(heard);
        self
    }

    /// Types a line.
    pub(crate) fn line(&mut self, line: &str) -> &mut Self {
        let typed = self.typed.as_mut().unwrap();
        typed.write_all(format!("{line}\n").as_bytes()).unwrap();
        self
    }

    /// Types lines, one after the other.
    pub(crate) fn lines(&mut self, lines: &[&str]) -> &mut Self {
        lines.iter().for_each(|line| {
            self.line(line);
        });
        self
    }

    /// All that was said so far.
    pub(crate) fn transcript(&self) -> String {
        self.heard.0.lock().unwrap().text.clone()
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// No more is typed.
    pub(crate) fn hang_up(&mut self) -> &mut Self {
        self.typed = None;
        self
    }

    /// Leaves by a command, in Chinese.
    pub(crate) fn quit(&mut self) {
        self.line("/退出").hear("退出工作台？").line("是");
        self.ended();
    }

    /// Waits until it has ended by itself. It may have said nothing but lines of plain text.
    pub(crate) fn ended(&mut self) {
        let by = Instant::now() + PATIENCE;
        let mut heard = self.heard.0.lock().unwrap();
        while !heard.ended {
            let left = by.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the program does not end:\n{}", heard.text);
            heard = self.heard.1.wait_timeout(heard, left).unwrap().0;
        }
        let steers = |c: char| c != '\n' && c.is_control() || ('\u{2500}'..='\u{259f}').contains(&c);
        assert_eq!(heard.text.chars().find(|c| steers(*c)), None, "{:?}", heard.text);
        drop(heard);
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        // A story that failed leaves no program behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

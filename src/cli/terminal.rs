//! Questions asked on the terminal by commands that draw no screen.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, Stdio};

use rust_i18n::t;
use zeroize::Zeroizing;

use super::failure::Failure;
use crate::domain::safe::SafeText;
use crate::domain::secret::Secret;

/// The longest line taken, in bytes.
const LINE: u64 = 4096;

/// Whether there is somebody to ask.
pub(super) fn is_manned() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a line.
#[cfg(any(feature = "desk", feature = "server"))]
pub(super) fn ask(question: &str) -> io::Result<String> {
    prompt(question)?;
    let mut line = String::new();
    io::stdin().lock().take(LINE).read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// Asks for a password, which is not shown.
pub(super) fn ask_password(question: &str) -> io::Result<Secret> {
    let terminal = File::open("/dev/tty")?;
    prompt(question)?;
    let quiet = Quiet::begin(&terminal)?;
    let mut line = Zeroizing::new(String::new());
    let read = BufReader::new(terminal.try_clone()?.take(LINE)).read_line(&mut line);
    drop(quiet);
    writeln!(io::stderr())?;
    read?;
    Ok(Secret::new(line.trim_end_matches(['\n', '\r']).to_owned()))
}

/// Asks for a new password, twice.
pub(super) fn ask_new_password() -> Result<Secret, Failure> {
    if !is_manned() {
        return Err(Failure::refused("user_how", t!("cli.user.how")));
    }
    let password = ask_password(&t!("cli.user.new"))?;
    if password != ask_password(&t!("cli.user.again"))? {
        return Err(Failure::refused("user_differs", t!("cli.user.differs")));
    }
    Ok(password)
}

fn prompt(question: &str) -> io::Result<()> {
    let mut out = io::stderr().lock();
    write!(out, "{}: ", SafeText::line(question).as_str())?;
    out.flush()
}

/// The terminal without echo, until dropped. `stty` does it: the calls beneath it need unsafe code or a crate
/// that only the desk has.
struct Quiet<'a>(&'a File);

impl<'a> Quiet<'a> {
    fn begin(terminal: &'a File) -> io::Result<Self> {
        stty(terminal, "-echo")?;
        Ok(Self(terminal))
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        let _ = stty(self.0, "echo");
    }
}

fn stty(terminal: &File, mode: &str) -> io::Result<()> {
    let status = Command::new("stty").arg(mode).stdin(Stdio::from(terminal.try_clone()?)).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("the terminal does not hide what is typed")) }
}

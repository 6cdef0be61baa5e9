//! The program itself, as it is built for people: a home of its own, an account, the server over a database.

use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::http::{Connection, request};

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_huiyin");
/// The account of every home.
pub(crate) const NAME: &str = "xiaolin";
/// Its password.
pub(crate) const PASSWORD: &str = "Tide-Lamp-47-quay";

/// A home on a real disk, gone when dropped.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    /// A home with a call-taker's account over `database`, or over a new one.
    pub(crate) fn new(database: Option<&Path>) -> anyhow::Result<Self> {
        let home = Self { folder: folder()? };
        std::fs::create_dir_all(home.database().with_file_name(""))?;
        if let Some(database) = database {
            std::fs::copy(database, home.database()).context("copying the database")?;
        }
        home.with_account()
    }

    /// The same over a database that is large, and that nobody else may hold from now on.
    pub(crate) fn around(database: &Path) -> anyhow::Result<Self> {
        let home = Self { folder: folder()? };
        std::fs::create_dir_all(home.database().with_file_name(""))?;
        std::fs::rename(database, home.database()).context("moving the database")?;
        home.with_account()
    }

    fn with_account(self) -> anyhow::Result<Self> {
        let home = self;
        let password = home.path().join("password");
        let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&password)?;
        file.write_all(PASSWORD.as_bytes())?;
        let mut add = home.command();
        add.args(["user", "add", NAME, "--role", "agent", "--password-file"]).arg(&password);
        let done = add.output().context("running the program")?;
        ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Ok(home)
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Its database.
    pub(crate) fn database(&self) -> PathBuf {
        self.path().join("data").join("cases.db")
    }

    /// The program on this home.
    fn command(&self) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg("--home").arg(self.path()).arg("--database").arg(self.database());
        command
    }

    /// Starts the server on it.
    pub(crate) fn serve(&self) -> anyhow::Result<Served> {
        let mut serve = self.command();
        serve.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut child = serve.spawn().context("starting the server")?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let address = line.trim().rsplit("//").next().and_then(|at| at.parse().ok());
        let address: SocketAddr = address.with_context(|| format!("the server said: {line:?}"))?;
        let mut served = Served { child, address, token: String::new() };
        served.token = sign_in(address)?;
        Ok(served)
    }
}

/// A server that runs until dropped.
pub(crate) struct Served {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// A session of [`NAME`].
    pub(crate) token: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is over.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn sign_in(address: SocketAddr) -> anyhow::Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let body = serde_json::json!({"name": NAME, "password": PASSWORD}).to_string();
    runtime.block_on(async {
        let mut connection = Connection::open(address).await?;
        let session: Value =
            serde_json::from_slice(connection.ask(&request("POST", "/v1/sessions", "", &body)).await?)?;
        Ok(session["token"].as_str().context("no token")?.to_owned())
    })
}

/// A folder on the disk that is built on: the usual place for short-lived files may be in memory.
pub(crate) fn folder() -> anyhow::Result<TempDir> {
    TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).context("making a folder")
}

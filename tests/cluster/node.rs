//! One server of a cluster: a process of ours, so that it can be killed, frozen and started again on its port.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::programs::Programs;
use super::told;

/// How long a server may take to be ready: far more than it needs on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The user of every cluster; there is no password, for there is nothing to guard.
pub(crate) const USER: &str = "huiyin";

/// A server, started or not.
pub(crate) struct Node {
    programs: Programs,
    data: PathBuf,
    port: u16,
    settings: Vec<String>,
    running: Option<Child>,
}

impl Node {
    /// One that will live in `data`, which need not be there yet.
    pub(crate) fn new(programs: Programs, data: PathBuf, settings: &[&str]) -> Self {
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        Self { programs, data, port: free_port(), settings, running: None }
    }

    /// Fills its folder.
    pub(crate) fn init(&self) -> Result<(), String> {
        let mut command = self.command("initdb");
        command.args(["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username", USER]);
        run(command.arg("-D").arg(&self.data)).map(drop)
    }

    /// Copies another server into its folder, to follow that one under the name of the folder.
    pub(crate) fn follow(mut self, primary: &Self) -> Result<Self, String> {
        let mut command = self.command("pg_basebackup");
        command.args(["--checkpoint=fast", "--no-sync", "--write-recovery-conf", "--wal-method=stream"]);
        command.args(["--dbname", &primary.url("postgres")]).arg("--pgdata").arg(&self.data);
        run(&mut command)?;
        let name = self.data.file_name().unwrap_or_default().display();
        let info = format!("{} application_name={name}", primary.info());
        self.settings.push(format!("primary_conninfo={info}"));
        // A standby must have room for as many as its primary, and asks again at once where it was cut off.
        self.settings.push("wal_retrieve_retry_interval=100ms".to_owned());
        Ok(self)
    }

    /// Started on its port, or on another if somebody else took that in the meantime.
    pub(crate) fn started(mut self) -> Result<Self, String> {
        loop {
            match self.start() {
                Err(why) if why.contains("could not create any TCP/IP sockets") => self.port = free_port(),
                Err(why) => return Err(why),
                Ok(()) => return Ok(self),
            }
        }
    }

    /// Starts it on the port it has, and waits until it answers.
    pub(crate) fn start(&mut self) -> Result<(), String> {
        let mut command = self.command("postgres");
        command.arg("-D").arg(&self.data).args(["-p", &self.port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", "lc_messages=C"]
            .into_iter()
            // Shared memory that a killed server leaves behind is in its folder, and goes with it.
            .chain(["dynamic_shared_memory_type=mmap", "logging_collector=off"])
            .chain(self.settings.iter().map(String::as_str))
        {
            command.args(["-c", setting]);
        }
        // A group of its own: an interrupt at the terminal is for the tests, and the keeper sees to the rest.
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("postgres: {error}"))?;
        let said = listen(&mut child);
        self.running = Some(child);
        let ready = until_ready(&said);
        if ready.is_err() {
            self.kill();
        }
        ready
    }

    /// The address of a database on it.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@{}/{database}", self.address())
    }

    /// The same in words, for a standby.
    fn info(&self) -> String {
        format!("host=127.0.0.1 port={} user={USER}", self.port)
    }

    /// Host and port.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Runs statements on one of its databases; the rows of the last, a line each, columns parted by `|`.
    pub(crate) fn sql(&self, database: &str, statements: &str) -> Result<String, String> {
        let mut command = self.command("psql");
        command.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statements, &self.url(database)]);
        run(&mut command)
    }

    /// The machine goes: `kill -9` to every process of it at once, so that none can say goodbye.
    pub(crate) fn kill(&mut self) {
        let Some(mut child) = self.running.take() else { return };
        let behind = freeze_all(child.id());
        let _ = child.kill();
        signal(&behind, Signal::KILL);
        let _ = child.wait();
    }

    /// Nothing of it answers any more, and its connections stay open: a machine that hangs.
    pub(crate) fn freeze(&self) -> Frozen {
        let server = self.running.as_ref().map_or(0, Child::id);
        let mut all = freeze_all(server);
        all.extend(Pid::from_raw(server.cast_signed()));
        Frozen(all)
    }

    fn command(&self, program: &str) -> Command {
        self.programs.command(program, self.data.parent().unwrap_or(Path::new("/")))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The processes of a server that hangs; they go on when this is dropped.
pub(crate) struct Frozen(Vec<Pid>);

impl Drop for Frozen {
    fn drop(&mut self) {
        signal(&self.0, Signal::CONT);
    }
}

/// Stops the server first, so that it starts nothing more, and then what it has started.
fn freeze_all(server: u32) -> Vec<Pid> {
    let server = Pid::from_raw(server.cast_signed());
    let _ = server.map(|server| kill_process(server, Signal::STOP));
    let listed = Command::new("ps").args(["-A", "-o", "pid=,ppid="]).output();
    let listed = listed.map(|listed| String::from_utf8_lossy(&listed.stdout).into_owned());
    let child = |line: &str| {
        let mut numbers = line.split_whitespace().map(|word| word.parse().ok().and_then(Pid::from_raw));
        let (pid, parent) = (numbers.next()??, numbers.next()?);
        (parent == server).then_some(pid)
    };
    let behind: Vec<Pid> = listed.unwrap_or_default().lines().filter_map(child).collect();
    signal(&behind, Signal::STOP);
    behind
}

/// Signals each of them; one that has gone meanwhile needs none.
fn signal(pids: &[Pid], signal: Signal) {
    for pid in pids {
        let _ = kill_process(*pid, signal);
    }
}

/// Runs a program to its end.
fn run(command: &mut Command) -> Result<String, String> {
    let program = PathBuf::from(command.get_program());
    let output = command.output().map_err(|error| format!("{}: {error}", program.display()))?;
    told(&program, &output)
}

/// What a server says, line by line; it is read to the end, so that it never waits for us.
fn listen(child: &mut Child) -> Receiver<String> {
    let (tell, said) = mpsc::channel();
    let lines = child.stderr.take().map(BufReader::new);
    std::thread::spawn(move || {
        for line in lines.into_iter().flat_map(BufReader::lines).map_while(Result::ok) {
            // Nobody listens once it is ready.
            let _ = tell.send(line);
        }
    });
    said
}

fn until_ready(said: &Receiver<String>) -> Result<(), String> {
    let mut lines = Vec::new();
    loop {
        match said.recv_timeout(PATIENCE) {
            Ok(line) if line.contains("ready to accept") => return Ok(()),
            Ok(line) => lines.push(line),
            Err(_) => return Err(format!("PostgreSQL did not start:\n{}", lines.join("\n"))),
        }
    }
}

/// A port below those that outgoing connections take: it is still free when a server that was killed comes back.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let own = u16::try_from(std::process::id() % 12_000).unwrap_or(0);
    loop {
        let port = 20_000 + (own + NEXT.fetch_add(1, Ordering::Relaxed)) % 12_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

//! Throw-away `PostgreSQL` clusters: on free ports, in a folder of their own, gone when they are dropped or when the
//! process that started them is, however it ends. No test uses a server that was already there.
//!
//! A cluster costs a second, a database on one some hundredths: so [`Cluster::shared`] is started once a test binary,
//! and each test takes a [`Database`] of its own on it. What must be killed, frozen or promoted starts its own
//! (`pair.rs`). Where `PostgreSQL` cannot be had, the error says why, and the test says that it was skipped.

pub(crate) mod keeper;
pub(crate) mod node;
pub(crate) mod programs;

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use self::keeper::Folder;
use self::node::Node;
use self::programs::Programs;

/// What every cluster is told. There is room for the pools of many tests at once.
pub(crate) const SETTINGS: &[&str] = &["max_connections=400", "shared_buffers=64MB", "log_min_messages=log"];

/// For tests that are not about what a power cut takes.
pub(crate) const CARELESS: &[&str] = &["fsync=off", "full_page_writes=off"];

/// One server with nothing on it.
pub(crate) struct Cluster {
    node: Node,
    // Dropped last: it removes what the node lived in.
    _folder: Folder,
}

impl Cluster {
    /// The cluster that the tests of this binary share; it does not sync.
    pub(crate) fn shared() -> Result<&'static Self, String> {
        static SHARED: LazyLock<Result<Cluster, String>> = LazyLock::new(|| Cluster::start(CARELESS));
        SHARED.as_ref().map_err(Clone::clone)
    }

    /// A cluster of its own, with settings such as `fsync=off`.
    pub(crate) fn start(settings: &[&str]) -> Result<Self, String> {
        let programs = Programs::find()?;
        let folder = Folder::new(&programs)?;
        let node = Node::new(programs, folder.path().join("primary"), &[SETTINGS, settings].concat());
        node.init()?;
        let node = node.started()?;
        Ok(Self { node, _folder: folder })
    }

    /// The same under TLS, with a certificate and its key, PEM.
    pub(crate) fn under_tls(certificate: &str, key: &str) -> Result<Self, String> {
        let programs = Programs::find()?;
        let folder = Folder::new(&programs)?;
        let data = folder.path().join("primary");
        let settings = [SETTINGS, CARELESS, &["ssl=on"]].concat();
        let node = Node::new(programs.clone(), data.clone(), &settings);
        node.init()?;
        let failed = |error: std::io::Error| format!("the certificate of PostgreSQL: {error}");
        for (name, pem) in [("server.crt", certificate), ("server.key", key)] {
            let path = data.join(name);
            std::fs::write(&path, pem).map_err(failed)?;
            // Its server takes no key that others could read, or that is another's.
            std::fs::set_permissions(&path, Permissions::from_mode(0o600)).map_err(failed)?;
            if let Some((user, group)) = programs.user() {
                chown(&path, Some(user), Some(group)).map_err(failed)?;
            }
        }
        Ok(Self { node: node.started()?, _folder: folder })
    }

    /// The server process.
    pub(crate) fn node(&self) -> &Node {
        &self.node
    }

    /// The same, to kill it and to start it again.
    pub(crate) fn node_mut(&mut self) -> &mut Node {
        &mut self.node
    }

    /// An empty database.
    pub(crate) fn database(&self) -> Database<'_> {
        self.database_like("template0")
    }

    /// A copy of the database `template`, which nobody may have open.
    pub(crate) fn database_like(&self, template: &str) -> Database<'_> {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        let name = format!("t{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.node
            .sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template}"))
            .expect("a new database");
        Database { node: &self.node, name }
    }
}

/// One database, removed when dropped, whoever still has it open.
pub(crate) struct Database<'a> {
    node: &'a Node,
    name: String,
}

impl Database<'_> {
    /// `postgres://…`
    pub(crate) fn url(&self) -> String {
        self.node.url(&self.name)
    }

    /// Runs statements as an administrator would; the rows of the last, a line each, columns parted by `|`.
    pub(crate) fn sql(&self, statements: &str) -> Result<String, String> {
        self.node.sql(&self.name, statements)
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // The server may have been killed meanwhile, and takes the database with it.
        let _ = self.node.sql("postgres", &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// What a program said that did not do what it should.
fn told(program: &Path, output: &std::process::Output) -> Result<String, String> {
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(format!("{}: {}", program.display(), String::from_utf8_lossy(&output.stderr).trim()))
    }
}

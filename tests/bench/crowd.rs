//! Millions of cases in `PostgreSQL`: the first hundred thousand are filed through the store, and the others are these
//! over again, at other times, under other numbers and for other callers, written by statements of this bench
//! (`crowd_names.sql`, `crowd_month.sql`) with the indexes made at the end. Filed one by one, ten million would take
//! hours.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context as _, anyhow, ensure};

use crate::cluster::keeper::Folder;
use crate::cluster::node::Node;
use crate::cluster::programs::Programs;
use crate::table::say;

/// Cases that are filed through the store.
pub(crate) const FILED: u64 = 100_000;

/// The database; it bears the name when it is filled, and another before.
const DATABASE: &str = "cases";
const BEGUN: &str = "begun";
/// What the cluster is told: little more than what it comes with.
const SETTINGS: &[&str] = &["max_connections=400", "shared_buffers=512MB", "max_wal_size=4GB"];
/// What a connection is told that multiplies.
const PLENTY: &str = "SET maintenance_work_mem = '2GB'; SET work_mem = '512MB'; SET jit = off;
    SET max_parallel_workers_per_gather = 0;";

/// A cluster with the one database.
pub(crate) struct Crowd {
    node: Node,
    // Dropped after the server: it removes what that lived in, where the cases are not kept.
    _folder: Option<Folder>,
}

impl Crowd {
    /// So many cases: those kept in the folder that `HUIYIN_BENCH_KEEP` names, or new ones, which are kept there. Where it
    /// names none, they go when dropped. `file` files the first of them into the database of a URL.
    pub(crate) fn new(
        programs: Programs,
        count: u64,
        file: impl Fn(&str, u64) -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        ensure!(count <= FILED || count.is_multiple_of(FILED) && count / FILED <= 1000, "{count} cases");
        let (data, folder) = place(&programs, count)?;
        if data.join("postmaster.pid").exists() {
            // A run that was broken off may have left its server behind.
            let mut stop = programs.command("pg_ctl", data.parent().unwrap_or(&data));
            stop.args(["stop", "-s", "-m", "fast", "-D"]).arg(&data).stderr(Stdio::null()).status()?;
        }
        let node = Node::new(programs, data.clone(), SETTINGS);
        let is_there = data.join("PG_VERSION").exists();
        if !is_there {
            node.init().map_err(|why| anyhow!(why))?;
        }
        let crowd = Self { node: node.started().map_err(|why| anyhow!(why))?, _folder: folder };
        let filled = format!("SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'");
        if crowd.run("postgres", &filled)?.is_empty() {
            let began = Instant::now();
            crowd.run("postgres", &format!("DROP DATABASE IF EXISTS {BEGUN}"))?;
            crowd.run("postgres", &format!("CREATE DATABASE {BEGUN} TEMPLATE template0"))?;
            file(&crowd.node.url(BEGUN), count.min(FILED))?;
            crowd.multiply(count / FILED)?;
            crowd.run(BEGUN, "VACUUM (ANALYZE, FREEZE)")?;
            // Nobody may be in a database that gets another name.
            let leave =
                format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{BEGUN}'");
            crowd.run("postgres", &leave)?;
            crowd.run("postgres", &format!("ALTER DATABASE {BEGUN} RENAME TO {DATABASE}"))?;
            crowd.run("postgres", "CHECKPOINT")?;
            say(&format!("{count} cases in PostgreSQL after {:.0} s", began.elapsed().as_secs_f64()));
        }
        Ok(crowd)
    }

    /// `postgres://…`
    pub(crate) fn url(&self) -> String {
        self.node.url(DATABASE)
    }

    /// Runs statements as an administrator would; the rows of the last.
    pub(crate) fn sql(&self, statements: &str) -> anyhow::Result<String> {
        self.run(DATABASE, statements)
    }

    fn run(&self, database: &str, statements: &str) -> anyhow::Result<String> {
        self.node.sql(database, statements).map_err(|why| anyhow!(why))
    }

    /// Makes so many of each case, itself among them; two months at a time.
    fn multiply(&self, times: u64) -> anyhow::Result<()> {
        let Some(copies) = times.checked_sub(1).filter(|copies| *copies > 0) else { return Ok(()) };
        let names = include_str!("crowd_names.sql").replace("COPIES", &copies.to_string());
        self.run(BEGUN, &format!("{PLENTY} {names}"))?;
        let months = self.run(BEGUN, "SELECT DISTINCT month FROM multiplied ORDER BY month DESC")?;
        let month = |month: &str| include_str!("crowd_month.sql").replace("MONTH", month);
        self.two_at_once(months.lines().map(month).collect())?;
        // The index over all months is put together from theirs, once these are there.
        for of in ["sql NOT LIKE '%case_terms%'", "sql LIKE '%case_terms%'"] {
            let later = self.run(BEGUN, &format!("SELECT sql FROM later WHERE {of}"))?;
            self.two_at_once(later.lines().map(str::to_owned).collect())?;
        }
        self.run(BEGUN, "DROP TABLE multiplied, later; DROP FUNCTION other_number")?;
        Ok(())
    }

    fn two_at_once(&self, all: Vec<String>) -> anyhow::Result<()> {
        let left = Mutex::new(all);
        let next = || left.lock().ok().and_then(|mut left| left.pop());
        let work = || -> anyhow::Result<()> {
            while let Some(statements) = next() {
                self.run(BEGUN, &format!("{PLENTY} {statements}"))?;
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let other = scope.spawn(work);
            work()?;
            other.join().map_err(|_| anyhow!("a thread that multiplies panicked"))?
        })
    }
}

/// Where the cluster lives, and what removes it.
fn place(programs: &Programs, count: u64) -> anyhow::Result<(PathBuf, Option<Folder>)> {
    let Some(kept) = std::env::var_os("HUIYIN_BENCH_KEEP") else {
        let folder = Folder::new(programs).map_err(|why| anyhow!(why))?;
        return Ok((folder.path().join("primary"), Some(folder)));
    };
    // In a folder of its own, which belongs to the user that PostgreSQL runs as.
    let folder = Path::new(&kept).join(format!("{count}-cases.postgres"));
    std::fs::create_dir_all(&folder)?;
    if let Some((user, group)) = programs.user() {
        chown(&folder, Some(user), Some(group)).context("giving the folder to PostgreSQL")?;
    }
    Ok((folder.join("data"), None))
}

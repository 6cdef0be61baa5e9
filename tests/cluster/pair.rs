//! A primary, a standby that has every commit before it is answered, and a replica that follows when it can.

use crate::cluster::keeper::Folder;
use crate::cluster::node::{Node, USER};
use crate::cluster::programs::Programs;
use crate::cluster::{CARELESS, SETTINGS};

/// As they are asked for in a city: a commit is answered when both have it, and either may go.
pub(crate) struct Pair {
    /// Takes the writes, until it is gone.
    pub(crate) primary: Node,
    /// Has all that was acknowledged.
    pub(crate) standby: Node,
    /// Follows, and nobody waits for it.
    pub(crate) replica: Node,
    _folder: Folder,
}

impl Pair {
    /// Starts the three. Nothing is synced to the disk: what a commit waits for is the other process.
    pub(crate) fn start() -> Result<Self, String> {
        let programs = Programs::find()?;
        let folder = Folder::new(&programs)?;
        let settings = [SETTINGS, CARELESS].concat();
        let node = |name: &str| Node::new(programs.clone(), folder.path().join(name), &settings);
        let primary = node("primary");
        primary.init()?;
        let primary = primary.started()?;
        let [standby, replica] =
            [node("standby"), node("replica")].map(|node| node.follow(&primary).and_then(Node::started));
        let (standby, replica) = (standby?, replica?);
        primary.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'standby'")?;
        primary.sql("postgres", "SELECT pg_reload_conf()")?;
        // The first commit that waits for the standby: the setting is in force when it is answered.
        let in_force = "SELECT sync_state FROM pg_stat_replication WHERE application_name = 'standby'";
        while primary.sql("postgres", in_force)? != "sync" {
            std::thread::yield_now();
        }
        Ok(Self { primary, standby, replica, _folder: folder })
    }

    /// The address of a database wherever it can be written to, as servers are told it.
    pub(crate) fn url(&self, database: &str) -> String {
        let hosts = [self.primary.address(), self.standby.address()].join(",");
        format!("postgres://{USER}@{hosts}/{database}")
    }

    /// Makes the standby the primary; answers when it takes writes.
    pub(crate) fn promote(&self) -> Result<(), String> {
        self.standby.sql("postgres", "SELECT pg_promote(true)").map(drop)
    }
}

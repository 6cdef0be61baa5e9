//! A city's machines: servers, each a process of its own, over one primary and its standby.

use std::sync::LazyLock;

use huiyin::client::Client;
use huiyin::domain::code::Role;
use huiyin::domain::secret::Secret;
use huiyin::wire::account::NewAccount;

use super::balancer::Balancer;
use crate::harness::{Home, PROGRAM_PASSWORD, RUNTIME};
use crate::pair::Pair;
use crate::serving::Serving;

/// The servers and what they stand on.
pub(super) struct Town {
    /// One process each; a story may end any of them.
    pub(super) servers: Vec<Serving>,
    /// Below them.
    pub(super) pair: Pair,
    /// Before them.
    pub(super) balancer: Balancer,
    /// Where the database is, wherever it can be written to.
    pub(super) database: String,
    homes: Vec<Home>,
}

impl Town {
    /// So many servers, an administrator `boss`, and nobody else; says why there is none.
    pub(super) fn start(servers: usize) -> Result<Self, String> {
        let pair = Pair::start()?;
        pair.primary.sql("postgres", "CREATE DATABASE city")?;
        let database = pair.url("city");
        let homes: Vec<_> = (0..servers).map(|_| Home::empty()).collect();
        let password = homes[0].path().join("password").display().to_string();
        homes[0].done(&[
            "user",
            "add",
            "boss",
            "--role",
            "admin",
            "--password-file",
            &password,
            "--database",
            &database,
        ]);
        let mut town = Self { servers: Vec::new(), pair, balancer: Balancer::new(), database, homes };
        town.servers = (0..servers).map(|nth| town.server(nth)).collect();
        town.balance();
        Ok(town)
    }

    /// Starts the `nth` server.
    pub(super) fn server(&self, nth: usize) -> Serving {
        Serving::start(&self.homes[nth], &["--database", &self.database])
    }

    /// Leads desks to the servers that there are now.
    pub(super) fn balance(&self) {
        let urls: Vec<_> = self.servers.iter().map(|server| server.url.as_str()).collect();
        self.balancer.lead_to(&urls);
    }

    /// Makes call-takers of these names.
    pub(super) fn hire(&self, names: &[String]) {
        let boss = signed_in(&self.servers[0].url, "boss");
        for name in names {
            let account = NewAccount {
                name: name.parse().unwrap(),
                password: PROGRAM_PASSWORD.to_owned(),
                role: Role::Agent,
                departments: Vec::new(),
            };
            RUNTIME.block_on(boss.make_account(&account)).unwrap();
        }
    }
}

/// Somebody who has signed in at one of the servers.
pub(super) fn signed_in(url: &str, name: &str) -> Client {
    RUNTIME.block_on(async {
        let client = Client::new(url, None).unwrap();
        let session = client.sign_in(&name.parse().unwrap(), &password()).await.unwrap();
        client.with_token(Secret::new(session.token))
    })
}

/// The password of everybody.
pub(super) fn password() -> Secret {
    static PASSWORD: LazyLock<Secret> = LazyLock::new(|| Secret::new(PROGRAM_PASSWORD.to_owned()));
    PASSWORD.clone()
}

//! What days are played on: a real server over a store, and journals with a key that costs nothing to unwrap.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use huiyin::client::{Client, ClientError};
use huiyin::clock::Clock;
use huiyin::domain::account::AccountName;
use huiyin::domain::code::Role;
use huiyin::domain::epoch::Epoch;
use huiyin::domain::id::DeskId;
use huiyin::domain::number::StationCode;
use huiyin::domain::secret::Secret;
use huiyin::journal::Journal;
use huiyin::journal::courier::Carrier as _;
use huiyin::journal::discards::Discard;
use huiyin::journal::outbox::Item;
use huiyin::profile::Profile;
use huiyin::server::{Running, Server, ServerOptions, random_secret};
use huiyin::store::{Store, StoreError, accounts, epoch, sessions, stations};
use huiyin::wire::case::CaseView;
use huiyin::wire::sent::SentBody;
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// Who sits at the two desks.
pub(super) const PEOPLE: [&str; 2] = ["agent", "agent2"];
pub(super) const PASSWORD: &str = "海边的第三把椅子";
pub(super) const REALM: &str = "days";

/// A journal of each that was unlocked once.
static JOURNALS: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    PEOPLE.map(|name| {
        let folder = folder();
        let journal = Journal::open(folder.path(), REALM, &clock(), |_| {}).unwrap();
        journal.unlock(&name.parse().unwrap(), &Secret::new(PASSWORD.to_owned())).unwrap();
        drop(journal);
        let path = folder.path().join("drafts.db");
        cheapen(&path, &format!("{name} {REALM}"));
        std::fs::read(path).unwrap()
    })
});

/// A folder in memory where there is such a thing: a day syncs some hundred times.
pub(super) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

fn clock() -> Clock {
    Clock::manual("2026-11-23T15:42:03+08:00".parse().unwrap())
}

/// Wraps the key anew with the least that is believed: a day opens it some times, at a tenth of a second each.
fn cheapen(path: &Path, owner: &str) {
    let stretched = |salt: &[u8], memory: u32, passes: u32| {
        let mut key = [0; 32];
        let params = Params::new(memory, passes, 1, Some(32)).unwrap();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(PASSWORD.as_bytes(), salt, &mut key)
            .unwrap();
        XChaCha20Poly1305::new(&key.into())
    };
    let db = Connection::open(path).unwrap();
    let columns = "SELECT id, salt, memory, passes, nonce, wrapped FROM key";
    let (id, salt, memory, passes, nonce, wrapped): (i64, Vec<u8>, u32, u32, Vec<u8>, Vec<u8>) = db
        .query_row(columns, [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })
        .unwrap();
    let label = format!("key||1|{owner}");
    let at = XNonce::from(<[u8; 24]>::try_from(nonce.as_slice()).unwrap());
    let sealed = Payload { msg: &wrapped, aad: label.as_bytes() };
    let key = stretched(&salt, memory, passes).decrypt(&at, sealed).unwrap();
    let (memory, passes) = (8_u32, 1_u32);
    let open = Payload { msg: &key, aad: label.as_bytes() };
    let wrapped = stretched(&salt, memory, passes).encrypt(&at, open).unwrap();
    let mut sum = Sha256::new();
    for part in [owner.as_bytes(), &salt, &nonce, &wrapped] {
        sum.update((part.len() as u64).to_be_bytes());
        sum.update(part);
    }
    sum.update(memory.to_be_bytes());
    sum.update(passes.to_be_bytes());
    let change = "UPDATE key SET memory = ?1, passes = ?2, wrapped = ?3, sum = ?4 WHERE id = ?5";
    db.execute(change, params![memory, passes, wrapped, sum.finalize().as_slice(), id]).unwrap();
}

/// The server of some days.
pub(super) struct Ground {
    pub(super) clock: Clock,
    pub(super) store: Store,
    /// By desk.
    pub(super) stations: [StationCode; 2],
    path: PathBuf,
    running: Option<Running>,
    client: Client,
    /// The server and its callers take turns on one thread: no other has to wake.
    runtime: Runtime,
    made: u64,
    _folder: TempDir,
}

impl Ground {
    pub(super) fn new() -> Self {
        let (folder, clock) = (folder(), clock());
        let path = folder.path().join("huiyin.db");
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let store = Store::sqlite(&path).unwrap();
        let now = clock.now();
        let desks = [0, 1].map(|who| {
            let (_folder, journal) = Self::open(who, &clock);
            journal.desk().unwrap()
        });
        let stations = runtime.block_on(store.write(move |tx| {
            let mut given = Vec::new();
            for (name, desk) in PEOPLE.into_iter().zip(desks) {
                let name: AccountName = name.parse().unwrap();
                assert!(accounts::create(tx, &name, Role::Agent, &[], "-", now)?);
                given.push(stations::lease(tx, desk, None, &name, now, now)?.unwrap().station);
            }
            Ok::<_, StoreError>(given)
        }));
        let stations = stations.unwrap().try_into().unwrap();
        let client = Client::new("http://127.0.0.1:1", None).unwrap();
        let mut ground =
            Self { clock, store, stations, path, running: None, client, runtime, made: 0, _folder: folder };
        ground.serve();
        ground
    }

    fn serve(&mut self) {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let profile = Arc::new(Profile::demonstration().clone());
        let mut options = ServerOptions::new(listen, self.store.clone(), profile, self.clock.clone());
        // Only what a day revokes ends.
        let long = Duration::from_hours(24 * 365 * 50);
        (options.sessions.idle, options.sessions.absolute) = (long, long);
        options.limits.answer = crate::harness::PATIENCE;
        let running = self.runtime.block_on(Server::start(options)).unwrap();
        self.client = Client::new(&format!("http://{}", running.local_addr()), None).unwrap();
        self.running = Some(running);
    }

    /// Stops the server where it stands, and opens its store again.
    pub(super) fn restart(&mut self) {
        self.running = None;
        self.runtime.block_on(self.store.close());
        self.store = Store::sqlite(&self.path).unwrap();
        self.serve();
    }

    /// Copies the store; the copy of earlier goes.
    pub(super) fn back_up(&mut self) {
        self.forget_copy();
        Store::back_up(&self.path, &self.copy()).unwrap();
    }

    /// Whether there is a copy.
    pub(super) fn is_backed_up(&self) -> bool {
        self.copy().exists()
    }

    /// Forgets the copy.
    pub(super) fn forget_copy(&self) {
        let _ = std::fs::remove_file(self.copy());
    }

    fn copy(&self) -> PathBuf {
        self.path.with_file_name("copy.db")
    }

    /// Puts the store back to what it was when it was copied: it is one of another epoch, and all sessions have ended.
    pub(super) fn put_back(&mut self) {
        self.running = None;
        self.runtime.block_on(self.store.close());
        let made = self.unlike_any_other();
        let mut epoch = [0; 16];
        epoch[..10].copy_from_slice(&made);
        let epoch = Epoch::new(epoch);
        let (_, before) = Store::put_back(&self.copy(), &self.path, epoch, self.clock.now()).unwrap();
        if let Some(before) = before {
            std::fs::remove_file(before).unwrap();
        }
        self.store = Store::sqlite(&self.path).unwrap();
        self.serve();
    }

    /// The epoch of the store.
    pub(super) fn epoch(&self) -> Epoch {
        self.store.read_here(|tx| epoch::current(tx)).unwrap()
    }

    /// Carries an item in the session of `token`.
    pub(super) fn carry(
        &self,
        token: &Secret,
        item: &Item,
        desk: DeskId,
    ) -> Result<Box<CaseView>, ClientError> {
        let sent = SentBody { desk: Some(desk), ..SentBody::default() };
        self.runtime.block_on(self.client(token).carry(item, sent)).map(Box::new)
    }

    /// Tells in the session of `token` that something was thrown away.
    pub(super) fn tell(&self, token: &Secret, discard: Discard) -> Result<(), ClientError> {
        self.runtime.block_on(self.client(token).tell(discard))
    }

    /// Speaks with `token`.
    fn client(&self, token: &Secret) -> Client {
        self.client.with_token(token.clone()).with_clock(self.clock.clone())
    }

    /// Ten bytes that were in no identity before.
    pub(super) fn unlike_any_other(&mut self) -> [u8; 10] {
        self.made += 1;
        let mut bytes = [0; 10];
        bytes[2..].copy_from_slice(&self.made.to_be_bytes());
        bytes
    }

    /// Signs somebody in, past the password.
    pub(super) fn session(&self, who: usize) -> Secret {
        let token = random_secret().unwrap();
        let hash: sessions::TokenHash = Sha256::digest(token.expose().as_bytes()).into();
        let now = self.clock.now();
        let session = sessions::Session {
            id: token.expose()[..16].to_owned(),
            account: PEOPLE[who].parse().unwrap(),
            created_at: now,
            used_at: now,
            expires_at: now.checked_add(jiff::SignedDuration::from_hours(24 * 365 * 50)).unwrap(),
        };
        self.runtime.block_on(self.store.write(move |tx| sessions::start(tx, &hash, &session, 5))).unwrap();
        token
    }

    /// Ends the sessions of somebody.
    pub(super) fn revoke(&self, who: usize) {
        let name: AccountName = PEOPLE[who].parse().unwrap();
        self.runtime.block_on(self.store.write(move |tx| sessions::end_all(tx, &name))).unwrap();
    }

    /// A journal of somebody that was unlocked before and is empty.
    pub(super) fn journal(who: usize) -> TempDir {
        let folder = folder();
        std::fs::write(folder.path().join("drafts.db"), &JOURNALS[who]).unwrap();
        folder
    }

    fn open(who: usize, clock: &Clock) -> (TempDir, Journal) {
        let folder = Self::journal(who);
        let journal = Journal::open(folder.path(), REALM, clock, |_| {}).unwrap();
        (folder, journal)
    }
}

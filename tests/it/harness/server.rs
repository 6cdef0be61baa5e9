//! A real server with people in it, and a line to it that a story may cut.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use huiyin::client::{Client, ClientError};
use huiyin::clock::Clock;
use huiyin::domain::account::AccountName;
use huiyin::domain::act::Act;
use huiyin::domain::code::{Channel, DepartmentCode, Kind, Role, Urgency};
use huiyin::domain::epoch::Epoch;
use huiyin::domain::event::Order;
use huiyin::domain::id::{CaseId, EventId};
use huiyin::domain::secret::Secret;
use huiyin::profile::Profile;
use huiyin::server::{Running, Server as Service, ServerOptions, hash_new};
use huiyin::store::{Store, StoreError, accounts, audit, sessions};
use huiyin::wire::case::{CallerBody, CaseView, EventView, IntakeBody, NewCase, Outcome, PlaceBody};
use huiyin::wire::search::SearchRequest;
use huiyin::wire::suggest::{SuggestRequest, Suggestions};

use super::RUNTIME;
use super::line::{Line, State};

/// The password of everybody.
pub(crate) const PASSWORD: &str = "海边的第三把椅子";
/// The word by which the first account of an empty server is made.
pub(crate) const SETUP: &str = "the word on the slip of paper";

/// Hashed once: a password costs a tenth of a second, and every story needs eight.
static HASH: LazyLock<String> = LazyLock::new(|| hash_new(&Secret::new(PASSWORD.to_owned()), &[]).unwrap());

/// Who works here: one of each role, two of those who are needed twice.
const PEOPLE: &[(&str, Role, &[&str])] = &[
    ("agent", Role::Agent, &[]),
    ("agent2", Role::Agent, &[]),
    ("lead", Role::Lead, &[]),
    ("trainer", Role::Trainer, &[]),
    ("cgj", Role::Handler, &["cgj"]),
    ("sthj", Role::Handler, &["sthj"]),
    ("auditor", Role::Auditor, &[]),
    ("admin", Role::Admin, &[]),
];

/// A server over a store in a folder of its own, gone when dropped.
pub(crate) struct Server {
    /// Its time and the desks', which a story may move.
    pub(crate) clock: Clock,
    /// The store below it.
    pub(crate) store: Store,
    line: Line,
    running: Running,
    folder: tempfile::TempDir,
}

/// A server over the database `file`.
fn serve(file: &Path, clock: &Clock) -> (Store, Running) {
    let store = Store::sqlite(file).unwrap();
    let profile = Arc::new(Profile::demonstration().clone());
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut options = ServerOptions::new(listen, store.clone(), profile, clock.clone());
    options.setup_secret = Some(Secret::new(SETUP.to_owned()));
    options.limits.hash_wait = super::PATIENCE;
    let running = RUNTIME.block_on(Service::start(options)).unwrap();
    (store, running)
}

impl Server {
    /// A server of the demonstration city with everybody in it, at 15:42:03 on a Monday.
    pub(crate) fn start() -> Self {
        let server = Self::empty();
        let now = server.clock.now();
        let made = server.store.write(move |tx| {
            for (name, role, departments) in PEOPLE {
                let departments: Vec<DepartmentCode> =
                    departments.iter().map(|code| code.parse().unwrap()).collect();
                assert!(accounts::create(tx, &name.parse().unwrap(), *role, &departments, &HASH, now)?);
            }
            Ok::<_, StoreError>(())
        });
        RUNTIME.block_on(made).unwrap();
        server
    }

    /// The same without anybody.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual("2026-11-23T15:42:03+08:00".parse().unwrap());
        let (store, running) = serve(&folder.path().join("huiyin.db"), &clock);
        let line = Line::to(running.local_addr());
        Self { clock, store, line, running, folder }
    }

    /// Runs `work`, and puts the database back to what it was before.
    pub(crate) fn forgetting(self, work: impl FnOnce(&Self)) -> Self {
        let (file, copy) = (self.folder.path().join("huiyin.db"), self.folder.path().join("copy.db"));
        Store::back_up(&file, &copy).unwrap();
        work(&self);
        let Self { clock, store, line, running, folder } = self;
        line.become_like(State::Cut);
        RUNTIME.block_on(running.stop());
        drop(store);
        Store::put_back(&copy, &file, Epoch::new([7; 16]), clock.now()).unwrap();
        let (store, running) = serve(&file, &clock);
        line.lead_to(running.local_addr());
        line.become_like(State::Whole);
        Self { clock, store, line, running, folder }
    }

    /// Stops the server where it stands, and starts it again over what it has written.
    pub(crate) fn restarted(self) -> Self {
        let Self { clock, store, line, running, folder } = self;
        drop(running);
        RUNTIME.block_on(store.close());
        drop(store);
        let (store, running) = serve(&folder.path().join("huiyin.db"), &clock);
        line.lead_to(running.local_addr());
        Self { clock, store, line, running, folder }
    }

    /// A folder that is gone with the server.
    pub(crate) fn folder_for(&self, what: &str) -> PathBuf {
        let folder = self.folder.path().join(what);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// What was thrown away of what had been submitted: by whom, and which.
    pub(crate) fn discarded(&self) -> Vec<(String, String)> {
        let entries =
            self.store.read_here(|tx| audit::page(tx, audit::About::Everything, None, 1000)).unwrap();
        let discards = entries.into_iter().filter(|entry| entry.action == "outbox.discard");
        let told = discards.map(|entry| {
            let id = entry.detail.split(' ').next().unwrap_or_default();
            (entry.actor.unwrap().to_string(), id.to_owned())
        });
        told.collect()
    }

    /// A client at the end of the line, not signed in.
    pub(crate) fn client(&self) -> Client {
        Client::new(&format!("http://{}", self.line.address), None).unwrap().with_clock(self.clock.clone())
    }

    /// Cuts the line.
    pub(crate) fn go_dark(&self) {
        self.line.become_like(State::Cut);
    }

    /// Requests still arrive and are done; no answer comes back.
    pub(crate) fn lose_answers(&self) {
        self.line.become_like(State::Deaf);
    }

    /// Loses the next answer only.
    pub(crate) fn lose_answer(&self) {
        self.line.become_like(State::DeafOnce);
    }

    /// Makes the line like this; who was connected is cut off.
    pub(crate) fn line(&self, state: State) {
        self.line.become_like(state);
    }

    /// How many requests the line has repeated or let be overtaken.
    pub(crate) fn meddled(&self) -> usize {
        self.line.meddled()
    }

    /// Whether the line holds a request back.
    pub(crate) fn holds_back(&self) -> bool {
        self.line.holds_back()
    }

    /// Ends every session of somebody.
    pub(crate) fn revoke(&self, name: &str) {
        let name: AccountName = name.parse().unwrap();
        RUNTIME.block_on(self.store.write(move |tx| sessions::end_all(tx, &name))).unwrap();
    }

    /// Mends the line.
    pub(crate) fn come_back(&self) {
        self.line.become_like(State::Whole);
    }

    /// Lets time pass.
    pub(crate) fn later(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Signs somebody in over the API, past the line.
    pub(crate) fn person(&self, name: &str) -> Person {
        let name: AccountName = name.parse().unwrap();
        let client = Client::new(&format!("http://{}", self.running.local_addr()), None).unwrap();
        let password = Secret::new(PASSWORD.to_owned());
        let session = RUNTIME.block_on(client.sign_in(&name, &password)).unwrap();
        Person { client: client.with_token(Secret::new(session.token)), clock: self.clock.clone() }
    }

    /// Files a complaint of `agent2` with this text; the title is its beginning.
    pub(crate) fn file(&self, text: &str) -> CaseView {
        self.file_with(text, |_| {})
    }

    /// The same with some of it changed.
    pub(crate) fn file_with(&self, text: &str, change: impl FnOnce(&mut NewCase)) -> CaseView {
        self.file_as("agent2", self.new_id(), text, change)
    }

    /// Files a complaint of `name` under an id that something else may have.
    pub(crate) fn file_under(&self, name: &str, id: CaseId, text: &str) {
        self.file_as(name, id, text, |_| {});
    }

    fn file_as(&self, name: &str, id: CaseId, text: &str, change: impl FnOnce(&mut NewCase)) -> CaseView {
        let mut case = self.new_case(text);
        change(&mut case);
        let person = self.person(name);
        RUNTIME.block_on(person.client.file_case(id, &case)).unwrap().case
    }

    /// An id that nothing else has.
    pub(crate) fn new_id(&self) -> CaseId {
        CaseId::new(unix_ms(&self.clock), unlike_any_other())
    }

    /// A complaint with this text, not filed; the title is its beginning.
    pub(crate) fn new_case(&self, text: &str) -> NewCase {
        NewCase {
            number: None,
            received_at: self.clock.now(),
            intake: IntakeBody {
                channel: Channel::Phone,
                kind: Kind::Complaint,
                caller: CallerBody {
                    name: "周小满".to_owned(),
                    number: Some("13900005678".parse().unwrap()),
                    ..CallerBody::default()
                },
                matter: None,
                title: huiyin::domain::title::propose(text),
                text: text.to_owned(),
                place: PlaceBody { division: None, detail: String::new() },
                occurred_at: None,
                target: String::new(),
                urgency: Urgency::Ordinary,
                confidential: false,
                earlier_case: None,
                tags: Vec::new(),
                remark: String::new(),
            },
            outcome: Outcome::Register,
        }
    }

    /// The cases that `query` finds, whole.
    pub(crate) fn found(&self, query: &str) -> Vec<CaseView> {
        let person = self.person("agent2");
        let request = SearchRequest { query: query.to_owned(), limit: Some(100), ..SearchRequest::default() };
        let page = RUNTIME.block_on(person.client.search(&request)).unwrap();
        page.cases.iter().map(|hit| RUNTIME.block_on(person.client.case(hit.row.id)).unwrap()).collect()
    }

    /// What is suggested for a text once the server has learned so much.
    pub(crate) fn suggested(&self, text: &str, lessons: u32) -> Suggestions {
        let person = self.person("agent2");
        let request = SuggestRequest { text: text.to_owned(), ..SuggestRequest::default() };
        let ask = async {
            loop {
                let answer = person.client.suggest(&request).await.unwrap();
                if answer.lessons == lessons {
                    return answer;
                }
            }
        };
        RUNTIME.block_on(async { tokio::time::timeout(super::PATIENCE, ask).await }).unwrap()
    }

    /// The one case there is.
    pub(crate) fn only_case(&self) -> CaseView {
        let mut all = self.found("");
        assert_eq!(all.len(), 1, "there is not one case but {}", all.len());
        all.remove(0)
    }
}

/// Somebody signed in over the API.
pub(crate) struct Person {
    /// Speaks for this person.
    pub(crate) client: Client,
    clock: Clock,
}

impl Person {
    /// Acts on a case as it is now.
    pub(crate) fn act(&self, case: &CaseView, act: Act) -> Result<CaseView, ClientError> {
        let id = case.row.id;
        let event = EventId::new(unix_ms(&self.clock), unlike_any_other());
        RUNTIME.block_on(async {
            let now = self.client.case(id).await?;
            self.client.act(id, now.row.version, event, act).await
        })
    }

    /// What happened to a case.
    pub(crate) fn timeline(&self, case: &CaseView) -> Vec<EventView> {
        RUNTIME.block_on(self.client.timeline(case.row.id)).unwrap().events
    }
}

/// An order to one department.
pub(crate) fn order(lead: &str) -> Order {
    Order { lead: lead.parse().unwrap(), assisting: Vec::new(), opinion: "请核实处理".to_owned() }
}

fn unix_ms(clock: &Clock) -> u64 {
    clock.now().as_millisecond().unsigned_abs()
}

/// The part of an identity that tells it apart.
fn unlike_any_other() -> [u8; 10] {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0xfe; 10];
    bytes[2..].copy_from_slice(&MADE.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}

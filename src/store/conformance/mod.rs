//! The stories that every engine must tell alike. Another engine is a folder, a `City` and a line in `engines!`.

mod cases;
mod lessons;
mod merging;
mod migrating;
mod opening;
mod people;
mod plans;
mod pressed;
mod recall;
mod searching;
mod servers;
mod statements;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::cases::{ActError, ActOrder, Acted, Filed, Filing, FilingError, FirstAct, act, file};
use super::feed::{self, FeedItem};
use super::{Store, StoreError, Tx};
use crate::cluster::{Cluster, Database};
use crate::domain::account::Actor;
use crate::domain::act::{Act, CityRules};
use crate::domain::calendar::Calendar;
use crate::domain::case::{Caller, Intake, Place};
use crate::domain::code::{Channel, Kind, Role, Urgency};
use crate::domain::deadline::{DeadlineRules, Term, TermUnit};
use crate::domain::event::Order;
use crate::domain::id::{CaseId, EventId};

/// Runs each story on each engine.
macro_rules! engines {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $story() { crate::store::conformance::tell($crate::store::conformance::City::sqlite, super::$story); })+
        }
        mod postgres {
            $(#[test] fn $story() { crate::store::conformance::tell($crate::store::conformance::City::postgres, super::$story); })+
        }
    };
}
use engines;

/// A store of an invented city.
struct City {
    store: Store,
    _ground: Ground,
}

/// What a store stands on; it is dropped behind it.
enum Ground {
    Folder { _folder: TempDir },
    Database { _database: Database<'static> },
}

impl City {
    #[expect(clippy::unnecessary_wraps, reason = "the other engine may not be there")]
    fn sqlite() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::sqlite(&folder.path().join("cases.db")).unwrap();
        Some(Self { store, _ground: Ground::Folder { _folder: folder } })
    }

    fn postgres() -> Option<Self> {
        let database = database()?;
        let store = Store::postgres(&database.url()).unwrap();
        Some(Self { store, _ground: Ground::Database { _database: database } })
    }

    /// The feed, once there are so many events in it.
    async fn told(&self, events: usize) -> Vec<FeedItem> {
        let mut changes = self.store.changes();
        loop {
            changes.borrow_and_update();
            let items = self.read(|tx| feed::since(tx, 0, 10)).unwrap();
            if items.len() >= events {
                return items;
            }
            changes.changed().await.unwrap();
        }
    }

    /// What a snapshot says, in the middle of a story.
    fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut dyn Tx) -> Result<T, E>) -> Result<T, E> {
        tokio::task::block_in_place(|| self.store.read_here(work))
    }

    async fn file(&self, filing: Filing<'static>) -> Result<Filed, FilingError> {
        self.store.write_own(move |tx| file(tx, filing.clone(), rules())).await
    }

    async fn act(&self, order: ActOrder<'static>) -> Result<Acted, ActError> {
        self.store.write_own(move |tx| act(tx, order.clone(), rules())).await
    }
}

/// An empty database on the cluster of this test run, where `PostgreSQL` is to be had.
fn database() -> Option<Database<'static>> {
    match Cluster::shared() {
        Ok(cluster) => Some(cluster.database()),
        Err(why) => {
            eprintln!("skipped: {why}");
            None
        }
    }
}

fn tell<F: Future<Output = ()>>(city: fn() -> Option<City>, story: fn(City) -> F) {
    let Some(city) = city() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(story(city));
}

fn rules() -> CityRules<'static> {
    static CALENDAR: LazyLock<Calendar> =
        LazyLock::new(|| Calendar::plain(TimeZone::get("Asia/Shanghai").unwrap()));
    const DAYS: Term = Term { amount: 5, unit: TermUnit::WorkingDays };
    static DEADLINES: LazyLock<DeadlineRules> = LazyLock::new(|| DeadlineRules {
        rules: Vec::new(),
        otherwise: DAYS,
        yellow_before: DAYS,
        return_within: DAYS,
        extension_at_most: DAYS,
    });
    CityRules { deadlines: &DEADLINES, calendar: &CALENDAR }
}

fn person(name: &str, role: Role, departments: &[&str]) -> &'static Actor {
    Box::leak(Box::new(Actor {
        name: name.parse().unwrap(),
        role,
        departments: departments.iter().map(|code| code.parse().unwrap()).collect(),
    }))
}

fn agent() -> &'static Actor {
    static AGENT: LazyLock<&Actor> = LazyLock::new(|| person("xiaolin", Role::Agent, &[]));
    *AGENT
}

/// The `n`-th minute of a day in November.
fn minute(n: i64) -> Timestamp {
    Timestamp::from_millisecond(1_795_424_400_000 + n * 60_000).unwrap()
}

fn random() -> [u8; 10] {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&COUNT.fetch_add(1, Ordering::SeqCst).to_be_bytes());
    bytes
}

fn case_id() -> CaseId {
    CaseId::new(1_795_424_400_000, random())
}

fn event_id() -> EventId {
    EventId::new(1_795_424_400_000, random())
}

fn intake(text: &str) -> Intake {
    Intake {
        channel: Channel::Phone,
        kind: Kind::Complaint,
        caller: Caller { name: "测试甲".to_owned(), ..Caller::default() },
        matter: None,
        title: text.chars().take(20).collect(),
        text: text.to_owned(),
        place: Place::default(),
        occurred_at: None,
        target: String::new(),
        urgency: Urgency::Ordinary,
        confidential: false,
        earlier_case: None,
        tags: Vec::new(),
        remark: String::new(),
    }
}

fn filing(text: &str) -> Filing<'static> {
    Filing {
        id: case_id(),
        number: None,
        received_at: minute(0),
        judged: None,
        intake: intake(text),
        outcome: FirstAct::Register,
        actor: agent(),
        at: minute(1),
        request: "r-1",
    }
}

fn order(lead: &str) -> Order {
    Order { lead: lead.parse().unwrap(), assisting: Vec::new(), opinion: "请尽快办理".to_owned() }
}

fn acting(case: &crate::domain::case::Case, what: Act) -> ActOrder<'static> {
    ActOrder {
        case: case.id,
        event_id: event_id(),
        expected: case.version,
        act: what,
        actor: agent(),
        at: minute(2),
        waited: None,
        request: "r-2",
    }
}

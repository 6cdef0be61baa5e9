//! A hall of desks that file one case after the other, each with its journal and its outbox as the program has them.
//!
//! A desk lets a few cases wait at a time, as a person does who goes on taking calls while nothing goes through.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use huiyin::client::Client;
use huiyin::clock::Clock;
use huiyin::domain::id::CaseId;
use huiyin::journal::Journal;
use huiyin::journal::courier::{Courier, Told};
use huiyin::journal::outbox::{Item, Standing};
use huiyin::wire::case::NewCase;

use super::town::{Town, password, signed_in};
use crate::harness::RUNTIME;
use crate::served::new_case;

/// How many cases a desk lets wait at a time.
const AT_ONCE: usize = 3;
/// How long nothing may be acknowledged before a story is given up: a failover, and what desks wait after it.
const PATIENCE: Duration = Duration::from_mins(2);

/// The desks at work.
pub(super) struct Hall {
    closing: Arc<AtomicBool>,
    acknowledged: Receiver<()>,
    desks: Vec<JoinHandle<BTreeMap<CaseId, String>>>,
}

impl Hall {
    /// So many desks at the one address of a town, each with a person of its own.
    pub(super) fn open(town: &Town, desks: usize) -> Self {
        let names: Vec<_> = (0..desks).map(|nth| format!("desk{nth}")).collect();
        town.hire(&names);
        let closing = Arc::new(AtomicBool::new(false));
        let (tell, acknowledged) = channel();
        let seats = names.into_iter().map(|name| {
            let client = signed_in(&town.balancer.url(), &name);
            let (closing, tell) = (Arc::clone(&closing), tell.clone());
            std::thread::spawn(move || work(&name, client, &closing, &tell))
        });
        Self { desks: seats.collect(), closing, acknowledged }
    }

    /// Waits until so many more cases are acknowledged.
    pub(super) fn until_acknowledged(&self, cases: usize) {
        for nth in 0..cases {
            let told = self.acknowledged.recv_timeout(PATIENCE);
            assert!(told.is_ok(), "{nth} of {cases} cases went through, and no more");
        }
    }

    /// Nobody takes another call; what waits goes through. Every case that was acknowledged, with its number.
    pub(super) fn close(self) -> BTreeMap<CaseId, String> {
        self.closing.store(true, Ordering::Release);
        self.desks.into_iter().flat_map(|desk| desk.join().unwrap()).collect()
    }
}

fn work(
    name: &str,
    client: Client,
    closing: &AtomicBool,
    acknowledged: &Sender<()>,
) -> BTreeMap<CaseId, String> {
    let clock = Clock::default();
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path(), "city", &clock, |_| {}).unwrap();
    journal.unlock(&name.parse().unwrap(), &password()).unwrap();
    let journal = Arc::new(journal);
    let (tell, told) = channel();
    let courier = Courier::start(RUNTIME.handle(), Arc::clone(&journal), clock.clone(), move |item| {
        drop(tell.send(item));
    });
    courier.begin(client);
    let (mut waiting, mut taken) = (0, 0);
    let mut numbers = BTreeMap::new();
    while !(closing.load(Ordering::Acquire) && waiting == 0) {
        while waiting < AT_ONCE && !closing.load(Ordering::Acquire) {
            taken += 1;
            let id = CaseId::new(clock.now().as_millisecond().unsigned_abs(), random());
            let item = Item::filing(id, &case(name, taken), String::new(), &clock).unwrap();
            courier.submitted(journal.submit(item).unwrap(), Box::new(()));
            waiting += 1;
        }
        match told.recv_timeout(PATIENCE) {
            Ok(Told::Accepted { item, case, .. }) => {
                let twice = numbers.insert(item.case, case.row.number.to_string());
                assert_eq!(twice, None, "a case was acknowledged twice");
                waiting -= 1;
                // The story may have heard enough.
                let _ = acknowledged.send(());
            }
            Ok(Told::Aside { error, .. }) => panic!("{name} was refused: {error}"),
            Ok(Told::Waits { .. } | Told::Outlook(_)) => {}
            Err(RecvTimeoutError::Timeout) => panic!("{name}: {waiting} cases go through no more"),
            Err(RecvTimeoutError::Disconnected) => unreachable!("the courier ended by itself"),
        }
    }
    courier.end();
    let left = journal.outbox().unwrap().items;
    assert!(left.iter().all(|item| item.standing == Standing::Accepted));
    assert_eq!(left.len(), numbers.len());
    numbers
}

fn case(name: &str, nth: usize) -> NewCase {
    let mut case = new_case(&format!("{name} 第 {nth} 件：望湖路路灯不亮"));
    case["received_at"] = serde_json::json!(Clock::default().now().to_string());
    serde_json::from_value(case).unwrap()
}

fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&uuid::Uuid::now_v7().as_bytes()[6..]);
    bytes
}

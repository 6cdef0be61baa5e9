//! The outbox empties by itself, to the last item: whatever their number, and over a restart of the server. And what a
//! desk says of a server that takes everything and answers nothing, with the clock in hand.
//!
//! `HUIYIN_WAITING=10000` lets a week's work wait.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use huiyin::client::{Client, ClientError};
use huiyin::clock::Clock;
use huiyin::domain::epoch::Epoch;
use huiyin::domain::id::CaseId;
use huiyin::domain::secret::Secret;
use huiyin::journal::Journal;
use huiyin::journal::courier::{Carrier, Courier, Told};
use huiyin::journal::discards::Discard;
use huiyin::journal::outbox::{Item, Standing};
use huiyin::store::{StoreError, cases};
use huiyin::wire::case::CaseView;
use huiyin::wire::sent::SentBody;
use tempfile::TempDir;

use crate::harness::{PASSWORD, PATIENCE, RUNTIME, Server};

/// A journal of the person `agent`, unlocked.
fn journal(clock: &Clock) -> (TempDir, Arc<Journal>) {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path(), "draining", clock, |_| {}).unwrap();
    journal.unlock(&"agent".parse().unwrap(), &Secret::new(PASSWORD.to_owned())).unwrap();
    (folder, Arc::new(journal))
}

/// Lets so many cases wait on the disk.
fn wait(server: &Server, journal: &Journal, n: usize) -> Vec<CaseId> {
    let waiting = (0..n).map(|_| {
        let id = server.new_id();
        let case = server.new_case("望湖路路灯三天不亮");
        journal.put(Item::filing(id, &case, String::new(), &server.clock).unwrap());
        id
    });
    let waiting = waiting.collect();
    journal.flush().unwrap();
    waiting
}

/// A courier that begins with what is on the disk, and what it tells.
fn courier(server: &Server, journal: &Arc<Journal>) -> (Courier<Client>, Receiver<Told>) {
    let (tell, told) = channel();
    let courier = Courier::start(RUNTIME.handle(), Arc::clone(journal), server.clock.clone(), move |item| {
        drop(tell.send(item));
    });
    let client = server.client();
    let (name, password) = ("agent".parse().unwrap(), Secret::new(PASSWORD.to_owned()));
    let session = RUNTIME.block_on(client.sign_in(&name, &password)).unwrap();
    courier.begin(client.with_token(Secret::new(session.token)));
    (courier, told)
}

/// Takes in what is told until so many more are accepted; gives them.
fn accepted(told: &Receiver<Told>, n: usize) -> BTreeSet<CaseId> {
    let mut accepted = BTreeSet::new();
    while accepted.len() < n {
        match told.recv_timeout(PATIENCE).expect("the outbox empties no more") {
            Told::Accepted { item, .. } => assert!(accepted.insert(item.case), "it was told twice"),
            Told::Aside { error, .. } => panic!("the server does not take it: {error}"),
            Told::Waits { .. } | Told::Outlook(_) => {}
        }
    }
    accepted
}

/// Each is at the server, once, and confirmed on the disk.
fn assert_all_are_there(server: &Server, journal: &Journal, waiting: &[CaseId]) {
    let versions = |tx: &mut dyn huiyin::store::Tx| {
        let found = waiting.iter().map(|id| Ok(cases::find(tx, *id)?.map(|case| case.version)));
        found.collect::<Result<Vec<_>, StoreError>>()
    };
    let versions = server.store.read_here(versions).unwrap();
    assert!(versions.iter().all(|version| *version == Some(1)), "{versions:?}");
    let outbox = journal.outbox().unwrap();
    let confirmed = outbox.items.iter().filter(|item| item.standing == Standing::Accepted);
    let confirmed: BTreeSet<_> = confirmed.map(|item| item.case).collect();
    assert!(waiting.iter().all(|id| confirmed.contains(id)) && confirmed.len() == outbox.items.len());
}

#[test]
fn the_last_of_any_number_is_sent_around_what_goes_at_once_and_its_multiples() {
    let server = Server::start();
    let (_folder, journal) = journal(&server.clock);
    for n in [1, 3, 4, 5, 7, 8, 9, 16, 20] {
        let waiting = wait(&server, &journal, n);
        let (courier, told) = courier(&server, &journal);
        assert_eq!(accepted(&told, n), waiting.iter().copied().collect());
        courier.end();
        assert_all_are_there(&server, &journal, &waiting);
    }
}

#[test]
fn a_server_that_starts_again_in_the_middle_loses_none_and_doubles_none() {
    let n = std::env::var("HUIYIN_WAITING").ok().and_then(|n| n.parse().ok()).unwrap_or(100);
    let server = Server::start();
    let (_folder, journal) = journal(&server.clock);
    let waiting = wait(&server, &journal, n);
    let (courier, told) = courier(&server, &journal);
    let mut done = accepted(&told, n / 2);
    let server = server.restarted();
    // The live stream stands again.
    courier.nudge();
    done.extend(accepted(&told, n - done.len()));
    assert_eq!(done, waiting.iter().copied().collect());
    courier.end();
    assert_all_are_there(&server, &journal, &waiting);
}

/// A line that takes everything and gives nothing back.
#[derive(Clone)]
struct Swallows;

impl Carrier for Swallows {
    async fn carry(&self, _: &Item, _: SentBody) -> Result<CaseView, ClientError> {
        std::future::pending().await
    }

    async fn probe(&self) -> Result<(), ClientError> {
        std::future::pending().await
    }

    async fn tell(&self, _: Discard) -> Result<(), ClientError> {
        std::future::pending().await
    }

    fn epoch(&self) -> Option<Epoch> {
        None
    }

    fn clock_offset(&self) -> Option<jiff::SignedDuration> {
        None
    }
}

/// Time runs by itself while everybody waits, so nobody does.
#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_told_within_ten_seconds_and_what_waits_is_let_go() {
    let clock = Clock::manual("2026-11-23T15:42:03+08:00".parse().unwrap());
    let (folder, journal) = journal(&clock);
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let here = tokio::runtime::Handle::current();
    let courier =
        Courier::start(&here, Arc::clone(&journal), clock.clone(), move |item| drop(tell.send(item)));
    courier.begin(Swallows);
    let act = huiyin::domain::act::Act::Note { text: "已电话核实".to_owned() };
    let (case, id) = (CaseId::new(1, [1; 10]), huiyin::domain::id::EventId::new(1, [2; 10]));
    let item = journal.submit(Item::act(case, id, act, Some(1), &clock).unwrap()).unwrap();
    let submitted = tokio::time::Instant::now();
    let (guard, mut waited_for) = tokio::sync::oneshot::channel::<()>();
    courier.submitted(item, Box::new(guard));
    loop {
        let told = told.recv().await.unwrap();
        if matches!(told, Told::Outlook(outlook) if outlook.silent_since.is_some()) {
            break;
        }
    }
    let silent = submitted.elapsed();
    assert!(silent < Duration::from_secs(10), "{silent:?}");
    // It is told that it waits, and whoever waited for an answer waits no longer.
    assert!(matches!(told.recv().await, Some(Told::Waits { error: None, .. })));
    assert!((&mut waited_for).await.is_err());
    drop((courier, folder));
}

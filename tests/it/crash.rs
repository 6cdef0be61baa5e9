//! The real server, killed while it works: what it confirmed is there, once; and who stood by takes its place.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use huiyin::client::Client;
use huiyin::clock::Clock;
use huiyin::domain::account::AccountName;
use huiyin::domain::id::CaseId;
use huiyin::domain::number::CaseNumber;
use huiyin::domain::secret::Secret;
use huiyin::store::{Store, feed};
use huiyin::wire::case::NewCase;
use tokio::sync::Notify;

use crate::harness::{Home, PATIENCE, PROGRAM_PASSWORD};
use crate::served::new_case;
use crate::serving::Serving;

/// Who files at once.
const CLIENTS: u8 = 8;
/// How often the server is killed.
const ROUNDS: u8 = 3;
/// Confirmed cases after which it is killed.
const ENOUGH: usize = 120;

async fn signed_in(url: &str) -> Client {
    let client = Client::new(url, None).unwrap();
    let name: AccountName = "boss".parse().unwrap();
    let session = client.sign_in(&name, &Secret::new(PROGRAM_PASSWORD.to_owned())).await.unwrap();
    client.with_token(Secret::new(session.token))
}

/// A case as a desk holds it until it is confirmed.
#[derive(Clone)]
struct Pending {
    id: CaseId,
    case: NewCase,
}

/// The `n`-th case of a client in a round.
fn pending(client: u8, round: u8, n: u16) -> Pending {
    let now = Clock::default().now();
    let [high, low] = n.to_be_bytes();
    let id = CaseId::new(now.as_millisecond().unsigned_abs(), [client, round, high, low, 0, 0, 0, 0, 0, 0]);
    let mut case: NewCase =
        serde_json::from_value(new_case(&format!("望湖路{client}号第{round}轮第{n}次停水"))).unwrap();
    case.received_at = now;
    Pending { id, case }
}

/// What one client was told, and what it was not told any more.
struct Told {
    confirmed: Vec<(Pending, CaseNumber)>,
    open: Option<Pending>,
}

/// Files one case after the other, first the one that is still open, until nobody answers.
async fn file_until_cut(client: Client, who: u8, round: u8, open: Option<Pending>, count: impl Fn()) -> Told {
    let mut confirmed = Vec::new();
    let mut next = open.unwrap_or_else(|| pending(who, round, 0));
    for n in 1.. {
        let Ok(filed) = client.file_case(next.id, &next.case).await else {
            return Told { confirmed, open: Some(next) };
        };
        confirmed.push((next, filed.case.row.number));
        count();
        next = pending(who, round, n);
    }
    Told { confirmed, open: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_confirmed_survives_the_server_being_killed_and_is_there_once() {
    let home = Home::with_boss();
    let mut confirmed = Vec::new();
    let mut open: Vec<Option<Pending>> = vec![None; CLIENTS.into()];
    for round in 0..ROUNDS {
        let mut serving = Serving::start(&home, &[]);
        let client = signed_in(&serving.url).await;
        let (count, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let filing: Vec<_> = open
            .drain(..)
            .zip(0..)
            .map(|(open, who)| {
                let (count, enough) = (Arc::clone(&count), Arc::clone(&enough));
                let count = move || {
                    if count.fetch_add(1, Ordering::SeqCst) + 1 == ENOUGH {
                        enough.notify_one();
                    }
                };
                tokio::spawn(file_until_cut(client.clone(), who, round, open, count))
            })
            .collect();
        tokio::time::timeout(PATIENCE, enough.notified()).await.expect("nothing is filed");
        serving.kill();
        for told in filing {
            let told = told.await.unwrap();
            confirmed.extend(told.confirmed);
            open.push(told.open);
        }
    }
    assert!(confirmed.len() >= ENOUGH * usize::from(ROUNDS), "{}", confirmed.len());

    let serving = Serving::start(&home, &[]);
    let client = signed_in(&serving.url).await;
    // Whoever heard nothing sends the same again, and it does not matter whether it had arrived.
    for Pending { id, case } in open.into_iter().flatten() {
        let filed = client.file_case(id, &case).await.unwrap();
        confirmed.push((Pending { id, case }, filed.case.row.number));
    }
    for (Pending { id, case }, number) in &confirmed {
        let stands = client.case(*id).await.unwrap();
        assert_eq!((&stands.text, &stands.row.number), (&case.intake.text, number));
    }
    serving.end();

    let store = Store::sqlite(&home.path().join("data/huiyin.db")).unwrap();
    let (mut cases, mut numbers, mut from) = (BTreeSet::new(), BTreeSet::new(), 0);
    loop {
        let page = store.read_here(|tx| feed::since(tx, from, 500)).unwrap();
        let Some(last) = page.last() else { break };
        from = last.place;
        for item in page {
            assert!(cases.insert(item.event.case_id), "{} is there twice", item.event.case_id);
        }
    }
    numbers.extend(confirmed.iter().map(|(_, number)| number.clone()));
    assert_eq!(cases, confirmed.iter().map(|(pending, _)| pending.id).collect());
    assert_eq!(numbers.len(), confirmed.len());
}

/// Sends one case over and over from many clients until nobody answers; whether it was new, each time it was answered.
async fn one_case_from_all(
    client: &Client,
    case: &Pending,
    times: usize,
    answered: &Arc<Notify>,
) -> Vec<(bool, CaseNumber)> {
    let sending: Vec<_> = (0..50)
        .map(|_| {
            let (client, case, answered) = (client.clone(), case.clone(), Arc::clone(answered));
            tokio::spawn(async move {
                let mut told = Vec::new();
                for _ in 0..times {
                    let Ok(filed) = client.file_case(case.id, &case.case).await else { break };
                    told.push((filed.created, filed.case.row.number));
                    answered.notify_one();
                }
                told
            })
        })
        .collect();
    let mut told = Vec::new();
    for task in sending {
        told.extend(task.await.unwrap());
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_equal_cases_across_a_restart_are_one() {
    let home = Home::with_boss();
    let case = pending(1, 1, 1);
    let mut told = Vec::new();
    for killed in [true, false] {
        let mut serving = Serving::start(&home, &[]);
        let client = signed_in(&serving.url).await;
        let answered = Arc::new(Notify::new());
        let sending = one_case_from_all(&client, &case, 20, &answered);
        let killing = async {
            // In the middle of it: the first is answered, the others are under way.
            answered.notified().await;
            if killed {
                serving.kill();
            }
        };
        told.extend(tokio::join!(sending, killing).0);
    }
    let numbers: BTreeSet<_> = told.iter().map(|(_, number)| number).collect();
    // The answer to the first may have been lost with the server.
    assert!(numbers.len() == 1 && told.iter().filter(|(created, _)| *created).count() <= 1, "{told:?}");
    let store = Store::sqlite(&home.path().join("data/huiyin.db")).unwrap();
    assert_eq!(store.read_here(|tx| feed::since(tx, 0, 10)).unwrap().len(), 1);
    assert!(told.len() >= 1000, "the second server answers everybody: {}", told.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_takes_over_from_a_server_that_was_killed() {
    let home = Home::with_boss();
    let mut serving = Serving::start(&home, &[]);
    let mut desk = home.desk(&[]);
    desk.until_shows("已连接").until_shows("云汀市");
    serving.kill();

    // At the address where everybody looks for it, served by the desk now.
    let anybody = Client::new(&serving.url, None).unwrap();
    let taken_over = async {
        while anybody.setup().await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, taken_over).await.expect("nobody takes over");
    assert_eq!(home.server_address(), serving.url);
    let client = signed_in(&serving.url).await;
    let Pending { id, case } = pending(0, 0, 0);
    client.file_case(id, &case).await.unwrap();
    desk.until_shows("已连接").function_key(3).type_text("停水").until_shows("共 1 件");
    desk.quit();
    assert!(anybody.setup().await.is_err(), "the server outlives the desk");
}

//! Stories of accounts, sessions, stations and failed sign-ins.

use jiff::SignedDuration;

use super::*;
use crate::domain::account::AccountName;
use crate::domain::epoch::Epoch;
use crate::domain::id::DeskId;
use crate::domain::presence::Doing;
use crate::store::accounts::{self, Change};
use crate::store::presence::{self, Said, Someone};
use crate::store::sessions::{self, Session};
use crate::store::{attempts, epoch, stations};

engines! {
    an_account_is_made_once_and_changed,
    sessions_end_by_time_idleness_number_and_account,
    stations_are_leased_to_one_desk_each,
    after_a_restore_no_two_desks_come_to_one_station,
    who_has_a_case_before_them_passes,
    failures_are_counted_and_forgotten,
}

fn name(text: &str) -> AccountName {
    text.parse().unwrap()
}

const IDLE: SignedDuration = SignedDuration::from_mins(30);

async fn made(city: &City, who: &str) -> bool {
    let who = name(who);
    let made =
        city.store.write(move |tx| accounts::create(tx, &who, Role::Agent, &[], "$argon2id$x", minute(0)));
    made.await.unwrap()
}

async fn an_account_is_made_once_and_changed(city: City) {
    assert!(!city.read(accounts::any).unwrap());
    assert!(made(&city, "xiaolin").await);
    assert!(!made(&city, "xiaolin").await);
    assert!(city.read(accounts::any).unwrap());
    let to = Change {
        role: Some(Role::Handler),
        departments: Some(vec!["cg".parse().unwrap()]),
        ..Change::default()
    };
    let changed =
        city.store.write(move |tx| accounts::change(tx, &name("xiaolin"), to.clone())).await.unwrap();
    assert_eq!(changed.as_ref().map(|account| account.role), Some(Role::Handler));
    assert_eq!(city.read(|tx| accounts::find(tx, &name("xiaolin"))).unwrap(), changed);
    assert_eq!(city.read(accounts::list).unwrap().len(), 1);
    let none =
        city.store.write(|tx| accounts::change(tx, &name("niemand"), Change::default())).await.unwrap();
    assert_eq!(none, None);
}

async fn start(city: &City, token: u8, who: &str) {
    let session = Session {
        id: format!("s{token}"),
        account: name(who),
        created_at: minute(i64::from(token)),
        used_at: minute(i64::from(token)),
        expires_at: minute(720),
    };
    city.store.write(move |tx| sessions::start(tx, &[token; 32], &session, 2)).await.unwrap();
}

async fn sessions_end_by_time_idleness_number_and_account(city: City) {
    made(&city, "xiaolin").await;
    let stands = |token: u8, at| {
        city.read(|tx| sessions::find(tx, &[token; 32], minute(at), IDLE))
            .unwrap()
            .map(|found| found.touch_due)
    };
    start(&city, 0, "xiaolin").await;
    assert_eq!(
        [stands(0, 0), stands(0, 1), stands(0, 29), stands(0, 30)],
        [Some(false), Some(true), Some(true), None]
    );
    city.store.write(|tx| sessions::touch(tx, &[0; 32], minute(29))).await.unwrap();
    assert_eq!([stands(0, 58), stands(0, 59)], [Some(true), None]);
    city.store.write(|tx| sessions::touch(tx, &[0; 32], minute(719))).await.unwrap();
    assert_eq!([stands(0, 719), stands(0, 720)], [Some(false), None]);
    // The third session ends the oldest.
    start(&city, 1, "xiaolin").await;
    start(&city, 2, "xiaolin").await;
    assert_eq!([stands(0, 2), stands(1, 2), stands(2, 2)], [None, Some(true), Some(false)]);
    assert!(city.store.write(|tx| sessions::end(tx, &[2; 32])).await.unwrap());
    assert_eq!(stands(2, 2), None);
    let disabled = Change { disabled: Some(true), ..Change::default() };
    city.store.write(move |tx| accounts::change(tx, &name("xiaolin"), disabled.clone())).await.unwrap();
    assert_eq!(stands(1, 2), None);
    let enabled = Change { disabled: Some(false), ..Change::default() };
    city.store.write(move |tx| accounts::change(tx, &name("xiaolin"), enabled.clone())).await.unwrap();
    assert_eq!(stands(1, 2), None, "enabled again, the ended sessions stay ended");
    start(&city, 3, "xiaolin").await;
    assert_eq!(city.store.write(|tx| sessions::sweep(tx, minute(4), IDLE)).await, Ok(0));
    assert_eq!(city.store.write(|tx| sessions::sweep(tx, minute(40), IDLE)).await, Ok(1));
}

async fn stations_are_leased_to_one_desk_each(city: City) {
    let desk = |n: u8| DeskId::new(1, [n; 10]);
    let lease = async |n: u8, now: i64| {
        let lease = move |tx: &mut dyn crate::store::Tx| {
            stations::lease(tx, desk(n), None, &name("xiaolin"), minute(now), minute(now + 60))
        };
        city.store.write(lease).await.unwrap().map(|lease| (lease.station.get(), lease.leased_until))
    };
    assert_eq!(lease(1, 0).await, Some((1, minute(60))));
    assert_eq!(lease(2, 0).await, Some((2, minute(60))));
    assert_eq!(lease(1, 30).await, Some((1, minute(90))));
    // A lapsed one is not given away while there are fresh ones.
    assert_eq!(lease(3, 500).await, Some((3, minute(560))));
    let station = 2.try_into().unwrap();
    let held = city.read(|tx| stations::find(tx, station)).unwrap().unwrap();
    assert_eq!((held.desk, held.leased_until), (desk(2), minute(60)));
    // Every code in use: the one that lapsed longest ago goes to the next desk, and nothing when none has.
    let last =
        "INSERT INTO station (code, desk, account, leased_until) VALUES (8999, 'far', 'x', 9999999999999)";
    city.store.write(move |tx| tx.exec(last, &[])).await.unwrap();
    assert_eq!(lease(4, 600).await, Some((2, minute(660))));
    assert_eq!(city.read(|tx| stations::of_desk(tx, desk(2))).unwrap(), None);
    lease(5, 600).await;
    lease(6, 600).await;
    assert_eq!(lease(7, 600).await, None);
}

async fn after_a_restore_no_two_desks_come_to_one_station(city: City) {
    let desk = |n: u8| DeskId::new(1, [n; 10]);
    let lease = async |n: u8, had: Option<u16>| {
        let had = had.map(|had| had.try_into().unwrap());
        let lease = move |tx: &mut dyn crate::store::Tx| {
            stations::lease(tx, desk(n), had, &name("xiaolin"), minute(0), minute(60))
        };
        city.store.write(lease).await.unwrap().unwrap().station.get()
    };
    assert_eq!(lease(1, None).await, 1);
    // Desks 2 and 3 were leased 2 and 3 behind the backup: what is put back knows nothing of them.
    let before = city.read(epoch::current).unwrap();
    city.store.write(|tx| epoch::begin(tx, Epoch::new([7; 16]))).await.unwrap();
    assert_ne!(city.read(epoch::current), Ok(before));
    assert_eq!(lease(4, None).await, 502, "a new desk gets none that may be somebody's");
    assert_eq!(lease(3, Some(3)).await, 3);
    assert_eq!(lease(3, None).await, 3);
    // One that another desk has, or that nobody can remember, is not given for the asking.
    assert_eq!(lease(5, Some(3)).await, 503);
    assert_eq!(lease(6, Some(8999)).await, 504);
}

async fn who_has_a_case_before_them_passes(city: City) {
    let case = city.file(filing("路灯不亮")).await.unwrap().case.id;
    let other = city.file(filing("井盖缺失")).await.unwrap().case.id;
    let say = async |case, who: &str, doing, now| {
        let someone = Someone { case, account: name(who), doing };
        city.store
            .write_passing(move |tx| presence::say(tx, &someone, minute(now), minute(now + 1)))
            .await
            .unwrap()
    };
    let there = |case, now| {
        let there = city.read(|tx| presence::of_case(tx, case, minute(now))).unwrap();
        there.into_iter().map(|someone| (someone.account.to_string(), someone.doing)).collect::<Vec<_>>()
    };
    let nobody_ended = |changed| Said { changed, ended: Vec::new() };
    assert_eq!(say(case, "xiaolin", Doing::Reading, 0).await, nobody_ended(true));
    assert_eq!(say(case, "xiaolin", Doing::Reading, 0).await, nobody_ended(false));
    assert_eq!(say(case, "xiaolin", Doing::Editing, 0).await, nobody_ended(true));
    say(other, "xiaowu", Doing::Reading, 0).await;
    assert_eq!(there(case, 0), [("xiaolin".to_owned(), Doing::Editing)]);
    assert_eq!(city.read(|tx| presence::all(tx, minute(0))).unwrap().len(), 2);
    assert!(there(case, 1).is_empty(), "it ends by itself");
    // Whoever speaks next sweeps up, and hears of it.
    let mut both = vec![case, other];
    both.sort();
    assert_eq!(say(case, "xiaolin", Doing::Editing, 1).await, Said { changed: true, ended: both });
    let leave = async |now| {
        city.store
            .write_passing(move |tx| presence::leave(tx, case, &name("xiaolin"), minute(now)))
            .await
            .unwrap()
    };
    assert_eq!(leave(1).await, nobody_ended(true));
    assert_eq!(leave(1).await, nobody_ended(false));
    assert!(city.read(|tx| presence::all(tx, minute(0))).unwrap().is_empty());
}

async fn failures_are_counted_and_forgotten(city: City) {
    let fail =
        async |at| city.store.write(move |tx| attempts::record(tx, "xiaolin", minute(at))).await.unwrap();
    let since = |at| city.read(|tx| attempts::since(tx, "xiaolin", minute(at))).unwrap();
    fail(0).await;
    fail(10).await;
    assert_eq!(since(0), [minute(0), minute(10)]);
    assert_eq!(since(1), [minute(10)]);
    fail(60 * 24 + 5).await;
    assert_eq!(since(0), [minute(10), minute(60 * 24 + 5)]);
    city.store.write(|tx| attempts::clear(tx, "xiaolin")).await.unwrap();
    assert!(since(0).is_empty());
}

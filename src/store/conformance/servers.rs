//! Stories of many servers over one database, for the engine that has them.

use std::time::Duration;

use super::searching::plan;
use super::*;
use crate::store::audit::{self, About};
use crate::store::cases::{find, timeline};
use crate::store::retention::{Held, KeptError};
use crate::store::search::page;
use crate::store::{Trouble, accounts, epoch, stations};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap().block_on(future)
}

#[test]
fn ten_servers_that_start_together_migrate_once() {
    let Some(database) = database() else { return };
    let url = database.url();
    let stores: Vec<Store> = std::thread::scope(|scope| {
        let starting: Vec<_> = (0..10).map(|_| scope.spawn(|| Store::postgres(&url).unwrap())).collect();
        starting.into_iter().map(|server| server.join().unwrap()).collect()
    });
    let epochs: std::collections::BTreeSet<String> =
        stores.iter().map(|store| store.read_here(epoch::current).unwrap().to_string()).collect();
    assert_eq!(epochs.len(), 1);
    let case = block_on(stores[0].write(|tx| file(tx, filing("谁先开门"), rules()))).unwrap().case;
    assert_eq!(stores[9].read_here(|tx| find(tx, case.id)), Ok(Some(case)));
    assert_eq!(Store::schema_at(&url).unwrap().1, Some(5));
}

#[test]
fn a_newer_schema_and_the_database_of_another_program_are_refused() {
    let Some(database) = database() else { return };
    database.sql("CREATE TABLE theirs (n INT)").unwrap();
    assert!(matches!(Store::postgres(&database.url()).err(), Some(StoreError::Unreadable { .. })));
    assert_eq!(Store::schema_at(&database.url()).unwrap().1, None);
    database.sql("DROP TABLE theirs").unwrap();
    drop(Store::postgres(&database.url()).unwrap());
    database.sql("UPDATE huiyin_schema SET version = 200").unwrap();
    let refused = Store::postgres(&database.url()).err();
    assert!(matches!(refused, Some(StoreError::Newer { found: 200, .. })), "{refused:?}");
    let nobody = Store::postgres("postgres://huiyin@127.0.0.1:1/none").err();
    let Some(StoreError::Unserved { hosts, .. }) = nobody else { panic!("{nobody:?}") };
    assert_eq!(hosts, [("127.0.0.1:1".to_owned(), Trouble::Refused)]);
}

#[test]
fn what_one_server_writes_all_hear_in_the_order_of_each_case() {
    let Some(database) = database() else { return };
    let servers = [(); 3].map(|()| Store::postgres(&database.url()).unwrap());
    block_on(async {
        let writing: Vec<_> = (0..60)
            .map(|n| {
                let store = servers[n % 3].clone();
                tokio::spawn(async move {
                    let case =
                        store.write_own(|tx| file(tx, filing("三台服务器"), rules())).await.unwrap().case;
                    for _ in 0..3 {
                        let case = store.read(move |tx| find(tx, case.id)).await.unwrap().unwrap();
                        let order = acting(&case, Act::Note { text: "补充".to_owned() });
                        store.write_own(move |tx| act(tx, order.clone(), rules())).await.unwrap();
                    }
                })
            })
            .collect();
        // Read on from where the last look ended, as a server does: nothing comes twice, late or not at all.
        let (mut from, mut heard) = (0, std::collections::HashMap::<CaseId, u32>::new());
        let mut changes = servers[2].changes();
        while heard.values().sum::<u32>() < 240 {
            changes.borrow_and_update();
            loop {
                let items = servers[2].read(move |tx| feed::since(tx, from, 7)).await.unwrap();
                for item in &items {
                    let before = heard.entry(item.event.case_id).or_default();
                    assert_eq!(item.event.seq, *before + 1);
                    *before += 1;
                    assert!(item.place > from);
                    from = item.place;
                }
                if items.len() < 7 {
                    break;
                }
            }
            if heard.values().sum::<u32>() < 240 {
                changes.changed().await.unwrap();
            }
        }
        for task in writing {
            task.await.unwrap();
        }
        assert!(heard.len() == 60 && heard.values().all(|count| *count == 4));
    });
}

#[test]
fn desks_at_many_servers_get_a_station_each() {
    let Some(database) = database() else { return };
    let servers = [(); 3].map(|()| Store::postgres(&database.url()).unwrap());
    block_on(async {
        let leasing: Vec<_> = (0..40)
            .map(|n: u128| {
                let store = servers[usize::try_from(n % 3).unwrap()].clone();
                let desk = uuid::Uuid::from_u128(n + (7 << 76) + (2 << 62)).to_string().parse().unwrap();
                let lease = move |tx: &mut dyn Tx| {
                    stations::lease(tx, desk, None, &agent().name, minute(0), minute(90))
                };
                tokio::spawn(async move { store.write(lease).await.unwrap().unwrap().station.get() })
            })
            .collect();
        let mut codes = std::collections::BTreeSet::new();
        for lease in leasing {
            codes.insert(lease.await.unwrap());
        }
        assert_eq!(codes, (1..=40).collect());
    });
}

#[test]
fn only_one_first_account_is_made_however_many_ask() {
    let Some(database) = database() else { return };
    let store = Store::postgres(&database.url()).unwrap();
    block_on(async {
        let first = |n: usize| {
            let store = store.clone();
            let name: crate::domain::account::AccountName = format!("boss{n}").parse().unwrap();
            tokio::spawn(async move {
                let make = move |tx: &mut dyn Tx| {
                    if accounts::any(tx)? {
                        return Ok(false);
                    }
                    accounts::create(tx, &name, Role::Admin, &[], "x", minute(0))
                };
                store.write::<_, StoreError, _>(make).await.unwrap()
            })
        };
        let asked: Vec<_> = (0..20).map(first).collect();
        let mut made = 0;
        for one in asked {
            made += u32::from(one.await.unwrap());
        }
        assert_eq!(made, 1);
    });
}

#[test]
fn months_are_made_as_cases_come_and_dropped_as_a_whole() {
    let Some(database) = database() else { return };
    let store = Store::postgres(&database.url()).unwrap();
    block_on(async {
        let old = Filing { received_at: minute(-60 * 24 * 400), ..filing("去年的井盖") };
        let id = old.id;
        store.write(move |tx| file(tx, old.clone(), rules())).await.unwrap();
        let kept = store.write(|tx| file(tx, filing("今年的井盖"), rules())).await.unwrap().case;
        let found = |store: &Store| {
            let hits = store.read_here(|tx| page(tx, &plan("井盖"))).unwrap().hits;
            hits.into_iter().map(|hit| hit.case.id).collect::<Vec<_>>()
        };
        assert_eq!(tokio::task::block_in_place(|| found(&store)), [kept.id, id]);
        let months =
            tokio::task::block_in_place(|| database.sql("SELECT name FROM case_month ORDER BY name"));
        let months: Vec<String> = months.unwrap().lines().map(str::to_owned).collect();
        let drop =
            |month: &str, at| tokio::task::block_in_place(|| Store::drop_month(&database.url(), month, at));
        assert_eq!(drop(&months[0], minute(0)), Err(KeptError::Unfinished(1)));
        assert_eq!(drop(&months[0], minute(-60 * 24 * 400)), Err(KeptError::Recent));
        assert_eq!(drop("202401", minute(0)), Err(KeptError::Unknown));
        let case = store.read(move |tx| find(tx, id)).await.unwrap().unwrap();
        let banzhang = person("banzhang", Role::Lead, &[]);
        let void = ActOrder { actor: banzhang, ..acting(&case, Act::Void { reason: "演练".to_owned() }) };
        store.write_own(move |tx| act(tx, void.clone(), rules())).await.unwrap();
        let held = tokio::task::block_in_place(|| Store::month_at(&database.url(), &months[0], minute(0)));
        assert!(matches!(held, Ok(Held { cases: 1, events: 2, .. })), "{held:?}");
        assert_eq!(drop(&months[0], minute(0)), held);
        assert_eq!(drop(&months[0], minute(0)), Err(KeptError::Unknown));
        let audited = store.read(move |tx| audit::page(tx, About::Subject(&months[0]), None, 9)).await;
        let told: Vec<_> = audited.unwrap().into_iter().map(|entry| (entry.action, entry.detail)).collect();
        assert_eq!(told, [("month.drop".to_owned(), "1 cases, 2 events".to_owned())]);
        let left = "SELECT (SELECT count(*) FROM case_map), (SELECT count(*) FROM event_map)";
        assert_eq!(tokio::task::block_in_place(|| database.sql(left)), Ok("1|1".to_owned()));
        assert_eq!(tokio::task::block_in_place(|| found(&store)), [kept.id]);
        assert_eq!(store.read(move |tx| find(tx, id)).await, Ok(None));
        assert_eq!(store.read(move |tx| timeline(tx, id)).await, Ok(Vec::new()));
    });
}

/// Something that goes on in the database until it is told to stop, which is when this is dropped.
struct Under<'a> {
    database: &'a crate::cluster::Database<'static>,
    word: &'static str,
}

impl Drop for Under<'_> {
    fn drop(&mut self) {
        let stop = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE";
        self.database.sql(&format!("{stop} '%{}%pg_sleep%'", self.word)).unwrap();
    }
}

/// Until somebody in this database waits for a lock of this kind.
fn until_somebody_waits(database: &crate::cluster::Database<'_>, kind: &str) {
    let waits = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
           AND wait_event = '{kind}'"
    );
    while database.sql(&waits).unwrap() == "0" {
        std::thread::yield_now();
    }
}

#[test]
fn while_a_month_goes_others_write_and_hear_of_it() {
    let Some(database) = database() else { return };
    let store = Store::postgres(&database.url()).unwrap();
    let january = 1_704_153_600_000_i64;
    database.sql(&format!("SELECT make_month({january})")).unwrap();
    std::thread::scope(|scope| {
        let reads = Under { database: &database, word: "case_row" };
        scope.spawn(|| {
            database.sql("BEGIN; LOCK TABLE case_row IN ACCESS SHARE MODE; SELECT 'case_row', pg_sleep(600)")
        });
        let held =
            "SELECT count(*) FROM pg_locks WHERE relation = 'case_row'::regclass AND mode = 'AccessShareLock'
            AND granted AND pid <> pg_backend_pid()";
        while database.sql(held).unwrap() == "0" {}
        let goes = scope.spawn(|| Store::drop_month(&database.url(), "202401", minute(0)));
        until_somebody_waits(&database, "relation");
        block_on(async {
            let mut changes = store.changes();
            let filed = store.write_own(|tx| file(tx, filing("路灯不亮"), rules())).await.unwrap();
            let heard = |tx: &mut dyn Tx| feed::since(tx, 0, 9);
            while store.read(heard).await.unwrap().first().map(|item| item.event.case_id)
                != Some(filed.case.id)
            {
                changes.changed().await.unwrap();
            }
        });
        assert!(!goes.is_finished(), "the month waits for who reads");
        drop(reads);
        assert!(matches!(goes.join().unwrap(), Ok(Held { cases: 0, .. })));
    });
    assert_eq!(database.sql("SELECT count(*) FROM feed_aside"), Ok("0".to_owned()));
}

#[test]
fn a_month_that_somebody_dies_over_is_made_by_the_next() {
    let Some(database) = database() else { return };
    let store = Store::postgres(&database.url()).unwrap();
    let months = || database.sql("SELECT count(*) FROM case_month").unwrap().parse::<u32>().unwrap();
    let ahead = months();
    assert!(ahead >= 2, "the month that comes is made ahead");
    let old = Filing { received_at: minute(-60 * 24 * 400), ..filing("去年的井盖") };
    let month = old.received_at.as_millisecond();
    std::thread::scope(|scope| {
        let makes = Under { database: &database, word: "make_month" };
        scope.spawn(|| {
            database.sql(&format!("BEGIN; SELECT make_month({month}); SELECT 'make_month', pg_sleep(600)"))
        });
        let held =
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid
            FROM pg_database WHERE datname = current_database())";
        while database.sql(held).unwrap() == "0" {}
        let filed = scope.spawn(|| block_on(store.write_own(move |tx| file(tx, old.clone(), rules()))));
        until_somebody_waits(&database, "advisory");
        drop(makes);
        assert!(filed.join().unwrap().unwrap().created);
    });
    assert_eq!(months(), ahead + 1);
}

#[test]
fn a_slow_reading_ends_and_the_next_is_well() {
    let Some(database) = database() else { return };
    let store = Store::postgres(&database.url()).unwrap();
    block_on(async {
        let endless =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT (i + 1) % 9 FROM n) SELECT count(*) FROM n";
        let ended = store.read_slow(move |tx: &mut dyn Tx| tx.rows(endless, &[]).map(drop)).await;
        assert_eq!(ended, Err(StoreError::TimedOut));
        let one = |tx: &mut dyn Tx| tx.rows("SELECT 5", &[])?[0].int(0);
        assert_eq!(store.read_slow(one).await, Ok(5));
        // One that nobody waits for any more ends as well, and its place is free.
        for _ in 0..6 {
            let given_up = store.read_slow(move |tx: &mut dyn Tx| tx.rows(endless, &[]).map(drop));
            let _ = tokio::time::timeout(Duration::from_millis(50), given_up).await;
        }
        assert_eq!(store.read_slow(one).await, Ok(5));
    });
}

#[test]
fn after_closing_nothing_is_taken() {
    let Some(database) = database() else { return };
    let store = Store::postgres(&database.url()).unwrap();
    block_on(async {
        let asked: Vec<_> =
            (0..30).map(|_| store.write_own(|tx| file(tx, filing("最后一批"), rules()))).collect();
        let (done, ()) = tokio::join!(futures_util::future::join_all(asked), store.close());
        let filed = done.iter().filter(|filed| filed.is_ok()).count();
        assert_eq!(store.write(|_| Ok::<_, StoreError>(())).await, Err(StoreError::Closed));
        assert_eq!(store.read(|_| Ok::<_, StoreError>(())).await, Err(StoreError::Closed));
        // What was answered with success is there.
        let kept = tokio::task::block_in_place(|| database.sql("SELECT count(*) FROM case_file").unwrap());
        assert_eq!(kept, filed.to_string());
    });
}

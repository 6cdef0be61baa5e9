//! Everything in a store is brought into another, of its own engine and of the other.

use super::*;
use crate::domain::id::DeskId;
use crate::store::migrate::{MigrateError, Migration, Totals};
use crate::store::search::page;
use crate::store::{accounts, audit, cases, epoch, stations};

engines!(
    everything_is_brought_over_and_later_what_has_come_since,
    a_target_with_data_of_its_own_is_left_alone,
);

async fn copy(from: &City, to: &City) -> Result<Totals, MigrateError> {
    let mut migration = Migration::begin(from.store.clone(), to.store.clone()).await?;
    while migration.events().await?.is_some() {}
    while migration.audit().await?.is_some() {}
    migration.rest().await?;
    tokio::task::block_in_place(|| migration.check(|_| {}))
}

fn targets() -> impl Iterator<Item = City> {
    // It waits for its database.
    [City::sqlite(), tokio::task::block_in_place(City::postgres)].into_iter().flatten()
}

async fn everything_is_brought_over_and_later_what_has_come_since(city: City) {
    let desk = DeskId::new(1, [9; 10]);
    let stocked = city.store.write(move |tx| {
        assert!(accounts::create(tx, &agent().name, Role::Agent, &[], "a hash", minute(0))?);
        stations::lease(tx, desk, None, &agent().name, minute(0), minute(60))
    });
    let lease = stocked.await.unwrap();
    let first = city.file(filing("望湖路路灯不亮")).await.unwrap().case;
    for n in 0..5 {
        city.file(filing(&format!("第{n}件井盖破损"))).await.unwrap();
    }
    for to in targets() {
        let before = copy(&city, &to).await.unwrap();
        let note = Act::Note { text: "已电话核实喇叭声".to_owned() };
        let now = city.read(|tx| cases::find(tx, first.id)).unwrap().unwrap();
        city.act(acting(&now, note)).await.unwrap();
        city.file(filing("阳光小区夜间施工")).await.unwrap();
        let after = copy(&city, &to).await.unwrap();
        assert_eq!(after.cases.count, before.cases.count + 1);
        assert_eq!(after.events.count, before.events.count + 2);
        assert_eq!(copy(&city, &to).await, Ok(after));
        let both = [&city, &to].map(|store| {
            store.read(|tx| {
                let plan = searching::plan("喇叭声");
                let hits = page(tx, &plan)?.hits.into_iter().map(|hit| hit.case).collect::<Vec<_>>();
                let trail = audit::page(tx, audit::About::Subject(&first.id.to_string()), None, 10)?.len();
                Ok::<_, StoreError>((
                    hits,
                    cases::timeline(tx, first.id)?,
                    trail,
                    accounts::list(tx)?,
                    stations::of_desk(tx, desk)?,
                    epoch::current(tx)?,
                ))
            })
        });
        let [here, there] = both.map(Result::unwrap);
        assert!(here == there && here.0.len() == 1 && here.4 == lease);
    }
}

async fn a_target_with_data_of_its_own_is_left_alone(city: City) {
    city.file(filing("望湖路路灯不亮")).await.unwrap();
    for to in targets() {
        to.file(filing("不相干的工单")).await.unwrap();
        assert_eq!(copy(&city, &to).await, Err(MigrateError::Occupied));
        assert_eq!(to.told(1).await.len(), 1);
    }
    for to in targets() {
        copy(&city, &to).await.unwrap();
        to.file(filing("搬完之后受理的工单")).await.unwrap();
        assert_eq!(copy(&city, &to).await, Err(MigrateError::Occupied));
    }
}

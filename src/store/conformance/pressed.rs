//! Where more is to be written than can be, long readings give way, and what was submitted is written.

use std::sync::{Arc, Condvar, Mutex};

use super::*;
use crate::store::search::page;
use crate::store::{SLOW_QUEUE, SLOW_READERS};

engines!(search_gives_way_to_what_was_submitted, more_searches_than_come_to_their_turn_do_not_wait);

/// A gate that commands wait at.
#[derive(Default)]
struct Gate(Mutex<bool>, Condvar);

impl Gate {
    fn wait(&self) {
        let shut = |open: &mut bool| !*open;
        drop(self.1.wait_while(self.0.lock().unwrap(), shut).unwrap());
    }

    fn open(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }
}

async fn search_gives_way_to_what_was_submitted(city: City) {
    let gate = Arc::new(Gate::default());
    let held: Vec<_> = (0..200)
        .map(|_| {
            let (store, gate) = (city.store.clone(), Arc::clone(&gate));
            tokio::spawn(async move {
                store
                    .write_own(move |_: &mut dyn Tx| {
                        gate.wait();
                        Ok::<_, StoreError>(())
                    })
                    .await
            })
        })
        .collect();
    while city.store.queued() < 200 {
        tokio::task::yield_now().await;
    }
    let plan = searching::plan("路灯");
    let search = || {
        let plan = plan.clone();
        city.store.read_slow(move |tx| page(tx, &plan))
    };
    assert_eq!(search().await.err(), Some(StoreError::Busy));
    assert_eq!(city.store.shed(), 1);
    let (store, case) = (city.store.clone(), filing("望湖路路灯不亮"));
    let submitted =
        tokio::spawn(async move { store.write_own(move |tx| file(tx, case.clone(), rules())).await });
    while city.store.queued() < 201 {
        tokio::task::yield_now().await;
    }
    gate.open();
    assert!(submitted.await.unwrap().unwrap().created);
    for one in held {
        one.await.unwrap().unwrap();
    }
    assert_eq!(search().await.unwrap().hits.len(), 1);
}

async fn more_searches_than_come_to_their_turn_do_not_wait(city: City) {
    let gate = Arc::new(Gate::default());
    let search = || {
        let (store, gate) = (city.store.clone(), Arc::clone(&gate));
        tokio::spawn(async move {
            store
                .read_slow(move |_: &mut dyn Tx| {
                    gate.wait();
                    Ok::<_, StoreError>(())
                })
                .await
        })
    };
    // Those that may run and those that may wait, and one more.
    let held: Vec<_> = (0..SLOW_READERS + SLOW_QUEUE).map(|_| search()).collect();
    while city.store.slow_queue.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(search().await.unwrap(), Err(StoreError::Busy));
    assert_eq!(city.store.shed(), 1);
    // Nobody else is kept waiting by them.
    assert_eq!(city.store.read(|tx| feed::last(tx)).await, Ok(0));
    gate.open();
    for one in held {
        one.await.unwrap().unwrap();
    }
}

//! The live stream: one reader of the store's feed for all clients, and one loop a client.
//!
//! The reader runs only while somebody listens. It reads each new event once and hands it to every client; a client
//! that falls more than a thousand events behind, or comes back after longer than that, is told to `reload`. The
//! stream is no use of the session: it ends when the session does.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio::time::Instant;

use super::app::{App, Shared};
use super::auth::Signed;
use super::listen::stopped;
use super::metrics::Counted;
use super::presence::Seen;
use crate::domain::account::Permission;
use crate::domain::code::DepartmentCode;
use crate::store::feed::{self, FeedItem};
use crate::store::{Store, StoreError, Tx};
use crate::wire::event::CaseChange;
use crate::wire::presence::PresenceChange;

/// How far behind a client may be and still be told what it missed.
const KEPT: u32 = 1000;
/// How many openings and leavings a client may be behind before it misses some; each is told again by who stays.
const PRESENCE: usize = 256;
/// Events read from the store at once.
const PAGE: u32 = 200;

/// One thing for a client to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// A case has changed.
    Change {
        /// Its place in the feed.
        place: i64,
        /// The change.
        change: CaseChange,
    },
    /// Somebody else has opened a case, left it, or begun to type.
    Presence(PresenceChange),
    /// Something was missed; the stream goes on behind this place.
    Reload {
        /// The place.
        place: i64,
    },
    /// Nothing happened, and the server is still there.
    Quiet,
}

/// Hands the feed to whoever listens, and what is not in it because it passes.
pub(crate) struct Hub {
    reader: Arc<Mutex<Option<Sender<Arc<FeedItem>>>>>,
    presence: Sender<Arc<Seen>>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { reader: Arc::default(), presence: broadcast::channel(PRESENCE).0 }
    }
}

impl Hub {
    /// Tells the clients of this server who has a case before them now.
    pub(crate) fn tell(&self, seen: Seen) {
        // Nobody may be listening.
        let _ = self.presence.send(Arc::new(seen));
    }

    /// Everything that happens from now on.
    async fn listen(&self, store: &Store) -> Result<Receiver<Arc<FeedItem>>, StoreError> {
        let joined = |reader: &Option<Sender<_>>| reader.as_ref().map(Sender::subscribe);
        if let Some(receiver) = joined(&self.reader.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(receiver);
        }
        let from = store.read(|tx| feed::last(tx)).await?;
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have begun meanwhile.
        if let Some(receiver) = joined(&reader) {
            return Ok(receiver);
        }
        let (sender, receiver) = broadcast::channel(KEPT as usize);
        tokio::spawn(read_on(store.clone(), from, sender.clone(), Arc::clone(&self.reader)));
        *reader = Some(sender);
        Ok(receiver)
    }
}

/// Reads the feed behind `from` until nobody listens.
async fn read_on(
    store: Store,
    mut from: i64,
    sender: Sender<Arc<FeedItem>>,
    own: Arc<Mutex<Option<Sender<Arc<FeedItem>>>>>,
) {
    let mut changes = store.changes();
    loop {
        loop {
            let items = match store.read(move |tx| feed::since(tx, from, PAGE)).await {
                Ok(items) => items,
                Err(error) => {
                    tracing::error!("cannot read the feed: {error}");
                    break;
                }
            };
            let whole = items.len() < PAGE as usize;
            for item in items {
                from = item.place;
                // Nobody left to hear it is found out below.
                let _ = sender.send(Arc::new(item));
            }
            if whole {
                break;
            }
        }
        tokio::select! {
            alive = changes.changed() => if alive.is_err() { break },
            () = sender.closed() => {
                let mut own = own.lock().unwrap_or_else(PoisonError::into_inner);
                // Somebody may have come in between.
                if sender.receiver_count() == 0 {
                    *own = None;
                    return;
                }
            }
        }
    }
    // The store is closed: the clients are let go.
    *own.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// One client of the live stream.
pub(crate) struct Listener {
    app: Shared,
    signed: Signed,
    feed: Receiver<Arc<FeedItem>>,
    presence: Receiver<Arc<Seen>>,
    /// What was missed before it came, oldest last.
    missed: Vec<FeedItem>,
    reload: bool,
    place: i64,
    /// When the session was last seen to hold.
    held: Instant,
    _counted: Counted,
}

impl Listener {
    /// Joins behind `last`, the place of the last thing it was told, or from now on.
    pub(crate) async fn join(app: &Shared, signed: Signed, last: Option<i64>) -> Result<Self, StoreError> {
        let counted = app.metrics.listeners().up();
        // First the live feed, then what was missed: nothing falls between, and what is told twice is dropped.
        let feed = app.hub.listen(&app.store).await?;
        let missed = move |tx: &mut dyn Tx| {
            let newest = feed::last(tx)?;
            let missed = match last {
                None => Some(Vec::new()),
                // A place that this feed has not reached is another feed's: the store was restored from a backup.
                Some(last) if !(0..=newest).contains(&last) => None,
                Some(last) => Some(feed::since(tx, last, KEPT + 1)?).filter(|all| all.len() <= KEPT as usize),
            };
            Ok::<_, StoreError>((newest, missed))
        };
        let (newest, missed) = app.store.read(missed).await?;
        let reload = missed.is_none();
        let mut missed = missed.unwrap_or_default();
        missed.reverse();
        let place = last.filter(|_| !reload).unwrap_or(newest);
        let held = Instant::now();
        let presence = app.hub.presence.subscribe();
        Ok(Self {
            app: Arc::clone(app),
            signed,
            feed,
            presence,
            missed,
            reload,
            place,
            held,
            _counted: counted,
        })
    }

    /// The next thing to tell; `None` when the session has ended or the server stops.
    pub(crate) async fn next(&mut self) -> Option<Told> {
        if std::mem::take(&mut self.reload) {
            return Some(Told::Reload { place: self.place });
        }
        let mut stopping = self.app.stopping.clone();
        let heartbeat = tokio::time::sleep(self.app.limits.heartbeat);
        tokio::pin!(heartbeat);
        loop {
            let item = if let Some(item) = self.missed.pop() {
                Arc::new(item)
            } else {
                tokio::select! {
                    () = stopped(&mut stopping) => return None,
                    () = &mut heartbeat => return self.app.holds(&self.signed.session).await.then_some(Told::Quiet),
                    seen = self.presence.recv() => match seen {
                        Ok(seen) if self.concerns(&seen) => {
                            return Some(Told::Presence(seen.told_to(&self.signed.actor.name)));
                        }
                        Ok(_) | Err(RecvError::Lagged(_)) => continue,
                        Err(RecvError::Closed) => return None,
                    },
                    received = self.feed.recv() => match received {
                        Ok(item) => item,
                        Err(RecvError::Closed) => return None,
                        Err(RecvError::Lagged(_)) => {
                            self.feed = self.feed.resubscribe();
                            self.place = self.app.store.read(|tx| feed::last(tx)).await.ok()?;
                            return Some(Told::Reload { place: self.place });
                        }
                    },
                }
            };
            if item.place <= self.place {
                continue;
            }
            self.place = item.place;
            // A lookup for each event and client would be most of the work of a busy hall.
            if self.held.elapsed() >= self.app.limits.recheck {
                if !self.app.holds(&self.signed.session).await {
                    return None;
                }
                self.held = Instant::now();
            }
            if self.may_hear(&item) {
                return Some(Told::Change { place: item.place, change: change(&item) });
            }
        }
    }

    fn may_hear(&self, item: &FeedItem) -> bool {
        self.has_business_with(&item.departments)
    }

    fn concerns(&self, seen: &Seen) -> bool {
        seen.by.as_ref() != Some(&self.signed.actor.name) && self.has_business_with(&seen.departments)
    }

    fn has_business_with(&self, departments: &[DepartmentCode]) -> bool {
        let actor = &self.signed.actor;
        actor.may(Permission::ReadCases) || departments.iter().any(|code| actor.departments.contains(code))
    }
}

fn change(item: &FeedItem) -> CaseChange {
    let event = &item.event;
    CaseChange {
        case: event.case_id,
        version: event.seq,
        state: item.state,
        event: event.body.code().to_owned(),
        by: event.by.clone(),
        at: event.at,
    }
}

impl App {
    /// Whether one more may listen.
    pub(crate) fn has_room_for_a_listener(&self) -> bool {
        usize::try_from(self.metrics.listeners().now()).is_ok_and(|now| now < self.limits.listeners)
    }
}

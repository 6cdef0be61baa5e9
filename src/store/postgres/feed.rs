//! Following the feed: what any server has written is announced here within some tens of milliseconds.
//!
//! A server that has written says so by one `NOTIFY`, however much it wrote meanwhile; a `NOTIFY` in every transaction
//! halves the writing. It is a nudge and says nothing. Whoever hears one looks where the feed ends, and looks again while
//! something stands there that is not settled yet. What passes and is no event comes the same way, as a word that is not empty. Should a nudge be lost with its connection, the next look finds what
//! was missed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::{Notify, broadcast, watch};

use super::address::SharedAddress;
use super::connection::Connection;
use super::fault::Fault;
use crate::store::StoreError;

/// How long nudges are gathered.
const GATHERED: Duration = Duration::from_millis(25);
/// Between the first two looks while something is not settled, and the longest between any two.
const UNSETTLED: Duration = Duration::from_millis(5);
const ANYTIME: Duration = Duration::from_millis(100);
/// Without any nudge there is a look this often.
const ANYWAY: Duration = Duration::from_secs(5);
/// Between two attempts to connect.
const AWAY: Duration = Duration::from_millis(500);

/// Where what is settled ends, the last place before that, and the last place of all.
pub(super) const ENDS: &str = "SELECT s.settled,
        coalesce((SELECT max(place) FROM event_map WHERE place < s.settled), 0),
        coalesce((SELECT max(place) FROM event_map), 0)
    FROM (SELECT feed_settled() AS settled) AS s";

/// Follows the feed for one server.
pub(super) struct Follower {
    /// Where its connection leads.
    pub(super) address: SharedAddress,
    /// Told when this server has written.
    pub(super) committed: Arc<Notify>,
    /// Told when there is no more to follow.
    pub(super) stopped: watch::Receiver<bool>,
    /// Where the last settled place is announced.
    pub(super) changes: watch::Sender<i64>,
    /// Where the words of servers are announced.
    pub(super) words: broadcast::Sender<Arc<str>>,
}

impl Follower {
    /// Works until stopped.
    pub(super) fn work(mut self) {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() else { return };
        while !*self.stopped.borrow() {
            let (heard, mut nudges) = unbounded_channel();
            let opened = Connection::open(&self.address, Some(heard));
            let ended = opened.map_err(StoreError::from).and_then(|mut connection| {
                connection.batch("LISTEN huiyin_feed", "listening")?;
                Ok(self.follow(&mut connection, &mut nudges)?)
            });
            if let Err(why) = ended {
                tracing::warn!("the feed is followed again soon: {why}");
                runtime.block_on(self.pause(AWAY));
            }
        }
    }

    fn follow(
        &mut self,
        connection: &mut Connection,
        nudges: &mut UnboundedReceiver<String>,
    ) -> Result<(), Fault> {
        loop {
            let mut pause = UNSETTLED;
            while self.look(connection)? && !*self.stopped.borrow() {
                connection.block_on(self.pause(pause));
                // Somebody may be at it for long.
                pause = (2 * pause).min(ANYTIME);
            }
            if *self.stopped.borrow() {
                return Ok(());
            }
            let (committed, stopped, words) = (&self.committed, &mut self.stopped, &self.words);
            let woken = connection.block_on(async {
                tokio::select! {
                    _ = stopped.changed() => Woken::Stopped,
                    () = committed.notified() => Woken::Committed,
                    heard = nudges.recv() => match heard {
                        Some(word) => pass_on(words, &word),
                        None => Woken::Lost,
                    },
                    () = tokio::time::sleep(ANYWAY) => Woken::Heard,
                }
            });
            match woken {
                Some(Woken::Committed) => {
                    // Its own desks are told at once, the others with what else comes meanwhile.
                    self.look(connection)?;
                    connection.block_on(self.pause(GATHERED));
                    connection.batch("NOTIFY huiyin_feed", "telling of the feed")?;
                }
                Some(Woken::Heard) => {}
                Some(Woken::Lost) => return Err(Fault::Gone),
                Some(Woken::Stopped) | None => return Ok(()),
            }
            while let Ok(word) = nudges.try_recv() {
                pass_on(&self.words, &word);
            }
        }
    }

    /// Lets some time pass, unless it is to stop.
    async fn pause(&mut self, time: Duration) {
        // Either is as good.
        let _ = tokio::time::timeout(time, self.stopped.changed()).await;
    }

    /// Announces the last settled place; answers whether something waits to be settled.
    fn look(&self, connection: &mut Connection) -> Result<bool, Fault> {
        let rows = connection.rows(ENDS, &[])?;
        let place = |column| rows.first().and_then(|row| row.int(column).ok()).unwrap_or_default();
        let (settled, last, newest) = (place(0), place(1), place(2));
        self.changes.send_if_modified(|announced| std::mem::replace(announced, last) != last);
        Ok(newest >= settled)
    }
}

/// A nudge has no word.
fn pass_on(words: &broadcast::Sender<Arc<str>>, word: &str) -> Woken {
    if !word.is_empty() {
        // Nobody may be listening.
        let _ = words.send(Arc::from(word));
    }
    Woken::Heard
}

enum Woken {
    Committed,
    Heard,
    Lost,
    Stopped,
}

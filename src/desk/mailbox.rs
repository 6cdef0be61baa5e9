//! Where messages and input wait for the loop, and where the work in flight is counted.
//!
//! One lock and one condition hold both, so "nothing queued and nothing in flight" is a fact and not a guess:
//! a piece of work posts its result before it is counted as landed.

use std::collections::VecDeque;
use std::io::{self, PipeReader, PipeWriter, Write as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::input::Input;

/// What waits for the loop.
#[derive(Debug)]
pub enum Post<M> {
    /// What came of an effect, or happened elsewhere.
    Msg(M),
    /// A key, a paste, a signal.
    Input(Input),
}

#[derive(Debug)]
struct Shelf<M> {
    messages: VecDeque<M>,
    inputs: VecDeque<Input>,
    in_flight: usize,
    /// Whether the loop sleeps on the bell and must be rung.
    on_bell: bool,
}

#[derive(Debug)]
struct Room<M> {
    shelf: Mutex<Shelf<M>>,
    changed: Condvar,
    bell: OnceLock<PipeWriter>,
}

/// A handle to the mailbox; clones share it. Messages are taken before input.
#[derive(Debug)]
pub struct Mailbox<M>(Arc<Room<M>>);

impl<M> Clone for Mailbox<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<M> Default for Mailbox<M> {
    fn default() -> Self {
        let shelf =
            Shelf { messages: VecDeque::new(), inputs: VecDeque::new(), in_flight: 0, on_bell: false };
        Self(Arc::new(Room { shelf: Mutex::new(shelf), changed: Condvar::new(), bell: OnceLock::new() }))
    }
}

impl<M> Mailbox<M> {
    /// Posts what happened. For sources that never end (events of the server); work that ends uses
    /// [`Mailbox::begin`].
    pub fn post(&self, msg: M) {
        self.change(|shelf| shelf.messages.push_back(msg));
    }

    /// Posts what nobody sees: it waits until the loop wakes for something else.
    pub fn leave(&self, msg: M) {
        self.lock().messages.push_back(msg);
        self.0.changed.notify_all();
    }

    /// Posts what a person or the system did.
    pub fn input(&self, input: Input) {
        self.change(|shelf| shelf.inputs.push_back(input));
    }

    /// Posts input that came together, waking the loop once.
    pub fn inputs(&self, inputs: Vec<Input>) {
        if !inputs.is_empty() {
            self.change(|shelf| shelf.inputs.extend(inputs));
        }
    }

    /// Counts a piece of work as in flight until the answer is dropped.
    pub fn begin(&self) -> InFlight<M> {
        self.lock().in_flight += 1;
        InFlight(self.clone())
    }

    /// Runs `work` on the runtime, counted as in flight, and posts what it returns. Aborting lands it as well.
    pub fn spawn<F>(&self, runtime: &tokio::runtime::Handle, work: F) -> tokio::task::AbortHandle
    where
        F: Future<Output = Option<M>> + Send + 'static,
        M: Send + 'static,
    {
        let flight = self.begin();
        let task = runtime.spawn(async move {
            if let Some(msg) = work.await {
                flight.post(msg);
            }
        });
        task.abort_handle()
    }

    /// Whether nothing is queued and nothing in flight.
    pub fn is_idle(&self) -> bool {
        let queued = self.lock();
        queued.is_empty() && queued.in_flight == 0
    }

    /// The next post: messages first, each kind in the order it came.
    pub(super) fn take(&self) -> Option<Post<M>> {
        let mut queued = self.lock();
        let message = queued.messages.pop_front().map(Post::Msg);
        message.or_else(|| queued.inputs.pop_front().map(Post::Input))
    }

    /// Sleeps until something is queued, the last work in flight has landed, or `limit` has passed; says whether
    /// it was one of the first two.
    pub(super) fn wait(&self, limit: Option<Duration>) -> bool {
        let queued = self.lock();
        let busy = queued.in_flight > 0;
        let asleep = |now: &mut Shelf<M>| now.is_empty() && (!busy || now.in_flight > 0);
        match limit {
            None => {
                drop(self.0.changed.wait_while(queued, asleep).unwrap_or_else(PoisonError::into_inner));
                true
            }
            Some(limit) => {
                let woken = self.0.changed.wait_timeout_while(queued, limit, asleep);
                !woken.unwrap_or_else(PoisonError::into_inner).1.timed_out()
            }
        }
    }

    /// Hangs up a bell, so that the loop can sleep on the mailbox and on something else at once: a byte can be read
    /// from it after [`Mailbox::listen`] when something has changed since. There is one.
    pub(super) fn bell(&self) -> io::Result<PipeReader> {
        let (ear, clapper) = io::pipe()?;
        self.0.bell.set(clapper).map_err(|_| io::ErrorKind::AlreadyExists)?;
        Ok(ear)
    }

    /// From now on the next change rings the bell, once. False if there is something to take already.
    pub(super) fn listen(&self) -> bool {
        let mut queued = self.lock();
        queued.on_bell = queued.is_empty();
        queued.on_bell
    }

    /// The loop is awake and need not be rung.
    pub(super) fn listen_no_more(&self) {
        self.lock().on_bell = false;
    }

    fn change(&self, change: impl FnOnce(&mut Shelf<M>)) {
        let asleep = {
            let mut queued = self.lock();
            change(&mut queued);
            std::mem::take(&mut queued.on_bell)
        };
        self.0.changed.notify_all();
        if asleep && let Some(mut bell) = self.0.bell.get() {
            // Nobody listens any more only when the loop is over.
            let _ = bell.write_all(&[1]);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shelf<M>> {
        // A thread that panicked while posting left whole values behind.
        self.0.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<M> Shelf<M> {
    fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.inputs.is_empty()
    }
}

/// A piece of work under way; lands when dropped.
#[derive(Debug)]
pub struct InFlight<M>(Mailbox<M>);

impl<M> InFlight<M> {
    /// Posts what came of it, in whole or in part.
    pub fn post(&self, msg: M) {
        self.0.post(msg);
    }
}

impl<M> Drop for InFlight<M> {
    fn drop(&mut self) {
        self.0.change(|shelf| shelf.in_flight -= 1);
    }
}

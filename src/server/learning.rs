//! The server's own learning: it follows the feed and keeps what it has learned of it (`domain/learning`).
//!
//! It begins when somebody first asks, so that a server that nobody asks spends nothing on it. Every server learns for
//! itself from the feed that all share, which gives the same model everywhere; of what was learned a copy is kept in the
//! store from time to time, so that a server that starts goes on from there. Asking never waits for learning but for the
//! one lesson under way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use super::app::{App, Shared};
use super::listen::stopped;
use crate::domain::code::MatterCode;
use crate::domain::learning::{Learned, Lesson};
use crate::domain::suggest::{Cues, Suggested};
use crate::profile::Profile;
use crate::store::{StoreError, lessons};

/// Events read at once.
const PAGE: u32 = 200;
/// What was learned is kept again after so many events: to learn these anew takes a second.
const KEPT_EVERY: u32 = 5000;

/// What was learned so far; nothing before the first lesson.
type Model = RwLock<Option<Learned>>;

/// What this server suggests from.
pub(crate) struct Learning {
    cues: Cues,
    model: Arc<Model>,
    begun: AtomicBool,
    /// Counts how often everything was to be learned anew.
    anew: watch::Sender<u64>,
}

impl Learning {
    /// Nothing is learned yet.
    pub(crate) fn new(profile: &Profile) -> Self {
        let cues =
            Cues::new(profile.matters(), profile.departments(), profile.templates(), profile.knowledge());
        Self { cues, model: Arc::default(), begun: AtomicBool::new(false), anew: watch::channel(0).0 }
    }
}

impl App {
    /// What a text is probably about, and how many lessons of the hotline's own stand behind it.
    pub(crate) fn suggest(self: &Arc<Self>, text: &str, matter: Option<&MatterCode>) -> (Suggested, u32) {
        self.begin_learning();
        let cues = self.learning.cues.suggest(text, matter);
        match &*self.learning.model.read().unwrap_or_else(PoisonError::into_inner) {
            Some(model) => (model.suggest(text, matter, cues), model.lessons()),
            None => (cues, 0),
        }
    }

    /// Learns everything anew from the first event on. What is known serves until that is done.
    pub(crate) async fn learn_anew(self: &Arc<Self>) -> Result<(), StoreError> {
        self.begin_learning();
        self.store.write_passing(|tx| lessons::forget(tx)).await?;
        self.learning.anew.send_modify(|times| *times += 1);
        Ok(())
    }

    fn begin_learning(self: &Arc<Self>) {
        if !self.learning.begun.swap(true, Ordering::Relaxed) {
            let pupil = Pupil { app: Arc::clone(self), model: Arc::clone(&self.learning.model), place: 0 };
            tokio::spawn(pupil.follow());
        }
    }
}

/// Learns from the feed.
struct Pupil {
    app: Shared,
    /// What it learns into: what is served, or what will be.
    model: Arc<Model>,
    /// Of the last event that it has learned from.
    place: i64,
}

impl Pupil {
    async fn follow(mut self) {
        let mut changes = self.app.store.changes();
        let mut anew = self.app.learning.anew.subscribe();
        let mut stopping = self.app.stopping.clone();
        self.remember().await;
        loop {
            changes.borrow_and_update();
            tokio::select! {
                () = self.catch_up(Some(&anew)) => {}
                () = stopped(&mut stopping) => return,
            }
            if anew.has_changed().unwrap_or(false) {
                anew.borrow_and_update();
                self.start_over().await;
                continue;
            }
            tokio::select! {
                alive = changes.changed() => if alive.is_err() { return },
                () = stopped(&mut stopping) => return,
                _ = anew.changed() => anew.mark_changed(),
            }
        }
    }

    /// Goes on from what was kept, if that is of this version, this profile and this feed.
    async fn remember(&mut self) {
        let read = self.app.store.read_slow(|tx| {
            let last = crate::store::feed::last(tx)?;
            Ok::<_, StoreError>(lessons::kept(tx)?.filter(|(place, _)| *place <= last))
        });
        let kept = match read.await {
            Ok(kept) => kept,
            Err(error) => return tracing::error!("cannot read what was learned: {error}"),
        };
        let Some((place, bytes)) = kept else { return };
        let profile = Arc::clone(&self.app.profile);
        let read = tokio::task::spawn_blocking(move || {
            Learned::from_bytes(&bytes, profile.matters(), profile.departments())
        });
        if let Ok(Some(model)) = read.await {
            *self.model.write().unwrap_or_else(PoisonError::into_inner) = Some(model);
            self.place = place;
            return;
        }
        tracing::info!("what was learned is of another version or profile, and is learned anew");
        if let Err(error) = self.app.store.write_passing(|tx| lessons::forget(tx)).await {
            tracing::error!("cannot forget what was learned: {error}");
        }
    }

    /// Learns everything beside what is served, and puts it in its place.
    async fn start_over(&mut self) {
        let mut beside = Pupil { app: Arc::clone(&self.app), model: Arc::default(), place: 0 };
        let mut stopping = self.app.stopping.clone();
        tokio::select! {
            () = beside.catch_up(None) => {}
            () = stopped(&mut stopping) => return,
        }
        let learned = beside.model.write().unwrap_or_else(PoisonError::into_inner).take();
        *self.model.write().unwrap_or_else(PoisonError::into_inner) = learned;
        self.place = beside.place;
    }

    /// Learns from all that has happened, page by page; what is wanted anew need not be caught up with.
    async fn catch_up(&mut self, anew: Option<&watch::Receiver<u64>>) {
        let mut unkept = 0;
        loop {
            let after = self.place;
            let page = match self.app.store.read_slow(move |tx| lessons::since(tx, after, PAGE)).await {
                Ok(page) => page,
                Err(error) => {
                    // The next event tries it again.
                    tracing::error!("cannot learn from the feed: {error}");
                    return;
                }
            };
            let (model, profile) = (Arc::clone(&self.model), Arc::clone(&self.app.profile));
            let learned = tokio::task::spawn_blocking(move || learn(&model, &profile, &page.lessons));
            if learned.await.is_err() {
                return;
            }
            self.place = page.place;
            unkept += page.events;
            if unkept >= KEPT_EVERY {
                unkept = 0;
                self.keep().await;
            }
            if page.events < PAGE || anew.is_some_and(|anew| anew.has_changed().unwrap_or(false)) {
                return;
            }
        }
    }

    async fn keep(&self) {
        let (model, place) = (Arc::clone(&self.model), self.place);
        let bytes = tokio::task::spawn_blocking(move || {
            model.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(Learned::to_bytes)
        });
        let Ok(Some(bytes)) = bytes.await else { return };
        if let Err(error) = self.app.store.write_passing(move |tx| lessons::keep(tx, place, &bytes)).await {
            tracing::error!("cannot keep what was learned: {error}");
        }
    }
}

/// Learns each lesson by itself, so that who asks waits for one at the most.
fn learn(model: &Model, profile: &Profile, lessons: &[Lesson]) {
    if !lessons.is_empty() && model.read().unwrap_or_else(PoisonError::into_inner).is_none() {
        let new = Learned::new(profile.matters(), profile.departments());
        *model.write().unwrap_or_else(PoisonError::into_inner) = Some(new);
    }
    for lesson in lessons {
        if let Some(model) = &mut *model.write().unwrap_or_else(PoisonError::into_inner) {
            model.learn(lesson);
        }
    }
}

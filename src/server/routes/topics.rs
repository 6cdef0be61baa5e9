//! Hot topics: what several callers told of one place within a day.

use std::sync::PoisonError;

use axum::extract::State;
use jiff::Timestamp;

use crate::domain::topic::{Call, topics};
use crate::server::app::{App, Shared};
use crate::server::json::Json;
use crate::server::place::Place;
use crate::server::problem::Failure;
use crate::store::{StoreError, Tx};
use crate::wire::topic::{HotTopic, HotTopics};

/// The most that are told.
const TOLD: usize = 20;

/// What several callers told of one place within a day, the most callers first.
#[utoipa::path(get, path = "/v1/topics", tag = "cases",
    params(Place),
    responses((status = 200, body = HotTopics)))]
pub(crate) async fn show(State(app): State<Shared>, Place(seen): Place) -> Result<Json<HotTopics>, Failure> {
    let as_of = app.clock.now();
    let asked = Shared::clone(&app);
    let topics = app.store.read_list(seen, move |tx| all(&asked, tx, as_of)).await?;
    Ok(Json(HotTopics { topics, as_of }))
}

fn all(app: &App, tx: &mut dyn Tx, now: Timestamp) -> Result<Vec<HotTopic>, StoreError> {
    // Whoever asks at the same time waits for what one of them reads.
    let mut recent = app.recent_calls.lock().unwrap_or_else(PoisonError::into_inner);
    recent.read(tx, now)?;
    Ok(topics(recent.calls()).iter().take(TOLD).filter_map(HotTopic::of).collect())
}

/// The topic that what is being typed belongs to.
pub(super) fn of_call(
    app: &App,
    tx: &mut dyn Tx,
    call: &Call,
    now: Timestamp,
) -> Result<Option<HotTopic>, StoreError> {
    let mut recent = app.recent_calls.lock().unwrap_or_else(PoisonError::into_inner);
    recent.read(tx, now)?;
    let there = recent.calls().filter(|other| other.is_at_the_place_of(call));
    Ok(topics(there).iter().find(|topic| topic.fits(call)).and_then(HotTopic::of))
}

//! The live stream over HTTP (what is told: `sse.rs`).

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, Sse};
use futures_util::stream::{self, Stream};

use crate::server::app::Shared;
use crate::server::auth::Signed;
use crate::server::problem::Failure;
use crate::server::sse::{Listener, Told};
use crate::wire::event::CaseChange;
use crate::wire::problem::ProblemCode;

/// Every change to a case that the asker may see, as it happens: events `case` and `reload`, each with an id, and
/// `presence` without one.
#[utoipa::path(get, path = "/v1/events", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event seen; goes on behind it")),
    responses((status = 200, body = CaseChange, content_type = "text/event-stream")))]
pub(crate) async fn stream(
    State(app): State<Shared>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    if !app.has_room_for_a_listener() {
        return Err(Failure::later(ProblemCode::Busy, 10));
    }
    // What cannot be a place lies, like any place beyond the end of the feed, in another one: the client reloads.
    let last = headers
        .get("last-event-id")
        .map(|id| id.to_str().ok().and_then(|id| id.parse().ok()).unwrap_or(i64::MAX));
    let listener = Listener::join(&app, signed, last).await?;
    let greeting = Event::default().comment("huiyin").retry(Duration::from_secs(2));
    let told = stream::unfold((Some(greeting), listener), |(greeting, mut listener)| async move {
        let event = match greeting {
            Some(greeting) => greeting,
            None => frame(listener.next().await?),
        };
        Some((Ok(event), (None, listener)))
    });
    Ok(Sse::new(told))
}

fn frame(told: Told) -> Event {
    match told {
        Told::Quiet => Event::default().comment("quiet"),
        // Not worth a reload: the next renewal tells it again.
        Told::Presence(change) => {
            let event = Event::default().event("presence").json_data(&change);
            event.unwrap_or_else(|_| Event::default().comment("presence"))
        }
        Told::Reload { place } => Event::default().event("reload").id(place.to_string()).data("{}"),
        Told::Change { place, change } => {
            let event = Event::default().event("case").id(place.to_string());
            // The data of a change are plain words and numbers; were one not to be written, the client reloads.
            let reload = || Event::default().event("reload").id(place.to_string()).data("{}");
            event.json_data(&change).unwrap_or_else(|_| reload())
        }
    }
}

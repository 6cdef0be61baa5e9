//! The live stream: `GET /v1/events`, opened again whenever it breaks.
//!
//! One task reads; dropping the [`LiveStream`] ends it. After a break it goes on behind the last change it
//! saw, and the server says `reload` if it cannot.

use std::pin::pin;
use std::time::Duration;

use eventsource_stream::{EventStreamError, Eventsource as _};
use futures_util::{StreamExt as _, stream};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Response};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::backoff::{equal_jitter, full_jitter};
use super::exchange::refusal;
use super::{Client, ClientError, NextStep, NoAnswer, SILENCE, error};
use crate::wire::event::CaseChange;
use crate::wire::presence::PresenceChange;

/// The longest line of the stream, in bytes; a change is a few hundred.
const LINE: usize = 64 * 1024;
/// Changes that wait for the desk before the stream is held up.
const QUEUE: usize = 256;

/// What the stream tells.
#[derive(Debug)]
pub enum Live {
    /// The stream stands, for the first time or again.
    Connected,
    /// A case has changed.
    Change {
        /// The change's place in the stream.
        place: String,
        /// The change.
        change: CaseChange,
    },
    /// Somebody else has opened a case, left it, or begun to type.
    Presence(PresenceChange),
    /// Something was missed: lists must be read anew.
    Reload,
    /// The stream broke; it is being opened again.
    Disconnected(ClientError),
    /// The stream will not come back by itself: sign in again, or bring the program up to date.
    Ended(ClientError),
}

/// A live stream. Dropping it closes it.
pub struct LiveStream {
    told: mpsc::Receiver<Live>,
    task: JoinHandle<()>,
}

impl LiveStream {
    /// The next thing told; none after [`Live::Ended`].
    pub async fn next(&mut self) -> Option<Live> {
        self.told.recv().await
    }
}

impl Drop for LiveStream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Client {
    /// Opens the live stream behind `last`, or from now on. Must be called within a tokio runtime.
    pub fn live(&self, last: Option<String>) -> LiveStream {
        let (tell, told) = mpsc::channel(QUEUE);
        let mut reader = Reader { client: self.clone(), last, attempt: 0, tell };
        LiveStream { told, task: tokio::spawn(async move { reader.run().await }) }
    }
}

/// The stream is not wanted any more.
struct Unwanted;

struct Reader {
    client: Client,
    last: Option<String>,
    attempt: u32,
    tell: mpsc::Sender<Live>,
}

impl Reader {
    async fn run(&mut self) {
        loop {
            let broken = match self.open().await {
                Ok(response) => match self.read(response).await {
                    Ok(error) => error,
                    Err(Unwanted) => return,
                },
                Err(error) => error,
            };
            let wait = match broken.next_step() {
                NextStep::Retry => full_jitter(self.attempt),
                NextStep::RetryAfter(asked) => equal_jitter(asked),
                _ => {
                    let _ = self.tell(Live::Ended(broken)).await;
                    return;
                }
            };
            self.attempt = self.attempt.saturating_add(1);
            if self.tell(Live::Disconnected(broken)).await.is_err() {
                return;
            }
            tokio::time::sleep(wait).await;
        }
    }

    async fn tell(&self, live: Live) -> Result<(), Unwanted> {
        self.tell.send(live).await.map_err(|_| Unwanted)
    }

    async fn open(&self) -> Result<Response, ClientError> {
        let mut request = self.client.request(Method::GET, &["events"]).header(ACCEPT, "text/event-stream");
        if let Some(last) = &self.last {
            request = request.header("last-event-id", last);
        }
        let sent = self.client.clock.now();
        let opened = tokio::time::timeout(SILENCE, request.send()).await;
        let response = opened
            .map_err(|_| ClientError::Offline(NoAnswer::TooSlow))?
            .map_err(|error| error::of_transport(&error.without_url()))?;
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if response.status().is_success() && kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
            self.client.hear(response.headers(), sent);
            Ok(response)
        } else {
            Err(refusal(response).await)
        }
    }

    /// Reads until the stream breaks, and says why it did.
    async fn read(&mut self, response: Response) -> Result<ClientError, Unwanted> {
        self.tell(Live::Connected).await?;
        let mut events = pin!(bounded(response, self.client.silence()).eventsource());
        loop {
            let event = match events.next().await {
                Some(Ok(event)) => event,
                Some(Err(EventStreamError::Transport(error))) => return Ok(error),
                Some(Err(_)) | None => return Ok(ClientError::Offline(NoAnswer::Cut)),
            };
            self.attempt = 0;
            if !event.id.is_empty() {
                self.client.hear_change(&event.id);
                self.last = Some(event.id.clone());
            }
            let live = match event.event.as_str() {
                "case" => match serde_json::from_str(&event.data) {
                    Ok(change) => Live::Change { place: event.id, change },
                    // A kind of change this version has no word for: reading anew shows what it can.
                    Err(_) => Live::Reload,
                },
                // What this version has no word for passes.
                "presence" => match serde_json::from_str(&event.data) {
                    Ok(change) => Live::Presence(change),
                    Err(_) => continue,
                },
                "reload" => Live::Reload,
                _ => continue,
            };
            self.tell(live).await?;
        }
    }
}

/// The bytes of the stream, given up at a silence or at a line that does not end. Comments keep the silence
/// away without being told, so it is measured here and not between events.
fn bounded(
    response: Response,
    silence: Duration,
) -> impl stream::Stream<Item = Result<Vec<u8>, ClientError>> {
    stream::unfold((response, 0_usize), move |(mut response, open)| async move {
        let next = tokio::time::timeout(silence, response.chunk()).await;
        let chunk = match next {
            Ok(Ok(Some(chunk))) => chunk,
            Ok(Ok(None)) => return None,
            Ok(Err(broken)) => {
                return Some((Err(error::of_transport(&broken.without_url())), (response, open)));
            }
            Err(_) => return Some((Err(ClientError::Offline(NoAnswer::TooSlow)), (response, open))),
        };
        let open = match chunk.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => chunk.len() - end - 1,
            None => open + chunk.len(),
        };
        let item = if open > LINE { Err(ClientError::NotUnderstood) } else { Ok(chunk.to_vec()) };
        Some((item, (response, open)))
    })
}

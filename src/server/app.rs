//! What every handler is handed: the collaborators of one server.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::http::HeaderValue;
use tokio::sync::watch;

use super::learning::Learning;
use super::limits::{Limits, SessionRules};
use super::metrics::Metrics;
use super::password::Passwords;
use super::sse::Hub;
use crate::clock::Clock;
use crate::domain::act::CityRules;
use crate::domain::secret::Secret;
use crate::profile::Profile;
use crate::store::Store;
use crate::store::topics::RecentCalls;

/// The state of the router.
pub(crate) type Shared = Arc<App>;

/// The collaborators of one server.
pub(crate) struct App {
    /// What this server calls itself to the others.
    pub(crate) name: String,
    /// Where everything is kept.
    pub(crate) store: Store,
    /// The epoch of the store, as every answer tells it.
    pub(crate) epoch: HeaderValue,
    /// The city.
    pub(crate) profile: Arc<Profile>,
    /// The city as it is served, made once.
    pub(crate) profile_body: Bytes,
    /// What it has learned of the hotline's own cases.
    pub(crate) learning: Learning,
    /// The only time.
    pub(crate) clock: Clock,
    /// Hashes passwords, a few at a time.
    pub(crate) passwords: Passwords,
    /// Who may make the first account; nobody without it.
    pub(crate) setup_secret: Option<Secret>,
    /// Caps and patience.
    pub(crate) limits: Limits,
    /// How long a sign-in lasts.
    pub(crate) sessions: SessionRules,
    /// What is counted.
    pub(crate) metrics: Metrics,
    /// Tells every listener what has happened.
    pub(crate) hub: Hub,
    /// The calls of the last day, of which hot topics are made.
    pub(crate) recent_calls: Mutex<RecentCalls>,
    /// True from the moment the server is asked to stop.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl App {
    /// The rules by which acts are decided.
    pub(crate) fn rules(&self) -> CityRules<'_> {
        CityRules { deadlines: self.profile.deadlines(), calendar: self.profile.calendar() }
    }
}

//! What a server says of itself to anybody.

use jiff::Timestamp;
use reqwest::Method;
use serde::Deserialize;

use super::{Client, ClientError};

/// Its version and its clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFacts {
    /// Such as `0.1.0`.
    pub version: String,
    /// What its clock showed, to the second; none where it does not say.
    pub clock: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

impl Client {
    /// `GET /version`: needs no session.
    pub async fn server_facts(&self) -> Result<ServerFacts, ClientError> {
        let url = self.base.join("version").map_err(|_| ClientError::BadAddress)?;
        let answer = self.send(self.http.request(Method::GET, url)).await?;
        let Version { version } = answer.json()?;
        Ok(ServerFacts { version, clock: answer.date })
    }
}

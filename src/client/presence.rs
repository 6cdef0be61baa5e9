//! Who has a case before them.

use reqwest::Method;

use super::{Client, ClientError};
use crate::domain::id::CaseId;
use crate::domain::presence::Doing;
use crate::wire::presence::{PresenceBody, PresenceView};

impl Client {
    /// `PUT /v1/cases/{id}/presence`: says what one does with a case, for a minute, and tells who else has it.
    pub async fn say_presence(&self, id: CaseId, doing: Doing) -> Result<PresenceView, ClientError> {
        let request = self.request(Method::PUT, &["cases", &id.to_string(), "presence"]);
        self.send(request.json(&PresenceBody { doing })).await?.json()
    }

    /// `DELETE /v1/cases/{id}/presence`: says that one has it before one no more.
    pub async fn end_presence(&self, id: CaseId) -> Result<(), ClientError> {
        self.send(self.request(Method::DELETE, &["cases", &id.to_string(), "presence"])).await.map(drop)
    }
}

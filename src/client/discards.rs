//! What somebody threw away after it had been submitted.

use reqwest::Method;

use super::{Client, ClientError};
use crate::domain::id::CaseId;
use crate::wire::discard::DiscardBody;

impl Client {
    /// `PUT /v1/discards/{id}`: says that this was thrown away; safe to repeat.
    pub async fn say_discarded(&self, id: CaseId, body: &DiscardBody) -> Result<(), ClientError> {
        let request = self.request(Method::PUT, &["discards", &id.to_string()]);
        self.send(request.json(body)).await.map(drop)
    }
}

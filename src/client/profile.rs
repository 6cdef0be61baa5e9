//! The city profile.

use reqwest::Method;
use reqwest::StatusCode;
use reqwest::header::IF_NONE_MATCH;

use super::{Client, ClientError};

/// A city profile that differs from the one already known.
#[derive(Debug, Clone)]
pub struct FetchedProfile {
    /// By which it is known; none if the server gave none.
    pub etag: Option<String>,
    /// The JSON of [`crate::wire::profile`], to be read by [`crate::wire::lenient`]; kept as it came, to be cached so.
    pub body: Vec<u8>,
}

impl Client {
    /// `GET /v1/profile`: none if the one known by `etag` still holds.
    pub async fn profile(&self, etag: Option<&str>) -> Result<Option<FetchedProfile>, ClientError> {
        let mut request = self.request(Method::GET, &["profile"]);
        if let Some(etag) = etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        let answer = self.send(request).await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        Ok(Some(FetchedProfile { etag: answer.etag, body: answer.body }))
    }
}

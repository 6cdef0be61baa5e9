//! The city profile over the network, or from where it was kept.

use std::path::Path;

use super::msg::Answer;
use crate::client::{Client, ClientError};
use crate::journal::cache;
use crate::wire::lenient;
use crate::wire::profile::ProfileBody;

/// The profile by the cache where its tag still holds, and the cached one when nobody answers.
pub(super) async fn profile(client: &Client, dir: &Path, realm: &str) -> Answer<Box<ProfileBody>> {
    let read = |body: &[u8]| lenient::read(body).map(Box::new).map_err(|_| ClientError::NotUnderstood);
    let cached = cache::profile(dir, realm);
    let tag = cached.as_ref().map(|cached| cached.etag.as_str());
    match (client.profile(tag).await, cached) {
        (Ok(Some(fetched)), _) => {
            let profile = read(&fetched.body)?;
            if let Some(etag) = fetched.etag {
                let kept = cache::keep_profile(dir, realm, &cache::Cached { etag, body: fetched.body });
                if let Err(error) = kept {
                    // It can be fetched again, so nobody need be told.
                    tracing::warn!(%error, "the city profile could not be cached");
                }
            }
            Ok(profile)
        }
        (Ok(None), Some(cached)) => read(&cached.body),
        (Err(error), Some(cached)) if error.is_offline() => read(&cached.body),
        (Ok(None), None) => Err(ClientError::NotUnderstood),
        (Err(error), _) => Err(error),
    }
}

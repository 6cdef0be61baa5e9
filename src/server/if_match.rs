//! `If-Match`: the version of a case that the asker has seen. Nothing is changed without it.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;

use super::problem::Failure;
use crate::wire::problem::ProblemCode;

/// The version named by `If-Match: "7"`; 0, which no case has, for a tag that this server never made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IfMatch(pub(crate) u32);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        of(&parts.headers)
    }
}

/// `*` and a list say nothing of what was seen, so they count as no tag at all: 428. A weak tag never matches.
fn of(headers: &HeaderMap) -> Result<IfMatch, Failure> {
    let needed = || Failure::new(ProblemCode::VersionNeeded);
    let mut tags = headers.get_all(IF_MATCH).iter();
    let (Some(tag), None) = (tags.next(), tags.next()) else { return Err(needed()) };
    let tag = tag.to_str().map_err(|_| needed())?.trim();
    if tag.starts_with("W/\"") {
        return Ok(IfMatch(0));
    }
    let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).ok_or_else(needed)?;
    if inner.contains('"') {
        return Err(needed());
    }
    let canonical = inner.parse::<u32>().ok().filter(|version| version.to_string() == inner);
    Ok(IfMatch(canonical.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_strong_tag_is_a_version() {
        let version = |tags: &[&str]| {
            let mut headers = HeaderMap::new();
            for tag in tags {
                headers.append(IF_MATCH, tag.parse().unwrap());
            }
            of(&headers).map(|IfMatch(version)| version).map_err(|failure| failure.status().as_u16())
        };
        assert_eq!(version(&["\"7\""]), Ok(7));
        for never_made in ["\"\"", "\"07\"", "W/\"7\"", "\"abc\"", "\"-1\"", "\"4294967296\""] {
            assert_eq!(version(&[never_made]), Ok(0), "{never_made}");
        }
        for says_nothing in ["*", "7", "\"7\", \"8\"", "\"", "\"7"] {
            assert_eq!(version(&[says_nothing]), Err(428), "{says_nothing}");
        }
        assert_eq!(version(&[]), Err(428));
        assert_eq!(version(&["\"7\"", "\"7\""]), Err(428));
    }
}

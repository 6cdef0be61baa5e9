//! The only way a body comes in: `Json<T>`, typed, bounded, and each way of being wrong told apart.
//!
//! 415 for what is not plain JSON, 413 for too much, 408 for too slow, 400 for what is not JSON at all (bad UTF-8, a
//! byte order mark, a lone surrogate, nesting without end) and 422 with a JSON pointer for JSON that is not a `T`.
//! U+0000 is refused here for every field at once, because the two stores treat it differently.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::app::Shared;
use super::problem::Failure;
use crate::domain::check::{Fault, FaultCode};
use crate::wire::problem::ProblemCode;

/// Most bytes of a body, but for batches: 256 KiB.
pub(crate) const BODY_LIMIT: usize = 256 * 1024;
/// Most bytes of a batch: 1 MiB.
pub(crate) const BATCH_LIMIT: usize = 1024 * 1024;

/// A JSON body of at most `LIMIT` bytes; as an answer, plain JSON.
#[derive(Debug, Clone)]
pub(crate) struct Json<T, const LIMIT: usize = BODY_LIMIT>(pub(crate) T);

impl<T: DeserializeOwned, const LIMIT: usize> FromRequest<Shared> for Json<T, LIMIT> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Failure> {
        check_type(request.headers())?;
        let bytes = read(request, LIMIT, app.limits.body_read).await?;
        parse(&bytes).map(Self)
    }
}

impl<T: Serialize, const LIMIT: usize> IntoResponse for Json<T, LIMIT> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// `application/json`, in UTF-8 and not compressed, once.
fn check_type(headers: &HeaderMap) -> Result<(), Failure> {
    let wrong = Failure::new(ProblemCode::NotJson);
    if headers.contains_key(CONTENT_ENCODING) {
        return Err(wrong.closing());
    }
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(first), None) = (types.next(), types.next()) else { return Err(wrong) };
    let Ok(first) = first.to_str() else { return Err(wrong) };
    let mut parts = first.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let utf_8 = |parameter: &str| {
        let parameter = parameter.to_ascii_lowercase();
        matches!(parameter.as_str(), "charset=utf-8" | "charset=\"utf-8\"")
    };
    if json && parts.all(utf_8) { Ok(()) } else { Err(wrong) }
}

async fn read(request: Request<Body>, limit: usize, within: std::time::Duration) -> Result<Vec<u8>, Failure> {
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(Failure::new(ProblemCode::TooLarge).closing());
    }
    let body = Limited::new(request.into_body(), limit).collect();
    match tokio::time::timeout(within, body).await {
        Err(_) => Err(Failure::new(ProblemCode::TooSlow).closing()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(Failure::new(ProblemCode::TooLarge).closing())
        }
        Ok(Err(_)) => Err(Failure::new(ProblemCode::Malformed).closing()),
        Ok(Ok(body)) => Ok(body.to_bytes().to_vec()),
    }
}

/// Reads `bytes` as a `T`.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    let malformed = || Failure::new(ProblemCode::Malformed);
    let text = std::str::from_utf8(bytes).map_err(|_| malformed())?;
    let nul = names_nul(text);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize::<_, T>(&mut deserializer);
    match value {
        Err(error) if error.inner().is_data() => Err(match nul.then(|| pointer_to_nul(text)).flatten() {
            Some(pointer) => Failure::field(pointer, FaultCode::NulNotAllowed),
            None => Failure::fields(vec![fault(error.path(), &error.inner().to_string())]),
        }),
        Err(_) => Err(malformed()),
        Ok(value) => {
            deserializer.end().map_err(|_| malformed())?;
            // serde takes a list for a struct, field by field in their order; no client of ours means that.
            if text.trim_start().starts_with('[') {
                return Err(Failure::field("", FaultCode::InvalidValue));
            }
            match nul.then(|| pointer_to_nul(text)).flatten() {
                Some(pointer) => Err(Failure::field(pointer, FaultCode::NulNotAllowed)),
                None => Ok(value),
            }
        }
    }
}

/// The pointer and the code of a value that is JSON but not what was asked for. serde tells them in words only.
fn fault(path: &Path, words: &str) -> Fault {
    let named = |start: &str| Some(words.strip_prefix(start)?.split_once('`')?.0.to_owned());
    let mut pointer = pointer(path);
    let mut within = |field: String| {
        let step = step(&field);
        if !pointer.ends_with(&step) {
            pointer.push_str(&step);
        }
    };
    let code = if let Some(field) = named("unknown field `") {
        within(field);
        FaultCode::UnknownField
    } else if let Some(field) = named("missing field `") {
        within(field);
        FaultCode::Required
    } else {
        if let Some(field) = named("duplicate field `") {
            within(field);
        }
        FaultCode::InvalidValue
    };
    Fault::new(pointer, code)
}

fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&step(&index.to_string())),
            Segment::Map { key } => pointer.push_str(&step(key)),
            Segment::Enum { variant } => pointer.push_str(&step(variant)),
            Segment::Unknown => {}
        }
    }
    pointer
}

/// One step of a JSON pointer (RFC 6901), cut where a hostile key is long.
fn step(key: &str) -> String {
    let key: String = key.chars().take(64).collect();
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Whether a string of this JSON has U+0000 in it, which JSON can only write as an escape.
fn names_nul(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let escape = &rest[at + 1..];
        if escape.starts_with("u0000") {
            return true;
        }
        // An escaped backslash is stepped over, so that `\\u0000` is the six characters it says.
        let mut after = escape.chars();
        after.next();
        rest = after.as_str();
    }
    false
}

/// Where the first U+0000 is.
fn pointer_to_nul(text: &str) -> Option<String> {
    fn find(value: &Value, at: &str) -> Option<String> {
        match value {
            Value::String(text) => text.contains('\0').then(|| at.to_owned()),
            Value::Array(items) => {
                items.iter().enumerate().find_map(|(index, item)| find(item, &format!("{at}/{index}")))
            }
            Value::Object(fields) => fields.iter().find_map(|(key, value)| {
                if key.contains('\0') {
                    Some(at.to_owned())
                } else {
                    find(value, &format!("{at}{}", step(key)))
                }
            }),
            _ => None,
        }
    }
    find(&serde_json::from_str(text).ok()?, "")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::domain::code::Channel;
    use crate::wire::problem::Problem;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Body {
        channel: Channel,
        #[serde(default)]
        tags: Vec<String>,
        #[serde(default)]
        inner: Inner,
        #[serde(default)]
        count: u32,
    }

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields, default)]
    struct Inner {
        detail: String,
        #[serde(rename = "a/b")]
        slashed: u8,
    }

    fn told(body: &[u8]) -> String {
        match parse::<Body>(body) {
            Ok(body) => format!("{body:?}"),
            Err(failure) => {
                let Problem { status, errors, .. } = failure.problem("");
                errors.iter().fold(status.to_string(), |told, e| format!("{told} {} {}", e.pointer, e.code))
            }
        }
    }

    #[test]
    fn each_way_of_being_wrong_is_told_apart() {
        for (body, expected) in [
            (&br#"{"channel":"phone","colour":1}"#[..], "422 /colour unknown_field"),
            (br#"{"channel":"phone","inner":{"role":"admin"}}"#, "422 /inner/role unknown_field"),
            (b"{}", "422 /channel required"),
            (br#"{"channel":"pigeon"}"#, "422 /channel invalid_value"),
            (br#"{"channel":"phone","channel":"web"}"#, "422 /channel invalid_value"),
            (br#"{"channel":"phone","tags":["a",7]}"#, "422 /tags/1 invalid_value"),
            (br#"{"channel":"phone","inner":{"a/b":"x"}}"#, "422 /inner/a~1b invalid_value"),
            (br#"{"channel":"phone","count":1.0}"#, "422 /count invalid_value"),
            (br#"{"channel":"phone","count":99999999999999999999}"#, "422 /count invalid_value"),
            (br#"{"channel":"phone","count":-0}"#, "422 /count invalid_value"),
            (br#"{"channel":"phone","count":1e400}"#, "400"),
            (br#"{"channel":"phone","count":NaN}"#, "400"),
            (br#"{"channel":"phone","tags":["a\u0000b"]}"#, "422 /tags/0 nul_not_allowed"),
            (br#"{"channel":"pho\u0000ne"}"#, "422 /channel nul_not_allowed"),
            (br#"{"channel":"phone","tags":["\ud800"]}"#, "400"),
            (b"{\"channel\":\"phone\",\"tags\":[\"\x07\"]}", "400"),
            (b"\xef\xbb\xbf{\"channel\":\"phone\"}", "400"),
            (b"{\"channel\":\"phone\"} x", "400"),
            (b"{\"channel\":\"\xff\xfe\"}", "400"),
            (b"{\"channel\":\"\xc0\xaf\"}", "400"),
            (b"", "400"),
            (b"[]", "422  invalid_value"),
            (br#" ["phone",[],{},1]"#, "422  invalid_value"),
        ] {
            assert_eq!(told(body), expected, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn an_escaped_backslash_is_no_nul() {
        let body: Body = parse(br#"{"channel":"phone","tags":["\\u0000","\\\\u0000"]}"#).unwrap();
        assert_eq!(body.tags, [r"\u0000", r"\\u0000"]);
    }

    #[test]
    fn nesting_without_end_is_refused() {
        let deep = format!(r#"{{"channel":"phone","inner":{}"#, r#"{"detail":"#.repeat(100_000));
        assert_eq!(told(deep.as_bytes()), "422 /inner/detail invalid_value");
        assert_eq!(told("[".repeat(100_000).as_bytes()), "400");
    }

    #[test]
    fn only_plain_json_is_taken() {
        let of = |content_type: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
            check_type(&headers).is_ok()
        };
        for taken in ["application/json", "Application/JSON", "application/json; charset=UTF-8"] {
            assert!(of(taken), "{taken}");
        }
        for refused in [
            "text/plain",
            "application/json; charset=gbk",
            "application/jsonp",
            "multipart/form-data",
            "application/problem+json",
            "",
        ] {
            assert!(!of(refused), "{refused}");
        }
        let mut twice = HeaderMap::new();
        twice.append(CONTENT_TYPE, "application/json".parse().unwrap());
        assert!(check_type(&twice).is_ok());
        twice.append(CONTENT_TYPE, "application/json".parse().unwrap());
        assert!(check_type(&twice).is_err());
        let mut compressed = HeaderMap::new();
        compressed.append(CONTENT_TYPE, "application/json".parse().unwrap());
        compressed.append(CONTENT_ENCODING, "gzip".parse().unwrap());
        assert!(check_type(&compressed).is_err());
        assert!(check_type(&HeaderMap::new()).is_err());
    }
}

//! `Huiyin-Format`: which shape a filing or an act has (`wire/format.rs`).

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::{IntoParams, PartialSchema};

use super::problem::Failure;
use crate::domain::check::FaultCode;
use crate::wire::format::{CURRENT, FORMAT, PREVIOUS};
use crate::wire::problem::ProblemCode;
use crate::wire::sent::SentBody;

/// A format that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// What desks sent before formats had numbers.
    Previous,
    /// What this version sends.
    Current,
}

impl Format {
    /// What was sent along, which only the current format may: 422 otherwise.
    pub(crate) fn sent(self, sent: Option<SentBody>) -> Result<SentBody, Failure> {
        if self == Self::Previous && sent.is_some() {
            return Err(Failure::field("/sent", FaultCode::UnknownField));
        }
        Ok(sent.unwrap_or_default())
    }
}

/// Its words in the description, where a route takes one.
impl IntoParams for Format {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let described = ParameterBuilder::new()
            .name("Huiyin-Format")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("2; 1 where absent. 426 for any other"))
            .schema(Some(u32::schema()));
        vec![described.build()]
    }
}

impl<S: Sync> FromRequestParts<S> for Format {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        of(&parts.headers)
    }
}

/// 426 for a format that is too new or too old, 400 for what is no number of one.
fn of(headers: &HeaderMap) -> Result<Format, Failure> {
    let mut named = headers.get_all(FORMAT).iter();
    let Some(name) = named.next() else { return Ok(Format::Previous) };
    let number = name.to_str().ok().and_then(|name| name.parse::<u32>().ok());
    match number.filter(|_| named.next().is_none()).ok_or(Failure::malformed())? {
        CURRENT => Ok(Format::Current),
        PREVIOUS => Ok(Format::Previous),
        _ => Err(Failure::new(ProblemCode::UpdateNeeded)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_formats_are_taken() {
        let taken = |names: &[&str]| {
            let mut headers = HeaderMap::new();
            for name in names {
                headers.append(FORMAT, name.parse().unwrap());
            }
            of(&headers).map_err(|failure| failure.status().as_u16())
        };
        assert_eq!(taken(&[]), Ok(Format::Previous));
        assert_eq!(taken(&["1"]), Ok(Format::Previous));
        assert_eq!(taken(&["2"]), Ok(Format::Current));
        for unknown in ["0", "3", "4294967295"] {
            assert_eq!(taken(&[unknown]), Err(426), "{unknown}");
        }
        for none in ["", "two", "-1", "1.0", "4294967296"] {
            assert_eq!(taken(&[none]), Err(400), "{none}");
        }
        assert_eq!(taken(&["2", "2"]), Err(400));
    }
}

//! Cases: file, read, change, act.

use reqwest::header::{CONTENT_TYPE, IF_MATCH};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Map, Value};

use super::{Client, ClientError};
use crate::domain::act::{Act, Verb};
use crate::domain::id::{CaseId, EventId};
use crate::domain::number::CaseNumber;
use crate::wire::act::body_of;
use crate::wire::case::{Batch, BatchResults, CallerBody, CaseView, NewCase, SentCase, Timeline};
use crate::wire::format::{CURRENT, FORMAT};
use crate::wire::sent::SentBody;

/// A case that was filed.
#[derive(Debug, Clone)]
pub struct Filed {
    /// The case as the server keeps it.
    pub case: CaseView,
    /// False if the same request had been taken before.
    pub created: bool,
}

impl Client {
    /// `PUT /v1/cases/{id}`: files a case that was taken just now; safe to repeat.
    pub async fn file_case(&self, id: CaseId, case: &NewCase) -> Result<Filed, ClientError> {
        self.send_case(id, case, SentBody::default()).await
    }

    /// The same for a case that may have waited, with what the desk knows of the time by now.
    pub async fn send_case(&self, id: CaseId, case: &NewCase, sent: SentBody) -> Result<Filed, ClientError> {
        let body = SentCase::new(case.clone(), sent);
        let request = self.request(Method::PUT, &["cases", &id.to_string()]).header(FORMAT, CURRENT);
        let answer = self.send(request.json(&body)).await?;
        Ok(Filed { case: answer.json()?, created: answer.status == StatusCode::CREATED })
    }

    /// `PUT /v1/cases/{id}` with a body written earlier, in `format`, and with what the desk knows of the time by now;
    /// safe to repeat.
    pub async fn file_as(
        &self,
        id: CaseId,
        format: u32,
        body: &str,
        sent: SentBody,
    ) -> Result<CaseView, ClientError> {
        let request = self.request(Method::PUT, &["cases", &id.to_string()]);
        self.send(written(request, format, body, sent)?).await?.json()
    }

    /// `POST /v1/cases/batch`: files up to 200 cases, each by itself; safe to repeat.
    pub async fn file_batch(&self, batch: &Batch) -> Result<BatchResults, ClientError> {
        let request = self.request(Method::POST, &["cases", "batch"]).header(FORMAT, CURRENT);
        self.send(request.json(batch)).await?.json()
    }

    /// `GET /v1/cases/{id}`.
    pub async fn case(&self, id: CaseId) -> Result<CaseView, ClientError> {
        self.get(&["cases", &id.to_string()]).await
    }

    /// `GET /v1/cases/by-number/{number}`.
    pub async fn case_by_number(&self, number: &CaseNumber) -> Result<CaseView, ClientError> {
        self.get(&["cases", "by-number", number.as_str()]).await
    }

    /// `GET /v1/cases/{id}/events`.
    pub async fn timeline(&self, id: CaseId) -> Result<Timeline, ClientError> {
        self.get(&["cases", &id.to_string(), "events"]).await
    }

    /// `POST /v1/cases/{id}/caller`: who called, in full; the sight is recorded.
    pub async fn reveal_caller(&self, id: CaseId) -> Result<CallerBody, ClientError> {
        self.post(&["cases", &id.to_string(), "caller"], &serde_json::json!({})).await
    }

    /// The same for an act, on the case as it was at `version`.
    pub async fn act_as(
        &self,
        (id, version): (CaseId, u32),
        verb: Verb,
        format: u32,
        body: &str,
        sent: SentBody,
    ) -> Result<CaseView, ClientError> {
        let request = self.verb(id, verb).header(IF_MATCH, format!("\"{version}\""));
        self.send(written(request, format, body, sent)?).await?.json()
    }

    /// `PATCH /v1/cases/{id}` for an amendment, `POST /v1/cases/{id}/{verb}` for any other act, on the case as
    /// it was at `version`; safe to repeat with the same `event_id`.
    pub async fn act(
        &self,
        id: CaseId,
        version: u32,
        event_id: EventId,
        act: Act,
    ) -> Result<CaseView, ClientError> {
        self.send_act(id, version, event_id, act, SentBody::default()).await
    }

    /// The same for an act that may have waited, with what the desk knows of the time by now.
    pub async fn send_act(
        &self,
        id: CaseId,
        version: u32,
        event_id: EventId,
        act: Act,
        sent: SentBody,
    ) -> Result<CaseView, ClientError> {
        let sent = (sent != SentBody::default()).then_some(sent);
        let (verb, body) = body_of(act, event_id, sent).map_err(|_| ClientError::NotUnderstood)?;
        let request = self.verb(id, verb).header(IF_MATCH, format!("\"{version}\"")).header(FORMAT, CURRENT);
        self.send(request.json(&body)).await?.json()
    }

    fn verb(&self, id: CaseId, verb: Verb) -> RequestBuilder {
        let id = id.to_string();
        match verb {
            Verb::Amend => self.request(Method::PATCH, &["cases", &id]),
            verb => self.request(Method::POST, &["cases", &id, verb.code()]),
        }
    }
}

/// With a body that was written earlier, and what is known of the time now where its format has room for that.
fn written(
    request: RequestBuilder,
    format: u32,
    body: &str,
    sent: SentBody,
) -> Result<RequestBuilder, ClientError> {
    let request = request.header(FORMAT, format);
    if format < CURRENT {
        return Ok(request.header(CONTENT_TYPE, "application/json").body(body.to_owned()));
    }
    // Only this program has written it, so it is read as it was.
    let mut body: Map<String, Value> = serde_json::from_str(body).map_err(|_| ClientError::NotUnderstood)?;
    let sent = serde_json::to_value(sent).map_err(|_| ClientError::NotUnderstood)?;
    body.insert("sent".to_owned(), sent);
    Ok(request.json(&body))
}

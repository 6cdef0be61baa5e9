//! The formats of filings and acts: bodies of each, as desks of that time sent them, taken for as long as they wait in an
//! outbox somewhere. A golden body is never edited.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::served::{Person, Served, id, new_case, read};

const CASES: [&str; 2] =
    [include_str!("golden/case.format-1.json"), include_str!("golden/case.format-2.json")];
const ACTS: [&str; 2] =
    [include_str!("golden/acts.format-1.json"), include_str!("golden/acts.format-2.json")];

/// Sends a body in a format; none is how format 1 was sent.
async fn sent(
    person: &Person<'_>,
    method: Method,
    path: &str,
    (format, version): (Option<&str>, Option<u64>),
    body: &Value,
) -> (StatusCode, Value) {
    let mut request = person.request(method, path).json(body);
    for (name, value) in [
        ("Huiyin-Format", format.map(str::to_owned)),
        ("If-Match", version.map(|version| format!("\"{version}\""))),
    ] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    let answer = request.send().await.unwrap();
    let status = answer.status();
    (status, read(answer, status).await)
}

#[tokio::test]
async fn both_formats_are_taken_and_are_the_same_case() {
    for first in 0..2 {
        let served = Served::start().await;
        let lead = served.person("lead", &[]).await;
        lead.send(Method::POST, "/v1/stations", &json!({"desk": id(7)}), StatusCode::OK).await;
        let path = format!("/v1/cases/{}", id(1));
        let formats = [None, Some("2")];
        let cases = CASES.map(|case| serde_json::from_str::<Value>(case).unwrap());
        let case = async |at: usize| sent(&lead, Method::PUT, &path, (formats[at], None), &cases[at]).await;
        let (status, filed) = case(first).await;
        assert_eq!((status, filed["number"].as_str()), (StatusCode::CREATED, Some("261123154203000198")));
        // What a desk knew of the time is no part of the case: sent by the other format it is the same one.
        assert_eq!(case(1 - first).await, (StatusCode::OK, filed));

        let acts = ACTS.map(|acts| serde_json::from_str::<Vec<(String, String, Value)>>(acts).unwrap());
        for (version, (one, other)) in (1..).zip(acts[first].iter().zip(&acts[1 - first])) {
            let act = async |(method, verb, body): &(String, String, Value), format| {
                let (method, path) = (method.parse().unwrap(), format!("{path}{verb}"));
                sent(&lead, method, &path, (format, Some(version)), body).await
            };
            let (status, done) = act(one, formats[first]).await;
            assert_eq!((status, done["version"].as_u64()), (StatusCode::OK, Some(version + 1)), "{done}");
            assert_eq!(act(other, formats[1 - first]).await, (StatusCode::OK, done));
        }
        let timeline = lead.get(&format!("{path}/events")).await;
        assert_eq!(timeline["events"].as_array().unwrap().len(), 1 + acts[0].len());
    }
}

#[tokio::test]
async fn another_format_asks_for_another_program() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let path = format!("/v1/cases/{}", id(1));
    let batch = json!({"cases": []});
    let note = json!({"event_id": id(2), "text": "?"});
    for format in ["0", "3", "70000"] {
        for (method, path, body) in [
            (Method::PUT, &*path, &new_case("停水")),
            (Method::POST, "/v1/cases/batch", &batch),
            (Method::POST, &*format!("{path}/note"), &note),
        ] {
            let (status, problem) = sent(&agent, method, path, (Some(format), Some(1)), body).await;
            assert_eq!((status.as_u16(), problem["code"].as_str()), (426, Some("update_needed")), "{format}");
        }
    }
    // What only the current format has is unknown to the one before.
    let mut case = new_case("停水");
    case["sent"] = json!({});
    let (status, problem) = sent(&agent, Method::PUT, &path, (None, None), &case).await;
    assert_eq!((status.as_u16(), &problem["errors"][0]["pointer"]), (422, &json!("/sent")));
    let (status, _) = sent(&agent, Method::PUT, &path, (Some("two"), None), &case).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, _) = sent(&agent, Method::PUT, &path, (Some("2"), None), &case).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[tokio::test]
async fn an_act_that_waited_says_so_in_the_audit_trail() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    agent.send(Method::PUT, &format!("/v1/cases/{}", id(1)), &new_case("停水"), StatusCode::CREATED).await;
    for (n, age, detail) in [(2, 59, ""), (3, 7200, "waited 7200 s")] {
        let body = json!({"event_id": id(n), "text": "已回电", "sent": {"age_seconds": age}});
        let path = format!("/v1/cases/{}/note", id(1));
        let (status, _) = sent(&agent, Method::POST, &path, (Some("2"), Some(u64::from(n) - 1)), &body).await;
        assert_eq!(status, StatusCode::OK);
        let about = huiyin::store::audit::About::Everything;
        let last = served.store.read_here(|tx| huiyin::store::audit::page(tx, about, None, 1)).unwrap();
        assert_eq!((last[0].action.as_str(), last[0].detail.as_str()), ("case.note", detail));
    }
}

//! Bad input over HTTP: each row is what somebody or something may send, and the answer it must get. Never a failure
//! of the server, never a silent change. What cannot be said through an HTTP client is in `raw_http`.

use std::sync::Arc;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::served::{PASSWORD, Person, Served, id, new_case, read};

/// Sends `body` as it is and gives the status and the code of the problem.
async fn sent(person: &Person<'_>, method: Method, path: &str, body: Vec<u8>) -> (u16, String) {
    let request = person.request(method, path).header("Content-Type", "application/json");
    let answer = request.body(body).send().await.unwrap();
    let status = answer.status().as_u16();
    let problem: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default();
    let field = problem["errors"][0]["code"].as_str().unwrap_or_default();
    let code = problem["code"].as_str().unwrap_or_default();
    (status, if field.is_empty() { code.to_owned() } else { format!("{code} {field}") })
}

#[tokio::test]
async fn a_body_that_is_no_json_or_not_the_right_one_is_refused() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let good = new_case("正文").to_string();
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replacen(from, to, 1).into_bytes()
    };
    let raw = |bytes: &[u8]| {
        let at = good.find("正文").unwrap();
        [&good.as_bytes()[..at], bytes, &good.as_bytes()["正文".len() + at..]].concat()
    };
    for (what, body, status, code) in [
        ("invalid UTF-8", raw(b"\xff\xfe"), 400, "malformed"),
        ("an overlong slash", raw(b"\xc0\xaf"), 400, "malformed"),
        ("a NUL, escaped", raw(b"\\u0000"), 422, "invalid nul_not_allowed"),
        ("a lone surrogate", raw(b"\\ud800"), 400, "malformed"),
        ("a raw control character", raw(b"\x01"), 400, "malformed"),
        ("a byte order mark", [b"\xef\xbb\xbf", good.as_bytes()].concat(), 400, "malformed"),
        ("text behind the end", [good.as_bytes(), b"x"].concat(), 400, "malformed"),
        ("nothing", Vec::new(), 400, "malformed"),
        ("a list", b"[]".to_vec(), 422, "invalid invalid_value"),
        ("nesting without end", vec![b'['; 100_000], 422, "invalid"),
        ("a key twice", with("\"outcome\":", "\"outcome\":\"register\",\"outcome\":"), 422, "invalid"),
        (
            "a role of one's own",
            with("\"outcome\":", "\"role\":\"admin\",\"outcome\":"),
            422,
            "invalid unknown_field",
        ),
        ("a version", with("\"outcome\":", "\"version\":9,\"outcome\":"), 422, "invalid unknown_field"),
        ("a number for a text", with("\"正文\"", "1e400"), 400, "malformed"),
        ("no number", with("\"正文\"", "NaN"), 400, "malformed"),
        ("another number for a text", with("\"正文\"", "-0"), 422, "invalid invalid_value"),
        ("an odd offset", with("2026-11-23T15:42:03+08:00", "2026-11-23T15:42:03+99:30"), 422, "invalid"),
    ] {
        let (got, said) = sent(&agent, Method::PUT, &format!("/v1/cases/{}", id(9)), body).await;
        assert!(got == status && said.starts_with(code), "{what}: {got} {said}");
    }
    assert_eq!(
        agent.send(Method::POST, "/v1/cases/search", &json!({"query": ""}), StatusCode::OK).await["cases"],
        json!([])
    );
}

#[tokio::test]
async fn only_plain_json_is_taken() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let path = format!("/v1/cases/{}", id(9));
    for (name, value) in [
        ("Content-Type", "text/plain"),
        ("Content-Type", "application/json; charset=gbk"),
        ("Content-Type", "multipart/form-data; boundary=x"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Encoding", "gzip"),
        ("Content-Encoding", "identity"),
    ] {
        let mut request = agent.request(Method::PUT, &path).body(new_case("正文").to_string());
        if name == "Content-Encoding" {
            request = request.header("Content-Type", "application/json");
        }
        let answer = request.header(name, value).send().await.unwrap();
        assert_eq!(
            read(answer, StatusCode::UNSUPPORTED_MEDIA_TYPE).await["code"],
            "not_json",
            "{name}: {value}"
        );
    }
}

#[tokio::test]
async fn an_id_is_a_version_7_uuid_in_one_form() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    for (what, bad) in [
        ("nil", "00000000-0000-0000-0000-000000000000".to_owned()),
        ("version 1", "c232ab00-9414-11ec-b3c8-9f6bdeced846".to_owned()),
        ("braces", format!("{{{}}}", id(1))),
        ("no hyphens", id(1).replace('-', "")),
        ("a blank behind", format!("{}%20", id(1))),
        ("a NUL behind", format!("{}%00", id(1))),
    ] {
        for method in [Method::GET, Method::PUT] {
            let body = new_case("正文").to_string().into_bytes();
            let (status, code) = sent(&agent, method, &format!("/v1/cases/{bad}"), body).await;
            assert_eq!((status, &*code), (400, "malformed"), "{what}");
        }
    }
    for number in ["1", "261123154203004200", "%ff", "１２３", &"9".repeat(4000)] {
        let path = format!("/v1/cases/by-number/{number}");
        let status = agent.request(Method::GET, &path).send().await.unwrap().status();
        assert!(status.is_client_error(), "{number}: {status}");
    }
}

#[tokio::test]
async fn whatever_is_searched_for_is_taken_literally() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    for (n, text) in
        ["100%纯净水投诉", "C_盘 与 C盘", "反斜线\\在此", "噪声扰民", "NEAR(施工) AND 噪", "C盘坏了"]
            .iter()
            .enumerate()
    {
        let path = format!("/v1/cases/{}", id(u8::try_from(n).unwrap()));
        let mut case = new_case(text);
        case["intake"]["title"] = json!(text);
        agent.send(Method::PUT, &path, &case, StatusCode::CREATED).await;
    }
    let search = async |query: &str| {
        let request =
            agent.request(Method::POST, "/v1/cases/search").json(&json!({"query": query, "limit": 100}));
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let page: Value = answer.json().await.unwrap();
        (status.as_u16(), page["cases"].as_array().map_or(0, Vec::len))
    };
    // One and two characters are found, and nothing is a wildcard.
    for (query, hits) in
        [("噪", 2), ("噪声", 1), ("扰民", 1), ("民", 1), ("100%", 1), ("\"反斜线\\\"", 1), ("坏", 1)]
    {
        assert_eq!(search(query).await, (200, hits), "{query}");
    }
    for query in
        ["'; drop table cases;--", "{{7*7}}", "${jndi:ldap://x}", "噪* 民*x", "col:噪", "NEAR(噪 民)"]
    {
        assert_eq!(search(query).await.0, 200, "{query}");
    }
    // Only punctuation has nothing to look for; it must not look like a search that found nothing it should have.
    assert_eq!(search("。，！").await.0, 200);
    for (what, query) in [
        ("a NUL", "噪\0".to_owned()),
        ("201 characters", "噪".repeat(201)),
        ("nine words", "一 二 三 四 五 六 七 八 九".to_owned()),
        ("20,000 words", "a OR ".repeat(20_000)),
    ] {
        assert_eq!(search(&query).await.0, 422, "{what}");
    }
}

#[tokio::test]
async fn a_change_names_the_version_it_was_made_from() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    agent.send(Method::PUT, &format!("/v1/cases/{}", id(1)), &new_case("正文"), StatusCode::CREATED).await;
    let long = format!("\"{}\"", "9".repeat(20_000));
    for (given, status) in [
        (None, 428),
        (Some("*"), 428),
        (Some("1"), 428),
        (Some("\"1\", \"2\""), 428),
        (Some("W/\"1\""), 412),
        (Some("\"7\""), 412),
        (Some("\"99999999999999999999\""), 412),
        (Some(&*long), 431),
    ] {
        let body = json!({"event_id": id(200), "text": "备注"});
        let mut request = agent.request(Method::POST, &format!("/v1/cases/{}/note", id(1))).json(&body);
        if let Some(given) = given {
            request = request.header("If-Match", given);
        }
        let got = request.send().await.unwrap().status().as_u16();
        assert_eq!(got, status, "{:?}", given.map(|given| &given[..given.len().min(30)]));
    }
    assert_eq!(agent.get(&format!("/v1/cases/{}", id(1))).await["version"], 1);
}

#[tokio::test]
async fn a_thousand_equal_creates_make_one_case() {
    let served = Arc::new(Served::start().await);
    let token = served.person("agent", &[]).await.token;
    let at_once = Arc::new(Semaphore::new(100));
    let mut all = JoinSet::new();
    for _ in 0..1000 {
        let (served, token, at_once) = (Arc::clone(&served), token.clone(), Arc::clone(&at_once));
        all.spawn(async move {
            let _one = at_once.acquire().await.unwrap();
            let request = served.request(Method::PUT, &format!("/v1/cases/{}", id(1))).bearer_auth(token);
            request.json(&new_case("水管漏水")).send().await.unwrap().status().as_u16()
        });
    }
    let mut answers = all.join_all().await;
    answers.sort_unstable();
    assert_eq!((answers[999], answers.iter().filter(|status| **status == 200).count()), (201, 999));
    let agent = served.sign_in("agent").await;
    let all = agent.send(Method::POST, "/v1/cases/search", &json!({"query": ""}), StatusCode::OK).await;
    assert_eq!(all["cases"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_only() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    for n in 0..3 {
        agent
            .send(Method::PUT, &format!("/v1/cases/{}", id(n)), &new_case("水管漏水"), StatusCode::CREATED)
            .await;
    }
    let first = json!({"query": "漏水", "limit": 1});
    let page = agent.send(Method::POST, "/v1/cases/search", &first, StatusCode::OK).await;
    let next = page["next"].as_str().unwrap().to_owned();
    let mut forged = next.clone();
    forged.replace_range(..1, if next.starts_with('A') { "B" } else { "A" });
    for cursor in [
        forged,
        "0".to_owned(),
        "-1".to_owned(),
        "../../etc".to_owned(),
        "\u{202e}".to_owned(),
        "9".repeat(3000),
    ] {
        let body = json!({"query": "漏水", "limit": 1, "cursor": cursor});
        let answer = agent.request(Method::POST, "/v1/cases/search").json(&body).send().await.unwrap();
        let status = answer.status().as_u16();
        assert!([400, 422].contains(&status), "{cursor:.30}: {status}");
    }
}

#[tokio::test]
async fn only_one_whole_token_opens() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let right = format!("Bearer {}", agent.token);
    for lines in [
        vec![right.clone(), right.clone()],
        vec!["Bearer none".to_owned(), right.clone()],
        vec![format!("{right}, {right}")],
        vec![format!("{right}x")],
        vec![format!("Bearer {}", "a".repeat(12_000))],
        vec![format!("Basic {}", agent.token)],
    ] {
        let mut request = served.request(Method::GET, "/v1/work");
        for line in &lines {
            request = request.header("Authorization", line);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{:.40}", lines.join(" | "));
        assert!(!answer.text().await.unwrap().contains(&agent.token), "the token is echoed");
    }
    read(agent.request(Method::DELETE, "/v1/sessions/current").send().await.unwrap(), StatusCode::NO_CONTENT)
        .await;
    read(agent.request(Method::GET, "/v1/work").send().await.unwrap(), StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn a_password_is_bounded_before_it_is_hashed_and_has_one_spelling() {
    let served = Served::start().await;
    let sign_in = async |password: String| {
        let request = served.request(Method::POST, "/v1/sessions");
        request.json(&json!({"name": "admin", "password": password})).send().await.unwrap().status().as_u16()
    };
    assert_eq!(sign_in("x".repeat(200_000)).await, 422);
    assert_eq!(sign_in("x".repeat(129)).await, 422);
    // 1 MB is refused as a body.
    assert_eq!(sign_in("x".repeat(1_000_000)).await, 413);
    for wrong in ["", &format!("{PASSWORD} "), &PASSWORD.to_lowercase(), "🔑🔑🔑🔑🔑🔑🔑🔑", "\u{202e}"]
    {
        assert!([401, 422].contains(&sign_in(wrong.to_owned()).await), "{wrong:?}");
    }
    assert_eq!(sign_in(PASSWORD.to_owned()).await, 201);
}

/// Text of every bad kind, in every field: then every view of it must open.
#[tokio::test]
async fn what_was_taken_in_can_be_read_everywhere() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let nasty = "\u{1b}]52;c;x\u{7}\u{9b}2J\u{202e}\u{200b}\u{e000}👨\u{200d}👩e\u{301}\"}\n{\"level\":\"error\"} =cmd|'/c'!A1";
    for n in 0..3 {
        let mut case = new_case(nasty);
        for field in ["title", "target", "remark"] {
            case["intake"][field] = json!(nasty);
        }
        case["intake"]["caller"]["name"] = json!(nasty);
        case["intake"]["place"]["detail"] = json!(nasty);
        agent.send(Method::PUT, &format!("/v1/cases/{}", id(n)), &case, StatusCode::CREATED).await;
    }
    let note = json!({"event_id": id(100), "text": nasty});
    agent.act(&id(0), 1, "note", &note, StatusCode::OK).await;
    let case = agent.get(&format!("/v1/cases/{}", id(0))).await;
    assert_eq!((case["title"].as_str(), case["text"].as_str()), (Some(nasty), Some(nasty)));
    assert_eq!(agent.get(&format!("/v1/cases/{}/events", id(0))).await["events"][1]["text"], nasty);
    let caller =
        agent.send(Method::POST, &format!("/v1/cases/{}/caller", id(0)), &json!({}), StatusCode::OK).await;
    assert_eq!(caller["name"], nasty);
    for (path, body) in [
        ("/v1/cases/search", json!({"query": "level"})),
        ("/v1/cases/like", json!({"text": nasty, "detail": nasty})),
        ("/v1/callers/history", json!({"number": "13800138000"})),
    ] {
        let page = agent.send(Method::POST, path, &body, StatusCode::OK).await;
        assert_eq!(page["cases"].as_array().unwrap().len(), 3, "{path}");
    }
    assert_eq!(agent.get("/v1/work").await["open"].as_array().unwrap().len(), 3);
}

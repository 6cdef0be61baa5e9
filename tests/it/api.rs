//! The API from outside: what each role may, what is told apart, what is done once.

use huiyin::domain::number::CaseNumber;
use huiyin::store::audit;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::served::{PASSWORD, SETUP, Served, id, new_case, read};

#[tokio::test]
async fn a_case_is_filed_read_dispatched_and_answered_for() {
    let served = Served::start().await;
    let department = huiyin::profile::Profile::demonstration().departments()[0].code.to_string();
    let agent = served.person("agent", &[]).await;
    let handler = served.person("handler", &[&department]).await;
    let path = format!("/v1/cases/{}", id(1));

    let filed = agent.send(Method::PUT, &path, &new_case("路灯三天不亮了"), StatusCode::CREATED).await;
    assert_eq!((filed["version"].as_u64(), filed["state"].as_str()), (Some(1), Some("registered")));
    assert_eq!(filed["caller"]["number"], "138****8000");
    assert_eq!(agent.get(&path).await, filed);
    assert_eq!(agent.get(&format!("/v1/cases/by-number/{}", filed["number"].as_str().unwrap())).await, filed);
    let caller = agent.send(Method::POST, &format!("{path}/caller"), &json!({}), StatusCode::OK).await;
    assert_eq!((caller["name"].as_str(), caller["number"].as_str()), (Some("周小满"), Some("13800138000")));

    let refused = handler.request(Method::GET, &path).send().await.unwrap();
    read(refused, StatusCode::NOT_FOUND).await;
    let order = json!({"event_id": id(2), "order": {"lead": department, "opinion": "请核实"}});
    let sent = agent.act(&id(1), 1, "dispatch", &order, StatusCode::OK).await;
    assert_eq!((sent["version"].as_u64(), sent["state"].as_str()), (Some(2), Some("dispatched")));
    let sign = json!({"event_id": id(3), "department": department});
    let signed = handler.act(&id(1), 2, "sign", &sign, StatusCode::OK).await;
    assert_eq!(signed["state"], "in_progress");
    // The same act again is the same act, whatever version it names.
    assert_eq!(handler.act(&id(1), 2, "sign", &sign, StatusCode::OK).await, signed);

    let stale = json!({"event_id": id(4), "reason": "重复"});
    let problem = agent
        .act(&id(1), 2, "close", &json!({"event_id": id(4), "result": "好"}), StatusCode::PRECONDITION_FAILED)
        .await;
    assert_eq!((problem["code"].as_str(), problem["version"].as_u64()), (Some("stale"), Some(3)));
    agent.act(&id(1), 3, "void", &stale, StatusCode::FORBIDDEN).await;
    let timeline = agent.get(&format!("{path}/events")).await;
    let events: Vec<_> =
        timeline["events"].as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["registered", "dispatched", "signed"]);
}

#[tokio::test]
async fn a_case_is_filed_once_for_ever() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let admin = served.sign_in("admin").await;
    let path = format!("/v1/cases/{}", id(1));
    let first = agent.send(Method::PUT, &path, &new_case("水管漏水"), StatusCode::CREATED).await;
    served.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(agent.send(Method::PUT, &path, &new_case("水管漏水"), StatusCode::OK).await, first);
    agent.send(Method::PUT, &path, &new_case("水管不漏"), StatusCode::CONFLICT).await;
    admin.send(Method::PUT, &path, &new_case("水管漏水"), StatusCode::NOT_FOUND).await;
}

#[tokio::test]
async fn ten_failures_make_an_account_wait_and_no_longer() {
    let served = Served::start().await;
    let attempt = |password: &'static str| {
        let body = json!({"name": "admin", "password": password});
        served.request(Method::POST, "/v1/sessions").json(&body).send()
    };
    for _ in 0..10 {
        assert_eq!(attempt("not the password").await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }
    let waits = attempt(PASSWORD).await.unwrap();
    assert_eq!(
        (waits.status(), waits.headers()["retry-after"].as_bytes()),
        (StatusCode::TOO_MANY_REQUESTS, &b"30"[..])
    );
    served.clock.advance(std::time::Duration::from_secs(30));
    assert_eq!(attempt(PASSWORD).await.unwrap().status(), StatusCode::CREATED);
    assert_eq!(attempt("not the password").await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_after_a_shift() {
    let served = Served::start().await;
    let minutes = |n: u64| served.clock.advance(std::time::Duration::from_secs(n * 60));
    let admin = served.sign_in("admin").await;
    let path = "/v1/sessions/current";
    for _ in 0..24 {
        minutes(29);
        admin.get(path).await;
    }
    minutes(29);
    read(admin.request(Method::GET, path).send().await.unwrap(), StatusCode::UNAUTHORIZED).await;

    let admin = served.sign_in("admin").await;
    minutes(30);
    let problem =
        read(admin.request(Method::GET, path).send().await.unwrap(), StatusCode::UNAUTHORIZED).await;
    assert_eq!(problem["code"], "sign_in_needed");
}

#[tokio::test]
async fn a_change_to_an_account_ends_its_sessions_at_once() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let admin = served.sign_in("admin").await;
    admin.send(Method::PATCH, "/v1/accounts/agent", &json!({"disabled": true}), StatusCode::OK).await;
    read(agent.request(Method::GET, "/v1/work").send().await.unwrap(), StatusCode::UNAUTHORIZED).await;
    let body = json!({"name": "agent", "password": PASSWORD});
    let refused = served.request(Method::POST, "/v1/sessions").json(&body).send().await.unwrap();
    assert_eq!(read(refused, StatusCode::UNAUTHORIZED).await["code"], "wrong_password");
    // Somebody has to be left who can let others in.
    for change in [json!({"disabled": true}), json!({"role": "agent"})] {
        admin.send(Method::PATCH, "/v1/accounts/admin", &change, StatusCode::CONFLICT).await;
    }
    assert_eq!(admin.get("/v1/sessions/current").await["role"], "admin");
}

#[tokio::test]
async fn the_first_account_is_made_once_and_by_the_secret() {
    let served = Served::empty(huiyin::server::Limits::default()).await;
    let account = json!({"name": "chen", "password": PASSWORD, "role": "admin"});
    let attempt = |secret: &'static str| {
        served
            .request(Method::POST, "/v1/accounts/first")
            .header("Huiyin-Setup", secret)
            .json(&account)
            .send()
    };
    let setup = || served.request(Method::GET, "/v1/setup").send();
    assert_eq!(read(setup().await.unwrap(), StatusCode::OK).await, json!({"needs_first_account": true}));
    read(attempt("guess").await.unwrap(), StatusCode::FORBIDDEN).await;
    read(attempt(SETUP).await.unwrap(), StatusCode::CREATED).await;
    read(attempt(SETUP).await.unwrap(), StatusCode::FORBIDDEN).await;
    assert_eq!(read(setup().await.unwrap(), StatusCode::OK).await, json!({"needs_first_account": false}));
}

#[tokio::test]
async fn every_sight_of_a_caller_is_recorded_and_says_nothing_of_them() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let path = format!("/v1/cases/{}", id(1));
    agent.send(Method::PUT, &path, &new_case("路灯不亮"), StatusCode::CREATED).await;
    agent.send(Method::POST, &format!("{path}/caller"), &json!({}), StatusCode::OK).await;
    let number = json!({"number": "138 0013 8000"});
    let history = agent.send(Method::POST, "/v1/callers/history", &number, StatusCode::OK).await;
    assert_eq!((history["total"].as_u64(), history["cases"][0]["id"].as_str()), (Some(1), Some(&*id(1))));
    let found =
        agent.send(Method::POST, "/v1/cases/search", &json!({"query": "13800138000"}), StatusCode::OK).await;
    assert_eq!(found["cases"].as_array().unwrap().len(), 1);
    let entries = served.store.read_here(|tx| audit::page(tx, audit::About::Everything, None, 3)).unwrap();
    let actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["caller.search", "caller.history", "caller.reveal"]);
    assert!(entries.iter().all(|entry| entry.actor.as_ref().is_some_and(|name| name.as_str() == "agent")));
    let told = format!("{entries:?}");
    assert!(!told.contains("0013") && !told.contains("周小满"), "{told}");
}

#[tokio::test]
async fn a_department_sees_its_own_cases_and_no_confidential_caller() {
    let served = Served::start().await;
    let codes: Vec<_> = huiyin::profile::Profile::demonstration()
        .departments()
        .iter()
        .map(|d| d.code.to_string())
        .take(2)
        .collect();
    let agent = served.person("agent", &[]).await;
    let handler = served.person("handler", &[&codes[0]]).await;
    for (n, lead, confidential) in [(1, &codes[0], true), (2, &codes[0], false), (3, &codes[1], false)] {
        let mut case = new_case("污水直排河道");
        case["outcome"] = json!({"dispatch": {"lead": lead}});
        case["intake"]["confidential"] = confidential.into();
        agent.send(Method::PUT, &format!("/v1/cases/{}", id(n)), &case, StatusCode::CREATED).await;
    }
    assert_eq!(handler.get(&format!("/v1/cases/{}", id(1))).await.get("caller"), None);
    assert_eq!(handler.get(&format!("/v1/cases/{}", id(2))).await["caller"]["name"], "周**");
    for path in ["", "/events"] {
        let other = handler.request(Method::GET, &format!("/v1/cases/{}{path}", id(3))).send().await.unwrap();
        read(other, StatusCode::NOT_FOUND).await;
    }
    handler.act(&id(3), 2, "note", &json!({"event_id": id(9), "text": "?"}), StatusCode::NOT_FOUND).await;
    for (query, found) in [("污水", 2), ("13800138000", 0), ("周小满", 0)] {
        let page =
            handler.send(Method::POST, "/v1/cases/search", &json!({"query": query}), StatusCode::OK).await;
        assert_eq!(page["cases"].as_array().unwrap().len(), found, "{query}");
    }
}

#[tokio::test]
async fn search_pages_go_on_where_they_ended() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    for n in 1..=5 {
        let path = format!("/v1/cases/{}", id(n));
        agent.send(Method::PUT, &path, &new_case("夜间施工噪声扰民"), StatusCode::CREATED).await;
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut cursor = json!(null);
    for expected in [2, 2, 1] {
        let body = json!({"query": "噪声", "limit": 2, "cursor": cursor});
        let page = agent.send(Method::POST, "/v1/cases/search", &body, StatusCode::OK).await;
        let cases = page["cases"].as_array().unwrap();
        assert_eq!((cases.len(), &cases[0]["excerpt"]), (expected, &json!("夜间施工噪声扰民")));
        seen.extend(cases.iter().map(|case| case["id"].to_string()));
        cursor = page["next"].clone();
    }
    assert_eq!((seen.len(), cursor), (5, json!(null)));
    let forged = json!({"query": "噪声", "cursor": "0000000000000001-0000000000000000"});
    let problem = agent.send(Method::POST, "/v1/cases/search", &forged, StatusCode::BAD_REQUEST).await;
    assert_eq!(problem["code"], "bad_cursor");
    let like = json!({"text": "夜间施工噪声扰民", "except": id(1)});
    let like = agent.send(Method::POST, "/v1/cases/like", &like, StatusCode::OK).await;
    assert!(like["cases"].as_array().unwrap().iter().all(|case| case["id"] != id(1)), "{like}");
    assert_eq!(like["cases"][0]["because"][0], "same_text");
}

#[tokio::test]
async fn a_batch_files_each_case_by_itself() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let mut wrong = new_case("井盖破损");
    wrong["intake"]["matter"] = "no-such".into();
    let item = |n, case: &serde_json::Value| json!({"id": id(n), "case": case});
    let batch = json!({"cases": [item(1, &new_case("一")), item(2, &wrong), item(1, &new_case("一")), item(1, &new_case("二"))]});
    let answer = agent.send(Method::POST, "/v1/cases/batch", &batch, StatusCode::OK).await;
    let results = answer["results"].as_array().unwrap();
    let statuses: Vec<_> = results.iter().map(|result| result["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 422, 200, 409]);
    assert_eq!(
        results[1]["problem"]["errors"][0],
        json!({"pointer": "/intake/matter", "code": "unknown_code"})
    );
    assert_eq!(results[0]["number"], results[2]["number"]);
    let many = json!({"cases": vec![item(1, &new_case("一")); 201]});
    agent.send(Method::POST, "/v1/cases/batch", &many, StatusCode::UNPROCESSABLE_ENTITY).await;
}

#[tokio::test]
async fn a_number_must_be_of_its_time_and_of_ones_own_station() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let lease = agent.send(Method::POST, "/v1/stations", &json!({"desk": id(7)}), StatusCode::OK).await;
    let own = u16::try_from(lease["station"].as_u64().unwrap()).unwrap();
    let number = |time: &str, station: u16| {
        let local: jiff::civil::DateTime = time.parse().unwrap();
        CaseNumber::new(local, station.try_into().unwrap()).to_string()
    };
    let mut case = new_case("路面塌陷");
    for (n, time, station, fault) in [
        (1, "2026-11-23T15:42:03", own + 1, "not_your_station"),
        (2, "2026-11-23T14:42:03", own, "not_of_this_time"),
        (3, "2026-11-24T15:42:03", own, "not_of_this_time"),
    ] {
        case["number"] = number(time, station).into();
        let path = format!("/v1/cases/{}", id(n));
        let problem = agent.send(Method::PUT, &path, &case, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert_eq!(problem["errors"][0], json!({"pointer": "/number", "code": fault}));
    }
    case["number"] = number("2026-11-23T15:42:03", own).into();
    let filed = agent.send(Method::PUT, &format!("/v1/cases/{}", id(4)), &case, StatusCode::CREATED).await;
    assert_eq!(filed["number"], case["number"]);
    let taken = agent.send(Method::PUT, &format!("/v1/cases/{}", id(5)), &case, StatusCode::CONFLICT).await;
    assert_eq!(taken["code"], "number_taken");
    // When the station is somebody else's, what was filed with it is still answered.
    let admin = served.sign_in("admin").await;
    admin.send(Method::POST, "/v1/stations", &json!({"desk": id(7)}), StatusCode::OK).await;
    assert_eq!(agent.send(Method::PUT, &format!("/v1/cases/{}", id(4)), &case, StatusCode::OK).await, filed);
}

#[tokio::test]
async fn whoever_listens_hears_what_happens_and_what_they_missed() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let file = async |n| {
        let path = format!("/v1/cases/{}", id(n));
        agent.send(Method::PUT, &path, &new_case("树枝压线"), StatusCode::CREATED).await;
    };
    let mut live = agent.request(Method::GET, "/v1/events").send().await.unwrap();
    assert_eq!(live.headers()["content-type"], "text/event-stream");
    file(1).await;
    let told = hear(&mut live, "registered").await;
    assert!(told.contains("event: case") && told.contains(&id(1)) && !told.contains("树枝"), "{told}");
    let place = told.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();
    drop(live);
    file(2).await;
    let resumed =
        |place: String| agent.request(Method::GET, "/v1/events").header("Last-Event-ID", place).send();
    let told = hear(&mut resumed(place).await.unwrap(), "registered").await;
    assert!(told.contains(&id(2)) && !told.contains(&id(1)), "{told}");
    for elsewhere in ["999999", "-7000", "a place"] {
        let told = hear(&mut resumed(elsewhere.to_owned()).await.unwrap(), "reload").await;
        assert!(!told.contains("event: case"), "{elsewhere}: {told}");
    }
}

/// Reads a live stream until `word` was told.
async fn hear(live: &mut reqwest::Response, word: &str) -> String {
    let mut told = String::new();
    while !told.contains(word) || !told.ends_with("\n\n") {
        let chunk = tokio::time::timeout(std::time::Duration::from_secs(10), live.chunk()).await;
        let chunk = chunk.unwrap_or_else(|_| panic!("{word} is not told: {told}")).unwrap();
        told.push_str(std::str::from_utf8(&chunk.expect("the stream ended")).unwrap());
    }
    told
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_with_the_server() {
    let beat = std::time::Duration::from_millis(100);
    let limits = huiyin::server::Limits { heartbeat: beat, ..Default::default() };
    let mut served = Served::with(limits).await;
    let agent = served.person("agent", &[]).await;
    let mut live = agent.request(Method::GET, "/v1/events").send().await.unwrap();
    hear(&mut live, "quiet").await;
    let out = agent.request(Method::DELETE, "/v1/sessions/current").send().await.unwrap();
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    while live.chunk().await.unwrap().is_some() {}
    let mut live = served.sign_in("admin").await.request(Method::GET, "/v1/events").send().await.unwrap();
    served.stop().await;
    while live.chunk().await.unwrap().is_some() {}
}

#[tokio::test]
async fn bad_input_is_told_what_is_wrong_with_it() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let long = "长".repeat(20_001);
    let with = |pointer: &str, value: serde_json::Value| {
        let mut case = new_case("正文");
        *case.pointer_mut(pointer).unwrap() = value;
        case.to_string()
    };
    let plus = |key: &str, value: serde_json::Value| {
        let mut case = new_case("正文");
        case["intake"][key] = value;
        case.to_string()
    };
    for (body, pointer, code) in [
        (with("/intake/text", long.into()), "/intake/text", "too_long"),
        (with("/intake/text", "  ".into()), "/intake/text", "required"),
        (with("/intake/text", "a\0b".into()), "/intake/text", "nul_not_allowed"),
        (with("/intake/title", "题".repeat(121).into()), "/intake/title", "too_long"),
        (with("/intake/kind", "war".into()), "/intake/kind", "invalid_value"),
        (with("/intake/caller/number", "138001380".into()), "/intake/caller/number", "invalid_value"),
        (with("/intake/place", json!({"division": "nowhere"})), "/intake/place/division", "unknown_code"),
        (with("/intake/place", json!({"division": "\u{202e}ab"})), "/intake/place/division", "invalid_value"),
        (with("/received_at", "2026-02-30T00:00:00+08:00".into()), "/received_at", "invalid_value"),
        (with("/received_at", "2026-11-23T15:42:03".into()), "/received_at", "invalid_value"),
        (with("/received_at", "9999-12-31T23:59:60Z".into()), "/received_at", "invalid_value"),
        (with("/outcome", json!({"dispatch": {"lead": "nobody"}})), "/outcome/dispatch/lead", "unknown_code"),
        (plus("occurred_at", "2036-11-23T00:00:00Z".into()), "/intake/occurred_at", "in_the_future"),
        (plus("owner_id", 1.into()), "/intake/owner_id", "unknown_field"),
        (plus("tags", json!(vec!["签"; 21])), "/intake/tags", "too_many"),
    ] {
        let request = agent.request(Method::PUT, &format!("/v1/cases/{}", id(1)));
        let answer = request.header("Content-Type", "application/json").body(body).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problem = read(answer, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert_eq!(
            (problem["errors"][0]["pointer"].as_str(), problem["errors"][0]["code"].as_str()),
            (Some(pointer), Some(code))
        );
    }
    for bad_id in
        ["..%2f..%2fetc%2fpasswd", "%1b[2J", "%00", "%ff%fe", &id(1).to_uppercase(), &"a".repeat(3000)]
    {
        let answer = agent.request(Method::GET, &format!("/v1/cases/{bad_id}")).send().await.unwrap();
        assert_eq!(read(answer, StatusCode::BAD_REQUEST).await["code"], "malformed", "{bad_id}");
    }
    for limit in ["0", "-1", "101", "9223372036854775808", "1.5"] {
        let request =
            agent.request(Method::POST, "/v1/cases/search").header("Content-Type", "application/json");
        let answer = request.body(format!("{{\"query\":\"\",\"limit\":{limit}}}")).send().await.unwrap();
        let problem = read(answer, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert_eq!(problem["errors"][0]["pointer"], "/limit", "{limit}");
    }
    for query in [
        "\"",
        "AND",
        "NEAR(",
        "*",
        "-x",
        "col:x",
        "^",
        &"(".repeat(190),
        "%",
        "_",
        "'; drop table cases;--",
        "$1",
        "\u{202e}",
    ] {
        agent.send(Method::POST, "/v1/cases/search", &json!({"query": query}), StatusCode::OK).await;
    }
    read(agent.request(Method::GET, "/v2/nothing").send().await.unwrap(), StatusCode::NOT_FOUND).await;
    let answer = agent.request(Method::PUT, "/v1/work").send().await.unwrap();
    assert_eq!(read(answer, StatusCode::METHOD_NOT_ALLOWED).await["code"], "method_not_allowed");
    let metrics = served.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    assert!(
        metrics.contains(r#"route="/v1/cases/{id}",method="PUT",status="422""#) && !metrics.contains("etc"),
        "{metrics}"
    );
}

#[tokio::test]
async fn the_profile_is_served_once_and_known_by_its_tag() {
    let served = Served::start().await;
    let admin = served.sign_in("admin").await;
    let answer = admin.request(Method::GET, "/v1/profile").send().await.unwrap();
    let tag = answer.headers()["etag"].clone();
    let profile: huiyin::wire::profile::ProfileBody = answer.json().await.unwrap();
    assert!(profile.departments.len() >= 40);
    let again = admin.request(Method::GET, "/v1/profile").header("If-None-Match", tag).send().await.unwrap();
    assert_eq!((again.status(), again.text().await.unwrap()), (StatusCode::NOT_MODIFIED, String::new()));
}

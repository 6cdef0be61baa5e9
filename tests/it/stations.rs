//! Stations over HTTP: no two desks have the same, and a number stands for its desk whoever sends it, however late.

use std::collections::BTreeSet;
use std::time::Duration;

use huiyin::domain::number::CaseNumber;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::served::{Person, Served, id, new_case, read};

/// The station leased to the `n`-th desk.
async fn leased(person: &Person<'_>, n: u8) -> u16 {
    let lease = person.send(Method::POST, "/v1/stations", &json!({"desk": id(n)}), StatusCode::OK).await;
    lease["station"].as_u64().unwrap().try_into().unwrap()
}

fn numbered(station: u16) -> Value {
    let mut case = new_case("路面塌陷");
    let local = "2026-11-23T15:42:03".parse().unwrap();
    case["number"] = CaseNumber::new(local, station.try_into().unwrap()).to_string().into();
    case
}

/// Files case `n` in the current format.
async fn filed(person: &Person<'_>, n: u8, case: &Value, status: StatusCode) -> Value {
    let request = person.request(Method::PUT, &format!("/v1/cases/{}", id(n))).header("Huiyin-Format", 2);
    read(request.json(case).send().await.unwrap(), status).await
}

#[tokio::test]
async fn two_desks_never_share_a_station() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let ask = async || {
        let desks = (1..=60).map(|n| leased(&agent, n));
        futures_util::future::join_all(desks).await
    };
    let first = ask().await;
    assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), 60);
    served.clock.advance(Duration::from_hours(29 * 24));
    // The same again, however often it is asked for.
    let agent = served.sign_in("agent").await;
    let again = futures_util::future::join_all((1..=60).map(|n| leased(&agent, n))).await;
    assert_eq!(again, first);
}

#[tokio::test]
async fn what_waited_beyond_the_lease_is_taken_with_its_number() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let case = numbered(leased(&agent, 7).await);
    served.clock.advance(Duration::from_hours(31 * 24));
    let agent = served.sign_in("agent").await;
    let taken = filed(&agent, 1, &case, StatusCode::CREATED).await;
    assert_eq!((&taken["number"], &taken["late"]), (&case["number"], &json!(true)));
}

#[tokio::test]
async fn what_was_numbered_since_a_backup_is_taken_again_and_the_station_is_kept() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let own = leased(&agent, 7).await;
    let epoch = huiyin::domain::epoch::Epoch::new([5; 16]);
    served.store.write(move |tx| huiyin::store::epoch::begin(tx, epoch)).await.unwrap();
    // Leased behind the backup, so nobody's here.
    let forgotten = own + 1;
    let mut case = numbered(forgotten);
    filed(&agent, 1, &case, StatusCode::UNPROCESSABLE_ENTITY).await;
    case["sent"] = json!({"desk": id(8)});
    let taken = filed(&agent, 1, &case, StatusCode::CREATED).await;
    assert_eq!(taken["number"], case["number"]);
    let mut never = numbered(8000);
    never["sent"] = json!({"desk": id(8)});
    filed(&agent, 2, &never, StatusCode::UNPROCESSABLE_ENTITY).await;
    let again = json!({"desk": id(8), "had": forgotten});
    let lease = agent.send(Method::POST, "/v1/stations", &again, StatusCode::OK).await;
    assert_eq!(lease["station"], forgotten);
}

#[tokio::test]
async fn a_desk_sends_what_the_shift_before_left_under_its_number() {
    let served = Served::start().await;
    let agent = served.person("agent", &[]).await;
    let lead = served.person("lead", &[]).await;
    let mut case = numbered(leased(&agent, 7).await);
    leased(&lead, 7).await;
    let problem = filed(&agent, 1, &case, StatusCode::UNPROCESSABLE_ENTITY).await;
    assert_eq!(problem["errors"][0], json!({"pointer": "/number", "code": "not_your_station"}));
    case["sent"] = json!({"desk": id(8)});
    filed(&agent, 1, &case, StatusCode::UNPROCESSABLE_ENTITY).await;
    case["sent"] = json!({"desk": id(7)});
    filed(&agent, 1, &case, StatusCode::CREATED).await;
}

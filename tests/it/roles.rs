//! Every route for every role: the table of the router against what the server does.

use huiyin::domain::code::Role;
use huiyin::server::{Access, RouteRule, route_rules};
use reqwest::{Method, StatusCode};

use crate::served::{Served, id};

#[tokio::test]
async fn nobody_comes_where_the_table_does_not_say_so() {
    let served = Served::start().await;
    let department = huiyin::profile::Profile::demonstration().departments()[0].code.to_string();
    let mut rules = route_rules();
    assert!(rules.len() > 35, "{}", rules.len());
    // Signing out comes last: it ends the session that all the others use.
    rules.sort_by_key(|rule| rule.method == "DELETE" && rule.path == "/v1/sessions/current");
    for role in Role::ALL {
        let departments: &[&str] = if *role == Role::Handler { &[&department] } else { &[] };
        let person = match role {
            Role::Admin => served.sign_in("admin").await,
            _ => served.person(role.code(), departments).await,
        };
        for RouteRule { method, path, access } in &rules {
            let Access::AnyOf(needed) = access else { continue };
            let path = path
                .replace("{id}", &id(1))
                .replace("{number}", "261123154203004271")
                .replace("{name}", "nobody");
            let method: Method = method.parse().unwrap();
            let status = person.request(method.clone(), &path).send().await.unwrap().status();
            let allowed = needed.iter().any(|permission| permission.granted_to(*role));
            assert_eq!(status == StatusCode::FORBIDDEN, !allowed, "{role} {method} {path}: {status}");
            assert!(
                !status.is_server_error() && status != StatusCode::UNAUTHORIZED,
                "{role} {method} {path}: {status}"
            );
        }
    }
}

#[tokio::test]
async fn without_a_session_only_the_open_routes_answer() {
    let served = Served::start().await;
    for RouteRule { method, path, access } in route_rules() {
        let concrete = path.replace("{id}", &id(1)).replace("{number}", "1").replace("{name}", "nobody");
        let method: Method = method.parse().unwrap();
        for token in [None, Some(""), Some("none"), Some(&*"0".repeat(64)), Some(&*"a".repeat(12_000))] {
            let mut request = served.request(method.clone(), &concrete);
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let status = request.send().await.unwrap().status();
            let closed = access != Access::Open;
            assert_eq!(status == StatusCode::UNAUTHORIZED, closed, "{method} {path} {token:?}: {status}");
        }
    }
}

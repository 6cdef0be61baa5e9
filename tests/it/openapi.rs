//! The description of the API, locked: whatever changes in it is seen in a review.

use huiyin::server::{Access, openapi_json, route_rules};
use serde_json::Value;

#[test]
fn the_api_is_as_described() {
    insta::assert_snapshot!("openapi", openapi_json());
}

#[test]
fn every_route_is_described_with_its_errors_and_its_lock() {
    let document: Value = serde_json::from_str(&openapi_json()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut described = 0;
    for rule in route_rules() {
        let operation = &document["paths"][&rule.path][rule.method.to_lowercase()];
        let problem =
            &operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
        assert_eq!(problem, "#/components/schemas/Problem", "{rule:?}");
        assert_eq!(operation["security"].is_array(), rule.access != Access::Open, "{rule:?}");
        described += 1;
    }
    let operations =
        document["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len());
    assert_eq!(operations.sum::<usize>(), described);
    // Every schema that is named is there.
    let text = document.to_string();
    for (at, start) in text.match_indices("#/components/schemas/") {
        let name = text[at + start.len()..].split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
}

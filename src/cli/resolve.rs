//! Names of the city profile for its codes: departments, matters and divisions, as people write them.

use jiff::tz::TimeZone;
use rust_i18n::t;

use super::failure::Failure;
use crate::client::Client;
use crate::domain::code::{DepartmentCode, DivisionCode, MatterCode};
use crate::wire::lenient;
use crate::wire::profile::ProfileBody;

/// The profile of the server.
pub(super) async fn profile(client: &Client) -> Result<ProfileBody, Failure> {
    let fetched = client.profile(None).await?.ok_or_else(not_understood)?;
    lenient::read(&fetched.body).map_err(|_| not_understood())
}

/// The zone the city's times are told in.
pub(super) fn zone(profile: &ProfileBody) -> TimeZone {
    TimeZone::get(&profile.city.time_zone).unwrap_or_else(|_| TimeZone::system())
}

fn not_understood() -> Failure {
    crate::client::ClientError::NotUnderstood.into()
}

/// The department of a code or a name.
pub(super) fn department(profile: &ProfileBody, text: &str) -> Result<DepartmentCode, Failure> {
    let all = profile.departments.iter().map(|department| {
        let names = std::iter::once(&department.name).chain(&department.aliases);
        (department.code.as_str(), names.map(String::as_str).collect::<Vec<_>>())
    });
    Ok(profile.departments[only(text, all)?].code.clone())
}

/// The matter of a code or a name of the third level.
pub(super) fn matter(profile: &ProfileBody, text: &str) -> Result<MatterCode, Failure> {
    let all = profile.matters.iter().map(|matter| (matter.code.as_str(), vec![matter.level3.as_str()]));
    Ok(profile.matters[only(text, all)?].code.clone())
}

/// The division of a code or a name.
pub(super) fn division(profile: &ProfileBody, text: &str) -> Result<DivisionCode, Failure> {
    let all = profile.divisions.iter().map(|division| {
        let names = std::iter::once(&division.name).chain(&division.aliases);
        (division.code.as_str(), names.map(String::as_str).collect::<Vec<_>>())
    });
    Ok(profile.divisions[only(text, all)?].code.clone())
}

/// A code and its names.
type Entry<'a> = (&'a str, Vec<&'a str>);

/// The place of the only entry that `text` means: by its code, by its whole name, or by a part of one name.
fn only<'a>(text: &str, all: impl Iterator<Item = Entry<'a>>) -> Result<usize, Failure> {
    let text = text.trim();
    let all: Vec<_> = all.collect();
    let by = |fits: &dyn Fn(&Entry<'_>) -> bool| -> Vec<usize> {
        all.iter().enumerate().filter(|(_, entry)| fits(entry)).map(|(index, _)| index).collect()
    };
    let mut found = by(&|(code, _)| *code == text);
    if found.is_empty() {
        found = by(&|(_, names)| names.contains(&text));
    }
    if found.is_empty() && !text.is_empty() {
        found = by(&|(_, names)| names.iter().any(|name| name.contains(text)));
    }
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::refused("name_unknown", t!("cli.name.unknown", name = text))),
        many => {
            let names: Vec<_> = many
                .iter()
                .take(8)
                .map(|&index| {
                    format!("{} ({})", all[index].1.first().copied().unwrap_or_default(), all[index].0)
                })
                .collect();
            Err(Failure::refused("name_many", t!("cli.name.many", name = text, names = names.join(", "))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_must_mean_one_thing() {
        let all = || {
            [("a1", vec!["城管局", "城市管理局"]), ("a2", vec!["住建局"]), ("a3", vec!["住建局房管处"])]
                .into_iter()
        };
        assert_eq!(only("a2", all()).unwrap(), 1);
        assert_eq!(only("城市管理局", all()).unwrap(), 0);
        assert_eq!(only("住建局", all()).unwrap(), 1);
        assert_eq!(only("房管", all()).unwrap(), 2);
        for wrong in ["住", "水务局", ""] {
            assert!(matches!(only(wrong, all()), Err(Failure::Refused(_))), "{wrong}");
        }
    }
}

//! The families of problems and the words to fill them with, from the two data files beside this one.

use serde::Deserialize;

use super::rng::Rng;
use crate::domain::code::{DepartmentCode, Kind, MatterCode};
use crate::profile::Profile;

/// `words.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) surnames: Vec<String>,
    pub(super) given: Vec<String>,
    pub(super) roads: Vec<String>,
    pub(super) estates: Vec<String>,
    pub(super) villages: Vec<String>,
    pub(super) schools: Vec<String>,
    pub(super) eateries: Vec<String>,
    pub(super) shops: Vec<String>,
    pub(super) companies: Vec<String>,
    pub(super) openers_consult: Vec<String>,
    pub(super) openers_other: Vec<String>,
    pub(super) openers_again: Vec<String>,
    pub(super) extras_consult: Vec<String>,
    pub(super) extras_other: Vec<String>,
    pub(super) asks: Vec<String>,
    pub(super) returns: Vec<String>,
    pub(super) voids: Vec<String>,
}

/// `families.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FamilyFile {
    family: Vec<FamilyRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FamilyRow {
    kind: Kind,
    matter: String,
    department: String,
    title: String,
    what: Vec<String>,
    ask: Vec<String>,
    answer: String,
}

/// One sort of problem, with codes of the profile at hand.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) kind: Kind,
    pub(super) matter: Option<MatterCode>,
    pub(super) lead: DepartmentCode,
    pub(super) title: String,
    pub(super) what: Vec<String>,
    pub(super) ask: Vec<String>,
    pub(super) answer: String,
}

#[expect(clippy::expect_used, reason = "built in; every test of this room loads it")]
pub(super) fn words() -> Words {
    toml::from_str(include_str!("words.toml")).expect("the built-in words are right")
}

/// The families, with the matter and department of `profile` that fit them. A profile that lacks the department of a
/// family has it led by the one whose keywords the text names, or by its first.
#[expect(clippy::expect_used, reason = "built in; every test of this room loads it")]
pub(super) fn families(profile: &Profile) -> Vec<Family> {
    let file: FamilyFile =
        toml::from_str(include_str!("families.toml")).expect("the built-in families are right");
    let lead = |row: &FamilyRow| {
        let own = DepartmentCode::try_from(row.department.clone()).ok();
        let named = own.as_ref().and_then(|code| profile.department(code));
        let spoken = || {
            profile
                .departments()
                .iter()
                .find(|d| d.keywords.iter().any(|word| row.title.contains(word.as_str())))
        };
        named.or_else(spoken).unwrap_or(&profile.departments()[0]).code.clone()
    };
    let matter = |path: &str| {
        let (level2, level3) = path.split_once('/')?;
        let fits = profile.matters().iter().find(|m| m.level2 == level2 && m.level3 == level3);
        Some(fits?.code.clone())
    };
    let resolve = |row: FamilyRow| Family {
        kind: row.kind,
        matter: matter(&row.matter),
        lead: lead(&row),
        title: row.title,
        what: row.what,
        ask: row.ask,
        answer: row.answer,
    };
    file.family.into_iter().map(resolve).collect()
}

/// What one event is about: the same for everybody who calls about it.
#[derive(Debug)]
pub(super) struct Scene<'w> {
    pub(super) road: &'w str,
    pub(super) estate: &'w str,
    pub(super) building: String,
    pub(super) village: &'w str,
    pub(super) school: &'w str,
    pub(super) eatery: &'w str,
    pub(super) shop: &'w str,
    pub(super) company: &'w str,
    door: u64,
    hour: u64,
    days: u64,
    times: u64,
    yuan: u64,
    few: u64,
    age: u64,
    line: u64,
}

impl<'w> Scene<'w> {
    pub(super) fn draw(words: &'w Words, rng: &mut Rng) -> Self {
        let building = format!("{}号楼{}单元", 1 + rng.below(28), 1 + rng.below(4));
        Self {
            road: rng.pick_skewed(&words.roads).as_str(),
            estate: rng.pick_skewed(&words.estates).as_str(),
            building,
            village: rng.pick(&words.villages).as_str(),
            school: rng.pick(&words.schools).as_str(),
            eatery: rng.pick_skewed(&words.eateries).as_str(),
            shop: rng.pick_skewed(&words.shops).as_str(),
            company: rng.pick(&words.companies).as_str(),
            door: 1 + rng.below(380),
            hour: rng.below(24),
            days: 2 + rng.skewed(28),
            times: 2 + rng.skewed(6),
            yuan: (1 + rng.skewed(300)) * 100 + rng.below(10) * 10,
            few: 2 + rng.below(8),
            age: 66 + rng.below(26),
            line: 1 + rng.skewed(128),
        }
    }

    /// `槐安路126号`, or an estate with its building.
    pub(super) fn detail(&self, at_estate: bool) -> String {
        if at_estate {
            format!("{}{}", self.estate, self.building)
        } else {
            format!("{}{}号", self.road, self.door)
        }
    }

    /// Appends `template` with its slots filled.
    pub(super) fn fill(&self, out: &mut String, template: &str) {
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((slot, after)) = after.split_once('}') else { break };
            match slot {
                "路" => out.push_str(self.road),
                "小区" => out.push_str(self.estate),
                "楼" => out.push_str(&self.building),
                "村" => out.push_str(self.village),
                "校" => out.push_str(self.school),
                "餐" => out.push_str(self.eatery),
                "店" => out.push_str(self.shop),
                "公司" => out.push_str(self.company),
                "时刻" => out.push_str(&clock(self.hour)),
                number => out.push_str(&self.number(number).to_string()),
            }
            rest = after;
        }
        out.push_str(rest);
    }

    fn number(&self, slot: &str) -> u64 {
        match slot {
            "天" => self.days,
            "次" => self.times,
            "元" => self.yuan,
            "岁" => self.age,
            "线" => self.line,
            "早" => 6 + self.hour % 4,
            "晚" => 8 + self.hour % 4,
            _ => self.few,
        }
    }
}

/// An hour as people say it.
fn clock(hour: u64) -> String {
    match hour {
        0..=5 => format!("凌晨{}点", hour.max(1)),
        6..=11 => format!("上午{hour}点"),
        12 => "中午12点".to_owned(),
        13..=17 => format!("下午{}点", hour - 12),
        _ => format!("晚上{}点", hour - 12),
    }
}

//! From texts to a profile: every file is read and every finding collected before anything is refused.

use std::collections::{HashMap, HashSet};

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::check;
use super::finding::{Finding, FindingCode};
use super::rows::{Row, csv_rows, toml_document, toml_rows};
use super::source::{self, Source};
use super::{Profile, times};
use crate::domain::catalogue::{Article, City, Department, Division, Matter, Template};
use crate::domain::code::{Channel, DepartmentCode, Kind, MatterCode};

/// `city.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CityFile {
    pub(super) city: City,
    pub(super) kinds: Vec<Kind>,
    pub(super) channels: Vec<Channel>,
    /// A case that was on its way for longer has to be looked at by a lead.
    #[serde(default = "offline_limit")]
    pub(super) offline_limit_hours: u16,
}

/// Three days: over a long weekend.
const fn offline_limit() -> u16 {
    72
}

/// A line of `matters.csv`.
#[derive(Debug, Deserialize)]
struct MatterLine {
    code: Option<MatterCode>,
    level1: String,
    level2: String,
    level3: String,
    #[serde(default)]
    keywords: String,
    department: Option<DepartmentCode>,
}

/// Reads the files into a profile. `findings` are those of reading them.
pub(super) fn assemble(sources: &[Source; 8], mut findings: Vec<Finding>) -> Result<Profile, Vec<Finding>> {
    let [city, departments, matters, divisions, deadlines, calendar, templates, knowledge] = sources;
    let f = &mut findings;

    let city: Option<CityFile> = toml_document(city, f);
    let departments: Vec<Row<Department>> = toml_rows(departments, "department", f);
    let matters =
        number(csv_rows(matters, &["code", "level1", "level2", "level3", "keywords", "department"], f), f);
    let divisions: Vec<Row<Division>> = toml_rows(divisions, "division", f);
    let templates: Vec<Row<Template>> = toml_rows(templates, "template", f);
    let knowledge: Vec<Row<Article>> = toml_rows(knowledge, "article", f);

    let kinds = city.as_ref().map_or(Kind::ALL, |city| &city.kinds);
    let deadlines = times::deadlines(deadlines, kinds, f);
    // With no zone to be had the rest of the calendar is checked all the same.
    let zone = city.as_ref().and_then(|city| check::city(city, f)).unwrap_or(TimeZone::UTC);
    let calendar = times::calendar(calendar, zone, f);
    check::departments(&departments, &divisions, f);
    check::matters(&matters, &departments, f);
    check::divisions(&divisions, f);
    check::templates(&templates, f);
    check::knowledge(&knowledge, &matters, f);

    // One cause, one finding: what was not read is also missing where others refer to it.
    let lost = |f: &&Finding| f.code.loses_entries();
    let lossy: HashSet<String> = findings.iter().filter(lost).map(|f| f.file.clone()).collect();
    findings.retain(|f| !is_consequence(f, &lossy));

    match (city, deadlines, calendar) {
        (Some(CityFile { city, kinds, channels, offline_limit_hours }), Some(deadlines), Some(calendar))
            if findings.is_empty() =>
        {
            let departments = values(departments);
            let matters = values(matters);
            let divisions = values(divisions);
            Ok(Profile {
                etag: source::etag(sources),
                department_at: index(&departments, |d| d.code.clone()),
                matter_at: index(&matters, |m| m.code.clone()),
                division_at: index(&divisions, |d| d.code.clone()),
                templates: values(templates),
                knowledge: values(knowledge),
                city,
                kinds,
                channels,
                offline_limit: SignedDuration::from_hours(i64::from(offline_limit_hours)),
                deadlines,
                calendar,
                departments,
                matters,
                divisions,
            })
        }
        _ => {
            findings.sort_by(|a, b| {
                let order =
                    |f: &Finding| (source::FILES.iter().position(|name| *name == f.file), f.line, f.column);
                order(a).cmp(&order(b))
            });
            Err(findings)
        }
    }
}

fn is_consequence(finding: &Finding, lossy: &HashSet<String>) -> bool {
    match finding.code {
        FindingCode::EmptyList | FindingCode::UnknownParent => lossy.contains(&finding.file),
        FindingCode::UnknownDepartment => lossy.contains("departments.toml"),
        FindingCode::UnknownDivision => lossy.contains("divisions.toml"),
        FindingCode::UnknownMatter => lossy.contains("matters.csv"),
        _ => false,
    }
}

/// Gives a matter without a code the digits of its place: two for each level, in the order of first appearance.
fn number(lines: Vec<Row<MatterLine>>, findings: &mut Vec<Finding>) -> Vec<Row<Matter>> {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut second: HashMap<(String, String), (usize, usize)> = HashMap::new();
    let mut seconds: HashMap<String, usize> = HashMap::new();
    let mut matters = Vec::with_capacity(lines.len());
    for Row { line, value } in lines {
        let next = first.len() + 1;
        let n1 = *first.entry(value.level1.clone()).or_insert(next);
        let (n2, leaves) = second.entry((value.level1.clone(), value.level2.clone())).or_insert_with(|| {
            let n2 = seconds.entry(value.level1.clone()).or_insert(0);
            *n2 += 1;
            (*n2, 0)
        });
        *leaves += 1;
        let code = match value.code {
            Some(code) => Ok(code),
            None => MatterCode::try_from(format!("{n1:02}{n2:02}{leaves:02}")),
        };
        match code {
            Ok(code) => {
                let MatterLine { level1, level2, level3, department, .. } = value;
                let keywords = value.keywords.split_whitespace().map(str::to_owned).collect();
                matters
                    .push(Row { line, value: Matter { code, level1, level2, level3, keywords, department } });
            }
            Err(error) => {
                findings.push(
                    Finding::of_file("matters.csv", FindingCode::BadValue, error.to_string()).at(line, None),
                );
            }
        }
    }
    matters
}

fn values<T>(rows: Vec<Row<T>>) -> Vec<T> {
    rows.into_iter().map(|row| row.value).collect()
}

fn index<T, K: std::hash::Hash + Eq>(all: &[T], code: impl Fn(&T) -> K) -> HashMap<K, usize> {
    all.iter().enumerate().map(|(at, one)| (code(one), at)).collect()
}

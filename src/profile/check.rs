//! What no single row can know of itself: that its code is its own, that its parent exists, that it has a name.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::hash::Hash;

use super::finding::{Finding, FindingCode};
use super::load::CityFile;
use super::rows::Row;
use jiff::tz::TimeZone;

use crate::domain::catalogue::{Article, Department, Division, Matter, Template};
use crate::domain::normalise::normalise;
use crate::domain::safe::is_plain;

const CITY: &str = "city.toml";
const DEPARTMENTS: &str = "departments.toml";
const MATTERS: &str = "matters.csv";
const DIVISIONS: &str = "divisions.toml";
const TEMPLATES: &str = "templates.toml";
const KNOWLEDGE: &str = "knowledge.toml";

/// The city and its choices; gives its time zone.
pub(super) fn city(file: &CityFile, findings: &mut Vec<Finding>) -> Option<TimeZone> {
    let city = &file.city;
    let zone = TimeZone::get(&city.time_zone).ok();
    if zone.is_none() {
        findings.push(Finding::of_file(CITY, FindingCode::UnknownZone, &city.time_zone));
    }
    for text in [&city.code, &city.name, &city.hotline] {
        name(CITY, None, text, findings);
    }
    safe(CITY, None, &city.area_code, findings);
    list("kinds", &file.kinds, findings);
    list("channels", &file.channels, findings);
    zone
}

/// A choice offered on screen: at least one, none twice.
fn list<T: Eq + Hash + Display>(key: &str, all: &[T], findings: &mut Vec<Finding>) {
    if all.is_empty() {
        findings.push(Finding::of_file(CITY, FindingCode::EmptyList, key));
    }
    let mut seen = HashSet::new();
    for one in all.iter().filter(|one| !seen.insert(*one)) {
        findings.push(Finding::of_file(CITY, FindingCode::DuplicateCode, one.to_string()).with_detail(key));
    }
}

pub(super) fn departments(
    rows: &[Row<Department>],
    divisions: &[Row<Division>],
    findings: &mut Vec<Finding>,
) {
    unique(DEPARTMENTS, FindingCode::DuplicateCode, rows, |d| d.code.to_string(), findings);
    unique(DEPARTMENTS, FindingCode::DuplicateName, rows, |d| d.name.clone(), findings);
    aliases(DEPARTMENTS, rows, |_| "", |d| (&d.name, &d.aliases), findings);
    parents(DEPARTMENTS, rows, |d| &d.code, |d| d.parent.as_ref(), findings);
    empty(DEPARTMENTS, rows, findings);
    let known: HashSet<_> = divisions.iter().map(|row| &row.value.code).collect();
    for Row { line, value } in rows {
        name(DEPARTMENTS, Some(*line), &value.name, findings);
        value
            .aliases
            .iter()
            .chain(&value.keywords)
            .for_each(|text| name(DEPARTMENTS, Some(*line), text, findings));
        safe(DEPARTMENTS, Some(*line), &value.duties, findings);
        value.phone.iter().for_each(|text| safe(DEPARTMENTS, Some(*line), text, findings));
        if let Some(division) = value.division.as_ref().filter(|code| !known.contains(code)) {
            let finding = Finding::of_file(DEPARTMENTS, FindingCode::UnknownDivision, division.as_str());
            findings.push(finding.with_detail(&value.name).at(*line, None));
        }
    }
}

pub(super) fn matters(rows: &[Row<Matter>], departments: &[Row<Department>], findings: &mut Vec<Finding>) {
    let full = |m: &Matter| format!("{} > {} > {}", m.level1, m.level2, m.level3);
    unique(MATTERS, FindingCode::DuplicateCode, rows, |m| m.code.to_string(), findings);
    unique(MATTERS, FindingCode::DuplicateName, rows, full, findings);
    empty(MATTERS, rows, findings);
    let known: HashSet<_> = departments.iter().map(|row| &row.value.code).collect();
    for Row { line, value } in rows {
        for level in [&value.level1, &value.level2, &value.level3] {
            if level.trim().is_empty() {
                findings
                    .push(Finding::of_file(MATTERS, FindingCode::MissingLevel, full(value)).at(*line, None));
            }
            safe(MATTERS, Some(*line), level, findings);
        }
        value.keywords.iter().for_each(|text| safe(MATTERS, Some(*line), text, findings));
        if let Some(department) = value.department.as_ref().filter(|code| !known.contains(code)) {
            let finding = Finding::of_file(MATTERS, FindingCode::UnknownDepartment, department.as_str());
            findings.push(finding.with_detail(full(value)).at(*line, None));
        }
    }
}

pub(super) fn divisions(rows: &[Row<Division>], findings: &mut Vec<Finding>) {
    unique(DIVISIONS, FindingCode::DuplicateCode, rows, |d| d.code.to_string(), findings);
    // Two districts may each have a 城关镇; one district may not.
    let named = |d: &Division| format!("{} {}", d.parent.as_ref().map_or("", |p| p.as_str()), d.name);
    unique(DIVISIONS, FindingCode::DuplicateName, rows, named, findings);
    let parent = |d: &Division| d.parent.as_ref().map_or("", |parent| parent.as_str()).to_owned();
    aliases(DIVISIONS, rows, parent, |d| (&d.name, &d.aliases), findings);
    parents(DIVISIONS, rows, |d| &d.code, |d| d.parent.as_ref(), findings);
    empty(DIVISIONS, rows, findings);
    for Row { line, value } in rows {
        name(DIVISIONS, Some(*line), &value.name, findings);
        value.aliases.iter().for_each(|text| name(DIVISIONS, Some(*line), text, findings));
    }
}

pub(super) fn templates(rows: &[Row<Template>], findings: &mut Vec<Finding>) {
    unique(TEMPLATES, FindingCode::DuplicateCode, rows, |t| t.code.clone(), findings);
    for Row { line, value } in rows {
        name(TEMPLATES, Some(*line), &value.code, findings);
        name(TEMPLATES, Some(*line), &value.name, findings);
        // A body may run over several lines.
        name(TEMPLATES, Some(*line), &value.body.replace('\n', " "), findings);
        value.keywords.iter().for_each(|text| name(TEMPLATES, Some(*line), text, findings));
    }
}

pub(super) fn knowledge(rows: &[Row<Article>], matters: &[Row<Matter>], findings: &mut Vec<Finding>) {
    unique(KNOWLEDGE, FindingCode::DuplicateCode, rows, |a| a.code.clone(), findings);
    unique(KNOWLEDGE, FindingCode::DuplicateName, rows, |a| a.title.clone(), findings);
    let known: HashSet<_> = matters.iter().map(|row| &row.value.code).collect();
    for Row { line, value } in rows {
        name(KNOWLEDGE, Some(*line), &value.code, findings);
        name(KNOWLEDGE, Some(*line), &value.title, findings);
        name(KNOWLEDGE, Some(*line), &value.body.replace('\n', " "), findings);
        safe(KNOWLEDGE, Some(*line), &value.source, findings);
        value.keywords.iter().for_each(|text| name(KNOWLEDGE, Some(*line), text, findings));
        for matter in value.matters.iter().filter(|code| !known.contains(code)) {
            let finding = Finding::of_file(KNOWLEDGE, FindingCode::UnknownMatter, matter.as_str());
            findings.push(finding.with_detail(&value.title).at(*line, None));
        }
    }
}

fn empty<T>(file: &str, rows: &[Row<T>], findings: &mut Vec<Finding>) {
    if rows.is_empty() {
        findings.push(Finding::of_file(file, FindingCode::EmptyList, file));
    }
}

/// The second of two rows is the one told of, with the line of the first.
fn unique<T>(
    file: &str,
    code: FindingCode,
    rows: &[Row<T>],
    of: impl Fn(&T) -> String,
    findings: &mut Vec<Finding>,
) {
    let mut first: HashMap<String, usize> = HashMap::new();
    for Row { line, value } in rows {
        let key = of(value);
        if let Some(earlier) = first.get(&key) {
            let finding = Finding::of_file(file, code, key.trim()).with_detail(format!("{file}:{earlier}"));
            findings.push(finding.at(*line, None));
        } else {
            first.insert(key, *line);
        }
    }
}

/// No alias is the name or an alias of another row `within` the same, as people type it: neither width nor case tells two
/// apart. Of two rows with one alias the second is told of; of an alias that is a name, the row with the alias.
fn aliases<'a, T, W: AsRef<str>>(
    file: &str,
    rows: &'a [Row<T>],
    within: impl Fn(&T) -> W,
    of: impl Fn(&'a T) -> (&'a String, &'a Vec<String>),
    findings: &mut Vec<Finding>,
) {
    let key = |row: &T, name: &str| (within(row).as_ref().to_owned(), normalise(name.trim()));
    let mut known: HashMap<(String, String), usize> = HashMap::new();
    for (at, Row { value, .. }) in rows.iter().enumerate() {
        known.entry(key(value, of(value).0)).or_insert(at);
    }
    for (at, Row { line, value }) in rows.iter().enumerate() {
        for alias in of(value).1.iter().filter(|alias| !alias.trim().is_empty()) {
            let meant = *known.entry(key(value, alias)).or_insert(at);
            if meant != at {
                let finding = Finding::of_file(file, FindingCode::AmbiguousAlias, alias);
                findings.push(finding.with_detail(format!("{file}:{}", rows[meant].line)).at(*line, None));
            }
        }
    }
}

/// Every parent exists, and nobody is above itself.
fn parents<T, C: Eq + Hash + Display>(
    file: &str,
    rows: &[Row<T>],
    code: impl Fn(&T) -> &C,
    parent: impl Fn(&T) -> Option<&C>,
    findings: &mut Vec<Finding>,
) {
    let above: HashMap<&C, Option<&C>> =
        rows.iter().map(|row| (code(&row.value), parent(&row.value))).collect();
    for Row { line, value } in rows {
        if let Some(up) = parent(value).filter(|up| !above.contains_key(up)) {
            let finding = Finding::of_file(file, FindingCode::UnknownParent, up.to_string());
            findings.push(finding.with_detail(code(value).to_string()).at(*line, None));
        }
    }
    // Every chain is climbed once, so that a long file costs no more than its length; a circle is told of once.
    let mut climbed: HashSet<&C> = HashSet::new();
    for Row { line, value } in rows {
        let mut path: HashSet<&C> = HashSet::new();
        let mut at = Some(code(value));
        while let Some(here) = at.filter(|here| !climbed.contains(here)) {
            if !path.insert(here) {
                findings.push(Finding::of_file(file, FindingCode::Cycle, here.to_string()).at(*line, None));
                break;
            }
            at = above.get(here).copied().flatten();
        }
        climbed.extend(path);
    }
}

/// A text that must say something.
fn name(file: &str, line: Option<usize>, text: &str, findings: &mut Vec<Finding>) {
    if text.trim().is_empty() {
        findings.push(Finding { line, ..Finding::of_file(file, FindingCode::EmptyName, text) });
    }
    safe(file, line, text, findings);
}

/// A text without characters that are not seen or that move others.
fn safe(file: &str, line: Option<usize>, text: &str, findings: &mut Vec<Finding>) {
    if !is_plain(text) || text.contains(['\n', '\r']) {
        findings.push(Finding { line, ..Finding::of_file(file, FindingCode::UnsafeText, text) });
    }
}

//! The city profile: departments, matters, divisions, deadlines, calendar, templates and knowledge base, loaded
//! from data files and checked. The demonstration city is such a directory too, built in.
//!
//! A profile is either whole and right or it is not there: [`Profile::load`] gives all that is wrong at once, with
//! file and line.

mod check;
mod divisions;
mod finding;
mod load;
mod rows;
mod source;
mod times;

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

pub use divisions::{DIVISIONS, ImportError, ImportedDivisions, import_divisions};
pub use finding::{Finding, FindingCode};
pub use source::{FILES, MAX_BYTES};

use jiff::SignedDuration;

use crate::domain::calendar::Calendar;
use crate::domain::catalogue::{Article, City, Department, Division, Matter, Template};
use crate::domain::code::{Channel, DepartmentCode, DivisionCode, Kind, MatterCode};
use crate::domain::deadline::DeadlineRules;

/// A checked city profile. Every reference in it leads somewhere.
#[derive(Debug, Clone)]
pub struct Profile {
    city: City,
    kinds: Vec<Kind>,
    channels: Vec<Channel>,
    offline_limit: SignedDuration,
    departments: Vec<Department>,
    matters: Vec<Matter>,
    divisions: Vec<Division>,
    templates: Vec<Template>,
    knowledge: Vec<Article>,
    deadlines: DeadlineRules,
    calendar: Calendar,
    etag: String,
    department_at: HashMap<DepartmentCode, usize>,
    matter_at: HashMap<MatterCode, usize>,
    division_at: HashMap<DivisionCode, usize>,
}

impl Profile {
    /// Reads the profile in `dir`, or tells everything that is wrong with it.
    pub fn load(dir: &Path) -> Result<Self, Vec<Finding>> {
        let (sources, findings) = source::read_directory(dir);
        load::assemble(&sources, findings)
    }

    /// The invented city that is built in.
    pub fn demonstration() -> &'static Self {
        static DEMONSTRATION: LazyLock<Profile> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "built in; a test loads it")]
            load::assemble(&source::demonstration(), Vec::new()).expect("the demonstration city is whole")
        });
        &DEMONSTRATION
    }

    /// The city.
    pub fn city(&self) -> &City {
        &self.city
    }

    /// The kinds in use, in the order in which they are offered.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The channels in use, in the order in which they are offered.
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// For how long a case may have been on its way, from the caller to the server, before a lead has to look at it.
    pub fn offline_limit(&self) -> SignedDuration {
        self.offline_limit
    }

    /// Every department, in the order of the file.
    pub fn departments(&self) -> &[Department] {
        &self.departments
    }

    /// Every matter, in the order of the file.
    pub fn matters(&self) -> &[Matter] {
        &self.matters
    }

    /// Every division, in the order of the file.
    pub fn divisions(&self) -> &[Division] {
        &self.divisions
    }

    /// Every template, in the order of the file.
    pub fn templates(&self) -> &[Template] {
        &self.templates
    }

    /// Every article of the knowledge base, in the order of the file; a city may have none.
    pub fn knowledge(&self) -> &[Article] {
        &self.knowledge
    }

    /// How long a case may take, with the thresholds of the cards.
    pub fn deadlines(&self) -> &DeadlineRules {
        &self.deadlines
    }

    /// Which days count, and the city's time zone.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// SHA-256 of the files, in hexadecimal: changes when anything in the profile does.
    pub fn etag(&self) -> &str {
        &self.etag
    }

    /// The department of a code.
    pub fn department(&self, code: &DepartmentCode) -> Option<&Department> {
        self.department_at.get(code).map(|at| &self.departments[*at])
    }

    /// The matter of a code.
    pub fn matter(&self, code: &MatterCode) -> Option<&Matter> {
        self.matter_at.get(code).map(|at| &self.matters[*at])
    }

    /// The division of a code.
    pub fn division(&self, code: &DivisionCode) -> Option<&Division> {
        self.division_at.get(code).map(|at| &self.divisions[*at])
    }

    /// The street office of a division, or the government of its district.
    pub fn department_of(&self, division: &DivisionCode) -> Option<&Department> {
        let governs =
            |code: &DivisionCode| self.departments.iter().find(|d| d.division.as_ref() == Some(code));
        governs(division).or_else(|| governs(self.division(division)?.parent.as_ref()?))
    }

    /// `鹭江区望湖街道`: a street with its district, a district alone.
    pub fn division_name(&self, code: &DivisionCode) -> Option<String> {
        let division = self.division(code)?;
        let district = division.parent.as_ref().and_then(|parent| self.division(parent));
        Some(format!("{}{}", district.map_or("", |d| &d.name), division.name))
    }

    /// The departments that `text` may mean, the likeliest first: the one of that code or name alone, otherwise those
    /// whose name or other name holds `text`. None for an empty text.
    pub fn resolve_department(&self, text: &str) -> Vec<&Department> {
        let text = text.trim();
        if text.is_empty() {
            return Vec::new();
        }
        let names = |d: &'_ Department| -> Vec<String> {
            std::iter::once(&d.name).chain(&d.aliases).cloned().collect()
        };
        let exact = |d: &&Department| {
            d.code.as_str().eq_ignore_ascii_case(text) || names(d).iter().any(|n| n == text)
        };
        let exact: Vec<_> = self.departments.iter().filter(exact).collect();
        if !exact.is_empty() {
            return exact;
        }
        let mut ranked: Vec<(usize, &Department)> = self
            .departments
            .iter()
            .filter_map(|d| Some((names(d).iter().filter_map(|n| n.find(text)).min()?, d)))
            .collect();
        ranked.sort_by_key(|(position, _)| *position);
        ranked.into_iter().map(|(_, department)| department).collect()
    }
}

/// Everything that is wrong with the profile in `dir`; empty for a good one.
pub fn check(dir: &Path) -> Vec<Finding> {
    Profile::load(dir).err().unwrap_or_default()
}

#[cfg(test)]
mod tests;

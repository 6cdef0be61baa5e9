//! The city profile as the desk uses it: names by code, and the tables that the pickers search.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::widgets::table::{Entry, Table};
use crate::domain::calendar::Calendar;
use crate::domain::catalogue::{Division, Matter};
use crate::domain::code::{DepartmentCode, DivisionCode, Kind, MatterCode, Urgency};
use crate::domain::suggest::Cues;
use crate::wire::profile::ProfileBody;

/// A city profile, ready to be looked things up in.
#[derive(Debug)]
pub struct CityTables {
    /// As it was served.
    pub body: ProfileBody,
    /// Which days count.
    pub calendar: Calendar,
    /// Departments, by name, other names and what is above them.
    pub departments: Arc<Table>,
    /// Matters, by their three levels.
    pub matters: Arc<Table>,
    /// Streets and districts.
    pub divisions: Arc<Table>,
    /// The articles of the knowledge base, by title and words; codes are their places.
    pub knowledge: Arc<Table>,
    /// What a text is probably about.
    pub cues: Cues,
    names: HashMap<String, String>,
}

impl CityTables {
    /// Prepares the tables; `None` when the body names a time zone or weekday that there is not.
    pub fn new(body: ProfileBody) -> Option<Self> {
        let calendar = body.calendar.in_zone(&body.city.time_zone)?;
        let departments = body.departments.iter().map(|department| Entry {
            code: department.code.to_string(),
            name: department.name.clone(),
            extra: department.aliases.clone(),
            path: department.aliases.join(" "),
        });
        let matters = body.matters.iter().map(|matter| Entry {
            code: matter.code.to_string(),
            name: matter.level3.clone(),
            extra: [&matter.level2, &matter.level1].into_iter().chain(&matter.keywords).cloned().collect(),
            path: format!("{} / {}", matter.level1, matter.level2),
        });
        let districts: HashMap<_, _> =
            body.divisions.iter().map(|division| (&division.code, division)).collect();
        let parent = |division: &Division| division.parent.as_ref().and_then(|code| districts.get(code));
        let divisions = body.divisions.iter().map(|division| Entry {
            code: division.code.to_string(),
            name: division.name.clone(),
            // District and street also as one word, as people write an address.
            extra: parent(division)
                .into_iter()
                .flat_map(|above| [above.name.clone(), format!("{}{}", above.name, division.name)])
                .chain(division.aliases.clone())
                .collect(),
            path: parent(division)
                .map(|above| above.name.clone())
                .into_iter()
                .chain(division.aliases.clone())
                .collect::<Vec<_>>()
                .join(" "),
        });
        let mut names = HashMap::new();
        for department in &body.departments {
            names.insert(format!("d{}", department.code), department.name.clone());
        }
        for matter in &body.matters {
            names.insert(format!("m{}", matter.code), matter_path(matter));
        }
        for division in &body.divisions {
            let above = parent(division).map(|above| above.name.as_str()).unwrap_or_default();
            names.insert(format!("v{}", division.code), format!("{above}{}", division.name));
        }
        let (departments, matters, divisions) = (
            Arc::new(Table::new(departments.collect())),
            Arc::new(Table::new(matters.collect())),
            Arc::new(Table::new(divisions.collect())),
        );
        let articles = body.knowledge.iter().enumerate().map(|(at, article)| Entry {
            code: at.to_string(),
            name: article.title.clone(),
            extra: article.keywords.clone(),
            path: article.source.clone(),
        });
        let knowledge = Arc::new(Table::new(articles.collect()));
        let cues = Cues::new(&body.matters, &body.departments, &body.templates, &body.knowledge);
        Some(Self { body, calendar, departments, matters, divisions, knowledge, cues, names })
    }

    /// The zone in which the city reads its clocks.
    pub fn zone(&self) -> &TimeZone {
        &self.calendar.time_zone
    }

    /// A department's name, or its code where the profile has none.
    pub fn department<'a>(&'a self, code: &'a DepartmentCode) -> &'a str {
        self.names.get(&format!("d{code}")).map_or(code.as_str(), String::as_str)
    }

    /// A matter's three levels, or its code.
    pub fn matter<'a>(&'a self, code: &'a MatterCode) -> &'a str {
        self.names.get(&format!("m{code}")).map_or(code.as_str(), String::as_str)
    }

    /// A matter's third level, or its code.
    pub fn matter_leaf<'a>(&'a self, code: &'a MatterCode) -> &'a str {
        self.matter(code).rsplit(" / ").next().unwrap_or_default()
    }

    /// A division with its district, or its code.
    pub fn division<'a>(&'a self, code: &'a DivisionCode) -> &'a str {
        self.names.get(&format!("v{code}")).map_or(code.as_str(), String::as_str)
    }

    /// When a case dispatched at `now` would have to be finished.
    pub fn due_at(&self, kind: Kind, urgency: Urgency, now: Timestamp) -> Timestamp {
        self.body.deadlines.due_at(kind, urgency, now, &self.calendar)
    }
}

/// The three levels of a matter on one line.
fn matter_path(matter: &Matter) -> String {
    format!("{} / {} / {}", matter.level1, matter.level2, matter.level3)
}

//! The columns of an export. Codes and names stand side by side; the names in Chinese are those that `import`
//! recognises, so that a table can be brought into another city.

use std::collections::BTreeMap;

use rust_i18n::t;

use super::super::failure::Failure;
use super::cell::Value;
use crate::domain::follow_up::Satisfaction;
use crate::i18n::name_of;
use crate::wire::case::{CaseRow, CaseView, MaskedCaller};
use crate::wire::profile::ProfileBody;

/// One case of the table.
pub(super) struct Row {
    pub(super) row: CaseRow,
    /// The whole case, where a column wants more than the line of a list has.
    pub(super) case: Option<Box<CaseView>>,
}

/// One column.
pub(super) struct Column {
    /// Its name in JSON, in `--columns` and, in English, in the header.
    pub(super) key: &'static str,
    /// Whether it needs the whole case.
    pub(super) whole: bool,
    /// What stands in it.
    pub(super) value: fn(&Row, &Names) -> Value,
}

impl Column {
    /// Its name in the header.
    pub(super) fn header(&self) -> String {
        name_of("export_column", self.key)
    }
}

/// The names of the city's codes.
pub(super) struct Names {
    departments: BTreeMap<String, String>,
    matters: BTreeMap<String, String>,
    divisions: BTreeMap<String, String>,
}

impl Names {
    pub(super) fn of(profile: &ProfileBody) -> Self {
        let departments = profile.departments.iter().map(|d| (d.code.to_string(), d.name.clone()));
        let matters = profile.matters.iter().map(|m| (m.code.to_string(), m.level3.clone()));
        let divisions = profile.divisions.iter().map(|d| (d.code.to_string(), d.name.clone()));
        Self {
            departments: departments.collect(),
            matters: matters.collect(),
            divisions: divisions.collect(),
        }
    }
}

/// The name of a code that a case may have.
fn named<T: ToString>(names: &BTreeMap<String, String>, code: Option<&T>) -> Value {
    code.map_or(Value::Empty, |code| {
        let code = code.to_string();
        Value::of_text(names.get(&code).cloned().unwrap_or(code))
    })
}

/// Something of the whole case.
fn whole(row: &Row, value: impl Fn(&CaseView) -> Value) -> Value {
    row.case.as_deref().map_or(Value::Empty, value)
}

fn caller(row: &Row, value: impl Fn(&MaskedCaller) -> Value) -> Value {
    whole(row, |case| case.caller.as_ref().map_or(Value::Empty, &value))
}

const fn line(key: &'static str, value: fn(&Row, &Names) -> Value) -> Column {
    Column { key, whole: false, value }
}

const fn full(key: &'static str, value: fn(&Row, &Names) -> Value) -> Column {
    Column { key, whole: true, value }
}

/// Every column, in the order of the table.
pub(super) const COLUMNS: &[Column] = &[
    line("number", |r, _| Value::Number(r.row.number.clone())),
    line("received_at", |r, _| Value::Time(r.row.received_at)),
    line("state", |r, _| Value::of_text(r.row.state.code())),
    line("state_name", |r, _| Value::of_text(name_of("state", r.row.state.code()))),
    full("channel", |r, _| whole(r, |c| Value::of_text(c.channel.code()))),
    full("channel_name", |r, _| whole(r, |c| Value::of_text(name_of("channel", c.channel.code())))),
    line("kind", |r, _| Value::of_text(r.row.kind.code())),
    line("kind_name", |r, _| Value::of_text(name_of("kind", r.row.kind.code()))),
    line("matter", |r, _| Value::of_option(r.row.matter.as_ref())),
    line("matter_name", |r, names| named(&names.matters, r.row.matter.as_ref())),
    line("title", |r, _| Value::of_text(&r.row.title)),
    full("text", |r, _| whole(r, |c| Value::of_text(&c.text))),
    line("division", |r, _| Value::of_option(r.row.division.as_ref())),
    line("division_name", |r, names| named(&names.divisions, r.row.division.as_ref())),
    full("place", |r, _| whole(r, |c| Value::of_text(&c.place_detail))),
    full("occurred_at", |r, _| whole(r, |c| c.occurred_at.map_or(Value::Empty, Value::Time))),
    full("target", |r, _| whole(r, |c| Value::of_text(&c.target))),
    line("urgency", |r, _| Value::of_text(r.row.urgency.code())),
    line("urgency_name", |r, _| Value::of_text(name_of("urgency", r.row.urgency.code()))),
    full("tags", |r, _| {
        whole(r, |c| if c.tags.is_empty() { Value::Empty } else { Value::List(c.tags.clone()) })
    }),
    full("remark", |r, _| whole(r, |c| Value::of_text(&c.remark))),
    full("masked_caller", |r, _| caller(r, |c| Value::of_text(&c.name))),
    full("masked_number", |r, _| caller(r, |c| Value::of_option(c.number.as_ref()))),
    full("masked_contact", |r, _| caller(r, |c| Value::of_option(c.contact.as_ref()))),
    line("department", |r, _| Value::of_option(r.row.department.as_ref())),
    line("department_name", |r, names| named(&names.departments, r.row.department.as_ref())),
    full("assisting", |r, names| {
        whole(r, |c| {
            let tasks = c.assignment.iter().flat_map(|assignment| &assignment.assisting);
            let code = |task: &crate::wire::case::TaskView| task.department.to_string();
            let all: Vec<_> =
                tasks.map(code).map(|code| names.departments.get(&code).cloned().unwrap_or(code)).collect();
            if all.is_empty() { Value::Empty } else { Value::List(all) }
        })
    }),
    full("opinion", |r, _| {
        whole(r, |c| c.assignment.as_ref().map_or(Value::Empty, |a| Value::of_text(&a.opinion)))
    }),
    line("due_at", |r, _| r.row.due_at.map_or(Value::Empty, Value::Time)),
    full("result", |r, _| whole(r, |c| Value::of_text(&c.result))),
    line("taken_by", |r, _| Value::of_text(r.row.taken_by.to_string())),
    line("bounces", |r, _| Value::Count(r.row.bounces)),
    full("reminders", |r, _| whole(r, |c| Value::Count(c.reminders))),
    full("reworks", |r, _| whole(r, |c| Value::Count(c.reworks))),
    full("earlier_case", |r, _| whole(r, |c| c.earlier_case.clone().map_or(Value::Empty, Value::Number))),
    line("satisfaction", |r, _| {
        Value::of_option(r.row.followed_up.and_then(|told| told.satisfaction).as_ref())
    }),
    line("satisfaction_name", |r, _| {
        let satisfaction = r.row.followed_up.and_then(|told| told.satisfaction);
        satisfaction.map_or(Value::Empty, |one| Value::of_text(name_of(Satisfaction::KIND, one.code())))
    }),
    line("solved", |r, _| {
        let solved = r.row.followed_up.and_then(|told| told.solved);
        solved.map_or(Value::Empty, |solved| Value::of_text(if solved { "yes" } else { "no" }))
    }),
    line("contacted", |r, _| {
        let contacted = r.row.followed_up.map(|told| told.contacted);
        contacted.map_or(Value::Empty, |reached| Value::of_text(if reached { "yes" } else { "no" }))
    }),
    line("followed_up_at", |r, _| r.row.followed_up_at.map_or(Value::Empty, Value::Time)),
    line("leader", |r, _| {
        r.row.leader.as_ref().map_or(Value::Empty, |leader| Value::Number(leader.number.clone()))
    }),
    line("attached", |r, _| Value::Count(r.row.attached)),
    line("id", |r, _| Value::of_text(r.row.id.to_string())),
];

/// The columns that are asked for, by key or by the name in the header; all if none is.
pub(super) fn chosen(names: &[String]) -> Result<Vec<&'static Column>, Failure> {
    if names.is_empty() {
        return Ok(COLUMNS.iter().collect());
    }
    let find = |name: &String| {
        let name = name.trim();
        COLUMNS.iter().find(|column| column.key == name || column.header() == name).ok_or_else(|| {
            let known = COLUMNS.iter().map(|column| column.key).collect::<Vec<_>>().join(", ");
            Failure::usage("export_column", t!("cli.export.column", name = name, known = known))
        })
    };
    names.iter().map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Language, name_in};

    #[test]
    fn every_column_has_a_name_of_its_own() {
        for language in Language::ALL {
            let names: std::collections::BTreeSet<_> =
                COLUMNS.iter().map(|column| name_in(*language, "export_column", column.key)).collect();
            assert_eq!(names.len(), COLUMNS.len(), "{language:?}");
        }
        assert_eq!(name_in(Language::Zh, "export_column", "text"), "诉求内容");
    }
}

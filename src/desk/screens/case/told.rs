//! A case in words: what its fields say and what happened to it, for whoever draws or speaks it.

use jiff::Timestamp;

use crate::desk::model::Model;
use crate::desk::widgets::table::Entry;
use crate::domain::amendment::{Amendment, Field};
use crate::domain::case::Caller;
use crate::domain::code::DepartmentCode;
use crate::domain::follow_up::FollowUp;
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
use crate::i18n::{name_of, outcome};
use crate::wire::case::{CaseView, EventView, LeaderView};

fn moment(model: &Model, at: Timestamp) -> String {
    let zone = model.zone();
    let age = crate::i18n::age(at, model.now, crate::i18n::current());
    format!("{}  {age}", crate::i18n::date_time(at, &zone))
}

/// The fields that say something: the code of the name, `field.CODE`, and the content as people typed it.
pub fn fields(model: &Model, case: &CaseView) -> Vec<(&'static str, String)> {
    let mut fields = Vec::new();
    let mut add = |name, content: &str| {
        if !content.is_empty() {
            fields.push((name, content.to_owned()));
        }
    };
    let row = &case.row;
    let city = model.city.as_deref();
    let department = |code: &DepartmentCode| {
        city.map_or_else(|| String::from("?"), |city| city.department(code).to_owned())
    };
    let kind = format!(
        "{} / {} / {}",
        name_of("kind", row.kind.code()),
        name_of("channel", case.channel.code()),
        name_of("urgency", row.urgency.code())
    );
    add("text", &case.text);
    add("kind", &kind);
    if row.confidential {
        add("confidential", &rust_i18n::t!("case.confidential_told"));
    }
    if let Some(leader) = &row.leader {
        add("leader", &led(model, leader));
    }
    add("attached", &attached(model, case));
    if let (Some(code), Some(city)) = (&row.matter, city) {
        add("matter", city.matter(code));
    }
    let division = match (&row.division, city) {
        (Some(code), Some(city)) => city.division(code),
        _ => "",
    };
    add("place", format!("{division} {}", case.place_detail).trim());
    if let Some(at) = case.occurred_at {
        add("occurred", &moment(model, at));
    }
    add("target", &case.target);
    add("caller", &caller(model, case));
    if let Some(number) = &case.earlier_case {
        add("earlier", &number.grouped());
    }
    add("tags", &case.tags.join(" "));
    add("remark", &case.remark);
    add("received", &format!("{}  {}", moment(model, row.received_at), row.taken_by));
    if let Some(told_at) = row.told_at {
        let at = crate::i18n::date_time(told_at, &model.zone());
        add("doubt", &rust_i18n::t!("doubt.to_confirm_doubtful", at = at));
    }
    if row.late {
        add("doubt", &rust_i18n::t!("doubt.to_confirm_late"));
    }
    if let (Some(told), Some(at)) = (row.followed_up, row.followed_up_at) {
        add("followed_up", &format!("{}  {}", outcome(told), moment(model, at)));
    }
    if let Some(assignment) = &case.assignment {
        let task = |task: &crate::wire::case::TaskView| {
            format!("{} ({})", department(&task.department), name_of("task_state", task.state.code()))
        };
        add("lead", &task(&assignment.lead));
        let assisting: Vec<_> = assignment.assisting.iter().map(task).collect();
        add("assisting", &assisting.join("、"));
        add("opinion", &assignment.opinion);
        add("due", &moment(model, assignment.due_at));
        add("reply", &assignment.lead.reply);
        add("public_answer", &assignment.public_answer);
    }
    add("result", &case.result);
    let counts =
        [("case.bounces", row.bounces), ("case.reminders", case.reminders), ("case.reworks", case.reworks)];
    let counts = counts.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| match key {
        "case.bounces" => rust_i18n::t!("case.bounces", n = n),
        "case.reminders" => rust_i18n::t!("case.reminders", n = n),
        _ => rust_i18n::t!("case.reworks", n = n),
    });
    add("counts", &counts.collect::<Vec<_>>().join("  "));
    fields
}

/// The case that leads this one: what becomes of it is what becomes of both.
fn led(model: &Model, leader: &LeaderView) -> String {
    let (number, state) = (leader.number.grouped(), name_of("state", leader.state.code()));
    let words = if let Some(due) = leader.due_at.filter(|_| !leader.state.is_finished()) {
        let due = crate::i18n::date_time(due, &model.zone());
        rust_i18n::t!("merge.led_due", number = number, state = state, due = due)
    } else {
        rust_i18n::t!("merge.led", number = number, state = state)
    };
    words.into_owned()
}

/// The calls merged into this case, a line each: its number, when, who as far as that is shown.
fn attached(model: &Model, case: &CaseView) -> String {
    let n = case.attached_cases.len();
    if n == 0 {
        return String::new();
    }
    let mut lines = vec![if case.row.state.is_finished() {
        rust_i18n::t!("merge.call_back", n = n).into_owned()
    } else {
        rust_i18n::t!("merge.attached", n = n).into_owned()
    }];
    for other in &case.attached_cases {
        let at = crate::i18n::date_time(other.received_at, &model.zone());
        let secret = if other.confidential {
            format!("[{}]", rust_i18n::t!("case.confidential"))
        } else {
            String::new()
        };
        let who = other.caller.as_ref().map(|caller| {
            let number = caller.contact.as_ref().or(caller.number.as_ref());
            format!("{} {}", caller.name, number.map(String::as_str).unwrap_or_default())
        });
        let parts = [other.number.grouped(), at, secret, who.unwrap_or_default()];
        let parts: Vec<_> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        lines.push(parts.join("  "));
    }
    lines.join("\n")
}

/// Who called: in full once it was asked for on the record, masked until then.
pub fn caller(model: &Model, case: &CaseView) -> String {
    let full = model.case.caller.as_ref().filter(|_| model.case.id == Some(case.row.id));
    let parts = match (full, &case.caller) {
        (Some(caller), _) => vec![
            caller.name.clone(),
            caller.sex.map(|sex| name_of("sex", sex.code())).unwrap_or_default(),
            caller.number.as_ref().map(crate::domain::phone::PhoneNumber::display).unwrap_or_default(),
            caller.contact.as_ref().map(crate::domain::phone::PhoneNumber::display).unwrap_or_default(),
        ],
        (None, Some(masked)) => vec![
            masked.name.clone(),
            masked.sex.map(|sex| name_of("sex", sex.code())).unwrap_or_default(),
            masked.number.clone().unwrap_or_default(),
            masked.contact.clone().unwrap_or_default(),
        ],
        (None, None) => Vec::new(),
    };
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("  ")
}

/// What a change makes of a field, in words; empty where it says nothing of it, or empties it.
pub fn amended(model: &Model, fields: &Amendment, field: Field) -> String {
    let city = model.city.as_deref();
    let zone = model.zone();
    let words = match field {
        Field::Channel => fields.channel.map(|channel| name_of("channel", channel.code())),
        Field::Kind => fields.kind.map(|kind| name_of("kind", kind.code())),
        Field::Caller => Some(match &fields.caller {
            Some(caller) => in_full(caller),
            None => rust_i18n::t!("clash.masked").into_owned(),
        }),
        Field::Matter => {
            let code = fields.matter.as_ref().and_then(Option::as_ref);
            code.zip(city).map(|(code, city)| city.matter(code).to_owned())
        }
        Field::Title => fields.title.clone(),
        Field::Text => fields.text.clone(),
        Field::Place => fields.place.as_ref().map(|place| {
            let division = place.division.as_ref().zip(city).map(|(code, city)| city.division(code));
            format!("{} {}", division.unwrap_or_default(), place.detail).trim().to_owned()
        }),
        Field::OccurredAt => fields.occurred_at.flatten().map(|at| crate::i18n::date_time(at, &zone)),
        Field::Target => fields.target.clone(),
        Field::Urgency => fields.urgency.map(|urgency| name_of("urgency", urgency.code())),
        Field::Confidential => {
            fields.confidential.map(|asked| name_of("confidential", if asked { "yes" } else { "no" }))
        }
        Field::EarlierCase => fields.earlier_case.as_ref().and_then(Option::as_ref).map(CaseNumber::grouped),
        Field::Tags => fields.tags.as_ref().map(|tags| tags.join(" ")),
        Field::Remark => fields.remark.clone(),
    };
    words.unwrap_or_default()
}

fn in_full(caller: &Caller) -> String {
    let number = |number: &Option<PhoneNumber>| number.as_ref().map(PhoneNumber::display);
    let sex = caller.sex.map(|sex| name_of("sex", sex.code()));
    let parts = [Some(caller.name.clone()), sex, number(&caller.number), number(&caller.contact)];
    let parts: Vec<_> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join("  ")
}

/// All that a follow-up may bring, to be chosen from.
pub fn outcomes() -> Vec<Entry> {
    let entry = |(at, one): (usize, &FollowUp)| Entry {
        code: at.to_string(),
        name: outcome((*one).into()),
        ..Entry::default()
    };
    FollowUp::ALL.iter().enumerate().map(entry).collect()
}

/// What happened: when, what, by whom, and the rest of it, line by line, as people typed it.
pub fn event(model: &Model, event: &EventView) -> [String; 4] {
    let zone = model.zone();
    let departments: Vec<_> = match model.city.as_deref() {
        Some(city) => event.departments.iter().map(|code| city.department(code)).collect(),
        None => Vec::new(),
    };
    let mut body = event.other.as_ref().map(CaseNumber::grouped).unwrap_or_default();
    body.push_str(&departments.join("、"));
    body.extend(event.outcome.map(outcome));
    for part in [
        event.text.as_str(),
        &event.fields.iter().map(|name| name_of("changed", name)).collect::<Vec<_>>().join("、"),
    ] {
        if !part.is_empty() {
            if !body.is_empty() {
                body.push('\n');
            }
            body.push_str(part);
        }
    }
    if let Some(due) = event.due_at {
        let due = crate::i18n::date_time(due, &zone);
        body = format!("{body}\n{}", rust_i18n::t!("case.due", at = due));
    }
    if let Some(told) = event.told_at {
        let told = crate::i18n::date_time(told, &zone);
        body = format!("{body}\n{}", rust_i18n::t!("doubt.told_at", at = told));
    }
    if let Some(since) = event.late_since {
        let since = crate::i18n::date_time(since, &zone);
        body = format!("{body}\n{}", rust_i18n::t!("doubt.late_since", at = since));
    }
    let at = crate::i18n::date_time(event.at, &zone);
    [at, name_of("event", &event.event), event.by.to_string(), body.trim().to_owned()]
}

//! `huiyin case show NUMBER`: its fields and its timeline.

use clap::Args;
use jiff::tz::TimeZone;
use rust_i18n::t;

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::{output, resolve, value};
use crate::client::Client;
use crate::domain::code::{DepartmentCode, DivisionCode};
use crate::domain::number::CaseNumber;
use crate::i18n::{date_time, name_of, outcome};
use crate::wire::case::{CaseView, EventView};

/// Which case.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// 工单编号 / the case number
    #[arg(value_parser = value::case_number)]
    number: CaseNumber,
}

pub(super) async fn run(args: &ShowArgs, context: &Context, client: &Client) -> Result<(), Failure> {
    let case = client.case_by_number(&args.number).await?;
    let timeline = client.timeline(case.row.id).await?;
    if context.json {
        return output::json(&serde_json::json!({ "case": case, "events": timeline.events }));
    }
    let zone = resolve::zone(&resolve::profile(client).await?);
    tell(&case, &zone);
    timeline.events.iter().for_each(|event| tell_event(event, &zone));
    Ok(())
}

/// The case for a person to read.
pub(super) fn tell(case: &CaseView, zone: &TimeZone) {
    let row = &case.row;
    output::say(&format!("{}  {}", row.number.grouped(), name_of("state", row.state.code())));
    output::say(&row.title);
    output::say(&format!(
        "{} · {} · {} · {}",
        name_of("channel", case.channel.code()),
        name_of("kind", row.kind.code()),
        name_of("urgency", row.urgency.code()),
        date_time(row.received_at, zone),
    ));
    let place =
        row.division.as_ref().map(DivisionCode::as_str).into_iter().chain([case.place_detail.as_str()]);
    let place = place.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if !place.is_empty() {
        output::say(&format!("{}: {place}", t!("cli.case.place")));
    }
    if let Some(assignment) = &case.assignment {
        let assisting = assignment.assisting.iter().map(|task| task.department.as_str());
        let all: Vec<_> = std::iter::once(assignment.lead.department.as_str()).chain(assisting).collect();
        let due = date_time(assignment.due_at, zone);
        output::say(&format!("{}: {} ({due})", t!("cli.case.departments"), all.join(", ")));
    }
    if let Some(leader) = &row.leader {
        let state = name_of("state", leader.state.code());
        output::say(&format!("{}: {} ({state})", name_of("field", "leader"), leader.number.grouped()));
    }
    if let (Some(told), Some(at)) = (row.followed_up, row.followed_up_at) {
        let at = date_time(at, zone);
        output::say(&format!("{}: {} ({at})", name_of("field", "followed_up"), outcome(told)));
    }
    for other in &case.attached_cases {
        output::say(&format!("{}: {}", name_of("field", "attached"), other.number.grouped()));
    }
    output::say("");
    output::say_block(&case.text);
    if !case.result.is_empty() {
        output::say("");
        output::say_block(&case.result);
    }
    output::say("");
}

fn tell_event(event: &EventView, zone: &TimeZone) {
    let departments = event.departments.iter().map(DepartmentCode::as_str).collect::<Vec<_>>().join(", ");
    let parts =
        [date_time(event.at, zone), event.by.to_string(), name_of("event", &event.event), departments];
    output::say(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  "));
    if let Some(other) = &event.other {
        output::say(&other.grouped());
    }
    if let Some(told) = event.outcome {
        output::say(&outcome(told));
    }
    if !event.text.is_empty() {
        output::say_block(&event.text);
    }
}

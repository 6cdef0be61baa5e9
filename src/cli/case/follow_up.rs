//! `huiyin case follow-up NUMBER --satisfaction CODE [--unsolved]` and `… --not-reached`: what the caller said when they
//! were asked whether it was solved.

use clap::Args;

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::value;
use super::merge::act;
use crate::client::Client;
use crate::domain::act::Act;
use crate::domain::follow_up::{FollowUp, Satisfaction};
use crate::domain::number::CaseNumber;

/// Which case, and what the caller said.
#[derive(Debug, Args)]
pub(super) struct FollowUpArgs {
    /// 工单编号 / the case number
    #[arg(value_parser = value::case_number)]
    number: CaseNumber,
    /// 满意度 / what the caller thinks of it
    #[arg(long, value_name = "CODE", required_unless_present = "not_reached", conflicts_with = "not_reached",
        value_parser = value::code::<Satisfaction>(Satisfaction::ALL.iter().map(|one| one.code())))]
    satisfaction: Option<Satisfaction>,
    /// 问题没有解决 / it was not solved
    #[arg(long, conflicts_with = "not_reached")]
    unsolved: bool,
    /// 未联系上来电人 / the caller was not reached
    #[arg(long)]
    not_reached: bool,
    /// 回访说明 / in the caller's words, or why they were not reached
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    text: String,
}

pub(super) async fn run(args: FollowUpArgs, context: &Context, client: &Client) -> Result<(), Failure> {
    let FollowUpArgs { number, satisfaction, unsolved, text, .. } = args;
    let outcome = satisfaction
        .map_or(FollowUp::NotReached, |satisfaction| FollowUp::Reached { solved: !unsolved, satisfaction });
    act(&number, Act::FollowUp { outcome, text }, context, client).await
}

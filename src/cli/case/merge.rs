//! `huiyin case merge NUMBER --into NUMBER` and `huiyin case unmerge NUMBER --reason TEXT`: one case for one event, and
//! the undoing of it.

use clap::Args;

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::{output, resolve, value};
use super::show;
use crate::client::Client;
use crate::domain::act::Act;
use crate::domain::id::EventId;
use crate::domain::number::CaseNumber;

/// Which case, and which leads it from now on.
#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// 工单编号 / the case number
    #[arg(value_parser = value::case_number)]
    number: CaseNumber,
    /// 主单的工单编号 / the number of the case that leads
    #[arg(long, value_name = "NUMBER", value_parser = value::case_number)]
    into: CaseNumber,
}

/// Which case, and why.
#[derive(Debug, Args)]
pub(super) struct UnmergeArgs {
    /// 工单编号 / the case number
    #[arg(value_parser = value::case_number)]
    number: CaseNumber,
    /// 拆单理由 / why the merge is undone
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) async fn merge(args: MergeArgs, context: &Context, client: &Client) -> Result<(), Failure> {
    act(&args.number, Act::Merge { into: args.into }, context, client).await
}

pub(super) async fn unmerge(args: UnmergeArgs, context: &Context, client: &Client) -> Result<(), Failure> {
    act(&args.number, Act::Unmerge { reason: args.reason }, context, client).await
}

/// Does an act on the case with that number as it stands, and shows what has become of it.
pub(super) async fn act(
    number: &CaseNumber,
    act: Act,
    context: &Context,
    client: &Client,
) -> Result<(), Failure> {
    let case = client.case_by_number(number).await?;
    let (now, random) = context.fresh()?;
    let case = client.act(case.row.id, case.row.version, EventId::new(now, random), act).await?;
    if context.json {
        return output::json(&case);
    }
    show::tell(&case, &resolve::zone(&resolve::profile(client).await?));
    Ok(())
}

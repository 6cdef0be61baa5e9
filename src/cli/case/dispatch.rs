//! `huiyin case dispatch NUMBER --lead DEPARTMENT`: gives a case to departments.

use clap::Args;

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::{output, resolve, value};
use super::show;
use crate::client::Client;
use crate::domain::act::Act;
use crate::domain::event::Order;
use crate::domain::id::EventId;
use crate::domain::number::CaseNumber;

/// Which case, and to whom.
#[derive(Debug, Args)]
pub(super) struct DispatchArgs {
    /// 工单编号 / the case number
    #[arg(value_parser = value::case_number)]
    number: CaseNumber,
    /// 主办单位：代码或名称 / the lead department, code or name
    #[arg(long, value_name = "DEPARTMENT")]
    lead: String,
    /// 协办单位，可多次 / an assisting department, repeatable
    #[arg(long, value_name = "DEPARTMENT")]
    assist: Vec<String>,
    /// 转派意见 / what they are told
    #[arg(long, default_value = "", value_name = "TEXT")]
    opinion: String,
}

pub(super) async fn run(args: DispatchArgs, context: &Context, client: &Client) -> Result<(), Failure> {
    let profile = resolve::profile(client).await?;
    let lead = resolve::department(&profile, &args.lead)?;
    let assisting =
        args.assist.iter().map(|name| resolve::department(&profile, name)).collect::<Result<_, _>>()?;
    let case = client.case_by_number(&args.number).await?;
    let (now, random) = context.fresh()?;
    let act = Act::Dispatch(Order { lead, assisting, opinion: args.opinion });
    let case = client.act(case.row.id, case.row.version, EventId::new(now, random), act).await?;
    if context.json {
        return output::json(&case);
    }
    show::tell(&case, &resolve::zone(&profile));
    Ok(())
}

//! `huiyin case new|show|dispatch|follow-up|merge|unmerge`.

mod dispatch;
mod follow_up;
mod merge;
mod new;
mod show;

use clap::{Args, Subcommand};

use super::context::{Context, block_on};
use super::failure::Failure;
use super::reach::Connection;
use super::sign_in::SignInArgs;

/// What to do with a case.
#[derive(Debug, Args)]
pub(super) struct CaseArgs {
    #[command(subcommand)]
    command: CaseCommand,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, Subcommand)]
enum CaseCommand {
    /// 新建工单 / file a case
    New(Box<new::NewArgs>),
    /// 查看工单 / show a case
    Show(show::ShowArgs),
    /// 派单 / dispatch a case
    Dispatch(dispatch::DispatchArgs),
    /// 回访 / write down a follow-up
    FollowUp(follow_up::FollowUpArgs),
    /// 并单 / merge a case into the one that leads
    Merge(merge::MergeArgs),
    /// 拆单 / undo a merge
    Unmerge(merge::UnmergeArgs),
}

pub(super) fn run(args: CaseArgs, context: &Context) -> Result<(), Failure> {
    block_on(async {
        let connection = Connection::open(context, &args.sign_in).await?;
        let done = match args.command {
            CaseCommand::New(new) => new::run(*new, context, &connection.client).await,
            CaseCommand::Show(show) => show::run(&show, context, &connection.client).await,
            CaseCommand::Dispatch(order) => dispatch::run(order, context, &connection.client).await,
            CaseCommand::FollowUp(asked) => follow_up::run(asked, context, &connection.client).await,
            CaseCommand::Merge(both) => merge::merge(both, context, &connection.client).await,
            CaseCommand::Unmerge(case) => merge::unmerge(case, context, &connection.client).await,
        };
        connection.close().await;
        done
    })
}

//! `huiyin suggest rebuild`: what is suggested is learned anew from the first case on, for a lead.

use clap::{Args, Subcommand};
use rust_i18n::t;

use super::context::{Context, block_on};
use super::failure::Failure;
use super::output;
use super::reach::Connection;
use super::sign_in::SignInArgs;

/// What to do with what was learned.
#[derive(Debug, Args)]
pub(super) struct SuggestArgs {
    #[command(subcommand)]
    command: SuggestCommand,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, Subcommand)]
enum SuggestCommand {
    /// 从第一件工单起全部重学，须值班长 / learn everything anew from the first case on, as a lead
    Rebuild,
}

pub(super) fn run(args: &SuggestArgs, context: &Context) -> Result<(), Failure> {
    let SuggestCommand::Rebuild = args.command;
    block_on(async {
        let connection = Connection::open(context, &args.sign_in).await?;
        let asked = connection.client.rebuild_suggestions().await;
        connection.close().await;
        asked?;
        if context.json {
            return output::json(&serde_json::json!({ "rebuilding": true }));
        }
        output::say(&t!("cli.suggest.rebuilding"));
        Ok(())
    })
}

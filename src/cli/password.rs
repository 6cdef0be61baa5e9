//! `huiyin password`: one's own password, and with it the key of one's drafts on this machine.

use std::path::PathBuf;

use clap::Args;
use rust_i18n::t;

use super::context::{Context, block_on};
use super::failure::Failure;
use super::reach::Connection;
use super::sign_in::{SignInArgs, password_from};
use super::{output, terminal};
use crate::i18n::name_of;
use crate::journal::{Journal, JournalError};

/// Whose, and the new one.
#[derive(Debug, Args)]
pub(super) struct PasswordArgs {
    /// 存放新密码的文件；不给则询问 / the file that holds the new password, asked for if absent
    #[arg(long, value_name = "FILE")]
    new_password_file: Option<PathBuf>,
    #[command(flatten)]
    sign_in: SignInArgs,
}

pub(super) fn run(args: &PasswordArgs, context: &Context) -> Result<(), Failure> {
    let (name, old) = args.sign_in.who()?;
    let new = match &args.new_password_file {
        Some(path) => password_from(path)?,
        None => terminal::ask_new_password()?,
    };
    // Held before anything is changed: a desk that is open would go on sealing with the old password.
    let journal = journal(context)?;
    block_on(async {
        let connection = Connection::open_as(context, &name, &old).await?;
        let changed = connection.client.change_own_password(&old, &new).await;
        connection.close().await;
        Ok(changed?)
    })?;
    if let Some(Err(error)) = journal.map(|journal| journal.rewrap(&name, &old, &new)) {
        // The server has the new password; drafts sealed with one before the last stay as they are.
        output::complain(&name_of("journal", error.code()));
    }
    if context.json {
        return output::json(&serde_json::json!({ "name": name, "changed": true }));
    }
    output::say(&t!("cli.password.done"));
    Ok(())
}

/// The drafts on this machine, if there are any.
fn journal(context: &Context) -> Result<Option<Journal>, Failure> {
    let folder = &context.config.paths.state;
    let open = || match Journal::count(folder)? {
        None => Ok(None),
        Some(_) => Journal::open(folder, "", &context.clock, |_| {}).map(Some),
    };
    open().map_err(|error: JournalError| Failure::refused("journal", name_of("journal", error.code())))
}

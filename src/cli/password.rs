//! `huiyin password`: one's own password, and with it the key of one's drafts on this machine.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use rust_i18n::t;

use super::context::{Context, block_on};
use super::failure::Failure;
use super::reach::{Connection, realm};
use super::sign_in::{SignInArgs, password_from};
use super::{output, terminal};
use crate::i18n::name_of;
use crate::journal::{Journal, JournalError, NotChanged, change_password};

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
    // Held before anything is changed: a desk that is open would have to be told.
    let journal = journal(context)?.map(Arc::new);
    block_on(async {
        let connection = Connection::open_as(context, &name, &old).await?;
        let changed = change_password(&connection.client, journal.as_ref(), &name, &old, &new).await;
        connection.close().await;
        changed.map_err(told)
    })?;
    if context.json {
        return output::json(&serde_json::json!({ "name": name, "changed": true }));
    }
    output::say(&t!("cli.password.done"));
    Ok(())
}

fn told(why: NotChanged) -> Failure {
    match why {
        NotChanged::Refused(error) => error.into(),
        NotChanged::Unknown(_) => Failure::refused("password_unknown", t!("password.unknown")),
        NotChanged::Journal(error) => Failure::refused("journal", name_of("journal", error.code())),
    }
}

/// The drafts on this machine of that server, if there are any.
fn journal(context: &Context) -> Result<Option<Journal>, Failure> {
    let folder = &context.config.paths.state;
    let realm = realm(&context.config)?;
    let open = || match Journal::count(folder)? {
        None => Ok(None),
        Some(_) => Journal::open(folder, &realm, &context.clock, |_| {}).map(Some),
    };
    open().map_err(|error: JournalError| Failure::refused("journal", name_of("journal", error.code())))
}

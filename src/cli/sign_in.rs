//! Signing a command in: by `HUIYIN_USER` and `HUIYIN_PASSWORD_FILE`, by flags, or by asking.

use std::path::PathBuf;

use clap::Args;
use rust_i18n::t;

use super::failure::Failure;
use super::{output, terminal};
use crate::client::Client;
use crate::config::{read_secret_file, world_readable};
use crate::domain::account::AccountName;
use crate::domain::secret::Secret;

/// Who asks.
#[derive(Debug, Args)]
pub(super) struct SignInArgs {
    /// 账号 / the account
    #[arg(long, global = true, env = "HUIYIN_USER", value_name = "NAME")]
    user: Option<String>,
    /// 存放密码的文件 / the file that holds its password
    #[arg(long, global = true, env = "HUIYIN_PASSWORD_FILE", value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl SignInArgs {
    /// The name and the password, asked for where they are not given.
    pub(super) fn who(&self) -> Result<(AccountName, Secret), Failure> {
        let manned = terminal::is_manned();
        let who = match &self.user {
            Some(name) => name.clone(),
            None if manned => terminal::ask(&t!("cli.ask.user"))?,
            None => return Err(Failure::refused("sign_in_how", t!("cli.sign_in.how"))),
        };
        let wrong = || Failure::refused("wrong_password", crate::i18n::name_of("problem", "wrong_password"));
        let name: AccountName = who.parse().map_err(|_| wrong())?;
        let password = match &self.password_file {
            Some(path) => password_from(path)?,
            None if manned => terminal::ask_password(&t!("cli.ask.password"))?,
            None => return Err(Failure::refused("sign_in_how", t!("cli.sign_in.how"))),
        };
        Ok((name, password))
    }
}

/// Signs in, and gives the client that asks for that account.
pub(super) async fn sign_in(
    client: &Client,
    name: &AccountName,
    password: &Secret,
) -> Result<Client, Failure> {
    let session = client.sign_in(name, password).await?;
    Ok(client.with_token(Secret::new(session.token)))
}

/// Reads a password file, and says so if others can read it too. It is not refused: where secrets are mounted
/// into containers they are readable to everybody inside.
pub(super) fn password_from(path: &std::path::Path) -> Result<Secret, Failure> {
    if world_readable(path).unwrap_or_default() {
        output::complain(&t!("cli.password_file.open", path = path.display()));
    }
    Ok(read_secret_file(path)?)
}

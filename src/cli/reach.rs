//! How a command reaches its server: the one that is configured, or the one embedded in this program.

use super::context::Context;
use super::failure::Failure;
use super::sign_in::{SignInArgs, sign_in};
use crate::client::Client;
use crate::config::Config;

/// A client, signed in for one command, and what must be put away after it.
pub(super) struct Connection {
    pub(super) client: Client,
}

impl Connection {
    /// Reaches the server and signs in.
    pub(super) async fn open(context: &Context, args: &SignInArgs) -> Result<Self, Failure> {
        let client = configured(&context.config)?
            .ok_or_else(|| Failure::Usage(rust_i18n::t!("cli.no_server").into_owned()))?;
        Ok(Self { client: sign_in(&client, args).await? })
    }

    /// Signs out: an account has few sessions at once.
    pub(super) async fn close(self) {
        let _ = self.client.sign_out().await;
    }
}

/// The client of the server that the settings name, if they name one.
pub(super) fn configured(config: &Config) -> Result<Option<Client>, Failure> {
    let Some(server) = &config.server else { return Ok(None) };
    let ca = match &config.ca {
        Some(path) => Some(
            std::fs::read(path)
                .map_err(|source| crate::config::ConfigError::Unreadable { path: path.clone(), source })?,
        ),
        None => None,
    };
    Ok(Some(Client::new(server, ca.as_deref())?))
}

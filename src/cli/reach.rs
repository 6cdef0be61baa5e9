//! How a command reaches its server: the one that is configured, or the one embedded in this program.

use super::context::Context;
use super::failure::Failure;
use super::sign_in::{SignInArgs, sign_in};
use crate::client::Client;
use crate::config::Config;
use crate::domain::account::AccountName;
use crate::domain::secret::Secret;

/// What the desk calls the embedded server: the drafts and the cache are kept under it.
pub(super) const EMBEDDED: &str = "embedded";

/// A client, signed in for one command, and what must be put away after it.
pub(super) struct Connection {
    pub(super) client: Client,
    #[cfg(feature = "server")]
    embedded: Option<super::embedded::Embedded>,
}

impl Connection {
    /// Reaches the server and signs in.
    pub(super) async fn open(context: &Context, args: &SignInArgs) -> Result<Self, Failure> {
        let (name, password) = args.who()?;
        Self::open_as(context, &name, &password).await
    }

    /// The same for somebody who has said who it is.
    pub(super) async fn open_as(
        context: &Context,
        name: &AccountName,
        password: &Secret,
    ) -> Result<Self, Failure> {
        if let Some(client) = configured(&context.config)? {
            let client = sign_in(&client, name, password).await?;
            return Ok(Self {
                client,
                #[cfg(feature = "server")]
                embedded: None,
            });
        }
        #[cfg(feature = "server")]
        {
            let embedded = super::embedded::attach(context).await?;
            match sign_in(embedded.client(), name, password).await {
                Ok(client) => Ok(Self { client, embedded: Some(embedded) }),
                Err(failure) => {
                    embedded.stop().await;
                    Err(failure)
                }
            }
        }
        #[cfg(not(feature = "server"))]
        Err(Failure::usage("no_server", rust_i18n::t!("cli.no_server")))
    }

    /// Signs out, for an account has few sessions at once, and stops the server if it was this command's own.
    pub(super) async fn close(self) {
        let _ = self.client.sign_out().await;
        #[cfg(feature = "server")]
        if let Some(embedded) = self.embedded {
            drop(self.client);
            embedded.stop().await;
        }
    }
}

/// What the desk calls that server where it keeps things: its address, or a word for the embedded one.
pub(super) fn realm(config: &Config) -> Result<String, Failure> {
    Ok(configured(config)?.map_or_else(|| EMBEDDED.to_owned(), |client| client.server().to_owned()))
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

//! Accounts.

use reqwest::Method;
use reqwest::header::HeaderValue;

use super::{Client, ClientError};
use crate::domain::account::AccountName;
use crate::domain::secret::Secret;
use crate::wire::account::{Account, AccountChange, Accounts, NewAccount, PasswordChange};

/// The header by which the program that holds an empty server makes its first account.
const SETUP: &str = "huiyin-setup";

impl Client {
    /// `POST /v1/accounts/first`: makes the first account of an empty server, by the secret of whoever started it.
    pub async fn make_first_account(
        &self,
        setup_secret: &Secret,
        account: &NewAccount,
    ) -> Result<Account, ClientError> {
        let mut secret =
            HeaderValue::from_str(setup_secret.expose()).map_err(|_| ClientError::NotUnderstood)?;
        secret.set_sensitive(true);
        let nobody = self.without_token();
        let request = nobody.request(Method::POST, &["accounts", "first"]);
        self.send(request.header(SETUP, secret).json(account)).await?.json()
    }

    /// `GET /v1/accounts`.
    pub async fn accounts(&self) -> Result<Accounts, ClientError> {
        self.get(&["accounts"]).await
    }

    /// `POST /v1/accounts`.
    pub async fn make_account(&self, account: &NewAccount) -> Result<Account, ClientError> {
        self.post(&["accounts"], account).await
    }

    /// `PUT /v1/accounts/me/password`: gives oneself another password; one's other sessions end.
    pub async fn change_own_password(&self, old: &Secret, new: &Secret) -> Result<(), ClientError> {
        let body = PasswordChange { old: old.expose().to_owned(), new: new.expose().to_owned() };
        let request = self.request(Method::PUT, &["accounts", "me", "password"]);
        self.send(request.json(&body)).await.map(drop)
    }

    /// `PATCH /v1/accounts/{name}`.
    pub async fn change_account(
        &self,
        name: &AccountName,
        change: &AccountChange,
    ) -> Result<Account, ClientError> {
        self.send(self.request(Method::PATCH, &["accounts", name.as_str()]).json(change)).await?.json()
    }
}

//! Accounts and sessions.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::account::AccountName;
use crate::domain::code::{DepartmentCode, Role};

/// `POST /v1/sessions`: a name and a password for a session.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account.
    pub name: String,
    /// Its password, 8 to 128 characters.
    pub password: String,
}

/// The answer: a token to send as `Authorization: Bearer …`, and whose it is.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Session {
    /// Opaque; known to the server by its hash only.
    pub token: String,
    /// Whose it is.
    pub account: Account,
    /// The end of the session, however busy.
    #[cfg_attr(feature = "server", schema(value_type = String, format = DateTime))]
    pub expires_at: Timestamp,
    /// Seconds without a request after which it ends.
    pub idle_seconds: u32,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("account", &self.account).finish_non_exhaustive()
    }
}

/// An account as others may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Account {
    /// The name to sign in with.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub name: AccountName,
    /// What it may do.
    pub role: Role,
    /// A handler's departments.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(value_type = Vec<String>))]
    pub departments: Vec<DepartmentCode>,
    /// Whether it can sign in no more.
    #[serde(default)]
    pub disabled: bool,
}

/// `POST /v1/accounts`, and `POST /v1/accounts/first` with the setup secret.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// The name to sign in with.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub name: AccountName,
    /// 8 to 128 characters.
    pub password: String,
    /// What it may do.
    pub role: Role,
    /// A handler's departments.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(value_type = Vec<String>))]
    pub departments: Vec<DepartmentCode>,
}

/// `PATCH /v1/accounts/{name}`: what changes.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct AccountChange {
    /// A new role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Other departments.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<Vec<String>>))]
    pub departments: Option<Vec<DepartmentCode>>,
    /// Whether it can sign in no more; its sessions end at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// A new password; its sessions end at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// `PUT /v1/accounts/me/password`: one's own.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The one that holds.
    pub old: String,
    /// The next, 8 to 128 characters.
    pub new: String,
}

/// `GET /v1/accounts`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Accounts {
    /// By name.
    pub accounts: Vec<Account>,
}

/// `GET /v1/setup`: whether anybody has an account yet; needs no session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Setup {
    /// True until the first account is made.
    pub needs_first_account: bool,
}

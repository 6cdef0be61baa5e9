//! Who works here: account names, and what each role may do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::code::{DepartmentCode, Role};

/// The name a person signs in with: 1 to 64 characters, no white space, no control or invisible characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(try_from = "String", into = "String")]
pub struct AccountName(String);

/// Text that cannot be an account name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an account name has 1 to 64 letters, digits or marks and no blanks")]
pub struct NotAName;

impl AccountName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for AccountName {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Names are compared byte by byte, so one spelling of each must be the only one.
        let name: String = super::normalise::normalise(text);
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
        if (1..=64).contains(&name.chars().count()) && name.chars().all(plain) {
            Ok(Self(name))
        } else {
            Err(NotAName)
        }
    }
}

impl TryFrom<String> for AccountName {
    type Error = NotAName;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AccountName> for String {
    fn from(name: AccountName) -> Self {
        name.0
    }
}

/// What an account may be allowed; each route names the one it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Read the city profile, one's own account and sessions.
    SignedIn,
    /// Create cases and change those that are open.
    TakeCases,
    /// Search and read all cases.
    ReadCases,
    /// Read and act on the cases of one's own departments.
    HandleCases,
    /// See who called, recorded each time.
    SeeCallers,
    /// Void, reopen and close any case; redispatch others' cases.
    SteerShift,
    /// Make, change and disable accounts.
    ManageAccounts,
    /// Read the audit trail.
    ReadAudit,
}

impl Permission {
    /// Whether `role` has this permission.
    pub const fn granted_to(self, role: Role) -> bool {
        use Role::{Admin, Agent, Auditor, Handler, Lead, Trainer};
        match self {
            Self::SignedIn => true,
            Self::TakeCases | Self::SeeCallers => matches!(role, Agent | Lead | Admin),
            Self::ReadCases => matches!(role, Agent | Lead | Trainer | Auditor | Admin),
            Self::HandleCases => matches!(role, Handler | Lead | Admin),
            Self::SteerShift => matches!(role, Lead | Admin),
            Self::ManageAccounts => matches!(role, Admin),
            Self::ReadAudit => matches!(role, Auditor | Admin),
        }
    }
}

/// Who acts: the account, its role, and for a handler the departments it speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub name: AccountName,
    /// Its role.
    pub role: Role,
    /// The departments of a handler; empty for everybody else.
    pub departments: Vec<DepartmentCode>,
}

impl Actor {
    /// Whether this person has `permission`.
    pub fn may(&self, permission: Permission) -> bool {
        permission.granted_to(self.role)
    }

    /// Whether this person may speak for `department`: its own handlers, and leads for it.
    pub fn speaks_for(&self, department: &DepartmentCode) -> bool {
        self.may(Permission::SteerShift) || self.departments.contains(department)
    }
}

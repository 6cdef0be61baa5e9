//! Who may sign in. Passwords come and go as PHC strings; hashing is the server's.

use jiff::Timestamp;

use super::sessions::TokenHash;
use super::tx::{Row, document, statements};
use super::{StoreError, Tx, sessions};
use crate::domain::account::{AccountName, Actor};
use crate::domain::code::{DepartmentCode, Role};

statements! {
    /// By primary key.
    FIND = "SELECT name, role, departments, disabled, password, created_at FROM account WHERE name = $1";
    /// By primary key.
    LIST = "SELECT name, role, departments, disabled, password, created_at FROM account ORDER BY name";
    /// By primary key; nothing if the name is taken.
    CREATE = "INSERT INTO account (name, role, departments, disabled, password, created_at)
        VALUES ($1, $2, $3, 0, $4, $5) ON CONFLICT DO NOTHING";
    /// By primary key.
    CHANGE = "UPDATE account SET role = $1, departments = $2, disabled = $3, password = $4 WHERE name = $5";
    /// The first row will do.
    ANY = "SELECT 1 FROM account LIMIT 1";
}

/// An account as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The name to sign in with.
    pub name: AccountName,
    /// What it may do.
    pub role: Role,
    /// A handler's departments.
    pub departments: Vec<DepartmentCode>,
    /// Whether it can sign in no more.
    pub disabled: bool,
    /// The PHC string of its password.
    pub password: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("name", &self.name).field("role", &self.role).finish_non_exhaustive()
    }
}

impl Account {
    /// The account as one who acts.
    pub fn actor(&self) -> Actor {
        Actor { name: self.name.clone(), role: self.role, departments: self.departments.clone() }
    }
}

/// What changes; an absent field stays.
#[derive(Clone, Default)]
pub struct Change {
    /// A new role.
    pub role: Option<Role>,
    /// Other departments.
    pub departments: Option<Vec<DepartmentCode>>,
    /// Whether it can sign in no more.
    pub disabled: Option<bool>,
    /// The PHC string of a new password.
    pub password: Option<String>,
}

/// The account of that name.
pub fn find(tx: &mut dyn Tx, name: &AccountName) -> Result<Option<Account>, StoreError> {
    tx.row(FIND, &[name.as_str().into()])?.as_ref().map(account).transpose()
}

/// Every account, by name.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Account>, StoreError> {
    tx.rows(LIST, &[])?.iter().map(account).collect()
}

/// Whether there is an account at all.
pub fn any(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    Ok(tx.row(ANY, &[])?.is_some())
}

/// Makes an account that is enabled; false if the name is taken.
pub fn create(
    tx: &mut dyn Tx,
    name: &AccountName,
    role: Role,
    departments: &[DepartmentCode],
    password: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let departments = document(&departments)?;
    let params =
        [name.as_str().into(), role.code().into(), (&departments).into(), password.into(), at.into()];
    Ok(tx.exec(CREATE, &params)? == 1)
}

/// Changes an account and, if that changed anything, ends its sessions; the account as it is now,
/// or `None` if there is none.
pub fn change(tx: &mut dyn Tx, name: &AccountName, change: Change) -> Result<Option<Account>, StoreError> {
    let Some(before) = find(tx, name)? else { return Ok(None) };
    let mut after = before.clone();
    after.role = change.role.unwrap_or(after.role);
    after.departments = change.departments.unwrap_or(after.departments);
    after.disabled = change.disabled.unwrap_or(after.disabled);
    after.password = change.password.unwrap_or(after.password);
    if after != before {
        update(tx, &after)?;
        sessions::end_all(tx, name)?;
    }
    Ok(Some(after))
}

/// Keeps the same password under a stronger hash; sessions go on.
pub fn rehash(tx: &mut dyn Tx, name: &AccountName, password: String) -> Result<(), StoreError> {
    match find(tx, name)? {
        Some(account) => update(tx, &Account { password, ..account }),
        None => Ok(()),
    }
}

/// Gives an account the new password that its owner chose; all its sessions end but the one it was chosen in.
pub fn change_own_password(
    tx: &mut dyn Tx,
    name: &AccountName,
    password: String,
    session: &TokenHash,
) -> Result<(), StoreError> {
    rehash(tx, name, password)?;
    sessions::end_others(tx, name, session).map(drop)
}

fn update(tx: &mut dyn Tx, account: &Account) -> Result<(), StoreError> {
    let departments = document(&account.departments)?;
    let params = [
        account.role.code().into(),
        (&departments).into(),
        account.disabled.into(),
        (&account.password).into(),
        account.name.as_str().into(),
    ];
    tx.exec(CHANGE, &params).map(drop)
}

fn account(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        name: row.parsed(0)?,
        role: row.parsed(1)?,
        departments: row.json(2)?,
        disabled: row.int(3)? != 0,
        password: row.text(4)?.to_owned(),
        created_at: row.time(5)?,
    })
}

//! `huiyin user add|passwd|disable|enable|list`: accounts, straight on the database.
//!
//! Whoever can write to it can do all this anyway; other processes may serve it meanwhile.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use rust_i18n::t;

use super::context::{Context, block_on};
use super::failure::Failure;
use super::host::{city, lock_file, open_store};
use super::{output, terminal, value};
use crate::config::{read_secret_file, world_readable};
use crate::domain::account::AccountName;
use crate::domain::code::{DepartmentCode, Role};
use crate::i18n::name_of;
use crate::profile::Profile;
use crate::server::{NotTaken, hash_new};
use crate::store::{Store, StoreError, Tx, accounts, audit};
use crate::wire::account::Account;

/// What to do with accounts.
#[derive(Debug, Args)]
pub(super) struct UserArgs {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// 新建账号 / make an account
    Add {
        /// 账号名 / its name
        #[arg(value_parser = value::account)]
        name: AccountName,
        /// 角色 / its role
        #[arg(long, value_name = "ROLE", value_parser = value::role())]
        role: Role,
        /// 所属承办单位代码，可多次 / a handler's department, repeatable
        #[arg(long = "department", value_name = "CODE", value_parser = value::department)]
        departments: Vec<DepartmentCode>,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// 修改密码 / change a password; its sessions end
    Passwd {
        /// 账号名 / the account
        #[arg(value_parser = value::account)]
        name: AccountName,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// 停用账号 / disable an account; its sessions end
    Disable {
        /// 账号名 / the account
        #[arg(value_parser = value::account)]
        name: AccountName,
    },
    /// 启用账号 / let an account sign in again
    Enable {
        /// 账号名 / the account
        #[arg(value_parser = value::account)]
        name: AccountName,
    },
    /// 列出账号 / list the accounts
    List,
}

#[derive(Debug, Args)]
struct PasswordArgs {
    /// 存放密码的文件；不给则询问 / the file that holds the password, asked for if absent
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// Why a change was not made.
enum NotDone {
    Taken,
    Unknown,
    Store(StoreError),
}

impl From<StoreError> for NotDone {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

pub(super) fn run(args: UserArgs, context: &Context) -> Result<(), Failure> {
    if context.config.postgres.is_none() {
        // Makes the folder; the lock itself may be another's.
        drop(lock_file(&context.config.database)?);
    }
    let store = open_store(&context.config)?;
    block_on(async {
        let done = act(args.command, &store, context).await;
        store.close().await;
        done
    })
}

async fn act(command: UserCommand, store: &Store, context: &Context) -> Result<(), Failure> {
    let at = context.clock.now();
    let (name, action, change) = match command {
        UserCommand::List => return list(store, context.json).await,
        UserCommand::Add { name, role, departments, password } => {
            let city = city(&context.config)?;
            check_departments(&city, role, &departments)?;
            let hash = new_password(&password, &name, &city)?;
            let subject = name.clone();
            let made = store.write(move |tx| {
                if !accounts::create(tx, &subject, role, &departments, &hash, at)? {
                    return Err(NotDone::Taken);
                }
                Ok(record(tx, at, "account.create", &subject)?)
            });
            made.await.map_err(|why| told(&why, &name))?;
            return show(store, &name, context.json).await;
        }
        UserCommand::Passwd { name, password } => {
            let hash = new_password(&password, &name, &*city(&context.config)?)?;
            let change = accounts::Change { password: Some(hash), ..accounts::Change::default() };
            (name, "account.passwd", change)
        }
        UserCommand::Disable { name } => (
            name,
            "account.disable",
            accounts::Change { disabled: Some(true), ..accounts::Change::default() },
        ),
        UserCommand::Enable { name } => (
            name,
            "account.enable",
            accounts::Change { disabled: Some(false), ..accounts::Change::default() },
        ),
    };
    let subject = name.clone();
    let changed = store.write(move |tx| {
        accounts::change(tx, &subject, change.clone())?.ok_or(NotDone::Unknown)?;
        Ok(record(tx, at, action, &subject)?)
    });
    changed.await.map_err(|why| told(&why, &name))?;
    show(store, &name, context.json).await
}

/// A script is told the account as it is now; a person asked for it and needs no echo.
async fn show(store: &Store, name: &AccountName, json: bool) -> Result<(), Failure> {
    if !json {
        return Ok(());
    }
    let all = store.read(|tx| accounts::list(tx)).await.map_err(|error: StoreError| Failure::from(&error))?;
    match all.into_iter().find(|account| account.name == *name) {
        Some(accounts::Account { name, role, departments, disabled, .. }) => {
            output::json(&Account { name, role, departments, disabled })
        }
        None => Ok(()),
    }
}

async fn list(store: &Store, json: bool) -> Result<(), Failure> {
    let all = store.read(|tx| accounts::list(tx)).await.map_err(|error: StoreError| Failure::from(&error))?;
    for account in all {
        let accounts::Account { name, role, departments, disabled, .. } = account;
        if json {
            output::json(&Account { name, role, departments, disabled })?;
            continue;
        }
        let departments = departments.iter().map(DepartmentCode::as_str).collect::<Vec<_>>().join(",");
        let disabled = if disabled { t!("cli.user.disabled").into_owned() } else { String::new() };
        let line = [name.to_string(), name_of("role", role.code()), departments, disabled];
        output::say(line.join("  ").trim_end());
    }
    Ok(())
}

fn record(tx: &mut dyn Tx, at: jiff::Timestamp, action: &str, name: &AccountName) -> Result<(), StoreError> {
    let entry = audit::Entry { at, actor: None, action, subject: name.as_str(), request: "cli", detail: "" };
    audit::append(tx, &entry)
}

fn told(why: &NotDone, name: &AccountName) -> Failure {
    match why {
        NotDone::Taken => Failure::refused("user_taken", t!("cli.user.taken", name = name)),
        NotDone::Unknown => Failure::refused("user_unknown", t!("cli.user.unknown", name = name)),
        NotDone::Store(error) => Failure::from(error),
    }
}

fn check_departments(city: &Profile, role: Role, departments: &[DepartmentCode]) -> Result<(), Failure> {
    if role == Role::Handler && departments.is_empty() {
        return Err(Failure::usage("user_handler", t!("cli.user.handler")));
    }
    match departments.iter().find(|code| city.department(code).is_none()) {
        Some(code) => Err(Failure::refused("name_unknown", t!("cli.name.unknown", name = code))),
        None => Ok(()),
    }
}

/// Takes the new password, checks it by the server's rules and hashes it.
fn new_password(args: &PasswordArgs, name: &AccountName, city: &Profile) -> Result<String, Failure> {
    let password = match &args.password_file {
        Some(path) => {
            if world_readable(path).unwrap_or_default() {
                output::complain(&t!("cli.password_file.open", path = path.display()));
            }
            read_secret_file(path)?
        }
        None => terminal::ask_new_password()?,
    };
    let city = city.city();
    hash_new(&password, &[name.as_str(), &city.name, &city.code, &city.hotline]).map_err(|why| match why {
        NotTaken::Refused(fault) => {
            let limit = fault.limit.map(|limit| format!(" ({limit})")).unwrap_or_default();
            Failure::refused("password_not_taken", format!("{}{limit}", name_of("fault", fault.code.code())))
        }
        NotTaken::NotHashed => Failure::refused("internal", name_of("problem", "internal")),
    })
}

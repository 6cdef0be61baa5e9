//! Accounts: made, changed and listed by administrators.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;

use super::sessions::count_attempt;
use crate::domain::account::{AccountName, Permission};
use crate::domain::check::{Fault, FaultCode, Faults};
use crate::domain::code::{DepartmentCode, Role};
use crate::server::app::{App, Shared};
use crate::server::auth::Signed;
use crate::server::json::Json;
use crate::server::password::{Password, Verdict};
use crate::server::problem::Failure;
use crate::server::request::RequestId;
use crate::store::{StoreError, Tx, accounts, attempts, audit};
use crate::wire::account::{Account, AccountChange, Accounts, NewAccount, PasswordChange};
use crate::wire::problem::ProblemCode;

/// Every account, by name.
#[utoipa::path(get, path = "/v1/accounts", tag = "accounts", responses((status = 200, body = Accounts)))]
pub(crate) async fn list(State(app): State<Shared>) -> Result<Json<Accounts>, Failure> {
    let accounts = app.store.read(|tx| accounts::list(tx)).await?;
    Ok(Json(Accounts { accounts: accounts.iter().map(view).collect() }))
}

/// Makes an account. 409 if the name is taken.
#[utoipa::path(post, path = "/v1/accounts", tag = "accounts", request_body = NewAccount,
    responses((status = 201, body = Account)))]
pub(crate) async fn create(
    State(app): State<Shared>,
    signed: Signed,
    request: axum::Extension<RequestId>,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, Json<Account>), Failure> {
    let prepared = prepare(&app, new).await?;
    let account = app
        .store
        .write(move |tx| {
            let made = prepared.create(tx, Some(&signed.actor.name), &request.0.0)?;
            made.ok_or(Failure::new(ProblemCode::Conflict))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(account)))
}

/// Changes an account. Whatever changes, its sessions end at once. The last administrator stays one.
#[utoipa::path(patch, path = "/v1/accounts/{name}", tag = "accounts", request_body = AccountChange,
    params(("name" = String, Path)), responses((status = 200, body = Account)))]
pub(crate) async fn change(
    State(app): State<Shared>,
    signed: Signed,
    request: axum::Extension<RequestId>,
    Path(name): Path<String>,
    Json(change): Json<AccountChange>,
) -> Result<Json<Account>, Failure> {
    let name: AccountName = name.parse().map_err(|_| Failure::not_found())?;
    let AccountChange { role, departments, disabled, password } = change;
    if let Some(departments) = &departments {
        check_departments(&app, departments)?;
    }
    let mut what = Vec::new();
    for (word, changed) in [
        ("role", role.is_some()),
        ("departments", departments.is_some()),
        ("disabled", disabled.is_some()),
        ("password", password.is_some()),
    ] {
        what.extend(changed.then_some(word));
    }
    if what.is_empty() {
        return Err(Failure::field("", FaultCode::Required));
    }
    let password = match password {
        Some(password) => Some(hashed(&app, password, &name, "/password").await?),
        None => None,
    };
    let at = app.clock.now();
    let change = accounts::Change { role, departments, disabled, password };
    let account = app
        .store
        .write(move |tx| {
            let account = accounts::change(tx, &name, change.clone())?.ok_or(Failure::not_found())?;
            // Looked at afterwards: the transaction is undone where nobody would be left to let others in.
            if !accounts::list(tx)?.iter().any(manages) {
                return Err(Failure::new(ProblemCode::Conflict));
            }
            let entry = audit::Entry {
                at,
                actor: Some(&signed.actor.name),
                action: "account.change",
                subject: name.as_str(),
                request: &request.0.0,
                detail: &what.join(" "),
            };
            audit::append(tx, &entry)?;
            Ok::<_, Failure>(view(&account))
        })
        .await?;
    Ok(Json(account))
}

/// Gives oneself another password. One's other sessions end. 422 at `/old` for a wrong one, 429 for too many of them:
/// who finds a desk unlocked must not try passwords there any faster than at the door.
#[utoipa::path(put, path = "/v1/accounts/me/password", tag = "accounts", request_body = PasswordChange,
    responses((status = 204)))]
pub(crate) async fn change_own_password(
    State(app): State<Shared>,
    signed: Signed,
    request: axum::Extension<RequestId>,
    Json(PasswordChange { old, new }): Json<PasswordChange>,
) -> Result<StatusCode, Failure> {
    let name = signed.actor.name.clone();
    let wrong = || Failure::field("/old", FaultCode::InvalidValue);
    let old = Password::typed(old).map_err(|_| wrong())?;
    let turn = app.passwords.turn().await?;
    count_attempt(&app, name.to_string()).await?;
    let own = name.clone();
    let known = app.store.read(move |tx| accounts::find(tx, &own)).await?;
    let known = known.ok_or(Failure::not_found())?.password;
    if app.passwords.verify(turn, old, Some(known.clone())).await? == Verdict::Wrong {
        return Err(wrong());
    }
    let new = hashed(&app, new, &name, "/new").await?;
    let at = app.clock.now();
    app.store
        .write(move |tx| {
            // Between the look at the old one and now an administrator may have given another.
            accounts::find(tx, &name)?.filter(|account| account.password == known).ok_or_else(wrong)?;
            accounts::change_own_password(tx, &name, new.clone(), &signed.session)?;
            attempts::clear(tx, name.as_str())?;
            let entry = audit::Entry {
                at,
                actor: Some(&name),
                action: "account.password",
                subject: name.as_str(),
                request: &request.0.0,
                detail: "",
            };
            audit::append(tx, &entry)?;
            Ok::<_, Failure>(StatusCode::NO_CONTENT)
        })
        .await
}

fn manages(account: &accounts::Account) -> bool {
    !account.disabled && Permission::ManageAccounts.granted_to(account.role)
}

/// An account that passed its checks, with its password hashed, to be written.
pub(super) struct Prepared {
    name: AccountName,
    role: Role,
    departments: Vec<DepartmentCode>,
    password: String,
    /// When it is made.
    at: Timestamp,
}

impl Prepared {
    /// Writes it, and on the record who made it: `by`, or the first account itself. `None` if the name is taken.
    pub(super) fn create(
        &self,
        tx: &mut dyn Tx,
        by: Option<&AccountName>,
        request: &str,
    ) -> Result<Option<Account>, StoreError> {
        let &Self { ref name, role, ref departments, ref password, at } = self;
        if !accounts::create(tx, name, role, departments, password, at)? {
            return Ok(None);
        }
        let (actor, action) = by.map_or((name, "account.first"), |by| (by, "account.create"));
        let entry = audit::Entry {
            at,
            actor: Some(actor),
            action,
            subject: name.as_str(),
            request,
            detail: role.code(),
        };
        audit::append(tx, &entry)?;
        Ok(Some(Account { name: name.clone(), role, departments: departments.clone(), disabled: false }))
    }
}

/// Checks a new account and hashes its password.
pub(super) async fn prepare(app: &App, new: NewAccount) -> Result<Prepared, Failure> {
    let NewAccount { name, password, role, departments } = new;
    check_departments(app, &departments)?;
    if role == Role::Handler && departments.is_empty() {
        return Err(Failure::field("/departments", FaultCode::Required));
    }
    let password = hashed(app, password, &name, "/password").await?;
    Ok(Prepared { name, role, departments, password, at: app.clock.now() })
}

fn check_departments(app: &App, departments: &[DepartmentCode]) -> Result<(), Failure> {
    let mut faults = Faults::under("/departments");
    for (index, code) in departments.iter().enumerate() {
        if app.profile.department(code).is_none() {
            faults.add(&format!("/{index}"), FaultCode::UnknownCode);
        }
    }
    Failure::unless_sound(faults)
}

/// The hash of a new password for `name`; 422 where it may not be one.
async fn hashed(app: &App, password: String, name: &AccountName, at: &str) -> Result<String, Failure> {
    let refused = |fault| Failure::fields(vec![Fault { pointer: at.to_owned(), ..fault }]);
    let password = Password::typed(password).map_err(refused)?;
    let city = app.profile.city();
    password.check(&[name.as_str(), &city.name, &city.code, &city.hotline]).map_err(refused)?;
    let turn = app.passwords.turn().await?;
    app.passwords.hash(turn, password).await
}

/// An account as others may see it.
pub(super) fn view(account: &accounts::Account) -> Account {
    let accounts::Account { name, role, departments, disabled, .. } = account.clone();
    Account { name, role, departments, disabled }
}

//! How the values of arguments are read: each refusal is a sentence in the person's language.

use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use rust_i18n::t;

#[cfg(feature = "server")]
use crate::domain::account::AccountName;
#[cfg(feature = "server")]
use crate::domain::code::{DepartmentCode, Role};

/// One of a closed list of codes, which help and completion then name.
pub(super) fn code<T>(codes: impl IntoIterator<Item = &'static str>) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(codes).try_map(|code| code.parse())
}

/// A role.
#[cfg(feature = "server")]
pub(super) fn role() -> impl TypedValueParser<Value = Role> {
    code(Role::ALL.iter().map(|role| role.code()))
}

/// The name of an account.
#[cfg(feature = "server")]
pub(super) fn account(text: &str) -> Result<AccountName, String> {
    text.parse().map_err(|_| t!("cli.value.account").into_owned())
}

/// The code of a department.
#[cfg(feature = "server")]
pub(super) fn department(text: &str) -> Result<DepartmentCode, String> {
    text.parse().map_err(|_| t!("cli.value.department").into_owned())
}

/// An address and a port.
#[cfg(feature = "server")]
pub(super) fn address(text: &str) -> Result<std::net::SocketAddr, String> {
    text.parse().map_err(|_| t!("cli.value.address").into_owned())
}

/// A month as its name in the database: `YYYYMM`.
#[cfg(feature = "server")]
pub(super) fn month(text: &str) -> Result<String, String> {
    let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_one = digits && matches!(text[4..].parse(), Ok(1..=12_u8));
    if is_one { Ok(text.to_owned()) } else { Err(t!("cli.value.month").into_owned()) }
}

/// A number of cases from 1 to `most`.
#[cfg(feature = "desk")]
pub(super) fn count(text: &str, most: u32) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| t!("cli.value.count", least = 1, most = most).into_owned())
}

/// The number of a case, grouped or not.
#[cfg(feature = "desk")]
pub(super) fn case_number(text: &str) -> Result<crate::domain::number::CaseNumber, String> {
    use crate::domain::number::{CaseNumber, NumberError};

    CaseNumber::parse(text).map_err(|error| match error {
        NumberError::Check => t!("cli.value.check_digits").into_owned(),
        _ => t!("cli.value.case_number").into_owned(),
    })
}

/// A telephone number in any usual form.
#[cfg(feature = "desk")]
pub(super) fn phone(text: &str) -> Result<crate::domain::phone::PhoneNumber, String> {
    crate::domain::phone::PhoneNumber::parse(text).map_err(|_| t!("cli.value.phone").into_owned())
}

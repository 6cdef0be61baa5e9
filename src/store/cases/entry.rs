//! What a case is found by: its words, who called, and the facts it can be narrowed down to.
//!
//! The caller's name and numbers stand apart from the words, so that a search by somebody who may not see callers
//! cannot tell a number by trying it.

use super::{attached_to, texts_of};
use crate::domain::case::Case;
use crate::domain::follow_up::Satisfaction;
use crate::domain::phone::PhoneNumber;
use crate::domain::progress::Progress;
use crate::domain::terms::{FilterField, filter_token, index_terms_of};
use crate::store::search::{
    IndexEntry, NumberPart, account_token, dissatisfied_token, doubtful_token, every_case_token, late_token,
    number_token, returned_token,
};
use crate::store::{StoreError, Tx};

/// The index entry of a case and of what its later events `written`.
///
/// A leading case is found by the callers of those merged into it as well: none of them changes while it is merged.
pub(super) fn of(tx: &mut dyn Tx, case: &Case, written: &str) -> Result<IndexEntry, StoreError> {
    let texts = texts(case).filter(|text| !text.is_empty()).chain(texts_of(written));
    let attached = attached_to(tx, case)?;
    let callers: Vec<_> = std::iter::once(case).chain(&attached).map(caller).collect();
    Ok(IndexEntry { body: index_terms_of(texts), caller: callers.join(" "), filters: filters(case) })
}

/// The texts of the case itself.
fn texts(case: &Case) -> impl Iterator<Item = &str> {
    let intake = &case.intake;
    [&intake.title, &intake.text, &intake.place.detail, &intake.target, &intake.remark]
        .into_iter()
        .map(String::as_str)
        .chain(intake.tags.iter().map(String::as_str))
        .chain(intake.earlier_case.as_ref().map(crate::domain::number::CaseNumber::as_str))
}

fn caller(case: &Case) -> String {
    let caller = &case.intake.caller;
    let mut terms = vec![index_terms_of([caller.name.as_str()])];
    for number in caller.number.iter().chain(&caller.contact) {
        terms.extend(number_tokens(PhoneNumber::as_str(number), NumberPart::Phone, NumberPart::PhoneEnd));
        // Within the city the area code is left out.
        terms.extend(number.local().map(|local| number_token(NumberPart::Phone, local)));
    }
    terms.join(" ")
}

fn filters(case: &Case) -> String {
    let intake = &case.intake;
    let mut tokens = vec![
        every_case_token(),
        filter_token(FilterField::State, case.state().code()),
        filter_token(FilterField::Kind, intake.kind.code()),
        account_token(&case.taken_by),
    ];
    if intake.is_confidential() {
        tokens.push(filter_token(FilterField::Confidential, "yes"));
    }
    if matches!(case.progress, Progress::Registered { returned: Some(_) }) {
        tokens.push(returned_token());
    }
    tokens.extend(case.told_at.map(|_| doubtful_token()));
    tokens.extend(case.is_late.then(late_token));
    let said = case.followed.and_then(|followed| followed.outcome.satisfaction());
    tokens.extend((said == Some(Satisfaction::Dissatisfied)).then(dissatisfied_token));
    tokens.extend(intake.matter.iter().map(|code| filter_token(FilterField::Matter, code.as_str())));
    tokens
        .extend(intake.place.division.iter().map(|code| filter_token(FilterField::Division, code.as_str())));
    if let Some(assignment) = case.progress.assignment() {
        tokens.extend(
            assignment.departments().map(|code| filter_token(FilterField::Department, code.as_str())),
        );
    }
    // Whoever was told the number of a merged case asks for it by that.
    let numbers = std::iter::once(&case.number).chain(case.attached.iter().map(|other| &other.number));
    tokens.extend(
        numbers.flat_map(|number| number_tokens(number.as_str(), NumberPart::Case, NumberPart::CaseEnd)),
    );
    tokens.join(" ")
}

/// The tokens of a number: by its beginning, and by its last four digits.
fn number_tokens(number: &str, whole: NumberPart, end: NumberPart) -> [String; 2] {
    let digits = number.trim_start_matches('+');
    let last_four = digits.len().checked_sub(4).and_then(|from| digits.get(from..)).unwrap_or(digits);
    [number_token(whole, digits), number_token(end, last_four)]
}

//! Reading the form: what was typed becomes an intake, or a list of what is wrong with it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::form::{FieldId, Form, OutcomeChoice};
use crate::domain::case::{Caller, Intake, Place};
use crate::domain::check::{Fault, FaultCode, Faults};
use crate::domain::elements::{Elements, ElementsInput, Told};
use crate::domain::event::Order;
use crate::domain::moment::{self, Unclear};
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
use crate::domain::slots;
use crate::wire::case::Outcome;

/// A form that was read without a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// The fields.
    pub intake: Intake,
    /// What is done at once.
    pub outcome: Outcome,
}

impl FieldId {
    /// The JSON pointer of the field in the body that files a case.
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::Number => "/intake/caller/number",
            Self::Name => "/intake/caller/name",
            Self::Contact => "/intake/caller/contact",
            Self::Sex => "/intake/caller/sex",
            Self::Channel => "/intake/channel",
            Self::Kind => "/intake/kind",
            Self::Urgency => "/intake/urgency",
            Self::Confidential => "/intake/confidential",
            Self::Division => "/intake/place/division",
            Self::Detail => "/intake/place/detail",
            Self::Occurred => "/intake/occurred_at",
            Self::Target => "/intake/target",
            Self::Text => "/intake/text",
            Self::Title => "/intake/title",
            Self::Matter => "/intake/matter",
            Self::Earlier => "/intake/earlier_case",
            Self::Tags => "/intake/tags",
            Self::Remark => "/intake/remark",
            Self::Outcome => "/outcome",
            Self::Lead => "/outcome/dispatch/lead",
            Self::Assisting => "/outcome/dispatch/assisting",
            Self::Opinion => "/outcome/dispatch/opinion",
            Self::Answer => "/outcome/answer",
        }
    }

    /// The field that `pointer` lies in, the longest match first.
    pub fn at(pointer: &str) -> Option<Self> {
        let inside = |field: &&Self| {
            pointer.strip_prefix(field.pointer()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        Self::ALL.iter().filter(inside).max_by_key(|field| field.pointer().len()).copied()
    }
}

impl Form {
    /// The fields of the case as they are typed, and what cannot be understood of them. Times are read in `zone`, relative
    /// ones against the time of the call; what lies after `now` is in the future.
    pub(super) fn intake(&self, zone: &TimeZone, call: Timestamp, now: Timestamp) -> (Intake, Vec<Fault>) {
        let mut wrong = Vec::new();
        let mut fault = |field: FieldId, code| wrong.push(Fault::new(field.pointer(), code));
        let number = phone(self.number.text()).unwrap_or_else(|()| {
            fault(FieldId::Number, FaultCode::InvalidValue);
            None
        });
        let contact = phone(self.contact.text()).unwrap_or_else(|()| {
            fault(FieldId::Contact, FaultCode::InvalidValue);
            None
        });
        let occurred_at = match self.occurred.text().trim() {
            "" => None,
            typed => match moment::read(typed, zone, call) {
                Ok(at) if at <= now => Some(at),
                unfit => {
                    fault(
                        FieldId::Occurred,
                        match unfit {
                            Ok(_) => FaultCode::InTheFuture,
                            Err(Unclear::Ambiguous) => FaultCode::Ambiguous,
                            Err(Unclear::NotUnderstood) => FaultCode::InvalidValue,
                        },
                    );
                    None
                }
            },
        };
        let earlier_case = match self.earlier.text().trim() {
            "" => None,
            typed => {
                CaseNumber::parse(typed).map_err(|_| fault(FieldId::Earlier, FaultCode::InvalidValue)).ok()
            }
        };
        for (field, pick_open) in [
            (FieldId::Division, self.division.is_unsettled()),
            (FieldId::Matter, self.matter.is_unsettled()),
            (FieldId::Lead, self.outcome == OutcomeChoice::Dispatch && self.lead.is_unsettled()),
            (FieldId::Assisting, self.outcome == OutcomeChoice::Dispatch && self.assist.is_unsettled()),
        ] {
            if pick_open {
                fault(field, FaultCode::UnknownCode);
            }
        }
        for (field, text) in self.slotted() {
            if slots::next(text, 0).is_some() {
                fault(field, FaultCode::OpenSlot);
            }
        }
        let intake = Intake {
            channel: self.channel,
            kind: self.kind,
            caller: Caller { name: self.name.text().trim().to_owned(), sex: self.sex, number, contact },
            matter: self.matter.chosen().cloned(),
            title: self.title.text().trim().to_owned(),
            text: self.text.text().trim().to_owned(),
            place: Place {
                division: self.division.chosen().cloned(),
                detail: self.detail.text().trim().to_owned(),
            },
            occurred_at,
            target: self.target.text().trim().to_owned(),
            urgency: self.urgency,
            confidential: self.confidential,
            earlier_case,
            tags: tags(self.tags.text()),
            remark: self.remark.text().trim().to_owned(),
        };
        (intake, wrong)
    }

    /// What the form says, or all that is wrong with it; as `Form::intake` reads it.
    pub fn read(&self, zone: &TimeZone, call: Timestamp, now: Timestamp) -> Result<Ready, Vec<Fault>> {
        let (intake, mut wrong) = self.intake(zone, call, now);
        let mut fault = |field: FieldId, code| wrong.push(Fault::new(field.pointer(), code));
        let outcome = match self.outcome {
            OutcomeChoice::Register => Some(Outcome::Register),
            OutcomeChoice::Answer => {
                if self.answer.text().trim().is_empty() {
                    fault(FieldId::Answer, FaultCode::Required);
                }
                Some(Outcome::Answer(self.answer.text().to_owned()))
            }
            OutcomeChoice::Dispatch => match self.lead.chosen() {
                None => {
                    if !self.lead.is_unsettled() {
                        fault(FieldId::Lead, FaultCode::Required);
                    }
                    None
                }
                Some(lead) => {
                    let assisting = self.assisting();
                    let opinion = self.opinion.text().trim().to_owned();
                    Some(Outcome::Dispatch(Order { lead: lead.clone(), assisting, opinion }.into()))
                }
            },
        };
        let mut faults = Faults::under("/intake");
        faults.intake(&intake);
        wrong.extend(faults.into_vec());
        match outcome {
            Some(outcome) if wrong.is_empty() => Ok(Ready { intake, outcome }),
            _ => Err(wrong),
        }
    }

    /// How the time of the event is understood, or that it is not, while it is typed.
    pub fn moment_in_words(&self, zone: &TimeZone, call: Timestamp) -> Option<String> {
        let typed = Some(self.occurred.text().trim()).filter(|typed| !typed.is_empty())?;
        Some(match moment::read(typed, zone, call) {
            Ok(at) => {
                let day = at.to_zoned_datetime(zone.clone()).weekday().to_monday_one_offset();
                let day = crate::i18n::name_of("weekday", &day.to_string());
                rust_i18n::t!("moment.is", at = crate::i18n::date_time(at, zone), day = day).into_owned()
            }
            Err(Unclear::Ambiguous) => rust_i18n::t!("moment.ambiguous").into_owned(),
            Err(Unclear::NotUnderstood) => rust_i18n::t!("moment.unknown").into_owned(),
        })
    }

    /// The texts that may hold slots of a ready text, as far as the outcome asks for them.
    fn slotted(&self) -> impl Iterator<Item = (FieldId, &str)> {
        let all = [
            (FieldId::Detail, self.detail.text()),
            (FieldId::Target, self.target.text()),
            (FieldId::Text, self.text.text()),
            (FieldId::Remark, self.remark.text()),
            (FieldId::Opinion, self.opinion.text()),
            (FieldId::Answer, self.answer.text()),
        ];
        all.into_iter().filter(|(field, _)| self.fields().any(|asked| asked == *field))
    }

    /// The five elements, as far as they can be seen in the fields and are `told` by the text.
    pub fn elements(&self, told: Told) -> Elements {
        Elements::of(&ElementsInput {
            told,
            has_place: self.division.chosen().is_some() || !self.detail.text().trim().is_empty(),
            has_time: !self.occurred.text().trim().is_empty(),
            has_caller: !self.name.text().trim().is_empty() || !self.number.text().trim().is_empty(),
            has_target: !self.target.text().trim().is_empty(),
            has_matter: self.matter.chosen().is_some(),
        })
    }
}

/// A number, none where nothing is typed.
fn phone(typed: &str) -> Result<Option<PhoneNumber>, ()> {
    match typed.trim() {
        "" => Ok(None),
        typed => PhoneNumber::parse(typed).map(Some).map_err(|_| ()),
    }
}

fn tags(typed: &str) -> Vec<String> {
    let between = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；');
    typed.split(between).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pointer_leads_back_to_its_field() {
        for field in FieldId::ALL {
            assert_eq!(FieldId::at(field.pointer()), Some(*field));
        }
        assert_eq!(FieldId::at("/intake/tags/3"), Some(FieldId::Tags));
        assert_eq!(FieldId::at("/number"), None);
    }
}

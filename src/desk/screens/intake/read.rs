//! Reading the form: what was typed becomes an intake, or a list of what is wrong with it.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::form::{FieldId, Form, OutcomeChoice};
use crate::domain::case::{Caller, Intake, Place};
use crate::domain::check::{Fault, FaultCode, Faults};
use crate::domain::elements::{Elements, ElementsInput};
use crate::domain::event::Order;
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
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
    /// What the form says, or all that is wrong with it. Times are read in `zone`, relative ones against the
    /// time of the call; what lies after `now` is in the future.
    pub fn read(&self, zone: &TimeZone, call: Timestamp, now: Timestamp) -> Result<Ready, Vec<Fault>> {
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
            typed => match moment(typed, zone, call) {
                Some(at) if at > now => {
                    fault(FieldId::Occurred, FaultCode::InTheFuture);
                    None
                }
                Some(at) => Some(at),
                None => {
                    fault(FieldId::Occurred, FaultCode::InvalidValue);
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
        let mut faults = Faults::under("/intake");
        faults.intake(&intake);
        wrong.extend(faults.into_vec());
        match outcome {
            Some(outcome) if wrong.is_empty() => Ok(Ready { intake, outcome }),
            _ => Err(wrong),
        }
    }

    /// The five elements, as far as they can be seen in what is typed.
    pub fn elements(&self) -> Elements {
        Elements::of(&ElementsInput {
            text: self.text.text(),
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

/// A moment as call-takers type it: `2026-11-23 15:40`, `11-23 15:40`, `11-23`, `15:40`, with the words of today,
/// yesterday and the day before in front of a time. A date alone is its first minute; a time alone is today.
pub(super) fn moment(typed: &str, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let today = now.to_zoned_datetime(zone.clone()).date();
    let typed = crate::domain::normalise::normalise(typed).replace(['/', '.'], "-");
    let (day, rest) = day_of(typed.trim(), today)?;
    let rest = rest.trim_start_matches([' ', 't']).trim();
    let time = if rest.is_empty() { jiff::civil::Time::midnight() } else { time_of(rest)? };
    let local = DateTime::from_parts(day, time);
    local.to_zoned_datetime(zone.clone()).ok().map(|zoned| zoned.timestamp())
}

fn day_of(typed: &str, today: Date) -> Option<(Date, &str)> {
    for (word, back) in [("今天", 0), ("昨天", 1), ("前天", 2), ("today", 0), ("yesterday", 1)] {
        if let Some(rest) = typed.strip_prefix(word) {
            return Some((today.checked_sub(jiff::Span::new().days(back)).ok()?, rest));
        }
    }
    let end = typed.find([' ', 't']).unwrap_or(typed.len());
    let (head, rest) = typed.split_at(end);
    if head.contains(':') {
        return Some((today, typed));
    }
    let mut parts = head.split('-').map(|part| part.parse::<i16>().ok());
    let (first, second, third) = (parts.next()??, parts.next()??, parts.next());
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = match third {
        Some(third) => (first, second, third?),
        None => (today.year(), first, second),
    };
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, rest))
}

fn time_of(typed: &str) -> Option<jiff::civil::Time> {
    let mut parts = typed.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next());
    if parts.next().is_some() {
        return None;
    }
    let second = match second {
        Some(second) => second?,
        None => 0,
    };
    jiff::civil::Time::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_people_type_them() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let now: Timestamp = "2026-11-23T15:42:03+08:00".parse().unwrap();
        let read = |typed: &str| {
            moment(typed, &zone, now)
                .map(|at| at.to_zoned_datetime(zone.clone()).strftime("%F %T").to_string())
        };
        for (typed, expected) in [
            ("2026-11-20 08:30", "2026-11-20 08:30:00"),
            ("2026/11/20", "2026-11-20 00:00:00"),
            ("11-20 8:05", "2026-11-20 08:05:00"),
            ("9:15", "2026-11-23 09:15:00"),
            ("１１－２０　８：０５", "2026-11-20 08:05:00"),
            ("昨天 22:10", "2026-11-22 22:10:00"),
            ("昨天22:10", "2026-11-22 22:10:00"),
            ("前天", "2026-11-21 00:00:00"),
            ("2026-11-20T08:30:59", "2026-11-20 08:30:59"),
        ] {
            assert_eq!(read(typed).as_deref(), Some(expected), "{typed}");
        }
        for typed in
            ["2026-02-30", "25:00", "11", "刚才", "1-2-3-4", "11-20 8", "99999-1-1", "-", ":", "8:5:9:1"]
        {
            assert_eq!(read(typed), None, "{typed}");
        }
    }

    #[test]
    fn every_pointer_leads_back_to_its_field() {
        for field in FieldId::ALL {
            assert_eq!(FieldId::at(field.pointer()), Some(*field));
        }
        assert_eq!(FieldId::at("/intake/tags/3"), Some(FieldId::Tags));
        assert_eq!(FieldId::at("/number"), None);
    }
}

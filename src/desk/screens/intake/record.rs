//! A draft as the journal keeps it: every field as it was typed, and where the caret was.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};

use super::form::{FieldId, Form, OutcomeChoice, Purpose};
use super::{Amends, Call, Draft, Safety};
use crate::domain::account::AccountName;
use crate::domain::code::{Channel, DepartmentCode, DivisionCode, Kind, MatterCode, Sex, State, Urgency};
use crate::domain::id::CaseId;
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
use crate::domain::title;
use crate::wire::case::{CallerBody, CaseRow, CaseView};
use jiff::Timestamp;

/// The form in plain values, its texts where they stand in the draft or in the record. New fields get a default, so
/// that older records still open.
#[derive(Serialize, Deserialize)]
pub struct DraftRecordBody<'a> {
    number_told: Option<CaseNumber>,
    received_at: Option<Timestamp>,
    focus: FieldId,
    caret: usize,
    number: Cow<'a, str>,
    name: Cow<'a, str>,
    contact: Cow<'a, str>,
    sex: Option<Sex>,
    channel: Channel,
    kind: Kind,
    #[serde(default)]
    kind_chosen: bool,
    urgency: Urgency,
    confidential: bool,
    division: Option<DivisionCode>,
    detail: Cow<'a, str>,
    occurred: Cow<'a, str>,
    target: Cow<'a, str>,
    text: Cow<'a, str>,
    title: Cow<'a, str>,
    title_follows: bool,
    matter: Option<MatterCode>,
    earlier: Cow<'a, str>,
    tags: Cow<'a, str>,
    remark: Cow<'a, str>,
    outcome: OutcomeChoice,
    lead: Option<DepartmentCode>,
    assisting: Vec<DepartmentCode>,
    opinion: Cow<'a, str>,
    answer: Cow<'a, str>,
    /// What is typed into the picking fields and not taken yet.
    #[serde(default)]
    picking: Picking<'a>,
    /// The call it is typed in. What cannot be read of it is left out: a clock never keeps a draft from opening.
    #[serde(default, deserialize_with = "call_or_none")]
    call: Option<Call>,
    /// The case that it changes, as it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amends: Option<Cow<'a, Amends>>,
}

fn call_or_none<'de, D: Deserializer<'de>>(record: D) -> Result<Option<Call>, D::Error> {
    let value = serde_json::Value::deserialize(record)?;
    Ok(serde_json::from_value(value).ok())
}

/// The queries of the picking fields.
#[derive(Default, Serialize, Deserialize)]
struct Picking<'a> {
    division: Cow<'a, str>,
    matter: Cow<'a, str>,
    lead: Cow<'a, str>,
    assist: Cow<'a, str>,
}

impl<'a> From<&'a Draft> for DraftRecordBody<'a> {
    fn from(draft: &'a Draft) -> Self {
        let form = &draft.form;
        Self {
            number_told: draft.number.clone(),
            received_at: draft.received_at,
            focus: form.focus,
            caret: form.text.caret(),
            number: form.number.text().into(),
            name: form.name.text().into(),
            contact: form.contact.text().into(),
            sex: form.sex,
            channel: form.channel,
            kind: form.kind,
            kind_chosen: form.kind_chosen,
            urgency: form.urgency,
            confidential: form.confidential,
            division: form.division.chosen().cloned(),
            detail: form.detail.text().into(),
            occurred: form.occurred.text().into(),
            target: form.target.text().into(),
            text: form.text.text().into(),
            title: form.title.text().into(),
            title_follows: form.title_follows,
            matter: form.matter.chosen().cloned(),
            earlier: form.earlier.text().into(),
            tags: form.tags.text().into(),
            remark: form.remark.text().into(),
            outcome: form.outcome,
            lead: form.lead.chosen().cloned(),
            assisting: form.assisting(),
            opinion: form.opinion.text().into(),
            answer: form.answer.text().into(),
            picking: Picking {
                division: form.division.query().text().into(),
                matter: form.matter.query().text().into(),
                lead: form.lead.query().text().into(),
                assist: form.assist.query().text().into(),
            },
            call: draft.call,
            amends: draft.amends.as_deref().map(Cow::Borrowed),
        }
    }
}

impl<'a> DraftRecordBody<'a> {
    /// What can be read of a record that is not whole: its texts by their names, or else all of it as the text.
    pub fn half_read(record: &'a str) -> Self {
        let read: serde_json::Value = serde_json::from_str(record).unwrap_or_default();
        let text = |name: &str| Cow::Owned(read[name].as_str().unwrap_or_default().to_owned());
        let whole_number = serde_json::from_value(read["number_told"].clone());
        let amends: Option<Amends> = serde_json::from_value(read["amends"].clone()).unwrap_or_default();
        let mut body = Self {
            number_told: whole_number.unwrap_or_default(),
            received_at: serde_json::from_value(read["received_at"].clone()).unwrap_or_default(),
            focus: FieldId::Text,
            caret: 0,
            number: text("number"),
            name: text("name"),
            contact: text("contact"),
            sex: None,
            channel: Channel::Phone,
            kind: Kind::Complaint,
            kind_chosen: false,
            urgency: Urgency::Ordinary,
            // What it was of may not be known any more, and nobody's secret is told for that.
            confidential: read["confidential"].as_bool().unwrap_or(true),
            division: None,
            detail: text("detail"),
            occurred: text("occurred"),
            target: text("target"),
            text: text("text"),
            title: text("title"),
            title_follows: false,
            matter: None,
            earlier: text("earlier"),
            tags: text("tags"),
            remark: text("remark"),
            outcome: OutcomeChoice::Register,
            lead: None,
            assisting: Vec::new(),
            opinion: text("opinion"),
            answer: text("answer"),
            picking: Picking::default(),
            call: None,
            amends: amends.map(Cow::Owned),
        };
        if [&body.text, &body.number, &body.name, &body.title].iter().all(|text| text.is_empty()) {
            body.text = Cow::Borrowed(record);
        }
        body
    }
}

impl DraftRecordBody<'_> {
    /// The case that it may become, and who called, as far as they can be read; none before it has a number, and of one
    /// that amends a case.
    pub fn as_case(
        &self,
        id: CaseId,
        changed_at: Timestamp,
        who: &AccountName,
    ) -> Option<(CaseView, CallerBody)> {
        if self.amends.is_some() {
            return None;
        }
        let caller = CallerBody {
            name: self.name.clone().into_owned(),
            number: PhoneNumber::parse(&self.number).ok(),
            contact: PhoneNumber::parse(&self.contact).ok(),
            sex: self.sex,
        };
        let title =
            if self.title.trim().is_empty() { title::propose(&self.text) } else { self.title.to_string() };
        let row = CaseRow {
            id,
            number: self.number_told.clone()?,
            version: 0,
            state: State::Registered,
            title,
            kind: self.kind,
            urgency: self.urgency,
            confidential: self.confidential,
            matter: self.matter.clone(),
            division: self.division.clone(),
            department: self.lead.clone(),
            received_at: self.received_at.unwrap_or(changed_at),
            due_at: None,
            taken_by: who.clone(),
            bounces: 0,
            told_at: None,
            late: false,
            leader: None,
            followed_up: None,
            followed_up_at: None,
            attached: 0,
            present: Vec::new(),
        };
        let case = CaseView {
            row,
            channel: self.channel,
            caller: None,
            text: self.text.to_string(),
            place_detail: self.detail.to_string(),
            occurred_at: None,
            target: self.target.to_string(),
            earlier_case: None,
            tags: self.tags.split_whitespace().map(str::to_owned).collect(),
            remark: self.remark.to_string(),
            registered_at: changed_at,
            assignment: None,
            result: self.answer.to_string(),
            reminders: 0,
            reworks: 0,
            attached_cases: Vec::new(),
        };
        Some((case, caller))
    }

    /// The draft as it was, safe on the disk.
    ///
    /// `version` is the journal's count of its changes, `changed_at` when the last of them was made.
    pub fn into_draft(self, id: CaseId, version: u64, changed_at: Timestamp) -> Draft {
        let mut form = Form::new();
        form.focus = self.focus;
        form.number.set(&self.number);
        form.name.set(&self.name);
        form.contact.set(&self.contact);
        form.sex = self.sex;
        form.channel = self.channel;
        form.kind = self.kind;
        // A kind that is not the usual one was chosen, though an older record does not say so.
        form.kind_chosen = self.kind_chosen || self.kind != Form::new().kind;
        form.urgency = self.urgency;
        form.confidential = self.confidential;
        form.division.choose(self.division);
        form.detail.set(&self.detail);
        form.occurred.set(&self.occurred);
        form.target.set(&self.target);
        form.text.set(&self.text);
        form.text.set_caret(self.caret);
        form.title.set(&self.title);
        form.title_follows = self.title_follows;
        form.matter.choose(self.matter);
        form.earlier.set(&self.earlier);
        form.tags.set(&self.tags);
        form.remark.set(&self.remark);
        form.outcome = self.outcome;
        form.lead.choose(self.lead);
        form.assisting = self.assisting;
        form.division.type_again(&self.picking.division);
        form.matter.type_again(&self.picking.matter);
        form.lead.type_again(&self.picking.lead);
        form.assist.type_again(&self.picking.assist);
        form.opinion.set(&self.opinion);
        form.answer.set(&self.answer);
        let amends = self.amends.map(|amends| Box::new(amends.into_owned()));
        if let Some(amends) = &amends {
            form.purpose = Purpose::Amending { caller: amends.asks_caller };
        }
        Draft {
            id: Some(id),
            number: self.number_told,
            received_at: self.received_at,
            changed_at: Some(changed_at),
            changes: version,
            form,
            safety: Safety::Saved,
            call: self.call,
            amends,
            ..Draft::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A draft as the program before the call clock wrote it.
    const OLDER: &str = r#"{"number_told":null,"received_at":"2026-11-23T07:42:03Z","focus":"text","caret":6,
        "number":"13800138000","name":"","contact":"","sex":null,"channel":"phone","kind":"complaint",
        "urgency":"ordinary","confidential":false,"division":null,"detail":"","occurred":"","target":"",
        "text":"夜间施工","title":"夜间施工","title_follows":true,"matter":null,"earlier":"","tags":"","remark":"",
        "outcome":"dispatch","lead":null,"assisting":[],"opinion":"","answer":""}"#;

    fn opened(body: &str) -> Draft {
        let record: DraftRecordBody<'_> = serde_json::from_str(body).unwrap();
        record.into_draft(CaseId::new(1, [7; 10]), 3, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_draft_of_an_older_program_opens_and_has_no_call() {
        let draft = opened(OLDER);
        assert_eq!((draft.form.text.text(), draft.form.text.caret(), draft.call), ("夜间施工", 6, None));
    }

    #[test]
    fn a_call_is_kept_and_one_that_cannot_be_read_costs_no_draft() {
        let now: Timestamp = "2026-11-23T07:42:03Z".parse().unwrap();
        let mut draft = opened(OLDER);
        draft.call = Some(Call::begin(now).hold(now));
        let body = serde_json::to_string(&DraftRecordBody::from(&draft)).unwrap();
        assert_eq!(opened(&body).call, draft.call);
        let newer = body.replace("\"held\"", "\"conference\"");
        assert_ne!(newer, body);
        assert_eq!((opened(&newer).call, opened(&newer).form.text.text()), (None, "夜间施工"));
    }
}

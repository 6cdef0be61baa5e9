//! A filed case in the form, to be changed: what was seen of it, what is made of that, and how it is sent.
//!
//! It is a draft like any other and has, from its opening on, the identity of the act that it becomes. Only the fields
//! that differ from what was seen are sent, with the version that was seen; who called is shown only where it was
//! revealed, for what is masked must never be written back.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::form::{FieldId, Form, OutcomeChoice, Purpose};
use super::{Draft, Safety, look, save, show_faults};
use crate::desk::effects::Effect;
use crate::desk::model::{Model, Screen, Severity};
use crate::desk::msg::CaseFile;
use crate::domain::act::Act;
use crate::domain::amendment::{Amendment, Field};
use crate::domain::case::{Caller, Place};
use crate::domain::check::{Fault, Faults};
use crate::domain::code::{Kind, State};
use crate::domain::id::CaseId;
use crate::domain::number::CaseNumber;
use crate::domain::phone::PhoneNumber;
use crate::domain::secret::Secret;
use crate::journal::outbox::Item;
use crate::wire::case::CaseView;

use super::record::DraftRecordBody;

/// What a draft amends, as it was seen. `Debug` says nothing of what is in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amends {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// When the caller was heard.
    pub received_at: Timestamp,
    /// The version that was seen.
    pub version: u32,
    /// Where it stood.
    pub state: State,
    /// The fields that were seen.
    pub base: Amendment,
    /// Whether who called can be changed: it was revealed, or typed here.
    #[serde(default)]
    pub asks_caller: bool,
    /// Fields that others changed meanwhile, which have been taken over.
    #[serde(default)]
    pub merged: BTreeSet<Field>,
}

impl std::fmt::Debug for Amends {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Amends")
            .field("case", &self.case)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl Amends {
    /// A case as it is read, and who called, where that was revealed.
    pub fn of(case: &CaseView, caller: Option<Caller>) -> Self {
        let row = &case.row;
        Self {
            case: row.id,
            number: row.number.clone(),
            received_at: row.received_at,
            version: row.version,
            state: row.state,
            asks_caller: caller.is_some(),
            base: Amendment { caller, ..case.into() },
            merged: BTreeSet::new(),
        }
    }
}

impl Form {
    /// The form that shows `fields`; what they do not name is empty, and for who called not asked for.
    pub(super) fn of(fields: &Amendment, zone: &TimeZone) -> Self {
        let mut form = Self::new();
        form.purpose = Purpose::Amending { caller: fields.caller.is_some() };
        (form.kind_chosen, form.title_follows, form.focus) = (true, false, FieldId::Text);
        form.outcome = OutcomeChoice::Register;
        form.show(fields, zone);
        form
    }

    /// Shows what `fields` name in the place of what stands there.
    pub(super) fn show(&mut self, fields: &Amendment, zone: &TimeZone) {
        let Amendment { channel, kind, caller, matter, title, text, place, occurred_at, .. } = fields;
        if let Some(Caller { name, sex, number, contact }) = caller {
            self.name.set(name);
            self.sex = *sex;
            self.number.set(&number.as_ref().map(PhoneNumber::display).unwrap_or_default());
            self.contact.set(&contact.as_ref().map(PhoneNumber::display).unwrap_or_default());
        }
        if let Some(matter) = matter {
            self.matter.choose(matter.clone());
        }
        if let Some(Place { division, detail }) = place {
            self.division.choose(division.clone());
            self.detail.set(detail);
        }
        if let Some(at) = occurred_at {
            self.occurred.set(&at.map(|at| crate::i18n::date_time(at, zone)).unwrap_or_default());
        }
        if let Some(text) = text {
            self.text.set(text);
        }
        if let Some(number) = &fields.earlier_case {
            self.earlier.set(&number.as_ref().map(CaseNumber::grouped).unwrap_or_default());
        }
        if let Some(tags) = &fields.tags {
            self.tags.set(&tags.join(" "));
        }
        for (field, text) in
            [(&mut self.title, title), (&mut self.target, &fields.target), (&mut self.remark, &fields.remark)]
        {
            if let Some(text) = text {
                field.set(text);
            }
        }
        self.channel = channel.unwrap_or(self.channel);
        self.kind = kind.unwrap_or(self.kind);
        self.urgency = fields.urgency.unwrap_or(self.urgency);
        self.confidential = fields.confidential.unwrap_or(self.confidential);
    }

    /// Whether something else stands here in `field` than in `shown`.
    fn differs(&self, shown: &Self, field: Field) -> bool {
        match field {
            Field::Channel => self.channel != shown.channel,
            Field::Kind => self.kind != shown.kind,
            Field::Caller => {
                let of = |form: &Self| {
                    [&form.name, &form.number, &form.contact].map(|field| field.text().to_owned())
                };
                self.sex != shown.sex || of(self) != of(shown)
            }
            Field::Matter => self.matter.chosen() != shown.matter.chosen(),
            Field::Title => self.title.text() != shown.title.text(),
            Field::Text => self.text.text() != shown.text.text(),
            Field::Place => {
                self.division.chosen() != shown.division.chosen() || self.detail.text() != shown.detail.text()
            }
            Field::OccurredAt => self.occurred.text() != shown.occurred.text(),
            Field::Target => self.target.text() != shown.target.text(),
            Field::Urgency => self.urgency != shown.urgency,
            Field::Confidential => self.confidential != shown.confidential,
            Field::EarlierCase => self.earlier.text() != shown.earlier.text(),
            Field::Tags => self.tags.text() != shown.tags.text(),
            Field::Remark => self.remark.text() != shown.remark.text(),
        }
    }

    /// What is changed of what was seen, or all that is wrong with it. What stands as it was shown is as it was, be it
    /// that the form cannot show the seconds of a time or the blanks at the end of a text.
    pub(super) fn changes(
        &self,
        amends: &Amends,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Amendment, Vec<Fault>> {
        let (base, shown) = (&amends.base, Self::of(&amends.base, zone));
        let (intake, mut wrong) = self.intake(zone, amends.received_at, now);
        let all = Amendment::from(intake);
        let mut changes = Amendment::default();
        // What was not seen cannot be as it was seen.
        let of_mine = |field: Field| match field {
            Field::Caller => amends.asks_caller && (!base.names(field) || self.differs(&shown, field)),
            field => !base.names(field) || self.differs(&shown, field),
        };
        let others = Field::ALL.iter().filter(|field| of_mine(**field));
        others.filter(|field| !all.agrees(base, **field)).for_each(|field| changes.take(&all, *field));
        if changes.kind.is_some() && base.kind == Some(Kind::Report) {
            // A report is confidential whether that was asked for or not; what is shown of it goes on to hold.
            changes.confidential = all.confidential;
        }
        let mut faults = Faults::under("/intake");
        if !changes.is_empty() {
            faults.act(&Act::Amend(Box::new(changes.clone())));
        }
        wrong.extend(faults.into_vec());
        if wrong.is_empty() { Ok(changes) } else { Err(wrong) }
    }
}

impl Draft {
    /// A draft that amends what was seen; `id` becomes that of the act.
    pub fn amending(id: CaseId, amends: Amends, zone: &TimeZone, now: Timestamp) -> Self {
        Self {
            id: Some(id),
            number: Some(amends.number.clone()),
            received_at: Some(now),
            changed_at: Some(now),
            form: Form::of(&amends.base, zone),
            amends: Some(Box::new(amends)),
            ..Self::new()
        }
    }

    /// Whether it was opened to amend a case and nothing has been changed since.
    pub fn is_only_opened(&self) -> bool {
        self.amends.is_some() && self.safety == Safety::Empty
    }
}

/// Opens the case in front in the form, or the draft that amends it already.
pub fn amend(model: &mut Model) -> Vec<Effect> {
    let Some(CaseFile { case, .. }) = model.open_case() else { return Vec::new() };
    let id = case.row.id;
    let there = model.intake.all().iter().find(|draft| draft.amends.as_ref().is_some_and(|it| it.case == id));
    if let Some(there) = there.and_then(|draft| draft.id) {
        model.intake.show(there);
    } else {
        let caller = model.case.caller.clone().map(Caller::from);
        let (amends, zone) = (Amends::of(case, caller), model.zone());
        let draft = Draft::amending(model.ids.case(model.now), amends, &zone, model.now);
        model.intake.open(draft);
        super::follow_all(model);
    }
    model.go(Screen::Intake);
    look(model)
}

/// Sends what is changed of a case, or says that nothing is.
pub(super) fn send(model: &mut Model, id: CaseId) -> Vec<Effect> {
    let (zone, now) = (model.zone(), model.now);
    let Some(draft) = model.intake.find_mut(id) else { return Vec::new() };
    let Some(amends) = draft.amends.clone() else { return Vec::new() };
    match draft.form.changes(&amends, &zone, now) {
        Ok(changes) if changes.is_empty() => {
            model.say(Severity::Info, rust_i18n::t!("amend.unchanged").into_owned());
            Vec::new()
        }
        Ok(changes) => {
            draft.faults.clear();
            draft.not_sent = false;
            let saved = save(draft);
            draft.sending = true;
            let typed = serde_json::to_string(&DraftRecordBody::from(&*draft)).unwrap_or_default();
            let amend = Effect::Amend(amends, id.into(), Box::new(changes), Secret::new(typed));
            saved.into_iter().chain([amend]).collect()
        }
        Err(faults) => {
            show_faults(model, id, faults);
            Vec::new()
        }
    }
}

/// The server has what a draft changed, or will: the draft is none any more. Gives the fields that others had changed
/// and that were taken over, and whether somebody waits before it and wants to see the case again.
pub fn amended(model: &mut Model, item: &Item) -> Option<(Vec<Field>, bool)> {
    let id = item.id.draft();
    let front = model.screen == Screen::Intake && model.intake.current().id == Some(id);
    let draft = model.intake.remove(id)?;
    if draft.amends.is_none() {
        // It was to become a case: the caller was on the line.
        let now = model.now;
        draft.call.filter(|call| call.at(now).is_live()).into_iter().for_each(|call| {
            model.intake.hang_up(Some(call), now);
        });
    }
    let merged = draft.amends.map(|amends| amends.merged.into_iter().collect()).unwrap_or_default();
    Some((merged, front && model.overlay.is_none()))
}

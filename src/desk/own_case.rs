//! A case as this desk itself has it: what was submitted here, before the server shows it or while nobody answers.

use std::sync::Arc;

use super::hands::on_disk;
use super::msg::{Answer, CaseFile};
use super::screens::intake::Receipt;
use crate::client::{Client, ClientError};
use crate::domain::account::AccountName;
use crate::domain::case::Caller;
use crate::domain::id::CaseId;
use crate::journal::Journal;
use crate::journal::outbox::{Item, ItemId, Standing};
use crate::wire::case::{CaseRow, CaseView, MaskedCaller, Outcome};

/// What is known here of the cases of a person.
pub(super) struct OwnCases {
    pub(super) journal: Arc<Journal>,
    /// Who has submitted them; nobody before anybody has signed in.
    pub(super) who: Option<AccountName>,
}

impl OwnCases {
    /// The case and its timeline: of one that is still to be sent what is to be sent, of any other what the server
    /// says, or what it was sent while nobody answers.
    pub(super) async fn read(self, client: &Client, id: CaseId) -> Answer<CaseFile> {
        let Self { journal, who } = self;
        let item = on_disk(move || journal.item(ItemId::Filing(id))).await.ok().flatten();
        let standing = item.as_ref().map(|item| item.standing);
        let own = item.zip(who).and_then(|(item, who)| view_of(&item, &who));
        let own =
            own.zip(standing).map(|(case, kept)| CaseFile { case, events: Vec::new(), kept: Some(kept) });
        if let Some(file) = own.as_ref().filter(|_| standing != Some(Standing::Accepted)) {
            return Ok(file.clone());
        }
        match (from_server(client, id).await, own) {
            (Err(error), Some(own)) if error.is_offline() => Ok(own),
            (answer, _) => answer,
        }
    }
}

async fn from_server(client: &Client, id: CaseId) -> Result<CaseFile, ClientError> {
    let (case, timeline) = tokio::join!(client.case(id), client.timeline(id));
    Ok(CaseFile { case: case?, events: timeline?.events, kept: None })
}

/// The case that an item files, as it will be shown or was when the server confirmed it; none without a number, and
/// of an act. Who called is masked as everywhere.
pub(super) fn view_of(item: &Item, who: &AccountName) -> Option<CaseView> {
    let ItemId::Filing(id) = item.id else { return None };
    let case = item.case_filed()?;
    let confirmed = item.parcel.confirmed.as_ref();
    let told = item.parcel.number.clone();
    let number = confirmed.map(|confirmed| confirmed.number.clone()).or(told)?;
    let will_be = Receipt::waiting(id, &case);
    let result = if let Outcome::Answer(answer) = &case.outcome { answer.clone() } else { String::new() };
    let intake = case.intake;
    let row = CaseRow {
        id,
        number,
        version: confirmed.map_or(0, |confirmed| confirmed.version),
        state: confirmed.map_or(will_be.state, |confirmed| confirmed.state),
        title: intake.title,
        kind: intake.kind,
        urgency: intake.urgency,
        confidential: will_be.confidential,
        matter: intake.matter,
        division: intake.place.division,
        department: will_be.department,
        received_at: case.received_at,
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
    Some(CaseView {
        row,
        channel: intake.channel,
        caller: Some(MaskedCaller::from(&Caller::from(intake.caller))),
        text: intake.text,
        place_detail: intake.place.detail,
        occurred_at: intake.occurred_at,
        target: intake.target,
        earlier_case: intake.earlier_case,
        tags: intake.tags,
        remark: intake.remark,
        registered_at: item.submitted_at,
        assignment: None,
        result,
        reminders: 0,
        reworks: 0,
        attached_cases: Vec::new(),
    })
}

//! The feed: every event of every case in the order of their commits, for those who follow along.
//!
//! Where several write at once, an event may come to stand before one that is there already. Only places that are
//! settled are read, so that nobody passes by what comes late; what is not yet settled is so a moment later.

use super::tx::{Row, statements};
use super::{StoreError, Tx};
use crate::domain::code::{DepartmentCode, State};
use crate::domain::event::{CaseEvent, EventBody};

statements! {
    /// By primary key; the case by its unique id.
    SINCE = "SELECT e.place, e.id, e.case_id, e.seq, e.at, e.actor, e.body, e.state, c.departments
        FROM case_event e JOIN case_file c ON c.id = e.case_id
        WHERE e.place > $1 AND e.place < $2 ORDER BY e.place LIMIT $3";
    /// By the unique (`case_id`, seq), backwards.
    ORDER_BEFORE = "SELECT body FROM case_event
        WHERE case_id = $1 AND seq < $2 AND kind IN ('dispatched', 'redispatched', 'reworked')
        ORDER BY seq DESC LIMIT 1";
    /// By the unique (`case_id`, seq).
    STATE_BEHIND = "SELECT state FROM case_event WHERE case_id = $1 AND seq = $2";
    /// By primary key.
    LAST = "SELECT place FROM case_event WHERE place < $1 ORDER BY place DESC LIMIT 1";
}

/// An event at its place in the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedItem {
    /// Growing, with gaps.
    pub place: i64,
    /// The event.
    pub event: CaseEvent,
    /// The state of the case after it.
    pub state: State,
    /// The departments that have the case now, or had it last, the lead first; behind them those that the event
    /// takes it from.
    pub departments: Vec<DepartmentCode>,
}

/// At most `limit` events behind place `after`, oldest first.
pub fn since(tx: &mut dyn Tx, after: i64, limit: u32) -> Result<Vec<FeedItem>, StoreError> {
    let settled = tx.settled()?;
    let mut items: Vec<_> = tx
        .rows(SINCE, &[after.into(), settled.into(), limit.into()])?
        .iter()
        .map(item)
        .collect::<Result<_, _>>()?;
    for item in &mut items {
        if let EventBody::Returned { .. } | EventBody::Redispatched { .. } | EventBody::Reworked { .. } =
            item.event.body
        {
            let parted = ordered_before(tx, &item.event)?;
            item.departments.extend(parted);
        }
        if let EventBody::Merged { .. } = item.event.body
            && stood_with_department(tx, &item.event)?
        {
            let parted = ordered_before(tx, &item.event)?;
            item.departments.extend(parted);
        }
    }
    Ok(items)
}

/// Whether a department had the case until this event.
fn stood_with_department(tx: &mut dyn Tx, event: &CaseEvent) -> Result<bool, StoreError> {
    let case = event.case_id.to_string();
    let state = tx
        .row(STATE_BEHIND, &[(&case).into(), (event.seq - 1).into()])?
        .map(|row| row.parsed::<State>(0))
        .transpose()?;
    Ok(state.is_some_and(|state| state.is_with_department() || state == State::Replied))
}

/// The departments that had the case before this event: they are told once more, so that it leaves their screens.
fn ordered_before(tx: &mut dyn Tx, event: &CaseEvent) -> Result<Vec<DepartmentCode>, StoreError> {
    let row = tx.row(ORDER_BEFORE, &[(&event.case_id.to_string()).into(), event.seq.into()])?;
    let body = row.map(|row| row.json::<EventBody>(0)).transpose()?;
    let Some(
        EventBody::Dispatched { order, .. }
        | EventBody::Redispatched { order, .. }
        | EventBody::Reworked { order, .. },
    ) = body
    else {
        return Ok(Vec::new());
    };
    Ok(std::iter::once(order.lead).chain(order.assisting).collect())
}

/// The last settled place; 0 before the first event.
pub fn last(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    let settled = tx.settled()?;
    tx.row(LAST, &[settled.into()])?.map_or(Ok(0), |row| row.int(0))
}

fn item(row: &Row) -> Result<FeedItem, StoreError> {
    let departments = row.text(8)?.split_whitespace().map(str::parse).collect::<Result<_, _>>();
    Ok(FeedItem {
        place: row.int(0)?,
        event: event(row)?,
        state: row.parsed(7)?,
        departments: departments.map_err(|_| StoreError::Damaged { what: "code" })?,
    })
}

/// The event in columns 1 to 6: id, case, seq, at, actor, body.
pub(super) fn event(row: &Row) -> Result<CaseEvent, StoreError> {
    Ok(CaseEvent {
        id: row.parsed(1)?,
        case_id: row.parsed(2)?,
        seq: u32::try_from(row.int(3)?).map_err(|_| StoreError::Damaged { what: "number" })?,
        at: row.time(4)?,
        by: row.parsed(5)?,
        body: row.json(6)?,
    })
}

//! Sending: batches of at most 200 cases, a few under way at once, each repeated while the server is busy.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;

use super::super::failure::Failure;
use super::super::progress::Progress;
use super::Totals;
use super::report::Report;
use super::row::{Item, RowFault};
use crate::client::{Client, ClientError, NextStep, equal_jitter, full_jitter};
use crate::domain::id::CaseId;
use crate::wire::case::{Batch, BatchItem, BatchResult};

/// The most cases of a batch, as the server takes them.
const CASES: usize = 200;
/// The most bytes of a batch; the server takes 1 MiB.
const BYTES: usize = 900 * 1024;
/// Batches under way at once.
const FLIGHTS: usize = 4;
/// How often a batch is sent before the import gives up: some minutes.
const ATTEMPTS: u32 = 10;

/// A batch that is being collected.
#[derive(Default)]
struct Load {
    items: Vec<BatchItem>,
    /// The rows of the file, in the order of the items.
    rows: Vec<u64>,
    bytes: usize,
}

type Flight = JoinSet<Result<(Vec<u64>, Vec<BatchResult>), ClientError>>;

/// Sends everything that comes, and counts what becomes of it.
pub(super) async fn all(
    client: &Client,
    items: &mut Receiver<Item>,
    report: &mut Report,
    show: bool,
) -> Result<Totals, Failure> {
    let progress = Progress::new(show);
    let mut totals = Totals::default();
    let mut flights = Flight::new();
    let mut load = Load::default();
    while let Some(item) = items.recv().await {
        match item {
            Item::Start { rows, .. } => progress.expect(rows),
            Item::Refused { number, fault } => {
                totals.refused += 1;
                progress.done(1);
                report.refused(number, &fault)?;
            }
            Item::Case { number, id, case } => {
                let item = BatchItem { id, case: *case };
                let bytes = serde_json::to_vec(&item).map_or(BYTES, |json| json.len() + 1);
                if load.items.len() == CASES || (load.bytes + bytes > BYTES && !load.items.is_empty()) {
                    launch(&mut flights, client, &mut load);
                }
                load.bytes += bytes;
                load.items.push(item);
                load.rows.push(number);
            }
        }
        while flights.len() >= FLIGHTS {
            land(&mut flights, &mut totals, report, &progress).await?;
        }
    }
    launch(&mut flights, client, &mut load);
    while !flights.is_empty() {
        land(&mut flights, &mut totals, report, &progress).await?;
    }
    Ok(totals)
}

fn launch(flights: &mut Flight, client: &Client, load: &mut Load) {
    let Load { items, rows, .. } = std::mem::take(load);
    if !items.is_empty() {
        let client = client.clone();
        flights.spawn(async move { Ok((rows, send(&client, items).await?)) });
    }
}

async fn land(
    flights: &mut Flight,
    totals: &mut Totals,
    report: &mut Report,
    progress: &Progress,
) -> Result<(), Failure> {
    let Some(landed) = flights.join_next().await else { return Ok(()) };
    let (rows, results) = landed.map_err(anyhow::Error::from)??;
    for (number, result) in rows.iter().zip(results) {
        match result.status {
            201 => totals.accepted += 1,
            // The id is made from the content, so another author's case under it is this row, brought by another.
            200 | 404 => totals.repeated += 1,
            _ => {
                totals.refused += 1;
                report.refused(*number, &fault(&result))?;
            }
        }
    }
    progress.done(rows.len() as u64);
    Ok(())
}

/// Sends a batch until every item has an answer that is not "later"; items are safe to repeat.
async fn send(client: &Client, items: Vec<BatchItem>) -> Result<Vec<BatchResult>, ClientError> {
    let order: Vec<CaseId> = items.iter().map(|item| item.id).collect();
    let mut answers: BTreeMap<CaseId, BatchResult> = BTreeMap::new();
    let mut left = items;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let (wait, last) = match client.file_batch(&Batch { cases: left.clone() }).await {
            Ok(results) => {
                for result in results.results {
                    let later = matches!(result.status, 408 | 425 | 429 | 500..=599);
                    if !later || attempt >= ATTEMPTS {
                        answers.entry(result.id).or_insert(result);
                    }
                }
                left.retain(|item| !answers.contains_key(&item.id));
                if left.is_empty() {
                    break;
                }
                (full_jitter(attempt), None)
            }
            Err(error) => match error.next_step() {
                NextStep::Retry => (full_jitter(attempt), Some(error)),
                NextStep::RetryAfter(asked) => (equal_jitter(asked), Some(error)),
                _ => return Err(error),
            },
        };
        if attempt >= ATTEMPTS {
            return Err(last.unwrap_or(ClientError::NotUnderstood));
        }
        tokio::time::sleep(wait.min(Duration::from_secs(30))).await;
    }
    // The answer of an id counts for its first row; the rows that repeat it are repeats.
    let mut told = BTreeSet::new();
    let mut results = Vec::with_capacity(order.len());
    for id in order {
        let Some(mut answer) = answers.get(&id).cloned() else { return Err(ClientError::NotUnderstood) };
        if !told.insert(id) && answer.status == 201 {
            answer.status = 200;
        }
        results.push(answer);
    }
    Ok(results)
}

/// The reason of the server, as a reason of the row.
fn fault(result: &BatchResult) -> RowFault {
    let Some(problem) = &result.problem else { return RowFault::UNREADABLE };
    match problem.errors.first() {
        Some(error) => RowFault { field: error.pointer.clone(), code: error.code.clone() },
        None => RowFault { field: String::new(), code: problem.code.code().to_owned() },
    }
}

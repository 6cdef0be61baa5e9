//! Invented cases, and a database full of them.

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use huiyin::domain::account::Actor;
use huiyin::domain::act::CityRules;
use huiyin::domain::code::Role;
use huiyin::domain::event::Order;
use huiyin::domain::id::CaseId;
use huiyin::profile::Profile;
use huiyin::sample::{Sample, SampleCase, SampleOutcome};
use huiyin::store::Store;
use huiyin::store::cases::{Filing, FilingError, FirstAct, file};
use jiff::Timestamp;

use crate::home;

/// How many cases there are in the database that is searched.
pub(crate) const CASES: u64 = 100_000;

/// `count` invented cases of two years, the same on every machine.
pub(crate) fn sample(count: u64) -> anyhow::Result<Sample<'static>> {
    let until: Timestamp = "2026-11-23T18:00:00+08:00".parse()?;
    Ok(Sample::new(Profile::demonstration(), 7, until, 730, count))
}

/// A case's id: made of when it was received, of its place in the row, and of which row.
pub(crate) fn id(row: u8, case: &SampleCase) -> CaseId {
    let mut random = [row; 10];
    random[2..].copy_from_slice(&case.index.to_be_bytes());
    CaseId::new(case.received_at.as_millisecond().unsigned_abs(), random)
}

/// What was done at once: half are answered, nearly all others dispatched.
pub(crate) fn outcome(case: &SampleCase) -> FirstAct {
    match &case.outcome {
        SampleOutcome::Answered { answer } => FirstAct::Answer(answer.clone()),
        SampleOutcome::Registered | SampleOutcome::Voided { .. } => FirstAct::Register,
        _ => FirstAct::Dispatch(Order {
            lead: case.lead.clone(),
            assisting: case.assisting.clone(),
            opinion: "请按规定办理".to_owned(),
        }),
    }
}

/// A database full of cases, as the store writes and leaves it.
pub(crate) struct Filled {
    folder: tempfile::TempDir,
}

impl Filled {
    /// Fills one with so many; it goes when dropped.
    pub(crate) fn new(count: u64) -> anyhow::Result<Self> {
        let filled = Self { folder: home::folder()? };
        let began = Instant::now();
        let store = Store::sqlite(&filled.database())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut sample = sample(count)?;
        runtime.block_on(async {
            loop {
                let some: Vec<_> = sample.by_ref().take(500).collect();
                if some.is_empty() {
                    break;
                }
                store.write(move |tx| some.iter().try_for_each(|case| fill(tx, 0, case))).await?;
            }
            store.close().await;
            Ok::<_, FilingError>(())
        })?;
        crate::table::say(&format!("{count} cases filed in {:.0} s", began.elapsed().as_secs_f64()));
        Ok(filled)
    }

    /// The file.
    pub(crate) fn database(&self) -> std::path::PathBuf {
        self.folder.path().join("cases.db")
    }
}

/// Files a case of a row.
pub(crate) fn fill(tx: &mut dyn huiyin::store::Tx, row: u8, case: &SampleCase) -> Result<(), FilingError> {
    let city = Profile::demonstration();
    let actor = Actor { name: agent(case.taken_by)?, role: Role::Agent, departments: Vec::new() };
    let filing = Filing {
        id: id(row, case),
        number: None,
        received_at: case.received_at,
        judged: None,
        intake: case.intake.clone(),
        outcome: outcome(case),
        actor: &actor,
        at: case.received_at,
        request: "",
    };
    let rules = CityRules { deadlines: city.deadlines(), calendar: city.calendar() };
    file(tx, filing, rules).map(drop)
}

fn agent(n: u64) -> Result<huiyin::domain::account::AccountName, huiyin::store::StoreError> {
    format!("agent{n:02}").parse().map_err(|_| huiyin::store::StoreError::Damaged { what: "name" })
}

/// Opens a file of the store for plain SQL beside it.
pub(crate) fn plain(database: &Path) -> anyhow::Result<rusqlite::Connection> {
    rusqlite::Connection::open(database).context("opening the database")
}

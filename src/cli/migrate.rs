//! `huiyin migrate`: copies everything into another store, of the same engine or not.

use std::fs::File;
use std::path::PathBuf;

use clap::Args;
use rust_i18n::t;
use serde_json::json;

use super::context::{Context, absolute, block_on};
use super::failure::Failure;
use super::host::{lock_file, try_lock};
use super::output;
use super::progress::Progress;
use crate::store::Store;
use crate::store::migrate::{MigrateError, Migration, Sum};

/// From where to where.
#[derive(Debug, Args)]
pub(super) struct MigrateArgs {
    /// 从哪里搬：sqlite:文件 或 postgres://… / what to copy: sqlite:FILE or postgres://…
    #[arg(long, value_name = "STORE")]
    from: String,
    /// 搬到哪里：空的，或上次没有搬完的 / where to: empty, or where it was broken off
    #[arg(long, value_name = "STORE")]
    to: String,
}

/// A store that somebody named.
#[derive(Debug, PartialEq, Eq)]
enum Named<'a> {
    Sqlite(PathBuf),
    Postgres(&'a str),
}

impl<'a> Named<'a> {
    fn read(text: &'a str) -> Result<Self, Failure> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text));
        }
        match text.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
            Some(path) => Ok(Self::Sqlite(absolute(Some(path.as_ref()))?.unwrap_or_default())),
            None => Err(Failure::usage("migrate_store", t!("cli.migrate.store"))),
        }
    }

    fn open(&self) -> Result<Store, Failure> {
        let opened = match self {
            Self::Sqlite(path) => Store::sqlite(path),
            Self::Postgres(url) => Store::postgres(url),
        };
        opened.map_err(|error| Failure::from(&error))
    }

    /// The lock of its file, where it has one, and whether it is ours now.
    fn lock(&self) -> Result<(Option<File>, bool), Failure> {
        let Self::Sqlite(path) = self else { return Ok((None, true)) };
        let lock = lock_file(path)?;
        let ours = try_lock(&lock)?;
        Ok((Some(lock), ours))
    }
}

pub(super) fn run(args: &MigrateArgs, context: &Context) -> Result<(), Failure> {
    let (from, to) = (Named::read(&args.from)?, Named::read(&args.to)?);
    if from == to {
        return Err(Failure::usage("migrate_same", t!("cli.migrate.same")));
    }
    if let Named::Sqlite(path) = &from {
        // A source is not made by being asked for.
        path.metadata().map_err(|error| Failure::file(path, &error))?;
    }
    // What serves the source goes on writing: the copy is whole, and has to be brought up to date once that has ended.
    let (_from, still) = from.lock()?;
    let (_to, free) = to.lock()?;
    if !free {
        return Err(Failure::refused("host_held", t!("cli.host.held", path = &args.to)));
    }
    let (source, target) = (from.open()?, to.open()?);
    block_on(async {
        let copied = copy(source.clone(), target.clone(), context, !still).await;
        source.close().await;
        target.close().await;
        copied
    })
}

async fn copy(from: Store, to: Store, context: &Context, served: bool) -> Result<(), Failure> {
    let mut migration = Migration::begin(from, to).await.map_err(told)?;
    if migration.goes_on() && !context.json {
        output::say(&t!("cli.migrate.goes_on"));
    }
    let progress = Progress::new(!context.json);
    progress.expect(migration.left().await.map_err(told)?);
    while let Some(events) = migration.events().await.map_err(told)? {
        progress.done(events);
    }
    while let Some(entries) = migration.audit().await.map_err(told)? {
        progress.done(entries);
    }
    migration.rest().await.map_err(told)?;
    if served {
        drop(progress);
        return half_done(context);
    }
    progress.expect(None);
    let totals = tokio::task::block_in_place(|| migration.check(|rows| progress.done(rows))).map_err(told)?;
    drop(progress);
    if context.json {
        let sum = |sum: Sum| json!({ "count": sum.count, "sum": format!("{:032x}", sum.sum) });
        return output::json(&json!({
            "finished": true, "cases": sum(totals.cases), "events": sum(totals.events), "audit": sum(totals.audit),
            "accounts": sum(totals.accounts), "stations": sum(totals.stations),
        }));
    }
    let (cases, events) = (totals.cases, totals.events.count);
    output::say(&t!("cli.migrate.done", cases = cases.count, events = events));
    output::say(&t!("cli.migrate.sum", sum = format!("{:032x}", cases.sum)));
    output::say(&t!("cli.migrate.next"));
    Ok(())
}

/// The source is still served: whatever is compared now is not the end.
fn half_done(context: &Context) -> Result<(), Failure> {
    if context.json {
        return output::json(&json!({ "finished": false }));
    }
    output::say(&t!("cli.migrate.served"));
    Ok(())
}

fn told(error: MigrateError) -> Failure {
    match error {
        MigrateError::Store(error) => Failure::from(&error),
        MigrateError::Occupied => Failure::refused("migrate_occupied", t!("cli.migrate.occupied")),
        MigrateError::Differs { what } => {
            Failure::refused("migrate_differs", t!("cli.migrate.differs", what = what))
        }
    }
}

//! `huiyin restore`: puts a backup in the place of this machine's database.

use std::path::PathBuf;

use clap::Args;
use rust_i18n::t;

use super::context::{Context, absolute};
use super::failure::Failure;
use super::host::{embedded_only, lock_file, try_lock};
use super::output;
use crate::domain::epoch::Epoch;
use crate::store::Store;

/// From what.
#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// huiyin backup 写出的文件 / a file that `huiyin backup` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) fn run(args: &RestoreArgs, context: &Context) -> Result<(), Failure> {
    let file = absolute(Some(&args.file))?.unwrap_or_default();
    let database = embedded_only(&context.config)?;
    let lock = lock_file(database)?;
    if !try_lock(&lock)? {
        return Err(Failure::refused("host_held", t!("cli.host.held", path = database.display())));
    }
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(anyhow::Error::from)?;
    let put_back = Store::put_back(&file, database, Epoch::new(random), context.clock.now());
    let (copied, kept) = put_back.map_err(|error| Failure::from(&error))?;
    if context.json {
        let told = serde_json::json!({
            "restored": database, "cases": copied.cases, "epoch": copied.epoch, "kept": kept,
        });
        return output::json(&told);
    }
    output::say(&t!("cli.restore.done", n = copied.cases));
    if let Some(kept) = kept {
        output::say(&t!("cli.restore.kept", path = kept.display()));
    }
    Ok(())
}

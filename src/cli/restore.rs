//! `huiyin restore`: puts a backup in the place of this machine's database.

use std::path::PathBuf;

use clap::Args;
use rust_i18n::t;

use super::context::{Context, absolute, block_on};
use super::failure::Failure;
use super::host::{embedded_only, lock_file, open_store, try_lock};
use super::output;
use crate::domain::epoch::Epoch;
use crate::store::Store;

/// From what.
#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// huiyin backup 写出的文件 / a file that `huiyin backup` wrote
    #[arg(value_name = "FILE", required_unless_present = "in_place", conflicts_with = "in_place")]
    file: Option<PathBuf>,
    /// 数据库已用别的办法恢复好（如 PostgreSQL 的备份），只开始新的纪元 / the database was put back by other means, as PostgreSQL is: only begin another epoch
    #[arg(long)]
    in_place: bool,
}

pub(super) fn run(args: &RestoreArgs, context: &Context) -> Result<(), Failure> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(anyhow::Error::from)?;
    let epoch = Epoch::new(random);
    let Some(file) = absolute(args.file.as_deref())? else { return in_place(epoch, context) };
    let database = embedded_only(&context.config)?;
    let lock = lock_file(database)?;
    if !try_lock(&lock)? {
        return Err(Failure::refused("host_held", t!("cli.host.held", path = database.display())));
    }
    let put_back = Store::put_back(&file, database, epoch, context.clock.now());
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

/// The database is as it was at some earlier time, and does not know it.
fn in_place(epoch: Epoch, context: &Context) -> Result<(), Failure> {
    let lock = match embedded_only(&context.config) {
        Ok(database) => Some(lock_file(database)?),
        Err(_) => None,
    };
    if lock.as_ref().map(try_lock).transpose()? == Some(false) {
        let path = context.config.database.display();
        return Err(Failure::refused("host_held", t!("cli.host.held", path = path)));
    }
    let store = open_store(&context.config)?;
    let at = context.clock.now();
    block_on(async {
        let begun = store.was_put_back(epoch, at).await.map_err(|error| Failure::from(&error));
        store.close().await;
        begun
    })?;
    if context.json {
        return output::json(&serde_json::json!({ "restored": null, "epoch": epoch }));
    }
    output::say(&t!("cli.restore.in_place"));
    Ok(())
}

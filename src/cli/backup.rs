//! `huiyin backup`: a copy of this machine's database, while it is served or not.

use std::path::PathBuf;

use clap::Args;
use rust_i18n::t;

use super::context::{Context, absolute};
use super::failure::Failure;
use super::host::embedded_only;
use super::output;
use crate::store::Store;

/// Where to.
#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// 备份写到这个文件，不会覆盖已有的 / the file to write, which must not be there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) fn run(args: &BackupArgs, context: &Context) -> Result<(), Failure> {
    let file = absolute(Some(&args.file))?.unwrap_or_default();
    let copied =
        Store::back_up(embedded_only(&context.config)?, &file).map_err(|error| Failure::from(&error))?;
    if context.json {
        let told = serde_json::json!({
            "backup": file, "cases": copied.cases, "bytes": copied.bytes, "epoch": copied.epoch,
        });
        return output::json(&told);
    }
    output::say(&t!("cli.backup.done", path = file.display(), n = copied.cases));
    Ok(())
}

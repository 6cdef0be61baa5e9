//! `huiyin profile check DIR`: what is wrong with a city profile, with file and line.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use rust_i18n::t;

use super::failure::Failure;
use super::output;
use crate::i18n::current;

/// What to do with a profile.
#[derive(Debug, Args)]
pub(super) struct ProfileArgs {
    #[command(subcommand)]
    command: ProfileCommand,
}

#[derive(Debug, Subcommand)]
enum ProfileCommand {
    /// 检查城市配置目录 / check the folder of a city profile
    Check {
        /// 目录 / the folder
        dir: PathBuf,
    },
}

pub(super) fn run(args: ProfileArgs) -> Result<(), Failure> {
    let ProfileCommand::Check { dir } = args.command;
    let findings = crate::profile::check(&dir);
    if findings.is_empty() {
        output::say(&t!("cli.profile.good"));
        return Ok(());
    }
    for finding in &findings {
        output::complain(&format!("{}: {}", finding.place(), finding.text(current().tag())));
    }
    Err(Failure::Told)
}

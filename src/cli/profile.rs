//! `huiyin profile`: what is wrong with a city profile, with file and line, and its divisions from the public table.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use rust_i18n::t;

use super::context::absolute;
use super::failure::Failure;
use super::{import_divisions, output};
use crate::i18n::current;
use crate::profile::Finding;

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
    /// 从全国行政区划表生成街道 / make the divisions of a city from the public table of all China
    ImportDivisions(import_divisions::ImportDivisionsArgs),
}

pub(super) fn run(args: ProfileArgs, json: bool) -> Result<(), Failure> {
    let dir = match args.command {
        ProfileCommand::Check { dir } => dir,
        ProfileCommand::ImportDivisions(args) => return import_divisions::run(&args, json),
    };
    let dir = absolute(Some(&dir))?.unwrap_or_default();
    let findings = crate::profile::check(&dir);
    if json {
        let told = findings.iter().map(
            |finding| serde_json::json!({ "place": finding.place(), "text": finding.text(current().tag()) }),
        );
        output::json(&serde_json::json!({ "findings": told.collect::<Vec<_>>() }))?;
        return if findings.is_empty() { Ok(()) } else { Err(Failure::Told) };
    }
    if findings.is_empty() {
        output::say(&t!("cli.profile.good"));
        return Ok(());
    }
    complain(&findings);
    Err(Failure::Told)
}

/// Says what is wrong, and what to do about it.
pub(super) fn complain(findings: &[Finding]) {
    for finding in findings {
        output::complain(&format!("{}: {}", finding.place(), finding.text(current().tag())));
    }
    output::advise(&t!("cli.next", next = t!("next.profile_bad")));
}

//! `huiyin doctor`: what a colleague who helps from afar would ask, answered line by line, to be pasted into a message.
//!
//! Nothing personal is in it: no drafts but their number, no addresses of people, `~` for the home folder, and the name
//! of the account that runs it nowhere. It works where the settings do not, for that is when it is needed.

mod disk;
mod network;
mod report;
mod screen;

use clap::Args;

use super::failure::Failure;
use super::{Global, context, output};
use crate::clock::Clock;
use crate::config::Config;
use report::{Report, Verdict};

/// How to look.
#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// 不向终端发问 / ask the terminal nothing
    #[arg(long)]
    plain: bool,
}

pub(super) fn run(args: &DoctorArgs, global: Global) -> Result<(), Failure> {
    let json = global.json;
    let mut report = Report::new();
    program(&mut report);
    let flags = super::global_settings(&global)?;
    let config = Config::load(global.home, flags);
    let wide = config.as_ref().is_ok_and(super::desk::ambiguous_is_wide);
    screen::look(&mut report, !args.plain && !json, wide);
    match config {
        Ok(config) => {
            disk::look(&mut report, &config);
            let clock = Clock::default();
            context::block_on(async {
                network::look(&mut report, &config, &clock).await;
                Ok(())
            })?;
        }
        Err(error) => {
            report.add("settings", Verdict::Bad, error.to_string(), super::failure::advice("bad_setting"));
        }
    }
    if json {
        output::json(&serde_json::json!({ "checks": report.checks() }))?;
    } else {
        report.lines().for_each(|line| output::say(&line));
    }
    if report.is_bad() { Err(Failure::Told) } else { Ok(()) }
}

fn program(report: &mut Report) {
    let features = [("desk", cfg!(feature = "desk")), ("server", cfg!(feature = "server"))];
    let features: Vec<_> = features.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect();
    let version = env!("CARGO_PKG_VERSION");
    report.ok("program", format!("huiyin {version} ({})", features.join(", ")));
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    report.ok("system", format!("{system} {machine} {}", kernel.trim()).trim_end().to_owned());
}

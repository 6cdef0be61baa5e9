//! `huiyin version`.

use clap::Args;

use super::failure::Failure;
use super::output;

/// What to print.
#[derive(Debug, Args)]
pub(super) struct VersionArgs {
    /// 输出 JSON / print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &VersionArgs) -> Result<(), Failure> {
    let version = env!("CARGO_PKG_VERSION");
    if args.json {
        let features = [("desk", cfg!(feature = "desk")), ("server", cfg!(feature = "server"))];
        let features: Vec<_> = features.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect();
        return output::json(&serde_json::json!({ "version": version, "features": features }));
    }
    output::say(&format!("huiyin {version}"));
    Ok(())
}

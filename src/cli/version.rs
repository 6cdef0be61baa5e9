//! `huiyin version`.

use super::failure::Failure;
use super::output;

pub(super) fn run(json: bool) -> Result<(), Failure> {
    let version = env!("CARGO_PKG_VERSION");
    if json {
        let features = [("desk", cfg!(feature = "desk")), ("server", cfg!(feature = "server"))];
        let features: Vec<_> = features.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect();
        return output::json(&serde_json::json!({ "version": version, "features": features }));
    }
    output::say(&format!("huiyin {version}"));
    Ok(())
}

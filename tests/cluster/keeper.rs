//! The folder of a cluster, and a shell beside it that cleans up when this process is gone.
//!
//! What is shared by a test binary is never dropped, and a test may be killed: so the cleaning is not left to this
//! process. The shell waits for the end of its input, which comes when the folder is dropped and when we die.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::programs::Programs;

/// Kills what still runs, gives the shared memory of what was killed back, removes the folder.
const CLEAN: &str = r#"
cat >/dev/null
for run in "$1"/*/postmaster.pid; do
  [ -f "$run" ] || continue
  kill -KILL "$(head -n 1 "$run")" 2>/dev/null
  ipcrm -m "$(sed -n 7p "$run" | awk '{ print $2 }')" 2>/dev/null
done
# Those behind a killed server go as soon as they see it, and may write until then.
while [ -e "$1" ]; do rm -rf "$1" 2>/dev/null || sleep 0.1; done
"#;

/// A folder that only its user can read.
pub(crate) struct Folder {
    folder: TempDir,
    keeper: Child,
}

impl Folder {
    /// An empty one, owned by the user of the programs.
    pub(crate) fn new(programs: &Programs) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("a folder for PostgreSQL: {error}");
        let folder = tempfile::Builder::new().prefix("huiyin-pg-").tempdir().map_err(failed)?;
        if let Some((user, group)) = programs.user() {
            chown(folder.path(), Some(user), Some(group)).map_err(failed)?;
        }
        let mut keeper = Command::new("/bin/sh");
        keeper.args(["-c", CLEAN, "keeper"]).arg(folder.path()).current_dir("/");
        // An interrupt at the terminal is for the tests, and must find the keeper alive behind them.
        keeper.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let keeper = keeper.spawn().map_err(failed)?;
        Ok(Self { folder, keeper })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

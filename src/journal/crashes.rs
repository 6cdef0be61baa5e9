//! Which drafts the program has broken on, kept among what a person keeps for themselves.
//!
//! Counted is what the program itself did while it had a draft in hand, and noted by itself on its way out: a kill or a
//! power cut lets nobody note anything, so neither is ever held against a draft. Nor does a crash count for the draft as
//! it is typed on later, or for another version of the program: either may be over it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Journal, JournalError};
use crate::domain::id::CaseId;
use crate::domain::secret::Secret;

/// Under which name the journal keeps them.
const NAME: &str = "crashes";
/// After so many a draft is not opened by itself any more.
const ENOUGH: u32 = 2;
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// The drafts that the program broke on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crashes(BTreeMap<String, Crash>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Crash {
    /// How often the draft had been changed.
    version: u64,
    program: String,
    times: u32,
}

impl Crashes {
    /// Those of whoever has `journal` unlocked; none where they cannot be read.
    pub fn read(journal: &Journal) -> Self {
        let kept = journal.own(NAME).ok().flatten();
        kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default()
    }

    /// Keeps them; durable when this returns.
    pub fn keep(&self, journal: &Journal) -> Result<(), JournalError> {
        let text = serde_json::to_string(self).unwrap_or_default();
        journal.keep_own(NAME, Secret::new(text)).recv().map_err(|_| JournalError::Stopped)?
    }

    /// Counts a crash on the draft `id`, after it had been changed `version` times.
    pub fn count(&mut self, id: CaseId, version: u64) {
        let new = Crash { version, program: PROGRAM.to_owned(), times: 0 };
        let crash = self.0.entry(id.to_string()).or_insert_with(|| new.clone());
        if (crash.version, crash.program.as_str()) != (version, PROGRAM) {
            *crash = new;
        }
        crash.times = crash.times.saturating_add(1);
    }

    /// Whether the draft `id`, as it is after `version` changes, is not to be opened by itself.
    pub fn forbid(&self, id: CaseId, version: u64) -> bool {
        self.0.get(&id.to_string()).is_some_and(|crash| {
            crash.times >= ENOUGH && (crash.version, crash.program.as_str()) == (version, PROGRAM)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::tests::{draft, li, open, password};

    #[test]
    fn two_crashes_on_the_same_draft_count_and_last_and_are_sealed() {
        let dir = tempfile::tempdir().unwrap();
        let (journal, _) = open(dir.path());
        journal.unlock(&li(), &password("first password")).unwrap();
        let (one, other) = (draft(1, 3, "a").id, draft(2, 3, "b").id);
        for forbidden in [false, true] {
            let mut crashes = Crashes::read(&journal);
            crashes.count(one, 3);
            crashes.keep(&journal).unwrap();
            assert_eq!(Crashes::read(&journal).forbid(one, 3), forbidden);
        }
        drop(journal);
        let (journal, _) = open(dir.path());
        assert_eq!(Crashes::read(&journal), Crashes::default(), "nobody is here");
        journal.unlock(&li(), &password("first password")).unwrap();
        let mut crashes = Crashes::read(&journal);
        assert!(crashes.forbid(one, 3) && !crashes.forbid(one, 4) && !crashes.forbid(other, 3));
        // Typed on since, it begins anew; so it does with another program.
        crashes.count(one, 4);
        assert!(!crashes.forbid(one, 3) && !crashes.forbid(one, 4));
        crashes.count(one, 4);
        assert!(crashes.forbid(one, 4));
        crashes.0.get_mut(&one.to_string()).unwrap().program = "0.0.0".to_owned();
        assert!(!crashes.forbid(one, 4));
        crashes.count(one, 4);
        assert!(!crashes.forbid(one, 4));
    }
}

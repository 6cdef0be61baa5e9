//! Identities made by the desk: random, but from a seed, so that a test makes the same ones again.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::domain::id::{CaseId, EventId};

/// Makes identities: each is the hash of a secret seed and a count.
#[derive(Clone)]
pub struct Ids {
    seed: [u8; 32],
    made: u64,
}

impl std::fmt::Debug for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ids({} made)", self.made)
    }
}

impl Ids {
    /// Starts from `seed`, 32 random bytes.
    pub fn new(seed: [u8; 32]) -> Self {
        Self { seed, made: 0 }
    }

    fn random(&mut self) -> [u8; 10] {
        self.made += 1;
        let hash = Sha256::new().chain_update(self.seed).chain_update(self.made.to_le_bytes()).finalize();
        let mut bytes = [0; 10];
        bytes.copy_from_slice(&hash[..10]);
        bytes
    }

    /// The identity of a case whose draft begins now.
    pub fn case(&mut self, now: Timestamp) -> CaseId {
        CaseId::new(unix_ms(now), self.random())
    }

    /// The identity of an act asked for now.
    pub fn event(&mut self, now: Timestamp) -> EventId {
        EventId::new(unix_ms(now), self.random())
    }
}

fn unix_ms(at: Timestamp) -> u64 {
    u64::try_from(at.as_millisecond()).unwrap_or(0)
}

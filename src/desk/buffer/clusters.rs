//! Clusters of several characters (letters with accents, families of pictures), numbered as they come: few cells hold
//! one, and a cell has room for a number.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::ink::Glyph;

/// After so many those are forgotten that stand nowhere.
const MANY: usize = 4_096;

/// The numbers. Clones share them, so that buffers can be compared.
#[derive(Debug, Clone, Default)]
pub(super) struct Clusters(Arc<Mutex<Numbered>>);

#[derive(Debug, Default)]
struct Numbered {
    all: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Clusters {
    /// The glyph that stands for a cluster.
    pub(super) fn glyph(&self, cluster: &str) -> Glyph {
        let mut numbered = self.lock();
        if let Some(number) = numbered.numbers.get(cluster) {
            return Glyph::of_cluster(*number);
        }
        let (cluster, number) = (Arc::<str>::from(cluster), u32::try_from(numbered.all.len()).unwrap_or(0));
        numbered.all.push(Arc::clone(&cluster));
        numbered.numbers.insert(cluster, number);
        Glyph::of_cluster(number)
    }

    /// What a glyph stands for, if it is a cluster's.
    pub(super) fn text(&self, glyph: Glyph) -> Option<Arc<str>> {
        let number = usize::try_from(glyph.cluster()?).ok()?;
        self.lock().all.get(number).cloned()
    }

    /// Whether there are so many that it is time to forget.
    pub(super) fn is_full(&self) -> bool {
        self.lock().all.len() >= MANY
    }

    fn lock(&self) -> MutexGuard<'_, Numbered> {
        // Nothing in here panics between two changes.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

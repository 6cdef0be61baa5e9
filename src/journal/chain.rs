//! What somebody's own acts have made of a case since they looked at it.
//!
//! An act names the version of the case that its person saw. What the same person submitted before it may have been done
//! meanwhile: that is no change by others, and the act goes for the version behind it. But what others changed in between,
//! and what an earlier act could be sent past because it touched nothing of theirs, this person has not seen: an act that
//! touches it goes for the version that was seen, so that the server says what has changed.

use super::outbox::Item;
use crate::domain::act::Verb;

/// An act that was done, or the filing.
#[derive(Debug, Clone)]
struct Link {
    /// The version it was first sent for.
    from: u32,
    /// The version behind it.
    to: u32,
    /// The fields that others changed between `from` and the version it was done on.
    passed: Vec<String>,
}

/// What one person did to one case, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct Chain(Vec<Link>);

impl Chain {
    /// Adds what was confirmed.
    pub(super) fn add(&mut self, item: &Item) {
        let Some(to) = item.version_behind() else { return };
        let on = item.parcel.seen.unwrap_or(0);
        let link = Link { from: item.parcel.base.unwrap_or(on), to, passed: item.parcel.passed.clone() };
        let at = self.0.partition_point(|other| other.to < to);
        self.0.insert(at, link);
    }

    /// The act as it goes now.
    #[must_use]
    pub fn ready(&self, mut item: Item) -> Item {
        let Some(verb) = item.parcel.verb else { return item };
        let seen = item.parcel.seen.unwrap_or(1);
        let (mut version, mut passed) = (seen, Vec::new());
        for link in self.0.iter().filter(|link| link.to > seen) {
            if link.from > version {
                // Others did something between the two that is not known here.
                break;
            }
            if seen + 1 < link.to {
                passed.extend(link.passed.iter().cloned());
            }
            version = link.to;
        }
        let unseen = touches(verb, &item.fields(), &passed);
        item.parcel.seen = Some(if unseen { seen } else { version });
        item
    }
}

/// Whether an act on these `fields` must not be done by itself where others changed `changed`: a note or a reminder adds
/// to the case whatever its version, an amendment of other fields takes nothing back, and every other act decides by all
/// of the case.
pub(super) fn touches(verb: Verb, fields: &[String], changed: &[String]) -> bool {
    match verb {
        Verb::Note | Verb::Remind => false,
        Verb::Amend => changed.iter().any(|field| field == "state" || fields.contains(field)),
        _ => !changed.is_empty(),
    }
}

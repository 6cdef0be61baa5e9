//! Questions of one kind replace one another: the newest is the one that is wanted.

use super::effects::Effect;

/// Effects of which a new one makes the one under way pointless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Lane {
    History,
    Like,
    Suggest,
    Search,
    Preview,
    Case,
    Work,
    Outbox,
    Topics,
    Listen,
}

impl Effect {
    /// Whether this makes `earlier`, of which nothing has begun, pointless: the same draft is saved again, or another
    /// question of the same kind is asked.
    pub fn replaces(&self, earlier: &Self) -> bool {
        match (self, earlier) {
            (Self::SaveDraft(draft), Self::SaveDraft(earlier)) => draft.id == earlier.id,
            _ => self.lane().is_some_and(|lane| earlier.lane() == Some(lane)),
        }
    }

    /// Its lane, if it has one.
    pub(super) fn lane(&self) -> Option<Lane> {
        Some(match self {
            Self::History(..) => Lane::History,
            Self::Like(..) => Lane::Like,
            Self::Suggest(..) => Lane::Suggest,
            Self::Search(..) | Self::SearchHere(..) => Lane::Search,
            Self::Preview(..) => Lane::Preview,
            Self::OpenCase(..) => Lane::Case,
            Self::Work(_) => Lane::Work,
            Self::Outbox(_) => Lane::Outbox,
            Self::Topics(_) => Lane::Topics,
            Self::Listen => Lane::Listen,
            _ => return None,
        })
    }
}

//! 回访: the caller was asked whether it was solved, and said whether they are content.
//!
//! Whoever was not reached has said nothing, and whoever was reached has said both. The shares that a city is judged by
//! (解决率, 满意率) are counted over those who were reached.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::code::code_enum;
use super::number::CaseNumber;

code_enum! {
    /// 满意度: what the caller thinks of how it was handled.
    Satisfaction = "satisfaction" {
        /// 满意.
        Satisfied = "satisfied",
        /// 基本满意.
        MostlySatisfied = "mostly_satisfied",
        /// 不满意.
        Dissatisfied = "dissatisfied",
    }
}

/// What a follow-up brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Told", into = "Told")]
pub enum FollowUp {
    /// 未联系上: nobody answered, or somebody else did.
    NotReached,
    /// 已联系.
    Reached {
        /// 是否解决.
        solved: bool,
        /// 满意度.
        satisfaction: Satisfaction,
    },
}

impl FollowUp {
    /// Every one, as a person chooses among them: the best first, and at last that nobody was reached.
    pub const ALL: [Self; 7] = {
        use Satisfaction::{Dissatisfied, MostlySatisfied, Satisfied};
        const fn reached(solved: bool, satisfaction: Satisfaction) -> FollowUp {
            FollowUp::Reached { solved, satisfaction }
        }
        [
            reached(true, Satisfied),
            reached(true, MostlySatisfied),
            reached(true, Dissatisfied),
            reached(false, Satisfied),
            reached(false, MostlySatisfied),
            reached(false, Dissatisfied),
            Self::NotReached,
        ]
    };

    /// What the caller thinks of it, if they were reached.
    pub const fn satisfaction(self) -> Option<Satisfaction> {
        match self {
            Self::Reached { satisfaction, .. } => Some(satisfaction),
            Self::NotReached => None,
        }
    }

    /// Whether it was solved, if the caller was reached.
    pub const fn solved(self) -> Option<bool> {
        match self {
            Self::Reached { solved, .. } => Some(solved),
            Self::NotReached => None,
        }
    }
}

/// How a [`FollowUp`] is written down: what a caller who was not reached would have said is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// 是否联系上.
    pub contacted: bool,
    /// 是否解决; given if and only if the caller was contacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved: Option<bool>,
    /// 满意度; given if and only if the caller was contacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Satisfaction>,
}

/// A caller who was not reached is said to have answered, or one who was is said to have not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`solved` and `satisfaction` are given if the caller was contacted, and only then")]
pub struct HalfTold;

impl TryFrom<Told> for FollowUp {
    type Error = HalfTold;

    fn try_from(told: Told) -> Result<Self, HalfTold> {
        match (told.contacted, told.solved, told.satisfaction) {
            (true, Some(solved), Some(satisfaction)) => Ok(Self::Reached { solved, satisfaction }),
            (false, None, None) => Ok(Self::NotReached),
            _ => Err(HalfTold),
        }
    }
}

impl From<FollowUp> for Told {
    fn from(outcome: FollowUp) -> Self {
        Self {
            contacted: outcome != FollowUp::NotReached,
            solved: outcome.solved(),
            satisfaction: outcome.satisfaction(),
        }
    }
}

/// The follow-up that counts of a case, and when it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// When.
    pub at: Timestamp,
    /// What it brought.
    pub outcome: FollowUp,
}

impl Followed {
    /// What counts after one more: an attempt that reached nobody does not undo what the caller has said before.
    pub fn after(before: Option<Self>, at: Timestamp, outcome: FollowUp) -> Self {
        match before {
            Some(before) if outcome == FollowUp::NotReached && before.outcome != FollowUp::NotReached => {
                before
            }
            _ => Self { at, outcome },
        }
    }
}

/// What a caller said of one of their cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastWord {
    /// The case.
    pub number: CaseNumber,
    /// When they were asked.
    pub at: Timestamp,
    /// Whether it was solved.
    pub solved: bool,
    /// What they thought of it.
    pub satisfaction: Satisfaction,
}

impl LastWord {
    /// What was said last in the follow-ups of these cases, if anything was.
    pub fn of<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Option<Self> {
        let words = cases.into_iter().filter_map(|case| match case.followed?.outcome {
            FollowUp::Reached { solved, satisfaction } => {
                Some(Self { number: case.number.clone(), at: case.followed?.at, solved, satisfaction })
            }
            FollowUp::NotReached => None,
        });
        words.max_by_key(|word| word.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down_is_read_again_and_half_of_it_is_not() {
        for outcome in FollowUp::ALL {
            let json = serde_json::to_string(&outcome).unwrap();
            assert_eq!(serde_json::from_str::<FollowUp>(&json).unwrap(), outcome, "{json}");
        }
        assert_eq!(serde_json::to_string(&FollowUp::NotReached).unwrap(), r#"{"contacted":false}"#);
        for half in [
            r#"{"contacted":true}"#,
            r#"{"contacted":true,"solved":true}"#,
            r#"{"contacted":true,"satisfaction":"satisfied"}"#,
            r#"{"contacted":false,"solved":false}"#,
            r#"{"contacted":false,"satisfaction":"dissatisfied"}"#,
            r#"{"solved":true,"satisfaction":"satisfied"}"#,
            r#"{"contacted":true,"solved":true,"satisfaction":"delighted"}"#,
            r#"{"contacted":false,"stars":5}"#,
        ] {
            assert!(serde_json::from_str::<FollowUp>(half).is_err(), "{half}");
        }
    }

    #[test]
    fn nobody_at_the_phone_does_not_undo_what_was_said() {
        let at = |s| Timestamp::from_second(s).unwrap();
        let said = FollowUp::Reached { solved: false, satisfaction: Satisfaction::Dissatisfied };
        let first = Followed::after(None, at(1), FollowUp::NotReached);
        assert_eq!(first, Followed { at: at(1), outcome: FollowUp::NotReached });
        let second = Followed::after(Some(first), at(2), said);
        assert_eq!(second, Followed { at: at(2), outcome: said });
        assert_eq!(Followed::after(Some(second), at(3), FollowUp::NotReached), second);
    }
}

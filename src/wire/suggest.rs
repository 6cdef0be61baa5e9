//! What a text is probably about.

use serde::{Deserialize, Serialize};

use crate::domain::code::{DepartmentCode, MatterCode};
use crate::domain::suggest::{Cue, Suggested, Suggestion};

/// `POST /v1/suggest`: what has been typed so far.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SuggestRequest {
    /// The title, if there is one.
    #[serde(default)]
    pub title: String,
    /// The text.
    pub text: String,
    /// The matter, if it is picked: it speaks for departments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub matter: Option<MatterCode>,
}

impl std::fmt::Debug for SuggestRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SuggestRequest(***)")
    }
}

/// The answer: at most three of each, the likeliest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Suggestions {
    /// Matters.
    pub matters: Vec<SuggestedMatter>,
    /// Departments to lead.
    pub departments: Vec<SuggestedDepartment>,
    /// How many decisions of this hotline stand behind it; 0 where only the words of the profile do.
    pub lessons: u32,
}

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SuggestedMatter {
    /// Which.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub code: MatterCode,
    /// Why, the strongest reason first.
    pub because: Vec<Reason>,
}

/// A department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SuggestedDepartment {
    /// Which.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub code: DepartmentCode,
    /// Why, the strongest reason first.
    pub because: Vec<Reason>,
}

/// Why something is suggested; one of the two.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Reason {
    /// These words of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// It usually goes with this matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub usual_of: Option<MatterCode>,
}

impl std::fmt::Debug for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reason(***)")
    }
}

impl From<Cue> for Reason {
    fn from(cue: Cue) -> Self {
        match cue {
            Cue::Word(word) => Self { word: Some(word), usual_of: None },
            Cue::UsualOf(matter) => Self { word: None, usual_of: Some(matter) },
        }
    }
}

impl Reason {
    /// None for a reason that only a newer server knows.
    fn cue(self) -> Option<Cue> {
        self.word.map(Cue::Word).or(self.usual_of.map(Cue::UsualOf))
    }
}

impl Suggestions {
    /// What is answered.
    pub fn new(suggested: Suggested, lessons: u32) -> Self {
        let because = |cues: Vec<Cue>| cues.into_iter().map(Reason::from).collect();
        Self {
            matters: (suggested.matters.into_iter())
                .map(|Suggestion { code, because: why }| SuggestedMatter { code, because: because(why) })
                .collect(),
            departments: (suggested.departments.into_iter())
                .map(|Suggestion { code, because: why }| SuggestedDepartment { code, because: because(why) })
                .collect(),
            lessons,
        }
    }

    /// What was answered.
    pub fn suggested(self) -> (Vec<Suggestion<MatterCode>>, Vec<Suggestion<DepartmentCode>>) {
        let because = |why: Vec<Reason>| why.into_iter().filter_map(Reason::cue).collect();
        let matters = self.matters.into_iter();
        let departments = self.departments.into_iter();
        (
            matters.map(|one| Suggestion { code: one.code, because: because(one.because) }).collect(),
            departments.map(|one| Suggestion { code: one.code, because: because(one.because) }).collect(),
        )
    }
}

//! The nouns a city fills in: who is in charge of what, which matters and divisions there are, what is said.
//!
//! Plain records, checked by `profile` before anybody sees them. Names are data: no rule reads one.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::code::{DepartmentCode, DivisionCode, Kind, MatterCode, code_enum};

code_enum! {
    /// Where a template is put.
    TemplateUse = "template_use" {
        /// The text of a case at intake.
        Text = "text",
        /// The opinion that goes with a dispatch.
        Opinion = "opinion",
        /// What the call-taker tells the caller on the spot.
        Answer = "answer",
        /// A department's public answer.
        Reply = "reply",
    }
}

/// The city itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct City {
    /// A short code, such as `demo`.
    pub code: String,
    /// The name as people say it.
    pub name: String,
    /// IANA name of the time zone in which days, deadlines and case numbers are counted.
    pub time_zone: String,
    /// The number people dial.
    pub hotline: String,
    /// Telephone area code put before a landline number given without one.
    pub area_code: String,
}

/// A department (承办单位): an authority, a utility, a district government or a street office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Its code.
    pub code: DepartmentCode,
    /// Its full name.
    pub name: String,
    /// Other names it goes by, such as 城管局.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The department above it.
    #[serde(default)]
    pub parent: Option<DepartmentCode>,
    /// The division it governs, for district governments and street offices.
    #[serde(default)]
    pub division: Option<DivisionCode>,
    /// What it is in charge of, in a sentence or two.
    #[serde(default)]
    pub duties: String,
    /// Words in a case that speak for this department.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// The telephone of its liaison, for the hotline and not for callers.
    #[serde(default)]
    pub phone: Option<String>,
}

/// A matter (事项): one leaf of the three-level classification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// Its code, six digits where the file gives none: two for each level, counted in the order of the file.
    pub code: MatterCode,
    /// First level, such as 城乡建设.
    pub level1: String,
    /// Second level.
    pub level2: String,
    /// Third level.
    pub level3: String,
    /// Words in a case that speak for this matter.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Who usually leads (派单目录).
    #[serde(default)]
    pub department: Option<DepartmentCode>,
}

/// A division (区划): a district or county, or a street or town within one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Division {
    /// Its code.
    pub code: DivisionCode,
    /// Its name.
    pub name: String,
    /// The district of a street; absent for a district.
    #[serde(default)]
    pub parent: Option<DivisionCode>,
    /// Other names callers use for it: old names, well-known places in it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// A ready text. `{…}` marks a slot to fill in, such as `{地点}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its code.
    pub code: String,
    /// What it is picked by.
    pub name: String,
    /// Where it goes.
    #[serde(rename = "use")]
    pub purpose: TemplateUse,
    /// The kind of case it is for; any kind where absent.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Words in a case for which it is offered first.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// The text.
    pub body: String,
}

/// An article of the knowledge base (知识): what a call-taker reads to the caller to answer on the spot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// Its code.
    pub code: String,
    /// What it is found by.
    pub title: String,
    /// The matters it answers.
    #[serde(default)]
    pub matters: Vec<MatterCode>,
    /// Words in a case that speak for it.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// The answer: paragraphs of plain text.
    pub body: String,
    /// Where it is from; told to who asks.
    #[serde(default)]
    pub source: String,
    /// The day from which it holds.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = Date))]
    pub valid_from: Option<Date>,
}

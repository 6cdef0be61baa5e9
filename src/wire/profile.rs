//! The city profile as the server serves it (`GET /v1/profile`, with an entity tag) and the desk caches it.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::Calendar;
use crate::domain::catalogue::{Article, City, Department, Division, Matter, Template};
use crate::domain::code::{Channel, Kind};
use crate::domain::deadline::DeadlineRules;

/// Everything a desk needs to know of its city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProfileBody {
    /// The city itself.
    pub city: City,
    /// The channels in use, in the order in which they are offered.
    pub channels: Vec<Channel>,
    /// The kinds in use, in the order in which they are offered.
    pub kinds: Vec<Kind>,
    /// Every department.
    pub departments: Vec<Department>,
    /// Every matter.
    pub matters: Vec<Matter>,
    /// Every district and street.
    pub divisions: Vec<Division>,
    /// Every ready text.
    pub templates: Vec<Template>,
    /// Every article of the knowledge base; none from a server that has no such thing.
    #[serde(default)]
    pub knowledge: Vec<Article>,
    /// How long a case may take.
    pub deadlines: DeadlineRules,
    /// Which days count.
    pub calendar: CalendarBody,
}

/// The calendar: dates and times in the city's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CalendarBody {
    /// Days off every week, 1 for Monday to 7 for Sunday.
    pub weekend: Vec<i8>,
    /// Days off by notice.
    #[cfg_attr(feature = "server", schema(value_type = Vec<String>))]
    pub holidays: Vec<Date>,
    /// Weekend days that are worked.
    #[cfg_attr(feature = "server", schema(value_type = Vec<String>))]
    pub makeup: Vec<Date>,
    /// When a day's work is due.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub day_ends: Time,
}

impl From<&Calendar> for CalendarBody {
    fn from(calendar: &Calendar) -> Self {
        Self {
            weekend: calendar.weekend.iter().map(|day| day.to_monday_one_offset()).collect(),
            holidays: calendar.holidays.iter().copied().collect(),
            makeup: calendar.makeup.iter().copied().collect(),
            day_ends: calendar.day_ends,
        }
    }
}

impl CalendarBody {
    /// The calendar in the zone named `time_zone`; `None` where no such zone or weekday exists.
    pub fn in_zone(&self, time_zone: &str) -> Option<Calendar> {
        let weekend = self.weekend.iter().map(|&day| Weekday::from_monday_one_offset(day).ok());
        Some(Calendar {
            time_zone: TimeZone::get(time_zone).ok()?,
            weekend: weekend.collect::<Option<_>>()?,
            holidays: self.holidays.iter().copied().collect(),
            makeup: self.makeup.iter().copied().collect(),
            day_ends: self.day_ends,
        })
    }
}

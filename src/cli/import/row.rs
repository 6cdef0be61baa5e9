//! From a row to a case: the fields by the mapping, the id from what they say.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::columns::Field;
use super::dates;
use super::file::Cell;
use super::mapping::Mapping;
use crate::domain::case::Intake;
use crate::domain::check::{FaultCode, Faults, TAG_LIMIT, TITLE_LIMIT};
use crate::domain::code::{Channel, DivisionCode, Kind, MatterCode, Sex, Urgency};
use crate::domain::id::CaseId;
use crate::domain::phone::PhoneNumber;
use crate::domain::title::propose;
use crate::i18n::{Language, name_in, name_of};
use crate::wire::case::{CallerBody, IntakeBody, NewCase, Outcome, PlaceBody};
use crate::wire::profile::ProfileBody;

/// Why a row is not taken: the field and the reason, never what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowFault {
    /// A field of the row, a JSON pointer of the server, or nothing for the row as a whole.
    pub(super) field: String,
    /// The code of the reason.
    pub(super) code: String,
}

impl RowFault {
    /// A row that is no row.
    pub(super) const UNREADABLE: Self = Self { field: String::new(), code: String::new() };

    fn new(field: Field, code: FaultCode) -> Self {
        Self { field: field.name().to_owned(), code: code.code().to_owned() }
    }
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.code.is_empty() {
            return f.write_str(&rust_i18n::t!("cli.import.unreadable"));
        }
        let of_field = name_of("fault", &self.code);
        let reason = if of_field == self.code { name_of("problem", &self.code) } else { of_field };
        if self.field.is_empty() { f.write_str(&reason) } else { write!(f, "{}: {reason}", self.field) }
    }
}

/// What the reader hands on.
pub(super) enum Item {
    /// The mapping, told, and how many rows there are if that is known.
    Start { mapping: Vec<String>, rows: Option<u64> },
    /// A case, not sent yet.
    Case { number: u64, id: CaseId, case: Box<NewCase> },
    /// A row that cannot be a case.
    Refused { number: u64, fault: RowFault },
}

/// Makes cases of rows.
pub(super) struct Maker {
    mapping: Mapping,
    zone: TimeZone,
    matters: BTreeMap<String, MatterCode>,
    divisions: BTreeMap<String, DivisionCode>,
}

impl Maker {
    pub(super) fn new(mapping: Mapping, zone: TimeZone, profile: &ProfileBody) -> Self {
        let matters = profile.matters.iter().flat_map(|matter| {
            [matter.code.as_str(), &matter.level3].map(|name| (name.to_owned(), matter.code.clone()))
        });
        let divisions = profile.divisions.iter().flat_map(|division| {
            let names = [division.code.as_str(), &division.name].into_iter();
            names
                .chain(division.aliases.iter().map(String::as_str))
                .map(|name| (name.to_owned(), division.code.clone()))
        });
        Self { matters: matters.collect(), divisions: divisions.collect(), mapping, zone }
    }

    /// The case of a row, or what is wrong with it.
    pub(super) fn make(&self, number: u64, cells: &[Cell]) -> Item {
        match self.case(cells) {
            Ok((id, case)) => Item::Case { number, id, case: Box::new(case) },
            Err(fault) => Item::Refused { number, fault },
        }
    }

    fn case(&self, cells: &[Cell]) -> Result<(CaseId, NewCase), RowFault> {
        let received_at = self
            .instant(Field::ReceivedAt, cells)?
            .ok_or_else(|| RowFault::new(Field::ReceivedAt, FaultCode::Required))?;
        let intake = self.intake(cells)?;
        let mut faults = Faults::default();
        faults.intake(&Intake::from(intake.clone()));
        if let Some(fault) = faults.into_vec().into_iter().next() {
            let field = fault.pointer.trim_start_matches('/').to_owned();
            return Err(RowFault { field, code: fault.code.code().to_owned() });
        }
        let case = NewCase { number: None, received_at, intake, outcome: Outcome::Register };
        Ok((identity(&case).ok_or(RowFault::UNREADABLE)?, case))
    }

    fn intake(&self, cells: &[Cell]) -> Result<IntakeBody, RowFault> {
        let text_of = |field| self.mapping.text(field, cells);
        let mut tags: Vec<String> = text_of(Field::Tags).map_or_else(Vec::new, |tags| {
            tags.split([',', '，', '、', ';', '；'])
                .map(|tag| tag.trim().to_owned())
                .filter(|t| !t.is_empty())
                .collect()
        });
        let matter = text_of(Field::Matter);
        let matter_code = matter.as_ref().and_then(|name| self.matters.get(name)).cloned();
        // A name the city does not have is kept where it can be searched for.
        if let (None, Some(name)) = (&matter_code, matter)
            && name.chars().count() <= TAG_LIMIT
        {
            tags.push(name);
        }
        let division = text_of(Field::Division);
        let division_code = division.as_ref().and_then(|name| self.divisions.get(name)).cloned();
        let detail = text_of(Field::Place).unwrap_or_default();
        let detail = match (&division_code, division) {
            (None, Some(name)) if detail.is_empty() => name,
            (None, Some(name)) => format!("{name} {detail}"),
            _ => detail,
        };
        let (title, text) = title_and_text(text_of(Field::Title), text_of(Field::Text));
        Ok(IntakeBody {
            channel: word(text_of(Field::Channel), Field::Channel, channel)?.unwrap_or(Channel::Web),
            kind: word(text_of(Field::Kind), Field::Kind, kind)?.unwrap_or(Kind::Complaint),
            caller: CallerBody {
                name: text_of(Field::Caller).unwrap_or_default(),
                sex: word(text_of(Field::Sex), Field::Sex, sex)?,
                number: phone(text_of(Field::Number), Field::Number)?,
                contact: phone(text_of(Field::Contact), Field::Contact)?,
            },
            matter: matter_code,
            title,
            text,
            place: PlaceBody { division: division_code, detail },
            occurred_at: self.instant(Field::OccurredAt, cells)?,
            target: text_of(Field::Target).unwrap_or_default(),
            urgency: word(text_of(Field::Urgency), Field::Urgency, urgency)?.unwrap_or(Urgency::Ordinary),
            confidential: text_of(Field::Confidential).is_some_and(|answer| is_yes(&answer)),
            earlier_case: None,
            tags,
            remark: text_of(Field::Remark).unwrap_or_default(),
        })
    }

    fn instant(&self, field: Field, cells: &[Cell]) -> Result<Option<Timestamp>, RowFault> {
        let cell = match self.mapping.cell(field, cells) {
            Some(cell) => cell.clone(),
            None => self.mapping.text(field, cells).map_or(Cell::Empty, Cell::Text),
        };
        if cell.is_blank() {
            return Ok(None);
        }
        let instant = dates::instant(&cell, &self.zone);
        instant.map(Some).ok_or_else(|| RowFault::new(field, FaultCode::InvalidValue))
    }
}

/// Each stands for the other where it is missing. A title too long for one is kept whole above the text.
fn title_and_text(title: Option<String>, text: Option<String>) -> (String, String) {
    match (title, text) {
        (Some(title), text) if title.chars().count() > TITLE_LIMIT => {
            let text = text.map_or_else(|| title.clone(), |text| format!("{title}\n{text}"));
            (propose(&title), text)
        }
        (Some(title), Some(text)) => (title, text),
        (Some(title), None) => (title.clone(), title),
        (None, text) => {
            let text = text.unwrap_or_default();
            let title = propose(&text);
            // A text of marks alone proposes nothing, and is a text all the same.
            (if title.is_empty() { text.chars().take(TITLE_LIMIT).collect() } else { title }, text)
        }
    }
}

/// The same words at the same time are the same case: 48 bits of the time, the rest of a digest of everything.
fn identity(case: &NewCase) -> Option<CaseId> {
    let digest = Sha256::digest(serde_json::to_vec(case).ok()?);
    let random = digest.first_chunk::<10>()?;
    // Before 1970 there was no hotline, but there are wrong dates; the server judges them.
    Some(CaseId::new(u64::try_from(case.received_at.as_millisecond()).unwrap_or_default(), *random))
}

fn phone(text: Option<String>, field: Field) -> Result<Option<PhoneNumber>, RowFault> {
    // How people write that there is none.
    let none = |text: &str| matches!(text, "无" | "不详" | "未知" | "匿名" | "-" | "/" | "N/A" | "n/a");
    match text.filter(|text| !none(text)) {
        None => Ok(None),
        Some(text) => {
            PhoneNumber::parse(&text).map(Some).map_err(|_| RowFault::new(field, FaultCode::InvalidValue))
        }
    }
}

fn word<T>(text: Option<String>, field: Field, read: fn(&str) -> Option<T>) -> Result<Option<T>, RowFault> {
    let Some(text) = text else { return Ok(None) };
    read(&text).map(Some).ok_or_else(|| RowFault::new(field, FaultCode::InvalidValue))
}

/// A code by itself or by its name in either language.
fn named<T: Copy>(text: &str, kind: &str, all: &[T], code: fn(T) -> &'static str) -> Option<T> {
    let text = text.trim().to_lowercase();
    let is = |value: T| {
        code(value) == text
            || Language::ALL.iter().any(|tongue| name_in(*tongue, kind, code(value)).to_lowercase() == text)
    };
    all.iter().copied().find(|value| is(*value))
}

fn channel(text: &str) -> Option<Channel> {
    named(text, Channel::KIND, Channel::ALL, Channel::code).or_else(|| match text.to_lowercase().as_str() {
        "电话" | "来电" | "12345" | "热线" | "call" => Some(Channel::Phone),
        "网站" | "网络" | "留言" | "online" | "unknown" | "other" | "其他" => Some(Channel::Web),
        "微信" => Some(Channel::Wechat),
        "微博" => Some(Channel::Weibo),
        "短信" => Some(Channel::Sms),
        "邮箱" | "信箱" | "市长信箱" => Some(Channel::Mailbox),
        "mobile" => Some(Channel::App),
        _ => None,
    })
}

fn kind(text: &str) -> Option<Kind> {
    named(text.trim_end_matches('类'), Kind::KIND, Kind::ALL, Kind::code)
}

fn urgency(text: &str) -> Option<Urgency> {
    let plain = matches!(text, "普通" | "正常").then_some(Urgency::Ordinary);
    plain.or_else(|| named(text, Urgency::KIND, Urgency::ALL, Urgency::code))
}

fn sex(text: &str) -> Option<Sex> {
    named(text, Sex::KIND, Sex::ALL, Sex::code).or_else(|| match text.to_lowercase().as_str() {
        "男性" | "先生" | "m" => Some(Sex::Male),
        "女性" | "女士" | "f" => Some(Sex::Female),
        _ => None,
    })
}

fn is_yes(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "是" | "1" | "true" | "yes" | "y" | "保密")
}

#[cfg(test)]
mod tests {
    use super::super::columns::Rule;
    use super::*;
    use crate::profile::Profile;

    fn maker(columns: &[&str], rules: &[&str]) -> Maker {
        let columns: Vec<_> = columns.iter().map(|name| (*name).to_owned()).collect();
        let rules: Vec<_> = rules.iter().map(|rule| Rule::parse(rule).unwrap()).collect();
        let profile = Profile::demonstration();
        let body = ProfileBody {
            city: profile.city().clone(),
            channels: Vec::new(),
            kinds: Vec::new(),
            departments: Vec::new(),
            matters: profile.matters().to_vec(),
            divisions: profile.divisions().to_vec(),
            templates: Vec::new(),
            knowledge: Vec::new(),
            deadlines: profile.deadlines().clone(),
            calendar: profile.calendar().into(),
        };
        Maker::new(Mapping::new(&columns, &rules).unwrap(), TimeZone::get("Asia/Shanghai").unwrap(), &body)
    }

    fn texts(cells: &[&str]) -> Vec<Cell> {
        cells.iter().map(|cell| Cell::Text((*cell).to_owned())).collect()
    }

    #[test]
    fn the_same_row_is_the_same_case() {
        let maker = maker(&["时间", "标题", "内容"], &[]);
        let id = |cells: &[&str]| maker.case(&texts(cells)).unwrap().0;
        let row = ["2026/11/23 15:42:03", "路灯不亮", "枫林路路灯三天不亮"];
        assert_eq!(id(&row), id(&["2026-11-23 15:42:03", "  路灯不亮 ", "\n\t枫林路路灯三天不亮\n"]));
        assert_ne!(id(&row), id(&["2026/11/23 15:42:04", "路灯不亮", "枫林路路灯三天不亮"]));
        assert_ne!(id(&row), id(&["2026/11/23 15:42:03", "路灯不亮", "枫林路路灯四天不亮"]));
        assert_eq!(id(&row).to_string().parse(), Ok(id(&row)));
        assert_eq!(id(&row).unix_ms(), 1_795_419_723_000);
    }

    #[test]
    fn a_row_that_cannot_be_a_case_says_which_field() {
        let maker = maker(&["时间", "标题", "内容", "电话", "类型"], &[]);
        let long = "长".repeat(20_001);
        for (cells, fault) in [
            (["", "a", "b", "", ""], "received_at required"),
            (["昨天", "a", "b", "", ""], "received_at invalid_value"),
            (["2026/1/1", "", "", "", ""], "title required"),
            (["2026/1/1", "a", "b\0c", "", ""], "text nul_not_allowed"),
            (["2026/1/1", "a", &long, "", ""], "text too_long"),
            (["2026/1/1", "a", "b", "12", ""], "number invalid_value"),
            (["2026/1/1", "a", "b", "", "怪"], "kind invalid_value"),
        ] {
            let found = maker.case(&texts(&cells)).unwrap_err();
            assert_eq!(format!("{} {}", found.field, found.code), fault);
        }
        assert!(maker.case(&texts(&["2026/1/1", "a"])).is_ok(), "cells that are missing are empty");
    }

    #[test]
    fn nothing_that_was_mapped_is_lost() {
        let columns = ["时间", "标题", "分类", "街道", "地址", "来源", "类型"];
        let maker = maker(&columns, &[]);
        let row = ["2026/1/1", &"题".repeat(130), "飞船停泊", "QUEENS", "枫林路3号", "电话", "咨询类"];
        let case = maker.case(&texts(&row)).unwrap().1.intake;
        assert!(case.title.chars().count() <= TITLE_LIMIT && case.text.chars().count() == 130);
        assert_eq!(
            (case.tags, case.place.detail),
            (vec!["飞船停泊".to_owned()], "QUEENS 枫林路3号".to_owned())
        );
        assert_eq!((case.channel, case.kind), (Channel::Phone, Kind::Consult));
    }
}

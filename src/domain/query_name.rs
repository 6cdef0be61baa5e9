//! The names of filters and their values, in both languages: the vocabulary of the query language.

use super::code::{Kind, State};
use super::normalise::normalise;
use super::number_hint::NumberHint;
use super::query::{Filter, Flag, NoteCode};
use super::query_date::DateSpec;

/// The name of a filter, in front of its colon.
#[derive(Clone, Copy)]
pub(super) enum Name {
    Department,
    State,
    Kind,
    Matter,
    Place,
    By,
    Phone,
    Number,
    Since,
    Until,
    Is,
}

impl Name {
    pub(super) fn of(text: &str) -> Option<Self> {
        Some(match normalise(text).as_str() {
            "dept" | "department" | "单位" | "承办单位" | "部门" => Self::Department,
            "state" | "status" | "状态" => Self::State,
            "kind" | "类型" | "诉求类型" => Self::Kind,
            "matter" | "事项" | "事项分类" => Self::Matter,
            "place" | "地点" | "事发地" => Self::Place,
            "by" | "受理人" | "受理员" => Self::By,
            "phone" | "电话" | "号码" => Self::Phone,
            "no" | "number" | "编号" | "工单编号" => Self::Number,
            "since" | "自" | "从" => Self::Since,
            "until" | "至" | "到" => Self::Until,
            "is" | "是" => Self::Is,
            _ => return None,
        })
    }

    pub(super) fn filter(self, value: &str) -> Result<Filter, NoteCode> {
        let plain = normalise(value);
        let unknown = NoteCode::UnknownValue;
        Ok(match self {
            Self::Department => Filter::Department(value.to_owned()),
            Self::Matter => Filter::Matter(value.to_owned()),
            Self::Place => Filter::Place(value.to_owned()),
            Self::By => Filter::By(value.to_owned()),
            Self::State => Filter::State(state(&plain).ok_or(unknown)?),
            Self::Kind => Filter::Kind(kind(&plain).ok_or(unknown)?),
            Self::Is => Filter::Is(flag(&plain).ok_or(unknown)?),
            Self::Phone => match NumberHint::of_filter(value) {
                Some(hint) if !matches!(hint, NumberHint::Case(_)) => Filter::Phone(hint),
                _ => return Err(NoteCode::BadNumber),
            },
            Self::Number => match NumberHint::of_filter(value) {
                Some(NumberHint::Phone(number)) => {
                    Filter::Number(NumberHint::Prefix(number.as_str().to_owned()))
                }
                Some(NumberHint::Prefix(digits)) if digits.len() == 18 => return Err(NoteCode::Check),
                Some(hint) => Filter::Number(hint),
                None => return Err(NoteCode::BadNumber),
            },
            Self::Since => Filter::Since(DateSpec::parse(value).ok_or(NoteCode::BadDate)?),
            Self::Until => Filter::Until(DateSpec::parse(value).ok_or(NoteCode::BadDate)?),
        })
    }
}

fn state(name: &str) -> Option<State> {
    Some(match name {
        "待派单" => State::Registered,
        "待签收" => State::Dispatched,
        "办理中" | "在办" => State::InProgress,
        "待回访" => State::Replied,
        "已办结" | "办结" => State::Closed,
        "当场答复" | "直接答复" => State::Answered,
        "已并单" | "并单" => State::Merged,
        "已作废" | "作废" => State::Voided,
        code => code.replace('-', "_").parse().ok()?,
    })
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "咨询" => Kind::Consult,
        "求助" => Kind::Help,
        "投诉" => Kind::Complaint,
        "举报" => Kind::Report,
        "建议" => Kind::Suggestion,
        "表扬" => Kind::Praise,
        code => code.parse().ok()?,
    })
}

fn flag(name: &str) -> Option<Flag> {
    Some(match name {
        "超期" | "逾期" => Flag::Overdue,
        "我的" => Flag::Mine,
        "未结" | "未办结" => Flag::Open,
        "退回" | "退单" => Flag::Returned,
        "存疑" => Flag::Doubtful,
        "迟报" | "补报" => Flag::Late,
        code => code.parse().ok()?,
    })
}

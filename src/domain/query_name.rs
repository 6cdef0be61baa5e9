//! The names of filters and their values, in both languages: the vocabulary of the query language.

use super::code::{Kind, State};
use super::normalise::normalise;
use super::number_hint::NumberHint;
use super::query::{Filter, Flag, NoteCode};
use super::query_date::{self, DateSpec};
use super::query_typing::Wanted;

/// The name of a filter, in front of its colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// How each filter is written: the usual Chinese and English word first, then others that are understood.
const NAMES: &[(Name, &[&str])] = &[
    (Name::State, &["状态", "state", "status"]),
    (Name::Department, &["单位", "dept", "department", "承办单位", "部门"]),
    (Name::Kind, &["类型", "kind", "诉求类型"]),
    (Name::Matter, &["事项", "matter", "事项分类"]),
    (Name::Place, &["地点", "place", "事发地"]),
    (Name::Since, &["自", "since", "从"]),
    (Name::Until, &["至", "until", "到"]),
    (Name::Is, &["是", "is"]),
    (Name::Phone, &["电话", "phone", "号码"]),
    (Name::Number, &["编号", "no", "number", "工单编号"]),
    (Name::By, &["受理人", "by", "受理员"]),
];

const STATES: &[(State, &[&str])] = &[
    (State::Registered, &["待派单"]),
    (State::Dispatched, &["待签收"]),
    (State::InProgress, &["办理中", "在办"]),
    (State::Replied, &["待回访"]),
    (State::Closed, &["已办结", "办结"]),
    (State::Answered, &["当场答复", "直接答复"]),
    (State::Merged, &["已并单", "并单"]),
    (State::Voided, &["已作废", "作废"]),
];

const KINDS: &[(Kind, &[&str])] = &[
    (Kind::Consult, &["咨询"]),
    (Kind::Help, &["求助"]),
    (Kind::Complaint, &["投诉"]),
    (Kind::Report, &["举报"]),
    (Kind::Suggestion, &["建议"]),
    (Kind::Praise, &["表扬"]),
];

const FLAGS: &[(Flag, &[&str])] = &[
    (Flag::Overdue, &["超期", "逾期"]),
    (Flag::Mine, &["我的"]),
    (Flag::Open, &["未结", "未办结"]),
    (Flag::Returned, &["退回", "退单"]),
    (Flag::Doubtful, &["存疑"]),
    (Flag::Late, &["迟报", "补报"]),
    (Flag::Dissatisfied, &["不满意"]),
];

/// How a word of the language is written in Chinese and in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelling {
    /// In Chinese.
    pub chinese: &'static str,
    /// In English.
    pub english: &'static str,
}

/// The words that can stand there; none where they are those of a city.
pub fn spellings(wanted: Wanted) -> Vec<Spelling> {
    fn of<T: Copy>(table: &[(T, &[&'static str])], english: impl Fn(T) -> &'static str) -> Vec<Spelling> {
        table.iter().map(|(code, words)| Spelling { chinese: words[0], english: english(*code) }).collect()
    }
    match wanted {
        Wanted::Name => {
            NAMES.iter().map(|(_, words)| Spelling { chinese: words[0], english: words[1] }).collect()
        }
        Wanted::State => of(STATES, State::code),
        Wanted::Kind => of(KINDS, Kind::code),
        Wanted::Flag => of(FLAGS, Flag::code),
        Wanted::Date => query_date::NAMED
            .iter()
            .map(|(_, words)| Spelling { chinese: words[0], english: words[1] })
            .collect(),
        Wanted::Department | Wanted::Matter | Wanted::Place => Vec::new(),
    }
}

fn named<T: Copy>(table: &[(T, &[&str])], word: &str) -> Option<T> {
    table.iter().find(|(_, words)| words.contains(&word)).map(|(code, _)| *code)
}

impl Name {
    pub(super) fn of(text: &str) -> Option<Self> {
        named(NAMES, normalise(text).as_str())
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
    named(STATES, name).or_else(|| name.replace('-', "_").parse().ok())
}

fn kind(name: &str) -> Option<Kind> {
    named(KINDS, name).or_else(|| name.parse().ok())
}

fn flag(name: &str) -> Option<Flag> {
    named(FLAGS, name).or_else(|| name.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_is_offered_is_understood() {
        for wanted in [Wanted::State, Wanted::Kind, Wanted::Flag, Wanted::Date] {
            let name = match wanted {
                Wanted::State => Name::State,
                Wanted::Kind => Name::Kind,
                Wanted::Flag => Name::Is,
                _ => Name::Since,
            };
            assert!(!spellings(wanted).is_empty());
            for Spelling { chinese, english } in spellings(wanted) {
                assert_eq!(name.filter(chinese), name.filter(english), "{chinese} {english}");
                assert!(name.filter(english).is_ok(), "{english}");
            }
        }
        for Spelling { chinese, english } in spellings(Wanted::Name) {
            assert!(
                Name::of(chinese).is_some() && Name::of(chinese) == Name::of(english),
                "{chinese} {english}"
            );
        }
        assert_eq!(STATES.len(), State::ALL.len());
        assert_eq!((KINDS.len(), FLAGS.len()), (Kind::ALL.len(), Flag::ALL.len()));
    }
}

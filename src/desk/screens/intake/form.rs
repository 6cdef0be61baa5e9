//! The fields of the intake form, and the way of the focus through them.

use crate::desk::widgets::field::Field;
use crate::desk::widgets::textarea::TextArea;
use crate::domain::check::{FIELD_LIMIT, TEXT_LIMIT, TITLE_LIMIT};
use crate::domain::code::{Channel, DepartmentCode, DivisionCode, Kind, MatterCode, Sex, Urgency, code_enum};
use crate::domain::{elements, title};

use super::super::pick::Pick;

code_enum! {
    /// The fields in the order of the focus.
    FieldId = "field" {
        /// 来电号码.
        Number = "number",
        /// 姓名.
        Name = "name",
        /// 联系方式.
        Contact = "contact",
        /// 性别.
        Sex = "sex",
        /// 渠道.
        Channel = "channel",
        /// 类型.
        Kind = "kind",
        /// 紧急程度.
        Urgency = "urgency",
        /// 保密.
        Confidential = "confidential",
        /// 事发地.
        Division = "division",
        /// 详细地址.
        Detail = "detail",
        /// 事发时间.
        Occurred = "occurred",
        /// 被反映对象.
        Target = "target",
        /// 诉求内容.
        Text = "text",
        /// 事项.
        Matter = "matter",
        /// 标题.
        Title = "title",
        /// 旧工单.
        Earlier = "earlier",
        /// 标签.
        Tags = "tags",
        /// 备注.
        Remark = "remark",
        /// 处理.
        Outcome = "outcome",
        /// 主办单位.
        Lead = "lead",
        /// 协办单位.
        Assisting = "assisting",
        /// 转派意见.
        Opinion = "opinion",
        /// 答复.
        Answer = "answer",
    }
}

code_enum! {
    /// What is done with the case on submit.
    OutcomeChoice = "outcome_choice" {
        /// 派单.
        Dispatch = "dispatch",
        /// 当场答复.
        Answer = "answer",
        /// 待派单: somebody else dispatches it.
        Register = "register",
    }
}

/// What the form is filled in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A case that is taken down.
    Filing,
    /// Changes to a case: nothing is done with it at once, and who called is shown only where it was revealed.
    Amending {
        /// Whether it was.
        caller: bool,
    },
}

/// The form.
#[derive(Debug)]
pub struct Form {
    /// What it is for; decides which fields it has.
    pub purpose: Purpose,
    /// Which field has the focus.
    pub focus: FieldId,
    /// 来电号码.
    pub number: Field,
    /// 姓名.
    pub name: Field,
    /// 联系方式.
    pub contact: Field,
    /// 性别.
    pub sex: Option<Sex>,
    /// 渠道.
    pub channel: Channel,
    /// 类型.
    pub kind: Kind,
    /// Whether a person chose the kind; as long as nobody did, it may be proposed.
    pub kind_chosen: bool,
    /// 紧急程度.
    pub urgency: Urgency,
    /// 保密.
    pub confidential: bool,
    /// 事发地.
    pub division: Pick<DivisionCode>,
    /// 详细地址.
    pub detail: Field,
    /// 事发时间, as typed.
    pub occurred: Field,
    /// 被反映对象.
    pub target: Field,
    /// 诉求内容.
    pub text: TextArea,
    /// 标题.
    pub title: Field,
    /// Whether the title follows the text, because nobody has typed one.
    pub title_follows: bool,
    /// 事项.
    pub matter: Pick<MatterCode>,
    /// 旧工单.
    pub earlier: Field,
    /// 标签, with blanks or commas between.
    pub tags: Field,
    /// 备注.
    pub remark: Field,
    /// 处理.
    pub outcome: OutcomeChoice,
    /// 主办.
    pub lead: Pick<DepartmentCode>,
    /// 协办, as far as chosen; the field picks the next.
    pub assisting: Vec<DepartmentCode>,
    /// Picks the next of `assisting`.
    pub assist: Pick<DepartmentCode>,
    /// 转派意见.
    pub opinion: Field,
    /// 答复.
    pub answer: TextArea,
}

/// What a field is made of.
#[derive(Debug)]
pub enum Input<'a> {
    /// One line.
    Line(&'a mut Field),
    /// Many lines.
    Area(&'a mut TextArea),
    /// One of a few, by Left and Right.
    Choice,
    /// One of many, by typing.
    Division(&'a mut Pick<DivisionCode>),
    /// One of many, by typing.
    Matter(&'a mut Pick<MatterCode>),
    /// One of many, by typing.
    Department(&'a mut Pick<DepartmentCode>),
}

impl Form {
    /// An empty form, for a telephone call.
    pub fn new() -> Self {
        Self {
            purpose: Purpose::Filing,
            focus: FieldId::Number,
            number: Field::new(40),
            name: Field::new(FIELD_LIMIT),
            contact: Field::new(40),
            sex: None,
            channel: Channel::Phone,
            kind: Kind::Complaint,
            kind_chosen: false,
            urgency: Urgency::Ordinary,
            confidential: false,
            division: Pick::new(),
            detail: Field::new(FIELD_LIMIT),
            occurred: Field::new(40),
            target: Field::new(FIELD_LIMIT),
            text: TextArea::new(TEXT_LIMIT),
            title: Field::new(TITLE_LIMIT),
            title_follows: true,
            matter: Pick::new(),
            earlier: Field::new(40),
            tags: Field::new(FIELD_LIMIT),
            remark: Field::new(FIELD_LIMIT),
            outcome: OutcomeChoice::Dispatch,
            lead: Pick::new(),
            assisting: Vec::new(),
            assist: Pick::new(),
            opinion: Field::new(FIELD_LIMIT),
            answer: TextArea::new(TEXT_LIMIT),
        }
    }

    /// The fields that a call is usually entered in, in their order: Enter goes from one to the next.
    pub const PATH: &[FieldId] = &[
        FieldId::Number,
        FieldId::Name,
        FieldId::Division,
        FieldId::Detail,
        FieldId::Text,
        FieldId::Matter,
        FieldId::Lead,
        FieldId::Opinion,
        FieldId::Answer,
    ];

    /// Moves the focus to the next field of [`Form::PATH`]; from the last one it does not move.
    pub fn go_on(&mut self) {
        let focus = self.focus;
        let next = self.fields().find(|field| *field > focus && Self::PATH.contains(field));
        self.focus = next.unwrap_or(focus);
    }

    /// The fields that its purpose and the chosen outcome ask for, in the order of the focus.
    pub fn fields(&self) -> impl DoubleEndedIterator<Item = FieldId> + use<> {
        let (outcome, purpose) = (self.outcome, self.purpose);
        FieldId::ALL.iter().copied().filter(move |field| match field {
            FieldId::Number | FieldId::Name | FieldId::Contact | FieldId::Sex => {
                purpose != Purpose::Amending { caller: false }
            }
            FieldId::Outcome | FieldId::Lead | FieldId::Assisting | FieldId::Opinion | FieldId::Answer
                if purpose != Purpose::Filing =>
            {
                false
            }
            FieldId::Lead | FieldId::Assisting | FieldId::Opinion => outcome == OutcomeChoice::Dispatch,
            FieldId::Answer => outcome == OutcomeChoice::Answer,
            _ => true,
        })
    }

    /// Moves the focus to the next field, or the one before.
    pub fn step(&mut self, forward: bool) {
        let focus = self.focus;
        let next = if forward {
            self.fields().find(|field| *field > focus).or_else(|| self.fields().next())
        } else {
            self.fields().rev().find(|field| *field < focus).or_else(|| self.fields().next_back())
        };
        self.focus = next.unwrap_or(focus);
    }

    /// The input of the field in focus.
    pub fn input(&mut self) -> Input<'_> {
        match self.focus {
            FieldId::Number => Input::Line(&mut self.number),
            FieldId::Name => Input::Line(&mut self.name),
            FieldId::Contact => Input::Line(&mut self.contact),
            FieldId::Detail => Input::Line(&mut self.detail),
            FieldId::Occurred => Input::Line(&mut self.occurred),
            FieldId::Target => Input::Line(&mut self.target),
            FieldId::Title => Input::Line(&mut self.title),
            FieldId::Earlier => Input::Line(&mut self.earlier),
            FieldId::Tags => Input::Line(&mut self.tags),
            FieldId::Remark => Input::Line(&mut self.remark),
            FieldId::Opinion => Input::Line(&mut self.opinion),
            FieldId::Text => Input::Area(&mut self.text),
            FieldId::Answer => Input::Area(&mut self.answer),
            FieldId::Division => Input::Division(&mut self.division),
            FieldId::Matter => Input::Matter(&mut self.matter),
            FieldId::Lead => Input::Department(&mut self.lead),
            FieldId::Assisting => Input::Department(&mut self.assist),
            FieldId::Sex
            | FieldId::Channel
            | FieldId::Kind
            | FieldId::Urgency
            | FieldId::Confidential
            | FieldId::Outcome => Input::Choice,
        }
    }

    /// Whether the field in focus holds words, not one of many or of a few.
    pub fn is_written(&self) -> bool {
        !matches!(
            self.focus,
            FieldId::Division
                | FieldId::Matter
                | FieldId::Lead
                | FieldId::Assisting
                | FieldId::Sex
                | FieldId::Channel
                | FieldId::Kind
                | FieldId::Urgency
                | FieldId::Confidential
                | FieldId::Outcome
        )
    }

    /// Takes the next or the previous of the few that the field in focus offers; says whether it offers any.
    pub fn turn(&mut self, forward: bool, channels: &[Channel], kinds: &[Kind]) -> bool {
        match self.focus {
            FieldId::Sex => {
                let all = [None, Some(Sex::Male), Some(Sex::Female)];
                self.sex = turned(&all, self.sex, forward);
            }
            FieldId::Channel => self.channel = turned(channels, self.channel, forward),
            FieldId::Kind => self.turn_kind(forward, kinds),
            FieldId::Urgency => self.urgency = turned(Urgency::ALL, self.urgency, forward),
            FieldId::Confidential => self.confidential = !self.confidential,
            FieldId::Outcome => self.outcome = turned(OutcomeChoice::ALL, self.outcome, forward),
            _ => return false,
        }
        true
    }

    /// Takes the next or the previous kind.
    pub fn turn_kind(&mut self, forward: bool, kinds: &[Kind]) {
        self.kind = turned(kinds, self.kind, forward);
        self.kind_chosen = true;
    }

    /// A question that is answered on the spot is a consult, which most calls are; what a person chose stays.
    /// Says whether the kind is another one.
    pub fn propose_kind(&mut self, kinds: &[Kind]) -> bool {
        if self.kind_chosen {
            return false;
        }
        let asked = self.outcome == OutcomeChoice::Answer && elements::is_question(self.text.text());
        let kind = if asked && kinds.contains(&Kind::Consult) { Kind::Consult } else { Kind::Complaint };
        std::mem::replace(&mut self.kind, kind) != kind
    }

    /// The marked candidate of the picking field in focus by its place, and how many there are.
    pub fn listed(&self) -> Option<(usize, usize)> {
        match self.focus {
            FieldId::Division => Some(self.division.listed()),
            FieldId::Matter => Some(self.matter.listed()),
            FieldId::Lead => Some(self.lead.listed()),
            FieldId::Assisting => Some(self.assist.listed()),
            _ => None,
        }
    }

    /// Whether the field in focus picks one of many, with nothing typed into it and no list open.
    pub fn may_list_all(&self) -> bool {
        match self.focus {
            FieldId::Division => !self.division.is_open(),
            FieldId::Matter => !self.matter.is_open(),
            FieldId::Lead => !self.lead.is_open(),
            FieldId::Assisting => !self.assist.is_open(),
            _ => false,
        }
    }

    /// Closes the list of the picking field in focus; says whether there was anything to close.
    pub fn close_list(&mut self) -> bool {
        fn close<C: std::str::FromStr + Clone>(pick: &mut Pick<C>) -> bool {
            let open = pick.is_open();
            if open {
                pick.close();
            }
            open
        }
        match self.input() {
            Input::Division(pick) => close(pick),
            Input::Matter(pick) => close(pick),
            Input::Department(pick) => close(pick),
            _ => false,
        }
    }

    /// The assisting departments, with the one just picked though the focus has not left it.
    pub fn assisting(&self) -> Vec<DepartmentCode> {
        let picked = self.assist.chosen().filter(|code| !self.assisting.contains(code));
        self.assisting.iter().chain(picked).cloned().collect()
    }

    /// Lets the title follow the text, until somebody types one; says whether it is another one.
    pub fn propose_title(&mut self) -> bool {
        if !self.title_follows {
            return false;
        }
        let proposed = title::propose(self.text.text());
        let other = proposed != self.title.text();
        if other {
            self.title.set(&proposed);
        }
        other
    }
}

/// The value after (or before) `now` in a circle of `all`.
fn turned<T: Copy + PartialEq>(all: &[T], now: T, forward: bool) -> T {
    let n = all.len();
    let at = all.iter().position(|value| *value == now);
    let next = match at {
        Some(at) if forward => at + 1,
        Some(at) => at + n - 1,
        None => 0,
    };
    if n == 0 { now } else { all[next % n] }
}

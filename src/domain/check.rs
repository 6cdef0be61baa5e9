//! The checks that every text and field passes before it is taken: limits, NUL, and what must not be empty.
//!
//! The desk asks while the person types and the server asks again, with the same words.

use super::act::Act;
use super::amendment::Amendment;
use super::case::{Caller, Intake};
use super::code::code_enum;
use super::event::Order;

/// The longest text of a case, an answer, a reply or a note, in characters.
pub const TEXT_LIMIT: usize = 20_000;
/// The longest title, in characters.
pub const TITLE_LIMIT: usize = 120;
/// The longest of any other text, in characters.
pub const FIELD_LIMIT: usize = 500;
/// The longest tag, in characters.
pub const TAG_LIMIT: usize = 40;
/// The most tags.
pub const TAGS_LIMIT: usize = 20;
/// The most assisting departments.
pub const ASSISTING_LIMIT: usize = 20;

code_enum! {
    /// What is wrong with a field; `fault.code` is its sentence in the locales.
    FaultCode = "fault" {
        /// It may not be empty.
        Required = "required",
        /// It is longer than its limit.
        TooLong = "too_long",
        /// There are more of them than the limit.
        TooMany = "too_many",
        /// U+0000 is in it.
        NulNotAllowed = "nul_not_allowed",
        /// It is not of the form that is asked for.
        InvalidValue = "invalid_value",
        /// There is no such field.
        UnknownField = "unknown_field",
        /// The city profile has no such code.
        UnknownCode = "unknown_code",
        /// It lies in the future.
        InTheFuture = "in_the_future",
        /// It may mean this or that.
        Ambiguous = "ambiguous",
        /// A slot of a template is not filled in.
        OpenSlot = "open_slot",
        /// It lies too long ago.
        TooLongAgo = "too_long_ago",
        /// The number names another time than the time of intake.
        NotOfThisTime = "not_of_this_time",
        /// The station of the number is not leased to this desk.
        NotYourStation = "not_your_station",
        /// The password is too short.
        TooShort = "too_short",
        /// The password is one that everybody tries first.
        TooCommon = "too_common",
    }
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A JSON pointer into the body, such as `/caller/number`.
    pub pointer: String,
    /// What is wrong.
    pub code: FaultCode,
    /// The limit that was passed.
    pub limit: Option<u64>,
}

impl Fault {
    /// A fault without a limit.
    pub fn new(pointer: impl Into<String>, code: FaultCode) -> Self {
        Self { pointer: pointer.into(), code, limit: None }
    }
}

/// Collects the faults of a body below one pointer.
#[derive(Debug, Default)]
pub struct Faults {
    under: &'static str,
    list: Vec<Fault>,
}

impl Faults {
    /// Nothing wrong so far; pointers start with `under`.
    pub fn under(under: &'static str) -> Self {
        Self { under, list: Vec::new() }
    }

    /// The faults found.
    pub fn into_vec(self) -> Vec<Fault> {
        self.list
    }

    /// Records a fault at `pointer`.
    pub fn add(&mut self, pointer: &str, code: FaultCode) {
        self.list.push(Fault::new(format!("{}{pointer}", self.under), code));
    }

    fn add_limit(&mut self, pointer: &str, code: FaultCode, limit: usize) {
        let pointer = format!("{}{pointer}", self.under);
        self.list.push(Fault { pointer, code, limit: Some(limit as u64) });
    }

    /// A text that may be empty.
    pub fn text(&mut self, pointer: &str, text: &str, limit: usize) {
        if text.contains('\0') {
            self.add(pointer, FaultCode::NulNotAllowed);
        }
        // A text of n bytes has at most n characters, so most are not counted.
        if text.len() > limit && text.chars().count() > limit {
            self.add_limit(pointer, FaultCode::TooLong, limit);
        }
    }

    /// A text that says something.
    pub fn required(&mut self, pointer: &str, text: &str, limit: usize) {
        if text.trim().is_empty() {
            self.add(pointer, FaultCode::Required);
        }
        self.text(pointer, text, limit);
    }

    fn caller(&mut self, pointer: &str, caller: &Caller) {
        self.text(&format!("{pointer}/name"), &caller.name, FIELD_LIMIT);
    }

    fn tags(&mut self, pointer: &str, tags: &[String]) {
        if tags.len() > TAGS_LIMIT {
            self.add_limit(pointer, FaultCode::TooMany, TAGS_LIMIT);
        }
        for (index, tag) in tags.iter().enumerate().take(TAGS_LIMIT) {
            self.required(&format!("{pointer}/{index}"), tag, TAG_LIMIT);
        }
    }

    /// The fields of an intake.
    pub fn intake(&mut self, intake: &Intake) {
        self.caller("/caller", &intake.caller);
        self.required("/title", &intake.title, TITLE_LIMIT);
        self.required("/text", &intake.text, TEXT_LIMIT);
        self.text("/place/detail", &intake.place.detail, FIELD_LIMIT);
        self.text("/target", &intake.target, FIELD_LIMIT);
        self.text("/remark", &intake.remark, FIELD_LIMIT);
        self.tags("/tags", &intake.tags);
    }

    fn amendment(&mut self, changes: &Amendment) {
        if changes.is_empty() {
            self.add("", FaultCode::Required);
        }
        if let Some(caller) = &changes.caller {
            self.caller("/caller", caller);
        }
        if let Some(title) = &changes.title {
            self.required("/title", title, TITLE_LIMIT);
        }
        if let Some(text) = &changes.text {
            self.required("/text", text, TEXT_LIMIT);
        }
        if let Some(place) = &changes.place {
            self.text("/place/detail", &place.detail, FIELD_LIMIT);
        }
        for (pointer, field) in [("/target", &changes.target), ("/remark", &changes.remark)] {
            if let Some(text) = field {
                self.text(pointer, text, FIELD_LIMIT);
            }
        }
        if let Some(tags) = &changes.tags {
            self.tags("/tags", tags);
        }
    }

    /// To whom a case goes.
    pub fn order(&mut self, pointer: &str, order: &Order) {
        self.text(&format!("{pointer}/opinion"), &order.opinion, FIELD_LIMIT);
        if order.assisting.len() > ASSISTING_LIMIT {
            self.add_limit(&format!("{pointer}/assisting"), FaultCode::TooMany, ASSISTING_LIMIT);
        }
    }

    /// The texts of an act.
    pub fn act(&mut self, act: &Act) {
        match act {
            Act::Amend(changes) => self.amendment(changes),
            Act::Answer { answer } => self.required("/answer", answer, TEXT_LIMIT),
            Act::Dispatch(order) => self.order("/order", order),
            Act::Redispatch { order, reason } | Act::Rework { order, reason } => {
                self.order("/order", order);
                self.required("/reason", reason, FIELD_LIMIT);
            }
            Act::Sign { .. } | Act::Confirm | Act::Merge { .. } => {}
            Act::Return { reason, .. }
            | Act::Reopen { reason }
            | Act::Void { reason }
            | Act::Unmerge { reason } => {
                self.required("/reason", reason, FIELD_LIMIT);
            }
            Act::Reply { reply, public_answer, .. } => {
                self.required("/reply", reply, TEXT_LIMIT);
                self.text("/public_answer", public_answer, TEXT_LIMIT);
            }
            Act::Note { text } => self.required("/text", text, TEXT_LIMIT),
            Act::Remind { text, .. } | Act::FollowUp { text, .. } => self.text("/text", text, FIELD_LIMIT),
            Act::Close { result } => self.required("/result", result, FIELD_LIMIT),
        }
    }
}

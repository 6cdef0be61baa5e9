//! The dialog of dispatch, redispatch and rework: departments, opinion, reason; the deadline stands below.

use crate::desk::screens::pick::Pick;
use crate::desk::widgets::field::Field;
use crate::domain::act::{Act, Verb};
use crate::domain::check::{FIELD_LIMIT, Fault, FaultCode, Faults};
use crate::domain::code::{DepartmentCode, code_enum};
use crate::domain::event::Order;

code_enum! {
    /// The fields in the order of the focus.
    DispatchField = "dispatch_field" {
        /// 主办单位.
        Lead = "lead",
        /// 协办单位.
        Assisting = "assisting",
        /// 转派意见.
        Opinion = "opinion",
        /// Why, for redispatch and rework.
        Reason = "reason",
    }
}

/// The dialog.
#[derive(Debug)]
pub struct DispatchDialog {
    /// The act asked for.
    pub verb: Verb,
    /// The field in focus.
    pub focus: DispatchField,
    /// 主办.
    pub lead: Pick<DepartmentCode>,
    /// 协办, as far as chosen.
    pub assisting: Vec<DepartmentCode>,
    /// Picks the next of them.
    pub assist: Pick<DepartmentCode>,
    /// 转派意见.
    pub opinion: Field,
    /// Why.
    pub reason: Field,
    /// What is wrong.
    pub fault: Option<Fault>,
    /// Whether the answer has not come.
    pub sending: bool,
    /// Whether leaving it was asked for once.
    pub leaving: bool,
}

impl DispatchDialog {
    /// An empty dialog.
    pub fn new(verb: Verb) -> Self {
        Self {
            verb,
            focus: DispatchField::Lead,
            lead: Pick::new(),
            assisting: Vec::new(),
            assist: Pick::new(),
            opinion: Field::new(FIELD_LIMIT),
            reason: Field::new(FIELD_LIMIT),
            fault: None,
            sending: false,
            leaving: false,
        }
    }

    /// The fields that the act asks for.
    pub fn fields(&self) -> &'static [DispatchField] {
        let all = DispatchField::ALL;
        if self.verb == Verb::Dispatch { &all[..3] } else { all }
    }

    /// Moves the focus; leaving the field of assisting departments adds the one picked.
    pub fn step(&mut self, forward: bool) {
        if self.focus == DispatchField::Assisting
            && let Some(code) = self.assist.take()
        {
            if !self.assisting.contains(&code) {
                self.assisting.push(code);
            }
            return;
        }
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        let n = fields.len();
        self.focus = fields[if forward { at + 1 } else { at + n - 1 } % n];
    }

    /// The act, or what is wrong with it.
    pub fn read(&self) -> Result<Act, (DispatchField, Fault)> {
        let Some(lead) = self.lead.chosen().filter(|_| !self.lead.is_unsettled()) else {
            let code = if self.lead.is_unsettled() { FaultCode::UnknownCode } else { FaultCode::Required };
            return Err((DispatchField::Lead, Fault::new("/order/lead", code)));
        };
        let order = Order {
            lead: lead.clone(),
            assisting: self.assisting.clone(),
            opinion: self.opinion.text().trim().to_owned(),
        };
        let reason = self.reason.text().trim().to_owned();
        let act = match self.verb {
            Verb::Redispatch => Act::Redispatch { order, reason },
            Verb::Rework => Act::Rework { order, reason },
            _ => Act::Dispatch(order),
        };
        let mut faults = Faults::default();
        faults.act(&act);
        match faults.into_vec().into_iter().next() {
            Some(fault) if fault.pointer == "/reason" => Err((DispatchField::Reason, fault)),
            Some(fault) => Err((DispatchField::Opinion, fault)),
            None => Ok(act),
        }
    }
}

//! What is said of what lies over a screen: when it comes, and what is wrong with what was typed into it.

use super::row::aloud;
use super::{Lines, sign_in};
use crate::desk::linear::asked::{self, Asked, said};
use crate::desk::model::Model;
use crate::desk::screens::overlay::{
    Choosing, DispatchField, Overlay, Question, receipt_title, told_to_the_caller,
};
use crate::domain::amendment::Field;
use crate::domain::check::Fault;
use crate::domain::id::CaseId;
use crate::i18n::name_of;

/// Which it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Help,
    Palette,
    Chooser,
    List(Choosing),
    Knowledge,
    Menu,
    FirstKeys,
    Prompt,
    Password,
    Dispatch,
    Clash,
    Aside,
    Receipt(CaseId),
    Themes,
    SignIn,
    Confirm(Question),
}

/// What was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    kind: Option<Kind>,
    sign_in: sign_in::Seen,
    fault: Option<Fault>,
    /// The same in words, where the server said it.
    refused: Option<String>,
    found: Vec<String>,
    chosen: [String; 2],
    /// The article that was read, or passed over.
    article: Option<usize>,
}

impl Seen {
    pub(super) fn forget_refusals(&mut self) {
        self.fault = None;
        self.refused = None;
        self.article = None;
        self.sign_in.forget_refusals();
    }
}

pub(super) fn told(lines: &mut Lines, seen: &mut Seen, model: &Model) {
    let Some(overlay) = &model.overlay else {
        if seen.kind == Some(Kind::Chooser) {
            // What was put in, in full: nobody has typed it.
            let field = model.intake.current().form.focus;
            lines.say(said(&name_of("field", field.code()), &asked::value(model, field)));
        }
        *seen = Seen::default();
        return;
    };
    let kind = match overlay {
        Overlay::Help(_) => Kind::Help,
        Overlay::Palette(_) => Kind::Palette,
        Overlay::Chooser(chooser) if !chooser.choosing.is_put_in() => Kind::List(chooser.choosing),
        Overlay::Chooser(_) => Kind::Chooser,
        Overlay::Knowledge(_) => Kind::Knowledge,
        Overlay::Menu(_) => Kind::Menu,
        Overlay::FirstKeys => Kind::FirstKeys,
        Overlay::Prompt(_) => Kind::Prompt,
        Overlay::Password(_) => Kind::Password,
        Overlay::Dispatch(_) => Kind::Dispatch,
        Overlay::Clash(_) => Kind::Clash,
        Overlay::Aside(_) => Kind::Aside,
        Overlay::Receipt(receipt) => Kind::Receipt(receipt.id),
        Overlay::Themes(_) => Kind::Themes,
        Overlay::SignIn => Kind::SignIn,
        Overlay::Confirm(question) => Kind::Confirm(question.clone()),
    };
    if seen.kind.as_ref() != Some(&kind) {
        *seen = Seen { kind: Some(kind), ..Seen::default() };
        opened(lines, overlay, model);
    }
    match overlay {
        Overlay::SignIn => sign_in::told(lines, &mut seen.sign_in, model),
        Overlay::Prompt(prompt) => {
            refused(lines, &mut seen.fault, prompt.fault.as_ref(), &name_of("action", prompt.action.code()));
        }
        Overlay::Password(dialog) => {
            let words = dialog.fault.as_ref().map(|(field, words)| match field {
                Some(field) => said(&name_of("password_field", field.code()), words),
                None => words.clone(),
            });
            if words != seen.refused {
                seen.refused.clone_from(&words);
                words.into_iter().for_each(|words| lines.say_at_once(words));
            }
        }
        Overlay::Dispatch(dialog) => {
            let lead = asked::department_names(model, dialog.lead.chosen());
            let assisting = dialog.assisting.iter().chain(dialog.assist.chosen());
            let chosen = [lead, asked::department_names(model, assisting)];
            let fields = [DispatchField::Lead, DispatchField::Assisting];
            for ((field, now), before) in fields.iter().zip(&chosen).zip(&seen.chosen) {
                if now != before {
                    lines.say(said(&name_of("dispatch_field", field.code()), now));
                }
            }
            seen.chosen = chosen;
            found(lines, &mut seen.found, model);
            refused(
                lines,
                &mut seen.fault,
                dialog.fault.as_ref(),
                &name_of("dispatch_field", dialog.focus.code()),
            );
        }
        Overlay::Chooser(_) => found(lines, &mut seen.found, model),
        Overlay::Knowledge(knowledge) => {
            if let Asked::Article(_, titles, _) = Asked::of(model)
                && titles != seen.found
            {
                lines.rows(titles.iter().cloned(), 0);
                (seen.found, seen.article) = (titles, knowledge.marked());
            }
            if knowledge.marked() != seen.article {
                seen.article = knowledge.marked();
                let all = model.city.as_deref().map(|city| &city.body.knowledge);
                if let Some(article) = all.zip(seen.article).and_then(|(all, at)| all.get(at)) {
                    lines.say(said(&article.title, &article.body));
                    lines.say(article.source.clone());
                }
            }
        }
        Overlay::Help(_)
        | Overlay::Palette(_)
        | Overlay::Menu(_)
        | Overlay::FirstKeys
        | Overlay::Clash(_)
        | Overlay::Aside(_)
        | Overlay::Receipt(_)
        | Overlay::Themes(_)
        | Overlay::Confirm(_) => {}
    }
}

/// The words with which it comes.
fn opened(lines: &mut Lines, overlay: &Overlay, model: &Model) {
    match overlay {
        Overlay::Help(_) => lines.say_at_once(name_of("action", "help")),
        Overlay::Palette(_) => lines.say_at_once(name_of("action", "palette")),
        Overlay::Chooser(chooser) => {
            lines.say_at_once(asked::chooser_name(chooser));
            if chooser.found.is_empty() && !chooser.choosing.is_put_in() {
                lines.say(chooser.choosing.none(model));
            }
        }
        Overlay::Knowledge(_) => lines.say_at_once(name_of("action", "knowledge")),
        Overlay::Menu(_) => lines.say_at_once(name_of("action", "menu")),
        Overlay::Themes(_) | Overlay::FirstKeys => lines.say_at_once(rust_i18n::t!("linear.needs_a_screen")),
        Overlay::Password(_) => {
            lines.say_at_once(name_of("action", "password"));
            lines.say(rust_i18n::t!("password.told"));
        }
        Overlay::Prompt(prompt) => lines.say_at_once(name_of("prompt", prompt.verb.code())),
        Overlay::Dispatch(dialog) => {
            lines.say_at_once(name_of("verb", dialog.verb.code()));
            if let (Some(city), Some(file)) = (model.city.as_deref(), model.open_case()) {
                let due = city.due_at(file.case.row.kind, file.case.row.urgency, model.now);
                let at = crate::i18n::date_time(due, city.zone());
                lines.say(rust_i18n::t!("dispatch.due", at = at));
            }
        }
        Overlay::Clash(dialog) => {
            lines.say_at_once(rust_i18n::t!("clash.title", number = dialog.theirs.number.grouped()));
            lines.say(dialog.told());
            dialog.notes.iter().for_each(|note| lines.say(note.clone()));
            for one in &dialog.contested {
                let field = name_of(Field::KIND, one.field.code());
                for (side, words) in [("clash.mine", &one.mine), ("clash.theirs", &one.theirs)] {
                    let label = rust_i18n::t!("clash.of", field = field, side = rust_i18n::t!(side));
                    let empty = rust_i18n::t!("clash.empty");
                    lines.say(said(&label, if words.is_empty() { &empty } else { words }));
                }
            }
        }
        Overlay::Aside(dialog) => {
            lines.say_at_once(rust_i18n::t!("aside.title", verb = name_of("verb", dialog.verb.code())));
            dialog.why.lines().for_each(|why| lines.say(why.to_owned()));
            lines.say(dialog.words.clone());
        }
        Overlay::Receipt(receipt) => {
            lines.say_at_once(receipt_title(model, receipt));
            match &receipt.number {
                Some(number) => aloud(number).into_iter().for_each(|words| lines.say(words)),
                None => lines.say(rust_i18n::t!("receipt.no_number")),
            }
            lines.say(rust_i18n::t!("receipt.tell"));
            for words in told_to_the_caller(model, receipt) {
                lines.say(words);
            }
            receipt.led.iter().for_each(|led| lines.say(led.words()));
        }
        Overlay::SignIn => {
            lines.say_at_once(rust_i18n::t!("sign_in.again"));
            lines.say(rust_i18n::t!("sign_in.again_told"));
        }
        // The question itself is what is asked next.
        Overlay::Confirm(_) => lines.say_at_once(rust_i18n::t!("confirm.title")),
    }
}

fn refused(lines: &mut Lines, seen: &mut Option<Fault>, fault: Option<&Fault>, field: &str) {
    if fault != seen.as_ref() {
        *seen = fault.cloned();
        if let Some(fault) = fault {
            let words = crate::desk::screens::intake::fault_words(fault);
            lines.say_at_once(rust_i18n::t!("desk.fault", field = field, fault = words));
        }
    }
}

/// The candidates of the picking field in focus, each with its number.
pub(super) fn found(lines: &mut Lines, seen: &mut Vec<String>, model: &Model) {
    let Asked::Pick(_, found, typed) = Asked::of(model) else {
        seen.clear();
        return;
    };
    if found.is_empty() && typed {
        lines.say(rust_i18n::t!("desk.no_candidate"));
    } else if found != *seen {
        lines.rows(found.iter().cloned(), 0);
    }
    *seen = found;
}

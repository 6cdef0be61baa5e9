//! What the desk asks for now, as one question that a line answers.

use crate::desk::model::{Model, Screen};
use crate::desk::screens::intake::{self, FieldId, Form, OutcomeChoice};
use crate::desk::screens::overlay::{
    AsideChoice, Chooser, DispatchDialog, DispatchField, Overlay, PasswordField,
};
use crate::desk::screens::pick::Pick;
use crate::desk::screens::sign_in::Asking;
use crate::desk::widgets::table::Table;
use crate::domain::amendment::Field;
use crate::domain::code::{Channel, DepartmentCode, Kind, Sex, Urgency};
use crate::i18n::{self, name_of};

/// The most that are listed in one go; each has one digit.
pub(super) const NINE: usize = 9;

/// A field: how it is called, what stands in it, and what it wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    label: String,
    value: String,
    hint: String,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// Commands only.
    Command(String),
    /// One line of text.
    Line(Slot),
    /// One line that is nobody's business.
    Secret(Slot),
    /// Lines up to an empty one.
    Lines(Slot),
    /// One of a few: their names, and the place of the one that stands.
    Choice(Slot, Vec<String>, usize),
    /// One of many, by typing: the names of those that fit what was typed, and whether anything was.
    Pick(Slot, Vec<String>, bool),
    /// An article to be read, by typing: the titles of those that fit, and the place of the marked one.
    Article(Slot, Vec<String>, usize),
    /// What to search for; so many hits may be opened by number.
    Query(Slot, usize),
    /// A row by its number.
    Rows(String, usize),
    /// Yes or no.
    YesNo(String),
    /// An empty line goes on.
    GoOn(String),
}

impl Slot {
    fn new(label: String, value: &str, hint: &str) -> Self {
        Self { label, value: shortened(value), hint: hint.to_owned() }
    }

    fn value_words(&self) -> String {
        let empty = rust_i18n::t!("linear.empty");
        said(&self.label, if self.value.is_empty() { &empty } else { &self.value })
    }

    fn words(&self, more: &str) -> String {
        let hint: Vec<_> = [self.hint.as_str(), more].into_iter().filter(|hint| !hint.is_empty()).collect();
        let hint = hint.join(&rust_i18n::t!("linear.then"));
        let field = self.value_words();
        if hint.is_empty() {
            field
        } else {
            rust_i18n::t!("linear.with_hint", field = field, hint = hint).into_owned()
        }
    }
}

/// `字段：内容`.
pub(super) fn said(label: &str, value: &str) -> String {
    rust_i18n::t!("linear.field", field = label, value = value).into_owned()
}

/// A long text by its beginning and its length.
fn shortened(text: &str) -> String {
    let n = text.chars().count();
    if n <= 60 {
        return text.replace('\n', " ");
    }
    let start: String = text.chars().take(40).collect();
    rust_i18n::t!("linear.long", start = start.replace('\n', " "), n = n).into_owned()
}

impl Asked {
    /// What `model` asks for.
    pub(super) fn of(model: &Model) -> Self {
        if model.lock.is_locked {
            return of_sign_in(model);
        }
        if let Some(overlay) = &model.overlay {
            return of_overlay(model, overlay);
        }
        match model.screen {
            Screen::SignIn => of_sign_in(model),
            Screen::Intake => {
                let draft = model.intake.current();
                if draft.side.has_keys() {
                    return Self::Rows(rust_i18n::t!("linear.ask_beside").into_owned(), draft.beside());
                }
                of_field(model, draft.form.focus)
            }
            Screen::Search => {
                let search = &model.search;
                let slot = Slot::new(
                    rust_i18n::t!("search.query").into_owned(),
                    search.query.text(),
                    &rust_i18n::t!("search.hint"),
                );
                Self::Query(slot, search.hits.len())
            }
            Screen::Case => Self::Command(match model.open_case() {
                Some(file) => said(&name_of("screen", "case"), &file.case.row.number.grouped()),
                None => name_of("screen", "case"),
            }),
            Screen::Drafts => {
                Self::Rows(rust_i18n::t!("linear.ask_drafts").into_owned(), model.drafts.count())
            }
            Screen::Work => Self::Rows(
                rust_i18n::t!("linear.ask_work").into_owned(),
                model.work.rows(model.work.tab).len(),
            ),
        }
    }

    /// What a field of the form asks for.
    pub(super) fn of_field(model: &Model, field: FieldId) -> Self {
        of_field(model, field)
    }

    /// What a field is called and what stands in it.
    pub(super) fn value_words(&self) -> String {
        match self {
            Self::Line(slot) | Self::Secret(slot) | Self::Query(slot, _) | Self::Lines(slot) => {
                slot.value_words()
            }
            Self::Choice(slot, ..) | Self::Pick(slot, ..) | Self::Article(slot, ..) => slot.value_words(),
            Self::Command(words) | Self::Rows(words, _) | Self::YesNo(words) | Self::GoOn(words) => {
                words.clone()
            }
        }
    }

    /// The question, as it is said.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Command(what) => rust_i18n::t!("linear.ask_command", what = what).into_owned(),
            Self::Line(slot) | Self::Secret(slot) | Self::Query(slot, _) | Self::Article(slot, ..) => {
                slot.words("")
            }
            Self::Lines(slot) => slot.words(&rust_i18n::t!("linear.ends_lines")),
            Self::Choice(slot, names, _) => slot.words(&numbered(names)),
            Self::Pick(slot, found, _) if found.is_empty() => slot.words(""),
            Self::Pick(slot, ..) => said(&slot.label, &rust_i18n::t!("linear.ask_found")),
            Self::Rows(words, _) | Self::YesNo(words) | Self::GoOn(words) => words.clone(),
        }
    }
}

/// `1 投诉，2 举报`.
fn numbered(names: &[String]) -> String {
    let each = names.iter().enumerate().map(|(at, name)| format!("{} {name}", at + 1));
    each.collect::<Vec<_>>().join(&rust_i18n::t!("linear.comma"))
}

fn of_overlay(model: &Model, overlay: &Overlay) -> Asked {
    match overlay {
        Overlay::SignIn => of_sign_in(model),
        // These lists are read out, not shown; an empty line closes them.
        Overlay::Help(_)
        | Overlay::Palette(_)
        | Overlay::Menu(_)
        | Overlay::Themes(_)
        | Overlay::FirstKeys => Asked::GoOn(rust_i18n::t!("linear.ask_close").into_owned()),
        Overlay::Chooser(chooser) => {
            let slot = Slot::new(chooser_name(chooser), "", &rust_i18n::t!("linear.choose"));
            let n = chooser.found.len().min(NINE);
            let names = (0..n).map(|at| {
                let entry = chooser.entry(at);
                if entry.path.is_empty() { entry.name.clone() } else { said(&entry.name, &entry.path) }
            });
            Asked::Pick(slot, names.collect(), !chooser.query.is_empty())
        }
        Overlay::Knowledge(knowledge) => {
            let hint = rust_i18n::t!("linear.ask_article");
            let slot = Slot::new(name_of("action", "knowledge"), knowledge.query.text(), &hint);
            let city = model.city.as_deref();
            let title = |at: &usize| Some(city?.body.knowledge.get(*at)?.title.clone());
            let titles = knowledge.found.iter().take(NINE).filter_map(title);
            Asked::Article(slot, titles.collect(), knowledge.list.selected())
        }
        Overlay::Prompt(prompt) => Asked::Lines(Slot::new(
            prompt.outcome.map_or_else(
                || name_of("action", prompt.action.code()),
                |outcome| i18n::outcome(outcome.into()),
            ),
            prompt.text.text(),
            &rust_i18n::t!("linear.then_send"),
        )),
        Overlay::Dispatch(dialog) => of_dispatch(model, dialog),
        Overlay::Password(dialog) => Asked::Secret(Slot::new(
            name_of("password_field", dialog.focus.code()),
            "",
            &if dialog.focus == PasswordField::Again {
                rust_i18n::t!("linear.then_send")
            } else {
                rust_i18n::t!("linear.not_shown")
            },
        )),
        Overlay::Clash(dialog) => match dialog.marked() {
            Some(one) => {
                let slot = Slot::new(
                    name_of(Field::KIND, one.field.code()),
                    &rust_i18n::t!(if one.keeps_mine { "clash.keeps_mine" } else { "clash.keeps_theirs" }),
                    &rust_i18n::t!("linear.then_send"),
                );
                let names = [rust_i18n::t!("clash.mine"), rust_i18n::t!("clash.theirs")];
                Asked::Choice(slot, names.map(Into::into).to_vec(), usize::from(!one.keeps_mine))
            }
            None => Asked::Command(rust_i18n::t!("clash.confirm").into_owned()),
        },
        Overlay::Aside(dialog) => {
            let slot = Slot::new(rust_i18n::t!("aside.ask").into_owned(), "", "");
            let names = AsideChoice::ALL.iter().map(|choice| name_of(AsideChoice::KIND, choice.code()));
            Asked::Choice(slot, names.collect(), dialog.list.selected())
        }
        Overlay::Receipt(_) => Asked::GoOn(rust_i18n::t!("linear.ask_receipt").into_owned()),
        Overlay::Confirm(question) => Asked::YesNo(question.words(model) + &rust_i18n::t!("linear.ask_yes")),
    }
}

/// What a list to choose from is called.
pub(super) fn chooser_name(chooser: &Chooser) -> String {
    if chooser.choosing.is_put_in() { name_of("action", "template") } else { chooser.choosing.title() }
}

fn of_sign_in(model: &Model) -> Asked {
    let screen = &model.sign_in;
    if screen.asking == Asking::Nobody {
        return Asked::GoOn(rust_i18n::t!("sign_in.waiting").into_owned());
    }
    match screen.focus {
        0 => Asked::Line(Slot::new(rust_i18n::t!("sign_in.name").into_owned(), screen.name.text(), "")),
        1 => Asked::Secret(Slot::new(
            rust_i18n::t!("sign_in.password").into_owned(),
            "",
            &rust_i18n::t!("linear.not_shown"),
        )),
        _ => Asked::Secret(Slot::new(
            rust_i18n::t!("sign_in.password_again").into_owned(),
            "",
            &rust_i18n::t!("linear.not_shown"),
        )),
    }
}

fn of_field(model: &Model, field: FieldId) -> Asked {
    let form = &model.intake.current().form;
    let draft = model.intake.current();
    let hint = || {
        // What is proposed is taken by going on, so it is told first.
        let proposed = intake::proposed(draft, field, model.city.as_deref(), &model.keys, usize::MAX);
        proposed.unwrap_or_else(|| hint(field))
    };
    let slot = || Slot::new(name_of("field", field.code()), &value(model, field), &hint());
    let choice = || {
        let (names, at) = choices(model, form, field);
        Asked::Choice(slot(), names, at)
    };
    let city = model.city.as_deref();
    match field {
        FieldId::Number
        | FieldId::Name
        | FieldId::Contact
        | FieldId::Detail
        | FieldId::Occurred
        | FieldId::Target
        | FieldId::Title
        | FieldId::Earlier
        | FieldId::Tags
        | FieldId::Remark
        | FieldId::Opinion => Asked::Line(slot()),
        FieldId::Text | FieldId::Answer => Asked::Lines(slot()),
        FieldId::Sex
        | FieldId::Channel
        | FieldId::Kind
        | FieldId::Urgency
        | FieldId::Confidential
        | FieldId::Outcome => choice(),
        FieldId::Division => pick(slot(), &form.division, city.map(|city| &*city.divisions)),
        FieldId::Matter => pick(slot(), &form.matter, city.map(|city| &*city.matters)),
        FieldId::Lead => pick(slot(), &form.lead, city.map(|city| &*city.departments)),
        FieldId::Assisting => pick(slot(), &form.assist, city.map(|city| &*city.departments)),
    }
}

fn of_dispatch(model: &Model, dialog: &DispatchDialog) -> Asked {
    let departments = model.city.as_deref().map(|city| &*city.departments);
    let field = dialog.focus;
    let hint = name_of("hint", field.code());
    let slot = |value: &str| Slot::new(name_of("dispatch_field", field.code()), value, &hint);
    match field {
        DispatchField::Lead => {
            pick(slot(&department_names(model, dialog.lead.chosen())), &dialog.lead, departments)
        }
        DispatchField::Assisting => {
            let all = dialog.assisting.iter().chain(dialog.assist.chosen());
            pick(slot(&department_names(model, all)), &dialog.assist, departments)
        }
        DispatchField::Opinion => Asked::Line(slot(dialog.opinion.text())),
        DispatchField::Reason => Asked::Line(slot(dialog.reason.text())),
    }
}

fn pick<C: std::str::FromStr + Clone>(slot: Slot, pick: &Pick<C>, table: Option<&Table>) -> Asked {
    let entries = table.map_or(&[][..], Table::entries);
    let found = pick.candidates().0.iter().take(NINE).filter_map(|at| entries.get(*at));
    let names = found.map(|entry| {
        if entry.path.is_empty() { entry.name.clone() } else { format!("{} {}", entry.name, entry.path) }
    });
    Asked::Pick(slot, names.collect(), pick.is_open())
}

fn hint(field: FieldId) -> String {
    let hint = name_of("hint", field.code());
    // A choice has none: what can be chosen is said.
    if hint == field.code() { String::new() } else { hint }
}

/// Departments by their names.
pub(super) fn department_names<'a>(
    model: &Model,
    codes: impl IntoIterator<Item = &'a DepartmentCode>,
) -> String {
    let Some(city) = model.city.as_deref() else { return String::new() };
    let names: Vec<_> = codes.into_iter().map(|code| city.department(code)).collect();
    names.join(&rust_i18n::t!("linear.and"))
}

/// What stands in a field of the form, in words; empty where nothing does.
pub(super) fn value(model: &Model, field: FieldId) -> String {
    let form = &model.intake.current().form;
    let city = model.city.as_deref();
    let choice = || {
        let (mut names, at) = choices(model, form, field);
        if at < names.len() { names.swap_remove(at) } else { String::new() }
    };
    match field {
        FieldId::Number => form.number.text().to_owned(),
        FieldId::Name => form.name.text().to_owned(),
        FieldId::Contact => form.contact.text().to_owned(),
        FieldId::Detail => form.detail.text().to_owned(),
        FieldId::Occurred => form.occurred.text().to_owned(),
        FieldId::Target => form.target.text().to_owned(),
        FieldId::Title => form.title.text().to_owned(),
        FieldId::Earlier => form.earlier.text().to_owned(),
        FieldId::Tags => form.tags.text().to_owned(),
        FieldId::Remark => form.remark.text().to_owned(),
        FieldId::Opinion => form.opinion.text().to_owned(),
        FieldId::Text => form.text.text().to_owned(),
        FieldId::Answer => form.answer.text().to_owned(),
        FieldId::Sex
        | FieldId::Channel
        | FieldId::Kind
        | FieldId::Urgency
        | FieldId::Confidential
        | FieldId::Outcome => choice(),
        FieldId::Division => {
            let chosen = form.division.chosen().zip(city);
            chosen.map(|(code, city)| city.division(code).to_owned()).unwrap_or_default()
        }
        FieldId::Matter => {
            let chosen = form.matter.chosen().zip(city);
            chosen.map(|(code, city)| city.matter(code).to_owned()).unwrap_or_default()
        }
        FieldId::Lead => department_names(model, form.lead.chosen()),
        FieldId::Assisting => department_names(model, &form.assisting()),
    }
}

/// What a field of few offers, and the place of what it stands at, in the order in which Right goes through it.
fn choices(model: &Model, form: &Form, field: FieldId) -> (Vec<String>, usize) {
    fn of<T: Copy + PartialEq>(all: &[T], now: T, name: impl Fn(T) -> String) -> (Vec<String>, usize) {
        let at = all.iter().position(|value| *value == now).unwrap_or(all.len());
        (all.iter().map(|value| name(*value)).collect(), at)
    }
    let (channels, kinds) = match model.city.as_deref() {
        Some(city) => (&*city.body.channels, &*city.body.kinds),
        None => (Channel::ALL, Kind::ALL),
    };
    match field {
        FieldId::Sex => of(&[None, Some(Sex::Male), Some(Sex::Female)], form.sex, |sex| {
            name_of("sex", sex.map_or("unknown", Sex::code))
        }),
        FieldId::Channel => of(channels, form.channel, |channel| name_of("channel", channel.code())),
        FieldId::Kind => of(kinds, form.kind, |kind| name_of("kind", kind.code())),
        FieldId::Urgency => of(Urgency::ALL, form.urgency, |urgency| name_of("urgency", urgency.code())),
        FieldId::Confidential => of(&[false, true], form.confidential, |yes| {
            name_of("confidential", if yes { "yes" } else { "no" })
        }),
        _ => of(OutcomeChoice::ALL, form.outcome, |outcome| name_of("outcome_choice", outcome.code())),
    }
}

//! What is said of the form and of what stands beside it.

use super::Lines;
use super::overlay::found;
use super::row::line;
use crate::desk::hot;
use crate::desk::linear::asked::{said, value};
use crate::desk::model::Model;
use crate::desk::screens::intake::{Draft, FieldId, Standing, fault_words, why};
use crate::domain::check::Fault;
use crate::domain::follow_up::Told;
use crate::domain::id::CaseId;
use crate::i18n::{self, name_of};

/// The fields that change without being typed into.
const FOLLOWING: &[FieldId] = &[
    FieldId::Kind,
    FieldId::Channel,
    FieldId::Sex,
    FieldId::Urgency,
    FieldId::Confidential,
    FieldId::Division,
    FieldId::Title,
    FieldId::Matter,
    FieldId::Earlier,
    FieldId::Outcome,
    FieldId::Lead,
    FieldId::Assisting,
];

/// What was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The draft in front and how many there are.
    front: Option<(Option<CaseId>, usize, usize)>,
    faults: Vec<Fault>,
    values: Vec<String>,
    history: Option<(String, u64, u64)>,
    like: Vec<CaseId>,
    /// How many callers told of the same today.
    hot: Option<u64>,
    suggested: Option<String>,
    beside: bool,
    found: Vec<String>,
}

impl Seen {
    pub(super) fn forget_refusals(&mut self) {
        self.faults.clear();
    }
}

pub(super) fn told(lines: &mut Lines, seen: &mut Seen, heard: &mut usize, model: &Model) {
    let draft = model.intake.current();
    let values: Vec<_> = FOLLOWING.iter().map(|field| value(model, *field)).collect();
    let front = (draft.id, model.intake.place(), model.intake.count());
    // An empty form gets its identity at the first key; a case that is opened in its place is another draft.
    let begun = |id: Option<CaseId>| id.is_none() && draft.amends.is_none();
    let same = seen.front.is_some_and(|(id, place, _)| place == front.1 && (id == front.0 || begun(id)));
    if !same {
        let first = seen.front.is_none();
        *seen = Seen { values: values.clone(), ..Seen::default() };
        if let Some(amends) = &draft.amends {
            lines.say_at_once(rust_i18n::t!("amend.title", number = amends.number.grouped()));
        }
        if !first || front.2 > 1 {
            let standing = name_of(Standing::KIND, Standing::of(draft, model.now).code());
            lines.say_at_once(rust_i18n::t!("linear.draft", place = front.1, n = front.2, words = standing));
        }
    }
    seen.front = Some(front);
    // Nothing was there to compare with.
    if !seen.values.is_empty() {
        for ((field, before), now) in FOLLOWING.iter().zip(&seen.values).zip(&values) {
            if before != now && !now.is_empty() {
                lines.say(said(&name_of("field", field.code()), now));
            }
        }
    }
    seen.values = values;
    faults(lines, seen, draft);
    beside(lines, seen, heard, model, draft);
    if !draft.side.has_keys() {
        found(lines, &mut seen.found, model);
    }
}

fn faults(lines: &mut Lines, seen: &mut Seen, draft: &Draft) {
    for fault in draft.faults.iter().filter(|fault| !seen.faults.contains(fault)) {
        let words = fault_words(fault);
        lines.say_at_once(match FieldId::at(&fault.pointer) {
            Some(field) => rust_i18n::t!("desk.fault", field = name_of("field", field.code()), fault = words)
                .into_owned(),
            None => words,
        });
    }
    seen.faults.clone_from(&draft.faults);
}

/// What was found for the call, and the list of it once it is asked for.
fn beside(lines: &mut Lines, seen: &mut Seen, heard: &mut usize, model: &Model, draft: &Draft) {
    let side = &draft.side;
    let history = side.history_of.clone().zip(side.history.as_ref());
    let history = history.map(|(of, history)| (of, history.total, history.open));
    if let Some((_, total, open)) = history.as_ref().filter(|_| history != seen.history) {
        lines.say(if *total == 0 {
            rust_i18n::t!("linear.no_history")
        } else {
            rust_i18n::t!("linear.history", total = total, open = open)
        });
        if let Some(word) = side.history.as_ref().and_then(|history| history.last_word.as_ref()) {
            let told =
                Told { contacted: true, solved: Some(word.solved), satisfaction: Some(word.satisfaction) };
            let age = i18n::age(word.at, model.now, i18n::current());
            let (number, said) = (word.number.grouped(), i18n::outcome(told));
            lines.say(rust_i18n::t!("linear.last_word", number = number, age = age, said = said));
        }
    }
    seen.history = history;
    let like: Vec<_> = side.like_rows().map(|row| row.id).collect();
    if like != seen.like
        && let Some(first) = side.like_rows().next()
    {
        lines.say(rust_i18n::t!("linear.like", n = like.len(), first = line(model, first)));
    }
    seen.like = like;
    let topic = side.like.as_ref().and_then(|like| like.hot.as_deref());
    let callers = topic.map(|topic| topic.callers);
    if let Some(topic) = topic.filter(|_| callers != seen.hot) {
        lines.say(rust_i18n::t!("hot.here", told = hot::told(model, topic)));
    }
    seen.hot = callers;
    let suggested = suggested(model, draft);
    if let Some(words) = suggested.as_ref().filter(|_| suggested != seen.suggested) {
        lines.say(rust_i18n::t!("linear.suggested", words = words));
    }
    seen.suggested = suggested;
    if side.has_keys() && !seen.beside {
        *heard = rows(lines, 0, model);
    }
    seen.beside = side.has_keys();
}

pub(super) fn rows(lines: &mut Lines, from: usize, model: &Model) -> usize {
    let side = &model.intake.current().side;
    if !side.has_keys() {
        return from;
    }
    let history = side.history_rows().iter().map(|row| line(model, row));
    let like = side.like.iter().flat_map(|like| &like.cases);
    let like = like.map(|like| {
        format!("{}{}{}", why(model, like), rust_i18n::t!("linear.comma"), line(model, &like.row))
    });
    let cases = history.chain(like);
    let all = model.city.as_deref().map_or(&[][..], |city| &city.body.knowledge);
    let articles = model.intake.current().suggested.articles.iter();
    let articles = articles.filter_map(|one| all.get(one.code)).map(|article| article.title.clone());
    lines.rows(cases.chain(articles), from)
}

/// The matter and the department that the text suggests, where none is chosen.
fn suggested(model: &Model, draft: &Draft) -> Option<String> {
    let city = model.city.as_deref()?;
    let form = &draft.form;
    let matter = draft.suggested.matters.first().filter(|_| form.matter.chosen().is_none());
    let matter = matter.map(|first| said(&name_of("field", "matter"), city.matter(&first.code)));
    let asks_lead = form.fields().any(|field| field == FieldId::Lead) && form.lead.chosen().is_none();
    let lead = draft.suggested.departments.first().filter(|_| asks_lead);
    let lead = lead.map(|first| said(&name_of("field", "lead"), city.department(&first.code)));
    let both: Vec<_> = matter.into_iter().chain(lead).collect();
    (!both.is_empty()).then(|| both.join(&rust_i18n::t!("linear.comma")))
}

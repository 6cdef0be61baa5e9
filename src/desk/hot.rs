//! Hot topics at the desk: the list that a lead opens and everybody who sees all cases may, the line beside the form,
//! and the search that finds the cases of one.
//!
//! The list is read anew whenever the live stream tells of a change while it is open, never by a timer. The line beside
//! the form comes with the like cases, as the text is typed.

use super::effects::Effect;
use super::model::Model;
use super::msg::{Answer, Turn};
use super::screens::overlay::{Chooser, Choosing, Overlay};
use super::screens::search;
use super::widgets::table::Entry;
use crate::domain::normalise::normalise;
use crate::domain::safe::SafeText;
use crate::i18n::{self, Language};
use crate::wire::topic::{HotTopic, HotTopics};

/// What is known of them.
#[derive(Debug, Default)]
pub struct Hot {
    turn: Turn,
    /// What the server told last; none before it has.
    pub topics: Option<Vec<HotTopic>>,
}

/// Opens the list and asks for it.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.hot.topics = None;
    model.lay(Overlay::Chooser(Box::new(Chooser::listing(Choosing::Topic, Vec::new()))));
    ask(model)
}

fn ask(model: &mut Model) -> Vec<Effect> {
    vec![Effect::Topics(model.hot.turn.another())]
}

/// Something has changed on the server.
pub(super) fn changed(model: &mut Model) -> Vec<Effect> {
    if list(model).is_some() { ask(model) } else { Vec::new() }
}

/// The list came.
pub(super) fn arrived(model: &mut Model, turn: Turn, answer: Answer<HotTopics>) -> Vec<Effect> {
    if turn != model.hot.turn {
        return Vec::new();
    }
    match answer {
        Ok(HotTopics { topics, .. }) => {
            let entries = topics.iter().map(|topic| entry(model, topic)).collect();
            model.hot.topics = Some(topics);
            if let Some(list) = list(model) {
                list.relist(entries);
            }
            Vec::new()
        }
        Err(error) => model.failed(&error),
    }
}

fn list(model: &mut Model) -> Option<&mut Chooser> {
    match &mut model.overlay {
        Some(Overlay::Chooser(chooser)) if chooser.choosing == Choosing::Topic => Some(chooser),
        _ => None,
    }
}

/// Searches for the cases of the one that was chosen.
pub(super) fn take(model: &mut Model, code: &str) -> Vec<Effect> {
    let topic = model.hot.topics.iter().flatten().find(|topic| code_of(topic) == code);
    let Some(query) = topic.map(|topic| query(model, topic)) else { return Vec::new() };
    search::search_for(model, &query)
}

/// `5 人来电 自 08:10，未结 4`: how hot it is.
pub(super) fn told(model: &Model, topic: &HotTopic) -> String {
    let since = i18n::time_of_day(topic.first_at, &model.zone());
    rust_i18n::t!("hot.told", n = topic.callers, since = since, open = topic.open).into_owned()
}

/// `3 人 4 件 未结 4 08:10-09:42`, where, and what; behind it who has them.
fn entry(model: &Model, topic: &HotTopic) -> Entry {
    let [first, last] = [topic.first_at, topic.last_at].map(|at| i18n::time_of_day(at, &model.zone()));
    let (n, total, open) = (topic.callers, topic.total, topic.open);
    let mut name = vec![
        rust_i18n::t!("hot.row", n = n, total = total, open = open, first = first, last = last).into_owned(),
    ];
    let city = model.city.as_deref();
    let matter = city.zip(topic.matter.as_ref()).map(|(city, code)| city.matter_leaf(code).to_owned());
    name.extend(city.zip(topic.division.as_ref()).map(|(city, code)| city.division(code).to_owned()));
    name.push(matter.unwrap_or_else(|| SafeText::line(&topic.title).as_str().to_owned()));
    let departments =
        city.into_iter().flat_map(|city| topic.departments.iter().map(|code| city.department(code)));
    Entry {
        code: code_of(topic),
        name: name.join(" "),
        extra: Vec::new(),
        path: departments.take(3).collect::<Vec<_>>().join(" "),
    }
}

/// A topic is known by when it began.
fn code_of(topic: &HotTopic) -> String {
    topic.first_at.as_millisecond().to_string()
}

/// The search that finds its cases, in the language of the desk: by place and matter where all share them, else by the
/// place in words.
fn query(model: &Model, topic: &HotTopic) -> String {
    let [place, matter, since] = match i18n::current() {
        Language::Zh => ["地点", "事项", "自"],
        Language::En => ["place", "matter", "since"],
    };
    let mut parts = Vec::new();
    if let Some(city) = model.city.as_deref() {
        let divisions =
            city.body.divisions.iter().map(|division| (division.code.as_str(), division.name.as_str()));
        parts.extend(
            topic.division.as_ref().map(|code| format!("{place}:{}", named(divisions, code.as_str()))),
        );
        let matters = city.body.matters.iter().map(|matter| (matter.code.as_str(), matter.level3.as_str()));
        parts.extend(topic.matter.as_ref().map(|code| format!("{matter}:{}", named(matters, code.as_str()))));
    }
    if topic.division.is_none() && !topic.place_detail.is_empty() {
        parts.push(format!("\"{}\"", topic.place_detail.replace('"', " ")));
    }
    parts.push(format!("{since}:{}", i18n::date(topic.first_at, &model.zone())));
    parts.join(" ")
}

/// The name of a code where no other has it, else the code.
fn named<'a>(all: impl Iterator<Item = (&'a str, &'a str)> + Clone, code: &'a str) -> String {
    let Some((_, name)) = all.clone().find(|(known, _)| *known == code) else { return code.to_owned() };
    let same = all.filter(|(_, other)| normalise(other) == normalise(name)).count();
    if same > 1 || name.contains(|c: char| c.is_whitespace() || c == '"') {
        code.to_owned()
    } else {
        name.to_owned()
    }
}

//! How what stands beside the form is painted: sections one under the other, and the selected one in full; on a small
//! screen two lines that say what there is, and the whole over the form while it has the keys.

use ratatui::layout::Rect;

use super::Draft;
use crate::desk::action::Action;
use crate::desk::buffer::Buffer;
use crate::desk::hits::{Canvas, Target};
use crate::desk::hot;
use crate::desk::keymap::{Control, Deed};
use crate::desk::layout::{self, Intake};
use crate::desk::model::Model;
use crate::desk::paint::{columns, put, rows};
use crate::desk::screens::{case_row, reader};
use crate::desk::text::{width, wrap};
use crate::desk::widgets::bars::KeyHint;
use crate::desk::widgets::overlay;
use crate::domain::follow_up::Satisfaction;
use crate::domain::query::Query;
use crate::domain::suggest::Cue;
use crate::i18n::name_of;
use crate::theme::Role;
use crate::wire::case::CaseRow;
use crate::wire::search::{LikeCase, Likeness};

/// The keys that work while the panel has them.
pub fn hints(model: &Model) -> Vec<KeyHint<'_>> {
    let keys = &model.keys;
    [
        (Deed::Control(Control::OpenRow), "open"),
        (Deed::Action(Action::Merge), "same"),
        (Deed::Control(Control::TakeAsEarlier), "earlier"),
        (Deed::Action(Action::SidePanel), "form"),
    ]
    .map(|(deed, name)| (deed, keys.key_of(deed), name))
    .map(|(deed, key, name)| KeyHint {
        key: key.into(),
        name: name_of("beside_key", name).into(),
        enabled: true,
        priority: 0,
        deed: Some(deed),
    })
    .into()
}

/// Rows of a case: its title, and below it when, how far, and why.
const ENTRY: u16 = 2;

/// Paints the panel and what is read beside it, each where it has room.
pub(super) fn view(model: &Model, draft: &Draft, buf: &mut Canvas<'_>, areas: &Intake) {
    if !areas.panel.is_empty() {
        let style = model.look.panel(draft.side.has_keys());
        let inside = overlay::frame(buf, areas.panel, &rust_i18n::t!("side.title"), &style);
        sections(model, draft, buf, inside);
    }
    if !areas.reader.is_empty() {
        read(model, draft, buf, areas.reader);
    }
}

/// The same over the form.
pub(super) fn over(model: &Model, draft: &Draft, buf: &mut Canvas<'_>, areas: &Intake) {
    let whole = areas.panel.union(areas.reader);
    overlay::clear(buf, whole, model.look.style(Role::Text));
    buf.hit(whole, Target::Over);
    view(model, draft, buf, areas);
}

/// What is selected in the panel, in full; while nothing is, the article that answers best.
fn read(model: &Model, draft: &Draft, buf: &mut Buffer, area: Rect) {
    let selected = draft.selected_beside();
    if selected.is_some() {
        return reader::case(model, buf, area, selected, &Query::default());
    }
    let inside = overlay::frame(buf, area, &rust_i18n::t!("knowledge.title"), &model.look.panel(false));
    let inside = columns(inside, 1, inside.width.saturating_sub(2));
    let best = draft.suggested.articles.first().map(|suggestion| suggestion.code);
    let shown = draft.selected_article().or(best);
    if let (Some(at), Some(city)) = (shown, model.city.as_deref()) {
        let _ = reader::article(model, buf, inside, &city.body.knowledge[at], 0);
    } else {
        let key = model.keys.shown(Action::SidePanel, true).unwrap_or_default();
        tell(model, buf, inside, &rust_i18n::t!("side.read_here", key = key));
    }
}

fn tell(model: &Model, buf: &mut Buffer, area: Rect, told: &str) {
    for (row, line) in (0..area.height).zip(wrap(told, usize::from(area.width.max(1)))) {
        put(buf, area, row, &told[line], model.look.style(Role::TextDim));
    }
}

/// Two lines that stand for the panel: what this caller and others called about before, what is suggested.
pub(super) fn glance(model: &Model, draft: &Draft, buf: &mut Canvas<'_>, area: Rect) {
    let (look, side) = (&model.look, &draft.side);
    let inside = columns(area, 1, area.width.saturating_sub(2));
    if inside.is_empty() {
        return;
    }
    let half = inside.width / 2;
    let open = side.history.as_ref().is_some_and(|history| history.open > 0);
    // An open case of the same caller must not be overlooked: it may be the same matter.
    let role = if open { Role::Warning } else { history_role(draft, Role::TextDim) };
    let like = side.like.as_ref().and_then(|like| like.cases.first()).map(|case| case.row.title.as_str());
    let knowledge = draft.suggested.articles.first().zip(model.city.as_deref());
    let article = knowledge.map(|(first, city)| city.body.knowledge[first.code].title.as_str());
    let history = side.history_rows().first().map(|row| row.title.as_str());
    let (left, right) = (columns(inside, 0, half - 1), columns(inside, half, inside.width));
    let suggested = suggested_first(model, draft);
    for (at, words, first, role, action) in [
        (rows(left, 0, 1), history_words(draft), history, role, Action::SidePanel),
        (
            rows(right, 0, 1),
            like_words(model, draft),
            like,
            like_role(draft, Role::TextDim),
            Action::SidePanel,
        ),
        (
            rows(left, 1, 1),
            suggested_words(model),
            suggested.as_deref(),
            Role::TextDim,
            Action::TakeSuggestion,
        ),
        (rows(right, 1, 1), knowledge_words(model, draft), article, Role::TextDim, Action::Knowledge),
    ] {
        buf.hit(at, Target::Do(Deed::Action(action)));
        put(buf, at, 0, &words, look.style(role));
        let left = u16::try_from(width(&words) + 1).unwrap_or(u16::MAX);
        put(buf, columns(at, left, at.width), 0, first.unwrap_or_default(), look.style(Role::Text));
    }
}

fn suggested_words(model: &Model) -> String {
    let key = model.keys.shown(Action::TakeSuggestion, true).unwrap_or_default();
    rust_i18n::t!("side.suggested", key = key).into_owned()
}

/// The matter suggested first, or else the department.
fn suggested_first(model: &Model, draft: &Draft) -> Option<String> {
    let city = model.city.as_deref()?;
    let matter = draft.suggested.matters.first().map(|first| city.matter_leaf(&first.code));
    let department = draft.suggested.departments.first().map(|first| city.department(&first.code));
    let parts: Vec<_> = matter.into_iter().chain(department).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn knowledge_words(model: &Model, draft: &Draft) -> String {
    let key = model.keys.shown(Action::Knowledge, true).unwrap_or_default();
    rust_i18n::t!("side.knowledge", key = key, n = draft.suggested.articles.len()).into_owned()
}

fn history_words(draft: &Draft) -> String {
    match &draft.side.history {
        Some(history) => {
            let words = rust_i18n::t!("side.history", total = history.total, open = history.open);
            let Some(word) = &history.last_word else { return words.into_owned() };
            let said = name_of(Satisfaction::KIND, word.satisfaction.code());
            rust_i18n::t!("side.history_said", history = words, said = said).into_owned()
        }
        None => rust_i18n::t!("side.history_none").into_owned(),
    }
}

/// Whoever was not content the last time is to be met with care.
fn history_role(draft: &Draft, otherwise: Role) -> Role {
    let word = draft.side.history.as_ref().and_then(|history| history.last_word.as_ref());
    let dissatisfied = word.is_some_and(|word| word.satisfaction == Satisfaction::Dissatisfied);
    if dissatisfied { Role::Warning } else { otherwise }
}

/// That the call belongs to what several callers have told today must not be overlooked.
fn like_role(draft: &Draft, otherwise: Role) -> Role {
    let hot = draft.side.like.as_ref().is_some_and(|like| like.hot.is_some());
    if hot { Role::Warning } else { otherwise }
}

fn like_words(model: &Model, draft: &Draft) -> String {
    if let Some(topic) = draft.side.like.as_ref().and_then(|like| like.hot.as_deref()) {
        return rust_i18n::t!("hot.here", told = hot::told(model, topic)).into_owned();
    }
    match &draft.side.like {
        Some(like) if !like.cases.is_empty() => rust_i18n::t!("side.like", n = like.cases.len()).into_owned(),
        Some(_) => rust_i18n::t!("side.like_none").into_owned(),
        None => rust_i18n::t!("side.like_wait").into_owned(),
    }
}

/// The sections, each with a head and as many entries as its share of the rows holds.
fn sections(model: &Model, draft: &Draft, buf: &mut Canvas<'_>, area: Rect) {
    let side = &draft.side;
    let (history, like) = (side.history_rows(), side.like.as_ref().map_or(&[][..], |like| &like.cases));
    let suggested = suggestions(model, draft);
    let articles = &draft.suggested.articles;
    let wants = [history.len() * 2, like.len() * 2, suggested.len(), articles.len()]
        // A head and a blank row.
        .map(|n| u16::try_from(n + 2).unwrap_or(u16::MAX));
    let mut top = 0;
    let [first, second, third, fourth] = [0, 1, 2, 3].map(|at| {
        let high = layout::shares(area.height, &wants)[at];
        let section = rows(area, top, high);
        top += high;
        section
    });
    let head = |buf: &mut Buffer, section: Rect, words: &str| {
        put(buf, section, 0, words, model.look.style(Role::Heading));
    };
    let selected = draft.beside_at();
    put(buf, first, 0, &history_words(draft), model.look.style(history_role(draft, Role::Heading)));
    for (index, at) in in_sight(first, history.len(), ENTRY, selected) {
        let detail = of_caller(model, &history[index]);
        buf.hit(at, Target::Beside(index));
        entry(model, buf, at, &history[index].title, &detail, selected == Some(index));
    }
    let selected = selected.and_then(|at| at.checked_sub(history.len()));
    let words = like_words(model, draft);
    put(buf, second, 0, &words, model.look.style(like_role(draft, Role::Heading)));
    for (index, at) in in_sight(second, like.len(), ENTRY, selected) {
        let detail =
            format!("{} {}", name_of("state", like[index].row.state.code()), why(model, &like[index]));
        buf.hit(at, Target::Beside(history.len() + index));
        entry(model, buf, at, &like[index].row.title, &detail, selected == Some(index));
    }
    head(buf, third, &suggested_words(model));
    buf.hit(rows(third, 0, 1), Target::Do(Deed::Action(Action::TakeSuggestion)));
    for (index, at) in in_sight(third, suggested.len(), 1, None) {
        let (what, why) = &suggested[index];
        put(buf, columns(at, 1, at.width), 0, what, model.look.style(Role::Text));
        let left = u16::try_from(width(what) + 3).unwrap_or(u16::MAX);
        put(buf, columns(at, left, at.width), 0, why, model.look.style(Role::TextDim));
    }
    let selected = selected.and_then(|at| at.checked_sub(like.len()));
    head(buf, fourth, &knowledge_words(model, draft));
    buf.hit(rows(fourth, 0, 1), Target::Do(Deed::Action(Action::Knowledge)));
    let Some(city) = model.city.as_deref() else { return };
    for (index, at) in in_sight(fourth, articles.len(), 1, selected) {
        let title = &city.body.knowledge[articles[index].code].title;
        buf.hit(at, Target::Beside(history.len() + like.len() + index));
        entry(model, buf, at, title, "", selected == Some(index));
    }
}

/// What the text suggests: matters and departments, each with the words that decided.
fn suggestions(model: &Model, draft: &Draft) -> Vec<(String, String)> {
    let Some(city) = model.city.as_deref() else { return Vec::new() };
    let why = |because: &[Cue]| {
        let words = because.iter().map(|cue| match cue {
            Cue::Word(word) => word.clone(),
            Cue::UsualOf(matter) => city.matter_leaf(matter).to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    };
    let matters =
        draft.suggested.matters.iter().map(|one| (city.matter_leaf(&one.code).to_owned(), why(&one.because)));
    let departments = draft
        .suggested
        .departments
        .iter()
        .map(|one| (city.department(&one.code).to_owned(), why(&one.because)));
    matters.chain(departments).collect()
}

/// Why a case is held to be alike, as one would say it: 同一街道、同一事项、3 天前.
pub fn why(model: &Model, like: &LikeCase) -> String {
    let same_place = like.because.contains(&Likeness::SameDetail);
    let told = like.because.iter().filter(|why| match why {
        // What is at the same door is in the same street.
        Likeness::SameDivision => !same_place,
        // The age itself is told.
        Likeness::Recent => false,
        _ => true,
    });
    let is_district = like.row.division.as_ref().zip(model.city.as_deref()).is_some_and(|(code, city)| {
        city.body.divisions.iter().any(|division| division.code == *code && division.parent.is_none())
    });
    let mut parts: Vec<String> = told
        .map(|why| match why {
            Likeness::SameDivision if is_district => rust_i18n::t!("side.same_district").into_owned(),
            why => name_of("likeness", why.code()),
        })
        .collect();
    parts.push(crate::i18n::age(like.row.received_at, model.now, crate::i18n::current()));
    parts.join(&rust_i18n::t!("side.and"))
}

/// The entries of a section that are in sight, with the selected one among them: which, and where.
fn in_sight(
    section: Rect,
    n: usize,
    high: u16,
    selected: Option<usize>,
) -> impl Iterator<Item = (usize, Rect)> {
    let room = usize::from(section.height.saturating_sub(1) / high);
    let first = selected.filter(|at| *at < n).map_or(0, |at| (at + 1).saturating_sub(room));
    (first..n).take(room).enumerate().map(move |(row, index)| {
        let top = u16::try_from(row).unwrap_or(0) * high + 1;
        (index, rows(section, top, high))
    })
}

/// What there is to know of a caller's earlier case before anything is said: how old, how far, whether it is secret, what
/// was promised, and what the caller thought of it.
fn of_caller(model: &Model, row: &CaseRow) -> String {
    let mut told = format!("{} {}", age_and_state(model, row), case_row::flags(row));
    // What was promised of a merged case is what was promised of the one that leads it.
    let (due_at, state) = row.leader.as_ref().map_or((row.due_at, row.state), |led| (led.due_at, led.state));
    if let Some(due) = due_at.filter(|_| !state.is_finished()) {
        let age = crate::i18n::age(due, model.now, crate::i18n::current());
        told = format!("{} {}", told.trim_end(), rust_i18n::t!("side.due", age = age));
    }
    if let Some(outcome) = row.followed_up {
        told = format!("{} {}", told.trim_end(), crate::i18n::outcome(outcome));
    }
    told.trim_end().to_owned()
}

fn age_and_state(model: &Model, row: &CaseRow) -> String {
    let age = crate::i18n::age(row.received_at, model.now, crate::i18n::current());
    let led = row.leader.as_ref().map(|led| format!("→{}", name_of("state", led.state.code())));
    format!("{age} {}{}", name_of("state", row.state.code()), led.unwrap_or_default())
}

/// The title, and below it, where there is a row for it, when, how far, and why.
fn entry(model: &Model, buf: &mut Buffer, area: Rect, words: &str, detail: &str, selected: bool) {
    let look = &model.look;
    let mark = if selected { ">" } else { " " };
    let title = if selected { look.style(Role::Selection) } else { look.style(Role::Text) };
    put(buf, area, 0, &format!("{mark}{words}"), title);
    put(buf, area, 1, &format!("  {detail}"), look.style(Role::TextDim));
}

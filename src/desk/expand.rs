//! Expanding: the letters before the caret become the text they stand for – a person's own, or a template of the city.
//!
//! The longest word before the caret that stands for anything counts: first as the whole trigger of an own text, then as
//! the beginning of one, then as a template of the field's purpose by code, name or initials.

use std::ops::Range;

use rust_i18n::t;

use super::effects::Effect;
use super::model::{Model, Severity};
use super::screens::intake;
use super::screens::overlay::{Chooser, Choosing, Overlay, templates_for};
use super::snippets::{Snippet, words};
use super::update;
use super::uses::Shelf;
use super::widgets::table::{Entry, Table};
use crate::domain::normalise::normalise;

/// What was found for the bytes of a word.
type Found = (Choosing, Range<usize>, Vec<Entry>);

/// Expands the word before the caret, offers what it may stand for, or says that it stands for nothing.
pub(super) fn expand(model: &mut Model) -> Vec<Effect> {
    let Some(writing) = model.writing() else { return Vec::new() };
    let before = writing.text()[..writing.caret()].to_owned();
    match find(model, &before) {
        Some((choosing, at, found)) if found.len() == 1 => take(model, choosing, &found[0], Some(at)),
        Some((choosing, at, found)) => {
            model.lay(Overlay::Chooser(Box::new(Chooser::offering(choosing, found, at))));
            Vec::new()
        }
        None => {
            model.say(Severity::Warning, t!("snippet.none").into_owned());
            Vec::new()
        }
    }
}

fn find(model: &Model, before: &str) -> Option<Found> {
    let mut words = words(before);
    words.retain(|at| !normalise(&before[at.clone()]).is_empty());
    let first = |found: &dyn Fn(&str) -> Vec<Entry>| {
        let mut all = words.iter().map(|at| (at.clone(), found(&before[at.clone()])));
        all.find(|(_, found)| !found.is_empty())
    };
    let own = &model.snippets;
    let exact = first(&|word| own.exact(word).map(entry).into_iter().collect());
    let own = exact.or_else(|| first(&|word| own.beginning_with(word).into_iter().map(entry).collect()));
    if let Some((at, found)) = own {
        return Some((Choosing::Snippet, at, found));
    }
    let purpose = Choosing::template_for(model)?;
    // Its keywords speak for a template in a text, but nobody types them to have it.
    let bare = |entry| Entry { extra: Vec::new(), ..entry };
    let table = Table::new(templates_for(model, purpose).into_iter().map(bare).collect());
    let entries = |places: Vec<usize>| places.into_iter().map(|at| table.entries()[at].clone()).collect();
    let fitting = |word: &str| {
        let found = table.matches(word, table.entries().len());
        found.into_iter().map(|found| found.index).collect()
    };
    let found = first(&|word| entries(table.named(word))).or_else(|| first(&|word| entries(fitting(word))));
    found.map(|(at, found)| (Choosing::Template(purpose), at, found))
}

fn entry(snippet: &Snippet) -> Entry {
    Entry {
        code: snippet.trigger.clone(),
        name: snippet.trigger.clone(),
        path: snippet.text.clone(),
        ..Entry::default()
    }
}

/// Puts a ready text in the place of the bytes `at`, or of what is selected: the slots that the form knows are filled,
/// the first that is left is selected. One step of undo; what does not fit whole stays out.
pub(super) fn take(
    model: &mut Model,
    choosing: Choosing,
    entry: &Entry,
    at: Option<Range<usize>>,
) -> Vec<Effect> {
    let body = intake::fill(model, &entry.path);
    let Some(mut writing) = model.writing() else { return Vec::new() };
    let before = writing.selection();
    let at = at.unwrap_or(before.clone());
    writing.select(at.clone());
    let room = writing.room();
    if body.chars().count() > room || writing.selection() != at {
        writing.select(before);
        model.say(Severity::Error, t!("snippet.no_room", n = room).into_owned());
        return Vec::new();
    }
    let mut effects = update::paste(model, &body);
    if let Some(mut writing) = model.writing() {
        writing.select_slot(at.start);
    }
    if matches!(choosing, Choosing::Template(_)) {
        model.uses.record(Shelf::Template, &entry.code, model.now);
        effects.extend(model.keep_uses());
    }
    effects
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::desk::ids::Ids;
    use crate::desk::look::Look;
    use crate::desk::model::Screen;
    use crate::desk::screens::intake::FieldId;
    use crate::desk::snippets::Snippets;
    use crate::desk::widgets::edit::Edit;
    use crate::desk::widgets::overlay::Borders;
    use crate::theme::{Depth, Theme};

    fn desk(snippets: &str) -> Model {
        let look = Look::new(Theme::built_in("dark", Depth::True).unwrap(), Depth::True, Borders::Rounded);
        let now = "2026-11-23T07:42:03Z".parse().unwrap();
        let mut model = Model::new(look, false, Ids::new([1; 32]), now);
        model.screen = Screen::Intake;
        model.intake.current_mut().form.focus = FieldId::Text;
        model.snippets = Arc::new(Snippets::parse(snippets.as_bytes()).unwrap());
        model
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn any_text_is_expanded_around_the_caret_and_comes_back(
            text in "[zx谢路1，{}\u{301}\u{600}\u{200d}\u{3164} \n\\PC]{0,30}",
            caret in 0_usize..60,
            body in "[a地{}\n]{1,9}[a地]",
        ) {
            let file = format!("zx = '''{body}'''\n\"谢\" = \"b\"\n\"路1\" = \"c\"\n");
            let mut model = desk(&file);
            let area = &mut model.intake.current_mut().form.text;
            area.set(&text);
            area.set_caret(caret);
            let (before, caret) = (area.text().to_owned(), area.caret());
            let _ = expand(&mut model);
            let area = &mut model.intake.current_mut().form.text;
            prop_assert!(area.text().ends_with(&before[caret..]));
            let changed = area.text() != before;
            prop_assert_eq!(changed, area.apply(&Edit::Undo).edited() && changed);
            prop_assert_eq!(area.text(), before);
        }
    }
}

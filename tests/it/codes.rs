//! Whatever the program can say by a code has words for it; and what the key table must hold.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use huiyin::desk::action::{Action, TABLE};
use huiyin::desk::keys::Chord;
use huiyin::desk::model::Screen;
use huiyin::desk::screens::intake::{FieldId, OutcomeChoice};
use huiyin::desk::screens::overlay::DispatchField;
use huiyin::desk::screens::work::WorkTab;
use huiyin::domain::act::Verb;
use huiyin::domain::check::FaultCode;
use huiyin::domain::deadline::Card;
use huiyin::domain::likeness::Likeness;
use huiyin::domain::progress::{Rule, TaskState};
use huiyin::i18n::{Language, name_in};
use huiyin::theme::{Depth, Role, Theme};
use huiyin::wire::problem::ProblemCode;

fn source(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The literals of `text` that stand right behind `before`.
fn literals<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    text.match_indices(before).filter_map(|(at, _)| text[at + before.len()..].split('"').next()).collect()
}

#[test]
fn every_code_has_words() {
    let mut codes: Vec<(&str, Vec<String>)> = Vec::new();
    macro_rules! all {
        ($($code:ty => $kind:literal),+ $(,)?) => {
            $(codes.push(($kind, <$code>::ALL.iter().map(|code| code.code().to_owned()).collect()));)+
        };
    }
    all! {
        Action => "action", Screen => "screen", Verb => "verb", ProblemCode => "problem", FaultCode => "fault",
        Rule => "rule", FieldId => "field", OutcomeChoice => "outcome_choice", WorkTab => "work_tab",
        DispatchField => "dispatch_field", Card => "card", Likeness => "likeness", TaskState => "task_state",
    }
    // Codes that are no closed list are read where they are written.
    let owned = |found: Vec<&str>| found.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let (event, action, model) =
        (source("src/domain/event.rs"), source("src/desk/action.rs"), source("src/desk/model.rs"));
    codes.push(("event", owned(literals(&event, "=> \""))));
    codes.push(("client", owned(literals(&source("src/client/error.rs"), "=> \""))));
    codes.push(("journal", owned(literals(&source("src/journal/error.rs"), "=> \""))));
    let mut why_not: Vec<_> =
        ["Err(\"", "ok_or(\""].iter().flat_map(|before| literals(&action, before)).collect();
    why_not.extend(literals(&model, "Err(\""));
    assert!(why_not.len() >= 6, "{why_not:?}");
    codes.push(("why_not", owned(why_not)));
    // What the state of a case refuses is told in the same words before and after it was asked for.
    let of_state = Rule::ALL.iter().map(|rule| rule.code()).filter(|code| code.starts_with("must_"));
    codes.push(("why_not", of_state.map(str::to_owned).collect()));

    let mut silent = BTreeSet::new();
    for (kind, codes) in codes {
        assert!(codes.len() >= 2, "{kind}: {codes:?}");
        for code in codes {
            // In English a word may look like its code. That no language lacks a key is guarded in `i18n`.
            if name_in(Language::Zh, kind, &code) == code {
                silent.insert(format!("{kind}.{code}"));
            }
        }
    }
    assert!(silent.is_empty(), "no words for: {silent:#?}");
}

#[test]
fn a_key_means_one_thing_on_a_screen() {
    for screen in Screen::ALL {
        let mut taken: Vec<(Chord, Action)> = Vec::new();
        for row in TABLE.iter().filter(|row| row.belongs_to(*screen)) {
            for key in row.keys.iter().chain(row.bare) {
                let chord: Chord = key.parse().unwrap();
                let before = taken.iter().find(|(other, _)| *other == chord);
                assert!(before.is_none(), "{chord} on {screen}: {:?} and {:?}", before, row.action);
                taken.push((chord, row.action));
            }
        }
    }
}

#[test]
fn every_action_is_in_the_table_once_and_can_be_done_while_typing() {
    for action in Action::ALL {
        let rows: Vec<_> = TABLE.iter().filter(|row| row.action == *action).collect();
        assert_eq!(rows.len(), 1, "{action}");
        for key in rows[0].keys {
            assert!(
                key.parse::<Chord>().unwrap().works_while_typing(),
                "{action}: {key} belongs to the text"
            );
        }
        // Enter opens a row while the query has the keys too; every other bare key has a twin. What has no key at all
        // is found by its name, and the palette has one.
        let only_bare = rows[0].keys.is_empty() && !rows[0].bare.is_empty() && *action != Action::Open;
        assert!(!only_bare, "{action} has no key that works while something is typed");
    }
}

#[test]
fn every_theme_paints_every_role_and_tells_the_selection_apart() {
    for name in huiyin::theme::Shelf::default().names() {
        for depth in [Depth::None, Depth::Sixteen, Depth::Palette, Depth::True] {
            let theme = Theme::built_in(&name, depth).unwrap();
            for role in [Role::Selection, Role::TabActive, Role::Match, Role::FieldInvalid] {
                assert_ne!(theme.style(role), theme.style(Role::Text), "{name} {depth:?} {}", role.name());
            }
        }
    }
}

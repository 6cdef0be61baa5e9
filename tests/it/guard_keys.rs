//! Guards of the key table: every row has its words, its own keys, and a way to it; the footer has room.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use huiyin::desk::action::{self, Action};
use huiyin::desk::buffer::Buffer;
use huiyin::desk::keymap::{Deed, Keymap};
use huiyin::desk::keys::Chord;
use huiyin::desk::model::Screen;
use huiyin::desk::widgets::bars::{self, FooterStyle, KeyHint};
use huiyin::desk::widgets::screen;
use huiyin::i18n::{Language, name_in};
use ratatui::layout::Rect;

#[test]
fn every_row_has_a_name_and_a_sentence_in_every_language() {
    for language in Language::ALL {
        for line in Keymap::default().lines(*language) {
            let told = format!("{}.{} in {language:?}: `{}`", line.context, line.name, line.help);
            assert_ne!(line.title, line.name, "no name in src/i18n/locales: {told}");
            assert_ne!(line.help, line.name, "no `action_help` (or its like) in src/i18n/locales: {told}");
        }
    }
}

#[test]
fn no_key_means_two_things_in_one_place() {
    let map = Keymap::default();
    for screen in Screen::ALL {
        let mut known: HashMap<Chord, &str> = HashMap::new();
        for binding in map.bindings().iter().filter(|binding| binding.is_heard_on(*screen)) {
            // Enter, Tab, the arrows and the blank mean one thing in a form and another in a list or a text.
            let shared = |chord: &Chord| chord.is_plain() || chord.text() == Some(' ');
            for chord in binding.chords.iter().filter(|chord| !shared(chord)) {
                let before = known.insert(*chord, binding.code());
                assert_eq!(before, None, "{chord} on {screen} is also {}", binding.code());
            }
        }
    }
}

#[test]
fn every_action_has_a_row_and_every_key_leads_to_it() {
    let map = Keymap::default();
    for action in Action::ALL {
        assert!(map.of_deed(Deed::Action(*action)).is_some(), "{action} is not in desk/action.rs TABLE");
    }
    for row in action::TABLE {
        let on: Vec<_> = Screen::ALL.iter().filter(|screen| row.belongs_to(**screen)).collect();
        assert!(!on.is_empty(), "{} is on no screen", row.action);
        for screen in on {
            for key in row.keys {
                let chord = key.parse().unwrap_or_else(|_| panic!("`{key}` of {} is no key", row.action));
                assert_eq!(map.action(chord, *screen, true), Some(row.action), "{key} on {screen}");
            }
            for key in row.bare {
                let chord: Chord = key.parse().unwrap();
                assert_eq!(map.action(chord, *screen, false), Some(row.action), "{key} on {screen}");
                assert_eq!(map.action(chord, *screen, true), None, "{key} of {} types a text", row.action);
            }
        }
    }
}

#[test]
fn the_footer_has_room_for_the_first_three_and_the_help() {
    let map = Keymap::default();
    for (language, screen) in Language::ALL.iter().flat_map(|of| Screen::ALL.iter().map(move |at| (*of, *at)))
    {
        for typing in [true, false] {
            // Brackets round what cannot be done now take the most room.
            let hint = |row: &action::Row| {
                let key = map.shown(row.action, typing || row.action == Action::Help)?;
                let verbs = ["dispatch", "redispatch", "rework"].map(|verb| name_in(language, "verb", verb));
                let name = match row.action {
                    Action::Dispatch => {
                        verbs.into_iter().max_by_key(|verb| huiyin::desk::text::width(verb))?
                    }
                    action => name_in(language, "action", action.code()),
                };
                let priority = if row.action == Action::Help { 0 } else { row.footer };
                Some(KeyHint {
                    key: key.to_owned().into(),
                    name: name.into(),
                    enabled: false,
                    priority,
                    deed: None,
                })
            };
            let hints: Vec<_> = action::footer(screen).into_iter().filter_map(hint).collect();
            let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 1));
            bars::footer(&mut buffer, Rect::new(0, 0, 80, 1), &hints, &FooterStyle::default(), |_, _| {});
            let drawn = screen::text(&buffer.cells());
            for hint in hints.iter().take(3) {
                let shown = format!("({} {})", hint.key, hint.name);
                assert!(drawn.contains(&shown), "no {shown} on {screen} in {language:?}: {drawn}");
            }
            assert!(drawn.contains("(F1 "), "no F1 on {screen} in {language:?}: {drawn}");
        }
    }
}

/// Where keys have names: what terminals send, the tables, and the way from one to the other. Everywhere else a key is
/// asked what it means, so that `keys.toml` reaches it.
const KEYS_BY_NAME: &[&str] = &["keys.rs", "keymap/", "input/", "linear/", "run.rs", "msg.rs", "update.rs"];

#[test]
fn no_key_is_compared_by_its_name_outside_the_tables() {
    let desk = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/desk");
    let mut left = vec![desk.clone()];
    let mut seen = 0;
    let mut wrong = Vec::new();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let name = path.strip_prefix(&desk).unwrap().display().to_string();
        if KEYS_BY_NAME.iter().any(|known| name == *known || known.ends_with('/') && name.starts_with(known))
        {
            continue;
        }
        seen += 1;
        let text = fs::read_to_string(&path).unwrap();
        let code = text.find("#[cfg(test)]\nmod ").map_or(&*text, |at| &text[..at]);
        wrong.extend(names_a_key(code).map(|found| format!("src/desk/{name}: {found}")));
    }
    assert!(seen > 50, "the walk found only {seen} files");
    assert!(
        wrong.is_empty(),
        "ask a Press what it means, and give it a row in keymap/control.rs: {wrong:#?}"
    );
    // The one place among them that decides: it hands each key on as a Press.
    let update = fs::read_to_string(desk.join("update.rs")).unwrap();
    assert!(
        names_a_key(&update.replace("Chord", "")).next().is_none(),
        "update.rs compares a key by its name"
    );
}

/// The names that only the tables may use, as far as a source uses them.
fn names_a_key(code: &str) -> impl Iterator<Item = &'static str> {
    const NAMES: &[&str] = &[
        "Chord",
        "KeyCode",
        "KeyEvent",
        "\"Enter\"",
        "\"Esc\"",
        "\"Tab\"",
        "\"Shift-Tab\"",
        "\"Space\"",
        "\"Up\"",
        "\"Down\"",
        "\"Left\"",
        "\"Right\"",
        "\"Home\"",
        "\"End\"",
        "\"PageUp\"",
        "\"PageDown\"",
    ];
    let code = code.to_owned();
    NAMES.iter().copied().filter(move |name| code.contains(name))
}

#[test]
fn the_guard_of_names_finds_what_it_looks_for() {
    assert_eq!(
        names_a_key("match chord.to_string().as_str() { \"Enter\" => {} }").collect::<Vec<_>>(),
        ["\"Enter\""]
    );
    assert_eq!(names_a_key("if press.is(Control::Take) {}").count(), 0);
}

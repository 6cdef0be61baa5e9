//! Guards of the key table: every row has its words, its own keys, and a way to it; the footer has room.

use std::collections::HashMap;

use huiyin::desk::action::{self, Action};
use huiyin::desk::keymap::{Deed, Keymap};
use huiyin::desk::keys::Chord;
use huiyin::desk::model::Screen;
use huiyin::desk::widgets::bars::{self, FooterStyle, KeyHint};
use huiyin::desk::widgets::screen;
use huiyin::i18n::{Language, name_in};
use ratatui::buffer::Buffer;
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
        let heard = map.bindings().iter().filter(|binding| binding.is_heard_on(*screen) && !binding.fixed);
        for binding in heard {
            for chord in &binding.chords {
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
                Some(KeyHint { key: key.to_owned().into(), name: name.into(), enabled: false, priority })
            };
            let hints: Vec<_> = action::footer(screen).into_iter().filter_map(hint).collect();
            let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 1));
            bars::footer(&mut buffer, Rect::new(0, 0, 80, 1), &hints, &FooterStyle::default());
            let drawn = screen::text(&buffer);
            for hint in hints.iter().take(3) {
                let shown = format!("({} {})", hint.key, hint.name);
                assert!(drawn.contains(&shown), "no {shown} on {screen} in {language:?}: {drawn}");
            }
            assert!(drawn.contains("(F1 "), "no F1 on {screen} in {language:?}: {drawn}");
        }
    }
}

//! `keys.toml`: the keys that a person, or the administrator of a desk, wants otherwise.
//!
//! A table for each [`Context`], a line for each name, all its keys in one list: `submit = ["f9", "ctrl-s"]`. What the
//! file does not name keeps its default keys. All faults are told at once, each with its line.

use std::path::Path;

use toml::Spanned;
use toml::de::DeValue;

use super::{Binding, Context, Deed, KeyFault, Keymap, KeymapError, defaults};
use crate::desk::action::Action;
use crate::desk::keymap::Control;
use crate::desk::keys::Chord;
use crate::desk::own_file::{self, line_at};

/// What stays within reach of a key, for nothing else leads there: to the ways to all the rest, back, and out. Other
/// actions without a key are found in the palette.
const ALWAYS: &[Deed] = &[
    Deed::Action(Action::Help),
    Deed::Action(Action::Palette),
    Deed::Action(Action::Back),
    Deed::Action(Action::Quit),
    Deed::Control(Control::Send),
    Deed::Control(Control::Cancel),
    Deed::Control(Control::Accept),
    Deed::Control(Control::GoOn),
    Deed::Control(Control::NextField),
    Deed::Control(Control::Take),
];

type Faults = own_file::Faults<KeyFault>;

impl Keymap {
    /// The default keys under what the file says; a file that is not there says nothing.
    pub fn load(path: &Path) -> Result<Self, KeymapError> {
        own_file::load(path, Self::parse)
    }

    fn parse(bytes: &[u8]) -> Result<Self, Faults> {
        let document = own_file::document(bytes)?;
        let (mut bindings, mut faults) = (defaults(), Faults::new());
        for (table, content) in document.get_ref() {
            let name: &str = table.get_ref();
            let line = line_at(bytes, table.span().start);
            match (name.parse::<Context>(), content.get_ref()) {
                (Ok(context), DeValue::Table(rows)) => {
                    for (key, value) in rows {
                        let line = line_at(bytes, key.span().start);
                        let wanted = format!("{context}.{}", key.get_ref());
                        if let Err(fault) = lay_over(&mut bindings, context, key.get_ref(), value, line) {
                            faults.push((line, wanted, fault));
                        }
                    }
                }
                (Ok(_), _) | (Err(_), DeValue::Table(_)) => {
                    faults.push((line, name.to_owned(), KeyFault::UnknownTable));
                }
                // A line before the first table is a name that lacks its table.
                (Err(_), _) => {
                    let home = home_of(&bindings, name);
                    faults.push((line, name.to_owned(), KeyFault::UnknownName(home)));
                }
            }
        }
        faults.extend(conflicts(&bindings));
        own_file::unless_faulty(bindings, faults).map(Self::of)
    }
}

/// The table in which there is something of this name.
fn home_of(bindings: &[Binding], name: &str) -> Option<Context> {
    bindings.iter().find(|binding| binding.code() == name).map(|binding| binding.context)
}

fn lay_over(
    bindings: &mut [Binding],
    context: Context,
    name: &str,
    value: &Spanned<DeValue<'_>>,
    line: usize,
) -> Result<(), KeyFault> {
    let at = bindings.iter().position(|binding| binding.context == context && binding.code() == name);
    let at = at.ok_or_else(|| KeyFault::UnknownName(home_of(bindings, name)))?;
    let binding = &mut bindings[at];
    let DeValue::Array(list) = value.get_ref() else { return Err(KeyFault::NotAList) };
    let mut chords: Vec<Chord> = Vec::new();
    for key in list {
        let DeValue::String(key) = key.get_ref() else { return Err(KeyFault::NotAList) };
        let chord: Chord = key.parse().map_err(|_| KeyFault::UnknownKey(key.to_string()))?;
        fits(binding, chord)?;
        if chords.contains(&chord) {
            return Err(KeyFault::Twice(chord));
        }
        chords.push(chord);
    }
    if chords.is_empty() && ALWAYS.contains(&binding.deed) {
        return Err(KeyFault::NeedsKey);
    }
    let is_control = matches!(binding.deed, Deed::Control(_));
    let works = |chord: &Chord| {
        chord.works_while_typing() || binding.defaults.contains(chord) && (chord.is_plain() || is_control)
    };
    let rests = matches!(binding.deed, Deed::Control(control) if control.rests());
    if let Some(chord) = chords.first()
        && binding.scenes.type_text()
        && !rests
        && !chords.iter().any(works)
    {
        return Err(KeyFault::NeedsCommand(*chord));
    }
    (binding.chords, binding.line) = (chords, Some(line));
    Ok(())
}

/// Whether this one key may stand for this.
fn fits(binding: &Binding, chord: Chord) -> Result<(), KeyFault> {
    if binding.defaults.contains(&chord) {
        return Ok(());
    }
    if chord.is_plain() {
        return Err(KeyFault::Reserved(chord));
    }
    if !chord.is_sent() {
        return Err(KeyFault::NotSent(chord));
    }
    let types = chord.text().is_some();
    let rests = match binding.deed {
        Deed::Action(_) => binding.scenes.rest(),
        Deed::Control(control) => control.rests(),
        Deed::Edit(_) => false,
    };
    if types && !rests {
        return Err(KeyFault::Types(chord));
    }
    // A full-width character is read as its twin, so it can never come; a blank marks and turns.
    if types && (chord.as_command() != chord || chord.text() == Some(' ')) {
        return Err(KeyFault::Reserved(chord));
    }
    Ok(())
}

/// Two that are heard in one place with the same key; told at the line that the file has for one of them.
fn conflicts(bindings: &[Binding]) -> Faults {
    let mut faults = Faults::new();
    for (index, first) in bindings.iter().enumerate() {
        for second in &bindings[index + 1..] {
            let untold = first.line.is_none() && second.line.is_none();
            if untold || !first.scenes.meet(second.scenes) {
                continue;
            }
            // Enter, Tab, the arrows and the blank mean one thing in a form and another in a list or a text; that is
            // decided where they are read.
            let known = |chord: &Chord| {
                let shared = chord.is_plain() || chord.text() == Some(' ');
                shared && first.defaults.contains(chord) && second.defaults.contains(chord)
            };
            for chord in first.chords.iter().filter(|chord| second.chords.contains(chord) && !known(chord)) {
                let (told, other) = if second.line >= first.line { (second, first) } else { (first, second) };
                let name = |binding: &Binding| format!("{}.{}", binding.context, binding.code());
                let fault = KeyFault::Taken(*chord, name(other), other.line);
                faults.push((told.line.unwrap_or(1), name(told), fault));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::model::Screen;
    use crate::desk::own_file::Malformed;
    use crate::desk::widgets::edit::Edit;

    fn key(text: &str) -> Chord {
        text.parse().unwrap()
    }

    fn wrong(text: &str) -> Vec<(usize, String, KeyFault)> {
        Keymap::parse(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_file_changes_what_it_names_and_nothing_else() {
        let file = "# F9 alone\n[desk]\nsubmit = [\"f9\"]\nnote = [\"f11\", \"m\"]\nnext_draft = []\n\n[dialog]\nsend = [\"f9\"]\n";
        let map = Keymap::parse(file.as_bytes()).unwrap();
        assert_eq!(map.action(key("f9"), Screen::Intake, true), Some(Action::Submit));
        assert_eq!(map.action(key("ctrl-s"), Screen::Intake, true), None);
        assert_eq!(map.action(key("m"), Screen::Case, false), Some(Action::Note));
        assert_eq!(map.action(key("n"), Screen::Case, false), None);
        assert_eq!(map.action(key("ctrl-t"), Screen::Intake, true), None);
        assert_eq!(map.action(key("f1"), Screen::Intake, true), Some(Action::Help));
        assert_eq!(map.shown(Action::Note, true), Some("F11"));
        assert_eq!(map.shown(Action::Note, false), Some("m"));
        assert_eq!(map.shown(Action::NextDraft, true), None);
        assert_eq!(map.shown_for(Control::Send), "F9");
        // What dialogs know by its default key comes by the new one only.
        assert!(map.press(key("f9")).is(Control::Send));
        assert!(!map.press(key("ctrl-s")).is(Control::Send));
        let map = Keymap::parse(b"[desk]\nopen = [\"enter\", \"f11\"]\n").unwrap();
        assert_eq!(map.action(key("f11"), Screen::Work, false), Some(Action::Open));
        let map = Keymap::parse(b"[dialog]\nyes = [\"j\"]\n").unwrap();
        let yes = |text| map.press(key(text)).is(Control::Yes);
        assert_eq!([yes("j"), yes("ｊ"), yes("y")], [true, true, false]);
    }

    #[test]
    fn what_everybody_expects_of_a_key_may_be_otherwise_too() {
        let file = "[form]\ntake = [\"f11\"]\nlist_all = [\"space\", \"alt-s\"]\n[text]\nleft = [\"left\", \"ctrl-b\"]\nnext_slot = [\"alt-n\"]\n[dialog]\nnext_borders = [\"j\"]\n";
        let map = Keymap::parse(file.as_bytes()).unwrap();
        let means = |text, control| map.press(key(text)).is(control);
        assert_eq!([means("f11", Control::Take), means("enter", Control::Take)], [true, false]);
        // Its other meanings are untouched.
        assert!(means("enter", Control::GoOn) && means("tab", Control::NextField));
        assert!(means("alt-s", Control::ListAll) && means("space", Control::ListAll));
        assert_eq!([means("j", Control::NextBorders), means("right", Control::NextBorders)], [true, false]);
        assert!(means("right", Control::NextChoice) && !means("tab", Control::NextSlot));
        assert_eq!(map.press(key("ctrl-b")).edit(), Some(Edit::Left));
        assert_eq!(map.press(key("j")).edit(), Some(Edit::Insert('j')));
    }

    #[test]
    fn keys_may_be_exchanged() {
        let file = "[desk]\ngo_search = [\"f4\", \"/\"]\ngo_work = [\"f3\"]\n";
        let map = Keymap::parse(file.as_bytes()).unwrap();
        assert_eq!(map.action(key("f4"), Screen::Intake, true), Some(Action::GoSearch));
        assert_eq!(map.action(key("f3"), Screen::Intake, true), Some(Action::GoWork));
    }

    #[test]
    fn every_fault_has_its_line_and_its_reason() {
        use KeyFault as F;
        for (file, line, name, fault) in [
            ("[keys]\nsubmit = []", 1, "keys", F::UnknownTable),
            ("desk = 3", 1, "desk", F::UnknownTable),
            ("\nsubmit = [\"f9\"]", 2, "submit", F::UnknownName(Some(Context::Desk))),
            ("[dialog]\nsubmit = [\"f9\"]", 2, "dialog.submit", F::UnknownName(Some(Context::Desk))),
            ("[desk]\nfly = [\"f9\"]", 2, "desk.fly", F::UnknownName(None)),
            ("[desk]\nsubmit = \"f9\"", 2, "desk.submit", F::NotAList),
            ("[desk]\nsubmit = [9]", 2, "desk.submit", F::NotAList),
            ("[desk]\nsubmit = [\"hyper-x\"]", 2, "desk.submit", F::UnknownKey("hyper-x".into())),
            ("[desk]\nsubmit = [\"ctrl-i\"]", 2, "desk.submit", F::NotSent(key("ctrl-i"))),
            ("[desk]\nsubmit = [\"enter\"]", 2, "desk.submit", F::Reserved(key("enter"))),
            ("[desk]\nsubmit = [\"up\"]", 2, "desk.submit", F::Reserved(key("up"))),
            ("[desk]\nsubmit = [\"esc\"]", 2, "desk.submit", F::Reserved(key("esc"))),
            ("[desk]\nsubmit = [\"s\"]", 2, "desk.submit", F::Types(key("s"))),
            ("[desk]\nsubmit = [\"f9\", \"s\"]", 2, "desk.submit", F::Types(key("s"))),
            ("[desk]\ngo_search = [\"/\"]", 2, "desk.go_search", F::NeedsCommand(key("/"))),
            ("[desk]\nnote = [\"f7\", \"ｎ\"]", 2, "desk.note", F::Reserved(key("ｎ"))),
            ("[desk]\nnote = [\"f7\", \"f7\"]", 2, "desk.note", F::Twice(key("f7"))),
            ("[desk]\nhelp = []", 2, "desk.help", F::NeedsKey),
            ("[dialog]\ncancel = []", 2, "dialog.cancel", F::NeedsKey),
            ("[dialog]\nsend = [\"s\"]", 2, "dialog.send", F::Types(key("s"))),
            ("[form]\nnext_field = [\"a\"]", 2, "form.next_field", F::Types(key("a"))),
            ("[form]\nnext_field = [\"right\"]", 2, "form.next_field", F::Reserved(key("right"))),
            ("[form]\ntake = []", 2, "form.take", F::NeedsKey),
            ("[text]\nleft = [\"b\"]", 2, "text.left", F::Types(key("b"))),
            (
                "[list]\nfirst_tab = [\"q\"]",
                2,
                "list.first_tab",
                F::Taken(key("q"), "desk.quit".into(), None),
            ),
            ("[desk]\nnote = [\"f6\"]", 2, "desk.note", F::Taken(key("f6"), "desk.dispatch".into(), None)),
            ("[desk]\nnote = [\"f2\"]", 2, "desk.note", F::Taken(key("f2"), "desk.go_intake".into(), None)),
            ("[dialog]\nsend = [\"f1\"]", 2, "dialog.send", F::Taken(key("f1"), "desk.help".into(), None)),
            ("[dialog]\nyes = [\"n\"]", 2, "dialog.yes", F::Taken(key("n"), "dialog.no".into(), None)),
        ] {
            assert_eq!(wrong(file), [(line, name.to_owned(), fault)], "{file}");
        }
        let both = wrong("[desk]\nnote = [\"f11\"]\n\nclose = [\"f11\"]\nremind = [\"what\"]\n");
        assert_eq!(
            both,
            [
                (4, "desk.close".to_owned(), F::Taken(key("f11"), "desk.note".into(), Some(2))),
                (5, "desk.remind".to_owned(), F::UnknownKey("what".into())),
            ]
        );
        assert!(matches!(&wrong("[desk]\nsubmit = [\n")[..], [(_, _, F::Malformed(Malformed::Syntax(_)))]));
        assert_eq!(Keymap::parse(b"[desk]\n\xff").unwrap_err()[0].0, 2);
        assert_eq!(Keymap::parse(b"\xef\xbb\xbf[desk]").unwrap_err()[0].2, F::Malformed(Malformed::Encoding));
    }

    #[test]
    fn the_defaults_keep_the_rules_of_the_file() {
        let all = defaults();
        for (index, binding) in all.iter().enumerate() {
            let mut once = all.clone();
            once[index].line = Some(1);
            assert_eq!(conflicts(&once), [], "{}", binding.code());
            let works = binding.chords.iter().any(|chord| chord.works_while_typing() || chord.is_plain());
            let needed = matches!(binding.deed, Deed::Action(_)) && binding.scenes.type_text();
            assert!(
                !needed || binding.chords.is_empty() || works,
                "{} cannot be done while typing",
                binding.code()
            );
        }
    }
}

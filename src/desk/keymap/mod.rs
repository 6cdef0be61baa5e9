//! Which key does what: the defaults of the tables, under what `keys.toml` says.
//!
//! The actions of the desk stand in [`super::action::TABLE`], what dialogs, forms and lists know in [`CONTROLS`], what
//! inputs know in [`EDITS`]. Whatever handles keys asks a [`Press`] what it means; key names are compared nowhere else.

mod control;
mod fault;
mod file;
mod press;
mod reference;

pub use control::{CONTROLS, Context, Control, ControlRow};
pub use fault::{KeyFault, KeymapError};
pub use press::Press;
pub use reference::Line;

use std::collections::HashMap;

use super::action::{Action, Row, TABLE};
use super::keys::Chord;
use super::model::Screen;
use super::widgets::edit::{EDITS, edit_named};
use control::Scenes;
use press::{Heard, bit};

/// What a key stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// An action of the desk.
    Action(Action),
    /// What a dialog, a form or a list does.
    Control(Control),
    /// What an input does: a row of [`EDITS`], by its name.
    Edit(&'static str),
}

/// One row of the tables with the keys that it has now.
#[derive(Debug, Clone)]
pub struct Binding {
    /// What the keys stand for.
    pub deed: Deed,
    /// Where: the table of `keys.toml` it is in.
    pub context: Context,
    /// The keys it has unless a file says otherwise.
    pub defaults: Vec<Chord>,
    /// The keys it has.
    pub chords: Vec<Chord>,
    /// Where it is heard.
    scenes: Scenes,
    /// The line of the file that says so.
    line: Option<usize>,
    /// The key to show where text is typed, and where not.
    shown: [Option<String>; 2],
}

/// All keys.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: Vec<Binding>,
    /// Keys of actions that work everywhere on a screen, and those that work where nothing is typed.
    commands: HashMap<(Screen, Chord), Action>,
    bare: HashMap<(Screen, Chord), Action>,
    /// What keys mean to dialogs, forms, lists and inputs.
    heard: HashMap<Chord, Heard>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::of(defaults())
    }
}

impl Keymap {
    fn of(bindings: Vec<Binding>) -> Self {
        let mut map =
            Self { bindings, commands: HashMap::new(), bare: HashMap::new(), heard: HashMap::new() };
        for binding in &mut map.bindings {
            let typing = binding.chords.iter().find(|chord| chord.works_while_typing());
            let first = typing.or(binding.chords.first());
            let bare = binding.chords.iter().find(|chord| chord.text().is_some()).or(first);
            binding.shown = [first.map(ToString::to_string), bare.map(ToString::to_string)];
        }
        for binding in &map.bindings {
            match binding.deed {
                Deed::Action(action) => {
                    for chord in &binding.chords {
                        let keys = if chord.works_while_typing() { &mut map.commands } else { &mut map.bare };
                        for screen in binding.scenes.screens() {
                            keys.insert((screen, *chord), action);
                        }
                    }
                }
                deed => {
                    for chord in &binding.chords {
                        let heard = map.heard.entry(*chord).or_default();
                        match deed {
                            Deed::Control(control) => heard.controls |= bit(control),
                            Deed::Edit(code) => heard.edit = edit_named(code),
                            Deed::Action(_) => {}
                        }
                    }
                }
            }
        }
        map
    }

    /// The action that `chord` stands for on `screen`; single keys only where nothing is typed.
    pub fn action(&self, chord: Chord, screen: Screen, typing: bool) -> Option<Action> {
        self.commands.get(&(screen, chord)).copied().or_else(|| {
            let bare = |chord| self.bare.get(&(screen, chord)).copied();
            // Caps Lock is how many people leave their input method for a moment.
            if typing { None } else { bare(chord).or_else(|| bare(chord.without_caps())) }
        })
    }

    /// Every row with its keys, in the order of the tables.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// The row of a deed.
    pub fn of_deed(&self, deed: Deed) -> Option<&Binding> {
        self.bindings.iter().find(|binding| binding.deed == deed)
    }

    /// The key to show for an action; a single key where nothing is typed, if there is one.
    pub fn shown(&self, action: Action, typing: bool) -> Option<&str> {
        self.of_deed(Deed::Action(action))?.shown[usize::from(!typing)].as_deref()
    }

    /// The key to show for what a dialog, a form or a list does.
    pub fn shown_for(&self, control: Control) -> &str {
        self.key_of(Deed::Control(control))
    }

    /// The same within a sentence: Enter is the one key that people do not call by what stands on it.
    pub fn said_for(&self, control: Control) -> String {
        match self.shown_for(control) {
            "Enter" => rust_i18n::t!("pick.enter").into_owned(),
            key => format!("{key} "),
        }
    }

    /// The key to show for a deed; empty if it has none.
    pub fn key_of(&self, deed: Deed) -> &str {
        self.of_deed(deed).and_then(Binding::key).unwrap_or_default()
    }
}

impl Binding {
    /// Its name in `keys.toml`.
    pub fn code(&self) -> &'static str {
        match self.deed {
            Deed::Action(action) => action.code(),
            Deed::Control(control) => control.code(),
            Deed::Edit(code) => code,
        }
    }

    /// Whether everybody knows it without being told: the arrows, Home, Backspace as they always are.
    pub fn is_known(&self) -> bool {
        let plain = self.defaults.first().is_some_and(|chord| chord.is_plain());
        matches!(self.deed, Deed::Edit(_)) && plain && self.chords == self.defaults
    }

    /// Whether it is heard on a screen with nothing over it.
    pub fn is_heard_on(&self, screen: Screen) -> bool {
        self.scenes.screens().any(|heard| heard == screen)
    }

    /// Its keys as people call them, apart from each other by blanks.
    pub fn keys(&self) -> String {
        self.chords.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    /// The first key that works where text is typed, or else the first.
    pub fn key(&self) -> Option<&str> {
        self.shown[0].as_deref()
    }
}

/// The row of an action in the table of the desk.
pub fn row_of(action: Action) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.action == action)
}

/// The tables, every row with its default keys.
fn defaults() -> Vec<Binding> {
    let parsed = |keys: &[&str]| keys.iter().filter_map(|key| key.parse().ok()).collect::<Vec<Chord>>();
    let actions = TABLE.iter().map(|row| {
        let chords = [parsed(row.keys), parsed(row.bare)].concat();
        (Deed::Action(row.action), Context::Desk, chords, Scenes::of_action(row))
    });
    let controls = CONTROLS
        .iter()
        .map(|row| (Deed::Control(row.control), row.context, parsed(row.keys), Scenes::of_control(row)));
    let edits = EDITS.iter().map(|row| {
        (Deed::Edit(row.code), Context::Text, parsed(row.keys), Scenes::of_context(Context::Text))
    });
    actions
        .chain(controls)
        .chain(edits)
        .map(|(deed, context, chords, scenes)| Binding {
            deed,
            context,
            defaults: chords.clone(),
            chords,
            scenes,
            line: None,
            shown: [None, None],
        })
        .collect()
}

//! A key as whatever has the keys hears it: by what it means, never by its name. The one way from a key to a dialog, a
//! form, a list or an input, so that `keys.toml` reaches all of them.

use std::sync::LazyLock;

use super::{CONTROLS, Context, Control, Deed, Keymap};
use crate::desk::action::Action;
use crate::desk::keys::Chord;
use crate::desk::model::Screen;
use crate::desk::widgets::edit::{Edit, edit_named};

/// What one key means beside the actions: as bits of [`Control`], and to an input.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Heard {
    pub(super) controls: u32,
    pub(super) edit: Option<&'static Edit>,
}

/// A key that was pressed, with all that it may mean; whoever has the keys takes what it understands.
#[derive(Debug, Clone, Copy)]
pub struct Press {
    chord: Option<Chord>,
    heard: Heard,
}

/// The keys unless a file says otherwise.
static DEFAULT: LazyLock<Keymap> = LazyLock::new(Keymap::default);

impl Press {
    /// A default key, whatever a person's own keys are.
    pub fn of_default(chord: Chord) -> Self {
        DEFAULT.press(chord)
    }

    /// What a key for this would be, whether there is one or not.
    pub fn of(deed: Deed) -> Self {
        let heard = match deed {
            Deed::Control(control) => Heard { controls: bit(control), edit: None },
            Deed::Edit(code) => Heard { controls: 0, edit: edit_named(code) },
            Deed::Action(_) => Heard::default(),
        };
        Self { chord: None, heard }
    }

    /// The same, which means this too.
    #[must_use]
    pub fn or(mut self, control: Control) -> Self {
        self.heard.controls |= bit(control);
        self
    }

    /// Whether it means this.
    pub fn is(&self, control: Control) -> bool {
        self.heard.controls & bit(control) != 0
    }

    /// What it means in a context; of several the first of the table.
    pub fn control(&self, context: Context) -> Option<Control> {
        let rows = CONTROLS.iter().filter(|row| row.context == context);
        rows.map(|row| row.control).find(|control| self.is(*control))
    }

    /// What it does to a text or a list: what a key types is typed, whatever else it means.
    pub fn edit(&self) -> Option<Edit> {
        let typed = self.chord.and_then(Chord::text);
        typed.map(Edit::Insert).or_else(|| self.heard.edit.cloned())
    }
}

impl Keymap {
    /// What a key that is no action means here.
    pub fn press(&self, chord: Chord) -> Press {
        let of = |chord: Chord| self.heard.get(&chord).copied().unwrap_or_default();
        // What an input method makes of a key means what the key means, where it is not typed.
        let heard = Heard { controls: of(chord.as_command()).controls, edit: of(chord).edit };
        Press { chord: Some(chord), heard }
    }

    /// The action that the key is, for what hears a few of them; see [`Keymap::action`].
    pub fn command(&self, press: &Press, screen: Screen, typing: bool) -> Option<Action> {
        self.action(press.chord?, screen, typing)
    }
}

pub(super) const fn bit(control: Control) -> u32 {
    1 << control as u32
}

//! What a key does to a text or a list, and what came of it: the one vocabulary of all inputs.

use crossterm::event::KeyCode;

use crate::desk::keys::Chord;

/// One act of editing or moving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Types a character.
    Insert(char),
    /// Types several at once; as many as fit.
    InsertText(String),
    /// Starts a new line; one-line inputs leave it alone.
    NewLine,
    /// One character back.
    Left,
    /// One character on.
    Right,
    /// To the start of the word, two Han characters or punctuation before the caret.
    WordLeft,
    /// Past the word, two Han characters or punctuation after the caret.
    WordRight,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// To the start of the row, or to the first of a list.
    Home,
    /// To the end of the row, or to the last of a list.
    End,
    /// One screenful up.
    PageUp,
    /// One screenful down.
    PageDown,
    /// To the very start.
    Top,
    /// To the very end.
    Bottom,
    /// Removes the character before the caret.
    Backspace,
    /// Removes the character after the caret.
    Delete,
    /// Removes what [`Edit::WordLeft`] would pass.
    DeleteWordLeft,
    /// Removes what [`Edit::WordRight`] would pass.
    DeleteWordRight,
    /// Removes from the start of the line to the caret.
    DeleteToStart,
    /// Removes from the caret to the end of the line.
    DeleteToEnd,
    /// Takes the last step back.
    Undo,
    /// Takes the last undone step again.
    Redo,
    /// Moves the caret and selects what it passes.
    Select(Motion),
    /// Selects the whole text.
    SelectAll,
    /// Copies what is selected. An input has no clipboard: the desk does it, and the input nothing.
    Copy,
    /// Copies what is selected and removes it; the input removes it.
    Cut,
    /// Inserts what was copied last; the desk does it as with a paste of the terminal.
    Paste,
}

/// A way for the caret to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "told once, in `Edit`")]
pub enum Motion {
    Left,
    Right,
    WordLeft,
    WordRight,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    Top,
    Bottom,
}

impl Edit {
    /// How this moves the caret, and whether it selects what it passes; nothing for what changes the text.
    pub(super) fn motion(&self) -> Option<(Motion, bool)> {
        Some(match self {
            Self::Select(motion) => (*motion, true),
            Self::Left => (Motion::Left, false),
            Self::Right => (Motion::Right, false),
            Self::WordLeft => (Motion::WordLeft, false),
            Self::WordRight => (Motion::WordRight, false),
            Self::Up => (Motion::Up, false),
            Self::Down => (Motion::Down, false),
            Self::Home => (Motion::Home, false),
            Self::End => (Motion::End, false),
            Self::PageUp => (Motion::PageUp, false),
            Self::PageDown => (Motion::PageDown, false),
            Self::Top => (Motion::Top, false),
            Self::Bottom => (Motion::Bottom, false),
            _ => return None,
        })
    }
}

/// What came of an [`Edit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// The text is another one.
    Edited,
    /// The caret or the selection moved.
    Moved,
    /// There was nothing to do, such as `Up` in the first row: a screen may use the key for something else.
    Idle,
    /// This many characters found no room; those before them, if any, are in.
    Refused(usize),
}

impl Outcome {
    /// Whether the text may have changed.
    pub fn edited(self) -> bool {
        matches!(self, Self::Edited | Self::Refused(2..))
    }
}

/// The edit that a key means in an input, once the key table has not claimed it. `Esc`, `Tab` and the function keys
/// mean none.
pub fn edit_of(chord: &Chord) -> Option<Edit> {
    if let Some(c) = chord.text() {
        return Some(Edit::Insert(c));
    }
    let word = chord.ctrl() || chord.alt();
    if chord.shift() {
        return selecting(chord.code(), word);
    }
    Some(match (chord.code(), word) {
        (KeyCode::Enter, false) => Edit::NewLine,
        (KeyCode::Left, false) => Edit::Left,
        (KeyCode::Left, true) => Edit::WordLeft,
        (KeyCode::Right, false) => Edit::Right,
        (KeyCode::Right, true) => Edit::WordRight,
        (KeyCode::Up, false) => Edit::Up,
        (KeyCode::Down, false) => Edit::Down,
        (KeyCode::Home, false) => Edit::Home,
        (KeyCode::Home, true) => Edit::Top,
        (KeyCode::End, false) => Edit::End,
        (KeyCode::End, true) => Edit::Bottom,
        (KeyCode::PageUp, false) => Edit::PageUp,
        (KeyCode::PageDown, false) => Edit::PageDown,
        (KeyCode::Backspace, false) => Edit::Backspace,
        (KeyCode::Backspace, true) => Edit::DeleteWordLeft,
        (KeyCode::Delete, false) => Edit::Delete,
        (KeyCode::Delete, true) => Edit::DeleteWordRight,
        (KeyCode::Insert, true) => Edit::Copy,
        (KeyCode::Char(c), _) if chord.ctrl() && !chord.alt() => match c {
            // The Backspace key of terminals that send 0x08.
            'h' => Edit::Backspace,
            'w' => Edit::DeleteWordLeft,
            'u' => Edit::DeleteToStart,
            'k' => Edit::DeleteToEnd,
            'z' => Edit::Undo,
            'y' => Edit::Redo,
            'a' => Edit::SelectAll,
            'c' => Edit::Copy,
            'x' => Edit::Cut,
            'v' => Edit::Paste,
            _ => return None,
        },
        _ => return None,
    })
}

/// With Shift held, what moves the caret selects; beside it the old keys of cut and paste.
fn selecting(code: KeyCode, word: bool) -> Option<Edit> {
    Some(Edit::Select(match (code, word) {
        (KeyCode::Left, false) => Motion::Left,
        (KeyCode::Left, true) => Motion::WordLeft,
        (KeyCode::Right, false) => Motion::Right,
        (KeyCode::Right, true) => Motion::WordRight,
        (KeyCode::Up, false) => Motion::Up,
        (KeyCode::Down, false) => Motion::Down,
        (KeyCode::Home, false) => Motion::Home,
        (KeyCode::Home, true) => Motion::Top,
        (KeyCode::End, false) => Motion::End,
        (KeyCode::End, true) => Motion::Bottom,
        (KeyCode::PageUp, false) => Motion::PageUp,
        (KeyCode::PageDown, false) => Motion::PageDown,
        (KeyCode::Backspace, false) => return Some(Edit::Backspace),
        (KeyCode::Enter, false) => return Some(Edit::NewLine),
        (KeyCode::Delete, false) => return Some(Edit::Cut),
        (KeyCode::Insert, false) => return Some(Edit::Paste),
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(key: &str) -> Option<Edit> {
        edit_of(&key.parse().unwrap())
    }

    #[test]
    fn keys_that_are_no_commands_edit() {
        assert_eq!(of("中"), Some(Edit::Insert('中')));
        assert_eq!(of("space"), Some(Edit::Insert(' ')));
        assert_eq!(of("ctrl-left"), Some(Edit::WordLeft));
        assert_eq!(of("ctrl-h"), Some(Edit::Backspace));
        assert_eq!(of("shift-ctrl-left"), Some(Edit::Select(Motion::WordLeft)));
        assert_eq!(of("ctrl-a"), Some(Edit::SelectAll));
        assert_eq!([of("ctrl-c"), of("ctrl-insert")], [const { Some(Edit::Copy) }; 2]);
        assert_eq!([of("ctrl-x"), of("shift-delete")], [const { Some(Edit::Cut) }; 2]);
        assert_eq!([of("ctrl-v"), of("shift-insert")], [const { Some(Edit::Paste) }; 2]);
        assert_eq!(["esc", "tab", "f2", "alt-1", "ctrl-p", "alt-enter"].map(of), [const { None }; 6]);
    }
}

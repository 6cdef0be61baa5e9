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
    /// To the start of the word, Han run or punctuation before the caret.
    WordLeft,
    /// Past the word, Han run or punctuation after the caret.
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
        (KeyCode::Char(c), _) if chord.ctrl() && !chord.alt() => match c {
            // The Backspace key of terminals that send 0x08.
            'h' => Edit::Backspace,
            'w' => Edit::DeleteWordLeft,
            'u' => Edit::DeleteToStart,
            'k' => Edit::DeleteToEnd,
            'z' => Edit::Undo,
            'y' => Edit::Redo,
            _ => return None,
        },
        _ => return None,
    })
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
        assert_eq!(["esc", "tab", "f2", "alt-1", "ctrl-p", "alt-enter"].map(of), [const { None }; 6]);
    }
}

//! What a key does to a text or a list, and what came of it: the one vocabulary of all inputs.

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

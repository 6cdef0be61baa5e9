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

/// One row of the keys of inputs.
#[derive(Debug)]
pub struct EditRow {
    /// Its name in `keys.toml`; `text_key.CODE` in the locales.
    pub code: &'static str,
    /// Its default keys.
    pub keys: &'static [&'static str],
    edit: Edit,
}

const fn row(code: &'static str, keys: &'static [&'static str], edit: Edit) -> EditRow {
    EditRow { code, keys, edit }
}

/// The table. `ctrl-h` is the Backspace key of terminals that send 0x08.
pub const EDITS: &[EditRow] = &[
    row("new_line", &["enter", "shift-enter"], Edit::NewLine),
    row("left", &["left"], Edit::Left),
    row("right", &["right"], Edit::Right),
    row("up", &["up"], Edit::Up),
    row("down", &["down"], Edit::Down),
    row("home", &["home"], Edit::Home),
    row("end", &["end"], Edit::End),
    row("page_up", &["pageup"], Edit::PageUp),
    row("page_down", &["pagedown"], Edit::PageDown),
    row("word_left", &["ctrl-left", "alt-left"], Edit::WordLeft),
    row("word_right", &["ctrl-right", "alt-right"], Edit::WordRight),
    row("top", &["ctrl-home", "alt-home"], Edit::Top),
    row("bottom", &["ctrl-end", "alt-end"], Edit::Bottom),
    row("backspace", &["backspace", "shift-backspace", "ctrl-h"], Edit::Backspace),
    row("delete", &["delete"], Edit::Delete),
    row("delete_word_left", &["ctrl-w", "alt-backspace", "ctrl-backspace"], Edit::DeleteWordLeft),
    row("delete_word_right", &["ctrl-delete"], Edit::DeleteWordRight),
    row("delete_to_start", &["ctrl-u"], Edit::DeleteToStart),
    row("delete_to_end", &["ctrl-k"], Edit::DeleteToEnd),
    row("undo", &["ctrl-z"], Edit::Undo),
    row("redo", &["ctrl-y"], Edit::Redo),
    row("select_all", &["ctrl-a"], Edit::SelectAll),
    row("copy", &["ctrl-c", "ctrl-insert", "alt-insert"], Edit::Copy),
    row("cut", &["ctrl-x", "shift-delete"], Edit::Cut),
    row("paste", &["ctrl-v", "shift-insert"], Edit::Paste),
    row("select_left", &["shift-left"], Edit::Select(Motion::Left)),
    row("select_right", &["shift-right"], Edit::Select(Motion::Right)),
    row("select_up", &["shift-up"], Edit::Select(Motion::Up)),
    row("select_down", &["shift-down"], Edit::Select(Motion::Down)),
    row("select_home", &["shift-home"], Edit::Select(Motion::Home)),
    row("select_end", &["shift-end"], Edit::Select(Motion::End)),
    row("select_page_up", &["shift-pageup"], Edit::Select(Motion::PageUp)),
    row("select_page_down", &["shift-pagedown"], Edit::Select(Motion::PageDown)),
    row("select_word_left", &["ctrl-shift-left", "alt-shift-left"], Edit::Select(Motion::WordLeft)),
    row("select_word_right", &["ctrl-shift-right", "alt-shift-right"], Edit::Select(Motion::WordRight)),
    row("select_top", &["ctrl-shift-home", "alt-shift-home"], Edit::Select(Motion::Top)),
    row("select_bottom", &["ctrl-shift-end", "alt-shift-end"], Edit::Select(Motion::Bottom)),
];

/// What the row of this name does.
pub fn edit_named(code: &str) -> Option<&'static Edit> {
    EDITS.iter().find(|row| row.code == code).map(|row| &row.edit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::keymap::Press;

    fn of(key: &str) -> Option<Edit> {
        Press::of_default(key.parse().unwrap()).edit()
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

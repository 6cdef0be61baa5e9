//! Steps through a text by grapheme cluster and by word, each looking only at its surroundings.

use unicode_segmentation::GraphemeCursor;

/// The start of the cluster before `byte`; 0 at the start.
pub(super) fn previous(text: &str, byte: usize) -> usize {
    GraphemeCursor::new(byte, text.len(), true).prev_boundary(text, 0).ok().flatten().unwrap_or(0)
}

/// The end of the cluster that starts at `byte`; the length of `text` at its end.
pub(super) fn next(text: &str, byte: usize) -> usize {
    GraphemeCursor::new(byte, text.len(), true).next_boundary(text, 0).ok().flatten().unwrap_or(text.len())
}

/// The first boundary between clusters at or after `byte`, which may be any number.
pub(super) fn snap(text: &str, byte: usize) -> usize {
    let byte = text.ceil_char_boundary(byte.min(text.len()));
    match GraphemeCursor::new(byte, text.len(), true).is_boundary(text, 0) {
        Ok(false) => next(text, byte),
        _ => byte,
    }
}

/// The start of the word before `byte`, blanks between skipped; a line break counts as a word.
pub(super) fn word_left(text: &str, byte: usize) -> usize {
    let (mut at, mut run, mut han) = (byte, None, 0);
    while at > 0 {
        let before = previous(text, at);
        let class = Class::of(&text[before..at]);
        match run {
            None if class == Class::Break && at < byte => return at,
            None if class == Class::Break => return before,
            None if class == Class::Blank => {}
            None => run = Some(class),
            Some(run) if run != class || han == HAN_STEP => return at,
            Some(_) => {}
        }
        han += usize::from(class == Class::Han);
        at = before;
    }
    0
}

/// The end of the word after `byte` with the blanks that follow it; a line break counts as a word.
pub(super) fn word_right(text: &str, byte: usize) -> usize {
    let (mut at, mut run, mut han) = (byte, None, 0);
    while at < text.len() {
        let after = next(text, at);
        let class = Class::of(&text[at..after]);
        match run {
            None if class == Class::Break => return after,
            None => run = Some(class),
            Some(_) if class == Class::Blank => run = Some(Class::Blank),
            Some(run) if run != class || han == HAN_STEP => return at,
            Some(_) => {}
        }
        han += usize::from(class == Class::Han);
        at = after;
    }
    at
}

/// How many Han characters a step by word passes: most words have two.
///
/// There are no blanks to go by. One by one it would be the step by character (pop-os/cosmic-text#434), up to the next
/// punctuation it would take away half a sentence (microsoft/vscode#50045), and a dictionary's words are not seen
/// coming. Two can be counted without looking.
const HAN_STEP: usize = 2;

/// What runs together as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Break,
    Blank,
    Han,
    Letters,
    Other,
}

impl Class {
    fn of(cluster: &str) -> Self {
        match cluster.chars().next() {
            Some('\n') => Self::Break,
            Some(c) if c.is_whitespace() => Self::Blank,
            Some(c) if c >= '\u{2e80}' && c.is_alphanumeric() && !('\u{ff00}'..='\u{ffef}').contains(&c) => {
                Self::Han
            }
            Some(c) if c.is_alphanumeric() => Self::Letters,
            _ => Self::Other,
        }
    }
}

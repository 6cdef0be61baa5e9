//! A text with a caret, a limit and a way back: what the one-line and the many-line input have in common.
//!
//! The caret is a byte that always stands between grapheme clusters. Steps of undo hold only what changed.

use std::collections::VecDeque;
use std::fmt;

use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroize;

use super::clusters;
use super::edit::{Edit, Outcome};

/// Steps kept for undo.
const HISTORY: usize = 200;

#[derive(Clone)]
pub(super) struct Editor {
    text: String,
    caret: usize,
    chars: usize,
    limit: usize,
    kind: Kind,
    undo: VecDeque<Step>,
    redo: Vec<Step>,
    open: Option<Run>,
    changed_from: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Line,
    /// A line that is wiped from memory and keeps no history.
    Secret,
    Lines,
}

#[derive(Clone)]
struct Step {
    at: usize,
    removed: String,
    inserted: String,
    caret: usize,
}

/// Keys of one kind in a row are one step of undo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    Typing,
    Erasing,
}

impl Editor {
    pub(super) fn new(limit: usize, kind: Kind) -> Self {
        // A secret that outgrows its memory would leave a copy behind.
        let room = if kind == Kind::Secret { limit.saturating_mul(4).min(4096) } else { 0 };
        Self {
            text: String::with_capacity(room),
            caret: 0,
            chars: 0,
            limit,
            kind,
            undo: VecDeque::new(),
            redo: Vec::new(),
            open: None,
            changed_from: None,
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn caret(&self) -> usize {
        self.caret
    }

    pub(super) fn chars(&self) -> usize {
        self.chars
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn set(&mut self, text: &str) {
        self.wipe();
        self.text.extend(clean(text, self.kind));
        self.chars = self.text.chars().count();
        self.caret = self.text.len();
        self.undo.clear();
        self.redo.clear();
        self.open = None;
        self.changed_from = Some(0);
    }

    pub(super) fn set_caret(&mut self, byte: usize) {
        self.caret = clusters::snap(&self.text, byte);
        self.open = None;
    }

    /// The first byte changed since this was last asked.
    pub(super) fn take_changed(&mut self) -> Option<usize> {
        self.changed_from.take()
    }

    /// Inserts what fits, by whole clusters, and returns how many characters did not.
    pub(super) fn paste(&mut self, text: &str) -> usize {
        let mut clean: String = clean(text, self.kind).collect();
        let total = clean.chars().count();
        let room = self.limit.saturating_sub(self.chars);
        let mut taken = 0;
        let mut end = clean.len();
        if total > room {
            end = 0;
            for cluster in clean.graphemes(true) {
                let chars = cluster.chars().count();
                if taken + chars > room {
                    break;
                }
                taken += chars;
                end += cluster.len();
            }
        } else {
            taken = total;
        }
        self.open = None;
        if end > 0 {
            self.splice(self.caret..self.caret, &clean[..end], None);
        }
        if self.kind == Kind::Secret {
            clean.zeroize();
        }
        total - taken
    }

    /// All edits that need no rows.
    pub(super) fn apply(&mut self, edit: &Edit) -> Outcome {
        let (text, caret) = (&self.text, self.caret);
        match edit {
            Edit::Insert(c) => self.type_char(*c),
            Edit::InsertText(text) => {
                let before = self.chars;
                match self.paste(text) {
                    0 if self.chars == before => Outcome::Idle,
                    0 => Outcome::Edited,
                    refused => Outcome::Refused(refused),
                }
            }
            Edit::NewLine if self.kind == Kind::Lines => self.type_char('\n'),
            Edit::Left => self.go(clusters::previous(text, caret)),
            Edit::Right => self.go(clusters::next(text, caret)),
            Edit::WordLeft => self.go(clusters::word_left(text, caret)),
            Edit::WordRight => self.go(clusters::word_right(text, caret)),
            Edit::Home => self.go(self.line_start()),
            Edit::End => self.go(self.line_end()),
            Edit::Top => self.go(0),
            Edit::Bottom => self.go(text.len()),
            Edit::Backspace => self.erase(clusters::previous(text, caret)..caret, Some(Run::Erasing)),
            Edit::Delete => self.erase(caret..clusters::next(text, caret), Some(Run::Erasing)),
            Edit::DeleteWordLeft => self.erase(clusters::word_left(text, caret)..caret, None),
            Edit::DeleteWordRight => self.erase(caret..clusters::word_right(text, caret), None),
            Edit::DeleteToStart => self.erase(self.line_start()..caret, None),
            Edit::DeleteToEnd => self.erase(caret..self.line_end(), None),
            Edit::Undo => self.undo(),
            Edit::Redo => self.redo(),
            Edit::NewLine | Edit::Up | Edit::Down | Edit::PageUp | Edit::PageDown => Outcome::Idle,
        }
    }

    pub(super) fn go(&mut self, byte: usize) -> Outcome {
        self.open = None;
        if byte == self.caret {
            return Outcome::Idle;
        }
        self.caret = byte;
        Outcome::Moved
    }

    fn line_start(&self) -> usize {
        self.text[..self.caret].rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self) -> usize {
        self.text[self.caret..].find('\n').map_or(self.text.len(), |at| self.caret + at)
    }

    fn type_char(&mut self, c: char) -> Outcome {
        if c.is_control() && !(c == '\n' && self.kind == Kind::Lines) {
            return Outcome::Idle;
        }
        if self.chars >= self.limit {
            return Outcome::Refused(1);
        }
        let mut bytes = [0; 4];
        self.splice(self.caret..self.caret, c.encode_utf8(&mut bytes), Some(Run::Typing));
        if !c.is_alphanumeric() {
            self.open = None;
        }
        Outcome::Edited
    }

    fn erase(&mut self, range: std::ops::Range<usize>, run: Option<Run>) -> Outcome {
        if range.is_empty() {
            return Outcome::Idle;
        }
        self.splice(range, "", run);
        Outcome::Edited
    }

    fn splice(&mut self, range: std::ops::Range<usize>, inserted: &str, run: Option<Run>) {
        let at = range.start;
        let step = Step {
            at,
            removed: self.text[range].to_owned(),
            inserted: inserted.to_owned(),
            caret: self.caret,
        };
        self.replace(at, &step.removed, inserted);
        self.redo.clear();
        if self.kind == Kind::Secret {
            let mut step = step;
            step.removed.zeroize();
            step.inserted.zeroize();
            return;
        }
        let last = self.undo.back_mut().filter(|_| run.is_some() && self.open == run);
        match last {
            Some(last) if run == Some(Run::Typing) && last.at + last.inserted.len() == at => {
                last.inserted.push_str(inserted);
            }
            Some(last) if run == Some(Run::Erasing) && at + step.removed.len() == last.at => {
                last.removed.insert_str(0, &step.removed);
                last.at = at;
            }
            Some(last) if run == Some(Run::Erasing) && at == last.at => last.removed.push_str(&step.removed),
            _ => {
                if self.undo.len() == HISTORY {
                    self.undo.pop_front();
                }
                self.undo.push_back(step);
            }
        }
        self.open = run;
    }

    /// Puts `inserted` where `removed` stands, the caret after it.
    fn replace(&mut self, at: usize, removed: &str, inserted: &str) {
        self.chars = self.chars + inserted.chars().count() - removed.chars().count();
        self.text.replace_range(at..at + removed.len(), inserted);
        self.caret = clusters::snap(&self.text, at + inserted.len());
        self.changed_from = Some(self.changed_from.map_or(at, |from| from.min(at)));
    }

    fn undo(&mut self) -> Outcome {
        self.open = None;
        let Some(step) = self.undo.pop_back() else { return Outcome::Idle };
        self.replace(step.at, &step.inserted, &step.removed);
        self.caret = step.caret;
        self.redo.push(step);
        Outcome::Edited
    }

    fn redo(&mut self) -> Outcome {
        self.open = None;
        let Some(step) = self.redo.pop() else { return Outcome::Idle };
        self.replace(step.at, &step.removed, &step.inserted);
        self.undo.push_back(step);
        Outcome::Edited
    }

    fn wipe(&mut self) {
        if self.kind == Kind::Secret {
            // Zeroising also empties, and keeps the memory.
            self.text.zeroize();
        } else {
            self.text.clear();
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.wipe();
    }
}

/// The text itself is a caller's and stays out of logs.
impl fmt::Debug for Editor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Editor")
            .field("chars", &self.chars)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// Line breaks made one kind (or blanks, where there is one line), tabs blanks; other control characters dropped.
fn clean(text: &str, kind: Kind) -> impl Iterator<Item = char> + '_ {
    let mut before = '\0';
    text.chars().filter_map(move |c| {
        let last = std::mem::replace(&mut before, c);
        match c {
            '\n' if last == '\r' => None,
            '\n' | '\r' if kind == Kind::Lines => Some('\n'),
            '\n' | '\r' | '\t' => Some(' '),
            _ if c.is_control() => None,
            _ => Some(c),
        }
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use unicode_segmentation::GraphemeCursor;

    use super::*;

    pub(crate) fn any_edit() -> impl Strategy<Value = Edit> {
        let texts = "[a中，e\u{301}👨👩\u{200d}\u{202e}🇨🇳\n\r\0 ]{0,6}";
        prop_oneof![
            4 => prop::sample::select("a b中文，\u{301}\u{200d}👩🇨\n\0".chars().collect::<Vec<_>>()).prop_map(Edit::Insert),
            2 => texts.prop_map(Edit::InsertText),
            8 => prop::sample::select(vec![
                Edit::NewLine, Edit::Left, Edit::Right, Edit::WordLeft, Edit::WordRight, Edit::Home, Edit::End,
                Edit::Top, Edit::Bottom, Edit::Backspace, Edit::Delete, Edit::DeleteWordLeft, Edit::DeleteWordRight,
                Edit::DeleteToStart, Edit::DeleteToEnd, Edit::Undo, Edit::Redo,
            ]),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_caret_stands_between_clusters_and_undo_leads_back(edits in prop::collection::vec(any_edit(), 0..60)) {
            let mut editor = Editor::new(40, Kind::Lines);
            editor.set("夜间e\u{301}施工");
            let start = editor.text().to_owned();
            for edit in &edits {
                let _ = editor.apply(edit);
                prop_assert_eq!(editor.chars(), editor.text().chars().count());
                prop_assert!(editor.chars() <= 40);
                let mut cursor = GraphemeCursor::new(editor.caret(), editor.text().len(), true);
                prop_assert_eq!(cursor.is_boundary(editor.text(), 0), Ok(true));
            }
            let end = editor.text().to_owned();
            let mut steps = 0;
            while editor.apply(&Edit::Undo) == Outcome::Edited {
                steps += 1;
            }
            prop_assert_eq!(editor.text(), start);
            for _ in 0..steps {
                prop_assert_eq!(editor.apply(&Edit::Redo), Outcome::Edited);
            }
            while editor.apply(&Edit::Redo) == Outcome::Edited {}
            if !edits.contains(&Edit::Undo) {
                prop_assert_eq!(editor.text(), end);
            }
        }
    }

    #[test]
    fn words_are_han_runs_letter_runs_and_lines() {
        let mut editor = Editor::new(100, Kind::Lines);
        editor.set("来电反映\nA座302 噪声，扰民");
        let mut stops = vec![];
        while editor.apply(&Edit::WordLeft) == Outcome::Moved {
            stops.push(editor.text()[editor.caret()..].to_owned());
        }
        let starts: Vec<_> = stops.iter().map(|rest| rest.chars().next()).collect();
        assert_eq!(starts, ["扰", "，", "噪", "3", "座", "A", "\n", "来"].map(|s| s.chars().next()));
    }

    #[test]
    fn a_run_of_typing_is_one_step_up_to_the_punctuation() {
        let mut editor = Editor::new(100, Kind::Line);
        for c in "夜间施工，扰民".chars() {
            assert_eq!(editor.apply(&Edit::Insert(c)), Outcome::Edited);
        }
        assert_eq!(editor.apply(&Edit::Undo), Outcome::Edited);
        assert_eq!(editor.text(), "夜间施工，");
        assert_eq!(editor.apply(&Edit::Undo), Outcome::Edited);
        assert_eq!(editor.text(), "");
    }

    #[test]
    fn a_secret_keeps_no_history_and_debug_keeps_the_text() {
        let mut editor = Editor::new(100, Kind::Secret);
        assert_eq!(editor.paste("demo-pass"), 0);
        assert_eq!(editor.apply(&Edit::Undo), Outcome::Idle);
        assert_eq!(format!("{editor:?}"), "Editor { chars: 9, limit: 100, .. }");
    }
}

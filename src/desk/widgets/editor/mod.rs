//! A text with a caret, a selection, a limit and a way back: what the one-line and the many-line input have in common.
//!
//! Caret and anchor are bytes that always stand between grapheme clusters; what lies between them is selected.

mod history;

use std::fmt;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroize;

use self::history::{History, Run, Step};
use super::clusters;
use super::edit::{Edit, Motion, Outcome};

/// So few characters before the limit a person is told at the latest.
const NEARLY_FULL: usize = 200;

#[derive(Clone)]
pub(super) struct Editor {
    text: String,
    /// Where the selection began; the caret where there is none.
    anchor: usize,
    caret: usize,
    chars: usize,
    limit: usize,
    kind: Kind,
    history: History,
    changed_from: Option<usize>,
    revision: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Line,
    /// A line that is wiped from memory, keeps no history and is never copied.
    Secret,
    Lines,
}

impl Editor {
    pub(super) fn new(limit: usize, kind: Kind) -> Self {
        // A secret that outgrows its memory would leave a copy behind.
        let room = if kind == Kind::Secret { limit.saturating_mul(4).min(4096) } else { 0 };
        Self {
            text: String::with_capacity(room),
            anchor: 0,
            caret: 0,
            chars: 0,
            limit,
            kind,
            history: History::default(),
            changed_from: None,
            revision: 0,
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

    /// How many characters there is room for, once that matters: in the last tenth, and of a long text the last 200.
    pub(super) fn nearly_full(&self) -> Option<usize> {
        let room = self.limit.saturating_sub(self.chars);
        (room <= (self.limit / 10).min(NEARLY_FULL)).then_some(room)
    }

    /// The characters typed and the limit, as they are shown once there is little room.
    pub(super) fn count(&self) -> Option<String> {
        self.nearly_full().map(|_| format!("{}/{}", self.chars, self.limit))
    }

    /// Counts the changes of the text.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// The bytes selected; empty where nothing is.
    pub(super) fn selection(&self) -> Range<usize> {
        self.anchor.min(self.caret)..self.anchor.max(self.caret)
    }

    /// The text selected, for the clipboard; a secret is never given.
    pub(super) fn selected(&self) -> Option<&str> {
        let selected = &self.text[self.selection()];
        (!selected.is_empty() && self.kind != Kind::Secret).then_some(selected)
    }

    pub(super) fn set(&mut self, text: &str) {
        self.wipe();
        self.text.extend(clean(text, self.kind));
        self.chars = self.text.chars().count();
        self.caret = self.text.len();
        self.anchor = self.caret;
        self.history.clear();
        self.changed_from = Some(0);
        self.revision += 1;
    }

    pub(super) fn set_caret(&mut self, byte: usize) {
        self.select(byte..byte);
    }

    /// Selects from the start of `range` to its end, where the caret then stands.
    pub(super) fn select(&mut self, range: Range<usize>) {
        self.anchor = clusters::snap(&self.text, range.start);
        self.caret = clusters::snap(&self.text, range.end);
        self.history.close();
    }

    /// Selects from where the selection began to `byte`.
    pub(super) fn select_to(&mut self, byte: usize) {
        self.select(self.anchor..byte);
    }

    /// The first byte changed since this was last asked.
    pub(super) fn take_changed(&mut self) -> Option<usize> {
        self.changed_from.take()
    }

    /// Puts what fits, by whole clusters, in the place of what is selected, and returns how many characters did not.
    /// Where nothing fits, nothing changes.
    pub(super) fn paste(&mut self, text: &str) -> usize {
        let mut clean: String = clean(text, self.kind).collect();
        let total = clean.chars().count();
        let room = self.room();
        let (mut taken, mut end) = (total, clean.len());
        if total > room {
            (taken, end) = (0, 0);
            for cluster in clean.graphemes(true) {
                let chars = cluster.chars().count();
                if taken + chars > room {
                    break;
                }
                taken += chars;
                end += cluster.len();
            }
        }
        self.history.close();
        if end > 0 {
            self.splice(self.selection(), &clean[..end], None);
        }
        if self.kind == Kind::Secret {
            clean.zeroize();
        }
        total - taken
    }

    /// How many characters may come in the place of what is selected.
    fn room(&self) -> usize {
        let kept = self.chars - self.text[self.selection()].chars().count();
        self.limit.saturating_sub(kept)
    }

    /// All edits that need no rows.
    pub(super) fn apply(&mut self, edit: &Edit) -> Outcome {
        if let Some((motion, selects)) = edit.motion() {
            return self.go(motion, selects);
        }
        let (text, caret) = (&self.text, self.caret);
        match edit {
            Edit::Insert(c) => self.type_char(*c),
            Edit::InsertText(text) => {
                let before = self.revision;
                match self.paste(text) {
                    0 if self.revision == before => Outcome::Idle,
                    0 => Outcome::Edited,
                    refused => Outcome::Refused(refused),
                }
            }
            Edit::NewLine if self.kind == Kind::Lines => self.type_char('\n'),
            Edit::Backspace => self.erase(clusters::previous(text, caret)..caret, Some(Run::Erasing)),
            Edit::Delete => self.erase(caret..clusters::next(text, caret), Some(Run::Erasing)),
            Edit::DeleteWordLeft => self.erase(clusters::word_left(text, caret)..caret, None),
            Edit::DeleteWordRight => self.erase(caret..clusters::word_right(text, caret), None),
            Edit::DeleteToStart => self.erase(self.line_start()..caret, None),
            Edit::DeleteToEnd => self.erase(caret..self.line_end(), None),
            // What cannot be copied would be gone.
            Edit::Cut if self.kind != Kind::Secret => self.erase(caret..caret, None),
            Edit::Undo => self.undo(),
            Edit::Redo => self.redo(),
            Edit::SelectAll => {
                let before = (self.anchor, self.caret);
                self.select(0..self.text.len());
                if before == (self.anchor, self.caret) { Outcome::Idle } else { Outcome::Moved }
            }
            _ => Outcome::Idle,
        }
    }

    fn go(&mut self, motion: Motion, selects: bool) -> Outcome {
        let (text, caret, selected) = (&self.text, self.caret, self.selection());
        let byte = match motion {
            Motion::Left if !selects && !selected.is_empty() => selected.start,
            Motion::Right if !selects && !selected.is_empty() => selected.end,
            Motion::Left => clusters::previous(text, caret),
            Motion::Right => clusters::next(text, caret),
            Motion::WordLeft => clusters::word_left(text, caret),
            Motion::WordRight => clusters::word_right(text, caret),
            Motion::Home => self.line_start(),
            Motion::End => self.line_end(),
            Motion::Top => 0,
            Motion::Bottom => text.len(),
            // In one line there is nothing above and below; the screen goes to another field.
            Motion::Up | Motion::PageUp if selects => 0,
            Motion::Down | Motion::PageDown if selects => text.len(),
            Motion::Up | Motion::Down | Motion::PageUp | Motion::PageDown => return Outcome::Idle,
        };
        self.go_to(byte, selects)
    }

    /// Puts the caret at `byte`, a place between clusters; the anchor stays when this selects.
    pub(super) fn go_to(&mut self, byte: usize, selects: bool) -> Outcome {
        self.history.close();
        let before = (self.anchor, self.caret);
        self.caret = byte;
        if !selects {
            self.anchor = byte;
        }
        if before == (self.anchor, self.caret) { Outcome::Idle } else { Outcome::Moved }
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
        if self.room() == 0 {
            return Outcome::Refused(1);
        }
        let mut bytes = [0; 4];
        self.splice(self.selection(), c.encode_utf8(&mut bytes), Some(Run::Typing));
        if !c.is_alphanumeric() {
            self.history.close();
        }
        Outcome::Edited
    }

    /// Removes what is selected, or else `range`.
    fn erase(&mut self, range: Range<usize>, run: Option<Run>) -> Outcome {
        let selected = self.selection();
        let (range, run) = if selected.is_empty() { (range, run) } else { (selected, None) };
        if range.is_empty() {
            return Outcome::Idle;
        }
        self.splice(range, "", run);
        Outcome::Edited
    }

    fn splice(&mut self, range: Range<usize>, inserted: &str, run: Option<Run>) {
        let mut step = Step {
            at: range.start,
            removed: self.text[range].to_owned(),
            inserted: inserted.to_owned(),
            before: (self.anchor, self.caret),
        };
        self.replace(step.at, &step.removed, inserted);
        if self.kind == Kind::Secret {
            step.removed.zeroize();
            step.inserted.zeroize();
        } else {
            self.history.record(step, run);
        }
    }

    /// Puts `inserted` where `removed` stands, the caret after it.
    fn replace(&mut self, at: usize, removed: &str, inserted: &str) {
        self.chars = self.chars + inserted.chars().count() - removed.chars().count();
        self.text.replace_range(at..at + removed.len(), inserted);
        self.caret = clusters::snap(&self.text, at + inserted.len());
        self.anchor = self.caret;
        self.changed_from = Some(self.changed_from.map_or(at, |from| from.min(at)));
        self.revision += 1;
    }

    fn undo(&mut self) -> Outcome {
        let Some(step) = self.history.last() else { return Outcome::Idle };
        self.replace(step.at, &step.inserted, &step.removed);
        (self.anchor, self.caret) = step.before;
        self.history.undone(step);
        Outcome::Edited
    }

    fn redo(&mut self) -> Outcome {
        let Some(step) = self.history.next() else { return Outcome::Idle };
        self.replace(step.at, &step.removed, &step.inserted);
        self.history.redone(step);
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
                Edit::DeleteToStart, Edit::DeleteToEnd, Edit::Undo, Edit::Redo, Edit::SelectAll, Edit::Cut,
            ]),
            6 => prop::sample::select(vec![
                Motion::Left, Motion::Right, Motion::WordLeft, Motion::WordRight, Motion::Up, Motion::Down,
                Motion::Home, Motion::End, Motion::PageUp, Motion::PageDown, Motion::Top, Motion::Bottom,
            ]).prop_map(Edit::Select),
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
                for edge in [editor.selection().start, editor.selection().end] {
                    let mut cursor = GraphemeCursor::new(edge, editor.text().len(), true);
                    prop_assert_eq!(cursor.is_boundary(editor.text(), 0), Ok(true));
                }
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

    /// The same, thought of in the plainest way: the clusters before the selection, in it and after it.
    #[derive(Debug, Default)]
    struct Plain {
        text: String,
        anchor: usize,
        caret: usize,
    }

    impl Plain {
        fn places(&self) -> Vec<usize> {
            self.text.grapheme_indices(true).map(|(at, _)| at).chain([self.text.len()]).collect()
        }

        fn put(&mut self, from: usize, to: usize, text: &str) {
            let (head, tail) = (&self.text[..from], &self.text[to..]);
            let whole = format!("{head}{text}{tail}");
            if whole.chars().count() > 40 {
                return;
            }
            let end = from + text.len();
            self.text = whole;
            self.caret = self.places().into_iter().find(|place| *place >= end).unwrap();
            self.anchor = self.caret;
        }

        fn apply(&mut self, edit: &Edit) {
            let (from, to) = (self.anchor.min(self.caret), self.anchor.max(self.caret));
            let places = self.places();
            let before = places.iter().rev().find(|place| **place < self.caret).copied().unwrap_or(0);
            let after = places.iter().find(|place| **place > self.caret).copied().unwrap_or(self.text.len());
            match edit {
                Edit::Insert(c) => self.put(from, to, &c.to_string()),
                Edit::Backspace if from == to => self.put(before, to, ""),
                Edit::Delete if from == to => self.put(from, after, ""),
                Edit::Backspace | Edit::Delete | Edit::Cut => self.put(from, to, ""),
                Edit::SelectAll => (self.anchor, self.caret) = (0, self.text.len()),
                Edit::Left => self.caret = if from == to { before } else { from },
                Edit::Right => self.caret = if from == to { after } else { to },
                Edit::Top | Edit::Select(Motion::Top) => self.caret = 0,
                Edit::Bottom | Edit::Select(Motion::Bottom) => self.caret = self.text.len(),
                Edit::Select(Motion::Left) => self.caret = before,
                Edit::Select(Motion::Right) => self.caret = after,
                _ => unreachable!("not drawn"),
            }
            if !matches!(edit, Edit::Select(_) | Edit::SelectAll) {
                self.anchor = self.caret;
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn it_does_what_a_string_between_two_marks_does(edits in prop::collection::vec(prop_oneof![
            4 => prop::sample::select("ab中文，\u{301}\u{200d}👩🇨\n".chars().collect::<Vec<_>>()).prop_map(Edit::Insert),
            5 => prop::sample::select(vec![
                Edit::Left, Edit::Right, Edit::Top, Edit::Bottom, Edit::Backspace, Edit::Delete, Edit::SelectAll,
                Edit::Cut, Edit::Select(Motion::Left), Edit::Select(Motion::Right), Edit::Select(Motion::Top),
                Edit::Select(Motion::Bottom),
            ]),
        ], 0..80)) {
            let (mut editor, mut plain) = (Editor::new(40, Kind::Lines), Plain::default());
            for edit in &edits {
                let _ = editor.apply(edit);
                plain.apply(edit);
                prop_assert_eq!(editor.text(), &plain.text);
                prop_assert_eq!((editor.anchor, editor.caret), (plain.anchor, plain.caret), "{:?}", edit);
            }
        }
    }

    #[test]
    fn words_are_two_han_characters_letter_runs_and_lines() {
        let mut editor = Editor::new(100, Kind::Lines);
        editor.set("来电反映\nA座302 噪声，扰民");
        let mut stops = vec![];
        while editor.apply(&Edit::WordLeft) == Outcome::Moved {
            stops.push(editor.text()[editor.caret()..].to_owned());
        }
        let starts: Vec<_> = stops.iter().map(|rest| rest.chars().next()).collect();
        assert_eq!(starts, ["扰", "，", "噪", "3", "座", "A", "\n", "反", "来"].map(|s| s.chars().next()));
        let _ = editor.apply(&Edit::DeleteWordRight);
        assert_eq!(editor.text().lines().next(), Some("反映"));
    }

    #[test]
    fn what_is_typed_over_a_selection_is_one_step_that_brings_it_back() {
        let mut editor = Editor::new(100, Kind::Line);
        editor.set("幸福路十号");
        let _ = editor.apply(&Edit::Select(Motion::WordLeft));
        assert_eq!(editor.selected(), Some("十号"));
        "三号".chars().for_each(|c| assert_eq!(editor.apply(&Edit::Insert(c)), Outcome::Edited));
        assert_eq!(editor.text(), "幸福路三号");
        assert_eq!(editor.apply(&Edit::Undo), Outcome::Edited);
        assert_eq!((editor.text(), editor.selected()), ("幸福路十号", Some("十号")));
        assert_eq!(editor.apply(&Edit::Left), Outcome::Moved);
        assert_eq!(editor.selected(), None);
        assert_eq!(&editor.text()[editor.caret()..], "十号");
        // A full text takes what comes in the place of another.
        let mut full = Editor::new(4, Kind::Line);
        full.set("望湖路口");
        full.select(3..9);
        assert_eq!(full.paste("山东大学"), 2);
        assert_eq!(full.text(), "望山东口");
        full.select(0..3);
        assert_eq!(full.paste("👨\u{200d}👩\u{200d}👧"), 5);
        assert_eq!((full.text(), full.selected()), ("望山东口", Some("望")));
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
        let _ = editor.apply(&Edit::SelectAll);
        assert_eq!(editor.apply(&Edit::Cut), Outcome::Idle);
        assert_eq!(editor.selected(), None);
        assert_eq!(format!("{editor:?}"), "Editor { chars: 9, limit: 100, .. }");
    }
}

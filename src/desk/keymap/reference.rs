//! The key reference: what the help shows, as a document. `docs/keys.*.md` are made by it.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Binding, Context, Deed, Keymap};
use crate::desk::action::Place;
use crate::desk::keys::Chord;
use crate::desk::model::Screen;
use crate::i18n::{Language, name_in};

/// A row of the reference.
#[derive(Debug, Serialize)]
pub struct Line {
    /// The table of `keys.toml`.
    pub context: &'static str,
    /// The name in it.
    pub name: &'static str,
    /// What people call it.
    pub title: String,
    /// What it does, in a sentence.
    pub help: String,
    /// Its keys now, as they are shown.
    pub keys: Vec<String>,
    /// Its keys unless a file says otherwise.
    pub default_keys: Vec<String>,
    /// The screens that it works on; none for all of them, and for what dialogs, forms and lists do.
    pub screens: Vec<&'static str>,
}

impl Binding {
    /// What people call it.
    pub fn title(&self, language: Language) -> String {
        name_in(language, self.family(), self.code())
    }

    /// What it does, in a sentence.
    pub fn help(&self, language: Language) -> String {
        let family = match self.deed {
            Deed::Action(_) => "action_help",
            Deed::Control(_) => "control_help",
            Deed::Edit(_) => "text_key_help",
        };
        name_in(language, family, self.code())
    }

    fn family(&self) -> &'static str {
        match self.deed {
            Deed::Action(_) => "action",
            Deed::Control(_) => "control",
            Deed::Edit(_) => "text_key",
        }
    }

    /// The screens that it belongs to alone; none if it works on all of them.
    pub fn screens(&self) -> &'static [Screen] {
        match self.deed {
            Deed::Action(action) => match super::row_of(action).map(|row| row.place) {
                Some(Place::On(screens)) => screens,
                _ => &[],
            },
            Deed::Control(_) | Deed::Edit(_) => &[],
        }
    }
}

impl Keymap {
    /// The reference, row by row.
    pub fn lines(&self, language: Language) -> Vec<Line> {
        let shown = |chords: &[Chord]| chords.iter().map(ToString::to_string).collect();
        self.bindings()
            .iter()
            .map(|binding| Line {
                context: binding.context.code(),
                name: binding.code(),
                title: binding.title(language),
                help: binding.help(language),
                keys: shown(&binding.chords),
                default_keys: shown(&binding.defaults),
                screens: binding.screens().iter().map(|screen| screen.code()).collect(),
            })
            .collect()
    }

    /// The reference as Markdown.
    pub fn markdown(&self, language: Language) -> String {
        let say = |key| name_in(language, "keys_doc", key);
        let mut text = format!("# {}\n\n{}\n\n{}\n", say("title"), say("made"), say("rules"));
        let _ = write!(text, "\n## {}\n\n{}\n\n```toml\n{}\n```\n", say("own"), say("own_told"), EXAMPLE);
        for (context, screen) in sections() {
            let rows: Vec<_> = self
                .bindings()
                .iter()
                .filter(|binding| binding.context == context && binding.screens().first().copied() == screen)
                .collect();
            if rows.is_empty() {
                continue;
            }
            let mut title = name_in(language, "context", context.code());
            if context == Context::Desk {
                let of = screen
                    .map_or_else(|| say("everywhere"), |screen| name_in(language, "screen", screen.code()));
                title = format!("{title}{}{of}", say("colon"));
            }
            let _ = write!(text, "\n## {title}\n\n");
            let head = ["key", "what", "told", "name"].map(say);
            let _ = writeln!(text, "| {} |\n|---|---|---|---|", head.join(" | "));
            for row in rows {
                let also: Vec<_> =
                    row.screens().iter().skip(1).map(|at| name_in(language, "screen", at.code())).collect();
                let also = if also.is_empty() {
                    String::new()
                } else {
                    format!("{}{}", say("also"), also.join(" / "))
                };
                let keys: Vec<_> =
                    row.chords.iter().map(|chord| format!("`{chord}`").replace('|', "\\|")).collect();
                let name = format!("`{}.{}`", context.code(), row.code());
                let (title, help) = (row.title(language), row.help(language));
                let _ = writeln!(text, "| {} | {title} | {help}{also} | {name} |", keys.join(" "));
            }
        }
        text
    }
}

/// What a file looks like.
const EXAMPLE: &str =
    "[desk]\nsubmit = [\"f9\"]\nnote = [\"f7\", \"m\"]\nnext_draft = []\n\n[dialog]\nsend = [\"f9\"]";

/// The order of the document: what each screen has of its own, what works everywhere, then the rest.
fn sections() -> impl Iterator<Item = (Context, Option<Screen>)> {
    let screens = Screen::ALL.iter().map(|screen| (Context::Desk, Some(*screen)));
    screens.chain(Context::ALL.iter().map(|context| (*context, None)))
}

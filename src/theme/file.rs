//! Theme files: TOML with `inherits`, a `[palette]` and `[roles]`. Anything unknown is an error with its line.

use std::collections::BTreeMap;
use std::ops::Range;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use toml::Spanned;

use super::colour::{Depth, parse};
use super::role::{Emphasis, Role};

/// Why a theme cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// The file does not say what a theme file says.
    #[error("{file}, line {line}: {problem}")]
    Invalid {
        /// The name of the theme.
        file: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong, in English.
        problem: String,
    },
    /// No such theme.
    #[error("there is no theme `{0}`")]
    Unknown(String),
    /// `inherits` leads back to where it started.
    #[error("the theme `{0}` inherits from itself")]
    Cycle(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    inherits: Option<String>,
    #[serde(default)]
    palette: BTreeMap<String, Spanned<Paint>>,
    #[serde(default)]
    roles: BTreeMap<Role, Spec>,
}

/// A colour of the palette, alone or with the one of the sixteen that stands for it.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a colour, or a colour and one of the sixteen")]
enum Paint {
    One(String),
    Two(String, String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spec {
    fg: Option<Spanned<String>>,
    bg: Option<Spanned<String>>,
    #[serde(default)]
    modifiers: Vec<Emphasis>,
}

/// Reads `name` and what it inherits; `source` gives the text of a theme by its name.
pub(super) fn load(
    name: &str,
    depth: Depth,
    source: &dyn Fn(&str) -> Option<String>,
) -> Result<BTreeMap<Role, Style>, ThemeError> {
    let mut chain = Vec::new();
    let mut next = Some(name.to_owned());
    while let Some(name) = next.take() {
        if chain.iter().any(|(seen, _, _)| *seen == name) {
            return Err(ThemeError::Cycle(name));
        }
        let text = source(&name).ok_or_else(|| ThemeError::Unknown(name.clone()))?;
        let document: Document = toml::from_str(&text)
            .map_err(|error| invalid(&name, &text, error.span(), error.message().to_owned()))?;
        next.clone_from(&document.inherits);
        chain.push((name, text, document));
    }
    // The ancestors first: a heir may repaint the palette under their roles.
    let mut palette = BTreeMap::new();
    for (name, text, document) in chain.iter().rev() {
        for (key, paint) in &document.palette {
            let (full, few) = match paint.get_ref() {
                Paint::One(one) => (one, one),
                Paint::Two(full, few) => (full, few),
            };
            let written = if depth == Depth::Sixteen { few } else { full };
            let colour = parse(written).ok_or_else(|| {
                invalid(name, text, Some(paint.span()), format!("`{written}` is not a colour"))
            })?;
            palette.insert(key.clone(), colour);
        }
    }
    let mut roles = BTreeMap::new();
    for (name, text, document) in chain.iter().rev() {
        let colour = |written: &Option<Spanned<String>>| -> Result<Option<Color>, ThemeError> {
            let Some(written) = written else { return Ok(None) };
            let found = palette.get(written.get_ref()).copied().or_else(|| parse(written.get_ref()));
            found.map(Some).ok_or_else(|| {
                let problem = format!("`{}` is neither in the palette nor a colour", written.get_ref());
                invalid(name, text, Some(written.span()), problem)
            })
        };
        for (role, spec) in &document.roles {
            let modifier: Modifier = spec.modifiers.iter().map(|m| Modifier::from(*m)).collect();
            let style = Style { fg: colour(&spec.fg)?, bg: colour(&spec.bg)?, ..Style::new() };
            roles.insert(*role, style.add_modifier(modifier));
        }
    }
    Ok(roles)
}

fn invalid(file: &str, text: &str, span: Option<Range<usize>>, problem: String) -> ThemeError {
    let start = span.map_or(0, |span| span.start.min(text.len()));
    let line = text.as_bytes()[..start].split(|b| *b == b'\n').count();
    ThemeError::Invalid { file: file.to_owned(), line, problem }
}

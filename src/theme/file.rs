//! Theme files: TOML with `inherits`, a `[palette]` and `[roles]`. Anything unknown is an error with its line.

use std::collections::BTreeMap;
use std::ops::Range;

use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::colour::{Depth, parse};
use super::fault::{Fault, ThemeError};
use super::role::{Emphasis, Role};
use super::shelf::{Sheet, Shelf};

/// A theme file as it is written: names of colours, not yet colours.
#[derive(Default)]
struct Document {
    inherits: Option<Written>,
    palette: BTreeMap<String, Paint>,
    roles: BTreeMap<Role, Spec>,
}

/// A text and where it stands.
struct Written {
    text: String,
    at: Range<usize>,
}

/// A colour of the palette, and the one of the sixteen that stands for it where there are no more.
struct Paint {
    full: Written,
    few: Option<Written>,
}

/// A role as it is written.
#[derive(Default)]
struct Spec {
    fg: Option<Written>,
    bg: Option<Written>,
    modifier: Modifier,
}

/// What is wrong, and where.
type Wrong = (Range<usize>, Fault);

/// Reads `name` and what it inherits.
pub(super) fn load(name: &str, depth: Depth, shelf: &Shelf) -> Result<BTreeMap<Role, Style>, ThemeError> {
    let mut next = Some(shelf.sheet(name).ok_or_else(|| ThemeError::Unknown(name.to_owned()))?);
    let mut chain: Vec<(Sheet<'_>, Document)> = Vec::new();
    while let Some(sheet) = next.take() {
        let text = sheet.text.map_err(|fault| invalid(&sheet, 0..0, fault.clone()))?;
        let document = read(text).map_err(|(at, fault)| invalid(&sheet, at, fault))?;
        if let Some(parent) = &document.inherits {
            let wrong = |fault| invalid(&sheet, parent.at.clone(), fault);
            // A file that shadows a built-in theme may build on it.
            let own_name = sheet.is_own() && parent.text == sheet.name;
            let found = if own_name { Shelf::built_in(&parent.text) } else { shelf.sheet(&parent.text) };
            let found = found.ok_or_else(|| wrong(Fault::UnknownParent(parent.text.clone())))?;
            let seen = |sheet: &Sheet<'_>| sheet.name == found.name && sheet.is_own() == found.is_own();
            if seen(&sheet) || chain.iter().any(|(sheet, _)| seen(sheet)) {
                return Err(wrong(Fault::Cycle(parent.text.clone())));
            }
            next = Some(found);
        }
        chain.push((sheet, document));
    }
    // The ancestors first: a heir may repaint the palette under their roles.
    let mut palette = BTreeMap::new();
    for (sheet, document) in chain.iter().rev() {
        for (key, paint) in &document.palette {
            for written in [Some(&paint.full), paint.few.as_ref()].into_iter().flatten() {
                let fault = || Fault::UnknownColour(written.text.clone());
                let colour =
                    parse(&written.text).ok_or_else(|| invalid(sheet, written.at.clone(), fault()))?;
                // The second one, where there is one, is for few colours.
                let second = !std::ptr::eq(written, &raw const paint.full);
                if second == (depth == Depth::Sixteen) || paint.few.is_none() {
                    palette.insert(key.clone(), colour);
                }
            }
        }
    }
    let mut roles = BTreeMap::new();
    for (sheet, document) in chain.iter().rev() {
        let colour = |written: &Option<Written>| -> Result<Option<Color>, ThemeError> {
            let Some(written) = written else { return Ok(None) };
            let found = palette.get(&written.text).copied().or_else(|| parse(&written.text));
            let fault = || Fault::UnknownColour(written.text.clone());
            found.map(Some).ok_or_else(|| invalid(sheet, written.at.clone(), fault()))
        };
        for (role, spec) in &document.roles {
            let style = Style { fg: colour(&spec.fg)?, bg: colour(&spec.bg)?, ..Style::new() };
            roles.insert(*role, style.add_modifier(spec.modifier));
        }
    }
    Ok(roles)
}

fn read(text: &str) -> Result<Document, Wrong> {
    let table = DeTable::parse(text)
        .map_err(|error| (error.span().unwrap_or(0..0), Fault::NotToml(error.message().to_owned())))?;
    let mut document = Document::default();
    for (key, value) in table.get_ref() {
        let name: &str = key.get_ref();
        match name {
            "inherits" => document.inherits = Some(written(name, value)?),
            "palette" => {
                for (key, value) in sub_table(name, value)? {
                    document.palette.insert(key.get_ref().to_string(), paint(key.get_ref(), value)?);
                }
            }
            "roles" => {
                for (key, value) in sub_table(name, value)? {
                    let name: &str = key.get_ref();
                    let role = Role::ALL.iter().find(|role| role.name() == name);
                    let role = role.ok_or_else(|| (key.span(), Fault::UnknownRole(name.to_owned())))?;
                    document.roles.insert(*role, spec(name, value)?);
                }
            }
            _ => return Err((key.span(), Fault::UnknownKey(name.to_owned()))),
        }
    }
    Ok(document)
}

/// A colour, or a list of a colour and one of the sixteen.
fn paint(name: &str, value: &Spanned<DeValue<'_>>) -> Result<Paint, Wrong> {
    let DeValue::Array(list) = value.get_ref() else {
        return Ok(Paint { full: written(name, value)?, few: None });
    };
    let mut colours = list.iter().map(|value| written(name, value));
    match (colours.next(), colours.next(), colours.next()) {
        (Some(full), Some(few), None) => Ok(Paint { full: full?, few: Some(few?) }),
        _ => Err((value.span(), Fault::WrongKind(name.to_owned()))),
    }
}

fn spec(name: &str, value: &Spanned<DeValue<'_>>) -> Result<Spec, Wrong> {
    let mut spec = Spec::default();
    for (key, value) in sub_table(name, value)? {
        let name: &str = key.get_ref();
        match name {
            "fg" => spec.fg = Some(written(name, value)?),
            "bg" => spec.bg = Some(written(name, value)?),
            "modifiers" => {
                let DeValue::Array(list) = value.get_ref() else {
                    return Err((value.span(), Fault::WrongKind(name.to_owned())));
                };
                for value in list {
                    let word = written(name, value)?;
                    let Some(emphasis) = Emphasis::named(&word.text) else {
                        return Err((word.at, Fault::UnknownModifier(word.text)));
                    };
                    spec.modifier |= emphasis.into();
                }
            }
            _ => return Err((key.span(), Fault::UnknownKey(name.to_owned()))),
        }
    }
    Ok(spec)
}

fn sub_table<'v, 'i>(name: &str, value: &'v Spanned<DeValue<'i>>) -> Result<&'v DeTable<'i>, Wrong> {
    match value.get_ref() {
        DeValue::Table(table) => Ok(table),
        _ => Err((value.span(), Fault::WrongKind(name.to_owned()))),
    }
}

fn written(name: &str, value: &Spanned<DeValue<'_>>) -> Result<Written, Wrong> {
    match value.get_ref() {
        DeValue::String(text) => Ok(Written { text: text.to_string(), at: value.span() }),
        _ => Err((value.span(), Fault::WrongKind(name.to_owned()))),
    }
}

fn invalid(sheet: &Sheet<'_>, at: Range<usize>, fault: Fault) -> ThemeError {
    let text = sheet.text.unwrap_or_default();
    let line = 1 + text.bytes().take(at.start).filter(|byte| *byte == b'\n').count();
    ThemeError::Invalid { file: sheet.file(), line, fault }
}

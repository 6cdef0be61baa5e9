//! JSON, an object a line. Keys are columns; an object within is its keys behind a dot.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::Value;

use super::super::failure::Failure;
use super::decode;
use super::file::{COLUMNS, Cell, Line, Take};
use super::row::RowFault;

/// Reads the file twice: the columns are known only at its end.
pub(super) fn read(path: &Path, take: &mut Take<'_>) -> Result<(), Failure> {
    let mut columns: Vec<String> = Vec::new();
    each(path, &mut |_, object| {
        for name in object.into_iter().flat_map(BTreeMap::into_keys) {
            if columns.len() < COLUMNS && !columns.contains(&name) {
                columns.push(name);
            }
        }
        Ok(())
    })?;
    if columns.is_empty() {
        return Ok(());
    }
    take(Line::Header { columns: columns.clone(), rows: None })?;
    each(path, &mut |number, object| match object {
        Some(mut object) => {
            let cells = columns.iter().map(|name| object.remove(name).unwrap_or_default()).collect();
            take(Line::Row { number, cells })
        }
        None => take(Line::Bad { number, fault: RowFault::UNREADABLE }),
    })
}

/// Calls `take` with each line that is not blank: its number, and its object unless it is none.
fn each(
    path: &Path,
    take: &mut dyn FnMut(u64, Option<BTreeMap<String, Cell>>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for (line, number) in BufReader::new(decode::open(path)?).lines().zip(1..) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let object = serde_json::from_str::<Value>(&line).ok().and_then(|value| match value {
            Value::Object(object) => {
                let mut cells = BTreeMap::new();
                object.into_iter().for_each(|(key, value)| flatten(key, value, &mut cells));
                Some(cells)
            }
            _ => None,
        });
        take(number, object)?;
    }
    Ok(())
}

fn flatten(key: String, value: Value, into: &mut BTreeMap<String, Cell>) {
    let cell = match value {
        Value::Null => Cell::Empty,
        Value::String(text) => Cell::Text(text),
        Value::Number(number) => number.as_f64().map_or(Cell::Empty, Cell::Number),
        Value::Bool(yes) => Cell::Text(yes.to_string()),
        Value::Array(items) => {
            let texts =
                items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
            Cell::Text(texts.collect::<Vec<_>>().join(","))
        }
        Value::Object(object) => {
            for (inner, value) in object {
                flatten(format!("{key}.{inner}"), value, into);
            }
            return;
        }
    };
    into.insert(key, cell);
}

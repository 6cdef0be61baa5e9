//! Comma-separated values; `;` and tab are recognised in the header too.

use std::io::Read;
use std::path::Path;

use rust_i18n::t;

use super::super::failure::Failure;
use super::decode;
use super::file::{COLUMNS, Cell, Line, Take};
use super::row::RowFault;

/// The most bytes of the first line that are looked at for the separator.
const SNIFF: u64 = 64 * 1024;

pub(super) fn read(path: &Path, take: &mut Take<'_>) -> Result<(), Failure> {
    let mut head = String::new();
    // The head may end within a character; what is whole of it will do.
    let mut bytes = Vec::new();
    decode::open(path)?.take(SNIFF).read_to_end(&mut bytes)?;
    head.push_str(&String::from_utf8_lossy(&bytes));
    let separator = separator(head.lines().next().unwrap_or_default());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(decode::open(path)?);
    let mut record = csv::StringRecord::new();
    let mut header = false;
    loop {
        let number = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) if error.is_io_error() => {
                return Err(match error.into_kind() {
                    csv::ErrorKind::Io(error) => Failure::file(path, &error),
                    _ => Failure::refused("import_stopped", t!("cli.import.stopped")),
                });
            }
            Err(_) => {
                take(Line::Bad { number, fault: RowFault::UNREADABLE })?;
                continue;
            }
        }
        let number = record.position().map_or(number, csv::Position::line);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cells = record.iter().take(COLUMNS);
        if header {
            take(Line::Row { number, cells: cells.map(|cell| Cell::Text(cell.to_owned())).collect() })?;
        } else {
            header = true;
            take(Line::Header { columns: cells.map(|cell| cell.trim().to_owned()).collect(), rows: None })?;
        }
    }
}

/// What separates the header's columns most often.
fn separator(header: &str) -> u8 {
    let count = |byte: u8| header.bytes().filter(|b| *b == byte).count();
    [b',', b'\t', b';'].into_iter().rev().max_by_key(|byte| count(*byte)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        std::fs::write(&path, text).unwrap();
        let mut lines = Vec::new();
        read(&path, &mut |line| {
            lines.push(match line {
                Line::Header { columns, .. } => columns.join("|"),
                Line::Row { number, cells } => {
                    format!("{number} {}", cells.iter().map(Cell::text).collect::<Vec<_>>().join("|"))
                }
                Line::Bad { number, .. } => format!("{number} bad"),
            });
            Ok(())
        })
        .unwrap();
        lines
    }

    #[test]
    fn rows_are_numbered_as_an_editor_numbers_lines() {
        let text = "标题,内容\n\"多\n行\",a\n\n,\nb\nc,d,e\n";
        assert_eq!(lines(text), ["标题|内容", "2 多\n行|a", "6 b", "7 c|d|e"]);
        assert_eq!(lines("a;b\n1;2\n"), ["a|b", "2 1|2"]);
        assert_eq!(lines("a\tb\n1\t2\n"), ["a|b", "2 1|2"]);
    }
}

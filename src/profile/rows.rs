//! Reads TOML and CSV row by row, so that one bad row is one finding with its line and the others are still read.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::finding::{Finding, FindingCode};
use super::source::Source;

/// A value and the line it starts on.
#[derive(Debug)]
pub(super) struct Row<T> {
    pub(super) line: usize,
    pub(super) value: T,
}

/// The rows `[[key]]` of a file that holds nothing else.
pub(super) fn toml_rows<T: DeserializeOwned>(
    source: &Source,
    key: &str,
    findings: &mut Vec<Finding>,
) -> Vec<Row<T>> {
    let lines = Lines::new(&source.text);
    let Some(table) = parse(source, findings) else { return Vec::new() };
    let mut rows = Vec::new();
    for (name, value) in table.into_inner() {
        let (at, span) = (name.span().start, value.span());
        match value.into_inner() {
            DeValue::Array(items) if name.get_ref() == key => {
                for item in items {
                    let line = lines.of(item.span().start).0;
                    match T::deserialize(ValueDeserializer::from(item)) {
                        Ok(value) => rows.push(Row { line, value }),
                        Err(error) => findings.push(explain(source, &lines, &error, line)),
                    }
                }
            }
            other if name.get_ref() == key => {
                let (line, column) = lines.of(span.start);
                let finding = Finding::of_file(source.file, FindingCode::WrongType, key);
                findings.push(finding.with_detail(other.type_str()).at(line, Some(column)));
            }
            _ => {
                let (line, column) = lines.of(at);
                let finding = Finding::of_file(source.file, FindingCode::UnknownKey, name.get_ref().as_ref());
                findings.push(finding.at(line, Some(column)));
            }
        }
    }
    rows
}

/// A whole file as one value.
pub(super) fn toml_document<T: DeserializeOwned>(source: &Source, findings: &mut Vec<Finding>) -> Option<T> {
    if source.unread {
        return None;
    }
    let table = parse(source, findings)?;
    let lines = Lines::new(&source.text);
    let span = table.span();
    let document = Spanned::new(span, DeValue::Table(table.into_inner()));
    let explained = |error: toml::de::Error| findings.push(explain(source, &lines, &error, 1));
    T::deserialize(ValueDeserializer::from(document)).map_err(explained).ok()
}

/// The rows of a CSV file, by the names in its first line, which may be any of `columns` in any order.
pub(super) fn csv_rows<T: DeserializeOwned>(
    source: &Source,
    columns: &[&str],
    findings: &mut Vec<Finding>,
) -> Vec<Row<T>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source.text.as_bytes());
    let bad = |error: &csv::Error, line: usize| {
        let detail = match error.kind() {
            csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
            _ => error.to_string(),
        };
        classify(source.file, &detail).at(line, None)
    };
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => {
            findings.push(bad(&error, 1));
            return Vec::new();
        }
    };
    for name in headers.iter().filter(|name| !columns.contains(name)) {
        findings.push(Finding::of_file(source.file, FindingCode::UnknownKey, name).at(1, None));
    }
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        let line = usize::try_from(reader.position().line()).unwrap_or(usize::MAX);
        match reader.read_record(&mut record) {
            Ok(false) => return rows,
            Err(error) => findings.push(bad(&error, line)),
            Ok(true) => {
                let line =
                    record.position().map_or(line, |p| usize::try_from(p.line()).unwrap_or(usize::MAX));
                match record.deserialize(Some(&headers)) {
                    Ok(value) => rows.push(Row { line, value }),
                    Err(error) => findings.push(bad(&error, line)),
                }
            }
        }
    }
}

fn parse<'a>(source: &'a Source, findings: &mut Vec<Finding>) -> Option<Spanned<DeTable<'a>>> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let lines = Lines::new(if errors.is_empty() { "" } else { &source.text });
    for error in &errors {
        let (line, column) = lines.of(error.span().map_or(0, |span| span.start));
        let finding = Finding::of_file(source.file, FindingCode::Syntax, error.message());
        findings.push(finding.at(line, Some(column)));
    }
    // What a broken file seems to say is not worth a second list of complaints.
    errors.is_empty().then_some(table)
}

fn explain(source: &Source, lines: &Lines<'_>, error: &toml::de::Error, line: usize) -> Finding {
    let finding = classify(source.file, error.message());
    match error.span() {
        Some(span) => {
            let (line, column) = lines.of(span.start);
            finding.at(line, Some(column))
        }
        None => finding.at(line, None),
    }
}

/// Serde tells its reasons only as a sentence; these beginnings are part of its documented trait methods.
fn classify(file: &str, message: &str) -> Finding {
    let quoted = message.split('`').nth(1).unwrap_or(message);
    let code = match message {
        m if m.starts_with("unknown field") => FindingCode::UnknownKey,
        m if m.starts_with("missing field") => FindingCode::MissingKey,
        m if m.starts_with("invalid type") => FindingCode::WrongType,
        _ => return Finding::of_file(file, FindingCode::BadValue, message),
    };
    match code {
        FindingCode::WrongType => Finding::of_file(file, code, message),
        _ => Finding::of_file(file, code, quoted),
    }
}

/// Finds lines in a text.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// Line and column of a byte, both counted from 1, the column in characters.
    pub(super) fn of(&self, byte: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts[line - 1];
        (line, self.text.get(start..byte).map_or(1, |before| before.chars().count() + 1))
    }
}

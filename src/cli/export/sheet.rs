//! The table as it is written: CSV for spreadsheets, JSON lines for programs, a workbook for Excel.

use std::io::{self, Write};

use jiff::tz::TimeZone;
use rust_i18n::t;
use rust_xlsxwriter::{Format as Style, Workbook};

use super::super::failure::Failure;
use super::super::output;
use super::Format;
use super::cell::{Value, fitting, guarded};
use super::columns::Column;
use super::guard;
use super::target::Target;

/// The rows of a sheet of Excel, the header among them.
const EXCEL_ROWS: u32 = 1_048_576;

/// A table under way.
pub(super) struct Sheet {
    kind: Kind,
    zone: TimeZone,
    keys: Vec<&'static str>,
}

enum Kind {
    Csv(Box<csv::Writer<Box<dyn Write + Send>>>),
    Jsonl(Box<dyn Write + Send>),
    Xlsx { book: Box<Workbook>, rows: u32, cut: u64 },
}

impl Sheet {
    /// Begins with the names of the columns.
    pub(super) fn begin(
        format: Format,
        bom: bool,
        columns: &[&'static Column],
        target: &Target,
        zone: TimeZone,
    ) -> Result<Self, Failure> {
        let headers = columns.iter().map(|column| column.header());
        let kind = match format {
            Format::Csv => {
                let mut out = target.writer()?;
                if bom {
                    out.write_all("\u{feff}".as_bytes()).map_err(of_write)?;
                }
                let mut writer = csv::WriterBuilder::new()
                    .quote_style(csv::QuoteStyle::Always)
                    .terminator(csv::Terminator::CRLF)
                    .from_writer(out);
                writer.write_record(headers).map_err(of_csv)?;
                Kind::Csv(Box::new(writer))
            }
            Format::Jsonl => Kind::Jsonl(target.writer()?),
            Format::Xlsx => Kind::Xlsx { book: Box::new(book(headers, target)?), rows: 1, cut: 0 },
        };
        Ok(Self { kind, zone, keys: columns.iter().map(|column| column.key).collect() })
    }

    /// Writes one row.
    pub(super) fn row(&mut self, values: impl Iterator<Item = Value>) -> Result<(), Failure> {
        match &mut self.kind {
            Kind::Csv(writer) => {
                let cells = values.map(|value| match value {
                    Value::Text(_) | Value::List(_) => guarded(value.shown(&self.zone)),
                    other => other.shown(&self.zone),
                });
                writer.write_record(cells).map_err(of_csv)
            }
            Kind::Jsonl(out) => {
                let filled = self.keys.iter().zip(values).filter(|(_, value)| *value != Value::Empty);
                let object: serde_json::Map<_, _> =
                    filled.map(|(key, value)| ((*key).to_owned(), value.json(&self.zone))).collect();
                writeln!(out, "{}", output::json_line(&object)?).map_err(of_write)
            }
            Kind::Xlsx { book, rows, cut } => {
                if *rows == EXCEL_ROWS {
                    return Err(Failure::refused("export_rows", t!("cli.export.rows", n = EXCEL_ROWS - 1)));
                }
                guard::library(|| {
                    let sheet = book.worksheet_from_index(0)?;
                    for (column, value) in (0_u16..).zip(values) {
                        match &value {
                            Value::Empty => continue,
                            Value::Count(count) => sheet.write_number(*rows, column, *count)?,
                            Value::Number(number) => sheet.write_string(*rows, column, number.as_str())?,
                            other => {
                                let shown = other.shown(&self.zone);
                                let (text, was_cut) = fitting(&shown);
                                *cut += u64::from(was_cut);
                                sheet.write_string(*rows, column, text)?
                            }
                        };
                    }
                    *rows += 1;
                    Ok(())
                })
            }
        }
    }

    /// Writes what is left, and gives how many cells were too long for Excel.
    pub(super) fn finish(self, target: &Target) -> Result<u64, Failure> {
        match self.kind {
            Kind::Csv(mut writer) => writer.flush().map_err(of_write).map(|()| 0),
            Kind::Jsonl(mut out) => out.flush().map_err(of_write).map(|()| 0),
            Kind::Xlsx { mut book, cut, .. } => {
                let mut out = target.writer()?;
                guard::library(|| book.save_to_writer(&mut out))?;
                out.flush().map_err(of_write).map(|()| cut)
            }
        }
    }
}

/// A workbook that keeps its rows on the disk, beside the file: they are nothing for a folder others look into.
fn book(headers: impl Iterator<Item = String>, target: &Target) -> Result<Workbook, Failure> {
    guard::library(|| {
        let mut book = Workbook::new();
        if let Some(folder) = target.folder() {
            book.set_tempdir(folder)?;
        }
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(t!("cli.export.sheet"))?.set_freeze_panes(1, 0)?;
        let bold = Style::new().set_bold();
        for (column, header) in (0_u16..).zip(headers) {
            sheet.set_column_width(column, 18)?;
            sheet.write_string_with_format(0, column, header, &bold)?;
        }
        Ok(book)
    })
}

/// A reader that went away is told no more.
fn of_write(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe { Failure::Told } else { error.into() }
}

fn of_csv(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => of_write(error),
        _ => Failure::refused("internal", t!("cli.export.unwritten")),
    }
}

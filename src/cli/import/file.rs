//! A table as lines: one header, then rows; whatever file it comes from.

use std::path::Path;

use jiff::civil::DateTime;
use rust_i18n::t;

use super::super::failure::Failure;
use super::row::RowFault;
use super::{read_csv, read_jsonl, read_xlsx};

/// The most columns that are looked at.
pub(super) const COLUMNS: usize = 500;

/// One cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    Time(DateTime),
}

impl Cell {
    /// The cell as a person reads it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Time(time) => time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Number(_) | Self::Time(_) => false,
        }
    }
}

/// What a file holds, in its order.
pub(super) enum Line {
    /// The names of the columns, and how many rows follow if the file says so.
    Header { columns: Vec<String>, rows: Option<u64> },
    /// A row that is not empty, by its number as the person sees it in an editor or a sheet.
    Row { number: u64, cells: Vec<Cell> },
    /// A row that cannot be read.
    Bad { number: u64, fault: RowFault },
}

/// Who takes the lines; an error ends the reading.
pub(super) type Take<'a> = dyn FnMut(Line) -> Result<(), Failure> + 'a;

/// The formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Xlsx,
    Jsonl,
}

impl Format {
    /// By the file's name.
    pub(super) fn of(path: &Path) -> Result<Self, Failure> {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Ok(Self::Csv),
            "xlsx" => Ok(Self::Xlsx),
            "jsonl" | "ndjson" => Ok(Self::Jsonl),
            _ => Err(Failure::usage("import_format", t!("cli.import.format"))),
        }
    }
}

/// Reads the file to its end.
pub(super) fn read(path: &Path, format: Format, take: &mut Take<'_>) -> Result<(), Failure> {
    match format {
        Format::Csv => read_csv::read(path, take),
        Format::Xlsx => read_xlsx::read(path, take),
        Format::Jsonl => read_jsonl::read(path, take),
    }
}

//! Excel workbooks: the first sheet, cell by cell. A formula counts as the value it was saved with.

use std::path::Path;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use jiff::civil::DateTime;
use rust_i18n::t;

use super::super::failure::Failure;
use super::file::{COLUMNS, Cell, Line, Take};

pub(super) fn read(path: &Path, take: &mut Take<'_>) -> Result<(), Failure> {
    let unreadable = |error: &dyn std::fmt::Display| {
        tracing::warn!(%error, "a workbook cannot be read");
        Failure::refused("import_xlsx", t!("cli.import.xlsx"))
    };
    let mut book: Xlsx<_> = calamine::open_workbook(path).map_err(|error| unreadable(&error))?;
    let sheet = book.sheet_names().first().cloned().ok_or_else(|| unreadable(&"no sheet"))?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|error| unreadable(&error))?;
    let last = u64::from(cells.dimensions().end.0);
    let mut rows = Rows { number: 0, cells: Vec::new(), header: false, last, take };
    while let Some(cell) = cells.next_cell().map_err(|error| unreadable(&error))? {
        let (row, column) = cell.get_position();
        if let Ok(column) = usize::try_from(column)
            && column < COLUMNS
        {
            rows.put(u64::from(row) + 1, column, value(cell.get_value()))?;
        }
    }
    rows.end()
}

/// Collects cells into rows.
struct Rows<'a, 'b> {
    number: u64,
    cells: Vec<Cell>,
    header: bool,
    last: u64,
    take: &'a mut Take<'b>,
}

impl Rows<'_, '_> {
    fn put(&mut self, number: u64, column: usize, cell: Cell) -> Result<(), Failure> {
        if number != self.number {
            self.end()?;
            self.number = number;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Cell::Empty);
        }
        self.cells[column] = cell;
        Ok(())
    }

    fn end(&mut self) -> Result<(), Failure> {
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().all(Cell::is_blank) {
            return Ok(());
        }
        let number = self.number;
        if self.header {
            return (self.take)(Line::Row { number, cells });
        }
        self.header = true;
        let columns = cells.iter().map(|cell| cell.text().trim().to_owned()).collect();
        (self.take)(Line::Header { columns, rows: Some(self.last.saturating_sub(number - 1)) })
    }
}

fn value(data: &DataRef<'_>) -> Cell {
    match data {
        #[expect(clippy::cast_precision_loss, reason = "a sheet has no other numbers than floats")]
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cell::Text(text.clone())
        }
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(yes) => Cell::Text(yes.to_string()),
        DataRef::DateTime(time) => civil(time).map_or(Cell::Number(time.as_f64()), Cell::Time),
        DataRef::Error(_) | DataRef::Empty => Cell::Empty,
    }
}

fn civil(time: &ExcelDateTime) -> Option<DateTime> {
    if !time.is_datetime() {
        return None;
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let small = |part: u8| i8::try_from(part).ok();
    DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        i32::from(milli) * 1_000_000,
    )
    .ok()
}

//! The rows that were not taken: number and reason, on stderr and in a file.

use std::fs::File;
use std::path::Path;

use rust_i18n::t;

use super::super::failure::Failure;
use super::super::output;
use super::row::RowFault;

/// Rows told on stderr; the file has them all.
const TOLD: u64 = 20;

/// Where refused rows are written down.
pub(super) struct Report {
    told: u64,
    file: Option<csv::Writer<File>>,
}

impl Report {
    /// Tells on stderr, and writes to the file at `path` if there is one.
    pub(super) fn new(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Self { told: 0, file: None }) };
        let mut file =
            csv::Writer::from_writer(File::create(path).map_err(|error| Failure::file(path, &error))?);
        file.write_record(["row", "field", "code", "reason"]).map_err(anyhow::Error::from)?;
        Ok(Self { told: 0, file: Some(file) })
    }

    /// Notes a row.
    pub(super) fn refused(&mut self, number: u64, fault: &RowFault) -> Result<(), Failure> {
        self.told += 1;
        if self.told <= TOLD {
            output::complain(&t!("cli.import.row", number = number, reason = fault));
        }
        if let Some(file) = &mut self.file {
            let record = [number.to_string(), fault.field.clone(), fault.code.clone(), fault.to_string()];
            file.write_record(record).map_err(anyhow::Error::from)?;
        }
        Ok(())
    }

    /// Ends the report.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        if self.told > TOLD {
            output::complain(&t!("cli.import.more", n = self.told - TOLD));
        }
        Ok(self.file.as_mut().map_or(Ok(()), csv::Writer::flush)?)
    }
}

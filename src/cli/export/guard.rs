//! A workbook that cannot be written says so as everything else does.
//!
//! The library keeps its rows in a file beside the table and panics where that file cannot be written (`expect` in its
//! `xmlwriter.rs`): a full disk would end the program with a backtrace. What it does is therefore done in here.

use std::any::Any;
use std::cell::Cell;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use rust_i18n::t;
use rust_xlsxwriter::XlsxError;

use super::super::failure::Failure;

thread_local! {
    /// Whether the library is at work on this thread: what it panics of is told by whoever called it.
    static AT_WORK: Cell<bool> = const { Cell::new(false) };
}

static QUIET: Once = Once::new();

/// Does `work` with the library. After a failure the workbook is to be thrown away.
pub(super) fn library<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, Failure> {
    QUIET.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !AT_WORK.get() {
                before(info);
            }
        }));
    });
    AT_WORK.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    AT_WORK.set(false);
    match done {
        Ok(done) => done.map_err(|error| of_library(&error)),
        Err(payload) => Err(of_panic(payload.as_ref())),
    }
}

fn of_library(error: &XlsxError) -> Failure {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => {
            io::Error::from(error.kind()).into()
        }
        _ => Failure::refused("internal", t!("cli.export.unwritten")),
    }
}

/// The panic carries the error of the system in words only: `… Os { code: 28, kind: StorageFull, … }`.
fn of_panic(payload: &(dyn Any + Send)) -> Failure {
    let words = payload.downcast_ref::<String>().map(String::as_str).unwrap_or_default();
    let code = words.split("code: ").nth(1).and_then(|rest| rest.split(',').next()?.parse().ok());
    match code {
        Some(code) => io::Error::from_raw_os_error(code).into(),
        None => Failure::refused("internal", t!("cli.export.unwritten")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// Why `work` failed, as a script is told.
    fn told(work: impl FnOnce() -> Result<(), XlsxError>) -> String {
        format!("{:?}", library(work).unwrap_err())
    }

    #[test]
    fn a_full_disk_is_told_whichever_way_the_library_says_it() {
        let full = || io::Error::from_raw_os_error(28);
        assert!(told(|| Err(XlsxError::IoError(full()))).contains("no_space"));
        let mut disk = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        assert!(told(|| disk.write_all(b"<row>").map_err(XlsxError::IoError)).contains("no_space"));
        let said = told(|| {
            disk.write_all(b"<row>").expect("Couldn't write to xml file");
            Ok(())
        });
        assert!(said.contains("no_space"), "{said}");
        assert!(told(|| panic!("something else")).contains("internal"));
        assert_eq!(library(|| Ok(1)).unwrap(), 1);
    }
}

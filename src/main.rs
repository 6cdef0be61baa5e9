//! The program: everything it does starts in `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    huiyin::cli::run()
}

//! Lays the functions that a desk runs side by side in the program.
//!
//! The system maps 64 kB of a program around whatever is touched. Where the functions of the desk lie among those of
//! the server and of commands, nearly the whole program is in memory with them. `desk.order` beside this file names
//! them; how it is made stands at its head, and what it saves in `docs/benchmarks.md`. A name that is gone does nothing,
//! one that is missing costs memory, and without all this the program does the same.

use std::env::var;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{fs, io};

const ORDER: &str = "src/link/desk.order";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src/link");
    if is_laid_out() {
        let script = PathBuf::from(var("OUT_DIR").map_err(io::Error::other)?).join("desk.ld");
        fs::write(&script, script_for(&fs::read_to_string(ORDER)?))?;
        println!("cargo::rustc-link-arg-bin=huiyin=-Wl,-T,{}", script.display());
    }
    Ok(())
}

/// Whether it is the program for people, and linked by the linker that comes with the compiler: others may not read
/// such a script.
fn is_laid_out() -> bool {
    let is = |name, value| var(name).is_ok_and(|found| found == value);
    let flags = var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    is("PROFILE", "release")
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && is("CARGO_CFG_TARGET_ARCH", "x86_64")
        && var("RUSTC_LINKER").is_err()
        && !flags.contains("link")
}

/// A script for the linker: a section of its own for the functions that are named, before that of all others.
fn script_for(order: &str) -> String {
    let mut script = "SECTIONS\n{\n  .text.desk :\n  {\n".to_owned();
    for name in order.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        // What the compiler takes for rarely run has a name of its own. Writing into a text cannot fail.
        let _ = writeln!(script, "    *(.text.{name} .text.unlikely.{name})");
    }
    script.push_str("  }\n}\nINSERT BEFORE .text;\n");
    script
}

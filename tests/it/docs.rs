//! The references in `docs/` are what the program says of itself today. `HUIYIN_BLESS=1` writes them anew.

use std::fs;
use std::path::Path;

use crate::harness::Home;

/// Each file, and the arguments that print it.
const MADE: &[(&str, &[&str])] = &[
    ("docs/cli.zh-CN.md", &["reference", "cli", "--language", "zh-CN"]),
    ("docs/cli.en.md", &["reference", "cli", "--language", "en"]),
    ("docs/keys.zh-CN.md", &["keys", "--markdown", "--language", "zh-CN"]),
    ("docs/keys.en.md", &["keys", "--markdown", "--language", "en"]),
    ("docs/config.zh-CN.md", &["reference", "config", "--language", "zh-CN"]),
    ("docs/config.en.md", &["reference", "config", "--language", "en"]),
];

#[test]
fn the_references_say_what_the_program_says() {
    let home = Home::empty();
    let bless = std::env::var_os("HUIYIN_BLESS").is_some();
    let mut stale = Vec::new();
    for (name, arguments) in MADE {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let said = home.done(arguments);
        if bless {
            fs::write(&path, &said).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != said {
            stale.push(*name);
        }
    }
    assert!(
        stale.is_empty(),
        "{stale:?}: look at it with HUIYIN_BLESS=1 cargo test --test it docs, then commit it"
    );
}

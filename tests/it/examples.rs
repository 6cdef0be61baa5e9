//! What `docs/examples` and `docs/operations.md` tell people to type is what the program understands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::Home;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn read(name: &str) -> String {
    fs::read_to_string(docs().join(name)).unwrap()
}

/// Runs a program of this machine; says why it cannot be asked.
fn asked(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output =
        Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

#[test]
fn every_option_and_variable_in_the_examples_is_one() {
    let home = Home::empty();
    let settings = home.done(&["reference", "config"]);
    let commands = ["serve", "migrate", "restore"].map(|name| (name, home.done(&[name, "--help"])));
    let mut options = 0;
    for name in ["examples/compose.yaml", "examples/huiyin@.service", "operations.md"] {
        let text = read(name).replace("\\\n", "");
        for line in text.lines() {
            for (command, help) in &commands {
                let typed = line.split_once(&format!("{command} "));
                let typed = typed.or_else(|| line.split_once(&format!("{command}\"")));
                let Some((_, typed)) = typed else { continue };
                let typed = typed.split(['`', '#', '|']).next().unwrap_or_default();
                for word in typed.split([' ', '"', ',', '[', ']']).filter(|word| word.starts_with("--")) {
                    assert!(help.contains(word), "{name}: `{command}` has no {word}");
                    options += 1;
                }
            }
        }
        let variables = text.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
        for variable in variables.filter(|word| word.starts_with("HUIYIN_")) {
            assert!(settings.contains(variable), "{name}: there is no {variable}");
        }
    }
    assert!(options >= 12, "only {options} options were looked at");
}

#[test]
fn the_compose_file_is_yaml() {
    let loads = "import sys\ntry:\n import yaml\nexcept ImportError:\n sys.exit(0)\nyaml.safe_load(open(sys.argv[1]))";
    let file = docs().join("examples/compose.yaml");
    if let Err(why) = asked("python3", &["-c", loads, file.to_str().unwrap()]) {
        println!("skipped: {why}");
    }
}

#[test]
fn systemd_understands_the_unit() {
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("huiyin@1.service");
    // The program is installed on no test machine.
    let text = read("examples/huiyin@.service").replace("/usr/local/bin/huiyin", "/bin/true");
    fs::write(&unit, text).unwrap();
    if let Err(why) = asked("systemd-analyze", &["verify", unit.to_str().unwrap()]) {
        println!("skipped: {why}");
    }
}

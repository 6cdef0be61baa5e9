//! Guards that walk the whole tree instead of lists kept by hand.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may use whom, as `docs/architecture.md` draws it. Everybody may use the domain and the clock.
const ARROWS: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("domain", &[]),
    ("i18n", &["clock"]),
    ("profile", &["i18n"]),
    ("wire", &[]),
    ("sample", &["profile"]),
    ("store", &[]),
    ("server", &["store", "wire", "profile"]),
    ("client", &["wire"]),
    ("journal", &["wire", "client"]),
    ("theme", &[]),
    ("desk", &["client", "journal", "theme", "i18n", "wire"]),
    ("config", &["i18n"]),
];

fn sources() -> Vec<PathBuf> {
    fn walk(dir: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                into.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    ["src", "tests", "benches"].iter().map(|dir| root.join(dir)).filter(|dir| dir.is_dir()).for_each(|dir| {
        walk(&dir, &mut found);
    });
    found.sort();
    assert!(found.len() > 50, "the walk found only {} files", found.len());
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string()
}

/// The code of a file without its inline tests, which may use what they like.
fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod ").map_or(text, |at| &text[..at])
}

/// The rooms a piece of source names: `crate::room` in any position, braces of a `use crate::{…}` included.
fn rooms_named(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let list = &list[..list.find(';').unwrap_or(list.len())];
            let mut depth = 0;
            let mut word = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => rooms.extend(first_word(&std::mem::take(&mut word))),
                    _ if depth == 0 => word.push(c),
                    _ => {}
                }
            }
            rooms.extend(first_word(&word));
        } else {
            rooms.extend(first_word(rest));
        }
    }
    rooms
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

#[test]
fn no_arrow_points_the_wrong_way() {
    let mut wrong = Vec::new();
    for path in sources() {
        let name = shown(&path);
        let Some(room) = name.strip_prefix("src/").and_then(|rest| rest.split(['/', '.']).next()) else {
            continue;
        };
        let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| *from == room) else { continue };
        let text = fs::read_to_string(&path).unwrap();
        for used in rooms_named(without_tests(&text)) {
            let known = ARROWS.iter().any(|(name, _)| *name == used) || used == "cli";
            let always = used == room || used == "domain" || (used == "clock" && room != "domain");
            if known && !always && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{name}: {room} -> {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "forbidden arrows:\n{}", wrong.join("\n"));
}

#[test]
fn the_arrow_guard_sees_what_it_must() {
    let text =
        "use crate::{server::router, domain::{case::Case, id}, store};\nfn f() { crate::desk::run(); }";
    let rooms: Vec<_> = rooms_named(text).into_iter().collect();
    assert_eq!(rooms, ["desk", "domain", "server", "store"]);
}

#[test]
fn no_file_is_longer_than_700_lines() {
    let long: Vec<_> = sources()
        .into_iter()
        .map(|path| (fs::read_to_string(&path).unwrap().lines().count(), shown(&path)))
        .filter(|(lines, _)| *lines > 700)
        .collect();
    assert!(long.is_empty(), "a noun is missing in: {long:?}");
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<_> = sources()
        .into_iter()
        .filter(|path| !fs::read_to_string(path).unwrap().trim_start().starts_with("//!"))
        .map(|path| shown(&path))
        .collect();
    assert!(silent.is_empty(), "no `//!` at the head of: {silent:?}");
}

/// One thing, and the only places that may do it.
const ONLY: &[(&str, &str, &[&str])] = &[
    ("src/", "Timestamp::now(", &["src/clock.rs"]),
    ("src/", "SystemTime::now(", &["src/clock.rs"]),
    ("src/desk/", "enable_raw_mode(", &["src/desk/terminal.rs"]),
    ("src/desk/", "UnicodeWidthStr", &["src/desk/text.rs"]),
    ("src/desk/", "UnicodeWidthChar", &["src/desk/text.rs"]),
    ("src/desk/", "widgets::Clear", &["src/desk/widgets/overlay.rs"]),
    // What writes into the buffer by itself cuts in silence; the brush and the widgets mark what they cut.
    ("src/desk/screens/", ".set_line(", &[]),
    ("src/desk/screens/", ".set_string(", &[]),
    ("src/desk/screens/", ".set_stringn(", &[]),
    ("src/desk/screens/", ".set_span(", &[]),
    ("src/desk/", ".set_line(", &["src/desk/widgets/cut.rs"]),
    ("src/desk/", "tokio::spawn(", &["src/desk/hands.rs"]),
    ("src/", "thread::sleep(", &[]),
];

#[test]
fn what_only_one_file_may_do_is_done_there() {
    let mut wrong = Vec::new();
    for path in sources() {
        let name = shown(&path);
        let text = fs::read_to_string(&path).unwrap();
        let code = without_tests(&text);
        for (under, what, homes) in ONLY {
            if name.starts_with(under) && code.contains(what) && !homes.iter().any(|home| name == *home) {
                wrong.push(format!("{name}: `{what}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "done elsewhere:\n{}", wrong.join("\n"));
}

#[test]
fn the_top_level_is_what_it_should_be() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let wanted = ["Cargo.lock", "Cargo.toml", "README.md", "docs", "src", "tests", "themes"];
    let found: BTreeSet<String> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && name != "target")
        .collect();
    assert_eq!(found, wanted.map(str::to_owned).into());
}

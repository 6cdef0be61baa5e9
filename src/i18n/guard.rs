//! Walks every source file and every locale file: `t!` answers a missing key with the key itself, in silence.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{FILES, Language};

/// Families whose keys are built while running: a code, a problem of the API, an action of the desk, and so on.
const FAMILIES: &[&str] = &[
    "channel.",
    "kind.",
    "urgency.",
    "state.",
    "sex.",
    "role.",
    "client.",
    "problem.",
    "profile.finding.",
    "element.",
    "action.",
    "action_help.",
    "context.",
    "keys_doc.",
    "text_key.",
    "text_key_help.",
    "control.",
    "control_help.",
    "why_not.",
    "screen.",
    "overlay_key.",
    "field.",
    "hint.",
    "dispatch_field.",
    "password_field.",
    "outcome_choice.",
    "confidential.",
    "safety.",
    "task_state.",
    "card.",
    "likeness.",
    "query_note.",
    "work_tab.",
    "verb.",
    "prompt.",
    "event.",
    "changed.",
    "fault.",
    "rule.",
    "journal.",
    "weekday.",
    "template_use.",
    "next.",
    "system.",
    "database_host.",
    "setting.",
    "setting_kind.",
    "json.",
    "doctor_check.",
    "doctor_verdict.",
    "export_column.",
    "call.",
    "standing.",
    "tell.",
    "weekday.",
    "month.",
    "linear_card.",
    "linear_command.",
    "theme.",
    "borders.",
    "theme_fault.",
    "scene.",
    "group.",
    "column.",
    "beside_key.",
    "first_key.",
    "tour_say.",
    "tour_do.",
    "aside_choice.",
    "item.",
    "item_help.",
    "drafts_of.",
    "halt.",
    "satisfaction.",
    "solved.",
];

/// Every key of a language, as the program itself has it.
fn keys(language: Language) -> BTreeMap<String, String> {
    crate::_rust_i18n_backend()
        .messages_for_locale(language.tag())
        .into_iter()
        .flatten()
        .filter(|(key, _)| !key.starts_with("_version"))
        .map(|(key, text)| (key.into_owned(), text.into_owned()))
        .collect()
}

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, out: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut out = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
    out
}

/// The literal first arguments of `t!(…)`.
fn keys_in(source: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, call) in source.match_indices("t!(") {
        let other_macro = source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let argument = source[at + call.len()..].trim_start();
        if let Some(rest) = argument.strip_prefix('"').filter(|_| !other_macro) {
            found.extend(rest.split('"').next());
        }
    }
    found
}

fn looks_like_a_key(literal: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    literal.contains('.') && literal.chars().all(plain)
}

#[test]
fn every_key_that_is_used_exists_in_both_languages() {
    let (zh, en) = (keys(Language::Zh), keys(Language::En));
    let mut missing = BTreeSet::new();
    for (path, source) in sources().iter().filter(|(path, _)| !path.ends_with("guard.rs")) {
        for key in keys_in(source).into_iter().filter(|key| looks_like_a_key(key)) {
            if !(zh.contains_key(key) && en.contains_key(key)) {
                missing.insert(format!("{path}: {key}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn no_language_lacks_a_key_or_a_slot() {
    let (zh, en) = (keys(Language::Zh), keys(Language::En));
    assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    let slots = |text: &str| {
        text.match_indices("%{")
            .filter_map(|(at, _)| text[at..].split('}').next().map(str::to_owned))
            .collect()
    };
    for (key, text) in &zh {
        let (ours, theirs): (BTreeSet<String>, BTreeSet<String>) = (slots(text), slots(&en[key]));
        assert_eq!(ours, theirs, "the slots of {key}");
        assert!(!text.trim().is_empty() && !en[key].trim().is_empty(), "{key} says nothing");
    }
}

#[test]
fn every_key_is_used() {
    let sources = sources();
    let mut unused: Vec<String> = Vec::new();
    for key in keys(Language::Zh).into_keys().filter(|key| !FAMILIES.iter().any(|f| key.starts_with(f))) {
        let literal = format!("\"{key}\"");
        if !sources.iter().any(|(_, source)| source.contains(&literal)) {
            unused.push(key);
        }
    }
    assert!(unused.is_empty(), "{unused:#?}");
}

/// A text that names a key would go on naming it when `keys.toml` says another: keys are put into slots.
#[test]
fn no_text_of_the_desk_names_a_key() {
    /// What is about keys as they are, and the words of the command line and of the linear mode.
    const ABOUT_KEYS: &[&str] = &[
        "cli.",
        "usage.",
        "doctor.",
        "setting.",
        "keys_doc.",
        "linear.",
        "action_help.",
        "control_help.",
        "help.told",
        "first_keys.way",
        "pick.enter",
    ];
    let texts = keys(Language::Zh);
    let wrong: Vec<_> = texts
        .iter()
        .filter(|(key, text)| !ABOUT_KEYS.iter().any(|about| key.starts_with(about)) && names_a_key(text))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn names_a_key(text: &str) -> bool {
    let of_function = |word: &str| {
        word.strip_prefix('F').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
    };
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    ["回车", "Ctrl-", "Alt-"].iter().any(|name| text.contains(name))
        || words.any(|word| of_function(word) || ["Enter", "Tab", "Esc"].contains(&word))
}

#[test]
fn every_file_is_watched_by_the_compiler() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/i18n/locales");
    let mut there: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    there.sort();
    assert_eq!(there, FILES, "src/i18n/locales against i18n::FILES (sorted)");
}

#[test]
fn the_guard_finds_what_it_looks_for() {
    assert_eq!(keys_in(r#"t!("a.b") assert!("no.key") rust_i18n::t!( "c.d", n = 1)"#), ["a.b", "c.d"]);
    assert!(["按 F6 去看", "Alt-T 重新读取", "按 Enter 打开", "回车查看"].into_iter().all(names_a_key));
    assert!(!["按 %{key} 打开", "编号 F", "Table"].into_iter().any(names_a_key));
}

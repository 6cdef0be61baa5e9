//! The pictures in `docs/screens/` are what the desk shows today. `HUIYIN_BLESS=1` draws them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is in a folder, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

#[test]
fn the_pictures_show_what_the_desk_shows() {
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/screens");
    let bless = std::env::var_os("HUIYIN_BLESS").is_some();
    let home = tempfile::tempdir().unwrap();
    let drawing: Vec<_> = ["zh-CN", "en"]
        .into_iter()
        .map(|language| {
            let drawn = home.path().join(language);
            let mut program = Command::new(env!("CARGO_BIN_EXE_huiyin"));
            program.args(["screen", "all", "--language", language, "-o"]).arg(&drawn);
            program.env("HUIYIN_HOME", home.path()).env_remove("HUIYIN_THEME").env_remove("HUIYIN_BORDERS");
            (language, drawn, program.spawn().unwrap())
        })
        .collect();
    let mut stale = Vec::new();
    for (language, drawn, mut program) in drawing {
        assert!(program.wait().unwrap().success(), "{language}");
        let (now, before) = (files(&drawn), files(&kept.join(language)));
        assert!(now.len() > 10, "{language}: only {:?}", now.keys());
        let names = now.keys().chain(before.keys());
        stale.extend(
            names.filter(|name| now.get(*name) != before.get(*name)).map(|name| format!("{language}/{name}")),
        );
        if bless {
            let _ = fs::remove_dir_all(kept.join(language));
            fs::create_dir_all(kept.join(language)).unwrap();
            now.iter().for_each(|(name, drawn)| fs::write(kept.join(language).join(name), drawn).unwrap());
        }
    }
    stale.sort();
    stale.dedup();
    assert!(
        bless || stale.is_empty(),
        "{stale:?}: draw them with HUIYIN_BLESS=1 cargo test --test it pictures, look at them, commit them"
    );
}

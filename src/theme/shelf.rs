//! The shelf: the themes that are part of the program, and before them those in a folder of the person's own.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::Theme;
use super::colour::Depth;
use super::fault::{Fault, ThemeError};

/// The themes that are part of the program, by name.
const BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../themes/colour-blind.toml")),
    ("sixteen", include_str!("../../themes/sixteen.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

/// The longest file that is read, in bytes; the longest of ours has 2,400.
const LONGEST: u64 = 64 * 1024;
/// The most files that are read.
const MOST: usize = 200;

/// The themes there are. Files of the person's own shadow the built-in ones of the same name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    /// By name.
    own: Vec<OwnSheet>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct OwnSheet {
    name: String,
    path: PathBuf,
    text: Result<String, Fault>,
}

/// A theme file, unread.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet<'a> {
    pub(super) name: &'a str,
    /// None for a built-in one.
    path: Option<&'a Path>,
    pub(super) text: Result<&'a str, &'a Fault>,
}

impl Sheet<'_> {
    /// Whether it is the person's own.
    pub(super) fn is_own(&self) -> bool {
        self.path.is_some()
    }

    /// What to call it in a complaint.
    pub(super) fn file(&self) -> String {
        self.path.map_or_else(|| format!("{}.toml", self.name), |path| path.display().to_string())
    }
}

impl Shelf {
    /// Reads every `*.toml` of `folder`, which need not exist. What is wrong with a file is said when it is loaded.
    pub fn read(folder: &Path) -> Self {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|end| end == "toml"))
            .collect();
        paths.sort();
        let sheet = |path: PathBuf| {
            let name = path.file_stem().and_then(|name| name.to_str()).filter(|name| is_name(name))?;
            Some(OwnSheet { name: name.to_owned(), text: read(&path), path })
        };
        Self { own: paths.into_iter().filter_map(sheet).take(MOST).collect() }
    }

    /// Every name, the built-in ones first.
    pub fn names(&self) -> Vec<String> {
        let built_in = BUILT_IN.iter().map(|(name, _)| *name);
        let own = self.own.iter().map(|sheet| sheet.name.as_str());
        let added = own.filter(|name| Self::built_in(name).is_none());
        built_in.chain(added).map(str::to_owned).collect()
    }

    /// Whether the theme of that name is the person's own.
    pub fn is_own(&self, name: &str) -> bool {
        self.own.iter().any(|sheet| sheet.name == name)
    }

    /// A theme for a terminal of this depth; `mono` for one without colours, whatever was asked for.
    pub fn load(&self, name: &str, depth: Depth) -> Result<Theme, ThemeError> {
        Theme::load(name, depth, self)
    }

    pub(super) fn sheet(&self, name: &str) -> Option<Sheet<'_>> {
        let own = self.own.iter().find(|sheet| sheet.name == name);
        let own =
            own.map(|OwnSheet { name, path, text }| Sheet { name, path: Some(path), text: text.as_deref() });
        own.or_else(|| Self::built_in(name))
    }

    pub(super) fn built_in(name: &str) -> Option<Sheet<'static>> {
        let (name, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Some(Sheet { name, path: None, text: Ok(text) })
    }
}

/// What a theme may be called; the settings take no other names.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

fn read(path: &Path) -> Result<String, Fault> {
    let unreadable = |error: io::Error| Fault::Unreadable(error.to_string());
    // A pipe would wait for ever.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(Fault::Unreadable("not a file".to_owned()));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(unreadable)?;
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LONGEST {
        return Err(Fault::TooLong);
    }
    String::from_utf8(bytes).map_err(|_| Fault::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Role;
    use ratatui::style::Color;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    /// What is wrong with `own.toml` beside `files`, without the folder.
    fn complaint(files: &[(&str, &str)]) -> String {
        let folder = folder(files);
        let error = Shelf::read(folder.path()).load("own", Depth::True).unwrap_err().to_string();
        error.replace(&format!("{}/", folder.path().display()), "")
    }

    #[test]
    fn a_file_adds_a_theme_or_shadows_one_and_may_build_on_what_it_shadows() {
        let folder = folder(&[
            ("own.toml", "inherits = \"light\"\n[palette]\nink = \"#010203\""),
            ("dark.toml", "inherits = \"dark\"\n[roles]\nnumber = { fg = \"#040506\" }"),
            ("notes.txt", "not a theme"),
            ("a b.toml", "no name for a setting"),
        ]);
        let shelf = Shelf::read(folder.path());
        assert_eq!(shelf.names()[5..], ["mono", "own"]);
        assert_eq!((shelf.is_own("dark"), shelf.is_own("light")), (true, false));
        let own = shelf.load("own", Depth::True).unwrap();
        assert_eq!(own.style(Role::Text).fg, Some(Color::Rgb(1, 2, 3)));
        let dark = shelf.load("dark", Depth::True).unwrap();
        assert_eq!(dark.style(Role::Number).fg, Some(Color::Rgb(4, 5, 6)));
        let ours = Theme::built_in("dark", Depth::True).unwrap();
        assert_eq!(dark.style(Role::Error), ours.style(Role::Error));
        assert_eq!(Shelf::read(Path::new("/nowhere")), Shelf::default());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let check = |text: &str, told: &str| assert_eq!(complaint(&[("own.toml", text)]), told);
        check("inherits = \"dark\"\n[roles]\n\"text.dimm\" = {}", "own.toml:3: unknown_role: text.dimm");
        check("[roles]\ntext = { fg = \"inc\" }", "own.toml:2: unknown_colour: inc");
        check("[palette]\nink = \"#12345\"", "own.toml:2: unknown_colour: #12345");
        check("[palette]\nink = [\"#123456\", \"grey\"]", "own.toml:2: unknown_colour: grey");
        check("[palette]\nink = [\"#123456\"]", "own.toml:2: wrong_kind: ink");
        check("[roles]\ntext = { modifiers = [\"fat\"] }", "own.toml:2: unknown_modifier: fat");
        check("[roles]\ntext = { modifiers = \"bold\" }", "own.toml:2: wrong_kind: modifiers");
        check("[roles]\n\ntext = { back = \"ink\" }", "own.toml:3: unknown_key: back");
        check("roles = 1", "own.toml:1: wrong_kind: roles");
        check("colour = 1", "own.toml:1: unknown_key: colour");
        check("\ninherits = \"own\"", "own.toml:2: unknown_parent: own");
        check("inherits = \"nowhere\"", "own.toml:1: unknown_parent: nowhere");
        assert!(complaint(&[("own.toml", "[roles]\ntext = ")]).starts_with("own.toml:2: not_toml: "));
        check(&"#".repeat(70_000), "own.toml:1: too_long: ");
    }

    #[test]
    fn what_leads_back_to_itself_is_refused() {
        let round = [("own.toml", "inherits = \"two\""), ("two.toml", "inherits = \"own\"")];
        assert_eq!(complaint(&round), "two.toml:1: cycle: own");
        let shadows = [("own.toml", "inherits = \"dark\""), ("dark.toml", "inherits = \"own\"")];
        assert_eq!(complaint(&shadows), "dark.toml:1: cycle: own");
    }
}

//! The real table of divisions made into a city, and its streets picked by their initials. The folder is named by
//! `HUIYIN_TEST_DATA`; without it this says that it was skipped.

use std::fs;
use std::path::PathBuf;

use huiyin::desk::widgets::table::{Entry, Table};
use huiyin::profile::Profile;
use ib_pinyin::pinyin::{PinyinData, PinyinNotation};

use crate::harness::Home;

#[test]
fn the_streets_of_real_cities_are_made_and_picked_by_their_initials() {
    let Some(data) = std::env::var_os("HUIYIN_TEST_DATA").map(PathBuf::from) else {
        eprintln!("skipped: HUIYIN_TEST_DATA is not set");
        return;
    };
    let home = Home::empty();
    let dir = home.path().join("city");
    fs::create_dir(&dir).unwrap();
    for file in huiyin::profile::FILES {
        let text = fs::read_to_string(format!("src/profile/demo/{file}")).unwrap();
        // The departments of the invented city stand at its own divisions.
        let lines = text.lines().filter(|line| !line.starts_with("division = "));
        fs::write(dir.join(file), lines.collect::<Vec<_>>().join("\n")).unwrap();
    }
    let (dir_name, areas, streets) =
        (dir.to_str().unwrap(), data.join("divisions_areas.csv"), data.join("divisions_streets.csv"));
    let import = |city: &str| {
        let files = [areas.to_str().unwrap(), streets.to_str().unwrap()];
        let arguments = [
            "profile",
            "import-divisions",
            dir_name,
            "--areas",
            files[0],
            "--streets",
            files[1],
            "--city",
            city,
        ];
        home.done(&arguments);
    };
    // A province's capital, a city without districts, one of four that are a province, and a whole province.
    for (city, fewest) in [("4403", 80), ("4419", 30), ("31", 200), ("62", 1300)] {
        import(city);
        let profile = Profile::load(&dir).unwrap();
        assert!(profile.divisions().len() > fewest, "{city}: {}", profile.divisions().len());
        assert!(dir.join("divisions.toml.old").exists());
    }

    import("4403");
    let profile = Profile::load(&dir).unwrap();
    let entries = profile.divisions().iter().map(|division| Entry {
        code: division.code.to_string(),
        name: division.name.clone(),
        ..Entry::default()
    });
    let table = Table::new(entries.collect());
    let pinyin = PinyinData::new(PinyinNotation::Ascii);
    let mut more = Vec::new();
    for division in profile.divisions().iter().filter(|division| division.parent.is_some()) {
        let initial = |c: char| {
            let mut first = None;
            pinyin.get_pinyins_and_for_each(c, |reading| {
                first = first
                    .or(reading.notation(PinyinNotation::Ascii).and_then(|syllable| syllable.chars().next()));
            });
            first
        };
        let initials: String = division.name.chars().filter_map(initial).collect();
        // Enter, and Down for each one listed before it.
        let place = table
            .matches(&initials, 50)
            .iter()
            .position(|found| table.entries()[found.index].code == division.code.as_str());
        more.push(place.unwrap_or_else(|| panic!("{} is not found by {initials}", division.name)) + 1);
    }
    more.sort_unstable();
    let within = more.iter().filter(|strokes| **strokes <= 2).count();
    assert!(within * 100 >= more.len() * 95, "{within} of {}: {more:?}", more.len());
}

//! The table of China's divisions, as it is published for everybody, made into the divisions of one city.
//!
//! Two files: districts (`code,name,…`) and streets (`code,name,areaCode,…`), with the codes of the statistics bureau,
//! six and nine digits, so that a code begins with that of what it belongs to. Other names that callers use stand in no
//! such table: those that a city has are kept, by code.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use serde::Deserialize;

use super::finding::Finding;
use super::rows::toml_rows;
use super::source::Source;
use crate::domain::catalogue::Division;
use crate::domain::code::DivisionCode;

/// The file that is made.
pub const DIVISIONS: &str = "divisions.toml";

/// The divisions of a city, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedDivisions {
    /// What [`DIVISIONS`] is to hold.
    pub text: String,
    /// How many districts.
    pub districts: usize,
    /// How many streets, towns and townships.
    pub streets: usize,
    /// How many divisions kept other names that the city has for them.
    pub aliased: usize,
}

/// Why nothing is made.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A line of a table is not what it should be.
    #[error("line {line} is no division")]
    BadLine {
        /// Whether it is in the table of streets.
        of_streets: bool,
        /// From 1.
        line: u64,
    },
    /// No district has such a code.
    #[error("there is no district whose code begins so")]
    NoDistrict,
    /// What the city has now cannot be read, so its other names would be lost.
    #[error("the divisions of the city are faulty")]
    Faulty(Vec<Finding>),
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] io::Error),
}

#[derive(Deserialize)]
struct Line {
    code: DivisionCode,
    name: String,
    #[serde(rename = "areaCode")]
    district: Option<DivisionCode>,
}

/// The districts whose codes begin with `city` (`4403` is Shenzhen, `11` Beijing) and their streets, with the other names
/// that the profile in `dir` has for them; there need be none.
pub fn import_divisions(
    areas: &str,
    streets: &str,
    city: &str,
    dir: &Path,
) -> Result<ImportedDivisions, ImportError> {
    let kept = kept_names(dir)?;
    let mut found = ImportedDivisions { text: String::new(), districts: 0, streets: 0, aliased: 0 };
    let mut of_district: HashMap<DivisionCode, Vec<Line>> = HashMap::new();
    for street in lines(streets, true)? {
        let district = street.district.clone();
        if let Some(district) = district.filter(|code| code.as_str().starts_with(city)) {
            of_district.entry(district).or_default().push(street);
        }
    }
    for district in lines(areas, false)?.into_iter().filter(|line| line.code.as_str().starts_with(city)) {
        found.districts += 1;
        found.write(&district, None, &kept);
        for street in of_district.remove(&district.code).unwrap_or_default() {
            found.streets += 1;
            found.write(&street, Some(&district.code), &kept);
        }
    }
    if found.districts == 0 { Err(ImportError::NoDistrict) } else { Ok(found) }
}

impl ImportedDivisions {
    fn write(
        &mut self,
        line: &Line,
        parent: Option<&DivisionCode>,
        kept: &HashMap<DivisionCode, Vec<String>>,
    ) {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let text = &mut self.text;
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "[[division]]\ncode = {}\nname = {}\n",
            quoted(line.code.as_str()),
            quoted(&line.name)
        );
        if let Some(parent) = parent {
            let _ = writeln!(text, "parent = {}", quoted(parent.as_str()));
        }
        if let Some(names) = kept.get(&line.code) {
            self.aliased += 1;
            let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            let _ = writeln!(text, "aliases = [{}]", names.join(", "));
        }
        text.push('\n');
    }
}

fn lines(table: &str, of_streets: bool) -> Result<Vec<Line>, ImportError> {
    let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let bad = |line| ImportError::BadLine { of_streets, line };
    let headers = reader.headers().map_err(|_| bad(1))?.clone();
    let read = |record: csv::Result<csv::StringRecord>| {
        let line = |position: Option<&csv::Position>| position.map_or(1, csv::Position::line);
        let record = record.map_err(|error| bad(line(error.position())))?;
        let division: Line = record.deserialize(Some(&headers)).map_err(|_| bad(line(record.position())))?;
        let whole = !division.name.trim().is_empty() && division.district.is_some() == of_streets;
        if whole { Ok(division) } else { Err(bad(line(record.position()))) }
    };
    reader.records().map(read).collect()
}

/// The other names that the city has for its divisions.
fn kept_names(dir: &Path) -> Result<HashMap<DivisionCode, Vec<String>>, ImportError> {
    let text = match std::fs::read_to_string(dir.join(DIVISIONS)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
        Err(error) => return Err(error.into()),
    };
    let mut findings = Vec::new();
    let source = Source { file: DIVISIONS, text, unread: false };
    let divisions = toml_rows::<Division>(&source, "division", &mut findings);
    if !findings.is_empty() {
        return Err(ImportError::Faulty(findings));
    }
    let named = divisions.into_iter().map(|row| row.value).filter(|division| !division.aliases.is_empty());
    Ok(named.map(|division| (division.code, division.aliases)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREAS: &str =
        "code,name,cityCode,provinceCode\n440303,\"罗湖区\",4403,44\n110101,\"东城区\",1101,11\n";
    const STREETS: &str = "code,name,areaCode,provinceCode,cityCode\n440303001,\"桂园街道\",440303,44,4403\n\
        110101001,\"东华门街道\",110101,11,1101\n440303002,\"黄贝街道\",440303,44,4403\n";

    #[test]
    fn a_city_is_taken_out_and_keeps_its_other_names() {
        let folder = tempfile::tempdir().unwrap();
        let first = import_divisions(AREAS, STREETS, "4403", folder.path()).unwrap();
        assert_eq!((first.districts, first.streets, first.aliased), (1, 2, 0));
        let own = first.text.replace("name = \"黄贝街道\"", "name = \"黄贝街道\"\naliases = [\"黄贝岭\"]");
        std::fs::write(folder.path().join(DIVISIONS), own).unwrap();
        let again = import_divisions(&format!("\u{feff}{AREAS}"), STREETS, "44", folder.path()).unwrap();
        assert_eq!((again.streets, again.aliased), (2, 1));
        std::fs::write(folder.path().join(DIVISIONS), &again.text).unwrap();
        assert_eq!(kept_names(folder.path()).unwrap().len(), 1);
        assert!(again.text.contains("aliases = [\"黄贝岭\"]") && !again.text.contains("东华门"));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line_and_nothing_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let import =
            |areas: &str, streets: &str, city: &str| import_divisions(areas, streets, city, folder.path());
        assert!(matches!(import(AREAS, STREETS, "9"), Err(ImportError::NoDistrict)));
        for (areas, streets, at) in [
            (AREAS, "code,name\n1,甲\n", (true, 2)),
            (AREAS, "code,name,areaCode\n440303001,,440303\n", (true, 2)),
            ("code,name\n440303,罗湖区\n44 03,甲\n", STREETS, (false, 3)),
            ("", STREETS, (false, 1)),
        ] {
            match import(areas, streets, "4403") {
                Err(ImportError::BadLine { of_streets, line }) => {
                    assert_eq!((of_streets, line), at, "{areas}{streets}");
                }
                other => assert!(
                    areas.is_empty() && matches!(other, Err(ImportError::NoDistrict)),
                    "{areas}{streets}"
                ),
            }
        }
        std::fs::write(folder.path().join(DIVISIONS), "[[division]]\ncode = 1\n").unwrap();
        assert!(
            matches!(import(AREAS, STREETS, "4403"), Err(ImportError::Faulty(found)) if found.len() == 1)
        );
    }
}

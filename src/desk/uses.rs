//! What the person at this desk uses: how often and how lately each code was chosen, so that it comes first.
//!
//! A use counts half after a month. Kept as one number a code: the logarithm of the count as it would be at the
//! epoch, which grows by being used and never has to be brought up to date. Codes only; nothing of a caller.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::city::CityTables;
use super::widgets::table::Table;

/// Seconds after which a use counts half.
const HALF: f64 = 30.0 * 24.0 * 3600.0;
/// Codes kept of each kind.
const KEPT: usize = 300;

/// The tables that people choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shelf {
    /// Departments.
    Department,
    /// Matters.
    Matter,
    /// Divisions.
    Division,
    /// Templates.
    Template,
    /// Tags, which are their own codes.
    Tag,
}

/// The uses of one person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Uses {
    heat: BTreeMap<Shelf, BTreeMap<String, f64>>,
    places: BTreeMap<Shelf, Vec<usize>>,
}

impl Uses {
    /// Reads what [`Uses::to_bytes`] wrote; anything else is as good as no use at all.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut heat: BTreeMap<Shelf, BTreeMap<String, f64>> =
            serde_json::from_slice(bytes).unwrap_or_default();
        heat.values_mut().for_each(cool);
        Self { heat, places: BTreeMap::new() }
    }

    /// Whether nothing was ever used.
    pub fn is_empty(&self) -> bool {
        self.heat.is_empty()
    }

    /// To be kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.heat).unwrap_or_default()
    }

    /// Counts a use.
    pub fn record(&mut self, of: Shelf, code: &str, now: Timestamp) {
        #[expect(clippy::cast_precision_loss, reason = "a second more or less does not matter")]
        let now = now.as_second() as f64 / HALF;
        let codes = self.heat.entry(of).or_default();
        let heat = codes.entry(code.to_owned()).or_insert(f64::NEG_INFINITY);
        let most = heat.max(now);
        *heat = most + ((*heat - most).exp2() + (now - most).exp2()).log2();
        cool(codes);
    }

    /// The codes used, the most used first.
    pub fn codes(&self, of: Shelf) -> Vec<&str> {
        let mut codes: Vec<(&str, f64)> =
            self.heat.get(&of).into_iter().flatten().map(|(code, heat)| (code.as_str(), *heat)).collect();
        codes.sort_by(|a, b| b.1.total_cmp(&a.1));
        codes.into_iter().map(|(code, _)| code).collect()
    }

    /// The places in `table` of the codes used, the most used first.
    pub fn places_in(&self, of: Shelf, table: &Table) -> Vec<usize> {
        self.codes(of).into_iter().filter_map(|code| table.find(code)).collect()
    }

    /// The same in the city's own table, as of the last [`Uses::settle`]: typing does not look codes up.
    pub fn places(&self, of: Shelf) -> &[usize] {
        self.places.get(&of).map_or(&[], Vec::as_slice)
    }

    /// Looks up where the codes stand in a city's tables.
    pub fn settle(&mut self, city: &CityTables) {
        for (shelf, table) in [
            (Shelf::Department, &city.departments),
            (Shelf::Matter, &city.matters),
            (Shelf::Division, &city.divisions),
        ] {
            let places = self.places_in(shelf, table);
            self.places.insert(shelf, places);
        }
    }
}

/// Forgets the least used, and what is no number.
fn cool(codes: &mut BTreeMap<String, f64>) {
    codes.retain(|_, heat| heat.is_finite());
    while codes.len() > KEPT {
        let coldest = codes.iter().min_by(|a, b| a.1.total_cmp(b.1)).map(|(code, _)| code.clone());
        coldest.and_then(|code| codes.remove(&code));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + n * 24 * 3600).unwrap()
    }

    #[test]
    fn often_and_lately_used_comes_first() {
        let mut uses = Uses::default();
        for _ in 0..3 {
            uses.record(Shelf::Department, "cgj", day(0));
        }
        uses.record(Shelf::Department, "sthj", day(1));
        assert_eq!(uses.codes(Shelf::Department), ["cgj", "sthj"]);
        assert!(uses.codes(Shelf::Matter).is_empty());
        // Two months later one use counts more than three then.
        uses.record(Shelf::Department, "zls", day(61));
        assert_eq!(uses.codes(Shelf::Department), ["zls", "cgj", "sthj"]);
    }

    #[test]
    fn it_is_kept_and_a_damaged_one_is_empty() {
        let mut uses = Uses::default();
        (0..400).for_each(|n| uses.record(Shelf::Tag, &n.to_string(), day(n)));
        uses.record(Shelf::Tag, "0", day(500));
        let again = Uses::of_bytes(&uses.to_bytes());
        assert_eq!((again.codes(Shelf::Tag).len(), again.codes(Shelf::Tag)[0]), (KEPT, "0"));
        let bytes = uses.to_bytes();
        for damaged in [&bytes[..bytes.len() / 2], b"", b"[1]", br#"{"caller":{"x":1}}"#, b"\xff\x00"] {
            assert_eq!(Uses::of_bytes(damaged), Uses::default());
        }
    }
}

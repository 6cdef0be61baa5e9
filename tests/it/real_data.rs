//! Real messages through the real program. The folder is named by `HUIYIN_TEST_DATA`; without it these say that they
//! were skipped. Nothing of the messages stands here: words are taken from them when the test runs.

use std::collections::BTreeSet;
use std::path::PathBuf;

use huiyin::client::Client;
use huiyin::domain::normalise::normalise;
use huiyin::domain::secret::Secret;
use huiyin::profile::Profile;
use huiyin::wire::search::SearchRequest;
use serde_json::{Value, json};

use crate::harness::{Home, PROGRAM_PASSWORD, RUNTIME};
use crate::labelled;

#[path = "../bench/messages.rs"]
mod messages;

/// The folder of real data, or a word that there is none.
#[expect(clippy::print_stderr, reason = "a test that was skipped says so")]
fn data(file: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("HUIYIN_TEST_DATA") else {
        eprintln!("skipped: HUIYIN_TEST_DATA is not set");
        return None;
    };
    Some(PathBuf::from(folder).join(file))
}

fn import(home: &Home, file: &std::path::Path, more: &[&str]) -> Value {
    let arguments = [&["import", file.to_str().unwrap(), "--json"], more].concat();
    let said = home.done(&arguments);
    serde_json::from_str(said.lines().last().unwrap()).unwrap()
}

/// Choices that are the same in every run: a linear congruence, for a test needs no better.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

#[test]
fn every_real_message_is_taken_once_and_every_two_character_word_is_found() {
    let Some(file) = data("messages.xlsx") else { return };
    let home = Home::with_boss();
    let first = import(&home, &file, &[]);
    let (accepted, repeated) = (first["accepted"].as_u64().unwrap(), first["repeated"].as_u64().unwrap());
    assert_eq!((accepted + repeated, first["refused"].as_u64()), (4326, Some(0)), "{first}");
    let again = import(&home, &file, &[]);
    assert_eq!(again, json!({"accepted": 0, "repeated": 4326, "refused": 0}));

    let rows: Vec<(String, String)> = csv::Reader::from_path(data("messages.csv").unwrap())
        .unwrap()
        .records()
        .map(|row| row.unwrap())
        .map(|row| (row[1].to_owned(), row[3].to_owned()))
        .collect();
    // A desk holds the database and serves it while we search.
    let mut desk = home.desk(&[]);
    desk.until_shows("已连接");
    let client = Client::new(&home.server_address(), None).unwrap();
    let password = Secret::new(PROGRAM_PASSWORD.to_owned());
    let session = RUNTIME.block_on(client.sign_in(&"boss".parse().unwrap(), &password)).unwrap();
    let client = client.with_token(Secret::new(session.token));
    let mut chosen = Seeded(2026);
    let mut words = BTreeSet::new();
    while words.len() < 50 {
        let text: Vec<char> = rows[chosen.below(rows.len())].1.chars().collect();
        let at = chosen.below(text.len().saturating_sub(1).max(1));
        let word: String = text.iter().skip(at).take(2).collect();
        let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        if word.chars().count() == 2 && word.chars().all(is_han) && normalise(&word) == word {
            words.insert(word);
        }
    }
    let key = |title: &str| normalise(title).split_whitespace().collect::<String>();
    for word in &words {
        let found: BTreeSet<String> = all_titles(&client, word).iter().map(|title| key(title)).collect();
        let scanned = rows.iter().filter(|(title, text)| {
            normalise(title).contains(word.as_str()) || normalise(text).contains(word.as_str())
        });
        let missed: Vec<_> = scanned.filter(|(title, _)| !found.contains(&key(title))).collect();
        assert!(missed.is_empty(), "{} of the messages with one word are not found", missed.len());
    }
    desk.quit();
}

/// The titles of everything found, page after page.
fn all_titles(client: &Client, word: &str) -> Vec<String> {
    let mut titles = Vec::new();
    let mut cursor = None;
    loop {
        let request = SearchRequest { query: format!("\"{word}\""), limit: Some(100), cursor, order: None };
        let page = RUNTIME.block_on(client.search(&request)).unwrap();
        titles.extend(page.cases.into_iter().map(|hit| hit.row.title));
        match page.next {
            Some(next) => cursor = Some(next),
            None => return titles,
        }
    }
}

#[test]
fn requests_of_another_city_come_in_by_a_mapping() {
    let Some(file) = data("nyc311_1000.csv") else { return };
    let home = Home::with_boss();
    let mapping = [
        "--map",
        "title=Complaint Type",
        "--map",
        "text={Descriptor}: {Resolution Description}",
        "--map",
        "place={Incident Address} {Borough}",
        "--zone",
        "America/New_York",
    ];
    let done = import(&home, &file, &mapping);
    let taken = done["accepted"].as_u64().unwrap() + done["repeated"].as_u64().unwrap();
    assert_eq!((taken, done["refused"].as_u64()), (1000, Some(0)), "{done}");
    let found = home.done(&["search", "noise", "--json", "--limit", "5"]);
    assert_eq!(found.lines().count(), 5);
    for line in found.lines() {
        let hit: Value = serde_json::from_str(line).unwrap();
        for field in ["number", "title", "state", "received_at"] {
            assert!(hit[field].is_string(), "{field}: {hit}");
        }
    }
}

#[test]
fn a_message_that_comes_again_stands_among_the_first_three_like_cases() {
    let Some(file) = data("messages.csv") else { return };
    let folder = tempfile::tempdir().unwrap();
    let store = huiyin::store::Store::sqlite(&folder.path().join("cases.db")).unwrap();
    let found = messages::told_again(&store, &file).unwrap();
    let told: Vec<_> = found.iter().map(|row| (row.how, row.asked, row.first, row.percent())).collect();
    let (exact, changed) = found.split_first().unwrap();
    assert!(exact.asked > 90 && exact.percent() >= 95, "{told:?}");
    assert!(changed.iter().all(|row| row.asked > 90 && row.percent() >= 85), "{told:?}");
}

#[test]
fn the_first_level_of_real_messages_is_told_at_least_as_well_as_by_a_linear_svm() {
    let Some(file) = data("labelled.csv") else { return };
    let messages = labelled::read(&file).unwrap();
    assert_eq!(messages.len(), 456);
    let tell = |profile, seed| {
        let told = labelled::tell(&messages, profile, seed, 1).unwrap();
        assert_eq!(told.confusion.iter().flatten().sum::<u32>(), 456);
        told.macro_f1()
    };
    let bare = [1, 2, 3].map(|seed| tell(None, seed));
    let with_words = tell(Some(Profile::demonstration()), 1);
    // scikit-learn's LinearSVC on TF-IDF of one to three characters, the same folds' sizes: 0.750.
    assert!(bare.iter().sum::<f64>() / 3.0 >= 0.750, "{bare:.3?}");
    assert!(with_words > bare[0], "{with_words:.3} {bare:.3?}");
}

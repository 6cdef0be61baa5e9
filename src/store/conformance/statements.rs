//! Every named statement is one the engine understands, with its parameters in the order of first use.

use super::database;
use crate::store::{
    accounts, attempts, audit, cases, epoch, feed, lessons, migrate, postgres, presence, sessions, sought,
    sqlite, stations, topics,
};

fn all() -> impl Iterator<Item = &'static str> {
    let aggregates = [
        accounts::STATEMENTS,
        attempts::STATEMENTS,
        audit::STATEMENTS,
        epoch::STATEMENTS,
        feed::STATEMENTS,
        lessons::STATEMENTS,
        migrate::STATEMENTS,
        presence::STATEMENTS,
        sessions::STATEMENTS,
        sought::STATEMENTS,
        stations::STATEMENTS,
        topics::STATEMENTS,
    ];
    aggregates.into_iter().chain(cases::ALL_STATEMENTS.iter().copied()).flatten().copied()
}

#[test]
fn every_statement_is_prepared_by_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let statements = all().chain(sqlite::SEARCH_STATEMENTS.iter().copied());
    sqlite::prepare_all(&folder.path().join("cases.db"), statements).unwrap();
}

#[test]
fn every_statement_is_prepared_by_postgres() {
    let Some(database) = database() else { return };
    let statements = all().chain(postgres::STATEMENTS.iter().copied().flatten().copied());
    assert_eq!(postgres::prepare_all(&database.url(), statements), Ok(()));
}

#[test]
fn parameters_are_numbered_in_the_order_of_first_use() {
    let own = sqlite::SEARCH_STATEMENTS.iter().chain(postgres::STATEMENTS.iter().copied().flatten()).copied();
    for sql in all().chain(own) {
        let mut seen = 0;
        for part in sql.split('$').skip(1) {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            let number: usize = digits.parse().unwrap();
            assert!(number <= seen + 1, "${number} comes too early in {sql}");
            seen = seen.max(number);
        }
    }
}

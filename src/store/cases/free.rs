//! Free keys and numbers: the next one that is not taken, found in a few probes however many are.
//!
//! Rows imported with a date and no time all ask for the same second. Walking past those taken would make a
//! thousand of them a million probes; so the step doubles until a free place is hit, and is halved back.

use jiff::{Timestamp, ToSpan};

use crate::domain::number::{CaseNumber, StationCode};
use crate::store::tx::statements;
use crate::store::{StoreError, Tx};

statements! {
    /// By primary key.
    KEY_TAKEN = "SELECT 1 FROM case_file WHERE key = $1";
    /// By the unique number.
    NUMBER_TAKEN = "SELECT 1 FROM case_file WHERE number = $1";
}

/// The first station that is the server's own.
const OWN_STATIONS: i64 = 9000;
/// How many stations are the server's own, and so how many numbers it has a second.
const OWN_PER_SECOND: i64 = 1000;

/// Where several file at once, they look for keys in so many steps.
const APART: i64 = 250;

/// The key for a case received then: that time in the steps of the engine, or a free one soon after; never before it.
pub(super) fn key(tx: &mut dyn Tx, received_at: Timestamp) -> Result<i64, StoreError> {
    let (at, wide) = (received_at.as_millisecond(), tx.key_step());
    let first = at + (-at).rem_euclid(wide) + wide * tx.apart(APART);
    let step = first_free(|step| Ok(tx.row(KEY_TAKEN, &[(first + step * wide).into()])?.is_some()))?;
    Ok(first + step * wide)
}

/// Whether a number stands for a case already.
pub(super) fn number_taken(tx: &mut dyn Tx, number: &CaseNumber) -> Result<bool, StoreError> {
    Ok(tx.row(NUMBER_TAKEN, &[number.as_str().into()])?.is_some())
}

/// A number of the server's own for a case received then, in the time of `zone`.
pub(super) fn number(
    tx: &mut dyn Tx,
    received_at: Timestamp,
    zone: &jiff::tz::TimeZone,
) -> Result<CaseNumber, StoreError> {
    let local = received_at.to_zoned_datetime(zone.clone()).datetime();
    let at = |step: i64| {
        let station = u16::try_from(OWN_STATIONS + step % OWN_PER_SECOND).unwrap_or(9999);
        let station = StationCode::try_from(station).unwrap_or(StationCode::MAX);
        CaseNumber::new(local.saturating_add((step / OWN_PER_SECOND).seconds()), station)
    };
    let from = tx.apart(OWN_PER_SECOND);
    let step = first_free(|step| number_taken(tx, &at(from + step)))?;
    Ok(at(from + step))
}

/// A step that is free and whose predecessor is taken, or 0.
fn first_free(mut taken: impl FnMut(i64) -> Result<bool, StoreError>) -> Result<i64, StoreError> {
    if !taken(0)? {
        return Ok(0);
    }
    let (mut low, mut high) = (0, 1);
    while taken(high)? {
        (low, high) = (high, high * 2);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if taken(middle)? { low = middle } else { high = middle }
    }
    Ok(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_probes_pass_thousands_of_taken_places() {
        for count in [0, 1, 2, 3, 1000, 65_536] {
            let mut probes = 0;
            let step = first_free(|step| {
                probes += 1;
                Ok(step < count)
            });
            assert_eq!(step, Ok(count));
            assert!(probes <= 40, "{probes} probes for {count}");
        }
    }
}

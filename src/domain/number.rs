//! The case number (工单编号): 18 digits that a caller can write down and read back.
//!
//! `yyMMddHHmmss` (local time of intake), four digits of the station, two check digits (ISO 7064 MOD 97-10, as in
//! an IBAN). The desk makes it itself, so that a caller gets the final number with the network down; the server
//! leases station codes so that no two desks share one. Any single wrong digit and any two neighbours swapped are
//! caught, which is what goes wrong when a number is read over the telephone.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::{RoundMode, ToSpan, Unit, civil::DateTimeRound};
use serde::{Deserialize, Serialize};

/// How many digits a case number has.
pub const DIGITS: usize = 18;

/// Why a text is not a case number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Something other than digits, blanks and hyphens.
    #[error("a case number has digits only")]
    NotDigits,
    /// Not 18 digits.
    #[error("a case number has 18 digits, not {0}")]
    Length(usize),
    /// The check digits do not fit: a digit was misheard or mistyped.
    #[error("the check digits do not fit")]
    Check,
    /// The check digits fit, yet the date or time does not exist.
    #[error("the date or time in the number does not exist")]
    Date,
}

/// A station code is 0 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a station code is 0000 to 9999")]
pub struct StationError;

/// The place in the hall that issues numbers: 0000 to 9999, leased by the server to one desk at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct StationCode(u16);

impl StationCode {
    /// The highest code.
    pub const MAX: Self = Self(9999);

    /// The code as a number.
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for StationCode {
    type Error = StationError;
    fn try_from(code: u16) -> Result<Self, StationError> {
        if code <= Self::MAX.0 { Ok(Self(code)) } else { Err(StationError) }
    }
}

impl From<StationCode> for u16 {
    fn from(code: StationCode) -> Self {
        code.0
    }
}

impl fmt::Display for StationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

/// A case number whose check digits fit and whose time exists. Ordered by time, then station.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseNumber(String);

impl CaseNumber {
    /// The number for an intake at this local time. Two digits hold the year, read back as 2000 to 2099.
    pub fn new(local: DateTime, station: StationCode) -> Self {
        let year = local.year().rem_euclid(100);
        let (month, day, hour) = (local.month(), local.day(), local.hour());
        let (minute, second) = (local.minute(), local.second());
        let body = format!("{year:02}{month:02}{day:02}{hour:02}{minute:02}{second:02}{station}");
        let check = 98 - remainder(body.bytes().chain(*b"00"));
        Self(format!("{body}{check:02}"))
    }

    /// Reads a number however it is grouped: blanks, hyphens and full-width digits are taken.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let mut digits = String::with_capacity(DIGITS);
        let mut count = 0;
        for c in text.chars() {
            match c {
                '0'..='9' | '０'..='９' => {
                    count += 1;
                    if count <= DIGITS {
                        digits.push(ascii_digit(c));
                    }
                }
                '-' | '－' | '‐' | '‑' | '–' | '—' => {}
                c if c.is_whitespace() => {}
                _ => return Err(NumberError::NotDigits),
            }
        }
        if count != DIGITS {
            return Err(NumberError::Length(count));
        }
        if remainder(digits.bytes()) != 1 {
            return Err(NumberError::Check);
        }
        let number = Self(digits);
        number.read_time().ok_or(NumberError::Date)?;
        Ok(number)
    }

    /// The 18 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For reading aloud: `261123 154203 0042 71`.
    pub fn grouped(&self) -> String {
        format!("{} {} {} {}", &self.0[..6], &self.0[6..12], &self.0[12..16], &self.0[16..])
    }

    /// The station that issued it.
    pub fn station(&self) -> StationCode {
        StationCode(self.part(12, 16))
    }

    /// The second it was issued for, in the local time of the city.
    pub fn local_time(&self) -> DateTime {
        self.read_time().unwrap_or(DateTime::ZERO)
    }

    fn read_time(&self) -> Option<DateTime> {
        let year = i16::try_from(2000 + self.part(0, 2)).ok()?;
        let two = |from: usize| i8::try_from(self.part(from, from + 2)).ok();
        DateTime::new(year, two(2)?, two(4)?, two(6)?, two(8)?, two(10)?, 0).ok()
    }

    fn part(&self, from: usize, to: usize) -> u16 {
        self.0.as_bytes()[from..to].iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'))
    }
}

/// The digits as a number, modulo 97.
fn remainder(digits: impl Iterator<Item = u8>) -> u32 {
    digits.fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97)
}

/// A full-width or ASCII digit as ASCII; anything else unchanged.
pub(super) fn ascii_digit(c: char) -> char {
    match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        _ => c,
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CaseNumber {
    type Err = NumberError;
    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for CaseNumber {
    type Error = NumberError;
    fn try_from(text: String) -> Result<Self, NumberError> {
        Self::parse(&text)
    }
}

impl From<CaseNumber> for String {
    fn from(number: CaseNumber) -> Self {
        number.0
    }
}

/// Gives out the numbers of one station, and never the same second twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberIssuer {
    station: StationCode,
    last: Option<DateTime>,
}

impl NumberIssuer {
    /// Goes on after `last`, the second of the newest number the station has issued.
    pub fn new(station: StationCode, last: Option<DateTime>) -> Self {
        Self { station, last }
    }

    /// The number for an intake now: this second, or the one after the last used when it is taken or the clock was
    /// set back. Many at once run ahead of the clock by as many seconds.
    pub fn next(&mut self, now: DateTime) -> CaseNumber {
        let whole = DateTimeRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
        let now = now.round(whole).unwrap_or(now);
        let second = match self.last {
            Some(last) if now <= last => last.saturating_add(1.second()),
            _ => now,
        };
        self.last = Some(second);
        CaseNumber::new(second, self.station)
    }

    /// The station it issues for.
    pub fn station(&self) -> StationCode {
        self.station
    }

    /// The second used last, to be kept across a restart.
    pub fn last(&self) -> Option<DateTime> {
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;
    use proptest::prelude::*;

    fn number() -> CaseNumber {
        CaseNumber::new(datetime(2026, 11, 23, 15, 42, 3, 999), StationCode(42))
    }

    #[test]
    fn is_made_of_time_station_and_check() {
        let number = number();
        insta::assert_snapshot!(number.grouped(), @"261123 154203 0042 72");
        assert_eq!(number.to_string().replace(' ', ""), number.as_str());
        assert_eq!(number.station().to_string(), "0042");
        assert_eq!(number.local_time(), datetime(2026, 11, 23, 15, 42, 3, 0));
    }

    #[test]
    fn is_read_with_any_grouping() {
        let number = number();
        let wide: String = number
            .grouped()
            .chars()
            .map(|c| match c.to_digit(10) {
                Some(digit) => char::from_u32(0xFF10 + digit).unwrap_or(c),
                None => '　',
            })
            .collect();
        for text in [number.as_str(), &number.grouped(), &number.grouped().replace(' ', "-"), &wide] {
            assert_eq!(CaseNumber::parse(text), Ok(number.clone()), "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let no_such_day = {
            let body = "260230120000000100";
            format!("{}{:02}", &body[..16], 98 - remainder(body.bytes()))
        };
        for (text, error) in [
            ("", NumberError::Length(0)),
            ("26112315420300427", NumberError::Length(17)),
            ("261123 154203 0042 711", NumberError::Length(19)),
            ("261123 154203 0042 7a", NumberError::NotDigits),
            ("261123 154203 0042 00", NumberError::Check),
            (&no_such_day, NumberError::Date),
        ] {
            assert_eq!(CaseNumber::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn never_uses_a_second_twice() {
        let noon = datetime(2026, 11, 23, 12, 0, 0, 500);
        let mut issuer = NumberIssuer::new(StationCode(7), None);
        let seconds = [noon, noon, datetime(2026, 11, 23, 11, 0, 0, 0), datetime(2026, 11, 23, 12, 0, 9, 0)]
            .map(|now| issuer.next(now).local_time().second());
        assert_eq!(seconds, [0, 1, 2, 9]);
        assert_eq!(issuer.last(), Some(datetime(2026, 11, 23, 12, 0, 9, 0)));
    }

    #[test]
    fn a_station_has_four_digits() {
        assert_eq!(StationCode::try_from(10_000), Err(StationError));
        assert_eq!(serde_json::to_string(&StationCode(42)).unwrap(), "42");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn every_single_slip_is_caught(seconds in 0i64..3_000_000_000, station in 0u16..10_000) {
            let local = datetime(2000, 1, 1, 0, 0, 0, 0).saturating_add(seconds.seconds());
            let number = CaseNumber::new(local, StationCode(station));
            prop_assert_eq!(number.local_time(), local);
            let digits = number.as_str().as_bytes();
            for at in 0..DIGITS {
                for other in b'0'..=b'9' {
                    let mut wrong = digits.to_vec();
                    wrong[at] = other;
                    let result = CaseNumber::parse(std::str::from_utf8(&wrong).unwrap());
                    prop_assert_eq!(result.is_ok(), other == digits[at]);
                }
                if at + 1 < DIGITS && digits[at] != digits[at + 1] {
                    let mut swapped = digits.to_vec();
                    swapped.swap(at, at + 1);
                    prop_assert_eq!(CaseNumber::parse(std::str::from_utf8(&swapped).unwrap()), Err(NumberError::Check));
                }
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}") {
            let _ = CaseNumber::parse(&text);
        }
    }
}

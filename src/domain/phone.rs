//! A telephone number as callers say it and switches send it, made comparable.
//!
//! All usual forms of one number give one key ([`PhoneNumber::as_str`]), so that a caller's history is found however
//! the number was written: `+86 138-0013-8000`, `0086 13800138000`, `013800138000` and full-width digits are one.
//! `Debug` is masked: numbers never reach a log line.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// The most digits a number may have; the longest in use are text-message gateways (`106…`).
pub const MAX_DIGITS: usize = 20;

/// Why a text is not a telephone number. Never carries the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// No digit in it.
    #[error("no telephone number given")]
    Empty,
    /// Something that does not belong in a telephone number.
    #[error("a telephone number has digits, blanks, hyphens and brackets only")]
    NotDigits,
    /// Fewer than three digits.
    #[error("too short for a telephone number")]
    TooShort,
    /// More than [`MAX_DIGITS`].
    #[error("too long for a telephone number")]
    TooLong,
    /// Begins like a number of a known sort but has too few or too many digits for it: most often a slip.
    #[error("no telephone number has this many digits after such a beginning")]
    WrongLength,
}

/// What sort of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// 11 digits beginning 13 to 19.
    Mobile,
    /// With its area code, or 7 to 8 digits of the city itself.
    Landline,
    /// 110, 12345, 95588, 400…, 106….
    Service,
    /// Another country or region, with its `+`.
    Foreign,
}

/// A telephone number in its comparable form, with an extension kept beside it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber {
    digits: String,
    extension: Option<String>,
}

impl PhoneNumber {
    /// Reads a number in any usual form: blanks, hyphens, brackets, full-width digits, +86, 0086, 86, a 0 before a
    /// mobile number, an extension after 转, 分机, `ext`, `x`, `#` or a last hyphen.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        // A number of 20 digits with every separator is far shorter; this bounds the work on hostile text.
        if text.chars().nth(100).is_some() {
            return Err(PhoneError::TooLong);
        }
        let text: String = text.nfkc().filter(|&c| !is_invisible(c)).flat_map(char::to_lowercase).collect();
        let (main, extension) = split_extension(text.trim());
        let plus = main.starts_with(['+', '(']) && main.trim_start_matches('(').starts_with('+');
        let mut groups: Vec<String> = Vec::new();
        let (mut hyphen, mut last_by_hyphen) = (false, false);
        let mut digits = String::new();
        let mut previous_is_digit = false;
        for (at, c) in main.char_indices() {
            match c {
                '0'..='9' => {
                    if !previous_is_digit {
                        groups.push(String::new());
                        last_by_hyphen = hyphen;
                        hyphen = false;
                    }
                    digits.push(c);
                    if let Some(group) = groups.last_mut() {
                        group.push(c);
                    }
                }
                '-' | '‐' | '‑' | '–' | '—' | '−' => hyphen = true,
                '(' | ')' | '.' | '/' => {}
                '+' if plus && digits.is_empty() && at <= 1 => {}
                c if c.is_whitespace() => {}
                _ => return Err(PhoneError::NotDigits),
            }
            previous_is_digit = c.is_ascii_digit();
        }
        match digits.len() {
            0 => return Err(PhoneError::Empty),
            1..=2 => return Err(PhoneError::TooShort),
            3..=MAX_DIGITS => {}
            _ => return Err(PhoneError::TooLong),
        }
        let with = |digits, extension: Option<&str>| Self { digits, extension: extension.map(str::to_owned) };
        if extension.is_none() && last_by_hyphen && groups.len() > 1 {
            let last = groups[groups.len() - 1].as_str();
            let before = &digits[..digits.len() - last.len()];
            if last.len() <= 5
                && let Ok(number) = key_of(before, plus)
                && kind_of(&number) == PhoneKind::Landline
            {
                return Ok(with(number, Some(last)));
            }
        }
        Ok(with(key_of(&digits, plus)?, extension))
    }

    /// The key by which one number is the same in all its forms: digits, with a leading `+` for another country.
    /// Landlines keep their area code with its 0. Without the extension.
    pub fn as_str(&self) -> &str {
        &self.digits
    }

    /// The extension behind a switchboard, digits only.
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// The other form of a landline in a city of this area code: with it, or without.
    pub fn otherwise(&self, area_code: &str) -> Option<String> {
        if self.kind() != PhoneKind::Landline {
            return None;
        }
        match self.local() {
            None => Some(format!("{area_code}{}", self.digits)),
            Some(local) => self.digits.starts_with(area_code).then(|| local.to_owned()),
        }
    }

    /// A landline's digits without its area code; none for a number that has none.
    pub fn local(&self) -> Option<&str> {
        let area = area_length(&self.digits);
        (area > 0 && self.kind() == PhoneKind::Landline).then(|| &self.digits[area..])
    }

    /// What sort of number it is.
    pub fn kind(&self) -> PhoneKind {
        kind_of(&self.digits)
    }

    /// Grouped for reading: `138 0013 8000`, `0755 2345 6789-801`.
    pub fn display(&self) -> String {
        let digits = self.digits.as_str();
        let mut shown = match self.kind() {
            PhoneKind::Mobile => format!("{} {} {}", &digits[..3], &digits[3..7], &digits[7..]),
            PhoneKind::Landline => {
                let (area, local) = digits.split_at(area_length(digits));
                let (head, tail) = local.split_at(local.len() - 4);
                [area, head, tail]
                    .iter()
                    .filter(|part| !part.is_empty())
                    .copied()
                    .collect::<Vec<_>>()
                    .join(" ")
            }
            PhoneKind::Service if is_ten_digit_service(digits) => {
                format!("{} {} {}", &digits[..3], &digits[3..6], &digits[6..])
            }
            PhoneKind::Service | PhoneKind::Foreign => digits.to_owned(),
        };
        if let Some(extension) = &self.extension {
            // Only a landline takes a hyphen; after a short service number it would read as one more group.
            shown.push(if self.kind() == PhoneKind::Landline { '-' } else { '#' });
            shown.push_str(extension);
        }
        shown
    }

    /// For eyes that need not call: `138****8000`, `0755****6789`. Always four stars, so that they tell no length.
    /// Service numbers are nobody's and are shown.
    pub fn masked(&self) -> String {
        let digits = self.digits.as_str();
        let (head, tail) = match self.kind() {
            PhoneKind::Service => return digits.to_owned(),
            PhoneKind::Mobile => (3, 4),
            PhoneKind::Landline => (area_length(digits), 3),
            PhoneKind::Foreign => (3, if digits.len() > 10 { 3 } else { 2 }),
        };
        format!("{}****{}", &digits[..head], &digits[digits.len() - tail..])
    }
}

/// The part before an extension marker, and the digits after it.
fn split_extension(text: &str) -> (&str, Option<&str>) {
    for marker in ["转接", "转", "轉", "分机", "分機", "ext.", "ext", "x", "#", ","] {
        if let Some((main, rest)) = text.split_once(marker) {
            let rest = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '.' | ':'));
            if !rest.is_empty() && rest.len() <= 6 && rest.bytes().all(|b| b.is_ascii_digit()) {
                return (main, Some(rest));
            }
        }
    }
    (text, None)
}

/// The comparable form of bare digits.
fn key_of(digits: &str, plus: bool) -> Result<String, PhoneError> {
    if plus {
        return match digits.strip_prefix("86") {
            Some(national) => of_china(national),
            None if (6..=15).contains(&digits.len()) && !digits.starts_with('0') => Ok(format!("+{digits}")),
            None => Err(PhoneError::WrongLength),
        };
    }
    if let Some(abroad) = digits.strip_prefix("00") {
        return key_of(abroad, true);
    }
    if let Some(national) = digits.strip_prefix("86")
        && national.len() >= 10
        && let Ok(key) = of_china(national)
    {
        return Ok(key);
    }
    if is_mobile(digits) || is_landline(digits) || is_service(digits) {
        return Ok(digits.to_owned());
    }
    match digits.strip_prefix('0') {
        Some(mobile) if is_mobile(mobile) => Ok(mobile.to_owned()),
        _ => Err(PhoneError::WrongLength),
    }
}

/// The comparable form of what follows the country code, where the 0 of the area code may be left out.
fn of_china(national: &str) -> Result<String, PhoneError> {
    if is_mobile(national) || is_service(national) || (national.starts_with('0') && is_landline(national)) {
        return Ok(national.to_owned());
    }
    let domestic = format!("0{national}");
    if !national.starts_with('0') && is_landline(&domestic) {
        Ok(domestic)
    } else {
        Err(PhoneError::WrongLength)
    }
}

fn kind_of(key: &str) -> PhoneKind {
    if key.starts_with('+') {
        PhoneKind::Foreign
    } else if is_mobile(key) {
        PhoneKind::Mobile
    } else if is_landline(key) {
        PhoneKind::Landline
    } else {
        PhoneKind::Service
    }
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && matches!(digits.as_bytes()[1], b'3'..=b'9')
}

fn is_landline(digits: &str) -> bool {
    let local = digits.len() - area_length(digits);
    match area_length(digits) {
        // Within the city: service numbers begin with 1 or 9.
        0 => matches!(local, 7 | 8) && matches!(digits.as_bytes()[0], b'2'..=b'8'),
        // 010 and 02x have 8 digits throughout.
        3 => local == 8,
        _ => matches!(local, 7 | 8) && digits.as_bytes()[1] != b'1',
    }
}

fn is_service(digits: &str) -> bool {
    match digits.len() {
        3..=8 => !digits.starts_with('0'),
        10 => is_ten_digit_service(digits),
        _ => digits.starts_with("106"),
    }
}

fn is_ten_digit_service(digits: &str) -> bool {
    digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"))
}

/// The area code with its 0: three digits for 010 and 02x, four elsewhere, none without a 0.
fn area_length(digits: &str) -> usize {
    match digits.as_bytes() {
        [b'0', b'1' | b'2', _, ..] => 3,
        [b'0', _, _, _, ..] => 4,
        _ => 0,
    }
}

/// Marks of direction and width that come along when a number is copied from a contact list.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.masked())
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneError;
    fn try_from(text: String) -> Result<Self, PhoneError> {
        Self::parse(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        match number.extension {
            Some(extension) => format!("{}转{extension}", number.digits),
            None => number.digits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_usual_form_is_one_number() {
        let mobile =
            ["13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000", "+86-138-0013-8000"];
        let mobile_too = [
            "0086 138 0013 8000",
            "8613800138000",
            "(+86)13800138000",
            "013800138000",
            "１３８００１３８０００",
        ];
        for text in mobile.iter().chain(&mobile_too) {
            assert_eq!(PhoneNumber::parse(text).unwrap().as_str(), "13800138000", "{text}");
        }
        for text in [
            "0755-23456789",
            "(0755)23456789",
            "（0755）2345 6789",
            "+86 755 2345 6789",
            "86-755-23456789",
            "0086 (0755) 23456789",
            "+86(0755)23456789",
            "0755 2345-6789",
            "\u{202a}0755\u{2010}23456789\u{202c}",
        ] {
            assert_eq!(PhoneNumber::parse(text).unwrap().as_str(), "075523456789", "{text}");
        }
    }

    #[test]
    fn sorts_groups_and_masks() {
        use PhoneKind::{Foreign, Landline, Mobile, Service};
        for (text, kind, display, masked) in [
            ("13800138000", Mobile, "138 0013 8000", "138****8000"),
            ("075523456789", Landline, "0755 2345 6789", "0755****789"),
            ("05312345678", Landline, "0531 234 5678", "0531****678"),
            ("01012345678", Landline, "010 1234 5678", "010****678"),
            ("23456789", Landline, "2345 6789", "****789"),
            ("12345", Service, "12345", "12345"),
            ("110", Service, "110", "110"),
            ("400-123-4567", Service, "400 123 4567", "4001234567"),
            ("10690000123456", Service, "10690000123456", "10690000123456"),
            ("+44 20 7946 0000", Foreign, "+442079460000", "+44****000"),
            ("00852 2345 6789", Foreign, "+85223456789", "+85****789"),
        ] {
            let number = PhoneNumber::parse(text).unwrap();
            assert_eq!((number.kind(), number.display().as_str()), (kind, display), "{text}");
            assert_eq!(number.masked(), masked, "{text}");
            assert_eq!(format!("{number:?}"), format!("PhoneNumber({masked})"));
        }
    }

    #[test]
    fn keeps_the_extension_apart() {
        for (text, digits, extension) in [
            ("0755-23456789转801", "075523456789", "801"),
            ("0755-23456789 转 801", "075523456789", "801"),
            ("0755-2345678-8", "07552345678", "8"),
            ("010-12345678-8012", "01012345678", "8012"),
            ("23456789分机12", "23456789", "12"),
            ("+86 755 23456789 ext. 12", "075523456789", "12"),
            ("400-123-4567#3", "4001234567", "3"),
        ] {
            let number = PhoneNumber::parse(text).unwrap();
            assert_eq!((number.as_str(), number.extension()), (digits, Some(extension)), "{text}");
        }
    }

    #[test]
    fn a_landline_is_known_with_and_without_the_area_code_of_its_city() {
        for (text, other) in [
            ("23456789", Some("075523456789")),
            ("0755 2345 6789", Some("23456789")),
            ("010-12345678", None),
            ("13800138000", None),
            ("12345", None),
            ("+44 20 7946 0000", None),
        ] {
            assert_eq!(PhoneNumber::parse(text).unwrap().otherwise("0755").as_deref(), other, "{text}");
        }
    }

    #[test]
    fn refuses_slips() {
        for (text, error) in [
            ("", PhoneError::Empty),
            ("转", PhoneError::NotDigits),
            ("12", PhoneError::TooShort),
            ("1380013800", PhoneError::WrongLength),
            ("138001380001", PhoneError::WrongLength),
            ("0755-234567", PhoneError::WrongLength),
            ("+86 12", PhoneError::WrongLength),
            ("张三", PhoneError::NotDigits),
            ("138\0", PhoneError::NotDigits),
            ("123456789012345678901", PhoneError::TooLong),
        ] {
            assert_eq!(PhoneNumber::parse(text), Err(error), "{text}");
        }
        assert_eq!(PhoneNumber::parse(&"1".repeat(100_000)), Err(PhoneError::TooLong));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn what_is_stored_reads_back(text in "[+(]?[0-9０-９ 转-]{1,16}") {
            if let Ok(number) = PhoneNumber::parse(&text) {
                let stored = String::from(number.clone());
                prop_assert_eq!(&PhoneNumber::parse(&stored), &Ok(number.clone()));
                prop_assert_eq!(&PhoneNumber::parse(&number.display()), &Ok(number));
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}") {
            let _ = PhoneNumber::parse(&text).map(|number| (number.masked(), number.display()));
        }
    }
}

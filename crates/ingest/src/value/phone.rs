//! Phone numbers to E.164.

use std::collections::HashMap;

use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use rapport_domain::PhoneNumber;

use super::text;

/// Numbers that are remembered; the same customer often stands in many rows.
const MAX_REMEMBERED: usize = 10_000;

/// Reads phone numbers, and remembers what it read.
#[derive(Debug, Default)]
pub struct PhoneReader {
    known: HashMap<(String, Option<Id>), Option<PhoneNumber>>,
}

impl PhoneReader {
    /// Reads a number; `None` where it cannot be one.
    ///
    /// A number with its country code (`+44…`, or `00…` where the region dials so) is taken at its
    /// word; one without is read as a number of `region` (ISO 3166 code of two letters) and must be
    /// valid there. Extensions are dropped.
    pub fn read(&mut self, value: &str, region: Option<&str>) -> Option<PhoneNumber> {
        let region = region.and_then(known_region);
        let key = (value.to_owned(), region);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let number = parse(value, region);
        if self.known.len() >= MAX_REMEMBERED {
            self.known.clear();
        }
        self.known.insert(key, number.clone());
        number
    }
}

/// Whether numbers can be read as numbers of this region (ISO 3166 code of two letters).
pub fn is_region(code: &str) -> bool {
    known_region(code).is_some()
}

/// The region, where the numbering plans are known; the library panics on others.
fn known_region(code: &str) -> Option<Id> {
    let id: Id = code.trim().to_ascii_uppercase().parse().ok()?;
    DATABASE.by_id(id.as_ref()).map(|_| id)
}

fn parse(value: &str, region: Option<Id>) -> Option<PhoneNumber> {
    let digits = dialable(value)?;
    let number = phonenumber::parse(region, &digits).ok()?;
    if !digits.starts_with('+') && !phonenumber::is_valid(&number) {
        return None;
    }
    let e164 = number.format().mode(phonenumber::Mode::E164).to_string();
    e164.parse().ok()
}

/// Digits, with a `+` before them where one stands; `None` where there are fewer than seven or
/// more than fifteen, the longest that E.164 allows, and some for a prefix.
fn dialable(value: &str) -> Option<String> {
    let cleaned = text::clean(value);
    let number = without_extension(&cleaned);
    let number = number.strip_prefix("tel:").unwrap_or(number);
    // A spreadsheet that took the number for one: 13812345678.0
    let number = number.strip_suffix(".0").unwrap_or(number);
    // The digit that only domestic callers dial: +44 (0)20.
    let number = if number.starts_with('+') {
        number.replace("(0)", "")
    } else {
        number.to_owned()
    };
    let mut digits = String::with_capacity(number.len());
    for (at, c) in number.char_indices() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if at == 0 => digits.push(c),
            '-' if at == 0 => return None,
            ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{2010}'..='\u{2015}' => {}
            _ => return None,
        }
    }
    let n_digits = digits.trim_start_matches('+').len();
    (7..=18).contains(&n_digits).then_some(digits)
}

/// Cuts off what follows the number itself: `x12`, `ext. 12`, `转12`, `分机12`, `;ext=12`, `#12`.
fn without_extension(number: &str) -> &str {
    const MARKS: [&str; 6] = [";", "ext", "x", "#", "转", "分机"];
    let lower = number.to_ascii_lowercase();
    let cut = MARKS.iter().filter_map(|mark| lower.find(mark)).min();
    match cut {
        Some(at) => number[..at].trim_end_matches([' ', ',', '(', '-']),
        None => number,
    }
}

/// Whether the text looks like a phone number rather than any other number.
pub(crate) fn is_plausible(value: &str) -> bool {
    let cleaned = text::clean(value);
    let Some(digits) = dialable(&cleaned) else {
        return false;
    };
    // One point makes a fraction; 415.555.0123 has two.
    if cleaned.matches('.').count() == 1 && !cleaned.contains([' ', '-', '(', '+']) {
        return false;
    }
    let is_grouped = cleaned.contains([' ', '-', '(', '/']);
    let is_chinese_mobile = digits.len() == 11
        && digits.starts_with('1')
        && matches!(digits.as_bytes()[1], b'3'..=b'9');
    digits.starts_with('+')
        || is_chinese_mobile
        || (digits.starts_with('0') && digits.len() >= 9)
        || (is_grouped && !super::date::is_date(&cleaned))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(value: &str, region: Option<&str>, expected: Option<&str>) {
        let found = PhoneReader::default().read(value, region);
        assert_eq!(found.as_ref().map(PhoneNumber::as_str), expected, "{value}");
    }

    #[test]
    fn numbers_become_e164() {
        check("+44 20 7946 0958", None, Some("+442079460958"));
        check("+44 (0)20 7946 0958", None, Some("+442079460958"));
        check("020 7946 0958", Some("GB"), Some("+442079460958"));
        check("0044 20 7946 0958", Some("CN"), Some("+442079460958"));
        check("138 1234 5678", Some("CN"), Some("+8613812345678"));
        check("１３８１２３４５６７８", Some("cn"), Some("+8613812345678"));
        check("13812345678.0", Some("CN"), Some("+8613812345678"));
        check("010-62341234转801", Some("CN"), Some("+861062341234"));
        check("(650) 253-0000 ext. 12", Some("US"), Some("+16502530000"));
        check("'+8801712345678", None, Some("+8801712345678"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for value in [
            "",
            "12",
            "phone",
            "1.38E+10",
            "12345678901234567890",
            "++4420794609",
        ] {
            check(value, Some("GB"), None);
        }
        check("020 7946 0958", None, None);
        check("12345678", Some("CN"), None);
        check("020 7946 0958", Some("AQ"), None);
    }

    #[test]
    fn phone_numbers_are_told_from_other_numbers() {
        for value in [
            "+442079460958",
            "020 7946 0958",
            "13812345678",
            "(650) 253-0000",
        ] {
            assert!(is_plausible(value), "{value}");
        }
        for value in [
            "536365",
            "2010-12-01",
            "12345678",
            "2.55",
            "0.766126609",
            "-0.766126609",
        ] {
            assert!(!is_plausible(value), "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(value in "[+0-9 ()x.-]{0,20}|.{0,20}") {
            let mut reader = PhoneReader::default();
            for region in [None, Some("US"), Some("CN"), Some("GB"), Some("DE"), Some("BR")] {
                reader.read(&value, region);
            }
            is_plausible(&value);
        }
    }
}

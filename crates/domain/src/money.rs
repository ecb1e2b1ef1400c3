//! Money in whole minor units with its currency; no floating point.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Invalid, grouped};

/// A currency by its ISO 4217 code of three capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// Pound sterling.
    pub const GBP: Self = Self(*b"GBP");
    /// Chinese yuan.
    pub const CNY: Self = Self(*b"CNY");

    /// The code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a currency holds ASCII letters only")
    }

    /// Digits after the decimal point (ISO 4217 exponent): 2 for most, 0 or 3 for some.
    pub fn exponent(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }

    /// Minor units in one major unit: 100 for most.
    pub fn minor_per_major(self) -> i64 {
        10_i64.pow(self.exponent())
    }
}

impl FromStr for Currency {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = text.trim().to_ascii_uppercase();
        match <[u8; 3]>::try_from(upper.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(Invalid::one(
                "/currency",
                "not_a_currency",
                "use a code of three letters such as EUR",
            )),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Whole minor units (cents, pence, fen); negative for refunds.
    pub amount_minor: i64,
    /// The currency that the minor units belong to.
    pub currency: Currency,
}

impl Money {
    /// Builds an amount.
    pub const fn new(amount_minor: i64, currency: Currency) -> Self {
        Self {
            amount_minor,
            currency,
        }
    }

    /// Reads a plain decimal such as `-12.345`, rounding half away from zero to minor units.
    ///
    /// # Errors
    /// [`Invalid`] where the text is no plain decimal or the amount does not fit 64 bits.
    pub fn parse_decimal(text: &str, currency: Currency) -> Result<Self, Invalid> {
        scaled_decimal(text, currency.exponent())
            .map(|amount_minor| Self {
                amount_minor,
                currency,
            })
            .ok_or_else(|| Invalid::one("/amount", "not_an_amount", "write an amount as 1234.50"))
    }

    /// This amount times a quantity, rounded half away from zero; `None` where it does not fit.
    pub fn times(self, quantity: f64) -> Option<Self> {
        let product = (self.amount_minor as f64 * quantity).round();
        (product.abs() < 9.0e15).then_some(Self {
            amount_minor: product as i64,
            currency: self.currency,
        })
    }

    /// The amount as a plain decimal with all its digits: `-12.50`, in yen `1250`.
    pub fn decimal(self) -> String {
        let per_major = self.currency.minor_per_major().unsigned_abs();
        let sign = if self.amount_minor < 0 { "-" } else { "" };
        let all = self.amount_minor.unsigned_abs();
        let (major, minor) = (all / per_major, all % per_major);
        match self.currency.exponent() as usize {
            0 => format!("{sign}{major}"),
            width => format!("{sign}{major}.{minor:0width$}"),
        }
    }

    /// The amount for a sentence that says "about": whole units, thousands apart (`16,046 USD`).
    pub fn in_round_units(self) -> String {
        let per_major = self.currency.minor_per_major().unsigned_abs();
        let units = (self.amount_minor.unsigned_abs() + per_major / 2) / per_major;
        let sign = if self.amount_minor < 0 && units > 0 {
            "-"
        } else {
            ""
        };
        format!("{sign}{} {}", grouped(units), self.currency)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

/// `text` times ten to the `exponent`, rounded half away from zero.
fn scaled_decimal(text: &str, exponent: u32) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value: i64 = 0;
    for byte in whole.bytes() {
        value = push_digit(value, byte)?;
    }
    let mut fraction_bytes = fraction.bytes();
    for _ in 0..exponent {
        value = push_digit(value, fraction_bytes.next().unwrap_or(b'0'))?;
    }
    let rest: Vec<u8> = fraction_bytes.collect();
    if !rest.iter().all(u8::is_ascii_digit) {
        return None;
    }
    if rest.first().is_some_and(|&digit| digit >= b'5') {
        value = value.checked_add(1)?;
    }
    Some(if negative { -value } else { value })
}

fn push_digit(value: i64, byte: u8) -> Option<i64> {
    let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0'))?;
    value.checked_mul(10)?.checked_add(digit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, currency: Currency, expected: Option<i64>) {
        let parsed = Money::parse_decimal(text, currency)
            .ok()
            .map(|money| money.amount_minor);
        assert_eq!(parsed, expected, "{text}");
    }

    #[test]
    fn decimals_become_minor_units() {
        check("2.55", Currency::GBP, Some(255));
        check("-11062.06", Currency::GBP, Some(-1_106_206));
        check(".5", Currency::USD, Some(50));
        check("7", Currency::USD, Some(700));
        check("0.001", Currency::USD, Some(0));
        check("1.005", Currency::USD, Some(101));
        check("1500", "JPY".parse().unwrap(), Some(1500));
        check("1.5", "KWD".parse().unwrap(), Some(1500));
    }

    #[test]
    fn an_amount_in_a_sentence_is_round() {
        let about = |minor, currency| Money::new(minor, currency).in_round_units();
        assert_eq!(about(1_604_622, Currency::USD), "16,046 USD");
        assert_eq!(about(99_950, Currency::USD), "1,000 USD");
        assert_eq!(about(-123_456_789, Currency::GBP), "-1,234,568 GBP");
        assert_eq!(about(-49, Currency::GBP), "0 GBP");
        assert_eq!(about(1500, "JPY".parse().unwrap()), "1,500 JPY");
    }

    #[test]
    fn what_is_no_plain_decimal_is_refused() {
        for text in [
            "",
            "-",
            ".",
            "1,5",
            "1e3",
            "abc",
            "1.2.3",
            "1.23x",
            "99999999999999999999",
        ] {
            check(text, Currency::USD, None);
        }
    }

    #[test]
    fn a_currency_has_three_letters() {
        assert!("eur".parse::<Currency>().is_ok());
        assert!("EURO".parse::<Currency>().is_err());
        assert!("€".parse::<Currency>().is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(amount_minor in -9_000_000_000_000_i64..9_000_000_000_000) {
            let money = Money::new(amount_minor, Currency::EUR);
            let text = money.to_string();
            let decimal = text.strip_suffix(" EUR").unwrap();
            prop_assert_eq!(Money::parse_decimal(decimal, Currency::EUR).unwrap(), money);
        }
    }
}

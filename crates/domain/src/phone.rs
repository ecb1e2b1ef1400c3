//! Phone numbers in E.164; reading other people's spellings is the importer's work.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Invalid;

/// A phone number in E.164: `+`, country code, subscriber number; 8 to 15 digits in all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// The number with its leading `+`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PhoneNumber {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_valid = text.strip_prefix('+').is_some_and(|digits| {
            (8..=15).contains(&digits.len())
                && digits.bytes().all(|b| b.is_ascii_digit())
                && !digits.starts_with('0')
        });
        if is_valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::one(
                "/phone",
                "not_e164",
                "write a phone number as +14155550123",
            ))
        }
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_e164_is_accepted() {
        assert!("+8613812345678".parse::<PhoneNumber>().is_ok());
        for text in [
            "",
            "+",
            "13812345678",
            "+0123456789",
            "+1 415 555 0123",
            "+1234567890123456",
        ] {
            assert!(text.parse::<PhoneNumber>().is_err(), "{text}");
        }
    }
}

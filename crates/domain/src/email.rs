//! E-mail addresses, in the form in which two spellings of one mailbox are equal.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Invalid;

/// An e-mail address, lower-case and trimmed.
///
/// The check is the practical one: one `@`, something before it, a dotted domain after it, no
/// blanks, at most 254 characters (RFC 5321). Whether the mailbox exists only a message can tell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for EmailAddress {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let address = text.trim().to_lowercase();
        let is_valid = address.len() <= 254
            && !address
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || ",;<>()".contains(c))
            && matches!(address.split_once('@'), Some((local, domain))
                if !local.is_empty() && local.len() <= 64 && is_dotted_domain(domain));
        if is_valid {
            Ok(Self(address))
        } else {
            Err(Invalid::one(
                "/email",
                "not_an_email",
                "write an address as name@example.com",
            ))
        }
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for EmailAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

fn is_dotted_domain(domain: &str) -> bool {
    domain.contains('.')
        && !domain.contains('@')
        && domain
            .split('.')
            .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_mailbox_are_equal() {
        let a: EmailAddress = " Ada.King@Example.COM ".parse().unwrap();

        assert_eq!(a.as_str(), "ada.king@example.com");
        assert_eq!(a.domain(), "example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "a b@c.de",
            "a@b@c.de",
            "a@.de",
            "a,b@c.de",
        ] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text}");
        }
    }
}

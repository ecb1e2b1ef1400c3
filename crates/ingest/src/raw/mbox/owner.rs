//! Whose mailbox it is: addresses and domains that are ours, so that all others are our customers'.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use mail_parser::MessageParser;

use super::message::addresses_of;
use super::{Mail, Mails};
use crate::source::{Source, TextSource};
use crate::{FileFormat, IngestError};

/// Messages that tell whose mailbox it is.
const MESSAGES_MAX: usize = 300;

/// Providers with whom strangers have their addresses, so that the domain tells of no house.
const PROVIDERS: [&str; 32] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "yahoo.co.uk",
    "yahoo.co.jp",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "gmx.de",
    "gmx.net",
    "gmx.com",
    "web.de",
    "t-online.de",
    "mail.com",
    "mail.ru",
    "yandex.ru",
    "zoho.com",
    "qq.com",
    "foxmail.com",
    "163.com",
    "126.com",
    "yeah.net",
    "sina.com",
    "sohu.com",
    "aliyun.com",
];

/// Who is one of us.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Owner {
    addresses: HashSet<String>,
    domains: HashSet<String>,
}

impl Owner {
    /// The owner of these addresses, and everybody at these domains. An address stands for itself; the
    /// domain that several of them share is that of the house, unless strangers have theirs there, too.
    pub(crate) fn of(own: &[String]) -> Self {
        let mut owner = Self::default();
        for text in own {
            let text = text.trim().to_lowercase();
            match text.split_once('@') {
                Some(("", domain)) => {
                    owner.domains.insert(domain.to_owned());
                }
                Some(_) => {
                    owner.addresses.insert(text);
                }
                None if text.is_empty() => {}
                None => {
                    owner.domains.insert(text);
                }
            }
        }
        let mut n_of_domain: HashMap<&str, usize> = HashMap::new();
        for address in &owner.addresses {
            *n_of_domain.entry(domain_of(address)).or_default() += 1;
        }
        let of_house = n_of_domain
            .into_iter()
            .filter(|(domain, n)| *n > 1 && !PROVIDERS.contains(domain));
        let of_house: Vec<String> = of_house.map(|(domain, _)| domain.to_owned()).collect();
        owner.domains.extend(of_house);
        owner
    }

    /// Whether nobody is known to be one of us.
    pub(crate) fn is_unknown(&self) -> bool {
        self.addresses.is_empty() && self.domains.is_empty()
    }

    /// Whether an address in small letters is one of ours.
    pub(crate) fn has(&self, address: &str) -> bool {
        self.addresses.contains(address) || self.domains.contains(domain_of(address))
    }
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// The address that a mailbox seems to be of; none where no address is in most of its messages.
///
/// # Errors
/// [`IngestError::Gzip`] and [`IngestError::Read`] where the source fails.
pub fn mailbox_owner<R: Source>(
    mut source: R,
    format: &FileFormat,
) -> Result<Option<String>, IngestError> {
    told(&mut source, format)
}

/// As [`mailbox_owner`], as who is one of us.
pub(super) fn detect<R: Source>(source: &mut R, format: &FileFormat) -> Result<Owner, IngestError> {
    let address = told(source, format)?;
    Ok(Owner::of(address.as_slice()))
}

fn told<R: Source>(source: &mut R, format: &FileFormat) -> Result<Option<String>, IngestError> {
    let mut mails = Mails::open(TextSource::open(source, format)?);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut n_messages = 0;
    while n_messages < MESSAGES_MAX
        && let Some(mail) = mails.next()?
    {
        let Mail::Message { text, .. } = mail else {
            continue;
        };
        n_messages += 1;
        for address in told_by(text.bytes()) {
            *counts.entry(address).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, n)| *n);
    // Of one message alone both ends are in all of them.
    let is_told = |(_, n): &(String, usize)| n_messages > 1 && n * 2 > n_messages;
    Ok(most.filter(is_told).map(|(address, _)| address))
}

/// Everybody whom a message names, each once; once more whom it was delivered to, who is the owner
/// beyond doubt.
fn told_by(message: &[u8]) -> Vec<String> {
    let Some(message) = MessageParser::default().parse(message) else {
        return Vec::new();
    };
    let named = [message.from(), message.to(), message.cc()];
    let named = named.into_iter().flatten().flat_map(addresses_of);
    let named: BTreeSet<String> = named.map(|(address, _)| address).collect();
    let delivered = ["Delivered-To", "X-Original-To"];
    let delivered = delivered
        .iter()
        .find_map(|&name| message.header(name)?.as_text());
    let delivered = delivered.map(|address| address.trim().to_lowercase());
    named.into_iter().chain(delivered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stands_for_itself_and_several_for_their_house() {
        let own = [
            "Me@Example.com",
            "her@example.com",
            "me@gmail.com",
            "her@gmail.com",
            "me@small-isp.example",
            "@partner.org",
            "sister.net",
        ];
        let owner = Owner::of(&own.map(str::to_owned));

        for address in [
            "you@example.com",
            "me@gmail.com",
            "me@small-isp.example",
            "a@partner.org",
            "b@sister.net",
        ] {
            assert!(owner.has(address), "{address}");
        }
        for address in [
            "you@gmail.com",
            "customer@small-isp.example",
            "me@example.org",
            "nobody",
        ] {
            assert!(!owner.has(address), "{address}");
        }
    }
}

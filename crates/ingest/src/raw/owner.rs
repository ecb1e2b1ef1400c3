//! Whose mailbox, calendar or conversation it is: addresses, domains and names that are ours, so that all
//! others are our customers'.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::IngestError;

/// Entries that tell whose they are.
const ENTRIES_MAX: usize = 300;

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

    /// Whether somebody is told to be one of us by this very name, handle or number.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        self.addresses.contains(&name) || self.domains.contains(&name)
    }

    /// Whether an address in small letters is one of ours.
    pub(crate) fn has(&self, address: &str) -> bool {
        self.addresses.contains(address) || self.domains.contains(domain_of(address))
    }
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// Everybody whom an entry names, and whose it says it is.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Addresses in small letters.
    pub(super) people: BTreeSet<String>,
    /// The owner, where the entry says so itself.
    pub(super) owner: Option<String>,
}

/// The address that is in most of the entries; of one entry alone the one that it says it is of.
///
/// # Errors
/// Those of `next`, which gives one entry after the other.
pub(super) fn told(
    mut next: impl FnMut() -> Result<Option<Named>, IngestError>,
) -> Result<Option<String>, IngestError> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut n_entries = 0;
    let mut first_owner = None;
    while n_entries < ENTRIES_MAX
        && let Some(named) = next()?
    {
        n_entries += 1;
        if n_entries == 1 {
            first_owner.clone_from(&named.owner);
        }
        for address in named.people.into_iter().chain(named.owner) {
            *counts.entry(address).or_default() += 1;
        }
    }
    // Of one entry alone both ends are in all of them.
    if n_entries <= 1 {
        return Ok(first_owner);
    }
    let most = counts.values().copied().max().unwrap_or_default();
    let mut told = counts.into_iter().filter(|(_, n)| *n == most);
    // Where two people only ever write to each other, nothing tells whose it is.
    Ok(match (told.next(), told.next()) {
        (Some((address, n)), None) if n * 2 > n_entries => Some(address),
        _ => None,
    })
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

//! Where webhooks may go. People type their addresses, and the server that calls them stands inside of a
//! network: without this, anybody who keeps a webhook could knock at its doors (server-side request
//! forgery).
//!
//! A name is looked up anew for each connection, and the address that is connected to is the one that was
//! looked at: a name that means something else a moment later gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rapport_domain::Violation;
use thiserror::Error;
use url::{Host, Url};

use crate::session::Network;

/// An address that no webhook is sent to.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum BadUrl {
    /// It cannot be read.
    #[error("this is no address; write one such as https://example.com/hooks")]
    Unreadable,
    /// It is not encrypted.
    #[error("webhooks carry records: the address must begin with https://")]
    NotHttps,
    /// It holds a name or a password.
    #[error("leave name and password out; what is sent is signed with the webhook's secret")]
    HasCredentials,
    /// It is inside of a network.
    #[error(
        "{0} is inside of a private network; whoever runs the server can allow it with webhook_networks"
    )]
    Private(String),
}

impl BadUrl {
    /// What whoever typed it is told.
    pub(crate) fn violation(&self) -> Violation {
        let said = self.to_string();
        match self {
            Self::Unreadable => Violation::new("/url", "bad_url", said),
            Self::NotHttps => Violation::new("/url", "not_https", said),
            Self::HasCredentials => Violation::new("/url", "has_credentials", said),
            Self::Private(_) => Violation::new("/url", "private_address", said),
        }
    }
}

/// Reads an address that webhooks may be sent to, as far as it can be told without looking up its name.
/// `allowed` are networks inside of ours that may be called all the same; this machine without encryption.
pub(crate) fn read_url(text: &str, allowed: &[Network]) -> Result<Url, BadUrl> {
    let url = Url::parse(text.trim()).map_err(|_| BadUrl::Unreadable)?;
    let host = url.host().ok_or(BadUrl::Unreadable)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadUrl::HasCredentials);
    }
    let literal = match &host {
        Host::Ipv4(v4) => Some(IpAddr::V4(*v4)),
        Host::Ipv6(v6) => Some(IpAddr::V6(*v6)),
        // What these names mean is fixed (RFC 6761, section 6.3).
        Host::Domain(name) if is_localhost(name) => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        Host::Domain(_) => None,
    };
    if let Some(address) = literal
        && !may_call(address, allowed)
    {
        return Err(BadUrl::Private(host.to_string()));
    }
    let is_here = literal.is_some_and(|address| address.to_canonical().is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_here => Ok(url),
        "http" => Err(BadUrl::NotHttps),
        _ => Err(BadUrl::Unreadable),
    }
}

fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether an address may be connected to: one of the internet, or one that the settings allow.
pub(crate) fn may_call(address: IpAddr, allowed: &[Network]) -> bool {
    let address = address.to_canonical();
    is_public(address) || allowed.iter().any(|network| network.contains(address))
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// Whether an address is none of the special-purpose ones (IANA's registry for IPv4).
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = match (a, b, c) {
        // This network, private ones, and this machine.
        (0 | 10 | 127, _, _) | (172, 16..=31, _) | (192, 168, _) => true,
        // Shared by a provider's customers (RFC 6598), which a cloud's metadata use, too.
        (100, 64..=127, _) => true,
        // Link-local: here the metadata of clouds are.
        (169, 254, _) => true,
        // Protocol assignments, documentation, relays, benchmarks.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => {
            true
        }
        // Multicast, reserved, broadcast.
        (224.., _, _) => true,
        _ => false,
    };
    !is_special
}

/// Whether an address is of the part of IPv6 that is routed (2000::/3), and carries no address of
/// IPv4 that is not public.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let of_two = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // Translated to IPv4 on the way (RFC 6052).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => of_two(high, low),
        // Protocol assignments, Teredo among them; documentation.
        [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        // 6to4 carries an address of IPv4.
        [0x2002, high, low, ..] => of_two(high, low),
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(url: &str, allowed: &[&str]) -> Option<&'static str> {
        let allowed: Vec<Network> = allowed.iter().map(|it| it.parse().unwrap()).collect();
        let bad = read_url(url, &allowed).err();
        bad.map(|bad| bad.violation().code)
    }

    #[test]
    fn an_address_of_the_internet_is_encrypted_and_without_credentials() {
        for (url, expected) in [
            ("https://example.com/hooks?team=1", None),
            ("https://例子.测试:8443/", None),
            ("https://8.8.8.8/", None),
            ("http://example.com/", Some("not_https")),
            ("ftp://example.com/", Some("bad_url")),
            ("example.com/hooks", Some("bad_url")),
            ("https://", Some("bad_url")),
            ("https://ada:secret@example.com/", Some("has_credentials")),
        ] {
            assert_eq!(code(url, &[]), expected, "{url}");
        }
    }

    #[test]
    fn what_is_inside_is_refused_however_it_is_written() {
        for url in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f.0.0.1/",
            "https://0/",
            "https://localhost:9200/",
            "https://db.localhost./",
            "https://10.1.2.3/",
            "https://172.31.0.1/",
            "https://192.168.0.10/",
            "https://169.254.169.254/latest/meta-data/",
            "https://100.100.100.200/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:169.254.169.254]/",
            "https://[fd00:ec2::254]/",
            "https://[fe80::1]/",
            "https://[64:ff9b::10.0.0.1]/",
            "https://[2002:7f00:1::]/",
        ] {
            assert_eq!(code(url, &[]), Some("private_address"), "{url}");
        }
    }

    #[test]
    fn a_network_that_is_allowed_may_be_called_and_this_machine_unencrypted() {
        let allowed = ["10.0.0.0/8", "127.0.0.0/8"];

        assert_eq!(code("https://10.1.2.3/", &allowed), None);
        assert_eq!(code("http://10.1.2.3/", &allowed), Some("not_https"));
        assert_eq!(code("http://localhost:8080/", &allowed), None);
        assert_eq!(code("http://[::ffff:127.0.0.1]/", &allowed), None);
        assert_eq!(code("http://[::1]/", &allowed), Some("private_address"));
        assert_eq!(code("https://11.0.0.1/", &allowed), None);
    }
}

//! Where a request comes from, for limits on sign-in attempts.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

/// The network that a request comes from: an IPv4 address, or the /64 of an IPv6 address, which is
/// what one subscriber gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(at)| at.ip());
        Ok(Self(network(client(peer.to_canonical(), &parts.headers))))
    }
}

/// The address behind a reverse proxy. Only a proxy on this machine is believed, and only the entry
/// that it added itself, the last one: the others are whatever the client wrote.
fn client(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !peer.is_loopback() {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    let last = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next());
    last.and_then(|text| text.trim().parse::<IpAddr>().ok())
        .map_or(peer, |ip| ip.to_canonical())
}

fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        network(client(peer.parse().unwrap(), &headers))
    }

    #[test]
    fn only_a_proxy_on_this_machine_is_believed_and_only_its_own_entry() {
        assert_eq!(seen("127.0.0.1", "6.6.6.6, 203.0.113.9"), "203.0.113.9");
        assert_eq!(seen("198.51.100.4", "6.6.6.6"), "198.51.100.4");
        assert_eq!(seen("127.0.0.1", "nonsense"), "127.0.0.1");
    }

    #[test]
    fn one_subscriber_of_ipv6_is_one_network() {
        let one = seen("2001:db8:1:2:3:4:5:6", "");

        assert_eq!(one, seen("2001:db8:1:2:ffff::1", ""));
        assert_eq!(one, "2001:db8:1:2::/64");
    }
}

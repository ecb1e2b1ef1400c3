//! Where a request comes from: for limits on sign-in attempts, and for people to know their browsers.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Once;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use rapport_store::sessions::Browser;

use crate::session::Network;
use crate::state::AppState;

/// How much is kept of what a browser calls itself.
const USER_AGENT_CHARS_MAX: usize = 300;
const FORWARDED_FOR: &str = "x-forwarded-for";
const MUTE_PROXY: &str = "the proxy on this machine does not say where requests come from: all people \
    share one limit of sign-in attempts; let it set X-Forwarded-For";

/// The network that a request comes from: an IPv4 address, or the /64 of an IPv6 address, which is
/// what one subscriber gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) String);

/// Whether a request comes from this machine itself, and not through a proxy on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IsLocal(pub(crate) bool);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self(network(client_of(parts, app))))
    }
}

impl FromRequestParts<AppState> for IsLocal {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self(client_of(parts, app).is_loopback()))
    }
}

/// The browser that asks, as people know it again.
#[derive(Debug, Clone)]
pub(crate) struct ThisBrowser(pub(crate) Browser);

impl FromRequestParts<AppState> for ThisBrowser {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let header = parts.headers.get(header::USER_AGENT);
        let user_agent = header.map(|value| String::from_utf8_lossy(value.as_bytes()));
        Ok(Self(Browser {
            user_agent: user_agent.map(|text| text.chars().take(USER_AGENT_CHARS_MAX).collect()),
            address: Some(network(client_of(parts, app))),
        }))
    }
}

fn client_of(parts: &Parts, app: &AppState) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(at)| at.ip());
    if app.config().is_https() && peer.is_loopback() && !parts.headers.contains_key(FORWARDED_FOR) {
        static SAID: Once = Once::new();
        SAID.call_once(|| tracing::warn!("{MUTE_PROXY}"));
    }
    client(
        peer.to_canonical(),
        &parts.headers,
        &app.config().trusted_proxies,
    )
}

/// The address behind reverse proxies. A proxy on this machine and those of the settings are
/// believed: each adds whom it saw at the end of the header, so that it is read from there until an
/// address that is no proxy. What stands before is whatever the client wrote.
fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let is_proxy =
        |ip: IpAddr| ip.is_loopback() || proxies.iter().any(|network| network.contains(ip));
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    let mut entries = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    let mut client = peer;
    while is_proxy(client)
        && let Some(entry) = entries.next()
        && let Ok(address) = entry.trim().parse::<IpAddr>()
    {
        client = address.to_canonical();
    }
    client
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
        let proxies = ["10.0.0.0/8".parse().unwrap()];
        network(client(peer.parse().unwrap(), &headers, &proxies))
    }

    #[test]
    fn only_proxies_are_believed_and_only_their_own_entries() {
        assert_eq!(seen("127.0.0.1", "6.6.6.6, 203.0.113.9"), "203.0.113.9");
        assert_eq!(seen("10.1.2.3", "6.6.6.6, 203.0.113.9"), "203.0.113.9");
        assert_eq!(
            seen("127.0.0.1", "6.6.6.6, 203.0.113.9, 10.1.2.3"),
            "203.0.113.9"
        );
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

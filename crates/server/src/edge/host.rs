//! Guard against DNS rebinding: a strange name that resolves to this machine is not answered.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::ApiError;

/// The names under which this server answers: the loopback names, and the public one if set.
#[derive(Debug, Clone)]
pub(crate) struct AllowedHosts {
    /// Host of the public address, lower-case, without port.
    public_host: Option<Arc<str>>,
    /// `scheme://host[:port]` of the public address, as browsers write origins.
    public_origin: Option<Arc<str>>,
}

impl AllowedHosts {
    /// Reads the names from the public address, such as `https://crm.example.com`.
    pub(crate) fn new(public_url: Option<&Uri>) -> Self {
        let scheme = public_url.and_then(Uri::scheme_str);
        let authority = public_url.and_then(Uri::authority);
        Self {
            public_host: authority.map(|a| a.host().to_lowercase().into()),
            public_origin: scheme
                .zip(authority)
                .map(|(scheme, a)| format!("{scheme}://{a}").to_lowercase().into()),
        }
    }

    /// Whether a `Host` header names this server.
    pub(crate) fn allows(&self, host: &str) -> bool {
        let name = without_port(host).to_lowercase();
        matches!(name.as_str(), "localhost" | "127.0.0.1" | "[::1]")
            || self.public_host.as_deref() == Some(name.as_str())
    }

    /// Whether an `Origin` header is this server's, given the `Host` that the browser asked for.
    pub(crate) fn is_own_origin(&self, origin: &str, host: &str) -> bool {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        self.public_origin.as_deref() == Some(origin)
            || (!host.is_empty() && authority == Some(host) && self.allows(host))
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Refuses requests for a host that is not ours; health checks ask by address and pass.
pub(crate) async fn refuse_strange_hosts(
    State(hosts): State<AllowedHosts>,
    request: Request,
    next: Next,
) -> Response {
    let header = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    let host = header
        .or_else(|| request.uri().authority().map(|a| a.as_str()))
        .unwrap_or_default();
    // Monitors ask by any address; `/metrics` looks at the name itself where no token came.
    let is_monitor = matches!(request.uri().path(), "/healthz" | "/readyz" | "/metrics");
    if is_monitor || hosts.allows(host) {
        return next.run(request).await;
    }
    let detail = "this server does not answer under that name; set public_url to the address that people type";
    ApiError::new(StatusCode::MISDIRECTED_REQUEST, "unknown_host", detail).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_names_and_the_public_name_are_answered() {
        let hosts = AllowedHosts::new(Some(&Uri::from_static("https://crm.example.com")));

        for host in [
            "localhost",
            "localhost:7070",
            "127.0.0.1:1",
            "[::1]:7070",
            "CRM.example.com",
        ] {
            assert!(hosts.allows(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:7070",
        ] {
            assert!(!hosts.allows(host), "{host}");
        }
    }

    #[test]
    fn the_public_origin_is_ours_behind_a_proxy_that_rewrites_the_host() {
        let hosts = AllowedHosts::new(Some(&Uri::from_static("https://crm.example.com")));

        assert!(hosts.is_own_origin("https://crm.example.com", "127.0.0.1:7070"));
        assert!(!hosts.is_own_origin("http://evil.example", "evil.example"));
    }
}

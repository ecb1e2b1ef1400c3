//! Guard against forged requests: another site's page must not change anything here.
//!
//! A change needs the header `x-rapport-csrf`, which a page of another origin cannot add without a
//! preflight that is never answered, and, where the browser tells, an origin that is ours. A program
//! with an API key needs neither: no browser adds the key by itself, as it does with the cookie.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::edge::AllowedHosts;
use crate::error::ApiError;
use crate::session::{has_cookie, read_bearer};

const CSRF_HEADER: &str = "x-rapport-csrf";

/// Refuses state-changing requests that may come from another site.
pub(crate) async fn refuse_forged(
    State(hosts): State<AllowedHosts>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() || is_by_key_alone(request.headers()) {
        return next.run(request).await;
    }
    match check(request.headers(), &hosts) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Whether a request shows an API key and nothing that a browser adds by itself.
fn is_by_key_alone(headers: &HeaderMap) -> bool {
    read_bearer(headers).is_some() && !has_cookie(headers)
}

fn check(headers: &HeaderMap, hosts: &AllowedHosts) -> Result<(), ApiError> {
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    if text(CSRF_HEADER).is_none_or(str::is_empty) {
        let detail = "send the header x-rapport-csrf: 1 with every change";
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "csrf_header_missing",
            detail,
        ));
    }
    let is_same_site =
        text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let host = text(header::HOST.as_str()).unwrap_or_default();
    let is_own_origin =
        text(header::ORIGIN.as_str()).is_none_or(|origin| hosts.is_own_origin(origin, host));
    if is_same_site && is_own_origin {
        Ok(())
    } else {
        let detail = "changes are accepted from this server's own pages only";
        Err(ApiError::new(StatusCode::FORBIDDEN, "cross_origin", detail))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn refusal(pairs: &[(&'static str, &'static str)]) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("localhost:7070"));
        for (name, value) in pairs {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        check(&headers, &AllowedHosts::new(None))
            .err()
            .map(|error| error.code)
    }

    #[test]
    fn the_header_is_needed_even_from_our_own_origin() {
        assert_eq!(
            refusal(&[("origin", "http://localhost:7070")]),
            Some("csrf_header_missing")
        );
        assert_eq!(refusal(&[("x-rapport-csrf", "1")]), None);
    }

    #[test]
    fn another_origin_is_refused_even_with_the_header() {
        let own = [("x-rapport-csrf", "1"), ("origin", "http://localhost:7070")];
        assert_eq!(refusal(&own), None);
        for origin in ["http://localhost:8080", "https://evil.example", "null"] {
            assert_eq!(
                refusal(&[own[0], ("origin", origin)]),
                Some("cross_origin"),
                "{origin}"
            );
        }
        for site in ["cross-site", "same-site"] {
            let pairs = [own[0], own[1], ("sec-fetch-site", site)];
            assert_eq!(refusal(&pairs), Some("cross_origin"), "{site}");
        }
    }
}

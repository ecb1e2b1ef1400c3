//! What a request's headers say about the answer it can use.

use axum::http::{
    HeaderMap,
    header::{ACCEPT, ACCEPT_ENCODING, HeaderName, IF_NONE_MATCH},
};

/// Whether a gzip body may be sent.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let mut anything = false;
    for (coding, quality) in weighted(headers, &ACCEPT_ENCODING) {
        match coding {
            "gzip" | "x-gzip" => return quality > 0.0,
            "*" => anything = quality > 0.0,
            _ => {}
        }
    }
    anything
}

/// Whether the caller is a browser that opens an address, not a program that looks for a file.
pub(crate) fn is_navigation(headers: &HeaderMap) -> bool {
    weighted(headers, &ACCEPT).any(|(media, quality)| media == "text/html" && quality > 0.0)
}

/// Whether the caller takes whatever comes, as command-line clients do.
pub(crate) fn accepts_anything(headers: &HeaderMap) -> bool {
    !headers.contains_key(ACCEPT)
        || weighted(headers, &ACCEPT).any(|(media, quality)| media == "*/*" && quality > 0.0)
}

/// Whether the caller holds the entity already (weak comparison, RFC 9110 section 13.1.2).
pub(crate) fn has_entity(headers: &HeaderMap, etag: &str) -> bool {
    values(headers, &IF_NONE_MATCH)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

/// The values of a list header with their quality, 1 when none or no number is given.
fn weighted<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = (&'a str, f32)> {
    values(headers, name).map(|value| {
        let mut parts = value.split(';').map(str::trim);
        let item = parts.next().unwrap_or_default();
        let quality = parts
            .find_map(|part| part.strip_prefix("q="))
            .and_then(|number| number.parse().ok())
            .unwrap_or(1.0);
        (item, quality)
    })
}

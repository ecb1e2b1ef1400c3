#![doc = include_str!("../README.md")]

mod assets;
mod conditions;
mod media_type;
mod serve;
#[cfg(test)]
mod tests;

use axum::Router;

/// A router that answers every path with the web app: a file of that name, or the app's page for
/// addresses that the app itself resolves. Meant as the fallback of the server's router.
///
/// `GET` and `HEAD` only. Files under `/assets/` carry a hash in their name and may be kept for a
/// year; all others are checked with the server each time (`ETag`, `If-None-Match`). Paths under
/// `/api/` and missing files are `404`.
pub fn router() -> Router {
    Router::new().fallback(serve::handle)
}

/// Whether the app itself is embedded; otherwise a page stands in its place that says how to
/// build it.
pub fn is_embedded() -> bool {
    env!("RAPPORT_UI_IS_BUILT") == "true"
}

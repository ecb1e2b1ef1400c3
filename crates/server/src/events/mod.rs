//! Events over HTTP, as Segment's libraries send them: change their host and their key, nothing
//! else. Sources show a write key instead of a session, and come from pages of any origin, so that
//! none of this stands under `/api/v1`.

mod cors;
mod key;
mod receive;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{MethodRouter, post};
use rapport_ingest::events::{BODY_BYTES_MAX, Call};

use crate::error::ApiError;
use crate::events::receive::receive;
use crate::state::AppState;

/// The short names under which libraries of browsers send the calls; blockers know the long ones.
const SHORT: [(&str, Call); 6] = [
    ("/i", Call::Identify),
    ("/t", Call::Track),
    ("/p", Call::Page),
    ("/s", Call::Screen),
    ("/g", Call::Group),
    ("/a", Call::Alias),
];

/// The addresses below `/v1`.
pub(crate) fn router() -> Router<AppState> {
    let mut router = Router::new()
        .route("/batch", takes(None))
        .route("/b", takes(None));
    for call in Call::ALL {
        router = router.route(&format!("/{}", call.name()), takes(Some(call)));
    }
    for (path, call) in SHORT {
        router = router.route(path, takes(Some(call)));
    }
    router
        .fallback(async || ApiError::not_found("address"))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(cors::answer_all))
}

/// Takes bodies of one call, or batches.
fn takes(call: Option<Call>) -> MethodRouter<AppState> {
    post(async move |app, request| receive(app, call, request).await)
}

//! Events over HTTP, as the libraries of Segment and of Sensors send them: change their host and their
//! key, nothing else; and as CloudEvents. Sources show a write key instead of a session, and come from pages of any origin, so that
//! none of this stands under `/api/v1`.

mod cors;
mod form;
mod key;
mod receive;
mod signature;
mod slots;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{MethodRouter, post};
use rapport_ingest::events::{BODY_BYTES_MAX, Call};

use crate::error::ApiError;
use crate::events::form::Form;
use crate::events::receive::receive;
use crate::state::AppState;

pub(crate) use slots::EventSlots;

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
        .route("/batch", takes(Form::Batch))
        .route("/b", takes(Form::Batch))
        .route("/cloudevents", takes(Form::CloudEvents));
    for call in Call::ALL {
        router = router.route(&format!("/{}", call.name()), takes(Form::Call(call)));
    }
    for (path, call) in SHORT {
        router = router.route(path, takes(Form::Call(call)));
    }
    router
        .fallback(async || ApiError::not_found("address"))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(cors::answer_all))
}

/// The address of Sensors' libraries. Those of browsers also send in the address itself, as an image.
pub(crate) fn sensors() -> Router<AppState> {
    let take = takes(Form::Sensors);
    let take = take.get(async move |app, request| receive(app, Form::Sensors, request).await);
    Router::new()
        .route("/sa", take)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(cors::answer_all))
}

/// Takes bodies of a form.
fn takes(form: Form) -> MethodRouter<AppState> {
    post(async move |app, request| receive(app, form, request).await)
}

//! The whole application as one router: the API, health, metrics, and the web app beneath.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::edge::{
    IsHttps, after_panic, observe, refuse_forged, refuse_strange_hosts, render_problems, secure,
    within_time,
};
use crate::error::ApiError;
use crate::state::AppState;
use crate::{health, openapi, routes};

/// Largest body of a request that is no upload, in bytes.
const BODY_LIMIT_BYTES: usize = 1 << 20;

/// Where the API stands.
const API: &str = "/api/v1";

/// The application over a state; requests of tests go to it directly.
pub fn router(app: AppState) -> Router {
    let timed = routes::all()
        .layer(from_fn_with_state(
            app.config().request_timeout,
            within_time,
        ))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES));
    let uploads = routes::uploads().layer(DefaultBodyLimit::max(upload_limit(&app)));
    let document = openapi_document();
    let api = Router::from(timed)
        .merge(Router::from(uploads))
        .route("/openapi.json", get(async move || axum::Json(document)))
        .layer(from_fn_with_state(app.hosts().clone(), refuse_forged));
    let all = Router::new()
        .nest(API, api)
        .route("/api/{*rest}", any(no_such_address))
        .merge(health::router())
        .fallback_service(rapport_ui::router());
    surround(all, &app).with_state(app)
}

/// The OpenAPI 3.1 document of the API.
pub fn openapi_document() -> OpenApi {
    let all = routes::all().merge(routes::uploads());
    openapi::complete(OpenApiRouter::new().nest(API, all).into_openapi())
}

/// The largest upload with room for the form around the file.
fn upload_limit(app: &AppState) -> usize {
    let bytes = app.config().upload_limit_bytes.saturating_add(64 << 10);
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// What surrounds every request; the last layer is the outermost.
fn surround(router: Router<AppState>, app: &AppState) -> Router<AppState> {
    router
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(from_fn_with_state(
            app.hosts().clone(),
            refuse_strange_hosts,
        ))
        .layer(from_fn(render_problems))
        .layer(from_fn_with_state(IsHttps(app.config().is_https()), secure))
        .layer(from_fn_with_state(app.clone(), observe))
}

async fn no_such_address() -> ApiError {
    ApiError::not_found("address")
}

//! The whole application as one router: the API, health, metrics, and the web app beneath.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get};
use axum::{Json, Router};
use rapport_store::custom_fields;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::answers::{Answers, answer_as_asked};
use crate::edge::{
    IsHttps, after_panic, do_once, observe, refuse_forged, refuse_key, refuse_strange_hosts,
    render_problems, secure, within_time,
};
use crate::error::{ApiError, ApiResult};
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::AppState;
use crate::{events, health, openapi, routes};

/// Largest body of a request that is no upload, in bytes.
const BODY_LIMIT_BYTES: usize = 1 << 20;

/// Where the API stands.
const API: &str = "/api/v1";

/// Where sources send events; the libraries add the version themselves.
const EVENTS: &str = "/v1";

/// The application over a state; requests of tests go to it directly.
pub fn router(app: AppState) -> Router {
    let document = openapi_document();
    let answers = Answers::of(&document);
    let timed = routes::all()
        .layer(from_fn_with_state(answers, answer_as_asked))
        .layer(from_fn_with_state(app.clone(), do_once))
        .layer(from_fn_with_state(
            app.config().request_timeout,
            within_time,
        ))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES));
    let uploads = routes::uploads()
        .layer(from_fn(refuse_key))
        .layer(DefaultBodyLimit::max(upload_limit(&app)));
    let document = Arc::new(serde_json::to_value(document).expect("a document is JSON"));
    let api = Router::from(timed)
        .merge(Router::from(uploads))
        .route(
            "/openapi.json",
            get(async move |user| document_for(&document, user).await),
        )
        .layer(from_fn_with_state(app.hosts().clone(), refuse_forged));
    let timeout = app.config().request_timeout;
    let events = Router::new()
        .nest(EVENTS, events::router())
        .merge(events::sensors())
        .layer(from_fn_with_state(timeout, within_time));
    let all = Router::new()
        .nest(API, api)
        .merge(events)
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

/// The document as a caller may see it: who reads records also sees the custom fields that records
/// have at the moment.
async fn document_for(
    document: &serde_json::Value,
    user: Result<Allowed<ReadRecords>, ApiError>,
) -> ApiResult<Json<serde_json::Value>> {
    let mut document = document.clone();
    if let Ok(user) = user {
        let mut fields = custom_fields::list(user.app.store(), None).await?;
        fields.retain(|field| user.app.shows(field));
        openapi::merge_custom_fields(&mut document, &fields);
    }
    Ok(Json(document))
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::{Body, to_bytes};
    use axum::http::{Request, header};
    use rapport_domain::{Currency, IdGenerator, Timestamp};
    use rapport_pipelines::{Clock, OpenOptions, Workspace};
    use tokio_util::sync::CancellationToken;
    use tower::ServiceExt;

    use super::*;
    use crate::config::ServerConfig;

    /// What a client sees of `handler` behind all that surrounds requests: status, body, and the time
    /// after which to come again.
    async fn answer(
        handler: axum::routing::MethodRouter<AppState>,
    ) -> (u16, String, Option<String>) {
        let directory = tempfile::TempDir::new().unwrap();
        let options = OpenOptions {
            database: rapport_testing::database_of(directory.path()),
            lake: None,
            currency: Currency::EUR,
            region: "DE".to_owned(),
            memory_limit_bytes: 64 << 20,
            clock: Clock::fixed(Timestamp::from_millis(1_767_603_600_000)),
            ids: IdGenerator::new(1),
        };
        let workspace = Workspace::open(directory.path(), options).await.unwrap();
        let state = AppState::new(workspace, ServerConfig::default(), CancellationToken::new());
        let limited = Router::new()
            .route("/", handler)
            .layer(from_fn_with_state(Duration::from_millis(20), within_time));
        let app = surround(limited, &state).with_state(state);
        let request = Request::builder()
            .uri("/")
            .header(header::HOST, "localhost");
        let response = app
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let status = response.status().as_u16();
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "application/problem+json"
        );
        assert!(
            response
                .headers()
                .contains_key(header::CONTENT_SECURITY_POLICY)
        );
        let later = response.headers().get(header::RETRY_AFTER);
        let later = later.map(|value| value.to_str().unwrap().to_owned());
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap(), later)
    }

    async fn panics() -> &'static str {
        panic!("the secret cause")
    }

    async fn sleeps() -> &'static str {
        tokio::time::sleep(Duration::from_secs(60)).await;
        "never"
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_that_tells_nothing_of_its_cause() {
        let (status, body, _) = answer(get(panics)).await;

        assert_eq!(status, 500);
        assert!(
            body.contains("\"code\":\"internal\"") && !body.contains("secret"),
            "{body}"
        );
    }

    #[tokio::test]
    async fn an_answer_that_takes_too_long_is_given_up() {
        let (status, body, later) = answer(get(sleeps)).await;

        assert_eq!((status, later.as_deref()), (503, Some("5")));
        assert!(body.contains("\"code\":\"timeout\""), "{body}");
    }
}

//! Whether the process lives, whether it can work, and its measurements.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rapport_store::{ListQuery, Op, events, jobs};

use crate::edge::Gauges;
use crate::error::{ApiError, ApiResult};
use crate::session::IsLocal;
use crate::state::AppState;

/// How long the records may take to answer before the server counts as not ready: who asks whether it is
/// waits for seconds only.
const RECORDS_ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// `/healthz`, `/readyz` and `/metrics`: no session, no personal data.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(show_readiness))
        .route("/metrics", get(show_metrics))
}

/// Ready means: the records answer, the data directory takes a file, and jobs are run.
async fn show_readiness(State(app): State<AppState>) -> ApiResult<&'static str> {
    let not_ready = |cause: String| ApiError {
        cause: Some(cause),
        retry_after: Some(1),
        ..ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "not_ready",
            "the server cannot work at the moment; the log says why",
        )
    };
    match tokio::time::timeout(RECORDS_ANSWER_WITHIN, app.system().ping()).await {
        Ok(answered) => answered.map_err(|error| not_ready(error.to_string()))?,
        Err(_) => return Err(not_ready("the records do not answer".to_owned())),
    }
    if app.whole_workspace().has_lost_worker() {
        return Err(not_ready("the worker ended early".to_owned()));
    }
    let probe = app.whole_workspace().data_dir().join(".ready");
    tokio::fs::write(&probe, b"ready")
        .await
        .map_err(|error| not_ready(format!("the data directory cannot be written: {error}")))?;
    Ok("ready\n")
}

async fn show_metrics(
    State(app): State<AppState>,
    IsLocal(is_local): IsLocal,
    headers: HeaderMap,
) -> ApiResult<Response> {
    // This server speaks no TLS: where people reach it by https, a proxy on this machine passes on what
    // comes from anywhere, and may say of none of it where that came from.
    let is_local = is_local && !app.config().is_https();
    if !(has_token(&app, &headers) || is_local && is_own_name(&app, &headers)) {
        let detail = "measurements are read with the settings' metrics_token as bearer token, and \
                      from this machine where public_url is not https";
        return Err(ApiError::new(
            StatusCode::UNAUTHORIZED,
            "token_missing",
            detail,
        ));
    }
    let gauges = measure(&app).await?;
    let media_type = "text/plain; version=0.0.4; charset=utf-8";
    Ok((
        [(header::CONTENT_TYPE, media_type)],
        app.metrics().render(&gauges),
    )
        .into_response())
}

/// Whether the request brings the token of the settings.
fn has_token(app: &AppState, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION);
    let given = given.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    match (given, &app.config().metrics_token) {
        (Some(given), Some(token)) => is_equal(given, token.as_bytes()),
        _ => false,
    }
}

/// Compares to the end wherever the first difference is, so that time tells nothing of the token.
fn is_equal(given: &[u8], token: &[u8]) -> bool {
    let differences = given
        .iter()
        .zip(token)
        .fold(0, |seen, (a, b)| seen | (a ^ b));
    given.len() == token.len() && differences == 0
}

/// Whether a program of this machine means this server: a page of a strange name does not, even
/// where that name was made to lead here.
fn is_own_name(app: &AppState, headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    app.hosts().allows(host.unwrap_or_default())
}

async fn measure(app: &AppState) -> ApiResult<Gauges> {
    let store = app.system();
    let files = events::list_segments(store).await?;
    let mut gauges = Gauges {
        inbox_events: events::count_inbox(store).await?,
        lake_files: files.len() as u64,
        lake_events: files.iter().map(|file| file.rows).sum(),
        lake_bytes: files.iter().map(|file| file.bytes).sum(),
        jobs: Vec::new(),
    };
    for status in ["queued", "running", "done", "failed", "cancelled"] {
        let query = ListQuery {
            limit: 1,
            estimate: true,
            ..ListQuery::default()
        };
        let page = jobs::list(store, &query.with("status", Op::Eq, status)).await?;
        gauges.jobs.push((status, page.estimate.unwrap_or(0)));
    }
    Ok(gauges)
}

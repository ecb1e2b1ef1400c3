//! Whether the process lives, whether it can work, and its measurements.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rapport_store::{ListQuery, Op, events, jobs};

use crate::edge::Gauges;
use crate::error::{ApiError, ApiResult};
use crate::state::AppState;

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
        ..ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "not_ready",
            "the server cannot work at the moment; the log says why",
        )
    };
    app.store()
        .ping()
        .await
        .map_err(|error| not_ready(error.to_string()))?;
    if app.workspace().has_lost_worker() {
        return Err(not_ready("the worker ended early".to_owned()));
    }
    let probe = app.workspace().data_dir().join(".ready");
    tokio::fs::write(&probe, b"ready")
        .await
        .map_err(|error| not_ready(format!("the data directory cannot be written: {error}")))?;
    Ok("ready\n")
}

async fn show_metrics(State(app): State<AppState>) -> ApiResult<Response> {
    let gauges = measure(&app).await?;
    let media_type = "text/plain; version=0.0.4; charset=utf-8";
    Ok((
        [(header::CONTENT_TYPE, media_type)],
        app.metrics().render(&gauges),
    )
        .into_response())
}

async fn measure(app: &AppState) -> ApiResult<Gauges> {
    let store = app.store();
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

//! A limit on the time until an answer begins.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::ApiError;

/// Seconds after which a request that was given up may be tried again: what made it wait is not over at once.
const RETRY_AFTER_SECONDS: u64 = 5;

/// Gives up on requests that take longer than the limit. Streams count until their first byte.
pub(crate) async fn within_time(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => timed_out().into_response(),
    }
}

/// An answer that was given up.
fn timed_out() -> ApiError {
    let detail = "the answer took too long; narrow the request or try again later";
    ApiError {
        retry_after: Some(RETRY_AFTER_SECONDS),
        ..ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail)
    }
}

//! Every error leaves as problem details, whoever made it, and is logged once.

use std::any::Any;

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::edge::RequestId;
use crate::error::{ApiError, render};

/// Turns error responses into problem details and tells the log what the caller is not told.
pub(crate) async fn render_problems(request: Request, next: Next) -> Response {
    let request_id = request.extensions().get::<RequestId>().cloned();
    let request_id = request_id.unwrap_or_default();
    with_problem(next.run(request).await, &request_id)
}

/// The response, with problem details where it is an error that has none yet.
pub(crate) fn with_problem(mut response: Response, request_id: &RequestId) -> Response {
    let Some(error) = error_of(&mut response) else {
        return response;
    };
    log(&error);
    let mut problem = render(&error, request_id.as_str());
    keep_headers(response.headers(), problem.headers_mut());
    problem
        .extensions_mut()
        .extend(std::mem::take(response.extensions_mut()));
    problem
}

/// The answer after a handler panicked.
pub(crate) fn after_panic(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message");
    ApiError::internal(format!("a handler panicked: {message}")).into_response()
}

/// Our own error, or one that the framework answered with a bare status and at most plain text.
fn error_of(response: &mut Response) -> Option<ApiError> {
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        return Some(error);
    }
    let status = response.status();
    let media_type = response.headers().get(header::CONTENT_TYPE);
    let is_bare = media_type.is_none_or(|value| value.as_bytes().starts_with(b"text/plain"));
    ((status.is_client_error() || status.is_server_error()) && is_bare).then(|| bare(status))
}

fn bare(status: StatusCode) -> ApiError {
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => ("not_found", "there is nothing at this address"),
        StatusCode::METHOD_NOT_ALLOWED => (
            "method_not_allowed",
            "this address does not take that method; see the header Allow",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "the body is larger than this server takes"),
        status if status.is_server_error() => {
            return ApiError::internal(format!("bare status {status}"));
        }
        _ => ("bad_request", "the request cannot be read"),
    };
    ApiError::new(status, code, detail)
}

fn keep_headers(from: &HeaderMap, to: &mut HeaderMap) {
    for (name, value) in from {
        if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
            to.append(name, value.clone());
        }
    }
}

fn log(error: &ApiError) {
    let (code, status) = (error.code, error.status.as_u16());
    match &error.cause {
        Some(cause) if error.status.is_server_error() => {
            tracing::error!(code, status, cause, "request failed");
        }
        Some(cause) => tracing::info!(code, status, cause, "request refused"),
        None => tracing::debug!(code, status, "request refused"),
    }
}

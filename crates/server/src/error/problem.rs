//! The body of an error: problem details for HTTP APIs (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// URI of the kind of problem; it ends in `code`.
    #[serde(rename = "type")]
    kind: String,
    /// The kind of problem in a few words.
    title: String,
    /// HTTP status.
    status: u16,
    /// What is wrong and what to do.
    detail: String,
    /// URI of this occurrence: the request's id, under which the log has more.
    instance: String,
    /// Stable machine-readable code.
    code: String,
    /// Single broken rules.
    errors: Vec<FieldProblem>,
}

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    /// JSON pointer into the body (RFC 6901), or `?name` for a query parameter.
    pub(crate) pointer: String,
    /// Stable machine-readable code.
    pub(crate) code: String,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

/// Writes the body and the headers of an error.
pub(crate) fn render(error: &ApiError, request_id: &str) -> Response {
    let problem = Problem {
        kind: format!("urn:rapport:problem:{}", error.code),
        title: error
            .status
            .canonical_reason()
            .unwrap_or("Error")
            .to_owned(),
        status: error.status.as_u16(),
        detail: error.detail.clone(),
        instance: format!("urn:uuid:{request_id}"),
        code: error.code.to_owned(),
        errors: error.errors.clone(),
    };
    let mut response = (error.status, Json(problem)).into_response();
    let headers = response.headers_mut();
    let media_type = HeaderValue::from_static("application/problem+json");
    headers.insert(header::CONTENT_TYPE, media_type);
    if let Some(seconds) = error.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

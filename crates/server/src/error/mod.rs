//! The one error of the HTTP edge: what the caller is told, and what only the log is told.

mod convert;
mod problem;

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rapport_domain::Violation;

pub(crate) use problem::{FieldProblem, Problem, render};

/// A request that cannot be answered as wished.
///
/// `detail` and `errors` go to the caller and hold nothing about our insides; `cause` goes to the
/// log and never to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    /// HTTP status.
    pub(crate) status: StatusCode,
    /// Stable machine-readable code, such as `not_found`.
    pub(crate) code: &'static str,
    /// What is wrong and what to do, for people.
    pub(crate) detail: String,
    /// Single broken rules with JSON pointers.
    pub(crate) errors: Vec<FieldProblem>,
    /// Seconds after which another try makes sense.
    pub(crate) retry_after: Option<u64>,
    /// What the log is told.
    pub(crate) cause: Option<String>,
}

/// What handlers return.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// An error with a code and a sentence for the caller.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self {
            status,
            code,
            detail,
            errors: Vec::new(),
            retry_after: None,
            cause: None,
        }
    }

    /// A bug or a broken disk: the caller learns that it was us, the log learns what it was.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        let detail = "an internal error; the log has more under this request's id";
        Self {
            cause: Some(cause.into()),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
        }
    }

    /// No such thing, named by its kind.
    pub(crate) fn not_found(what: &str) -> Self {
        let detail = format!("there is no such {what}; it may have been deleted");
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// Passwords were guessed too often; the next attempt has to wait.
    pub(crate) fn too_many_attempts(wait: Duration) -> Self {
        let seconds = wait.as_secs() + 1;
        let minutes = seconds.div_ceil(60);
        let detail = format!("too many failed attempts; try again in {minutes} minutes");
        Self {
            retry_after: Some(seconds),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", detail)
        }
    }

    /// A request that cannot be read at one place.
    pub(crate) fn bad_request(
        pointer: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self::at(StatusCode::BAD_REQUEST, pointer, code, message)
    }

    /// A value that can be read and breaks a rule.
    pub(crate) fn unprocessable(
        pointer: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self::at(StatusCode::UNPROCESSABLE_ENTITY, pointer, code, message)
    }

    /// A request that is refused at one place.
    pub(crate) fn at(
        status: StatusCode,
        pointer: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        let message = message.into();
        let problem = FieldProblem {
            pointer: pointer.into(),
            code: code.to_owned(),
            message: message.clone(),
        };
        Self {
            errors: vec![problem],
            ..Self::new(status, code, message)
        }
    }

    /// `Ok` where a form breaks no rule, else all broken rules at once.
    pub(crate) fn check(violations: Vec<Violation>) -> ApiResult<()> {
        Ok(rapport_domain::Invalid::check(violations)?)
    }
}

impl IntoResponse for ApiError {
    /// Leaves the error beside the response; `edge::problems` logs it and writes the body, because
    /// only there is the request's id known.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

//! The version that an edit is based on.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};

use crate::error::ApiError;

/// The version in `If-Match: "<version>"`; an edit without one is refused (RFC 6585, status 428),
/// because it would overwrite changes that its author has not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IfMatch(pub(crate) i64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        read(&parts.headers)?.ok_or_else(|| {
            let detail = "send the record's version, as read, in the header If-Match";
            ApiError::new(StatusCode::PRECONDITION_REQUIRED, "version_missing", detail)
        })
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        read(&parts.headers)
    }
}

fn read(headers: &HeaderMap) -> Result<Option<IfMatch>, ApiError> {
    let Some(value) = headers.get(IF_MATCH) else {
        return Ok(None);
    };
    match value.to_str().ok().and_then(version) {
        Some(version) => Ok(Some(IfMatch(version))),
        None => {
            let detail = "write If-Match as a version in quotes, such as \"3\"";
            Err(ApiError::new(
                StatusCode::BAD_REQUEST,
                "bad_version",
                detail,
            ))
        }
    }
}

fn version(text: &str) -> Option<i64> {
    let text = text.trim();
    // A proxy that compresses may weaken the tag; the version is the same.
    let text = text.strip_prefix("W/").unwrap_or(text);
    let text = text.strip_prefix('"')?.strip_suffix('"')?;
    // The digest of an answer follows the version in the tag of a record that was read.
    text.split_once('-')
        .map_or(text, |(version, _)| version)
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_stands_in_quotes() {
        assert_eq!(version("\"3\""), Some(3));
        assert_eq!(version("W/\"12\""), Some(12));
        assert_eq!(version("\"3-0f5a\""), Some(3));
        for text in ["3", "*", "\"x\"", "\"", "", "\"-3\""] {
            assert_eq!(version(text), None, "{text}");
        }
    }
}

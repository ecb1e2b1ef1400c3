//! A JSON body; what cannot be read is reported with pointer and reason.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::answers::Eyes;
use crate::error::ApiError;

/// The request's body, read from JSON.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        check_media_type(request.headers())?;
        let eyes = request.extensions().get::<Eyes>().cloned();
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| {
                let detail = "the body is larger than this address takes, or broke off";
                ApiError::new(rejection.status(), "body_unreadable", detail)
            })?;
        if let Some(eyes) = eyes {
            eyes.check_body(&bytes)?;
        }
        parse(&bytes).map(Self)
    }
}

fn check_media_type(headers: &HeaderMap) -> Result<(), ApiError> {
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = media_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    let is_json = essence.eq_ignore_ascii_case("application/json")
        || essence.eq_ignore_ascii_case("application/merge-patch+json");
    if is_json {
        Ok(())
    } else {
        let detail = "send the body as application/json";
        Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_json",
            detail,
        ))
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    if holds_nul(bytes) {
        let message = "the character U+0000 cannot be kept; leave it out";
        return Err(ApiError::unprocessable("", "bad_character", message));
    }
    if bytes.trim_ascii_start().starts_with(b"[") {
        let message = "send an object, not a list";
        return Err(ApiError::unprocessable("", "wrong_shape", message));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(unreadable)?;
    reader
        .end()
        .map_err(|error| ApiError::bad_request("", "not_json", error.to_string()))?;
    Ok(value)
}

/// Reads a part of a body that is of another shape for each address.
pub(crate) fn read_value<T: DeserializeOwned>(value: Value) -> Result<T, ApiError> {
    serde_path_to_error::deserialize(value).map_err(unreadable)
}

fn unreadable(error: serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    let pointer = pointer(error.path());
    let inner = error.inner();
    match inner.classify() {
        serde_json::error::Category::Data => {
            ApiError::unprocessable(pointer, "wrong_shape", inner.to_string())
        }
        _ => ApiError::bad_request(pointer, "not_json", inner.to_string()),
    }
}

/// Whether a text of the body holds U+0000, which not every database can keep. JSON writes it as an
/// escape only, and nothing else begins with a backslash.
fn holds_nul(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(at) = rest.iter().position(|&byte| byte == b'\\') {
        let escape = &rest[at + 1..];
        if escape.starts_with(b"u0000") {
            return true;
        }
        rest = escape.get(1..).unwrap_or_default();
    }
    false
}

/// The JSON pointer (RFC 6901) of a place in the body.
fn pointer(path: &Path) -> String {
    path.iter()
        .fold(String::new(), |pointer, segment| match segment {
            Segment::Seq { index } => format!("{pointer}/{index}"),
            Segment::Map { key } => {
                format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
            }
            Segment::Enum { .. } | Segment::Unknown => pointer,
        })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Form {
        #[expect(dead_code, reason = "only its reading is tested")]
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize)]
    struct Line {
        #[expect(dead_code, reason = "only its reading is tested")]
        quantity: u32,
    }

    fn check(json: &str, status: u16, pointer: &str) {
        let error = parse::<Form>(json.as_bytes()).unwrap_err();

        assert_eq!(
            (error.status.as_u16(), error.errors[0].pointer.as_str()),
            (status, pointer)
        );
    }

    #[test]
    fn a_wrong_type_is_pointed_at() {
        check(
            r#"{"lines":[{"quantity":1},{"quantity":"two"}]}"#,
            422,
            "/lines/1/quantity",
        );
    }

    /// serde would take its values for the fields in their order.
    #[test]
    fn a_list_is_no_object() {
        check(r#" [[{"quantity":1}]]"#, 422, "");
    }

    #[test]
    fn a_text_that_no_database_can_keep_is_refused() {
        check(r#"{"lines":[],"note":"a\u0000b"}"#, 422, "");
        assert!(holds_nul(br#""\\\u0000""#));
        assert!(!holds_nul(br#""C:\\u0000""#));
        assert!(!holds_nul(br#""\u0001 \"#));
    }

    #[test]
    fn broken_json_is_a_bad_request() {
        check(r#"{"lines":["#, 400, "/lines");
        check(r#"{"lines":[]} {"#, 400, "");
    }
}

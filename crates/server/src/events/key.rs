//! The write key of a request: the user name of Basic authentication, or a field of the body.

use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rapport_store::sources::Source;
use rapport_store::write_keys::{self, WriteKey};

use crate::error::{ApiError, ApiResult};
use crate::state::AppState;

/// The key that the headers show; none where they show none or cannot be read.
pub(super) fn of_headers(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    // The password is empty, or whatever a library puts there.
    let name = decoded.split_once(':').map_or(&*decoded, |(name, _)| name);
    (!name.is_empty()).then(|| name.to_owned())
}

/// The source that a key stands for.
pub(super) async fn source_of(app: &AppState, key: Option<&str>) -> ApiResult<Source> {
    let key: Option<WriteKey> = key.and_then(|key| key.parse().ok());
    let source = match key {
        Some(key) => write_keys::find_source(app.system(), &key).await?,
        None => None,
    };
    source.ok_or_else(|| {
        let detail = "send a write key of this workspace as the user name of Basic \
                      authentication, as writeKey in the body or as token in the address";
        ApiError::new(StatusCode::UNAUTHORIZED, "unknown_write_key", detail)
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check(value: &'static str, key: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static(value));

        assert_eq!(of_headers(&headers).as_deref(), key, "{value}");
    }

    #[test]
    fn the_user_name_is_the_key() {
        // "wk_1:" as the libraries encode it, and "wk_1:secret".
        check("Basic d2tfMTo=", Some("wk_1"));
        check("basic  d2tfMTpzZWNyZXQ=", Some("wk_1"));
    }

    #[test]
    fn what_is_no_basic_authentication_shows_no_key() {
        for value in [
            "",
            "Basic",
            "Basic !",
            "Basic Og==",
            "Basic /w==",
            "Bearer d2tfMTo=",
        ] {
            check(value, None);
        }
        assert_eq!(of_headers(&HeaderMap::new()), None);
    }
}

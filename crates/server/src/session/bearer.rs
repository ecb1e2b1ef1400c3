//! The API key that a request shows: `Authorization: Bearer rk_…`.

use axum::http::{HeaderMap, header};

/// What a request shows as its key, whatever it is; none where it shows none.
pub(crate) fn read_bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check(value: &'static str, key: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static(value));

        assert_eq!(read_bearer(&headers), key, "{value}");
    }

    #[test]
    fn the_scheme_is_told_in_any_case() {
        check("Bearer rk_1", Some("rk_1"));
        check("bearer  rk_1", Some("rk_1"));
        check("Bearer ", Some(""));
    }

    #[test]
    fn another_scheme_shows_no_key() {
        for value in ["", "Bearer", "Basic d2tfMTo=", "rk_1"] {
            check(value, None);
        }
        assert_eq!(read_bearer(&HeaderMap::new()), None);
    }
}

//! The cookie that holds a session's token: out of reach of scripts, and not sent along with
//! changes that another site's page starts.

use axum::http::{HeaderMap, HeaderValue, header};
use rapport_store::sessions::SessionToken;

use crate::session::COOKIE;

/// Half a year. The session itself ends earlier when it is not used; see [`crate::session::IDLE`].
const MAX_AGE_SECONDS: u64 = 180 * 24 * 3600;

/// The token that a request brings.
pub(crate) fn read_cookie(headers: &HeaderMap) -> Option<SessionToken> {
    find(headers).and_then(|value| value.parse().ok())
}

/// Whether a request brings the cookie, even one that holds no token.
pub(crate) fn has_cookie(headers: &HeaderMap) -> bool {
    find(headers).is_some()
}

fn find(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

/// The header that hands a token to the browser.
pub(crate) fn write_cookie(token: &SessionToken, is_https: bool) -> HeaderValue {
    header_value(&token.to_string(), MAX_AGE_SECONDS, is_https)
}

/// The header that makes the browser forget its token.
pub(crate) fn clear_cookie(is_https: bool) -> HeaderValue {
    header_value("", 0, is_https)
}

fn header_value(value: &str, max_age_seconds: u64, is_https: bool) -> HeaderValue {
    let secure = if is_https { "; Secure" } else { "" };
    let text = format!(
        "{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_seconds}{secure}"
    );
    HeaderValue::from_str(&text).expect("a token is hexadecimal text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let token = SessionToken::generate();
        let mut headers = HeaderMap::new();
        let line = format!("theme=dark; {COOKIE}={token}; other=1");
        headers.insert(header::COOKIE, line.parse().unwrap());

        assert_eq!(read_cookie(&headers), Some(token));
    }

    #[test]
    fn only_an_https_cookie_is_secure() {
        let token = SessionToken::generate();

        let plain = write_cookie(&token, false);
        let secure = write_cookie(&token, true);

        for value in [&plain, &secure] {
            let text = value.to_str().unwrap();
            assert!(
                text.contains("HttpOnly") && text.contains("SameSite=Lax"),
                "{text}"
            );
        }
        assert!(!plain.to_str().unwrap().contains("Secure"));
        assert!(secure.to_str().unwrap().ends_with("; Secure"));
    }
}

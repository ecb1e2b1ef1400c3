//! Access tokens of OAuth 2.0: one that has run out is fetched anew by its refresh token (RFC 6749,
//! section 6) at the provider's token endpoint, always over HTTPS.
//!
//! How an account is connected in the first place, in a browser, is the provider's page and not ours: whoever
//! sets a mailbox up brings the refresh token.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Method, Request, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use url::Url;

use crate::outside::server_name;
use crate::{MailboxError, Outside, Secret};

/// The longest answer of an endpoint.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// How long a token lasts whose endpoint does not say so.
const LASTS_SECONDS: i64 = 3_600;
/// What is left of a reason; it stands in lists.
const REASON_CHARS_MAX: usize = 300;

/// What access tokens are fetched with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshGrant {
    /// The provider's token endpoint, beginning with `https://`.
    pub endpoint: String,
    /// Which program asks, as the provider calls it.
    pub client_id: String,
    /// What proves that; none of public clients.
    pub client_secret: Option<Secret>,
    /// The refresh token.
    pub refresh_token: Secret,
}

/// What a provider gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// The access token.
    pub access_token: Secret,
    /// When it runs out.
    pub expires_at: DateTime<Utc>,
    /// Another refresh token, in the place of the one that was shown: that one may be void from now on, so
    /// keep this before the access token is used.
    pub refresh_token: Option<Secret>,
}

/// Fetches an access token. `now` is when it is asked, `patience` how long the endpoint may take.
///
/// # Errors
/// [`MailboxError::Token`] where the provider refuses for good, [`MailboxError::TokenEndpoint`] where it does
/// not answer as it should; [`MailboxError::BadHost`] of an endpoint that is no address of HTTPS; those of
/// connections.
pub async fn refresh(
    outside: &Outside,
    grant: &RefreshGrant,
    now: DateTime<Utc>,
    patience: Duration,
) -> Result<Tokens, MailboxError> {
    let answer = tokio::time::timeout(patience, post(outside, grant)).await;
    let (code, body) = answer.map_err(|_| MailboxError::Silent {
        seconds: patience.as_secs(),
    })??;
    read(code, &body, now)
}

/// Posts the grant and returns status and body.
async fn post(outside: &Outside, grant: &RefreshGrant) -> Result<(u16, Bytes), MailboxError> {
    let bad = || MailboxError::BadHost {
        host: grant.endpoint.clone(),
    };
    let url = Url::parse(&grant.endpoint).map_err(|_| bad())?;
    let host = url
        .host_str()
        .filter(|_| url.scheme() == "https")
        .ok_or_else(bad)?;
    // Addresses of IPv6 stand in brackets there.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let stream = outside.connect(host, url.port().unwrap_or(443)).await?;
    let stream = outside.encrypt(server_name(host)?, stream).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(broke)?;
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let request = Request::builder()
        .method(Method::POST)
        .uri(target)
        .header(
            header::HOST,
            &url[url::Position::BeforeHost..url::Position::AfterPort],
        )
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(Full::new(Bytes::from(form(grant))))
        .map_err(|_| bad())?;
    let exchange = async {
        let response = sender.send_request(request).await.map_err(broke)?;
        let code = response.status().as_u16();
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX)
            .collect()
            .await;
        let body =
            body.map_err(|error| endpoint(&format!("its answer cannot be read: {error}")))?;
        Ok((code, body.to_bytes()))
    };
    // The connection moves the bytes.
    let mut connection = std::pin::pin!(connection);
    let mut exchange = std::pin::pin!(exchange);
    tokio::select! {
        answer = &mut exchange => answer,
        ended = &mut connection => match ended {
            Err(error) => Err(broke(error)),
            Ok(()) => exchange.await,
        }
    }
}

fn form(grant: &RefreshGrant) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "refresh_token")
        .append_pair("refresh_token", grant.refresh_token.expose())
        .append_pair("client_id", &grant.client_id);
    if let Some(secret) = &grant.client_secret {
        form.append_pair("client_secret", secret.expose());
    }
    form.finish()
}

fn broke(error: hyper::Error) -> MailboxError {
    endpoint(&format!("the connection broke: {error}"))
}

fn endpoint(reason: &str) -> MailboxError {
    MailboxError::TokenEndpoint {
        reason: reason.to_owned(),
    }
}

/// Reads what an endpoint answers (RFC 6749, sections 5.1 and 5.2).
fn read(code: u16, body: &[u8], now: DateTime<Utc>) -> Result<Tokens, MailboxError> {
    let told: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| told.get(name).and_then(Value::as_str);
    if code == 200 {
        let Some(access_token) = text("access_token").filter(|it| !it.is_empty()) else {
            return Err(endpoint("there is no access token in its answer"));
        };
        let seconds = match told.get("expires_in") {
            // Some write the number between quotes.
            Some(Value::String(seconds)) => seconds.parse().ok(),
            Some(seconds) => seconds.as_i64(),
            None => None,
        };
        let lasts = seconds.filter(|it| (1..=86_400 * 366).contains(it));
        return Ok(Tokens {
            access_token: Secret::new(access_token.to_owned()),
            expires_at: now + TimeDelta::seconds(lasts.unwrap_or(LASTS_SECONDS)),
            refresh_token: text("refresh_token")
                .filter(|it| !it.is_empty())
                .map(|it| Secret::new(it.to_owned())),
        });
    }
    let said = [text("error"), text("error_description")];
    let said: Vec<&str> = said.into_iter().flatten().collect();
    let said = said.join(": ").replace(char::is_control, " ");
    let said: String = said.chars().take(REASON_CHARS_MAX).collect();
    match code {
        // The grant or the client is refused, and will be again.
        400 | 401 | 403 if !said.is_empty() => Err(MailboxError::Token { reason: said }),
        _ if said.is_empty() => Err(endpoint(&format!("it answers {code}"))),
        _ => Err(endpoint(&format!("it answers {code}: {said}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_860_000, 0).unwrap();

    fn answer(code: u16, body: &str) -> Result<Tokens, MailboxError> {
        read(code, body.as_bytes(), NOW)
    }

    #[test]
    fn a_token_lasts_as_long_as_the_endpoint_says_or_else_an_hour() {
        let seconds = |body: &str| {
            let tokens = answer(200, body).unwrap();
            (tokens.expires_at - NOW).num_seconds()
        };

        assert_eq!(
            seconds("{\"access_token\":\"a\",\"expires_in\":3599}"),
            3_599
        );
        assert_eq!(
            seconds("{\"access_token\":\"a\",\"expires_in\":\"60\"}"),
            60
        );
        assert_eq!(seconds("{\"access_token\":\"a\"}"), 3_600);
        assert_eq!(seconds("{\"access_token\":\"a\",\"expires_in\":-5}"), 3_600);
    }

    #[test]
    fn another_refresh_token_is_handed_on_and_no_token_is_shown() {
        let tokens = answer(200, "{\"access_token\":\"acc\",\"refresh_token\":\"ref\"}").unwrap();

        assert_eq!(tokens.refresh_token, Some(Secret::new("ref".to_owned())));
        let shown = format!("{tokens:?}");
        assert!(
            !shown.contains("acc\"") && !shown.contains("ref\""),
            "{shown}"
        );
    }

    #[test]
    fn what_is_refused_for_good_is_told_from_what_may_pass() {
        let code = |status, body: &str| answer(status, body).unwrap_err().code();

        let gone = "{\"error\":\"invalid_grant\",\"error_description\":\"revoked\\nby its owner\"}";
        assert_eq!(code(400, gone), "token");
        assert_eq!(
            answer(400, gone).unwrap_err().reason(),
            "invalid_grant: revoked by its owner"
        );
        assert_eq!(code(503, "<html>busy</html>"), "token_endpoint");
        assert_eq!(code(400, "what?"), "token_endpoint");
        assert_eq!(code(200, "{\"token_type\":\"bearer\"}"), "token_endpoint");
        assert_eq!(code(302, ""), "token_endpoint");
    }
}

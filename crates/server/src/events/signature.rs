//! Signatures of deliveries (standardwebhooks.com): where a source has a secret, whatever it sends must
//! be signed with it, lately, and comes once.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac as _;
use rapport_domain::Timestamp;
use rapport_store::sources::Source;
use rapport_store::{StoreError, events, source_secrets};

use crate::error::{ApiError, ApiResult};
use crate::signing::{ID, SIGNATURE, TIMESTAMP, VERSION, mac};
use crate::state::AppState;

/// Seconds that a signature may be old, or ahead.
const TOLERANCE_SECONDS: i64 = 300;
/// Most signatures of one body that are looked at; two are usual while a secret is changed.
const SIGNATURES_MAX: usize = 10;
/// Longest key of a delivery, in bytes.
const ID_BYTES_MAX: usize = 255;

/// Checks the signature of a body, where its source has a secret, and returns the delivery's key.
pub(super) async fn check(
    app: &AppState,
    source: &Source,
    headers: &HeaderMap,
    body: &Bytes,
) -> ApiResult<Option<String>> {
    let Some(secret) = source_secrets::find(app.system(), source.id).await? else {
        return Ok(None);
    };
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(id), Some(at), Some(signatures)) = (text(ID), text(TIMESTAMP), text(SIGNATURE))
    else {
        let detail = "sign the body: webhook-id, webhook-timestamp and webhook-signature";
        return Err(refused(detail));
    };
    if id.is_empty() || id.len() > ID_BYTES_MAX {
        return Err(refused("webhook-id has 1 to 255 characters"));
    }
    if !is_recent(at, app.now()) {
        let detail = "webhook-timestamp is more than five minutes off; sign the body anew";
        return Err(refused(detail));
    }
    if !is_signed(secret.as_bytes(), id, at, body, signatures) {
        return Err(refused("webhook-signature is not that of this body"));
    }
    if events::is_delivered(app.system(), source.id, id, app.now()).await? {
        return Err(StoreError::AlreadyDelivered.into());
    }
    Ok(Some(id.to_owned()))
}

/// What a signature does not cover: whoever sees one signed body could send other events under it.
pub(super) fn not_covered() -> ApiError {
    let detail = "a signature covers the body only; this source signs, so send its events in the \
                  body, not in the address or in ce- headers";
    ApiError::new(StatusCode::BAD_REQUEST, "not_covered_by_signature", detail)
}

fn refused(detail: &str) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "bad_signature", detail)
}

fn is_recent(at: &str, now: Timestamp) -> bool {
    let Ok(seconds) = at.parse::<i64>() else {
        return false;
    };
    let now = now.as_micros() / 1_000_000;
    now.abs_diff(seconds) <= TOLERANCE_SECONDS.unsigned_abs()
}

/// Whether one of the signatures is that of the body; there are several while a secret is changed.
fn is_signed(secret: &[u8], id: &str, at: &str, body: &[u8], signatures: &str) -> bool {
    let mac = mac(secret, id, at, body);
    let of_ours = signatures
        .split(' ')
        .filter_map(|it| it.strip_prefix(VERSION))
        .take(SIGNATURES_MAX);
    of_ours
        .filter_map(|signature| STANDARD.decode(signature).ok())
        .any(|signature| mac.clone().verify_slice(&signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference libraries.
    #[test]
    fn the_signature_of_the_reference_is_ours() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let (id, at) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330");
        let body = br#"{"test": 2432232314}"#;
        let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

        assert!(is_signed(&secret, id, at, body, signature));
        let several = format!("v1a,AAAA v1,AAAA {signature}");
        assert!(is_signed(&secret, id, at, body, &several));
        assert!(!is_signed(&secret, id, at, b"{}", signature));
        assert!(!is_signed(&secret, "msg_2", at, body, signature));
        assert!(!is_signed(b"other", id, at, body, signature));
        assert!(!is_signed(&secret, id, at, body, ""));
    }

    #[test]
    fn a_signature_is_recent_for_five_minutes_on_both_sides() {
        let now = Timestamp::from_micros(1_000_000_000);
        for (seconds, is_fine) in [(1_000, true), (700, true), (699, false), (1_301, false)] {
            assert_eq!(is_recent(&seconds.to_string(), now), is_fine, "{seconds}");
        }
        assert!(!is_recent("soon", now));
    }
}

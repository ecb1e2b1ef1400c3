//! Signatures of Standard Webhooks (standardwebhooks.com), of what comes in and of what goes out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The header that names the event, the same at each try.
pub(crate) const ID: &str = "webhook-id";
/// The header with the instant of the try, in seconds of Unix time.
pub(crate) const TIMESTAMP: &str = "webhook-timestamp";
/// The header with the signatures, spaces between them.
pub(crate) const SIGNATURE: &str = "webhook-signature";
/// The version of signatures that is made with a shared secret.
pub(crate) const VERSION: &str = "v1,";

/// The code over id, instant and body, to be finished or compared.
pub(crate) fn mac(secret: &[u8], id: &str, at: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length is a key");
    for part in [id.as_bytes(), b".", at.as_bytes(), b".", body] {
        mac.update(part);
    }
    mac
}

/// The signatures of a body, one for each secret.
pub(crate) fn sign<'s>(
    secrets: impl IntoIterator<Item = &'s [u8]>,
    id: &str,
    at: &str,
    body: &[u8],
) -> String {
    let signatures = secrets.into_iter().map(|secret| {
        let code = mac(secret, id, at, body).finalize().into_bytes();
        format!("{VERSION}{}", STANDARD.encode(code))
    });
    signatures.collect::<Vec<_>>().join(" ")
}

/// A secret as libraries of Standard Webhooks take it.
pub(crate) fn write_secret(secret: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
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

        let signed = sign([&secret[..]], id, at, body);

        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn two_secrets_make_two_signatures() {
        let [new, old] = [&b"new"[..], &b"old"[..]];
        let one = |secret| sign([secret], "msg_1", "1", b"{}");

        let both = sign([new, old], "msg_1", "1", b"{}");

        assert_eq!(both, format!("{} {}", one(new), one(old)));
    }
}

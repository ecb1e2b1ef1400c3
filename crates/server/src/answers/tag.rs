//! Entity tags of records: the version, by which a record is changed, and a digest of the answer, which
//! changes with what is not of the record itself, such as the name of its company, and with what the
//! caller sees of it.

use axum::http::HeaderValue;
use sha2::{Digest as _, Sha256};

/// Digits of the digest.
const N_BYTES: usize = 8;

/// The tag of an answer with a record: the digest, after the version where the record has one, which is
/// its tag by itself.
pub(super) fn tag_of(version: Option<&HeaderValue>, body: &[u8]) -> HeaderValue {
    let version = version.and_then(|version| version.to_str().ok());
    let version = version.and_then(|it| it.strip_prefix('"')?.strip_suffix('"'));
    let version = version.map_or_else(String::new, |version| format!("{version}-"));
    let digest = Sha256::digest(body);
    let digest: String = digest
        .iter()
        .take(N_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{version}{digest}\"");
    HeaderValue::try_from(tag).expect("a version and digits may stand in a header")
}

/// Whether a caller has what bears this tag, by `If-None-Match`. A proxy that compresses weakens tags.
pub(super) fn is_known(if_none_match: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(known), Ok(tag)) = (if_none_match.to_str(), tag.to_str()) else {
        return false;
    };
    let mut known = known.split(',').map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_in_all_its_forms() {
        let version = HeaderValue::from_static("\"3\"");
        let tag = tag_of(Some(&version), b"{}");
        let text = tag.to_str().unwrap().to_owned();

        assert!(text.starts_with("\"3-") && text.len() == 2 + 2 + 2 * N_BYTES);
        for known in [
            text.clone(),
            format!("W/{text}"),
            format!("\"2\", {text}"),
            "*".to_owned(),
        ] {
            assert!(
                is_known(&HeaderValue::from_str(&known).unwrap(), &tag),
                "{known}"
            );
        }
        assert!(!is_known(&HeaderValue::from_static("\"3\""), &tag));
        assert_ne!(tag_of(Some(&version), b"[]"), tag);
        let bare = tag_of(None, b"{}");
        assert_eq!(bare.to_str().unwrap().len(), 2 + 2 * N_BYTES);
    }
}

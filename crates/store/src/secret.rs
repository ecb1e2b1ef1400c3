//! Secrets that are shown once: drawn from the operating system's randomness, kept as hashes only.

use argon2::password_hash::phc::Salt;
use futures::FutureExt as _;
use rapport_domain::{AuditAction, Timestamp};
use sea_orm::ConnectionTrait as _;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::audit::{self, Audited};
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// The digits of base 32 (RFC 4648), in lower case.
pub(crate) const BASE_32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Random bytes.
pub(crate) fn draw<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    for part in bytes.chunks_mut(16) {
        // A salt is 16 bytes of that randomness, and at hand.
        part.copy_from_slice(&Salt::generate()[..part.len()]);
    }
    bytes
}

/// What is kept of a secret. It is drawn from at least 2^128, so that a plain hash says nothing of it.
pub(crate) fn hash(secret: &[u8]) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

/// Bytes as text in base 32, without padding.
pub(crate) fn to_base_32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut waiting, mut n_bits) = (0_u32, 0);
    for &byte in bytes {
        waiting = (waiting << 8) | u32::from(byte);
        n_bits += 8;
        while n_bits >= 5 {
            n_bits -= 5;
            text.push(digit(waiting >> n_bits));
        }
    }
    if n_bits > 0 {
        text.push(digit(waiting << (5 - n_bits)));
    }
    text
}

fn digit(bits: u32) -> char {
    char::from(BASE_32[(bits & 31) as usize])
}

/// Revokes a secret of a table for good; one that is revoked stays so from the first time on.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such row.
pub(crate) async fn revoke<E: Audited>(
    store: &Store,
    object: &'static str,
    id: impl Into<Uuid>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (id, table) = (id.into(), E::default().table_name().to_owned());
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let text =
                    format!("UPDATE {table} SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?");
                let backend = tx.get_database_backend();
                let before = audit::before::<E>(tx, &lens, id).await?;
                let revoke = Sql::of(backend, &text, [sql::at(now), sql::id(id)]);
                match revoke.execute(tx).await? {
                    0 => Err(StoreError::not_found(object, id)),
                    _ => audit::changed_by::<E>(tx, &lens, AuditAction::Revoked, before).await,
                }
            }
            .boxed()
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_32_is_that_of_rfc_4648() {
        // Section 10, in lower case and without padding.
        for (bytes, text) in [
            ("", ""),
            ("f", "my"),
            ("fo", "mzxq"),
            ("foo", "mzxw6"),
            ("foob", "mzxw6yq"),
            ("fooba", "mzxw6ytb"),
            ("foobar", "mzxw6ytboi"),
        ] {
            assert_eq!(to_base_32(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn nothing_is_drawn_twice_whatever_the_length() {
        assert_ne!(draw::<5>(), draw::<5>());
        let long: [u8; 32] = draw();
        assert_ne!(long[..16], long[16..]);
    }
}

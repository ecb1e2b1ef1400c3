//! Secrets that a source signs its deliveries with. A signature is checked with the secret itself, so
//! that it is kept as it is, unlike a key.

use std::fmt;

use argon2::password_hash::phc::Salt;
use futures::FutureExt as _;
use rapport_domain::{AuditAction, AuditObject, SourceId, Timestamp};
use sea_orm::ConnectionTrait as _;
use serde_json::Value as Json;

use crate::audit::Draft;
use crate::imports::ColumnChange;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, audit};

/// A secret: 32 random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct SourceSecret(Vec<u8>);

impl SourceSecret {
    /// A secret from the operating system's randomness.
    pub fn generate() -> Self {
        // A salt is 16 bytes of that randomness, and at hand.
        let halves = [Salt::generate(), Salt::generate()];
        Self(halves.iter().flat_map(|half| half.to_vec()).collect())
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SourceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceSecret(..)")
    }
}

/// Gives a source a secret, in the place of the one that it has. From now on what it sends must be
/// signed.
///
/// # Errors
/// [`StoreError::BrokenReference`] where there is no such source.
pub async fn set(
    store: &Store,
    source: SourceId,
    secret: &SourceSecret,
    now: Timestamp,
) -> Result<(), StoreError> {
    let secret = secret.0.clone();
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let text = "INSERT INTO source_secrets (source_id, secret, created_at) \
                            VALUES (?, ?, ?) ON CONFLICT (source_id) DO UPDATE SET \
                            secret = excluded.secret, created_at = excluded.created_at";
                let values = [sql::id(source), secret.into(), sql::at(now)];
                Sql::of(tx.get_database_backend(), text, values)
                    .execute(tx)
                    .await?;
                let draft = Draft::of(AuditAction::Updated, AuditObject::Source, source);
                audit::write(tx, &lens, vec![draft.with(signs(true))]).await
            }
            .boxed()
        })
        .await
}

/// Takes a source's secret away; what it sends needs no signature then.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn remove(store: &Store, source: SourceId) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let text = "DELETE FROM source_secrets WHERE source_id = ?";
                let removed = Sql::of(tx.get_database_backend(), text, [sql::id(source)])
                    .execute(tx)
                    .await?;
                if removed == 0 {
                    return Ok(());
                }
                let draft = Draft::of(AuditAction::Updated, AuditObject::Source, source);
                audit::write(tx, &lens, vec![draft.with(signs(false))]).await
            }
            .boxed()
        })
        .await
}

/// What the audit tells of a secret: that there is a new one, or none any more.
fn signs(now: bool) -> Vec<ColumnChange> {
    vec![ColumnChange {
        column: "signing_secret".to_owned(),
        before: if now { Json::Null } else { "set".into() },
        after: if now { "set".into() } else { Json::Null },
    }]
}

/// The secret of a source, where it has one.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, source: SourceId) -> Result<Option<SourceSecret>, StoreError> {
    let text = "SELECT secret FROM source_secrets WHERE source_id = ?";
    let row = Sql::of(store.backend(), text, [sql::id(source)])
        .one(store.reader())
        .await?;
    let secret = row.map(|row| row.try_get("", "secret")).transpose()?;
    Ok(secret.map(SourceSecret))
}

//! Feature snapshots: the tables of features that models and segmentations were made from.

use rapport_domain::Timestamp;
use sea_orm::{DatabaseTransaction, EntityTrait as _};

use crate::entities::feature_snapshot;
use crate::{Store, StoreError, bulk, codec};

/// A stored table of features.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureSnapshot {
    /// Path of the file, relative to the data directory.
    pub path: String,
    /// The instant that the features know up to.
    pub as_of: Timestamp,
    /// Fingerprint of definitions and data.
    pub fingerprint: String,
    /// Rows.
    pub n_customers: u64,
    /// Columns.
    pub n_features: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<FeatureSnapshot> for feature_snapshot::Model {
    fn from(snapshot: FeatureSnapshot) -> Self {
        Self {
            path: snapshot.path,
            as_of: snapshot.as_of.as_micros(),
            fingerprint: snapshot.fingerprint,
            n_customers: codec::signed(snapshot.n_customers),
            n_features: codec::signed(snapshot.n_features),
            created_at: snapshot.created_at.as_micros(),
        }
    }
}

/// Registers a snapshot; one of the same path is replaced.
pub(crate) async fn save_in(
    tx: &DatabaseTransaction,
    snapshot: FeatureSnapshot,
) -> Result<(), StoreError> {
    const REPLACE: &str = "ON CONFLICT (path) DO UPDATE SET as_of = excluded.as_of, \
        fingerprint = excluded.fingerprint, n_customers = excluded.n_customers, \
        n_features = excluded.n_features, created_at = excluded.created_at";
    bulk::insert::<feature_snapshot::Entity>(tx, vec![snapshot.into()], REPLACE).await?;
    Ok(())
}

/// The snapshot of a path.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, path: &str) -> Result<Option<FeatureSnapshot>, StoreError> {
    let row = feature_snapshot::Entity::find_by_id(path.to_owned())
        .one(store.reader())
        .await?;
    Ok(row.map(|row| FeatureSnapshot {
        path: row.path,
        as_of: Timestamp::from_micros(row.as_of),
        fingerprint: row.fingerprint,
        n_customers: codec::unsigned(row.n_customers),
        n_features: codec::unsigned(row.n_features),
        created_at: Timestamp::from_micros(row.created_at),
    }))
}

/// Paths of all snapshots that are registered.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_paths(store: &Store) -> Result<Vec<String>, StoreError> {
    let rows = feature_snapshot::Entity::find().all(store.reader()).await?;
    Ok(rows.into_iter().map(|row| row.path).collect())
}

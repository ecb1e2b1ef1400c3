//! Feature snapshots: the tables of features that models and segmentations were made from.

use futures::FutureExt as _;
use rapport_domain::Timestamp;
use sea_orm::{EntityTrait as _, QueryOrder as _};

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

impl From<feature_snapshot::Model> for FeatureSnapshot {
    fn from(row: feature_snapshot::Model) -> Self {
        Self {
            path: row.path,
            as_of: Timestamp::from_micros(row.as_of),
            fingerprint: row.fingerprint,
            n_customers: codec::unsigned(row.n_customers),
            n_features: codec::unsigned(row.n_features),
            created_at: Timestamp::from_micros(row.created_at),
        }
    }
}

/// Registers a snapshot; one of the same path is replaced.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn save(store: &Store, snapshot: FeatureSnapshot) -> Result<(), StoreError> {
    const REPLACE: &str = "ON CONFLICT (path) DO UPDATE SET as_of = excluded.as_of, \
        fingerprint = excluded.fingerprint, n_customers = excluded.n_customers, \
        n_features = excluded.n_features, created_at = excluded.created_at";
    let row = snapshot.into();
    store
        .write(move |tx| {
            async move { bulk::insert::<feature_snapshot::Entity>(tx, vec![row], REPLACE).await }
                .boxed()
        })
        .await?;
    Ok(())
}

/// Finds the snapshot that was made last.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_latest(store: &Store) -> Result<Option<FeatureSnapshot>, StoreError> {
    let row = feature_snapshot::Entity::find()
        .order_by_desc(feature_snapshot::Column::CreatedAt)
        .order_by_desc(feature_snapshot::Column::Path)
        .one(store.reader())
        .await?;
    Ok(row.map(FeatureSnapshot::from))
}

/// Finds a snapshot by its path.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, path: &str) -> Result<Option<FeatureSnapshot>, StoreError> {
    let row = feature_snapshot::Entity::find_by_id(path)
        .one(store.reader())
        .await?;
    Ok(row.map(FeatureSnapshot::from))
}

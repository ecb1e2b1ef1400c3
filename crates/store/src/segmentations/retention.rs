//! Which segmentations stay: each has a row for every customer, and each training makes one.

use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use crate::StoreError;
use crate::sql::Sql;

/// The newest segmentations stay, whatever became of them.
const N_NEWEST: u64 = 20;
/// Segmentations that go at once at most, so that a publication takes no longer than it must.
const N_AT_ONCE: u64 = 2;

/// Deletes archived segmentations that are neither among the newest nor the latest of their model, which
/// a roll-back shows again; then the feature snapshots that nothing refers to any more.
pub(super) async fn delete_old_in(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    let text = format!(
        "DELETE FROM segmentations WHERE id IN (SELECT s.id FROM segmentations s \
         WHERE s.status = 'archived' \
         AND s.id NOT IN (SELECT n.id FROM segmentations n \
             ORDER BY n.created_at DESC, n.id DESC LIMIT {N_NEWEST}) \
         AND EXISTS (SELECT 1 FROM segmentations l WHERE l.model_id = s.model_id \
             AND (l.created_at > s.created_at OR (l.created_at = s.created_at AND l.id > s.id))) \
         ORDER BY s.created_at, s.id LIMIT {N_AT_ONCE})"
    );
    Sql::of(backend, &text, []).execute(tx).await?;
    let text = "DELETE FROM feature_snapshots WHERE \
        NOT EXISTS (SELECT 1 FROM segmentations s WHERE s.snapshot = feature_snapshots.path) \
        AND NOT EXISTS (SELECT 1 FROM scores c WHERE c.snapshot = feature_snapshots.path)";
    Sql::of(backend, text, []).execute(tx).await?;
    Ok(())
}

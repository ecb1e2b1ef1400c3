//! Orphans: files that a crash left without a catalogue row.

use std::collections::HashSet;
use std::time::Duration;

use futures::TryStreamExt;
use object_store::ObjectStoreExt;
use rapport_domain::Timestamp;

use crate::{Lake, LakeError, Segment};

impl Lake {
    /// Deletes files that no segment of `known` names and that are older than an age, and tells how
    /// many. The age spares files that somebody is writing at this moment.
    ///
    /// # Errors
    /// [`LakeError::Store`] where the files cannot be listed or deleted.
    pub async fn sweep(
        &self,
        known: &[Segment],
        older_than: Duration,
        now: Timestamp,
    ) -> Result<u64, LakeError> {
        let known: HashSet<_> = known
            .iter()
            .map(|segment| self.location.path_of(&segment.path))
            .collect();
        let age = i64::try_from(older_than.as_secs()).unwrap_or(i64::MAX);
        let newest = now.plus_seconds(-age);
        let files: Vec<_> = self
            .store
            .list(self.location.root().as_ref())
            .try_collect()
            .await?;
        let mut n_swept = 0;
        for file in files {
            let is_ours = file.location.as_ref().ends_with(".parquet")
                || file.location.as_ref().ends_with(".parquet.part");
            let is_old = Timestamp::from(file.last_modified) <= newest;
            if is_ours && is_old && !known.contains(&file.location) {
                self.store.delete(&file.location).await?;
                n_swept += 1;
            }
        }
        Ok(n_swept)
    }
}

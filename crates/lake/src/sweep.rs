//! Orphans: files that a crash left without a catalogue row.

use std::collections::HashSet;
use std::time::Duration;

use futures::TryStreamExt;
use object_store::ObjectStoreExt;
use rapport_domain::Timestamp;
use uuid::Uuid;

use crate::{Lake, LakeError, Segment};

impl Lake {
    /// Deletes event files that no segment of `known` names and that are older than an age, and tells
    /// how many. The age spares files that somebody is writing at this moment. Files that are not
    /// named as ours are somebody else's and stay.
    ///
    /// # Errors
    /// [`LakeError::Store`] where the files cannot be listed or deleted.
    pub async fn sweep(
        &self,
        known: &[Segment],
        older_than: Duration,
        now: Timestamp,
    ) -> Result<u64, LakeError> {
        let known: HashSet<&str> = known.iter().map(|segment| segment.path.as_str()).collect();
        let age = i64::try_from(older_than.as_secs()).unwrap_or(i64::MAX);
        let newest = now.plus_seconds(-age);
        let root = self.location.root();
        let files: Vec<_> = self.store.list(root.as_ref()).try_collect().await?;
        let below_root = root.map_or_else(String::new, |root| format!("{root}/"));
        let mut n_swept = 0;
        for file in files {
            let Some(path) = file.location.as_ref().strip_prefix(&below_root) else {
                continue;
            };
            let is_old = Timestamp::from(file.last_modified) <= newest;
            if is_ours(path) && is_old && !known.contains(path) {
                self.store.delete(&file.location).await?;
                n_swept += 1;
            }
        }
        Ok(n_swept)
    }
}

/// Whether a path below the root is one that this crate writes: `inbox/<uuid>.parquet` or
/// `month=YYYY-MM/bucket=NNN/<uuid>.parquet`, finished or not.
fn is_ours(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        ["inbox", file] => is_file_name(file),
        [month, bucket, file] => {
            let are_digits =
                |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            let is_month = month
                .strip_prefix("month=")
                .and_then(|month| month.split_once('-'))
                .is_some_and(|(year, month)| are_digits(year) && are_digits(month));
            let is_bucket = bucket.strip_prefix("bucket=").is_some_and(are_digits);
            is_month && is_bucket && is_file_name(file)
        }
        _ => false,
    }
}

fn is_file_name(name: &str) -> bool {
    let stem = name
        .strip_suffix(".parquet")
        .or_else(|| name.strip_suffix(".parquet.part"));
    stem.is_some_and(|stem| Uuid::try_parse(stem).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_our_own_pattern_are_ours() {
        let id = "0198a5c0-0000-7000-8000-000000000001";

        for path in [
            format!("inbox/{id}.parquet"),
            format!("inbox/{id}.parquet.part"),
            format!("month=2025-03/bucket=1023/{id}.parquet"),
        ] {
            assert!(is_ours(&path), "{path}");
        }
        for path in [
            format!("{id}.parquet"),
            format!("sales/{id}.parquet"),
            "inbox/sales.parquet".to_owned(),
            format!("month=2025-03/{id}.parquet"),
            format!("month=2025-03/store=7/{id}.parquet"),
            format!("old/month=2025-03/bucket=001/{id}.parquet"),
        ] {
            assert!(!is_ours(&path), "{path}");
        }
    }
}

//! What the catalogue knows of one file.

use rapport_domain::Timestamp;
use serde::{Deserialize, Serialize};

/// One file of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Path below the lake's root.
    pub path: String,
    /// Number of events.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
    /// Bucket of the customers in it; none before compaction.
    pub bucket: Option<u32>,
    /// Number of buckets that its month was divided into.
    pub n_buckets: Option<u32>,
    /// Earliest event.
    pub min_at: Timestamp,
    /// Latest event.
    pub max_at: Timestamp,
}

impl Segment {
    /// The last part of its path, which files of one merge share.
    pub(crate) fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether the customer's events may be in this file.
    pub fn may_hold(&self, customer: rapport_domain::ContactId) -> bool {
        match (self.bucket, self.n_buckets) {
            (Some(bucket), Some(n_buckets)) => {
                crate::bucket_of(Some(customer.as_uuid().as_bytes()), n_buckets) == bucket
            }
            _ => true,
        }
    }
}
